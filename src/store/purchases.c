/* Purchase rows. */
#include "store/purchases.h"

#include "base/id.h"
#include "store/texts.h"

#define PURCHASE_COLUMNS                                                                           \
    "p.id, p.proposal_id, p.decision_id, p.connection_id, p.subject, p.state, p.is_open, p.mark,"  \
    " p.snapshot, p.remote_ref, p.http_status, p.request_id, p.answer, p.note, p.created_at,"      \
    " p.changed_at, o.action, o.summary, o.account_ref, o.subscription_ref, o.reason,"             \
    " o.purchase_order, o.requester, o.proposed_by, o.plan_hash, p.place, p.scope, p.owner,"       \
    " p.machine"
#define PURCHASE_FROM                                                                              \
    " FROM purchase p JOIN proposal o ON o.workspace_id = p.workspace_id AND o.id = p.proposal_id"

enum {
    ADD,
    STEP,
    JOURNAL,
    FIND,
    FIND_OPEN,
    FIND_SAME,
    ACTIVITY,
    PROVEN,
    CLAIMS,
    LIST,
    LIST_OPEN,
    STEPS,
    SAVE_ITEM,
    ITEMS
};

const struct statement purchase_statements[] = {
    [ADD] = { "purchase.add",
              "INSERT INTO purchase (workspace_id, id, proposal_id, decision_id, connection_id,"
              " subject, state, is_open, mark, snapshot, http_status, note, created_at, changed_at,"
              " place, scope, owner, machine)"
              " VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, 0, $10, $11, $11, $12, $13, $14, "
              "$15)" },
    [STEP] = { "purchase.step",
               "UPDATE purchase SET state = $3, is_open = $4, remote_ref = $5, http_status = $6,"
               " request_id = $7, answer = $8, note = $9, changed_at = $10"
               " WHERE workspace_id = $1 AND id = $2 AND is_open = 1 AND state = $11" },
    [JOURNAL] = { "purchase-step.add",
                  "INSERT INTO purchase_step (workspace_id, purchase_id, number, state, note, at)"
                  " SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT),"
                  " COALESCE(MAX(number), 0) + 1, CAST($3 AS TEXT), CAST($4 AS TEXT),"
                  " CAST($5 AS BIGINT) FROM purchase_step"
                  " WHERE workspace_id = $1 AND purchase_id = $2" },
    [FIND] = { "purchase.find", "SELECT " PURCHASE_COLUMNS PURCHASE_FROM
                                " WHERE p.workspace_id = $1 AND p.id = $2" },
    [FIND_OPEN] = { "purchase.find-open",
                    "SELECT " PURCHASE_COLUMNS PURCHASE_FROM
                    " WHERE p.workspace_id = $1 AND p.place = $2 AND p.is_open = 1"
                    " AND (p.subject = $3 OR p.scope = 'service' OR CAST($4 AS TEXT) = 'service'"
                    " OR ((p.scope = 'customer' OR CAST($4 AS TEXT) = 'customer')"
                    " AND o.account_ref = $5)) ORDER BY p.id" },
    [ACTIVITY] = { "purchase.activity",
                   "SELECT COUNT(*) FROM purchase_step s JOIN purchase p"
                   " ON p.workspace_id = s.workspace_id AND p.id = s.purchase_id"
                   " JOIN proposal o ON o.workspace_id = p.workspace_id AND o.id = p.proposal_id"
                   " WHERE s.workspace_id = $1 AND p.place = $2"
                   " AND (CAST($3 AS TEXT) = '' OR o.account_ref = $3)" },
    [PROVEN] = { "purchase.proven", "SELECT COUNT(*) FROM purchase p JOIN proposal o"
                                    " ON o.workspace_id = p.workspace_id AND o.id = p.proposal_id"
                                    " WHERE p.workspace_id = $1 AND p.place = $2 AND o.action = $3"
                                    " AND p.state = 'verified'" },
    [CLAIMS] = { "purchase.claims",
                 "SELECT i.subscription_ref FROM purchase_item i JOIN purchase p"
                 " ON p.workspace_id = i.workspace_id AND p.id = i.purchase_id"
                 " JOIN proposal o ON o.workspace_id = p.workspace_id AND o.id = p.proposal_id"
                 " WHERE i.workspace_id = $1 AND p.place = $2 AND o.account_ref = $3 AND p.id <> $4"
                 " AND i.what = 'new' AND i.state = 'verified' AND i.subscription_ref IS NOT "
                 "NULL" },
    [FIND_SAME] = { "purchase.find-same",
                    "SELECT " PURCHASE_COLUMNS PURCHASE_FROM
                    " WHERE p.workspace_id = $1 AND o.likeness = $2 AND p.created_at >= $3"
                    " AND p.state <> 'refused' AND p.state <> 'not-sent' ORDER BY p.id DESC" },
    [LIST] = { "purchase.list", "SELECT " PURCHASE_COLUMNS PURCHASE_FROM
                                " WHERE p.workspace_id = $1 ORDER BY p.id DESC" },
    [LIST_OPEN] = { "purchase.list-open", "SELECT " PURCHASE_COLUMNS PURCHASE_FROM
                                          " WHERE p.workspace_id = $1 AND p.is_open = 1"
                                          " ORDER BY p.id DESC" },
    [STEPS] = { "purchase-step.list",
                "SELECT state, note, at FROM purchase_step"
                " WHERE workspace_id = $1 AND purchase_id = $2 ORDER BY number" },
    [SAVE_ITEM] = { "purchase-item.save",
                    "INSERT INTO purchase_item (workspace_id, purchase_id, number, what, wanted,"
                    " found, state, subscription_ref) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                    " ON CONFLICT (workspace_id, purchase_id, number) DO UPDATE"
                    " SET what = excluded.what, wanted = excluded.wanted, found = excluded.found,"
                    " state = excluded.state, subscription_ref = excluded.subscription_ref" },
    [ITEMS] = { "purchase-item.list",
                "SELECT number, what, wanted, found, state, subscription_ref FROM purchase_item"
                " WHERE workspace_id = $1 AND purchase_id = $2 ORDER BY number" },
    { NULL, NULL },
};

