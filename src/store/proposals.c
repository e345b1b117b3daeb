/* Proposal and decision rows. */
#include "store/proposals.h"

#include "base/id.h"
#include "store/texts.h"

enum { ADD, FIND, DECIDE };

const struct statement proposal_statements[] = {
    [ADD] = { "proposal.add",
              "INSERT INTO proposal (workspace_id, id, connection_id, action, subject, account_ref,"
              " subscription_ref, method, target, content_type, sealed_body, plan, plan_hash,"
              " summary, reason, purchase_order, requester, proposed_by, proposed_at,"
              " likeness) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
              "$15, $16, $17,"
              " $18, $19, $20)" },
    [FIND] = { "proposal.find",
               "SELECT connection_id, action, subject, account_ref, subscription_ref, method,"
               " target, content_type, sealed_body, plan, plan_hash, summary, reason,"
               " purchase_order, requester, proposed_by, proposed_at, likeness FROM proposal"
               " WHERE workspace_id = $1 AND id = $2" },
    [DECIDE] = { "decision.add",
                 "INSERT INTO decision (workspace_id, id, proposal_id, verdict, plan_hash,"
                 " decided_by, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)" },
    { NULL, NULL },
};

static const char *seal_identity(struct arena *a, int64_t id)
{
    return arena_printf(a, "proposal/%lld/body", (long long)id);
}

enum status proposal_add(struct store *store, struct db *db, struct proposal_row *row,
                         struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    row->id = id_new(store->clock);
    row->proposed_at = store_now(store);
    struct str sealed = STR_NONE;
    if (row->body != NULL)
        sealed = store_seal(store, &a, seal_identity(&a, row->id), row->body);
    return db_run(db, &proposal_statements[ADD],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->connection_id),
                            db_t(row->action), db_t(row->subject), db_t(row->account_ref),
                            db_t(row->subscription_ref), db_t(row->method), db_t(row->target),
                            db_t(row->content_type), db_b(sealed), db_t(row->plan),
                            db_t(row->plan_hash), db_t(row->summary), db_t(row->reason),
                            db_t(row->purchase_order), db_t(row->requester), db_t(row->proposed_by),
                            db_i(row->proposed_at), db_t(row->likeness)),
                  NULL, err);
}

enum status proposal_find(struct store *store, struct db *db, struct arena *a, int64_t id,
                          struct proposal_row *ret_row, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &proposal_statements[FIND], DB_VALUES(db_i(store->workspace_id), db_i(id)),
                 &row, err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "there is no proposal %lld", (long long)id);
    struct proposal_row r = { .id = id, .connection_id = db_integer(&row, 0) };
    struct str *const texts[] = { &r.action, &r.subject, &r.account_ref, &r.subscription_ref,
                                  &r.method, &r.target,  &r.content_type };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = text_keep(a, db_text(&row, (int)i + 1));
    struct str *const more_texts[] = { &r.plan,           &r.plan_hash, &r.summary,    &r.reason,
                                       &r.purchase_order, &r.requester, &r.proposed_by };
    for (size_t i = 0; i < ARRAY_LEN(more_texts); i++)
        *more_texts[i] = text_keep(a, db_text(&row, (int)i + 9));
    r.proposed_at = db_integer(&row, 16);
    r.likeness = text_keep(a, db_text(&row, 17));
    if (!db_is_null(&row, 8))
        TRY(store_unseal(store, a, seal_identity(a, id), db_text(&row, 8), &r.body, err));
    *ret_row = r;
    return ST_OK;
}

enum status decision_add(struct store *store, struct db *db, struct decision_row *row,
                         struct error *err)
{
    row->id = id_new(store->clock);
    row->decided_at = store_now(store);
    return db_run(db, &proposal_statements[DECIDE],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->proposal_id),
                            db_t(row->verdict), db_t(row->plan_hash), db_t(row->decided_by),
                            db_i(row->decided_at)),
                  NULL, err);
}
