/* The engine of a call. */
#include "client/call.h"

#include "base/log.h"
#include "base/os.h"
#include "client/judge.h"

#define FIRST_WAIT_MS      1000
#define FIRST_RATE_WAIT_MS 2000
#define MOST_WAIT_MS       16000
#define JITTER_MS          250

void call_init(struct call *call, struct client *client, struct transport *transport)
{
    *call = (struct call){ .client = client,
                           .transport = transport,
                           .arena = ARENA(0),
                           .read_attempts = LIMIT_READ_ATTEMPTS };
}

void call_release(struct call *call)
{
    arena_free(&call->arena);
}

static struct str url_of(struct arena *a, const struct client *client,
                         const struct request *request)
{
    return str_of(
        arena_printf(a, "%.*s%.*s", STR_PRINT(client->base_url), STR_PRINT(request->target)));
}

static void log_request(const struct call *call, const struct action *action, enum status s,
                        int http, int64_t started_ms)
{
    struct clock *clock = call->client->clock;
    log_write(LOG_REQUEST, LOG_T("connection", call->client->connection),
              LOG_T("action", str_of(action->name)), LOG_T("status", str_of(status_row(s)->name)),
              LOG_I("http", http), LOG_I("ms", clock->monotonic_ms(clock) - started_ms));
}

const struct action *client_action(const struct client *client, const char *name)
{
    const struct action *row = action_find(str_of(name));
    return row == NULL ? NULL : overrides_row(client->overrides, row);
}

static const char *path_of(const struct client *client, const struct action *action)
{
    for (size_t i = 0; i < client->n_paths; i++)
        if (strcmp(client->paths[i].action->name, action->name) == 0)
            return client->paths[i].path;
    return NULL;
}

enum status call_check(const struct call *call, const struct action *action, struct error *err)
{
    const struct client *client = call->client;
    if (action->scheme != WITH_BASIC || client->basic_user.at != NULL)
        return ST_OK;
    fail(err, ST_CREDENTIALS, "%s needs the API key of the account, and connection %.*s has none",
         action->name, STR_PRINT(client->connection));
    hint(err, "Add it: stellion connect %s --name %.*s --api-key KEY --api-secret-file FILE",
         client->connector->name, STR_PRINT(client->connection));
    return ST_CREDENTIALS;
}

/* Sends once and judges. */
static enum status send_once(struct call *call, struct arena *a, const struct request *request,
                             struct wire_reply *ret_reply, struct error *err)
{
    struct client *client = call->client;
    const struct action *action = request->action;
    struct wire_request wire = {
        .method = request->method,
        .url = url_of(a, client, request),
        .content_type = request->content_type,
        .body = request->body,
        .bearer = action->scheme == WITH_BEARER ? call->token : NULL,
        .once = request->effect != EFFECT_READ,
        .timeout_ms = LIMIT_READ_MS,
    };
    if (action->scheme == WITH_BASIC) {
        wire.basic_user = client->basic_user;
        wire.basic_secret = client->basic_secret;
    }
    pace_wait(client->pace);
    int64_t started_ms = client->clock->monotonic_ms(client->clock);
    call->n_requests++;
    call->n_writes += wire.once;
    enum status s = call->transport->send(call->transport, a, &wire, ret_reply, err);
    if (s == ST_OK)
        s = judge_reply(client->connector, ret_reply,
                        action->scheme == WITH_BASIC ? client->basic_secret : call->token, err);
    log_request(call, action, s, ret_reply->http_status, started_ms);
    if (s == ST_RATE)
        pace_refused(client->pace, ret_reply->retry_after_ms);
    else if (s == ST_OK)
        pace_answered(client->pace);
    return s;
}

/* A page of HTML with 200 comes from something between us and the service: worth another try, as a
 * fault of the way. An empty or JSON body is the service's own. */
static enum status look_at_body(const struct client *client, const struct wire_reply *reply,
                                struct error *err)
{
    if (body_is_json(reply->body) || reply->http_status == 204)
        return ST_OK;
    fail(err, ST_UNREADABLE, "%s answered HTTP %d with %s instead of JSON",
         client->connector->title, reply->http_status, body_kind(reply->body));
    err->http_status = reply->http_status;
    hint(err, "Something between this machine and the service may have answered: a proxy, a "
              "sign-in page, or another address than meant.");
    return ST_UNREADABLE;
}

static int64_t wait_before(int attempt, enum status s, const struct wire_reply *reply)
{
    int64_t wait_ms = (int64_t)(s == ST_RATE ? FIRST_RATE_WAIT_MS : FIRST_WAIT_MS) << attempt;
    wait_ms = wait_ms < MOST_WAIT_MS ? wait_ms : MOST_WAIT_MS;
    wait_ms += (int64_t)(os_random_u64() % JITTER_MS);
    if (reply->retry_after_ms >= 0)
        wait_ms = reply->retry_after_ms < LIMIT_RETRY_AFTER_MS ? reply->retry_after_ms
                                                               : LIMIT_RETRY_AFTER_MS;
    return wait_ms;
}

/* Whether the same read may be sent again after this. */
static bool may_repeat(enum status s)
{
    return s == ST_UNKNOWN || s == ST_UNREADABLE || status_row(s)->retry;
}

/* A read that was sent and not answered is nothing unclear: it changed nothing. */
static enum status read_failed(enum status s, int attempts, struct error *err)
{
    if (s == ST_UNKNOWN)
        s = err->code = ST_REMOTE;
    if (attempts > 1)
        return wrap(err, s, "after %d tries", attempts);
    return s;
}

