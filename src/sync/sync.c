/* A run from its lease to its end. */
#include "sync/sync.h"

#include "base/log.h"
#include "store/leases.h"
#include "store/presence.h"
#include "store/sync_runs.h"
#include "sync/run.h"

#define RESUME_WITHIN_MS  INT64_C(21600000) /* a run older than six hours is begun anew */
#define PROGRESS_EVERY_MS 200
#define LEASE_EVERY_MS    30000
#define VANISHED_FEW      5
#define VANISHED_SHARE    5 /* one in five: 20 % */

enum status worker_open(struct sync_worker *w, struct sync_run *run, struct error *err)
{
    *w = (struct sync_worker){
        .run = run,
        .page = ARENA(LIMIT_PAGE_BYTES),
        .services = TEXT_MAP,
    };
    TRY(store_connect(run->store, &w->db, err));
    w->transport = run->transports->make(run->transports);
    call_init(&w->call, run->client, w->transport);
    return ST_OK;
}

void worker_close(struct sync_worker *w)
{
    if (w->transport != NULL)
        call_release(&w->call);
    transport_free(&w->transport);
    db_close(w->db);
    arena_free(&w->page);
    arena_free(&w->account);
    arena_free(&w->lasting);
    text_map_release(&w->services);
}

bool error_stops_run(enum status s)
{
    switch ((int)s) {
    case ST_CREDENTIALS:
    case ST_TOKEN_LOST:
    case ST_PAUSED:
    case ST_UNREACHABLE:
    case ST_UNKNOWN: /* a token refresh without an answer */
    case ST_STORE:
    case ST_FULL:
    case ST_BUSY:
    case ST_KEY:
    case ST_CANCELLED:
    case ST_INTERNAL:
        return true;
    default:
        return false;
    }
}

static void show_progress(struct sync_run *run)
{
    struct clock *clock = run->store->clock;
    int64_t now = clock->monotonic_ms(clock);
    if (run->options->progress == NULL || now - run->last_progress_ms < PROGRESS_EVERY_MS)
        return;
    run->last_progress_ms = now;
    run->options->progress(run->options->progress_context, &run->result);
}

void run_count(struct sync_run *run, const struct sync_counts *c)
{
    (void)pthread_mutex_lock(&run->lock);
    struct sync_result *r = &run->result;
    r->n_accounts += c->n_accounts;
    r->n_accounts_new += c->n_accounts_new;
    r->n_accounts_done += c->n_accounts_done;
    r->n_seen += c->n_seen;
    r->n_new += c->n_new;
    r->n_changed += c->n_changed;
    r->n_unchanged += c->n_unchanged;
    r->n_pages += c->n_pages;
    r->n_requests += c->n_requests;
    r->n_bytes += c->n_bytes;
    show_progress(run);
    (void)pthread_mutex_unlock(&run->lock);
}

void run_failed(struct sync_run *run, struct str account_id, struct str account_name,
                const struct error *error)
{
    (void)pthread_mutex_lock(&run->lock);
    struct sync_result *r = &run->result;
    ARENA_GROW(run->arena, run->failures, r->n_failures, run->failure_room);
    run->failures[r->n_failures++] =
        (struct sync_failure){ arena_copy(run->arena, account_id),
                               arena_copy(run->arena, account_name), *error };
    r->failures = run->failures;
    (void)pthread_mutex_unlock(&run->lock);
}

static void stop_run(struct sync_run *run, enum status s, const struct error *error)
{
    (void)pthread_mutex_lock(&run->lock);
    if (run->fatal == ST_OK) {
        run->fatal = s;
        run->fatal_error = *error;
    }
    (void)pthread_mutex_unlock(&run->lock);
}

bool run_is_stopped(struct sync_run *run)
{
    if (run->options->cancelled != NULL && atomic_load(run->options->cancelled))
        return true;
    (void)pthread_mutex_lock(&run->lock);
    bool stopped = run->fatal != ST_OK;
    (void)pthread_mutex_unlock(&run->lock);
    return stopped;
}

static const char *lease_name(struct arena *a, const struct sync_run *run)
{
    return arena_printf(a, "the sync of connection %.*s", STR_PRINT(run->client->connection));
}

/* The lease is renewed by whichever worker finds it old. */
enum status run_renew(struct sync_worker *w, struct error *err)
{
    struct sync_run *run = w->run;
    struct clock *clock = run->store->clock;
    int64_t now = clock->monotonic_ms(clock);
    (void)pthread_mutex_lock(&run->lock);
    bool is_due = now - run->last_lease_ms > LEASE_EVERY_MS;
    if (is_due)
        run->last_lease_ms = now;
    (void)pthread_mutex_unlock(&run->lock);
    if (!is_due)
        return ST_OK;
    return lease_take(run->store, w->db, lease_name(&w->account, run), run->connection_id,
                      LIMIT_SYNC_LEASE_MS, NULL, err);
}

