/* stellion simulate: the marketplaces on loopback. */
#include "cli/commands.h"

#include "base/os.h"
#include "sim/knobs.h"
#include "sim/scenario.h"
#include "sim/sim.h"

struct settings {
    struct str listen, listen_stellr, listen_ion, listen_control, credentials, bill, replay,
        journal;
    struct str scenario, knobs_file, control_token_file, tls_certificate, tls_key;
    int64_t seed, customers, subscriptions, edits, missing, missing_customers;
    int64_t latency_ms, token_ttl_s;
    struct option_list faults, knobs;
    bool list_scenarios;
};

#define TEXT(option_name, member, option_argument, option_doc)                                     \
    {                                                                                              \
        .name = option_name, .kind = OPTION_TEXT, .offset = offsetof(struct settings, member),     \
        .argument = option_argument, .doc = option_doc                                             \
    }
#define NUMBER(option_name, member, option_least, option_most, option_doc)                         \
    {                                                                                              \
        .name = option_name, .kind = OPTION_NUMBER, .offset = offsetof(struct settings, member),   \
        .argument = "N", .doc = option_doc, .least = option_least, .most = option_most             \
    }

#define MOST_CUSTOMERS     1000000
#define MOST_SUBSCRIPTIONS 100000000

static const struct option options[] = {
    TEXT("listen", listen, "ADDRESS:PORT",
         "Both marketplaces, under /stellr and /ion. Port 0 takes a free one. Default: "
         "127.0.0.1:8790."),
    TEXT("listen-stellr", listen_stellr, "ADDRESS:PORT", "Stellr alone, at the root of a port."),
    TEXT("listen-ion", listen_ion, "ADDRESS:PORT", "Ion alone, at the root of a port."),
    TEXT("listen-control", listen_control, "ADDRESS:PORT",
         "The control path on a port of its own. With --listen it is there, under /_sim."),
    TEXT("tls-certificate", tls_certificate, "FILE",
         "Serve https on every port, with this certificate (PEM; the chain after it)."),
    TEXT("tls-key", tls_key, "FILE", "Its private key (PEM, without a password)."),
    NUMBER("seed", seed, 0, INT64_MAX, "The world. The same seed is the same world. Default: 1."),
    NUMBER("customers", customers, 1, MOST_CUSTOMERS,
           "Customers at each marketplace; half of them at both. Default: 8, or the scenario's."),
    NUMBER("subscriptions", subscriptions, 0, MOST_SUBSCRIPTIONS,
           "Subscriptions at each marketplace. Default: 40, or the scenario's."),
    TEXT("scenario", scenario, "NAME", "A prepared situation; see --list-scenarios."),
    { .name = "list-scenarios",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, list_scenarios),
      .doc = "Tell the scenarios, and do nothing else." },
    TEXT("credentials", credentials, "FILE", "Write what a client needs, as JSON."),
    TEXT("bill", bill, "FILE", "Write the bill of this world's MSP, as its PSA would export it."),
    TEXT("replay", replay, "DIR", "Serve recorded bodies instead of the world."),
    { .name = "fault",
      .kind = OPTION_LIST,
      .offset = offsetof(struct settings, faults),
      .argument = "NAME[:SHARE][#COUNT][@WHERE]",
      .doc = "Misbehave: for this share of the requests (0 to 1), the first so many, and only "
             "those of an action (stellr.subscription.cancel) or whose path or query holds a text. "
             "May be given several times; `--fault list` lists the names." },
    { .name = "knob",
      .kind = OPTION_LIST,
      .offset = offsetof(struct settings, knobs),
      .argument = "NAME=VALUE",
      .doc = "Behave otherwise, where it is not known how the marketplaces behave. May be given "
             "several times; `--knob list` lists the names." },
    TEXT("knobs", knobs_file, "FILE", "Knobs from a file, a NAME=VALUE on each line."),
    TEXT("control-token-file", control_token_file, "FILE",
         "The token of the control path is the first line of this file. Default: a random one."),
    NUMBER("latency-ms", latency_ms, 0, 60000, "Added to every answer."),
    NUMBER("token-ttl-s", token_ttl_s, 1, 864000, "Life of access tokens: the knob token_ttl_s."),
    NUMBER("edits", edits, 0, MOST_SUBSCRIPTIONS,
           "So many subscriptions have one seat more than without, as if somebody had used the "
           "portal."),
    NUMBER("missing", missing, 0, MOST_SUBSCRIPTIONS, "So many subscriptions are not listed."),
    NUMBER("missing-customers", missing_customers, 0, MOST_CUSTOMERS,
           "So many customers are not listed."),
    TEXT("journal", journal, "FILE", "Append a line for every request."),
    OPTION_END,
};

static enum status list_knobs(struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    for (enum knob k = 0; k < KNOBS; k++) {
        const struct knob_row *row = knob_row(k);
        buf_printf(&text, "%-24s %s [%s%s%s]\n", row->name, row->doc, row->standard,
                   row->choices != NULL ? "; of " : "", row->choices != NULL ? row->choices : "");
    }
    return output_text(buf_str(&text), err);
}