static enum status add_step(struct store *store, struct db *db, const struct purchase_row *row,
                            struct error *err)
{
    return db_run(db, &purchase_statements[JOURNAL],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_t(row->state),
                            db_t(row->note), db_i(store_now(store))),
                  NULL, err);
}

enum status purchase_add(struct store *store, struct db *db, struct purchase_row *row,
                         struct error *err)
{
    row->id = id_new(store->clock);
    row->created_at = row->changed_at = store_now(store);
    row->is_open = true;
    TRY(db_run(db, &purchase_statements[ADD],
               DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->proposal_id),
                         db_i(row->decision_id), db_i(row->connection_id), db_t(row->subject),
                         db_t(row->state), db_t(row->mark), db_t(row->snapshot), db_t(row->note),
                         db_i(row->created_at), db_t(row->place), db_t(row->scope),
                         db_t(row->owner), db_t(row->machine)),
               NULL, err));
    return add_step(store, db, row, err);
}

enum status purchase_step(struct store *store, struct db *db, struct purchase_row *row,
                          struct str from, struct error *err)
{
    int64_t changed = 0;
    row->changed_at = store_now(store);
    TRY(db_run(db, &purchase_statements[STEP],
               DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_t(row->state),
                         db_i(row->is_open), db_t(row->remote_ref), db_i(row->http_status),
                         db_t(row->request_id), db_t(row->answer), db_t(row->note),
                         db_i(row->changed_at), db_t(from)),
               &changed, err));
    if (changed == 0)
        return fail(err, ST_CONFLICT, "somebody else went on with purchase %lld meanwhile",
                    (long long)row->id);
    return add_step(store, db, row, err);
}

static struct purchase_row read_row(struct arena *a, const struct db_cursor *row)
{
    struct purchase_row r = {
        .id = db_integer(row, 0),
        .proposal_id = db_integer(row, 1),
        .decision_id = db_integer(row, 2),
        .connection_id = db_integer(row, 3),
        .is_open = db_integer(row, 6) != 0,
        .http_status = db_integer(row, 10),
        .created_at = db_integer(row, 14),
        .changed_at = db_integer(row, 15),
    };
    const struct {
        struct str *text;
        int column;
    } texts[] = {
        { &r.subject, 4 },      { &r.state, 5 },           { &r.mark, 7 },
        { &r.snapshot, 8 },     { &r.remote_ref, 9 },      { &r.request_id, 11 },
        { &r.answer, 12 },      { &r.note, 13 },           { &r.action, 16 },
        { &r.summary, 17 },     { &r.account_ref, 18 },    { &r.subscription_ref, 19 },
        { &r.reason, 20 },      { &r.purchase_order, 21 }, { &r.requester, 22 },
        { &r.proposed_by, 23 }, { &r.plan_hash, 24 },      { &r.place, 25 },
        { &r.scope, 26 },       { &r.owner, 27 },          { &r.machine, 28 },
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i].text = text_keep(a, db_text(row, texts[i].column));
    return r;
}

static enum status find_one(struct db *db, struct arena *a, int statement, struct db_values values,
                            struct purchase_row *ret_row, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &purchase_statements[statement], values, &row, err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "there is no such purchase");
    *ret_row = read_row(a, &row);
    return ST_OK;
}

enum status purchase_find(struct store *store, struct db *db, struct arena *a, int64_t id,
                          struct purchase_row *ret_row, struct error *err)
{
    enum status s =
        find_one(db, a, FIND, DB_VALUES(db_i(store->workspace_id), db_i(id)), ret_row, err);
    if (s != ST_NOT_FOUND)
        return s;
    fail(err, ST_NOT_FOUND, "there is no purchase %lld", (long long)id);
    hint(err, "`stellion purchases` lists them.");
    return ST_NOT_FOUND;
}

