/* Purchases and their journal: each step is a row that is committed before the next is taken. */
#pragma once

#include "store/store.h"

struct purchase_row {
    int64_t id, proposal_id, decision_id, connection_id;
    struct str place;          /* the service that it goes to, whichever connection leads there */
    struct str scope;          /* what the subject is: SCOPE_... */
    struct str subject;        /* what only one open purchase may touch at a time */
    struct str owner, machine; /* the process that sends it */
    struct str state;          /* names in licence/purchase.h */
    bool is_open;
    struct str mark;               /* of ours in the order at the remote; or STR_NONE */
    struct str snapshot;           /* JSON: the customer's subscriptions just before */
    struct str remote_ref;         /* operation or order at the remote; or STR_NONE */
    int64_t http_status;           /* 0: no answer */
    struct str request_id, answer; /* or STR_NONE; the answer with its passwords hidden */
    struct str note;               /* one sentence on how it stands; or STR_NONE */
    int64_t created_at, changed_at;

    /* Of its proposal; filled by find and list only */
    struct str action, summary, account_ref, subscription_ref, reason, purchase_order, requester;
    struct str proposed_by, plan_hash;
};

#define SCOPE_SUBSCRIPTION "subscription"
#define SCOPE_CUSTOMER     "customer" /* something new, or several subscriptions */
#define SCOPE_SERVICE      "service"  /* it is not known what it touches */

/* Adds the row and its first step. ST_CONFLICT when its subject has an open purchase already. In
 * the caller's transaction. */
enum status purchase_add(struct store *store, struct db *db, struct purchase_row *row,
                         struct error *err);

/* Writes state, reference, answer and note, and appends a step. In the caller's transaction.
 * ST_CONFLICT when it is closed, or no longer in the state `from`: somebody else went on with it.
 */
enum status purchase_step(struct store *store, struct db *db, struct purchase_row *row,
                          struct str from, struct error *err);

enum status purchase_find(struct store *store, struct db *db, struct arena *a, int64_t id,
                          struct purchase_row *ret_row, struct error *err);

/* An open one that stands in the way of `wanted` (its place, scope, subject and account_ref): of
 * the same subject; of the same customer where either touches more than one subscription of it;
 * any, where it is not known what either touches. ST_NOT_FOUND when there is none. */
enum status purchase_find_open(struct store *store, struct db *db, struct arena *a,
                               const struct purchase_row *wanted, struct purchase_row *ret_row,
                               struct error *err);

/* Steps that purchases at this place have taken for this customer (STR_NONE: for all): the same
 * number twice tells that nothing went on between. */
enum status purchase_activity(struct store *store, struct db *db, struct str place,
                              struct str account_ref, int64_t *ret_n, struct error *err);

/* Whether this action was ever verified at this place. */
enum status purchase_proven(struct store *store, struct db *db, struct str place, struct str action,
                            bool *ret_is_proven, struct error *err);

/* New subscriptions that other purchases of this customer brought. */
enum status purchase_claims(struct store *store, struct db *db, struct arena *a,
                            const struct purchase_row *row, const struct str **ret_ids,
                            size_t *ret_n, struct error *err);

/* The newest that was to bring about the same and was not refused; ST_NOT_FOUND when there is none.
 */
enum status purchase_find_same(struct store *store, struct db *db, struct arena *a,
                               struct str likeness, int64_t since_at, struct purchase_row *ret_row,
                               struct error *err);

/* Newest first; only open ones when so wished. */
enum status purchase_list(struct store *store, struct db *db, struct arena *a, bool open_only,
                          const struct purchase_row **ret_rows, size_t *ret_n, struct error *err);

struct purchase_step_row {
    struct str state, note;
    int64_t at;
};
enum status purchase_steps(struct store *store, struct db *db, struct arena *a, int64_t id,
                           const struct purchase_step_row **ret_rows, size_t *ret_n,
                           struct error *err);

struct purchase_item_row {
    int number;                                              /* from 1 */
    struct str what, wanted, found, state, subscription_ref; /* found, ref: or STR_NONE */
};
/* Adds or replaces. In the caller's transaction. */
enum status purchase_item_save(struct store *store, struct db *db, int64_t id,
                               const struct purchase_item_row *row, struct error *err);
enum status purchase_items(struct store *store, struct db *db, struct arena *a, int64_t id,
                           const struct purchase_item_row **ret_rows, size_t *ret_n,
                           struct error *err);

extern const struct statement purchase_statements[];
