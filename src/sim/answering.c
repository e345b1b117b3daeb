/* The way of a request to its answer. */
#include "sim/inside.h"

#include "base/log.h"
#include "base/uri.h"
#include "sim/control.h"
#include "sim/journal.h"

#define SLOW_MS 2000

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
static bool is_snake_of(struct str snake, const char *name)
{
    size_t at = 0;
    for (; *name != '\0'; name++) {
        bool is_upper = *name >= 'A' && *name <= 'Z';
        char c = is_upper ? (char)(*name - 'A' + 'a') : *name;
        if (is_upper && (at == snake.len || snake.at[at++] != '_'))
            return false;
        if (at == snake.len || snake.at[at++] != c)
            return false;
    }
    return at == snake.len;
}

/* Taken apart once: filters are asked for again with each entry of a long list. */
static void read_query(struct ask *ask)
{
    struct arena *a = ask->x->a;
    struct str rest = ask->x->query, pair;
    size_t room = 0;
    while (str_next(&rest, '&', &pair)) {
        struct query_value v = { .value = pair };
        (void)str_next(&v.value, '=', &v.name);
        v.value = v.value.at == NULL ? STR("") : v.value;
        if (!uri_decode(a, v.name, true, &v.name))
            continue;
        if (!uri_decode(a, v.value, true, &v.value))
            v.value = STR_NONE;
        ARENA_GROW(a, ask->query, ask->n_query, room);
        ask->query[ask->n_query++] = v;
    }
}

struct str ask_query(const struct ask *ask, const char *name)
{
    for (size_t i = 0; i < ask->n_query; i++)
        if (str_is(ask->query[i].name, name))
            return ask->query[i].value;
    for (size_t i = 0; i < ask->n_query && ask->at == AT_ION; i++)
        if (is_snake_of(ask->query[i].name, name))
            return ask->query[i].value;
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
        { 400, "INVALID_PARAMETER", "INVALID_REQUEST", "The request is not valid." },
        { 401, "UNAUTHORIZED", "UNAUTHENTICATED",
          "The access token is missing, unknown or expired." },
        { 403, "FORBIDDEN", "PERMISSION_DENIED", "No access to this account." },
        { 404, "NOT_FOUND", "NOT_FOUND", "There is nothing at this address." },
        { 405, "INVALID_PARAMETER", "INVALID_REQUEST", "This method is not possible here." },
        { 429, "TOO_MANY_REQUESTS", "RESOURCE_EXHAUSTED", "Too many requests." },
        { 500, "INTERNAL_ERROR", "INTERNAL_ERROR", "Internal Server Error" },
    };
    if (oauth_refuse(ask, status))
        return;
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

/* 429: with or without a word about when to come back, and in one of the bodies that a gateway may
 * send (stellr 9; ion 6.2, 9 no. 11: unknown). */
static void too_many(struct ask *ask, int64_t retry_after_s)
{
    struct str body = sim_knob_text(ask->sim, KNOB_rate_limit_body);
    if (retry_after_s > 0)
        exchange_add_header(ask->x, "Retry-After",
                            arena_printf(ask->x->a, "%lld", (long long)retry_after_s));
    ask_refuse(ask, 429);
    if (str_is(body, "json"))
        return;
    buf_clear(&ask->x->reply);
    ask->x->content_type = "text/html";
    if (str_is(body, "html"))
        buf_add_text(&ask->x->reply, "<html><body><h1>429 Too Many Requests</h1></body></html>");
}

static void give_plain(struct ask *ask, int status, const char *type, const char *body)
{
    ask->x->status = status;
    ask->x->content_type = type;
    buf_clear(&ask->x->reply);
    buf_add_text(&ask->x->reply, body);
}

/* Faults that take the place of an answer. True when one did. */
static bool fault_answers(struct ask *ask)
{
    switch ((int)ask->fault) {
    case FAULT_400:
        ask_refuse(ask, 400);
        return true;
    case FAULT_401:
        ask_refuse(ask, 401);
        return true;
    case FAULT_403:
        ask_refuse(ask, 403);
        return true;
    case FAULT_429_AFTER:
        too_many(ask, 1);
        return true;
    case FAULT_429:
        too_many(ask, sim_knob_integer(ask->sim, KNOB_retry_after_s));
        return true;
    case FAULT_500:
        ask_refuse(ask, 500);
        return true;
    case FAULT_HTML:
        give_plain(ask, 200, "text/html", "<html><body>Scheduled maintenance</body></html>");
        return true;
    case FAULT_EMPTY_BODY:
        give_plain(ask, 200, "application/json", "");
        return true;
    case FAULT_OTHER_SHAPE:
        give_plain(ask, 200, "application/json", "{\"status\":\"ok\",\"payload\":{\"rows\":{}}}");
        return true;
    case FAULT_CLOSE:
        ask->x->sending = SEND_NOTHING;
        return true;
    default:
        return false;
    }
}

