/* The two queries of the comparison. */
#include "store/sides.h"

enum { CHARGED, BILLED };

const struct statement side_statements[] = {
    [CHARGED] = { "side.charged",
                  "SELECT o.id, o.name, sm.target_id, v.name, v.part_number, v.part_key, s.measure,"
                  " s.standing, s.gone_at, s.quantity, s.quantity_text, s.cost_units, s.cost_text,"
                  " s.price_units, s.price_text, s.currency, s.cycle_months, s.status,"
                  " s.status_known, c.name, c.kind, s.remote_id, a.remote_id, a.name"
                  " FROM subscription s"
                  " JOIN service v ON v.workspace_id = s.workspace_id AND v.id = s.service_id"
                  " JOIN connection c ON c.workspace_id = s.workspace_id AND c.id = s.connection_id"
                  " JOIN account a ON a.workspace_id = s.workspace_id AND a.id = s.account_id"
                  " JOIN account_mapping m ON m.workspace_id = s.workspace_id"
                  " AND m.account_id = s.account_id AND m.state = 'confirmed'"
                  " JOIN organisation o ON o.workspace_id = m.workspace_id"
                  " AND o.id = m.organisation_id"
                  " LEFT JOIN service_mapping sm ON sm.workspace_id = s.workspace_id"
                  " AND sm.service_id = s.service_id AND sm.state = 'confirmed'"
                  " WHERE s.workspace_id = $1 AND NOT EXISTS (SELECT 1 FROM service_mapping x"
                  " WHERE x.workspace_id = s.workspace_id AND x.service_id = s.service_id"
                  " AND x.state = 'excluded') ORDER BY o.name, o.id, s.id" },
    [BILLED] = { "side.billed",
                 "SELECT o.id, o.name, l.service_id, v.name, v.part_number, v.part_key, v.measure,"
                 " l.line, l.quantity_units, l.price_units, l.currency, l.cycle_months, a.name"
                 " FROM bill_line l"
                 " JOIN service v ON v.workspace_id = l.workspace_id AND v.id = l.service_id"
                 " JOIN account a ON a.workspace_id = l.workspace_id AND a.id = l.account_id"
                 " JOIN account_mapping m ON m.workspace_id = l.workspace_id"
                 " AND m.account_id = l.account_id AND m.state = 'confirmed'"
                 " JOIN organisation o ON o.workspace_id = m.workspace_id"
                 " AND o.id = m.organisation_id"
                 " WHERE l.workspace_id = $1 AND l.bill_id = $2 ORDER BY o.name, o.id, l.line" },
    { NULL, NULL },
};

enum status charged_list(struct store *store, struct db *db, struct db_cursor *ret_cursor,
                         struct error *err)
{
    return db_query(db, &side_statements[CHARGED], DB_VALUES(db_i(store->workspace_id)), ret_cursor,
                    err);
}

enum status charged_next(struct db_cursor *cursor, struct charged_row *ret_row, bool *ret_more,
                         struct error *err)
{
    TRY(db_next(cursor, ret_more, err));
    if (!*ret_more)
        return ST_OK;
    *ret_row = (struct charged_row){
        .organisation_id = db_integer(cursor, 0),
        .organisation = db_text(cursor, 1),
        .bill_service_id = db_integer(cursor, 2),
        .service = db_text(cursor, 3),
        .part_number = db_text(cursor, 4),
        .part_key = db_text(cursor, 5),
        .measure = measure_of(db_text(cursor, 6)),
        .standing = standing_of(db_text(cursor, 7)),
        .is_gone = !db_is_null(cursor, 8),
        .quantity = { db_integer(cursor, 9), db_text(cursor, 10), !db_is_null(cursor, 9) },
        .cost = { { db_integer(cursor, 11) }, db_text(cursor, 12), !db_is_null(cursor, 11), false },
        .price = { { db_integer(cursor, 13) },
                   db_text(cursor, 14),
                   !db_is_null(cursor, 13),
                   false },
        .currency = db_text(cursor, 15),
        .cycle_months = (int)db_integer(cursor, 16),
        .status = db_text(cursor, 17),
        .status_known = db_integer(cursor, 18) != 0,
        .connection = db_text(cursor, 19),
        .connector = db_text(cursor, 20),
        .remote_id = db_text(cursor, 21),
        .account_remote_id = db_text(cursor, 22),
        .account_name = db_text(cursor, 23),
    };
    return ST_OK;
}

enum status billed_list(struct store *store, struct db *db, int64_t bill_id,
                        struct db_cursor *ret_cursor, struct error *err)
{
    return db_query(db, &side_statements[BILLED],
                    DB_VALUES(db_i(store->workspace_id), db_i(bill_id)), ret_cursor, err);
}

enum status billed_next(struct db_cursor *cursor, struct billed_row *ret_row, bool *ret_more,
                        struct error *err)
{
    TRY(db_next(cursor, ret_more, err));
    if (!*ret_more)
        return ST_OK;
    *ret_row = (struct billed_row){
        .organisation_id = db_integer(cursor, 0),
        .organisation = db_text(cursor, 1),
        .service_id = db_integer(cursor, 2),
        .service = db_text(cursor, 3),
        .part_number = db_text(cursor, 4),
        .part_key = db_text(cursor, 5),
        .measure = db_text(cursor, 6),
        .line = db_integer(cursor, 7),
        .quantity = { db_integer(cursor, 8) },
        .price = { db_integer(cursor, 9) },
        .has_price = !db_is_null(cursor, 9),
        .currency = db_text(cursor, 10),
        .cycle_months = (int)db_integer(cursor, 11),
        .account = db_text(cursor, 12),
    };
    return ST_OK;
}
