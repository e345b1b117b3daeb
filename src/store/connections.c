/* Connection rows. */
#include "store/connections.h"

#include "base/buf.h"
#include "store/texts.h"

#define COLUMNS                                                                                    \
    "id, name, kind, environment, region, base_url, token_url, token_url_2, account_ref,"          \
    " client_id, state, state_reason, paused_because, created_at, changed_at"

enum {
    SAVE,
    FIND,
    LIST,
    REMOVE,
    REMOVE_SECRETS,
    REMOVE_ACCESS,
    REMOVE_REFRESH,
    REMOVE_ATTEMPTS,
    SECRET_SAVE,
    SECRET_LOAD,
};

const struct statement connection_statements[] = {
    [SAVE] = { "connection.save",
               "INSERT INTO connection (workspace_id, " COLUMNS ")"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
               " ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name,"
               " environment = excluded.environment, region = excluded.region,"
               " base_url = excluded.base_url, token_url = excluded.token_url,"
               " token_url_2 = excluded.token_url_2, account_ref = excluded.account_ref,"
               " client_id = excluded.client_id, state = excluded.state,"
               " state_reason = excluded.state_reason,"
               " paused_because = excluded.paused_because, changed_at = excluded.changed_at" },
    [FIND] = { "connection.find",
               "SELECT " COLUMNS " FROM connection WHERE workspace_id = $1 AND name = $2" },
    [LIST] = { "connection.list", "SELECT " COLUMNS " FROM connection WHERE workspace_id = $1"
                                  " AND (CAST($2 AS TEXT) = '' OR kind = $2) ORDER BY name" },
    [REMOVE] = { "connection.remove",
                 "DELETE FROM connection WHERE workspace_id = $1 AND id = $2" },
    [REMOVE_SECRETS] = { "connection.remove-secrets",
                         "DELETE FROM secret WHERE workspace_id = $1 AND connection_id = $2" },
    [REMOVE_ACCESS] = { "connection.remove-access-token",
                        "DELETE FROM access_token WHERE workspace_id = $1 AND connection_id = $2" },
    [REMOVE_REFRESH] = { "connection.remove-refresh-tokens",
                         "DELETE FROM refresh_token WHERE workspace_id = $1"
                         " AND connection_id = $2" },
    [REMOVE_ATTEMPTS] = { "connection.remove-attempts",
                          "DELETE FROM refresh_attempt WHERE workspace_id = $1"
                          " AND connection_id = $2" },
    [SECRET_SAVE] = { "secret.save",
                      "INSERT INTO secret (workspace_id, connection_id, name, sealed, changed_at)"
                      " VALUES ($1, $2, $3, $4, $5)"
                      " ON CONFLICT (workspace_id, connection_id, name)"
                      " DO UPDATE SET sealed = excluded.sealed, changed_at = excluded.changed_at" },
    [SECRET_LOAD] = { "secret.load",
                      "SELECT sealed FROM secret WHERE workspace_id = $1 AND connection_id = $2"
                      " AND name = $3" },
    { NULL, NULL },
};

enum status connection_save(struct store *store, struct db *db, const struct connection_row *row,
                            struct error *err)
{
    enum status s =
        db_run(db, &connection_statements[SAVE],
               DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_t(row->name), db_t(row->kind),
                         db_t(row->environment), db_t(row->region), db_t(row->base_url),
                         db_t(row->token_url), db_t(row->token_url_2), db_t(row->account_ref),
                         db_t(row->client_id), db_t(row->state), db_t(row->state_reason),
                         db_t(row->paused_because), db_i(row->created_at), db_i(row->changed_at)),
               NULL, err);
    if (s == ST_CONFLICT)
        return fail(err, ST_CONFLICT, "there is a connection named '%.*s' already",
                    STR_PRINT(row->name));
    return s;
}

static struct connection_row read_row(struct arena *a, const struct db_cursor *row)
{
    struct str text[13];
    for (int i = 0; i < 13; i++)
        text[i] = text_keep(a, db_text(row, i));
    return (struct connection_row){
        .id = db_integer(row, 0),
        .name = text[1],
        .kind = text[2],
        .environment = text[3],
        .region = text[4],
        .base_url = text[5],
        .token_url = text[6],
        .token_url_2 = text[7],
        .account_ref = text[8],
        .client_id = text[9],
        .state = text[10],
        .state_reason = text[11],
        .paused_because = text[12],
        .created_at = db_integer(row, 13),
        .changed_at = db_integer(row, 14),
    };
}

