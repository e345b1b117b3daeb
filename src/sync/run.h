/* What the parts of a sync share. Not for others. */
#pragma once

#include "base/text_map.h"
#include "client/page.h"
#include "remote/connector.h"
#include "store/accounts.h"
#include "store/documents.h"
#include "sync/sync.h"

#include <pthread.h>

#define KIND_ACCOUNT      "account"
#define KIND_SUBSCRIPTION "subscription"
#define GONE_AFTER_RUNS   2

struct sync_run {
    struct store *store;
    struct client *client;
    const struct connector *connector;
    int64_t connection_id, id;
    const struct sync_options *options;
    struct transport_maker *transports;
    bool is_one_account;           /* not a whole run: nothing is settled */
    struct account_name *accounts; /* to ask about */
    size_t n_accounts;

    pthread_mutex_t lock; /* guards what follows, the arena and the progress call */
    struct arena *arena;
    struct sync_result result;
    struct sync_failure *failures;
    size_t failure_room;
    size_t next_account;
    enum status fatal; /* what stops the whole run */
    struct error fatal_error;
    int64_t last_progress_ms, last_lease_ms;
};

/* One thread's share: a connection to the database, a transport, memory of a page. */
struct sync_worker {
    struct sync_run *run;
    struct db *db;
    struct transport *transport;
    struct call call;
    struct arena page;        /* of one page */
    struct arena account;     /* of one account */
    struct arena lasting;     /* of the worker */
    struct text_map services; /* content of services that are stored already, to their index */
    int64_t *service_ids;
    size_t n_services, service_room;
};

enum status worker_open(struct sync_worker *worker, struct sync_run *run, struct error *err);
void worker_close(struct sync_worker *worker);

/* Adds to the result, under the lock, and lets the caller see it now and then. */
struct sync_counts {
    int64_t n_accounts, n_accounts_new, n_accounts_done;
    int64_t n_seen, n_new, n_changed, n_unchanged, n_pages, n_requests, n_bytes;
};
void run_count(struct sync_run *run, const struct sync_counts *counts);
void run_failed(struct sync_run *run, struct str account_id, struct str account_name,
                const struct error *error);
bool run_is_stopped(struct sync_run *run);

/* Renews the run's lease when it grows old; called for every page. */
enum status run_renew(struct sync_worker *worker, struct error *err);

/* True when an error means that asking for other accounts is pointless. */
bool error_stops_run(enum status status);

/* The list of accounts, page by page, into the store. */
enum status pull_accounts(struct sync_worker *worker, struct error *err);

/* The subscriptions of one account. */
enum status pull_subscriptions(struct sync_worker *worker, const struct account_name *account,
                               struct error *err);

/* Finds or makes the account of this remote id; a new one is a stub until the list brings it. In
 * the caller's transaction. */
enum status account_for(struct sync_worker *worker, struct str remote_id, struct str name,
                        int64_t *ret_id, struct error *err);
