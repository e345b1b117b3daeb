/* Token rows and rescue files. */
#include "store/tokens.h"

#include "base/id.h"
#include "base/os.h"

#define RESCUE_BYTES 16384 /* of a sealed token; those of Ion are far shorter */

enum {
    ACCESS_LOAD,
    ACCESS_SAVE,
    ACCESS_FORGET,
    NEWEST,
    BORN,
    ADD,
    TAKE_BACK,
    ATTEMPTS,
    BEGIN,
    END,
};

const struct statement token_statements[] = {
    [ACCESS_LOAD] = { "access-token.load", "SELECT sealed, born_at, expires_at FROM access_token"
                                           " WHERE workspace_id = $1 AND connection_id = $2" },
    [ACCESS_SAVE] = { "access-token.save",
                      "INSERT INTO access_token (workspace_id, connection_id, sealed, born_at,"
                      " expires_at) VALUES ($1, $2, $3, $4, $5)"
                      " ON CONFLICT (workspace_id, connection_id) DO UPDATE"
                      " SET sealed = excluded.sealed, born_at = excluded.born_at,"
                      " expires_at = excluded.expires_at" },
    [ACCESS_FORGET] = { "access-token.forget", "DELETE FROM access_token WHERE workspace_id = $1"
                                               " AND connection_id = $2" },
    [NEWEST] = { "refresh-token.newest", "SELECT generation, sealed, born_at FROM refresh_token"
                                         " WHERE workspace_id = $1 AND connection_id = $2"
                                         " ORDER BY generation DESC LIMIT 1" },
    [BORN] = { "refresh-token.born",
               "SELECT born_at FROM refresh_token WHERE workspace_id = $1 AND connection_id = $2"
               " ORDER BY generation DESC LIMIT 1" },
    [ADD] = { "refresh-token.add",
              "INSERT INTO refresh_token (workspace_id, connection_id, generation, sealed, origin,"
              " born_at) VALUES ($1, $2, $3, $4, $5, $6)" },
    [TAKE_BACK] = { "refresh-token.take-back",
                    "DELETE FROM refresh_token WHERE workspace_id = $1 AND connection_id = $2"
                    " AND origin = 'person' AND generation = (SELECT max(t.generation)"
                    " FROM refresh_token t WHERE t.workspace_id = $1 AND t.connection_id = $2)" },
    [ATTEMPTS] = { "refresh-attempt.unclear",
                   "SELECT outcome, begun_at FROM refresh_attempt WHERE workspace_id = $1"
                   " AND connection_id = $2 AND generation = $3"
                   " AND outcome IN ('open', 'unknown', 'failed') ORDER BY id" },
    [BEGIN] = { "refresh-attempt.begin",
                "INSERT INTO refresh_attempt (workspace_id, connection_id, id, generation,"
                " begun_at, outcome) VALUES ($1, $2, $3, $4, $5, 'open')" },
    [END] = { "refresh-attempt.end",
              "UPDATE refresh_attempt SET outcome = $4, ended_at = $5"
              " WHERE workspace_id = $1 AND connection_id = $2 AND id = $3" },
    { NULL, NULL },
};

static const char *access_identity(struct arena *a, int64_t connection_id)
{
    return arena_printf(a, "access-token/%lld", (long long)connection_id);
}

static const char *refresh_identity(struct arena *a, int64_t connection_id, int64_t generation)
{
    return arena_printf(a, "refresh-token/%lld/%lld", (long long)connection_id,
                        (long long)generation);
}

enum status access_load(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                        struct access_row *ret_row, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &token_statements[ACCESS_LOAD],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), &row, err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "no access token is stored");
    *ret_row = (struct access_row){ NULL, db_integer(&row, 1), db_integer(&row, 2) };
    return store_unseal(store, a, access_identity(a, connection_id), db_text(&row, 0),
                        &ret_row->token, err);
}

static enum status put_access(struct store *store, struct db *db, int64_t connection_id,
                              const struct access_row *row, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct str sealed = store_seal(store, &a, access_identity(&a, connection_id), row->token);
    return db_run(db, &token_statements[ACCESS_SAVE],
                  DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_b(sealed),
                            db_i(row->born_at), db_i(row->expires_at)),
                  NULL, err);
}

