/* stellion policy: who may buy. */
#include "cli/commands.h"

#include "base/moment.h"
#include "hub/buy.h"

struct settings {
    struct str connection;
};

static const struct option options[] = {
    { .name = "connection",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, connection),
      .argument = "NAME",
      .doc = "The connection that may buy, or not; needed when there are several." },
    OPTION_END,
};

static const struct column columns[] = {
    { "connection", "CONNECTION", false, 0 },
    { "buying", "BUYING", false, 0 },
    { "changed_by", "CHANGED BY", false, 0 },
    { "changed_at", "AT", false, 0 },
};

static enum status list(struct context *c, struct error *err)
{
    const struct connection_row *rows;
    struct output out;
    size_t n;
    TRY(hub_remotes(c->hub, c->a, STR_NONE, &rows, &n, err));
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < n; i++) {
        struct buying_policy_row policy;
        bool is_on;
        TRY(hub_buying_policy(c->hub, c->a, &rows[i], &policy, &is_on, err));
        struct str at = STR_NONE;
        if (policy.is_known)
            at = str_of(moment_text(policy.changed_at, arena_alloc(c->a, 32)));
        struct cell cells[] = {
            cell_text(rows[i].name),
            cell_text(is_on ? STR("on") : STR("off")),
            cell_shown(cell_text(policy.changed_by),
                       policy.is_known ? policy.changed_by : STR("(nobody yet)")),
            cell_shown(cell_text(at), policy.is_known ? time_text(c, policy.changed_at) : STR("-")),
        };
        output_row(&out, cells);
    }
    return output_end(&out, ST_OK, err);
}

static enum status set(struct context *c, bool is_on, struct error *err)
{
    const struct settings *s = c->settings;
    const struct connection_row *rows;
    size_t n;
    TRY(hub_remotes(c->hub, c->a, s->connection, &rows, &n, err));
    if (n > 1) {
        fail(err, ST_INVALID, "there are %zu connections", n);
        hint(err, "Say which: --connection %.*s", STR_PRINT(rows[0].name));
        return ST_INVALID;
    }
    TRY(hub_set_buying(c->hub, c->a, rows[0].name, is_on, err));
    if (is_on)
        say("Connection %.*s may buy from now on: whoever can run this program with this store can "
            "spend money through it. Each purchase is shown before, and asked about.\n",
            STR_PRINT(rows[0].name));
    else
        say("Connection %.*s is read-only.\n", STR_PRINT(rows[0].name));
    return ST_OK;
}

static enum status run(struct context *c, struct error *err)
{
    if (c->n_words == 0)
        return list(c, err);
    bool is_on = c->n_words == 2 && strcmp(c->words[1], "on") == 0;
    bool is_off = c->n_words == 2 && strcmp(c->words[1], "off") == 0;
    if (strcmp(c->words[0], "buying") != 0 || !(is_on || is_off))
        return fail(err, ST_INVALID, "usage: stellion policy [buying on|off]");
    return set(c, is_on, err);
}

const struct command command_policy = {
    .name = "policy",
    .arguments = "[buying on|off]",
    .summary = "Show or change what a connection may do.",
    .doc = "A connection to a live service is read-only until buying is switched on; one to the "
           "simulator on this machine may buy.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .most_words = 2,
    .flags = NEEDS_HUB,
    .run = run,
};