/* The service's own "no": these statuses, and JSON, which what stands between us and it does not
 * speak (design; 412 is ion 6.1 SPEC). */
static bool is_refusal(const struct wire_reply *reply)
{
    static const int refusals[] = { 400, 401, 403, 404, 409, 412, 422, 429 };
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        if (reply->http_status == refusals[i])
            return body_is_json(reply->body);
    return false;
}

/* After something that writes was sent: what is no readable answer of the service leaves open
 * whether it was done. Empty with 2xx is a readable answer. */
static enum status settle_write(const struct client *client, const struct wire_reply *reply,
                                enum status s, struct error *err)
{
    bool is_empty = s == ST_OK && reply->body.len == 0;
    if (s == ST_OK && !is_empty)
        s = look_at_body(client, reply, err);
    if (s == ST_OK || s == ST_UNREACHABLE || s == ST_CANCELLED || is_refusal(reply))
        return s;
    return wrap(err, ST_UNKNOWN, "it was sent, and whether it was done is not known");
}

/* Builds the request as it goes out, and before that without a token: wrong arguments are told
 * before one is asked for, which may cost one. */
static enum status build(struct call *call, struct arena *a, const struct action *action,
                         const struct arguments *arguments, bool with_token,
                         struct request *ret_request, struct error *err)
{
    struct client *client = call->client;
    struct request_context context = {
        .account_id = client->account_id,
        .access_token = with_token ? secret_reveal(call->token) : STR_NONE,
        .path = path_of(client, action),
        .overrides = client->overrides,
    };
    return request_build(a, action, arguments, &context, ret_request, err);
}

enum status call_ready(struct call *call, struct error *err)
{
    return token_get(call->client->tokens, call->transport, &call->arena, &call->token_number,
                     &call->token, err);
}

enum status call_reject_token(struct call *call, struct error *err)
{
    return token_reject(call->client->tokens, call->token_number, err);
}

static enum status attempt(struct call *call, struct arena *a, const struct action *action,
                           const struct arguments *arguments, struct wire_reply *ret_reply,
                           struct error *err)
{
    struct request request;
    *ret_reply = (struct wire_reply){ .retry_after_ms = -1 };
    if (action->scheme != WITH_BASIC)
        TRY(call_ready(call, err));
    TRY(build(call, a, action, arguments, true, &request, err));
    enum status s = send_once(call, a, &request, ret_reply, err);
    if (request.effect != EFFECT_READ)
        return settle_write(call->client, ret_reply, s, err);
    return s == ST_OK ? look_at_body(call->client, ret_reply, err) : s;
}

static enum status wait_for_next(const struct client *client, const struct action *action,
                                 int attempt, enum status s, const struct wire_reply *reply,
                                 struct error *err)
{
    log_write(LOG_RETRY, LOG_T("connection", client->connection),
              LOG_T("action", str_of(action->name)), LOG_I("attempt", attempt),
              LOG_T("status", str_of(status_row(s)->name)));
    sleep_unless(client->clock, client->cancelled, wait_before(attempt - 1, s, reply));
    if (client->cancelled != NULL && atomic_load(client->cancelled))
        return fail(err, ST_CANCELLED, "stopped while waiting to ask again");
    return ST_OK;
}

enum status call_perform(struct call *call, struct arena *a, const struct action *action,
                         const struct arguments *arguments, struct wire_reply *ret_reply,
                         struct error *err)
{
    struct client *client = call->client;
    struct request preview;
    TRY(build(call, a, action, arguments, false, &preview, err));
    if (preview.effect == EFFECT_MONEY || action_is_recipe(action))
        return fail(err, ST_RULE, "%s costs money: it goes out through a purchase only",
                    action->name);
    TRY(call_check(call, action, err));
    bool renewed = false;
    for (int n_tried = 0;;) {
        enum status s = attempt(call, a, action, arguments, ret_reply, err);
        if (s == ST_OK)
            return ST_OK;
        bool is_rejected = ret_reply->http_status == 401 && action->scheme == WITH_BEARER;
        if (s == ST_CREDENTIALS && is_rejected && !renewed) {
            renewed = true;
            TRY(call_reject_token(call, err));
            continue;
        }
        if (preview.effect != EFFECT_READ) {
            struct error ignored;
            if (s == ST_UNKNOWN && is_rejected) /* unclear whose 401: not again, but not so again */
                (void)call_reject_token(call, &ignored);
            return s;
        }
        if (++n_tried >= call->read_attempts || !may_repeat(s))
            return read_failed(s, n_tried, err);
        TRY(wait_for_next(client, action, n_tried, s, ret_reply, err));
    }
}

struct digest request_digest(const struct request *request)
{
    SCOPED(buf_release) struct buf all = BUF(LIMIT_BODY_BYTES + LIMIT_URL_BYTES + 100);
    buf_printf(&all, "%s ", method_name(request->method));
    buf_add(&all, request->target);
    buf_printf(&all, "\n%s\n", request->content_type != NULL ? request->content_type : "");
    buf_add(&all, request->body);
    return digest_of(buf_str(&all));
}

enum status call_spend(struct call *call, struct arena *a, const struct permit *permit,
                       const struct request *request, struct wire_reply *ret_reply,
                       struct error *err)
{
    *ret_reply = (struct wire_reply){ .retry_after_ms = -1 };
    if (!digest_equal(permit->bytes, request_digest(request)))
        return fail(err, ST_INTERNAL, "purchase %lld was approved for another request",
                    (long long)permit->purchase);
    TRY(call_check(call, request->action, err));
    enum status s = send_once(call, a, request, ret_reply, err);
    return settle_write(call->client, ret_reply, s, err);
}
