/* stellion sync, with its progress. */
#include "cli/commands.h"

#include "base/moment.h"
#include "base/os.h"

struct settings {
    struct str connection;
    int64_t concurrency;
    bool accept_vanished;
};

static const struct option options[] = {
    { .name = "connection",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, connection),
      .argument = "NAME",
      .doc = "Only this connection. Default: all." },
    { .name = "concurrency",
      .kind = OPTION_NUMBER,
      .offset = offsetof(struct settings, concurrency),
      .argument = "N",
      .doc = "Customers that are asked about at once. Default: 8.",
      .least = 1,
      .most = LIMIT_WORKERS },
    { .name = "accept-vanished",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, accept_vanished),
      .doc = "Mark as gone what two complete runs did not list, however much it is." },
    OPTION_END,
};

struct progress {
    struct str connection;
    bool is_terminal;
    int64_t last_plain_ms;
    bool has_line;
};

#define PLAIN_EVERY_MS 5000

static void show_progress(void *context, const struct sync_result *r)
{
    struct progress *p = context;
    struct clock *clock = clock_real();
    int64_t now = clock->monotonic_ms(clock);
    if (r->n_accounts == 0 || (!p->is_terminal && now - p->last_plain_ms < PLAIN_EVERY_MS))
        return;
    p->last_plain_ms = now;
    p->has_line = p->is_terminal;
    say("%s%.*s: %lld of %lld customers, %lld subscriptions%s", p->is_terminal ? "\r" : "",
        STR_PRINT(p->connection), (long long)r->n_accounts_done, (long long)r->n_accounts,
        (long long)r->n_seen, p->is_terminal ? "   " : "\n");
}

static void say_result(struct arena *a, const struct connection_row *row,
                       const struct sync_result *r)
{
    SCOPED(buf_release) struct buf took = BUF(64);
    duration_print(&took, r->ms);
    say("%.*s: %lld customers (%lld new), %lld subscriptions: %lld new, %lld changed, %lld "
        "unchanged; %lld requests, %s%s\n",
        STR_PRINT(row->name), (long long)r->n_accounts, (long long)r->n_accounts_new,
        (long long)r->n_seen, (long long)r->n_new, (long long)r->n_changed,
        (long long)r->n_unchanged, (long long)r->n_requests, took.at,
        r->resumed ? "; took up a run that was cut off" : "");
    if (r->n_vanished > 0 && !r->vanished_held)
        say("%.*s: %lld subscriptions are gone at the marketplace.\n", STR_PRINT(row->name),
            (long long)r->n_vanished);
    for (size_t i = 0; i < r->n_failures; i++) {
        const struct sync_failure *f = &r->failures[i];
        say("  customer %.*s %.*s: %s\n", STR_PRINT(printable(a, f->account_id)),
            STR_PRINT(printable(a, f->account_name)), f->error.text);
        if (f->error.request_id[0] != '\0')
            say("    request id %s\n", f->error.request_id);
    }
}

static enum status sync_one(struct context *c, const struct connection_row *row, struct error *err)
{
    const struct settings *s = c->settings;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct progress progress = { .connection = row->name,
                                 .is_terminal = os_is_terminal(2),
                                 .last_plain_ms = clock_real()->monotonic_ms(clock_real()) };
    struct sync_options options_of_run = {
        .concurrency = s->concurrency != 0 ? (int)s->concurrency : SYNC_CONCURRENCY,
        .accept_vanished = s->accept_vanished,
        .cancelled = c->cancelled,
        .progress = show_progress,
        .progress_context = &progress,
    };
    struct sync_result result;
    enum status status = hub_sync(c->hub, &a, row, &options_of_run, &result, err);
    if (progress.has_line)
        say("\r%60s\r", "");
    if (result.run != 0 && (status == ST_OK || result.n_accounts > 0))
        say_result(&a, row, &result);
    if (status != ST_OK &&
        strstr(err->text, arena_text(&a, row->name)) == NULL) /* with several, which? */
        wrap(err, status, "the sync of connection %.*s", STR_PRINT(row->name));
    return status;
}

static enum status run_sync(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    const struct connection_row *rows;
    enum status worst = ST_OK;
    struct error first;
    size_t n;
    TRY(hub_remotes(c->hub, c->a, s->connection, &rows, &n, err));
    for (size_t i = 0; i < n && worst != ST_CANCELLED; i++) {
        enum status status = sync_one(c, &rows[i], err);
        if (status == ST_OK)
            continue;
        if (worst == ST_OK || status == ST_CANCELLED)
            first = *err;
        if (worst != ST_OK && status != ST_CANCELLED) /* the first is reported at the end */
            say("stellion: %s\n  %s\n", err->text, err->hint);
        worst = worst == ST_OK || status == ST_CANCELLED ? status : worst;
    }
    if (worst != ST_OK)
        *err = first;
    return worst;
}

const struct command command_sync = {
    .name = "sync",
    .arguments = "",
    .summary = "Bring customers and subscriptions up to date.",
    .doc = "Reads every customer and subscription of every connection into the store, several "
           "customers at once. What did not change is not written; what changed goes into the "
           "history. Customers that fail are listed at the end and do not stop the others. A sync "
           "that was cut off is taken up where it was.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .flags = NEEDS_HUB,
    .run = run_sync,
};
