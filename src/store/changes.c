/* Change rows. */
#include "store/changes.h"

#include "base/id.h"

enum { ADD, LIST };

const struct statement change_statements[] = {
    [ADD] = { "change.add", "INSERT INTO change (workspace_id, id, subscription_id, noticed_at,"
                            " source, field, before_text, after_text)"
                            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)" },
    [LIST] = { "change.list", "SELECT id, subscription_id, noticed_at, source, field, before_text,"
                              " after_text FROM change WHERE workspace_id = $1"
                              " AND subscription_id = $2 ORDER BY id" },
    { NULL, NULL },
};

enum status change_add(struct store *store, struct db *db, const struct change_row *row,
                       struct error *err)
{
    return db_run(db, &change_statements[ADD],
                  DB_VALUES(db_i(store->workspace_id), db_i(id_new(store->clock)),
                            db_i(row->subscription_id), db_i(store_now(store)), db_t(row->source),
                            db_t(row->field), db_t(row->before), db_t(row->after)),
                  NULL, err);
}

enum status change_list(struct store *store, struct db *db, int64_t subscription_id,
                        struct db_cursor *ret_cursor, struct error *err)
{
    return db_query(db, &change_statements[LIST],
                    DB_VALUES(db_i(store->workspace_id), db_i(subscription_id)), ret_cursor, err);
}

enum status change_next(struct db_cursor *cursor, struct change_row *ret_row, bool *ret_more,
                        struct error *err)
{
    TRY(db_next(cursor, ret_more, err));
    if (*ret_more)
        *ret_row = (struct change_row){
            .id = db_integer(cursor, 0),
            .subscription_id = db_integer(cursor, 1),
            .noticed_at = db_integer(cursor, 2),
            .source = db_text(cursor, 3),
            .field = db_text(cursor, 4),
            .before = db_text(cursor, 5),
            .after = db_text(cursor, 6),
        };
    return ST_OK;
}