enum status connection_refuse_paused(const struct connection_row *row, struct error *err)
{
    if (row->paused_because.at == NULL)
        return ST_OK;
    fail(err, ST_PAUSED, "connection %.*s is paused: %.*s", STR_PRINT(row->name),
         STR_PRINT(row->paused_because));
    hint(err, "Two copies of a store must not use the same single-use token. If this copy is the "
              "one that goes on, run: stellion connections --claim");
    return ST_PAUSED;
}

enum status connection_list(struct store *store, struct db *db, struct arena *a, struct str kind,
                            const struct connection_row **ret_rows, size_t *ret_n_rows,
                            struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct connection_row *rows = NULL;
    TRY(db_query(db, &connection_statements[LIST],
                 DB_VALUES(db_i(store->workspace_id), db_t(kind.at == NULL ? STR("") : kind)), &row,
                 err));
    for (;;) {
        bool more;
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] = read_row(a, &row);
    }
    *ret_rows = rows;
    *ret_n_rows = n;
    return ST_OK;
}

static enum status say_which(struct store *store, struct db *db, struct arena *a, struct str name,
                             struct error *err)
{
    const struct connection_row *rows;
    size_t n;
    TRY(connection_list(store, db, a, STR_NONE, &rows, &n, err));
    SCOPED(buf_release) struct buf names = BUF(LIMIT_ERROR_HINT_BYTES / 2);
    for (size_t i = 0; i < n; i++)
        buf_printf(&names, "%s%.*s", i == 0 ? "" : ", ", STR_PRINT(rows[i].name));
    fail(err, ST_NOT_FOUND, "there is no connection '%.*s'", STR_PRINT(name));
    if (n == 0)
        hint(err, "There is none yet: `stellion connect stellr` or `stellion connect ion` makes "
                  "one.");
    else
        hint(err, "There is: %s.", names.at);
    return ST_NOT_FOUND;
}

enum status connection_find(struct store *store, struct db *db, struct arena *a, struct str name,
                            struct connection_row *ret_row, struct error *err)
{
    bool more;
    {
        SCOPED(db_done) struct db_cursor row = { .is_open = false };
        TRY(db_query(db, &connection_statements[FIND],
                     DB_VALUES(db_i(store->workspace_id), db_t(name)), &row, err));
        TRY(db_next(&row, &more, err));
        if (more)
            *ret_row = read_row(a, &row);
    }
    return more ? ST_OK : say_which(store, db, a, name, err);
}

enum status connection_remove(struct store *store, struct db *db, int64_t id, struct error *err)
{
    static const int all[] = { REMOVE_SECRETS, REMOVE_ACCESS, REMOVE_REFRESH, REMOVE_ATTEMPTS,
                               REMOVE };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        TRY(db_run(db, &connection_statements[all[i]],
                   DB_VALUES(db_i(store->workspace_id), db_i(id)), NULL, err));
    return ST_OK;
}

static const char *secret_identity(struct arena *a, int64_t connection_id, const char *name)
{
    return arena_printf(a, "secret/%lld/%s", (long long)connection_id, name);
}

enum status secret_save(struct store *store, struct db *db, int64_t connection_id, const char *name,
                        const struct secret *secret, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct str sealed = store_seal(store, &a, secret_identity(&a, connection_id, name), secret);
    return db_run(db, &connection_statements[SECRET_SAVE],
                  DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_t(str_of(name)),
                            db_b(sealed), db_i(store_now(store))),
                  NULL, err);
}

enum status secret_load(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                        const char *name, const struct secret **ret_secret, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &connection_statements[SECRET_LOAD],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_t(str_of(name))),
                 &row, err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "the %s of the connection is not stored", name);
    return store_unseal(store, a, secret_identity(a, connection_id, name), db_text(&row, 0),
                        ret_secret, err);
}
