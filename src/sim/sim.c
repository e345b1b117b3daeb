/* Starting and stopping. */
#include "sim/inside.h"

#include "base/os.h"
#include "sim/control.h"
#include "sim/journal.h"
#include "sim/scenario.h"
#include "sim/state_inside.h"

#define BODY_BYTES_MAX         (1u << 20)
#define CONNECTIONS_MAX        512
#define DAY_MS                 INT64_C(86400000)
#define CUSTOMERS_STANDARD     8
#define SUBSCRIPTIONS_STANDARD 40

static const char *const prefixes[] = { "/stellr", "/ion" };

static void note_addresses(struct sim *sim, const struct listener *l)
{
    struct arena *a = &sim->arena;
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        if (l->serves[i] && (l->is_at_root || sim->addresses[i].at == NULL))
            sim->addresses[i] =
                str_of(arena_printf(a, "%s%s", l->address.at, l->is_at_root ? "" : prefixes[i]));
    if (l->has_control)
        sim->control_url = str_of(arena_printf(a, "%s/_sim", l->address.at));
    if (sim->addresses[AT_STELLR].at != NULL)
        sim->stellr_token_url = str_of(arena_printf(a, "%s%s", sim->addresses[AT_STELLR].at,
                                                    connector_stellr.auth.token_path));
}

static enum status listen_at(struct sim *sim, struct str where, struct listener what,
                             struct error *err)
{
    if (where.at == NULL)
        return ST_OK;
    struct listener *l = &sim->listeners[sim->n_listeners];
    *l = what;
    l->sim = sim;
    struct server_settings settings = {
        .body_bytes_max = BODY_BYTES_MAX,
        .connections_max = CONNECTIONS_MAX,
        .tls_certificate = sim->tls_certificate.at,
        .tls_key = sim->tls_key.at,
        .handle = sim_handle,
        .context = l,
    };
    TRY(server_parse_listen(&sim->arena, where, &settings.address, &settings.port, err));
    l->host = settings.address;
    TRY(server_start(&settings, &l->server, err));
    sim->n_listeners++;
    bool is_v6 = strchr(settings.address, ':') != NULL;
    l->address = str_of(arena_printf(&sim->arena, is_v6 ? "%s://[%s]:%d" : "%s://%s:%d",
                                     settings.tls_certificate != NULL ? "https" : "http",
                                     settings.address, server_port(l->server)));
    note_addresses(sim, l);
    return ST_OK;
}

static enum status listen_all(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    const struct listener both = { .serves = { true, true }, .has_control = true };
    const struct listener stellr = { .serves = { true, false }, .is_at_root = true };
    const struct listener ion = { .serves = { false, true }, .is_at_root = true };
    const struct listener control = { .has_control = true };
    TRY(listen_at(sim, s->listen, both, err));
    TRY(listen_at(sim, s->listen_stellr, stellr, err));
    TRY(listen_at(sim, s->listen_ion, ion, err));
    if (sim->n_listeners == 0)
        return fail(err, ST_INVALID, "the simulator was given no address to listen on");
    return listen_at(sim, s->listen_control, control, err);
}

static int64_t chosen(int64_t asked, int64_t of_scenario, int64_t standard)
{
    return asked >= 0 ? asked : of_scenario > 0 ? of_scenario : standard;
}

static void make_world(struct sim *sim, const struct sim_settings *s)
{
    int64_t now = s->clock->now_ms(s->clock);
    const struct scenario none = { .name = "" };
    const struct scenario *scenario = sim->scenario != NULL ? sim->scenario : &none;
    sim->world = (struct world){
        .seed = s->seed,
        .n_customers = chosen(s->n_customers, scenario->customers, CUSTOMERS_STANDARD),
        .n_subscriptions =
            chosen(s->n_subscriptions, scenario->subscriptions, SUBSCRIPTIONS_STANDARD),
        .today_ms = now - now % DAY_MS,
        .clock = s->clock,
        .n_edited = s->n_edited,
        .n_missing = s->n_missing,
        .n_missing_customers = s->n_missing_customers,
    };
}

static enum status read_tls(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    if (s->tls_certificate.at == NULL && s->tls_key.at == NULL)
        return ST_OK;
    if (s->tls_certificate.at == NULL || s->tls_key.at == NULL)
        return fail(err, ST_INVALID, "TLS needs both a certificate and its key, as PEM files");
    struct arena *a = &sim->arena;
    TRY(os_read_file(a, arena_text(a, s->tls_certificate), LIMIT_SMALL_FILE_BYTES,
                     &sim->tls_certificate, err));
    return os_read_file(a, arena_text(a, s->tls_key), LIMIT_SMALL_FILE_BYTES, &sim->tls_key, err);
}

static enum status read_knobs_file(struct sim *sim, struct str path, struct error *err)
{
    struct str text, line;
    struct arena *a = &sim->arena;
    if (path.at == NULL)
        return ST_OK;
    TRY(os_read_file(a, arena_text(a, path), LIMIT_SMALL_FILE_BYTES, &text, err));
    for (int n = 1; str_next(&text, '\n', &line); n++) {
        line = str_trim(line);
        if (line.len == 0 || line.at[0] == '#')
            continue;
        if (knobs_set_pair(&sim->knobs, a, line, err) != ST_OK)
            return wrap(err, ST_INVALID, "%.*s, line %d", STR_PRINT(path), n);
    }
    return ST_OK;
}

