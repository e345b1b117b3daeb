/* Lease rows. */
#include "store/leases.h"

#include "base/buf.h"
#include "base/moment.h"
#include "base/os.h"

enum { HOLDER, TAKE, RELEASE };

const struct statement lease_statements[] = {
    [HOLDER] = { "lease.holder", "SELECT owner, machine, taken_at, until_at FROM lease"
                                 " WHERE workspace_id = $1 AND name = $2" },
    [TAKE] = { "lease.take",
               "INSERT INTO lease (workspace_id, name, owner, machine, taken_at, until_at)"
               " VALUES ($1, $2, $3, $4, $5, $6)"
               " ON CONFLICT (workspace_id, name) DO UPDATE SET owner = excluded.owner,"
               " machine = excluded.machine, taken_at = excluded.taken_at,"
               " until_at = excluded.until_at" },
    [RELEASE] = { "lease.release",
                  "DELETE FROM lease WHERE workspace_id = $1 AND name = $2 AND owner = $3"
                  " AND machine = $4" },
    { NULL, NULL },
};

/* The mark of the process, ':', and which part of it. */
static struct str owner_of_now(struct store *store, struct arena *a, int64_t part)
{
    return str_of(arena_printf(a, "%.*s:%lld", STR_PRINT(store->process), (long long)part));
}

/* A lease ends with its time, or with its holder. One whose holder is known to live on this machine
 * does not end by time: it may have slept, and go on where it was. Another part of this process may
 * have left its lease behind, though. */
static bool is_over(struct store *store, struct str owner, struct str machine, int64_t until_ms)
{
    const char *colon = owner.len == 0 ? NULL : memrchr(owner.at, ':', owner.len);
    struct str process = { owner.at, colon != NULL ? (size_t)(colon - owner.at) : 0 };
    bool is_late = until_ms <= store_now(store);
    if (colon == NULL || !str_equal(machine, store->machine) || str_equal(process, store->process))
        return is_late;
    enum os_life life = os_process_life(process);
    return life == OS_GONE || (life == OS_UNTOLD && is_late);
}

static enum status say_busy(const struct db_cursor *row, const char *name, struct error *err)
{
    char since[32];
    struct str owner = db_text(row, 0), pid;
    (void)str_next(&owner, ':', &pid);
    fail(err, ST_BUSY, "%s is being done by process %.*s since %s", name, STR_PRINT(pid),
         moment_text(db_integer(row, 2), since));
    hint(err, "Wait until it is done, or stop that process; then run the command again.");
    return ST_BUSY;
}

/* ST_OK when the lease is free or ours. */
static enum status look(struct store *store, struct db *db, const char *name, struct str owner,
                        int64_t *ret_until_ms, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &lease_statements[HOLDER],
                 DB_VALUES(db_i(store->workspace_id), db_t(str_of(name))), &row, err));
    TRY(db_next(&row, &more, err));
    if (!more || str_equal(db_text(&row, 0), owner) ||
        is_over(store, db_text(&row, 0), db_text(&row, 1), db_integer(&row, 3)))
        return ST_OK;
    *ret_until_ms = db_integer(&row, 3);
    return say_busy(&row, name, err);
}

enum status lease_take(struct store *store, struct db *db, const char *name, int64_t owner_part,
                       int64_t ttl_ms, int64_t *ret_until_ms, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct str owner = owner_of_now(store, &a, owner_part);
    int64_t now = store_now(store), until = now + ttl_ms;
    if (ret_until_ms != NULL)
        *ret_until_ms = until;
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    enum status s = look(store, db, name, owner, &until, err);
    if (s == ST_OK)
        s = db_run(db, &lease_statements[TAKE],
                   DB_VALUES(db_i(store->workspace_id), db_t(str_of(name)), db_t(owner),
                             db_t(store->machine), db_i(now), db_i(until)),
                   NULL, err);
    if (s == ST_OK)
        s = db_commit(db, err);
    if (ret_until_ms != NULL)
        *ret_until_ms = until;
    return s;
}

enum status lease_release(struct store *store, struct db *db, const char *name, int64_t owner_part,
                          struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(db_run(db, &lease_statements[RELEASE],
               DB_VALUES(db_i(store->workspace_id), db_t(str_of(name)),
                         db_t(owner_of_now(store, &a, owner_part)), db_t(store->machine)),
               NULL, err));
    return db_commit(db, err);
}