static const struct account_name *next_account(struct sync_run *run)
{
    (void)pthread_mutex_lock(&run->lock);
    while (run->next_account < run->n_accounts && run->accounts[run->next_account].is_gone)
        run->next_account++;
    const struct account_name *account =
        run->next_account < run->n_accounts ? &run->accounts[run->next_account++] : NULL;
    (void)pthread_mutex_unlock(&run->lock);
    return account;
}

static void do_account(struct sync_worker *w, const struct account_name *account)
{
    struct sync_run *run = w->run;
    struct error err;
    bool done = false;
    int64_t requests_before = w->call.n_requests;
    enum status s =
        sync_account_done(run->store, w->db, run->connection_id, account->id, run->id, &done, &err);
    if (s == ST_OK && !done)
        s = pull_subscriptions(w, account, &err);
    struct sync_counts counts = { .n_accounts_done = !done && s == ST_OK,
                                  .n_requests = w->call.n_requests - requests_before };
    run_count(run, &counts);
    log_write(LOG_SYNC_ACCOUNT, LOG_T("connection", run->client->connection),
              LOG_T("account", account->remote_id), LOG_T("status", str_of(status_row(s)->name)));
    if (s == ST_OK)
        return;
    if (error_stops_run(s))
        stop_run(run, s, &err);
    else
        run_failed(run, account->remote_id, account->name, &err);
}

static void *work(void *context)
{
    struct sync_run *run = context;
    struct sync_worker worker;
    struct error err;
    enum status s = worker_open(&worker, run, &err);
    if (s != ST_OK)
        stop_run(run, s, &err);
    const struct account_name *account;
    while (!run_is_stopped(run) && (account = next_account(run)) != NULL)
        do_account(&worker, account);
    worker_close(&worker);
    return NULL;
}

