/* Pulling a remote into the store: its accounts, then the subscriptions of each, several accounts
 * at once.
 *
 * One page, one transaction. A record whose raw bytes are unchanged is not parsed; one whose
 * content is unchanged is not written; every change of what matters goes into the history. Nothing
 * is ever deleted: what two complete runs in a row did not list is marked as gone, unless it is too
 * much to believe. A failing account does not stop the others. A killed run is taken up where it
 * was. */
#pragma once

#include "client/call.h"
#include "store/store.h"

#define SYNC_CONCURRENCY 8

struct sync_failure {
    struct str account_id, account_name; /* of the remote; "" for the list of accounts itself */
    struct error error;
};

/* What a run did. Lists and texts live in the arena given to sync_connection. */
struct sync_result {
    int64_t run;
    bool resumed;
    int64_t n_accounts, n_accounts_new;
    int64_t n_accounts_done; /* listed in this process; the rest was done before it was killed */
    int64_t n_seen, n_new, n_changed, n_unchanged; /* subscriptions */
    int64_t n_vanished;                            /* not listed by two complete runs in a row */
    bool vanished_held; /* ...and not marked as gone, because they are too many */
    int64_t n_present;
    int64_t n_pages, n_requests, n_bytes, ms;
    const struct sync_failure *failures; /* accounts that failed or were listed incompletely */
    size_t n_failures;
};

struct sync_options {
    int concurrency;
    bool accept_vanished; /* mark as gone however many vanished */
    const atomic_bool *cancelled;
    /* Called now and then, from one thread at a time; may be NULL. */
    void (*progress)(void *context, const struct sync_result *so_far);
    void *progress_context;
};

/* Makes a transport for a worker thread. */
struct transport_maker {
    struct transport *(*make)(struct transport_maker *self);
};

/* Syncs one connection. The result is filled in also when it fails.
 * ST_PARTIAL: some accounts failed. ST_EMPTY: the remote lists no account at all. ST_VANISHED: see
 * vanished_held. ST_BUSY: another process is syncing it. ST_CANCELLED: told to stop; a later run
 * goes on from there. What stops a whole run: credentials, an unreachable remote, the store. */
enum status sync_connection(struct store *store, struct client *client, int64_t connection_id,
                            struct transport_maker *transports, const struct sync_options *options,
                            struct arena *a, struct sync_result *ret_result, struct error *err);

/* The subscriptions of one customer that the store knows already, after something was changed
 * there. Marks nothing as gone. Does nothing for a customer that was never synced. ST_BUSY: a sync
 * is under way, which brings them. */
enum status sync_one_account(struct store *store, struct client *client, int64_t connection_id,
                             struct transport_maker *transports, struct str account,
                             struct arena *a, struct error *err);
