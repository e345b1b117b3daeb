/* Policy rows. */
#include "store/policies.h"

#include "store/texts.h"

enum { LOAD, SAVE };

const struct statement policy_statements[] = {
    [LOAD] = { "buying-policy.load",
               "SELECT is_on, changed_by, changed_at, base_url FROM buying_policy"
               " WHERE workspace_id = $1 AND connection_id = $2" },
    [SAVE] = { "buying-policy.save",
               "INSERT INTO buying_policy (workspace_id, connection_id, is_on, changed_by,"
               " changed_at, base_url) VALUES ($1, $2, $3, $4, $5, $6)"
               " ON CONFLICT (workspace_id, connection_id) DO UPDATE"
               " SET is_on = excluded.is_on, changed_by = excluded.changed_by,"
               " changed_at = excluded.changed_at, base_url = excluded.base_url" },
    { NULL, NULL },
};

enum status buying_policy_load(struct store *store, struct db *db, struct arena *a,
                               int64_t connection_id, struct buying_policy_row *ret_row,
                               struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &policy_statements[LOAD],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), &row, err));
    TRY(db_next(&row, &more, err));
    *ret_row = (struct buying_policy_row){ .connection_id = connection_id, .is_known = more };
    if (!more)
        return ST_OK;
    ret_row->is_on = db_integer(&row, 0) != 0;
    ret_row->changed_by = text_keep(a, db_text(&row, 1));
    ret_row->changed_at = db_integer(&row, 2);
    ret_row->base_url = text_keep(a, db_text(&row, 3));
    return ST_OK;
}

enum status buying_policy_save(struct store *store, struct db *db, int64_t connection_id,
                               struct str base_url, bool is_on, struct str actor, struct error *err)
{
    return db_run(db, &policy_statements[SAVE],
                  DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_i(is_on),
                            db_t(actor), db_i(store_now(store)), db_t(base_url)),
                  NULL, err);
}