enum status access_save(struct store *store, struct db *db, int64_t connection_id,
                        const struct access_row *row, struct error *err)
{
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(put_access(store, db, connection_id, row, err));
    return db_commit(db, err);
}

enum status access_forget(struct store *store, struct db *db, int64_t connection_id,
                          struct error *err)
{
    return db_run(db, &token_statements[ACCESS_FORGET],
                  DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), NULL, err);
}

static enum status newest_generation(struct store *store, struct db *db, int64_t connection_id,
                                     int64_t *ret_generation, struct error *err)
{
    enum status s = db_one_integer(db, &token_statements[NEWEST],
                                   DB_VALUES(db_i(store->workspace_id), db_i(connection_id)),
                                   ret_generation, err);
    if (s != ST_NOT_FOUND)
        return s;
    *ret_generation = 0;
    return ST_OK;
}

static enum status add_generation(struct store *store, struct db *db, int64_t connection_id,
                                  int64_t generation, const struct secret *token,
                                  const char *origin, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct str sealed =
        store_seal(store, &a, refresh_identity(&a, connection_id, generation), token);
    return db_run(db, &token_statements[ADD],
                  DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_i(generation),
                            db_b(sealed), db_t(str_of(origin)), db_i(store_now(store))),
                  NULL, err);
}

enum status refresh_add(struct store *store, struct db *db, int64_t connection_id,
                        const struct secret *token, const char *origin, struct error *err)
{
    int64_t newest;
    TRY(newest_generation(store, db, connection_id, &newest, err));
    return add_generation(store, db, connection_id, newest + 1, token, origin, err);
}

enum status refresh_born(struct store *store, struct db *db, int64_t connection_id,
                         int64_t *ret_born_at, struct error *err)
{
    *ret_born_at = 0;
    enum status s =
        db_one_integer(db, &token_statements[BORN],
                       DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), ret_born_at, err);
    return s == ST_NOT_FOUND ? ST_OK : s;
}

enum status refresh_take_back(struct store *store, struct db *db, int64_t connection_id,
                              struct error *err)
{
    return db_run(db, &token_statements[TAKE_BACK],
                  DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), NULL, err);
}

static enum status read_newest(struct store *store, struct db *db, struct arena *a,
                               int64_t connection_id, struct refresh_row *row, struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    bool more;
    TRY(db_query(db, &token_statements[NEWEST],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), &cursor, err));
    TRY(db_next(&cursor, &more, err));
    if (!more)
        return ST_OK;
    row->generation = db_integer(&cursor, 0);
    row->born_at = db_integer(&cursor, 2);
    return store_unseal(store, a, refresh_identity(a, connection_id, row->generation),
                        db_text(&cursor, 1), &row->token, err);
}

static enum status read_attempts(struct store *store, struct db *db, int64_t connection_id,
                                 struct refresh_row *row, struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    TRY(db_query(db, &token_statements[ATTEMPTS],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_i(row->generation)),
                 &cursor, err));
    for (;;) {
        bool more;
        TRY(db_next(&cursor, &more, err));
        if (!more)
            return ST_OK;
        row->is_unclear = true;
        row->unclear_at = db_integer(&cursor, 1);
    }
}

static enum status take_in(struct store *store, struct db *db, struct str only, struct error *err);

enum status refresh_load(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                         struct refresh_row *ret_row, struct error *err)
{
    const char *mine = arena_printf(a, "%lld-", (long long)connection_id);
    enum status s = take_in(store, db, str_of(mine), err);
    if (s != ST_OK)
        return wrap(err, s, "a rotated token waits in %s/rescue and cannot be stored",
                    store->directory);
    struct refresh_row row = { .generation = 0 };
    TRY(read_newest(store, db, a, connection_id, &row, err));
    TRY(read_attempts(store, db, connection_id, &row, err));
    *ret_row = row;
    return ST_OK;
}

static const char *rescue_room(const struct store *store, struct arena *a, int64_t connection_id)
{
    return arena_printf(a, "%s/rescue/%lld.room", store->directory, (long long)connection_id);
}

static enum status reserve_rescue(const struct store *store, int64_t connection_id,
                                  struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    return os_reserve_file(rescue_room(store, &a, connection_id), RESCUE_BYTES, err);
}

