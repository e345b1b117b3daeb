/* The history of subscriptions: what changed, when we noticed, and from which source. */
#pragma once

#include "store/store.h"

/* One entry. Texts are what people see: "42", "18.04 USD". */
struct change_row {
    int64_t id, subscription_id, noticed_at;
    struct str source, field, before, after; /* before or after may be STR_NONE */
};

/* In the caller's transaction. */
enum status change_add(struct store *store, struct db *db, const struct change_row *row,
                       struct error *err);

/* Oldest first; text borrowed until the next step. */
enum status change_list(struct store *store, struct db *db, int64_t subscription_id,
                        struct db_cursor *ret_cursor, struct error *err);
enum status change_next(struct db_cursor *cursor, struct change_row *ret_row, bool *ret_more,
                        struct error *err);

extern const struct statement change_statements[];
