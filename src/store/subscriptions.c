/* Subscription rows. */
#include "store/subscriptions.h"

#include "base/id.h"
#include "store/texts.h"

/* In the order of enum column below and of the values in write_values. */
#define DATA                                                                                       \
    "account_id, service_id, commerce_id, name, quantity, quantity_text, cost_units, cost_text,"   \
    " price_units, price_text, total_units, total_text, currency, billing_cycle, cycle_months,"    \
    " term, status, status_known, standing, measure, started_at, ends_at, ends_text, renews_at,"   \
    " renews_text, cancellable_until_at, auto_renew, parent_remote_id, offer_id, sku, product_id," \
    " plan_id, missed_runs, gone_at"

#define DATA_OF_S                                                                                  \
    "s.account_id, s.service_id, s.commerce_id, s.name, s.quantity, s.quantity_text,"              \
    " s.cost_units, s.cost_text, s.price_units, s.price_text, s.total_units, s.total_text,"        \
    " s.currency, s.billing_cycle, s.cycle_months, s.term, s.status, s.status_known, s.standing,"  \
    " s.measure, s.started_at, s.ends_at, s.ends_text, s.renews_at, s.renews_text,"                \
    " s.cancellable_until_at, s.auto_renew, s.parent_remote_id, s.offer_id, s.sku, s.product_id,"  \
    " s.plan_id, s.missed_runs, s.gone_at"

enum column {
    ACCOUNT_ID,
    SERVICE_ID,
    COMMERCE_ID,
    NAME,
    QUANTITY,
    QUANTITY_TEXT,
    COST_UNITS,
    COST_TEXT,
    PRICE_UNITS,
    PRICE_TEXT,
    TOTAL_UNITS,
    TOTAL_TEXT,
    CURRENCY,
    BILLING_CYCLE,
    CYCLE_MONTHS,
    TERM,
    STATUS,
    STATUS_KNOWN,
    STANDING,
    MEASURE,
    STARTED_AT,
    ENDS_AT,
    ENDS_TEXT,
    RENEWS_AT,
    RENEWS_TEXT,
    CANCELLABLE_UNTIL_AT,
    AUTO_RENEW,
    PARENT_REMOTE_ID,
    OFFER_ID,
    SKU,
    PRODUCT_ID,
    PLAN_ID,
    MISSED_RUNS,
    GONE_AT,
    ID,
    CONNECTION_ID,
    REMOTE_ID,
    FIRST_SEEN_AT,
    CHANGED_AT,
    PRODUCT_NAME,
    PART_NUMBER,
    PART_KEY,
    VENDOR,
    CONNECTION,
    CONNECTOR,
    ACCOUNT_REMOTE_ID,
    ACCOUNT_NAME,
};

#define WHOLE_ROW                                                                                  \
    "SELECT " DATA_OF_S ", s.id, s.connection_id, s.remote_id, s.first_seen_at, s.changed_at,"     \
    " v.name, v.part_number, v.part_key, v.vendor, c.name, c.kind, a.remote_id, a.name"            \
    " FROM subscription s"                                                                         \
    " JOIN service v ON v.workspace_id = s.workspace_id AND v.id = s.service_id"                   \
    " JOIN connection c ON c.workspace_id = s.workspace_id AND c.id = s.connection_id"             \
    " JOIN account a ON a.workspace_id = s.workspace_id AND a.id = s.account_id"                   \
    " WHERE s.workspace_id = $1"

enum {
    SQL_FIND,
    SQL_INSERT,
    SQL_UPDATE,
    SQL_LIST,
};