enum status attempt_begin(struct store *store, struct db *db, int64_t connection_id,
                          int64_t generation, int64_t *ret_attempt, struct error *err)
{
    int64_t id = id_new(store->clock), newest;
    TRY(reserve_rescue(store, connection_id, err));
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(newest_generation(store, db, connection_id, &newest, err));
    if (newest != generation)
        return fail(err, ST_CONFLICT, "a newer token was stored in between; run the command again");
    TRY(db_run(db, &token_statements[BEGIN],
               DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_i(id), db_i(generation),
                         db_i(store_now(store))),
               NULL, err));
    TRY(db_commit(db, err));
    *ret_attempt = id;
    return ST_OK;
}

static enum status put_outcome(struct store *store, struct db *db, int64_t connection_id,
                               int64_t attempt, const char *outcome, struct error *err)
{
    return db_run(db, &token_statements[END],
                  DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_i(attempt),
                            db_t(str_of(outcome)), db_i(store_now(store))),
                  NULL, err);
}

enum status attempt_end(struct store *store, struct db *db, int64_t connection_id, int64_t attempt,
                        const char *outcome, struct error *err)
{
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(put_outcome(store, db, connection_id, attempt, outcome, err));
    return db_commit(db, err);
}

enum status tokens_keep(struct store *store, struct db *db, int64_t connection_id, int64_t attempt,
                        int64_t generation, const struct secret *refresh,
                        const struct access_row *access, struct error *err)
{
    int64_t newest;
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(newest_generation(store, db, connection_id, &newest, err));
    if (newest == generation) {
        TRY(add_generation(store, db, connection_id, generation + 1, refresh, "rotation", err));
        if (access->token != NULL)
            TRY(put_access(store, db, connection_id, access, err));
    }
    TRY(put_outcome(store, db, connection_id, attempt, "answered", err));
    return db_commit(db, err);
}

/* Rescue files: "<connection>-<generation that was used up>.token", made from "<connection>.room"
 */

enum status tokens_rescue(struct store *store, int64_t connection_id, int64_t generation,
                          const struct secret *refresh, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const char *name =
        arena_printf(&a, "%lld-%lld.token", (long long)connection_id, (long long)generation);
    struct str sealed = store_seal(store, &a, arena_printf(&a, "rescue/%s", name), refresh);
    const char *path = arena_printf(&a, "%s/rescue/%s", store->directory, name);
    if (os_fill_reserved_file(rescue_room(store, &a, connection_id), path, sealed, err) == ST_OK)
        return ST_OK;
    return os_write_file(path, sealed, err); /* too long for its place, or the place is gone */
}

static enum status take_in_one(struct store *store, struct db *db, const char *name,
                               struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const char *path = arena_printf(&a, "%s/rescue/%s", store->directory, name);
    struct str sealed, rest = str_of(name), id_text, generation_text;
    const struct secret *token;
    int64_t connection_id, generation, newest;
    (void)str_next(&rest, '-', &id_text);
    (void)str_next(&rest, '.', &generation_text);
    if (!str_integer(id_text, &connection_id) || !str_integer(generation_text, &generation))
        return ST_OK; /* not one of ours */
    TRY(os_read_file(&a, path, LIMIT_SMALL_FILE_BYTES / 4, &sealed, err));
    TRY(store_unseal(store, &a, arena_printf(&a, "rescue/%s", name), sealed, &token, err));
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(newest_generation(store, db, connection_id, &newest, err));
    if (newest == generation) /* else a newer one is there: a crash came after storing it */
        TRY(add_generation(store, db, connection_id, generation + 1, token, "rescue", err));
    TRY(db_commit(db, err));
    return os_remove_file(path, err);
}

/* Files whose name starts with `only`. */
static enum status take_in(struct store *store, struct db *db, struct str only, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const char *const *names;
    size_t n;
    TRY(os_list_directory(&a, arena_printf(&a, "%s/rescue", store->directory), ".token", &names, &n,
                          err));
    for (size_t i = 0; i < n; i++)
        if (str_starts(str_of(names[i]), arena_text(&a, only)))
            TRY(take_in_one(store, db, names[i], err));
    return ST_OK;
}

void tokens_take_in_rescued(struct store *store, struct db *db)
{
    struct error ignored;
    (void)take_in(store, db, STR(""), &ignored);
}