static void work_together(struct sync_run *run)
{
    pthread_t threads[LIMIT_WORKERS];
    int n = run->options->concurrency, started = 0;
    n = n < 1 ? 1 : n > LIMIT_WORKERS ? LIMIT_WORKERS : n;
    if ((size_t)n > run->n_accounts)
        n = (int)run->n_accounts;
    while (started < n && pthread_create(&threads[started], NULL, work, run) == 0)
        started++;
    if (started == 0 && n > 0)
        (void)work(run); /* no thread to be had: alone, then */
    for (int i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
}

/* Marks what vanished, unless it is too much to believe. */
static enum status settle_vanished(struct sync_run *run, struct error *err)
{
    struct store *store = run->store;
    struct vanished v;
    TRY(vanished_count(store, store->db, run->connection_id, GONE_AFTER_RUNS, &v, err));
    run->result.n_vanished = v.n_vanished;
    run->result.n_present = v.n_present - v.n_vanished;
    bool too_many = v.n_vanished > VANISHED_FEW && v.n_vanished * VANISHED_SHARE > v.n_present;
    if (too_many && !run->options->accept_vanished) {
        run->result.vanished_held = true;
        run->result.n_present = v.n_present;
        fail(err, ST_VANISHED,
             "%lld of %lld subscriptions of connection %.*s were missing twice in a row: too many "
             "to believe, so none was marked as gone",
             (long long)v.n_vanished, (long long)v.n_present, STR_PRINT(run->client->connection));
        hint(err, "Check reseller, environment and permissions at the marketplace. If they are "
                  "really gone, run: stellion sync --accept-vanished");
        return ST_VANISHED;
    }
    SCOPED(db_abandon) struct db *db = store->db;
    TRY(db_begin(db, RELAXED, err));
    TRY(vanished_mark(store, db, run->connection_id, GONE_AFTER_RUNS, err));
    return db_commit(db, err);
}

static enum status say_partial(const struct sync_run *run, struct error *err)
{
    const struct sync_failure *first = &run->failures[0];
    fail(err, ST_PARTIAL,
         "%zu of %lld customers of connection %.*s could not be synced; first %.*s %.*s: %s",
         run->result.n_failures, (long long)run->result.n_accounts,
         STR_PRINT(run->client->connection), STR_PRINT(first->account_id),
         STR_PRINT(first->account_name), first->error.text);
    hint(err, "The others are up to date. Run the sync again; it asks for all of them.");
    return ST_PARTIAL;
}

static enum status end_run(struct sync_run *run, enum status s, struct error *err)
{
    struct store *store = run->store;
    if (s == ST_CANCELLED)
        return s; /* stays open: the next run takes it up */
    /* Customers that failed count nothing as missing; the others are settled without them. */
    bool is_partial = s == ST_OK && run->result.n_failures > 0;
    if (s == ST_OK)
        s = settle_vanished(run, err);
    if (s == ST_OK && is_partial)
        s = say_partial(run, err);
    const char *state = is_partial                       ? RUN_PARTIAL
                        : s == ST_OK || s == ST_VANISHED ? RUN_DONE
                                                         : RUN_FAILED;
    struct error second;
    SCOPED(db_abandon) struct db *db = store->db;
    enum status ended = db_begin(db, SYNCED, &second);
    if (ended == ST_OK)
        ended = sync_run_end(store, db, run->id, state, s == ST_OK ? STR_NONE : str_of(err->text),
                             &second);
    if (ended == ST_OK)
        ended = db_commit(db, &second);
    if (s != ST_OK || ended == ST_OK)
        return s;
    *err = second;
    return ended;
}

static enum status pull_all(struct sync_run *run, struct error *err)
{
    struct sync_worker worker;
    enum status s = worker_open(&worker, run, err);
    if (s == ST_OK)
        s = pull_accounts(&worker, err);
    struct sync_counts counts = { .n_requests = worker.call.n_requests };
    worker_close(&worker);
    run_count(run, &counts);
    if (s != ST_OK)
        return s;
    TRY(account_names(run->store, run->store->db, run->arena, run->connection_id, &run->accounts,
                      &run->n_accounts, err));
    work_together(run);
    if (run->fatal != ST_OK) {
        *err = run->fatal_error;
        return run->fatal;
    }
    if (run->options->cancelled != NULL && atomic_load(run->options->cancelled))
        return fail(err, ST_CANCELLED, "the sync of connection %.*s was stopped",
                    STR_PRINT(run->client->connection));
    return ST_OK;
}

static enum status begin_run(struct sync_run *run, struct error *err)
{
    struct store *store = run->store;
    SCOPED(db_abandon) struct db *db = store->db;
    TRY(db_begin(db, SYNCED, err));
    TRY(sync_run_begin(store, db, run->connection_id, RESUME_WITHIN_MS, &run->id,
                       &run->result.resumed, err));
    TRY(db_commit(db, err));
    run->result.run = run->id;
    return ST_OK;
}

enum status sync_connection(struct store *store, struct client *client, int64_t connection_id,
                            struct transport_maker *transports, const struct sync_options *options,
                            struct arena *a, struct sync_result *ret_result, struct error *err)
{
    struct clock *clock = store->clock;
    int64_t started = clock->monotonic_ms(clock);
    struct sync_run run = {
        .store = store,
        .client = client,
        .connector = client->connector,
        .connection_id = connection_id,
        .options = options,
        .transports = transports,
        .arena = a,
        .last_lease_ms = started,
    };
    (void)pthread_mutex_init(&run.lock, NULL);
    const char *lease = lease_name(a, &run);
    enum status s =
        lease_take(store, store->db, lease, connection_id, LIMIT_SYNC_LEASE_MS, NULL, err);
    bool is_leased = s == ST_OK;
    if (s == ST_OK)
        s = begin_run(&run, err);
    if (s == ST_OK)
        s = end_run(&run, pull_all(&run, err), err);
    struct error ignored;
    if (is_leased) /* should this fail, the lease ends by itself */
        (void)lease_release(store, store->db, lease, connection_id, &ignored);
    (void)pthread_mutex_destroy(&run.lock);
    run.result.ms = clock->monotonic_ms(clock) - started;
    *ret_result = run.result;
    return s;
}

static enum status pull_one(struct sync_run *run, struct str account, struct error *err)
{
    struct sync_worker worker;
    struct account_row row;
    enum status s = account_find(run->store, run->store->db, run->arena, run->connection_id,
                                 account, &row, err);
    if (s == ST_NOT_FOUND)
        return ST_OK;
    TRY(s);
    struct account_name name = { .id = row.id,
                                 .remote_id = row.record.remote_id,
                                 .name = row.record.name };
    s = worker_open(&worker, run, err);
    if (s == ST_OK)
        s = pull_subscriptions(&worker, &name, err);
    worker_close(&worker);
    return s;
}

enum status sync_one_account(struct store *store, struct client *client, int64_t connection_id,
                             struct transport_maker *transports, struct str account,
                             struct arena *a, struct error *err)
{
    static const struct sync_options quiet = { .concurrency = 1 };
    struct sync_run run = {
        .store = store,
        .client = client,
        .connector = client->connector,
        .connection_id = connection_id,
        .options = &quiet,
        .transports = transports,
        .arena = a,
        .is_one_account = true,
        .last_lease_ms = store->clock->monotonic_ms(store->clock),
    };
    const char *lease = lease_name(a, &run);
    TRY(lease_take(store, store->db, lease, connection_id, LIMIT_SYNC_LEASE_MS, NULL, err));
    (void)pthread_mutex_init(&run.lock, NULL);
    enum status s = pull_one(&run, account, err);
    struct error ignored;
    /* should this fail, the lease ends by itself */
    (void)lease_release(store, store->db, lease, connection_id, &ignored);
    (void)pthread_mutex_destroy(&run.lock);
    return s;
}
