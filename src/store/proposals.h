/* Proposals and decisions: what could be sent, to the byte, and what a person said to it. */
#pragma once

#include "store/store.h"

struct proposal_row {
    int64_t id, connection_id;
    struct str action;
    struct str subject;                       /* what only one open purchase may touch at a time */
    struct str account_ref, subscription_ref; /* the remote's ids; or STR_NONE */
    struct str method, target, content_type;  /* the last may be STR_NONE */
    const struct secret *body;  /* sealed at rest, since it may hold a token; or NULL */
    struct str plan, plan_hash; /* JSON, and the hash that a decision binds to */
    struct str likeness;        /* the same for the same thing wanted twice */
    struct str summary;         /* one line for people */
    struct str reason, purchase_order, requester; /* or STR_NONE */
    struct str proposed_by;
    int64_t proposed_at;
};

/* Adds a row; the id is made and put into it. In the caller's transaction. */
enum status proposal_add(struct store *store, struct db *db, struct proposal_row *row,
                         struct error *err);
enum status proposal_find(struct store *store, struct db *db, struct arena *a, int64_t id,
                          struct proposal_row *ret_row, struct error *err);

struct decision_row {
    int64_t id, proposal_id;
    struct str verdict; /* "approved", "rejected" */
    struct str plan_hash, decided_by;
    int64_t decided_at;
};

/* ST_CONFLICT when the proposal has been decided already. In the caller's transaction. */
enum status decision_add(struct store *store, struct db *db, struct decision_row *row,
                         struct error *err);

extern const struct statement proposal_statements[];
