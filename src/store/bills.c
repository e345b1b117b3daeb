/* Bill rows. */
#include "store/bills.h"

#include "base/id.h"
#include "store/texts.h"

enum { RETIRE, INSERT, FINISH, CURRENT, ADD_LINE, LINES };

const struct statement bill_statements[] = {
    [RETIRE] = { "bill.retire",
                 "UPDATE bill SET is_current = 0 WHERE workspace_id = $1 AND is_current = 1" },
    [INSERT] = { "bill.insert",
                 "INSERT INTO bill (workspace_id, id, connection_id, file_name, checksum,"
                 " imported_at, n_lines, n_skipped, is_current)"
                 " VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 1)" },
    [FINISH] = { "bill.finish", "UPDATE bill SET n_lines = $3, n_skipped = $4, checksum = $5"
                                " WHERE workspace_id = $1 AND id = $2" },
    [CURRENT] = { "bill.current",
                  "SELECT id, connection_id, file_name, checksum, imported_at, n_lines, n_skipped"
                  " FROM bill WHERE workspace_id = $1 AND is_current = 1 ORDER BY id DESC LIMIT "
                  "1" },
    [ADD_LINE] = { "bill-line.add",
                   "INSERT INTO bill_line (workspace_id, bill_id, line, account_id, service_id,"
                   " quantity_units, price_units, price_text, currency, cycle_months)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)" },
    [LINES] = { "bill-line.list",
                "SELECT line, account_id, service_id, quantity_units, price_units, price_text,"
                " currency, cycle_months FROM bill_line WHERE workspace_id = $1 AND bill_id = $2"
                " ORDER BY line" },
    { NULL, NULL },
};

enum status bill_add(struct store *store, struct db *db, struct bill_row *row, struct error *err)
{
    row->id = id_new(store->clock);
    row->imported_at = store_now(store);
    TRY(db_run(db, &bill_statements[RETIRE], DB_VALUES(db_i(store->workspace_id)), NULL, err));
    return db_run(db, &bill_statements[INSERT],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->connection_id),
                            db_t(row->file_name), db_t(row->checksum), db_i(row->imported_at)),
                  NULL, err);
}

enum status bill_finish(struct store *store, struct db *db, const struct bill_row *row,
                        struct error *err)
{
    return db_run(db, &bill_statements[FINISH],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->n_lines),
                            db_i(row->n_skipped), db_t(row->checksum)),
                  NULL, err);
}

enum status bill_current(struct store *store, struct db *db, struct arena *a,
                         struct bill_row *ret_row, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &bill_statements[CURRENT], DB_VALUES(db_i(store->workspace_id)), &row, err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "no bill has been imported");
    *ret_row = (struct bill_row){
        .id = db_integer(&row, 0),
        .connection_id = db_integer(&row, 1),
        .file_name = text_keep(a, db_text(&row, 2)),
        .checksum = text_keep(a, db_text(&row, 3)),
        .imported_at = db_integer(&row, 4),
        .n_lines = db_integer(&row, 5),
        .n_skipped = db_integer(&row, 6),
    };
    return ST_OK;
}

enum status bill_line_add(struct store *store, struct db *db, int64_t bill_id,
                          const struct bill_line_row *row, struct error *err)
{
    return db_run(db, &bill_statements[ADD_LINE],
                  DB_VALUES(db_i(store->workspace_id), db_i(bill_id), db_i(row->line),
                            db_i(row->account_id), db_i(row->service_id), db_i(row->quantity.units),
                            db_i_if(row->has_price, row->price.units), db_t(row->price_text),
                            db_t(row->currency), db_i(row->cycle_months)),
                  NULL, err);
}

enum status bill_lines(struct store *store, struct db *db, int64_t bill_id,
                       struct db_cursor *ret_cursor, struct error *err)
{
    return db_query(db, &bill_statements[LINES],
                    DB_VALUES(db_i(store->workspace_id), db_i(bill_id)), ret_cursor, err);
}

enum status bill_line_next(struct db_cursor *cursor, struct bill_line_row *ret_row, bool *ret_more,
                           struct error *err)
{
    TRY(db_next(cursor, ret_more, err));
    if (*ret_more)
        *ret_row = (struct bill_line_row){
            .line = db_integer(cursor, 0),
            .account_id = db_integer(cursor, 1),
            .service_id = db_integer(cursor, 2),
            .quantity = { db_integer(cursor, 3) },
            .price = { db_integer(cursor, 4) },
            .has_price = !db_is_null(cursor, 4),
            .price_text = db_text(cursor, 5),
            .currency = db_text(cursor, 6),
            .cycle_months = (int)db_integer(cursor, 7),
        };
    return ST_OK;
}
