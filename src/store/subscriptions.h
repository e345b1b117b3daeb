/* Subscriptions as the last sync saw them. */
#pragma once

#include "remote/record.h"
#include "store/store.h"

struct subscription_row {
    int64_t id, connection_id, account_id, service_id;
    struct subscription_record record; /* account_id, account_name, vendor: see below */
    int missed_runs;
    bool is_gone;
    int64_t gone_at, first_seen_at, changed_at;

    /* Filled by subscription_next only */
    struct str connection, connector; /* name and kind */
    struct str account_remote_id, account_name;
};

/* By the remote's id; ST_NOT_FOUND when it is new. Texts in the arena. */
enum status subscription_find(struct store *store, struct db *db, struct arena *a,
                              int64_t connection_id, struct str remote_id,
                              struct subscription_row *ret_row, struct error *err);

/* Adds a row (id 0: a new id is put into it) or writes it over, in the caller's transaction. */
enum status subscription_save(struct store *store, struct db *db, struct subscription_row *row,
                              struct error *err);

/* All subscriptions of all connections, with their accounts, by connection, account and id. The
 * row's text is borrowed until the next step. */
enum status subscription_list(struct store *store, struct db *db, struct db_cursor *ret_cursor,
                              struct error *err);
enum status subscription_next(struct db_cursor *cursor, struct subscription_row *ret_row,
                              bool *ret_more, struct error *err);

/* Copies the row's texts into the arena, so that it outlives its cursor. */
void subscription_keep(struct arena *a, struct subscription_row *row);

extern const struct statement subscription_statements[];
