/* Decisions: a person's yes to one plan, to the byte. Only `review_approve` makes one, so whoever
 * holds a decision knows that policy was asked and that the approval is committed. */
#pragma once

#include "store/connections.h"
#include "store/proposals.h"

struct decision;

/* Whether anything may be changed through this connection: ST_RULE, with what to do, when not. A
 * connection to a live service is read-only until somebody switches buying on; one to a simulator
 * on this machine is not. */
enum status review_may_change(struct store *store, struct db *db,
                              const struct connection_row *connection, struct error *err);

/* Commits proposal and approval in one transaction. `actor` is the operating system's user on the
 * command line. The decision lives as long as the arena. */
enum status review_approve(struct store *store, struct db *db, struct arena *a,
                           const struct connection_row *connection, struct proposal_row *proposal,
                           struct str actor, const struct decision **ret_decision,
                           struct error *err);

int64_t decision_id(const struct decision *decision);
int64_t decision_proposal(const struct decision *decision);

/* Whether it approved a plan of this hash. */
bool decision_covers(const struct decision *decision, struct str plan_hash);