/* Faults that come over an answer: what was asked for has been done. */
static void fault_spoils(struct ask *ask)
{
    if (ask->fault == FAULT_CUT)
        ask->x->sending = SEND_CUT;
    if (ask->fault == FAULT_DROP)
        ask->x->sending = SEND_NOTHING;
    if (ask->fault == FAULT_GATEWAY)
        give_plain(ask, 504, "text/html", "<html><body>504 Gateway Time-out</body></html>");
    else if (ask->x->status >= 400 && sim_knob_flag(ask->sim, KNOB_html_errors))
        give_plain(ask, ask->x->status, "text/html",
                   "<html><body><h1>An error occurred</h1></body></html>");
}

/* So many a minute, counted by the machine's clock: the simulator's own may stand still. */
static bool is_over_limit(struct ask *ask)
{
    struct rate *rate = &ask->sim->rates[ask->at];
    int64_t most = sim_knob_integer(ask->sim, KNOB_rate_limit_per_min);
    int64_t now = ask->sim->clock->monotonic_ms(ask->sim->clock);
    if (now - rate->since_ms >= 60000) {
        rate->since_ms = now;
        rate->n = 0;
    }
    return most > 0 && ++rate->n > most;
}

/* What lies below a customer is served with a further "cloud/" in the path as well (stellr A-20,
 * REAL-w: a live client's hint text writes it so). */
