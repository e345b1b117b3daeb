/* What changed between two readings of a subscription: which columns, and which of them belong into
 * its history. */
#pragma once

#include "store/store.h"
#include "store/subscriptions.h"

/* True when a column differs. */
bool subscription_differs(const struct subscription_row *before,
                          const struct subscription_row *after);

/* Appends a history entry for each tracked column that differs; `before` NULL: the subscription is
 * new, and its quantity starts the history. `source` is who noticed: "sync", "purchase". In the
 * caller's transaction. */
enum status subscription_log(struct store *store, struct db *db, const char *source,
                             const struct subscription_row *before,
                             const struct subscription_row *after, struct error *err);
