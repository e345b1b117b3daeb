/* Counting and marking what is missing. */
#include "store/presence.h"

#include "base/id.h"

enum {
    PRESENT,
    SET_MISSED,
    COUNT_VANISHED,
    COUNT_PRESENT,
    LOG_VANISHED,
    MARK_VANISHED,
    MARK_ACCOUNTS
};

const struct statement presence_statements[] = {
    [PRESENT] = { "subscription.present",
                  "SELECT id, remote_id, missed_runs, gone_at FROM subscription"
                  " WHERE workspace_id = $1 AND account_id = $2" },
    [SET_MISSED] = { "subscription.set-missed",
                     "UPDATE subscription SET missed_runs = $3,"
                     " gone_at = CASE WHEN CAST($3 AS BIGINT) = 0 THEN NULL ELSE gone_at END"
                     " WHERE workspace_id = $1 AND id = $2" },
    [COUNT_VANISHED] = { "subscription.count-vanished",
                         "SELECT count(*) FROM subscription WHERE workspace_id = $1"
                         " AND connection_id = $2 AND gone_at IS NULL AND missed_runs >= $3" },
    [COUNT_PRESENT] = { "subscription.count-present",
                        "SELECT count(*) FROM subscription WHERE workspace_id = $1"
                        " AND connection_id = $2 AND gone_at IS NULL" },
    [LOG_VANISHED] = { "change.add-vanished",
                       "INSERT INTO change (workspace_id, id, subscription_id, noticed_at,"
                       " source, field, before_text, after_text)"
                       " SELECT workspace_id,"
                       " CAST($4 AS BIGINT) + row_number() OVER (ORDER BY id), id, $5, 'sync',"
                       " 'presence', 'present', 'gone' FROM subscription"
                       " WHERE workspace_id = $1 AND connection_id = $2 AND gone_at IS NULL"
                       " AND missed_runs >= $3" },
    [MARK_VANISHED] = { "subscription.mark-vanished",
                        "UPDATE subscription SET gone_at = $4, changed_at = $4"
                        " WHERE workspace_id = $1 AND connection_id = $2"
                        " AND gone_at IS NULL AND missed_runs >= $3" },
    [MARK_ACCOUNTS] = { "account.mark-vanished",
                        "UPDATE account SET gone_at = $4, changed_at = $4"
                        " WHERE workspace_id = $1 AND connection_id = $2 AND gone_at IS NULL"
                        " AND missed_runs >= $3 AND NOT EXISTS (SELECT 1 FROM subscription s"
                        " WHERE s.workspace_id = account.workspace_id"
                        " AND s.account_id = account.id AND s.gone_at IS NULL)" },
    { NULL, NULL },
};

enum status subscriptions_present(struct store *store, struct db *db, struct arena *a,
                                  int64_t account_id, const struct present_row **ret_rows,
                                  size_t *ret_n, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct present_row *rows = NULL;
    TRY(db_query(db, &presence_statements[PRESENT],
                 DB_VALUES(db_i(store->workspace_id), db_i(account_id)), &row, err));
    for (;;) {
        bool more;
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] = (struct present_row){
            .id = db_integer(&row, 0),
            .remote_id = arena_copy(a, db_text(&row, 1)),
            .missed_runs = (int)db_integer(&row, 2),
            .is_gone = !db_is_null(&row, 3),
        };
    }
    *ret_rows = rows;
    *ret_n = n;
    return ST_OK;
}

enum status subscription_set_missed(struct store *store, struct db *db, int64_t id, int missed_runs,
                                    struct error *err)
{
    return db_run(db, &presence_statements[SET_MISSED],
                  DB_VALUES(db_i(store->workspace_id), db_i(id), db_i(missed_runs)), NULL, err);
}

enum status vanished_count(struct store *store, struct db *db, int64_t connection_id, int runs,
                           struct vanished *ret_vanished, struct error *err)
{
    TRY(db_one_integer(db, &presence_statements[COUNT_VANISHED],
                       DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_i(runs)),
                       &ret_vanished->n_vanished, err));
    return db_one_integer(db, &presence_statements[COUNT_PRESENT],
                          DB_VALUES(db_i(store->workspace_id), db_i(connection_id)),
                          &ret_vanished->n_present, err);
}

enum status vanished_mark(struct store *store, struct db *db, int64_t connection_id, int runs,
                          struct error *err)
{
    struct db_value workspace = db_i(store->workspace_id), connection = db_i(connection_id);
    struct db_value now = db_i(store_now(store));
    TRY(db_run(db, &presence_statements[LOG_VANISHED],
               DB_VALUES(workspace, connection, db_i(runs), db_i(id_new(store->clock)), now), NULL,
               err));
    TRY(db_run(db, &presence_statements[MARK_VANISHED],
               DB_VALUES(workspace, connection, db_i(runs), now), NULL, err));
    return db_run(db, &presence_statements[MARK_ACCOUNTS],
                  DB_VALUES(workspace, connection, db_i(runs), now), NULL, err);
}
