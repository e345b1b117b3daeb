/* Purchases and their journal: each step is a row that is committed before the next is taken. */
#pragma once

#include "store/store.h"

struct purchase_row {
    int64_t id, proposal_id, decision_id, connection_id;
    struct str subject;
    struct str state; /* names in licence/purchase.h */
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

/* Adds the row and its first step. ST_CONFLICT when its subject has an open purchase already. In
 * the caller's transaction. */
enum status purchase_add(struct store *store, struct db *db, struct purchase_row *row,
                         struct error *err);

/* Writes state, reference, answer and note, and appends a step. In the caller's transaction.
 * ST_CONFLICT when it is closed already. */
enum status purchase_step(struct store *store, struct db *db, struct purchase_row *row,
                          struct error *err);

enum status purchase_find(struct store *store, struct db *db, struct arena *a, int64_t id,
                          struct purchase_row *ret_row, struct error *err);

/* The open one of a subject; ST_NOT_FOUND when there is none. */
enum status purchase_find_open(struct store *store, struct db *db, struct arena *a,
                               int64_t connection_id, struct str subject,
                               struct purchase_row *ret_row, struct error *err);

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