/* Those of the scenario first, so that what was asked for by itself wins. */
static enum status turn_knobs(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    struct arena *a = &sim->arena;
    const char *const *given = sim->scenario != NULL ? sim->scenario->knobs : NULL;
    for (; given != NULL && *given != NULL; given++)
        TRY(knobs_set_pair(&sim->knobs, a, str_of(*given), err));
    TRY(read_knobs_file(sim, s->knobs_file, err));
    for (size_t i = 0; i < s->knobs.n; i++)
        TRY(knobs_set_pair(&sim->knobs, a, s->knobs.at[i], err));
    if (s->token_ttl_s > 0)
        sim->knobs.values[KNOB_token_ttl_s] = s->token_ttl_s;
    return ST_OK;
}

static enum status add_faults(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    const char *const *given = sim->scenario != NULL ? sim->scenario->faults : NULL;
    sim->faults.seed = s->seed;
    for (; given != NULL && *given != NULL; given++)
        TRY(fault_parse(&sim->arena, str_of(*given), &sim->faults, err));
    for (size_t i = 0; i < s->faults.n; i++)
        TRY(fault_parse(&sim->arena, s->faults.at[i], &sim->faults, err));
    return ST_OK;
}

static void make_control_token(struct sim *sim, struct str given)
{
    sim->control_token = given.at != NULL
                             ? arena_copy(&sim->arena, given)
                             : str_of(arena_printf(&sim->arena, "sim-%016llx%016llx",
                                                   (unsigned long long)os_random_u64(),
                                                   (unsigned long long)os_random_u64()));
}

/* Before anybody listens, so that no lock is needed. */
static enum status prepare(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    if (s->scenario.at != NULL)
        TRY(scenario_find(s->scenario, &sim->scenario, err));
    make_world(sim, s);
    knobs_reset(&sim->knobs);
    TRY(turn_knobs(sim, s, err));
    TRY(add_faults(sim, s, err));
    (void)tokens_new(sim);
    sim->told_account = ION_ACCOUNT_NUMBER;
    if (sim->scenario != NULL && sim->scenario->prepare != NULL)
        sim->scenario->prepare(sim);
    return ST_OK;
}

static enum status start_steps(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    struct error ignored;
    TRY(prepare(sim, s, err));
    make_control_token(sim, s->control_token);
    if (zone_open(&sim->arena, STR("America/New_York"), &sim->eastern, &ignored) != ST_OK)
        TRY(zone_open(&sim->arena, STR("UTC"), &sim->eastern, err));
    if (s->replay != NULL)
        TRY(replay_open(s->replay, &sim->replay, err));
    if (s->journal != NULL && (sim->journal_file = fopen(s->journal, "ae")) == NULL)
        return fail(err, ST_STORE, "the journal %s cannot be written", s->journal);
    TRY(read_tls(sim, s, err));
    state_lock(sim); /* whoever comes already waits until all ports are open */
    SCOPED(state_unlock) struct sim *held = sim;
    return listen_all(held, s, err);
}

enum status sim_start(const struct sim_settings *settings, struct sim **ret_sim, struct error *err)
{
    struct sim *sim = memory_new(sizeof *sim);
    sim->clock = settings->clock;
    sim->latency_ms = settings->latency_ms;
    sim->state = state_new(settings->clock);
    sim->journal = journal_new();
    enum status s = start_steps(sim, settings, err);
    if (s != ST_OK) {
        sim_stop(sim);
        return s;
    }
    *ret_sim = sim;
    return ST_OK;
}

void sim_stop(struct sim *sim)
{
    if (sim == NULL)
        return;
    for (size_t i = 0; i < sim->n_listeners; i++)
        server_stop(sim->listeners[i].server);
    if (sim->journal_file != NULL)
        (void)fclose(sim->journal_file); /* each line was flushed */
    journal_free(sim->journal);
    tokens_free(sim->tokens);
    state_free(sim->state);
    replay_free(sim->replay);
    arena_free(&sim->arena);
    memory_free(sim);
}

struct str sim_address(const struct sim *sim, enum marketplace at)
{
    return sim->addresses[at];
}

struct str sim_control_url(const struct sim *sim)
{
    return sim->control_url;
}

int64_t sim_requests(const struct sim *sim)
{
    return atomic_load(&((struct sim *)sim)->n_requests);
}

void sim_credentials(const struct sim *sim, struct buf *to)
{
    struct json_writer w = JSON_WRITER_PRETTY(to);
    json_open_object(&w);
    if (sim->addresses[AT_STELLR].at != NULL) {
        json_put_object(&w, "stellr");
        json_put_text(&w, "base_url", sim->addresses[AT_STELLR]);
        json_put_text(&w, "token_url", sim->stellr_token_url);
        json_put_text(&w, "client_id", STR(SIM_CLIENT_ID));
        json_put_text(&w, "client_secret", STR(SIM_CLIENT_SECRET));
        json_close(&w);
    }
    if (sim->addresses[AT_ION].at != NULL) {
        json_put_object(&w, "ion");
        json_put_text(&w, "base_url", sim->addresses[AT_ION]);
        char account[24];
        (void)snprintf(account, sizeof account, "%lld", (long long)sim->told_account);
        json_put_text(&w, "account_id", str_of(account));
        json_put_text(&w, "refresh_token", tokens_first_refresh(sim->tokens));
        json_put_text(&w, "api_key", STR(SIM_API_KEY));
        json_put_text(&w, "api_secret", STR(SIM_API_SECRET));
        json_close(&w);
    }
    if (sim->control_url.at != NULL) {
        json_put_object(&w, "control");
        json_put_text(&w, "url", sim->control_url);
        json_put_text(&w, "token", sim->control_token);
        json_close(&w);
    }
    json_close(&w);
    buf_add_char(to, '\n');
}
