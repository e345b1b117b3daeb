/* Runs of a sync, and how far each account got: what makes a killed run resumable. */
#pragma once

#include "store/store.h"

#define RUN_RUNNING "running"
#define RUN_DONE    "done"    /* everything was listed */
#define RUN_PARTIAL "partial" /* some accounts failed or were listed incompletely */
#define RUN_FAILED  "failed"

struct sync_run_row {
    int64_t id, connection_id, started_at, ended_at; /* ended_at 0: not ended */
    struct str state, note;
};

/* Starts a run, or takes up the last one when it was never ended and is younger than `max_age_ms`.
 * In the caller's transaction. */
enum status sync_run_begin(struct store *store, struct db *db, int64_t connection_id,
                           int64_t max_age_ms, int64_t *ret_run, bool *ret_resumed,
                           struct error *err);
enum status sync_run_end(struct store *store, struct db *db, int64_t run, const char *state,
                         struct str note, struct error *err);

/* The last run of a connection; ST_NOT_FOUND when there was none. */
enum status sync_run_last(struct store *store, struct db *db, struct arena *a,
                          int64_t connection_id, struct sync_run_row *ret_row, struct error *err);

struct sync_account_row {
    int64_t connection_id, account_id, run_id, n_records;
    bool is_complete;
};

/* In the caller's transaction: the one of the last page. */
enum status sync_account_save(struct store *store, struct db *db,
                              const struct sync_account_row *row, struct error *err);

/* Whether this run has listed the account already. */
enum status sync_account_done(struct store *store, struct db *db, int64_t connection_id,
                              int64_t account_id, int64_t run, bool *ret_done, struct error *err);

extern const struct statement sync_run_statements[];