const struct statement subscription_statements[] = {
    [SQL_FIND] = { "subscription.find",
                   WHOLE_ROW " AND s.connection_id = $2 AND s.remote_id = $3" },
    [SQL_INSERT] = { "subscription.insert",
                     "INSERT INTO subscription (workspace_id, id, connection_id, remote_id,"
                     " first_seen_at, changed_at, " DATA ") VALUES ($1, $2, $3, $4, $5, $5,"
                     " $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,"
                     " $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36,"
                     " $37, $38, $39)" },
    [SQL_UPDATE] = { "subscription.update",
                     "UPDATE subscription SET connection_id = $3, remote_id = $4, changed_at = $5,"
                     " account_id = $6, service_id = $7, commerce_id = $8, name = $9,"
                     " quantity = $10, quantity_text = $11, cost_units = $12, cost_text = $13,"
                     " price_units = $14, price_text = $15, total_units = $16, total_text = $17,"
                     " currency = $18, billing_cycle = $19, cycle_months = $20, term = $21,"
                     " status = $22, status_known = $23, standing = $24, measure = $25,"
                     " started_at = $26, ends_at = $27, ends_text = $28, renews_at = $29,"
                     " renews_text = $30, cancellable_until_at = $31, auto_renew = $32,"
                     " parent_remote_id = $33, offer_id = $34, sku = $35, product_id = $36,"
                     " plan_id = $37, missed_runs = $38, gone_at = $39"
                     " WHERE workspace_id = $1 AND id = $2" },
    [SQL_LIST] = { "subscription.list", WHOLE_ROW " ORDER BY c.name, a.name, s.id" },
    { NULL, NULL },
};

static struct amount read_amount(const struct db_cursor *row, int units, int text)
{
    return (struct amount){
        .value = { db_integer(row, units) },
        .text = db_text(row, text),
        .known = !db_is_null(row, units),
    };
}

static struct moment read_moment(const struct db_cursor *row, int at, int text)
{
    return (struct moment){
        .ms = db_integer(row, at),
        .text = text < 0 ? STR_NONE : db_text(row, text),
        .known = !db_is_null(row, at),
    };
}

static struct subscription_record read_record(const struct db_cursor *row)
{
    struct subscription_record r = {
        .remote_id = db_text(row, REMOTE_ID),
        .commerce_id = db_text(row, COMMERCE_ID),
        .account_id = db_text(row, ACCOUNT_REMOTE_ID),
        .account_name = db_text(row, ACCOUNT_NAME),
        .name = db_text(row, NAME),
        .product_name = db_text(row, PRODUCT_NAME),
        .part_number = db_text(row, PART_NUMBER),
        .offer_id = db_text(row, OFFER_ID),
        .sku = db_text(row, SKU),
        .product_id = db_text(row, PRODUCT_ID),
        .plan_id = db_text(row, PLAN_ID),
        .vendor = db_text(row, VENDOR),
        .parent_id = db_text(row, PARENT_REMOTE_ID),
        .status = db_text(row, STATUS),
        .billing_cycle = db_text(row, BILLING_CYCLE),
        .term = db_text(row, TERM),
        .currency = db_text(row, CURRENCY),
        .quantity = { db_integer(row, QUANTITY), db_text(row, QUANTITY_TEXT),
                      !db_is_null(row, QUANTITY) },
        .cost = read_amount(row, COST_UNITS, COST_TEXT),
        .price = read_amount(row, PRICE_UNITS, PRICE_TEXT),
        .total = read_amount(row, TOTAL_UNITS, TOTAL_TEXT),
        .started_at = read_moment(row, STARTED_AT, -1),
        .ends_at = read_moment(row, ENDS_AT, ENDS_TEXT),
        .renews_at = read_moment(row, RENEWS_AT, RENEWS_TEXT),
        .cancellable_until = read_moment(row, CANCELLABLE_UNTIL_AT, -1),
        .auto_renew = db_is_null(row, AUTO_RENEW)        ? FLAG_UNKNOWN
                      : db_integer(row, AUTO_RENEW) != 0 ? FLAG_YES
                                                         : FLAG_NO,
        .standing = standing_of(db_text(row, STANDING)),
        .measure = measure_of(db_text(row, MEASURE)),
        .status_known = db_integer(row, STATUS_KNOWN) != 0,
        .cycle_months = (int)db_integer(row, CYCLE_MONTHS),
    };
    (void)snprintf(r.part_key, sizeof r.part_key, "%.*s", STR_PRINT(db_text(row, PART_KEY)));
    return r;
}