static struct str without_cloud(struct ask *ask, struct str path)
{
    static const char long_form[] = "/api/v1/cloud/customers/", short_form[] = "/api/v1/customers/";
    if (ask->at != AT_STELLR || !sim_knob_flag(ask->sim, KNOB_cloud_alias) ||
        !str_starts(path, long_form))
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

/* Whether a list with commas between names this action, or its category. */
static bool is_masked(struct str mask, const struct action *action)
{
    struct str item;
    while (str_next(&mask, ',', &item))
        if (str_equal_nocase(str_trim(item), str_of(action->name)) ||
            str_equal_nocase(str_trim(item), str_of(action->category)))
            return true;
    return false;
}

/* What a role of Ion may do is not public: users of the role User cannot have credentials, and 403
 * is to be expected on some calls (ion 1.3). GUESS: Ops reads, Sales changes no users. */
static bool role_allows(struct ask *ask)
{
    struct str role = sim_knob_text(ask->sim, KNOB_role);
    bool reads = ask->action->effect == EFFECT_READ;
    if (ask->at == AT_STELLR || str_is(role, "owner"))
        return true;
    if (str_is(role, "sales"))
        return reads || !str_equal_nocase(str_of(ask->action->category), STR("Users"));
    return str_is(role, "ops") && reads;
}

static bool may_do(struct ask *ask)
{
    if (!is_masked(sim_knob_text(ask->sim, KNOB_permission_mask), ask->action) && role_allows(ask))
        return owns_account(ask);
    if (ask->at == AT_STELLR)
        stellr_error(ask, 403, "FORBIDDEN", "The credential has no permission for this operation.");
    else
        ion_error(ask, 403, "PERMISSION_DENIED", "the role of the user does not allow this call");
    return false;
}

/* The knob fail_customer: one customer for whom nothing works (stellr 12). */
static bool is_failing_customer(struct ask *ask)
{
    static const char *const names[] = { "customerNo", "customerId" };
    struct str rest = sim_knob_text(ask->sim, KNOB_fail_customer), wanted;
    while (str_next(&rest, ',', &wanted))
        for (size_t i = 0; i < ARRAY_LEN(names) && wanted.len > 0; i++)
            if (str_equal(ask_path(ask, names[i]), str_trim(wanted)) ||
                str_equal(ask_query(ask, names[i]), str_trim(wanted)))
                return true;
    return false;
}

/* Another reseller's credential: lists are empty, with HTTP 200 (stellr 1.3 REAL); what is asked
 * for by its id is not there (A-24 GUESS). */
static bool is_out_of_scope(struct ask *ask)
{
    if (ask->at != AT_STELLR || !sim_knob_flag(ask->sim, KNOB_scope_mismatch))
        return false;
    if (ask->action->paging == NULL) {
        if (ask_path(ask, "customerNo").len == 0)
            return false;
        ask_refuse(ask, 404);
        return true;
    }
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_text(&w, "requestId", stellr_request_id(ask));
    json_put_object(&w, "data");
    json_put_integer(&w, "total", 0);
    json_put_array(&w, "records");
    json_close(&w);
    json_close(&w);
    json_close(&w);
    return true;
}

static void answer_action(struct ask *ask)
{
    if (ask->action == NULL) {
        ask_refuse(ask, ask->is_other_method ? 405 : 404);
        return;
    }
    const struct answer *answer = answer_find(ask->action);
    if (answer == NULL) {
        ask_refuse(ask, 404);
    } else if (is_failing_customer(ask)) {
        ask_refuse(ask, 500);
    } else if (may_do(ask) && !is_out_of_scope(ask)) {
        answer->give(ask);
        ask->is_carried_out = ask->x->status < 300;
    }
}

/* With the lock held. */
static void answer(struct ask *ask)
{
    if (fault_answers(ask))
        return;
    if (is_over_limit(ask)) {
        too_many(ask, sim_knob_integer(ask->sim, KNOB_retry_after_s));
        return;
    }
    stellr_settle(ask->sim);
    ion_settle(ask->sim);
    if (ask->at == AT_ION && ion_file_answer(ask))
        return;
    if (oauth_answer(ask))
        ask->is_carried_out = ask->x->status < 300;
    else if (oauth_allows(ask) && !(ask->sim->replay != NULL && replay_answer(ask)))
        answer_action(ask);
}

static void write_journal_line(struct sim *sim, const struct exchange *x)
{
    if (sim->journal_file == NULL)
        return;
    fprintf(sim->journal_file, "%.*s %.*s%s%.*s %d\n", STR_PRINT(x->method), STR_PRINT(x->path),
            x->query.at != NULL ? "?" : "", STR_PRINT(x->query),
            x->sending == SEND_NOTHING ? 0 : x->status);
    (void)fflush(
        sim->journal_file); /* a journal that cannot be written is seen by whoever reads it */
}

static void say_hello(const struct listener *listener, struct exchange *x)
{
    x->status = 200;
    x->content_type = "text/plain; charset=utf-8";
    buf_add_text(&x->reply, "The Stellion simulator.\n");
    state_lock(listener->sim);
    SCOPED(state_unlock) struct sim *held = listener->sim;
    (void)held; /* the addresses stand once all ports are open */
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

/* The colon before a verb may come percent-encoded: ".../orders/5%3Acancel". */
static struct str with_colon(struct ask *ask, struct str path)
{
    size_t at = str_ends(path, "/") ? path.len - 1 : path.len;
    while (at > 0 && path.at[at - 1] != '/' && path.at[at - 1] != '%')
        at--;
    struct str rest = str_from(path, at);
    if (at == 0 || path.at[at - 1] != '%' || !(str_starts(rest, "3A") || str_starts(rest, "3a")))
        return path;
    return str_of(
        arena_printf(ask->x->a, "%.*s:%.*s", (int)at - 1, path.at, STR_PRINT(str_from(rest, 2))));
}

/* Which action it is, and what is to go wrong with it. */
static void look_at(struct ask *ask)
{
    bool is_known;
    read_query(ask);
    enum method method = method_of(ask->x->method, &is_known);
    struct str path = without_cloud(ask, ask->path);
    ask->connector = ask->at == AT_STELLR ? &connector_stellr : &connector_ion;
    ask->action =
        route_find(ask->x->a, ask->connector, method, path, &ask->arguments, &ask->is_other_method);
    if (ask->action == NULL && ask->at == AT_ION)
        ask->action = route_find(ask->x->a, ask->connector, method, with_colon(ask, path),
                                 &ask->arguments, &ask->is_other_method);
    if (!is_known)
        ask->action = NULL;
    ask->fault = fault_choose(&ask->sim->faults, ask->x, ask->action);
}

static void give_answer(struct ask *ask)
{
    struct sim *sim = ask->sim;
    state_lock(sim);
    SCOPED(state_unlock) struct sim *held = sim;
    answer(ask);
    fault_spoils(ask);
    journal_note(sim->journal, ask);
    write_journal_line(held, ask->x);
}

static bool is_control(const struct listener *listener, struct str path)
{
    return listener->has_control && (str_starts(path, "/_sim/") || str_is(path, "/_sim"));
}

void sim_handle(void *context, struct exchange *x)
{
    const struct listener *listener = context;
    struct sim *sim = listener->sim;
    struct ask ask = { .sim = sim, .x = x, .path = x->path };
    if (is_control(listener, x->path)) {
        control_answer(listener, x);
        return;
    }
    atomic_fetch_add(&sim->n_requests, 1);
    if (!choose_marketplace(listener, &ask.path, &ask.at)) {
        say_hello(listener, x);
        return;
    }
    state_lock(sim);
    look_at(&ask);
    struct sim *held = sim;
    state_unlock(&held);
    if (sim->latency_ms > 0)
        sim->clock->sleep_ms(sim->clock, sim->latency_ms);
    if (ask.fault == FAULT_SLOW)
        sim->clock->sleep_ms(sim->clock, SLOW_MS);
    give_answer(&ask);
    log_write(LOG_SIM_REQUEST, LOG_T("method", x->method), LOG_T("path", x->path),
              LOG_I("status", x->status));
}
