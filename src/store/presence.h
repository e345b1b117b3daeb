/* What is still at the remote. A sync never deletes: what complete listings do not see any more is
 * counted, and marked as gone when it was missed often enough. */
#pragma once

#include "store/store.h"

/* All subscriptions of an account, gone ones too. */
struct present_row {
    int64_t id;
    struct str remote_id;
    int missed_runs;
    bool is_gone;
};
enum status subscriptions_present(struct store *store, struct db *db, struct arena *a,
                                  int64_t account_id, const struct present_row **ret_rows,
                                  size_t *ret_n, struct error *err);

/* A complete listing did not see it (missed_runs + 1), or saw it (0: also no longer gone). In the
 * caller's transaction. */
enum status subscription_set_missed(struct store *store, struct db *db, int64_t id, int missed_runs,
                                    struct error *err);

/* Marking as gone: how many would be, how many there are, and doing it. */
struct vanished {
    int64_t n_vanished, n_present;
};
enum status vanished_count(struct store *store, struct db *db, int64_t connection_id, int runs,
                           struct vanished *ret_vanished, struct error *err);
enum status vanished_mark(struct store *store, struct db *db, int64_t connection_id, int runs,
                          struct error *err);

extern const struct statement presence_statements[];