/* Borrowed from the cursor. */
static struct subscription_row read_row(const struct db_cursor *row)
{
    return (struct subscription_row){
        .id = db_integer(row, ID),
        .connection_id = db_integer(row, CONNECTION_ID),
        .account_id = db_integer(row, ACCOUNT_ID),
        .service_id = db_integer(row, SERVICE_ID),
        .record = read_record(row),
        .missed_runs = (int)db_integer(row, MISSED_RUNS),
        .is_gone = !db_is_null(row, GONE_AT),
        .gone_at = db_integer(row, GONE_AT),
        .first_seen_at = db_integer(row, FIRST_SEEN_AT),
        .changed_at = db_integer(row, CHANGED_AT),
        .connection = db_text(row, CONNECTION),
        .connector = db_text(row, CONNECTOR),
        .account_remote_id = db_text(row, ACCOUNT_REMOTE_ID),
        .account_name = db_text(row, ACCOUNT_NAME),
    };
}

void subscription_keep(struct arena *a, struct subscription_row *row)
{
    struct subscription_record *r = &row->record;
    struct str *const texts[] = {
        &r->remote_id,
        &r->commerce_id,
        &r->account_id,
        &r->account_name,
        &r->name,
        &r->product_name,
        &r->part_number,
        &r->offer_id,
        &r->sku,
        &r->product_id,
        &r->plan_id,
        &r->vendor,
        &r->parent_id,
        &r->status,
        &r->billing_cycle,
        &r->term,
        &r->currency,
        &r->quantity.text,
        &r->cost.text,
        &r->price.text,
        &r->total.text,
        &r->ends_at.text,
        &r->renews_at.text,
        &row->connection,
        &row->connector,
        &row->account_remote_id,
        &row->account_name,
    };
    texts_keep(a, texts, ARRAY_LEN(texts));
}

enum status subscription_find(struct store *store, struct db *db, struct arena *a,
                              int64_t connection_id, struct str remote_id,
                              struct subscription_row *ret_row, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &subscription_statements[SQL_FIND],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_t(remote_id)), &row,
                 err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "there is no subscription %.*s", STR_PRINT(remote_id));
    *ret_row = read_row(&row);
    subscription_keep(a, ret_row);
    return ST_OK;
}

static struct db_value amount_units(const struct amount *amount)
{
    return db_i_if(amount->known, amount->value.units);
}

enum status subscription_save(struct store *store, struct db *db, struct subscription_row *row,
                              struct error *err)
{
    const struct subscription_record *r = &row->record;
    int statement = row->id != 0 ? SQL_UPDATE : SQL_INSERT;
    if (row->id == 0)
        row->id = id_new(store->clock);
    return db_run(
        db, &subscription_statements[statement],
        DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->connection_id),
                  db_t(r->remote_id), db_i(store_now(store)), db_i(row->account_id),
                  db_i(row->service_id), db_t(r->commerce_id), db_t(r->name),
                  db_i_if(r->quantity.known, r->quantity.value), db_t(r->quantity.text),
                  amount_units(&r->cost), db_t(r->cost.text), amount_units(&r->price),
                  db_t(r->price.text), amount_units(&r->total), db_t(r->total.text),
                  db_t(r->currency), db_t(r->billing_cycle), db_i(r->cycle_months), db_t(r->term),
                  db_t(r->status), db_i(r->status_known), db_t(str_of(standing_name(r->standing))),
                  db_t(str_of(measure_name(r->measure))),
                  db_i_if(r->started_at.known, r->started_at.ms),
                  db_i_if(r->ends_at.known, r->ends_at.ms), db_t(r->ends_at.text),
                  db_i_if(r->renews_at.known, r->renews_at.ms), db_t(r->renews_at.text),
                  db_i_if(r->cancellable_until.known, r->cancellable_until.ms),
                  db_i_if(r->auto_renew != FLAG_UNKNOWN, r->auto_renew == FLAG_YES),
                  db_t(r->parent_id), db_t(r->offer_id), db_t(r->sku), db_t(r->product_id),
                  db_t(r->plan_id), db_i(row->missed_runs), db_i_if(row->is_gone, row->gone_at)),
        NULL, err);
}

enum status subscription_list(struct store *store, struct db *db, struct db_cursor *ret_cursor,
                              struct error *err)
{
    return db_query(db, &subscription_statements[SQL_LIST], DB_VALUES(db_i(store->workspace_id)),
                    ret_cursor, err);
}

enum status subscription_next(struct db_cursor *cursor, struct subscription_row *ret_row,
                              bool *ret_more, struct error *err)
{
    TRY(db_next(cursor, ret_more, err));
    if (*ret_more)
        *ret_row = read_row(cursor);
    return ST_OK;
}