static enum status list_scenarios(struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    for (const struct scenario *s = scenarios; s->name != NULL; s++) {
        buf_printf(&text, "%-15s ", s->name);
        text_wrap(&text, s->doc, 16, 16, 100);
    }
    return output_text(buf_str(&text), err);
}

static enum status list_faults(struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    for (enum fault_kind k = 0; k < FAULT_KINDS; k++)
        buf_printf(&text, "%-16s %s\n", fault_row(k)->name, fault_row(k)->doc);
    return output_text(buf_str(&text), err);
}

static void set_defaults(void *settings)
{
    *(struct settings *)settings = (struct settings){
        .seed = 1,
        .customers = -1,
        .subscriptions = -1,
    };
}

static enum status write_files(const struct settings *s, const struct sim *sim, struct arena *a,
                               struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES);
    if (s->bill.at != NULL) {
        sim_bill(sim, &text);
        TRY(os_write_file(arena_text(a, s->bill), buf_str(&text), err));
    }
    buf_clear(&text);
    sim_credentials(sim, &text);
    if (s->credentials.at != NULL) /* last: whoever waits for this file finds the others there */
        TRY(os_write_file(arena_text(a, s->credentials), buf_str(&text), err));
    return ST_OK;
}

static void say_where(const struct sim *sim)
{
    static const char *const names[] = { "Stellr", "Ion" };
    for (enum marketplace at = AT_STELLR; at <= AT_ION; at++)
        if (sim_address(sim, at).at != NULL)
            say("%s at %.*s\n", names[at], STR_PRINT(sim_address(sim, at)));
    if (sim_control_url(sim).at != NULL)
        say("Control at %.*s\n", STR_PRINT(sim_control_url(sim)));
    say("Simulated; nothing leaves this machine. Stop with Ctrl-C.\n");
}

static struct sim_settings settings_of(struct context *c, const struct settings *s)
{
    struct sim_settings settings = {
        .listen = s->listen,
        .listen_stellr = s->listen_stellr,
        .listen_ion = s->listen_ion,
        .listen_control = s->listen_control,
        .seed = (uint64_t)s->seed,
        .n_customers = s->customers,
        .n_subscriptions = s->subscriptions,
        .n_edited = s->edits,
        .n_missing = s->missing,
        .n_missing_customers = s->missing_customers,
        .latency_ms = s->latency_ms,
        .token_ttl_s = s->token_ttl_s,
        .faults = s->faults,
        .knobs = s->knobs,
        .knobs_file = s->knobs_file,
        .scenario = s->scenario,
        .tls_certificate = s->tls_certificate,
        .tls_key = s->tls_key,
        .replay = s->replay.at != NULL ? arena_text(c->a, s->replay) : NULL,
        .journal = s->journal.at != NULL ? arena_text(c->a, s->journal) : NULL,
        .clock = clock_real(),
    };
    if (s->listen.at == NULL && s->listen_stellr.at == NULL && s->listen_ion.at == NULL)
        settings.listen = STR("127.0.0.1:8790");
    return settings;
}

static enum status read_control_token(struct context *c, const struct settings *s,
                                      struct str *ret_token, struct error *err)
{
    struct str text;
    if (s->control_token_file.at == NULL)
        return ST_OK;
    TRY(os_read_file(c->a, arena_text(c->a, s->control_token_file), LIMIT_SECRET_BYTES, &text,
                     err));
    (void)str_next(&text, '\n', ret_token);
    *ret_token = str_trim(*ret_token);
    if (ret_token->len < 8)
        return fail(err, ST_INVALID, "the token in %.*s is shorter than 8 characters",
                    STR_PRINT(s->control_token_file));
    return ST_OK;
}

static enum status run_simulate(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    struct sim *sim;
    if (s->faults.n == 1 && str_is(s->faults.at[0], "list"))
        return list_faults(err);
    if (s->knobs.n == 1 && str_is(s->knobs.at[0], "list"))
        return list_knobs(err);
    if (s->list_scenarios)
        return list_scenarios(err);
    struct sim_settings settings = settings_of(c, s);
    TRY(read_control_token(c, s, &settings.control_token, err));
    TRY(sim_start(&settings, &sim, err));
    enum status status = write_files(s, sim, c->a, err);
    if (status == ST_OK)
        say_where(sim);
    while (status == ST_OK && !atomic_load(c->cancelled))
        clock_real()->sleep_ms(clock_real(), 200);
    sim_stop(sim);
    return status;
}

const struct command command_simulate = {
    .name = "simulate",
    .arguments = "",
    .summary = "Play both marketplaces on this machine.",
    .doc = "Serves Stellr and Ion with one seeded world, for learning, rehearsing and testing. It "
           "behaves as the marketplaces are known to behave, errors and quirks included.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .set_defaults = set_defaults,
    .run = run_simulate,
};
