/* Account rows. */
#include "store/accounts.h"

#include "base/id.h"
#include "store/texts.h"

#define COLUMNS                                                                                    \
    "a.id, a.connection_id, a.remote_id, a.name, a.company_name, a.domain, a.tenant_id,"           \
    " a.country, a.status, a.is_active, a.is_listed, a.missed_runs, a.first_seen_at, a.gone_at"

enum { FIND, INSERT, UPDATE, LIST, NAMES, SET_MISSED };

const struct statement account_statements[] = {
    [FIND] = { "account.find", "SELECT " COLUMNS " FROM account a WHERE a.workspace_id = $1"
                               " AND a.connection_id = $2 AND a.remote_id = $3" },
    [INSERT] = { "account.insert",
                 "INSERT INTO account (workspace_id, id, connection_id, remote_id, name,"
                 " company_name, domain, tenant_id, country, status, is_active, is_listed,"
                 " missed_runs, gone_at, changed_at, first_seen_at)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
                 "$15)" },
    [UPDATE] = { "account.update",
                 "UPDATE account SET name = $3, company_name = $4, domain = $5, tenant_id = $6,"
                 " country = $7, status = $8, is_active = $9, is_listed = $10, missed_runs = $11,"
                 " gone_at = $12, changed_at = $13 WHERE workspace_id = $1 AND id = $2" },
    [LIST] = { "account.list", "SELECT " COLUMNS ", c.name, (SELECT count(*) FROM subscription s"
                               " WHERE s.workspace_id = a.workspace_id AND s.account_id = a.id"
                               " AND s.gone_at IS NULL)"
                               " FROM account a JOIN connection c"
                               " ON c.workspace_id = a.workspace_id AND c.id = a.connection_id"
                               " WHERE a.workspace_id = $1 AND (CAST($2 AS BIGINT) = 0"
                               " OR a.connection_id = $2) ORDER BY a.name, a.id" },
    [NAMES] = { "account.names", "SELECT id, remote_id, name, missed_runs, gone_at FROM account"
                                 " WHERE workspace_id = $1 AND connection_id = $2 ORDER BY id" },
    [SET_MISSED] = { "account.set-missed",
                     "UPDATE account SET missed_runs = $3,"
                     " gone_at = CASE WHEN CAST($3 AS BIGINT) = 0 THEN NULL ELSE gone_at END"
                     " WHERE workspace_id = $1 AND id = $2" },
    { NULL, NULL },
};

/* Borrowed from the cursor. */
static struct account_row read_row(const struct db_cursor *row)
{
    return (struct account_row){
        .id = db_integer(row, 0),
        .connection_id = db_integer(row, 1),
        .record = {
            .remote_id = db_text(row, 2),
            .name = db_text(row, 3),
            .company_name = db_text(row, 4),
            .domain = db_text(row, 5),
            .tenant_id = db_text(row, 6),
            .country = db_text(row, 7),
            .status = db_text(row, 8),
            .is_active = db_integer(row, 9) != 0,
        },
        .is_listed = db_integer(row, 10) != 0,
        .missed_runs = (int)db_integer(row, 11),
        .first_seen_at = db_integer(row, 12),
        .is_gone = !db_is_null(row, 13),
        .gone_at = db_integer(row, 13),
    };
}

static void keep_record(struct arena *a, struct account_record *r)
{
    struct str *const texts[] = { &r->remote_id, &r->name,    &r->company_name, &r->domain,
                                  &r->tenant_id, &r->country, &r->status };
    texts_keep(a, texts, ARRAY_LEN(texts));
}

enum status account_find(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                         struct str remote_id, struct account_row *ret_row, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &account_statements[FIND],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_t(remote_id)), &row,
                 err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "there is no account %.*s", STR_PRINT(remote_id));
    *ret_row = read_row(&row);
    keep_record(a, &ret_row->record);
    return ST_OK;
}

enum status account_save(struct store *store, struct db *db, struct account_row *row,
                         struct error *err)
{
    const struct account_record *r = &row->record;
    struct str name = r->name.at != NULL ? r->name : r->remote_id;
    if (row->id != 0)
        return db_run(db, &account_statements[UPDATE],
                      DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_t(name),
                                db_t(r->company_name), db_t(r->domain), db_t(r->tenant_id),
                                db_t(r->country), db_t(r->status), db_i(r->is_active),
                                db_i(row->is_listed), db_i(row->missed_runs),
                                db_i_if(row->is_gone, row->gone_at), db_i(store_now(store))),
                      NULL, err);
    row->id = id_new(store->clock);
    return db_run(db, &account_statements[INSERT],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->connection_id),
                            db_t(r->remote_id), db_t(name), db_t(r->company_name), db_t(r->domain),
                            db_t(r->tenant_id), db_t(r->country), db_t(r->status),
                            db_i(r->is_active), db_i(row->is_listed), db_i(row->missed_runs),
                            db_i_if(row->is_gone, row->gone_at), db_i(store_now(store))),
                  NULL, err);
}

enum status account_list(struct store *store, struct db *db, int64_t connection_id,
                         struct db_cursor *ret_cursor, struct error *err)
{
    return db_query(db, &account_statements[LIST],
                    DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), ret_cursor, err);
}

enum status account_next(struct db_cursor *cursor, struct account_row *ret_row, bool *ret_more,
                         struct error *err)
{
    TRY(db_next(cursor, ret_more, err));
    if (!*ret_more)
        return ST_OK;
    *ret_row = read_row(cursor);
    ret_row->connection = db_text(cursor, 14);
    ret_row->n_subscriptions = db_integer(cursor, 15);
    return ST_OK;
}

enum status account_names(struct store *store, struct db *db, struct arena *a,
                          int64_t connection_id, struct account_name **ret_names, size_t *ret_n,
                          struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct account_name *names = NULL;
    TRY(db_query(db, &account_statements[NAMES],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), &row, err));
    for (;;) {
        bool more;
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, names, n, room);
        names[n++] = (struct account_name){
            .id = db_integer(&row, 0),
            .remote_id = text_keep(a, db_text(&row, 1)),
            .name = text_keep(a, db_text(&row, 2)),
            .missed_runs = (int)db_integer(&row, 3),
            .is_gone = !db_is_null(&row, 4),
        };
    }
    *ret_names = names;
    *ret_n = n;
    return ST_OK;
}

enum status account_set_missed(struct store *store, struct db *db, int64_t id, int missed_runs,
                               struct error *err)
{
    return db_run(db, &account_statements[SET_MISSED],
                  DB_VALUES(db_i(store->workspace_id), db_i(id), db_i(missed_runs)), NULL, err);
}
