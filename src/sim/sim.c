/* Starting, and the way of a request to its answer. */
#include "sim/inside.h"

#include "base/log.h"
#include "base/options.h"
#include "base/uri.h"
#include "sim/chance.h"

#define BODY_BYTES_MAX  (1u << 20)
#define CONNECTIONS_MAX 512
#define SLOW_MS         2000
#define DAY_MS          INT64_C(86400000)

static const char *const prefixes[] = { "/stellr", "/ion" };

const struct answer *answer_find(const struct action *action)
{
    const struct answer *tables[] = { stellr_answers, ion_answers };
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (const struct answer *a = tables[t]; a->action != NULL; a++)
            if (strcmp(a->action, action->name) == 0)
                return a;
    return NULL;
}

struct json_writer ask_json(struct ask *ask, int status)
{
    ask->x->status = status;
    ask->x->content_type = "application/json";
    buf_clear(&ask->x->reply);
    return (struct json_writer)JSON_WRITER(&ask->x->reply);
}

struct str ask_path(const struct ask *ask, const char *name)
{
    struct str value = STR("");
    (void)arguments_get(&ask->arguments, name, &value);
    return value;
}

/* "subscriptionId" is also "subscription_id"; "pagination.limit" stays. */
static const char *snake_case(struct arena *a, const char *name)
{
    SCOPED(buf_release) struct buf snake = BUF(200);
    for (; *name != '\0'; name++) {
        bool upper = *name >= 'A' && *name <= 'Z';
        if (upper)
            buf_add_char(&snake, '_');
        buf_add_char(&snake, upper ? (char)(*name - 'A' + 'a') : *name);
    }
    return arena_text(a, buf_str(&snake));
}

struct str ask_query(const struct ask *ask, const char *name)
{
    struct str value;
    if (uri_query_value(ask->x->a, ask->x->query, name, &value))
        return value;
    if (ask->at == AT_ION &&
        uri_query_value(ask->x->a, ask->x->query, snake_case(ask->x->a, name), &value))
        return value;
    return STR_NONE;
}

int64_t ask_number(const struct ask *ask, const char *name, int64_t otherwise, bool *ret_wrong)
{
    struct str text = ask_query(ask, name);
    int64_t number = otherwise;
    *ret_wrong = text.len > 0 && !str_integer(text, &number);
    return number;
}

void ask_refuse(struct ask *ask, int status)
{
    static const struct {
        int status;
        const char *stellr, *ion, *message;
    } rows[] = {
        { 401, "UNAUTHORIZED", "UNAUTHENTICATED",
          "The access token is missing, unknown or expired." },
        { 403, "FORBIDDEN", "PERMISSION_DENIED", "No access to this account." },
        { 404, "NOT_FOUND", "NOT_FOUND", "There is nothing at this address." },
        { 405, "INVALID_PARAMETER", "INVALID_REQUEST", "This method is not possible here." },
        { 429, "TOO_MANY_REQUESTS", "RESOURCE_EXHAUSTED", "Too many requests." },
        { 500, "INTERNAL_ERROR", "INTERNAL_ERROR", "Internal Server Error" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].status != status)
            continue;
        if (ask->at == AT_STELLR)
            stellr_error(ask, status, rows[i].stellr, rows[i].message);
        else
            ion_error(ask, status, rows[i].ion, rows[i].message);
    }
}

void put_price(struct json_writer *w, const char *key, struct decimal price, bool with_point)
{
    char text[36];
    struct str exact = decimal_exact(price, text);
    if (with_point && memchr(exact.at, '.', exact.len) == NULL) {
        memcpy(text + exact.len, ".0", 3);
        exact.len += 2;
    }
    json_put_number(w, key, exact);
}

/* Faults that take the place of an answer. True when one did. */
static bool fault_answers(struct ask *ask)
{
    struct exchange *x = ask->x;
    struct clock *clock = ask->sim->clock;
    switch ((int)ask->fault) {
    case FAULT_401:
        ask_refuse(ask, 401);
        return true;
    case FAULT_429_AFTER:
        exchange_add_header(x, "Retry-After", "1");
        ask_refuse(ask, 429);
        return true;
    case FAULT_429:
        ask_refuse(ask, 429);
        return true;
    case FAULT_500:
        ask_refuse(ask, 500);
        return true;
    case FAULT_HTML:
        x->status = 200;
        x->content_type = "text/html";
        buf_add_text(&x->reply, "<html><body>Scheduled maintenance</body></html>");
        return true;
    case FAULT_EMPTY_BODY:
        x->status = 200;
        x->content_type = "application/json";
        return true;
    case FAULT_OTHER_SHAPE:
        x->status = 200;
        x->content_type = "application/json";
        buf_add_text(&x->reply, "{\"status\":\"ok\",\"payload\":{\"rows\":{}}}");
        return true;
    case FAULT_CLOSE:
        x->sending = SEND_NOTHING;
        return true;
    case FAULT_SLOW:
        clock->sleep_ms(clock, SLOW_MS);
        return false;
    default:
        return false;
    }
}

