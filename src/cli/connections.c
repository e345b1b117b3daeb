/* stellion connections, and keep-alive. */
#include "cli/commands.h"

#include "base/moment.h"
#include "hub/lists.h"

#define DAY_MS INT64_C(86400000)

struct settings {
    bool claim;
};

static const struct option options[] = {
    { .name = "claim",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, claim),
      .doc = "This copy of the store goes on: paused connections work again. Say so for one copy "
             "only, since Ion's tokens work once." },
    OPTION_END,
};

static const struct column columns[] = {
    { "name", "NAME", false, 0 },
    { "kind", "KIND", false, 0 },
    { "environment", "ENVIRONMENT", false, 3 },
    { "region", "REGION", false, 4 },
    { "account_id", "ACCOUNT", false, 2 },
    { "base_url", "ADDRESS", false, 5 },
    { "state", "STATE", false, 0 },
    { "last_sync_at", "LAST SYNC", false, 0 },
    { "last_sync_state", "RESULT", false, 1 },
    { "token_days_left", "TOKEN DAYS", true, 0 },
    { "has_api_key", "API KEY", false, 4 },
    { "token_url", NULL, false, 0 },
    { "client_id", NULL, false, 0 },
    { "state_reason", NULL, false, 0 },
    { "paused_because", NULL, false, 0 },
    { "last_sync_note", NULL, false, 0 },
};

static struct cell token_days(struct context *c, const struct connection_state *state)
{
    const struct connector *connector = connector_find(state->row.kind);
    if (connector == NULL || state->token_born_at == 0)
        return cell_text(STR_NONE);
    int64_t life_ms = (int64_t)connector->auth.refresh_lifetime_s * 1000;
    int64_t left_ms = state->token_born_at + life_ms - c->hub->clock->now_ms(c->hub->clock);
    return cell_integer(c->a, left_ms > 0 ? left_ms / DAY_MS : 0);
}

static struct cell moment_cell(struct context *c, int64_t ms)
{
    char text[32];
    if (ms == 0)
        return cell_text(STR_NONE);
    return cell_shown(cell_text(arena_copy(c->a, str_of(moment_text(ms, text)))), time_text(c, ms));
}

static bool is_ion(const struct connection_row *row)
{
    return str_is(row->kind, "ion");
}

/* Whether it can ask what wants API key and secret; the key is no secret, but nobody's to read off
 * a screen either. */
static struct cell api_key_cell(const struct connection_row *row)
{
    if (!is_ion(row))
        return cell_text(STR_NONE);
    bool has = row->client_id.at != NULL;
    return cell_shown(cell_boolean(has), has ? STR("yes") : STR("no"));
}

static struct cell state_cell(const struct connection_row *row)
{
    return cell_text(row->paused_because.at != NULL ? STR("paused") : row->state);
}

/* An address that was given by hand says nothing of its environment; people see only what a row of
 * the marketplace's addresses, or --sandbox, told. */
static struct cell environment_cell(const struct connection_row *row)
{
    const struct connector *connector = connector_find(row->kind);
    const struct host *host =
        connector == NULL ? NULL : connector_host(connector, row->region, row->environment);
    bool is_known = host != NULL && str_is(row->base_url, host->base_url);
    if (is_known || connector == NULL || !str_is(row->environment, "production"))
        return cell_text(row->environment);
    return cell_shown(cell_text(row->environment), STR("-"));
}

static enum status run_connections(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    const struct connection_state *states;
    struct output out;
    size_t n;
    if (s->claim)
        TRY(hub_claim(c->hub, err));
    TRY(hub_connections(c->hub, c->a, &states, &n, err));
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < n; i++) {
        const struct connection_row *r = &states[i].row;
        const struct sync_run_row *last = &states[i].last_run;
        struct cell cells[] = {
            cell_text(r->name),
            cell_text(r->kind),
            environment_cell(r),
            cell_text(r->region.len > 0 ? r->region : STR_NONE),
            cell_text(r->account_ref),
            cell_text(r->base_url),
            state_cell(r),
            moment_cell(c, last->started_at),
            cell_text(last->state),
            token_days(c, &states[i]),
            api_key_cell(r),
            cell_text(r->token_url),
            cell_text(is_ion(r) ? STR_NONE : r->client_id),
            cell_text(r->state_reason),
            cell_text(r->paused_because),
            cell_text(last->note),
        };
        output_row(&out, cells);
    }
    if (n == 0 && c->format == FORMAT_TABLE)
        say("No connection yet. `stellion connect stellr` or `stellion connect ion` makes one.\n");
    return output_end(&out, ST_OK, err);
}

const struct command command_connections = {
    .name = "connections",
    .arguments = "",
    .summary = "List the connections and their state.",
    .doc = "Lists every connection with its last sync and, for Ion, the days that its refresh "
           "token still lives when nothing uses it.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .flags = NEEDS_HUB | NO_KEEP_ALIVE,
    .run = run_connections,
};

static const struct option no_options[] = { OPTION_END };

static enum status run_keep_alive(struct context *c, struct error *err)
{
    return hub_keep_alive(c->hub, KEEP_ALIVE_AGE_MS, err);
}

const struct command command_keep_alive = {
    .name = "keep-alive",
    .arguments = "",
    .summary = "Refresh tokens that grow old; for a timer.",
    .doc = "Refreshes every Ion token that is older than seven days, so that it does not die of "
           "disuse after 32. Any other command does the same; this one is for a timer on machines "
           "where nobody types (contrib/systemd).",
    .options = no_options,
    .settings_bytes = 1,
    .flags = NEEDS_HUB | NO_KEEP_ALIVE,
    .run = run_keep_alive,
};
