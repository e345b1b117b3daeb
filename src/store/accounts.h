/* Accounts: customers as each remote knows them. */
#pragma once

#include "remote/record.h"
#include "store/store.h"

struct account_row {
    int64_t id, connection_id;
    struct account_record record;
    bool is_listed; /* by the remote's own list; else known from its subscriptions only */
    int missed_runs;
    bool is_gone;
    int64_t first_seen_at, gone_at;
    struct str connection;   /* name; filled by account_next only */
    int64_t n_subscriptions; /* not gone; filled by account_next only */
};

/* By the remote's id; ST_NOT_FOUND when it is new. */
enum status account_find(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                         struct str remote_id, struct account_row *ret_row, struct error *err);

/* Adds a row (id 0: a new id is put into it) or writes it over, in the caller's transaction. */
enum status account_save(struct store *store, struct db *db, struct account_row *row,
                         struct error *err);

/* Every account of one connection, or of all when it is 0, by name. The row's text is borrowed
 * until the next step. Close with db_done. */
enum status account_list(struct store *store, struct db *db, int64_t connection_id,
                         struct db_cursor *ret_cursor, struct error *err);
enum status account_next(struct db_cursor *cursor, struct account_row *ret_row, bool *ret_more,
                         struct error *err);

/* All accounts of a connection, gone ones too, in order of id: what a sync has to ask about. */
struct account_name {
    int64_t id;
    struct str remote_id, name;
    int missed_runs;
    bool is_gone;
};
enum status account_names(struct store *store, struct db *db, struct arena *a,
                          int64_t connection_id, struct account_name **ret_names, size_t *ret_n,
                          struct error *err);

/* A complete listing did not see it (missed_runs + 1), or saw it (0: also no longer gone). In the
 * caller's transaction. */
enum status account_set_missed(struct store *store, struct db *db, int64_t id, int missed_runs,
                               struct error *err);

extern const struct statement account_statements[];
