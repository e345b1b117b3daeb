/* Approving. */
#include "review/decision.h"

#include "base/uri.h"
#include "store/policies.h"

struct decision {
    int64_t id, proposal_id;
    struct str plan_hash;
};

static bool is_live(const struct connection_row *connection)
{
    struct uri uri;
    struct error ignored;
    return uri_parse(connection->base_url, &uri, &ignored) != ST_OK || !uri_is_loopback(&uri);
}

enum status review_may_change(struct store *store, struct db *db,
                              const struct connection_row *connection, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct buying_policy_row policy;
    TRY(buying_policy_load(store, db, &a, connection->id, &policy, err));
    bool is_about_this = policy.is_known && str_equal(policy.base_url, connection->base_url);
    if (is_about_this ? policy.is_on : !is_live(connection))
        return ST_OK;
    fail(err, ST_RULE, "connection %.*s is read-only: %s", STR_PRINT(connection->name),
         is_about_this     ? "buying was switched off"
         : policy.is_known ? "it leads to another address than when buying was switched on"
                           : "it leads to a live service, and nobody has switched buying on");
    hint(err, "Switch it on: stellion policy buying on --connection %.*s",
         STR_PRINT(connection->name));
    return ST_RULE;
}

enum status review_approve(struct store *store, struct db *db, struct arena *a,
                           const struct connection_row *connection, struct proposal_row *proposal,
                           struct str actor, const struct decision **ret_decision,
                           struct error *err)
{
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(review_may_change(store, db, connection, err));
    proposal->proposed_by = actor;
    TRY(proposal_add(store, db, proposal, err));
    struct decision_row row = {
        .proposal_id = proposal->id,
        .verdict = STR("approved"),
        .plan_hash = proposal->plan_hash,
        .decided_by = actor,
    };
    TRY(decision_add(store, db, &row, err));
    TRY(db_commit(db, err));
    struct decision *decision = ARENA_NEW(a, struct decision);
    *decision = (struct decision){ row.id, proposal->id, arena_copy(a, proposal->plan_hash) };
    *ret_decision = decision;
    return ST_OK;
}

int64_t decision_id(const struct decision *decision)
{
    return decision->id;
}

int64_t decision_proposal(const struct decision *decision)
{
    return decision->proposal_id;
}

bool decision_covers(const struct decision *decision, struct str plan_hash)
{
    return str_equal(decision->plan_hash, plan_hash);
}