enum status purchase_find_open(struct store *store, struct db *db, struct arena *a,
                               const struct purchase_row *wanted, struct purchase_row *ret_row,
                               struct error *err)
{
    return find_one(db, a, FIND_OPEN,
                    DB_VALUES(db_i(store->workspace_id), db_t(wanted->place), db_t(wanted->subject),
                              db_t(wanted->scope), db_t(wanted->account_ref)),
                    ret_row, err);
}

enum status purchase_activity(struct store *store, struct db *db, struct str place,
                              struct str account_ref, int64_t *ret_n, struct error *err)
{
    struct str account = account_ref.at != NULL ? account_ref : STR("");
    return db_one_integer(db, &purchase_statements[ACTIVITY],
                          DB_VALUES(db_i(store->workspace_id), db_t(place), db_t(account)), ret_n,
                          err);
}

enum status purchase_proven(struct store *store, struct db *db, struct str place, struct str action,
                            bool *ret_is_proven, struct error *err)
{
    int64_t n;
    TRY(db_one_integer(db, &purchase_statements[PROVEN],
                       DB_VALUES(db_i(store->workspace_id), db_t(place), db_t(action)), &n, err));
    *ret_is_proven = n > 0;
    return ST_OK;
}

enum status purchase_claims(struct store *store, struct db *db, struct arena *a,
                            const struct purchase_row *row, const struct str **ret_ids,
                            size_t *ret_n, struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    size_t n = 0, room = 0;
    struct str *ids = NULL;
    bool more = true;
    TRY(db_query(db, &purchase_statements[CLAIMS],
                 DB_VALUES(db_i(store->workspace_id), db_t(row->place), db_t(row->account_ref),
                           db_i(row->id)),
                 &cursor, err));
    while (more) {
        TRY(db_next(&cursor, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, ids, n, room);
        ids[n++] = text_keep(a, db_text(&cursor, 0));
    }
    *ret_ids = ids;
    *ret_n = n;
    return ST_OK;
}

enum status purchase_find_same(struct store *store, struct db *db, struct arena *a,
                               struct str likeness, int64_t since_at, struct purchase_row *ret_row,
                               struct error *err)
{
    return find_one(db, a, FIND_SAME,
                    DB_VALUES(db_i(store->workspace_id), db_t(likeness), db_i(since_at)), ret_row,
                    err);
}

enum status purchase_list(struct store *store, struct db *db, struct arena *a, bool open_only,
                          const struct purchase_row **ret_rows, size_t *ret_n, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct purchase_row *rows = NULL;
    bool more = true;
    TRY(db_query(db, &purchase_statements[open_only ? LIST_OPEN : LIST],
                 DB_VALUES(db_i(store->workspace_id)), &row, err));
    while (more) {
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] = read_row(a, &row);
    }
    *ret_rows = rows;
    *ret_n = n;
    return ST_OK;
}

enum status purchase_steps(struct store *store, struct db *db, struct arena *a, int64_t id,
                           const struct purchase_step_row **ret_rows, size_t *ret_n,
                           struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct purchase_step_row *rows = NULL;
    bool more = true;
    TRY(db_query(db, &purchase_statements[STEPS], DB_VALUES(db_i(store->workspace_id), db_i(id)),
                 &row, err));
    while (more) {
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] =
            (struct purchase_step_row){ text_keep(a, db_text(&row, 0)),
                                        text_keep(a, db_text(&row, 1)), db_integer(&row, 2) };
    }
    *ret_rows = rows;
    *ret_n = n;
    return ST_OK;
}

enum status purchase_item_save(struct store *store, struct db *db, int64_t id,
                               const struct purchase_item_row *row, struct error *err)
{
    return db_run(db, &purchase_statements[SAVE_ITEM],
                  DB_VALUES(db_i(store->workspace_id), db_i(id), db_i(row->number), db_t(row->what),
                            db_t(row->wanted), db_t(row->found), db_t(row->state),
                            db_t(row->subscription_ref)),
                  NULL, err);
}

enum status purchase_items(struct store *store, struct db *db, struct arena *a, int64_t id,
                           const struct purchase_item_row **ret_rows, size_t *ret_n,
                           struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct purchase_item_row *rows = NULL;
    bool more = true;
    TRY(db_query(db, &purchase_statements[ITEMS], DB_VALUES(db_i(store->workspace_id), db_i(id)),
                 &row, err));
    while (more) {
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] = (struct purchase_item_row){
            .number = (int)db_integer(&row, 0),
            .what = text_keep(a, db_text(&row, 1)),
            .wanted = text_keep(a, db_text(&row, 2)),
            .found = text_keep(a, db_text(&row, 3)),
            .state = text_keep(a, db_text(&row, 4)),
            .subscription_ref = text_keep(a, db_text(&row, 5)),
        };
    }
    *ret_rows = rows;
    *ret_n = n;
    return ST_OK;
}
