/* Where the store lives: machine and inode of the database file. */
#include "store/instance.h"

#include "base/os.h"

#define FACT "instance"

enum { PAUSE, RESUME };

const struct statement instance_statements[] = {
    [PAUSE] = { "instance.pause", "UPDATE connection SET paused_because = $1, changed_at = $2"
                                  " WHERE paused_because IS NULL AND kind <> 'bill'" },
    [RESUME] = { "instance.resume", "UPDATE connection SET paused_because = NULL, changed_at = $1"
                                    " WHERE paused_because IS NOT NULL" },
    { NULL, NULL },
};

static struct str instance_of_now(struct store *store, struct arena *a)
{
    uint64_t file = os_file_identity(arena_printf(a, "%s/stellion.db", store->directory));
    return str_of(
        arena_printf(a, "%.*s/%llu", STR_PRINT(store->machine), (unsigned long long)file));
}

enum status instance_check(struct store *store, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct str before, now = instance_of_now(store, &a);
    TRY(store_info_get(store->db, &a, FACT, &before, err));
    if (str_equal(before, now))
        return ST_OK;
    SCOPED(db_abandon) struct db *db = store->db;
    TRY(db_begin(db, SYNCED, err));
    if (before.at == NULL)
        TRY(store_info_set(db, FACT, now, err));
    else
        TRY(db_run(db, &instance_statements[PAUSE],
                   DB_VALUES(db_t(STR("the store was copied, restored or moved to another "
                                      "machine")),
                             db_i(store_now(store))),
                   NULL, err));
    return db_commit(db, err);
}

enum status instance_claim(struct store *store, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    SCOPED(db_abandon) struct db *db = store->db;
    TRY(db_begin(db, SYNCED, err));
    TRY(store_info_set(db, FACT, instance_of_now(store, &a), err));
    TRY(db_run(db, &instance_statements[RESUME], DB_VALUES(db_i(store_now(store))), NULL, err));
    return db_commit(db, err);
}