static void cut_or_drop(struct ask *ask)
{
    if (ask->fault == FAULT_CUT)
        ask->x->sending = SEND_CUT;
    if (ask->fault == FAULT_DROP)
        ask->x->sending = SEND_NOTHING;
}

/* What lies below a customer is served with a further "cloud/" in the path as well (stellr A-20,
 * REAL-w: a live client's hint text writes it so). */
static struct str without_cloud(struct ask *ask, struct str path)
{
    static const char long_form[] = "/api/v1/cloud/customers/", short_form[] = "/api/v1/customers/";
    if (ask->at != AT_STELLR || !str_starts(path, long_form))
        return path;
    struct str rest = str_from(path, sizeof long_form - 1);
    const char *slash = rest.len == 0 ? NULL : memchr(rest.at, '/', rest.len);
    if (slash == NULL || slash + 1 == rest.at + rest.len)
        return path;
    return str_of(arena_printf(ask->x->a, "%s%.*s", short_form, STR_PRINT(rest)));
}

static enum method method_of(struct str name, bool *ret_known)
{
    static const enum method all[] = { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE };
    *ret_known = false;
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (str_is(name, method_name(all[i]))) {
            *ret_known = true;
            return all[i];
        }
    return METHOD_GET;
}

/* The account in an Ion path must be the caller's own (ion 6.1, 403). */
static bool owns_account(struct ask *ask)
{
    struct str account = ask_path(ask, "accountId");
    int64_t number;
    if (account.len == 0 || (str_integer(account, &number) && number == ION_ACCOUNT_NUMBER))
        return true;
    ion_error(ask, 403, "PERMISSION_DENIED",
              arena_printf(ask->x->a, "no access to accounts/%.*s", STR_PRINT(account)));
    return false;
}

static void answer_action(struct ask *ask)
{
    bool known, other_method;
    enum method method = method_of(ask->x->method, &known);
    struct str path = without_cloud(ask, ask->path);
    ask->action =
        route_find(ask->x->a, ask->connector, method, path, &ask->arguments, &other_method);
    if (!known || ask->action == NULL) {
        ask_refuse(ask, other_method ? 405 : 404);
        return;
    }
    const struct answer *answer = answer_find(ask->action);
    if (answer == NULL)
        ask_refuse(ask, 404);
    else if (owns_account(ask))
        answer->give(ask);
}

static void answer(struct ask *ask)
{
    if (fault_answers(ask))
        return;
    state_lock(ask->sim);
    SCOPED(state_unlock) struct sim *held = ask->sim;
    (void)held;
    stellr_settle(ask->sim);
    ion_settle(ask->sim);
    if (oauth_answer(ask) || !oauth_allows(ask))
        return;
    if (ask->sim->replay != NULL && replay_answer(ask))
        return;
    answer_action(ask);
}

static void write_journal(struct sim *sim, const struct exchange *x)
{
    if (sim->journal == NULL)
        return;
    (void)pthread_mutex_lock(&sim->journal_lock);
    fprintf(sim->journal, "%.*s %.*s%s%.*s %d\n", STR_PRINT(x->method), STR_PRINT(x->path),
            x->query.at != NULL ? "?" : "", STR_PRINT(x->query),
            x->sending == SEND_NOTHING ? 0 : x->status);
    (void)fflush(sim->journal); /* a journal that cannot be written is seen by whoever reads it */
    (void)pthread_mutex_unlock(&sim->journal_lock);
}

static void say_hello(const struct listener *listener, struct exchange *x)
{
    x->status = 200;
    x->content_type = "text/plain; charset=utf-8";
    buf_add_text(&x->reply, "The Stellion simulator.\n");
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        if (listener->serves[i] && !listener->is_at_root)
            buf_printf(&x->reply, "%s%s\n", listener->address.at, prefixes[i]);
}

/* Which marketplace a path is for; its prefix is taken off. */
static bool choose_marketplace(const struct listener *listener, struct str *path,
                               enum marketplace *ret_at)
{
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++) {
        size_t len = strlen(prefixes[i]);
        bool fits = listener->is_at_root ||
                    (str_starts(*path, prefixes[i]) && path->len > len && path->at[len] == '/');
        if (!listener->serves[i] || !fits)
            continue;
        *ret_at = (enum marketplace)i;
        if (!listener->is_at_root)
            *path = str_from(*path, len);
        return true;
    }
    return false;
}

static void handle(void *context, struct exchange *x)
{
    const struct listener *listener = context;
    struct sim *sim = listener->sim;
    struct ask ask = { .sim = sim, .x = x, .path = x->path };
    atomic_fetch_add(&sim->n_requests, 1);
    if (!choose_marketplace(listener, &ask.path, &ask.at)) {
        say_hello(listener, x);
        return;
    }
    ask.connector = ask.at == AT_STELLR ? &connector_stellr : &connector_ion;
    ask.fault = fault_choose(&sim->faults, x);
    if (sim->latency_ms > 0)
        sim->clock->sleep_ms(sim->clock, sim->latency_ms);
    answer(&ask);
    cut_or_drop(&ask);
    log_write(LOG_SIM_REQUEST, LOG_T("method", x->method), LOG_T("path", x->path),
              LOG_I("status", x->status));
    write_journal(sim, x);
}

static enum status listen_at(struct sim *sim, struct str where, bool stellr, bool ion,
                             struct error *err)
{
    if (where.at == NULL)
        return ST_OK;
    struct listener *l = &sim->listeners[sim->n_listeners];
    *l = (struct listener){ .sim = sim, .serves = { stellr, ion }, .is_at_root = !(stellr && ion) };
    struct server_settings settings = {
        .body_bytes_max = BODY_BYTES_MAX,
        .connections_max = CONNECTIONS_MAX,
        .handle = handle,
        .context = l,
    };
    TRY(server_parse_listen(&sim->arena, where, &settings.address, &settings.port, err));
    TRY(server_start(&settings, &l->server, err));
    sim->n_listeners++;
    bool is_v6 = strchr(settings.address, ':') != NULL;
    l->address = str_of(arena_printf(&sim->arena, is_v6 ? "http://[%s]:%d" : "http://%s:%d",
                                     settings.address, server_port(l->server)));
    for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
        if (l->serves[i] && (l->is_at_root || sim->addresses[i].at == NULL))
            sim->addresses[i] = str_of(
                arena_printf(&sim->arena, "%s%s", l->address.at, l->is_at_root ? "" : prefixes[i]));
    if (sim->addresses[AT_STELLR].at != NULL)
        sim->stellr_token_url = str_of(arena_printf(
            &sim->arena, "%s%s", sim->addresses[AT_STELLR].at, connector_stellr.auth.token_path));
    return ST_OK;
}

static enum status listen_all(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    TRY(listen_at(sim, s->listen, true, true, err));
    TRY(listen_at(sim, s->listen_stellr, true, false, err));
    TRY(listen_at(sim, s->listen_ion, false, true, err));
    if (sim->n_listeners == 0)
        return fail(err, ST_INVALID, "the simulator was given no address to listen on");
    return ST_OK;
}

static void make_world(struct sim *sim, const struct sim_settings *s)
{
    int64_t now = s->clock->now_ms(s->clock);
    sim->world = (struct world){
        .seed = s->seed,
        .n_customers = s->n_customers,
        .n_subscriptions = s->n_subscriptions,
        .today_ms = now - now % DAY_MS,
        .clock = s->clock,
        .n_edited = s->n_edited,
        .n_missing = s->n_missing,
        .n_missing_customers = s->n_missing_customers,
    };
}

static enum status start_steps(struct sim *sim, const struct sim_settings *s, struct error *err)
{
    make_world(sim, s);
    knobs_reset(&sim->knobs);
    sim->knobs.values[KNOB_token_ttl_s] = s->token_ttl_s;
    sim->state = state_new(s->clock);
    sim->tokens = tokens_new(sim);
    sim->faults.seed = s->seed;
    for (size_t i = 0; i < s->faults.n; i++)
        TRY(fault_parse(&sim->arena, s->faults.at[i], &sim->faults, err));
    struct error ignored;
    if (zone_open(&sim->arena, STR("America/New_York"), &sim->eastern, &ignored) != ST_OK)
        TRY(zone_open(&sim->arena, STR("UTC"), &sim->eastern, err));
    if (s->replay != NULL)
        TRY(replay_open(s->replay, &sim->replay, err));
    if (s->journal != NULL && (sim->journal = fopen(s->journal, "ae")) == NULL)
        return fail(err, ST_STORE, "the journal %s cannot be written", s->journal);
    return listen_all(sim, s, err);
}

enum status sim_start(const struct sim_settings *settings, struct sim **ret_sim, struct error *err)
{
    struct sim *sim = memory_new(sizeof *sim);
    sim->clock = settings->clock;
    sim->latency_ms = settings->latency_ms;
    (void)pthread_mutex_init(&sim->journal_lock, NULL);
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
    if (sim->journal != NULL)
        (void)fclose(sim->journal); /* each line was flushed */
    tokens_free(sim->tokens);
    state_free(sim->state);
    replay_free(sim->replay);
    (void)pthread_mutex_destroy(&sim->journal_lock);
    arena_free(&sim->arena);
    memory_free(sim);
}

struct str sim_address(const struct sim *sim, enum marketplace at)
{
    return sim->addresses[at];
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
        (void)snprintf(account, sizeof account, "%d", ION_ACCOUNT_NUMBER);
        json_put_text(&w, "account_id", str_of(account));
        json_put_text(&w, "refresh_token", tokens_first_refresh(sim->tokens));
        json_put_text(&w, "api_key", STR(SIM_API_KEY));
        json_put_text(&w, "api_secret", STR(SIM_API_SECRET));
        json_close(&w);
    }
    json_close(&w);
    buf_add_char(to, '\n');
}
