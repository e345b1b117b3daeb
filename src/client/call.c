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
    *call = (struct call){ .client = client, .transport = transport, .arena = ARENA(0) };
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

/* Sends once and judges. */
static enum status send_once(struct call *call, struct arena *a, const struct action *action,
                             const struct arguments *arguments, struct wire_reply *ret_reply,
                             struct error *err)
{
    struct client *client = call->client;
    struct request_context context = { client->account_id, secret_reveal(call->token) };
    struct request request;
    TRY(request_build(a, action, arguments, &context, &request, err));
    struct wire_request wire = {
        .method = request.method,
        .url = url_of(a, client, &request),
        .content_type = request.content_type,
        .body = request.body,
        .bearer = action->no_bearer ? NULL : call->token,
        .once = action->effect != EFFECT_READ,
        .timeout_ms = LIMIT_READ_MS,
    };
    pace_wait(client->pace);
    int64_t started_ms = client->clock->monotonic_ms(client->clock);
    call->n_requests++;
    enum status s = call->transport->send(call->transport, a, &wire, ret_reply, err);
    if (s == ST_OK)
        s = judge_reply(client->connector, ret_reply, call->token, err);
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
    if (body_is_json(reply->body))
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

enum status call_perform(struct call *call, struct arena *a, const struct action *action,
                         const struct arguments *arguments, struct wire_reply *ret_reply,
                         struct error *err)
{
    struct client *client = call->client;
    if (action->effect != EFFECT_READ)
        return fail(err, ST_RULE, "%s changes something at the remote; this version only reads",
                    action->name);
    /* Wrong arguments are told before a token is asked for, which may cost one. */
    struct request_context unsent = { client->account_id, STR_NONE };
    struct request preview;
    TRY(request_build(a, action, arguments, &unsent, &preview, err));
    bool renewed = false;
    for (int attempt = 0;;) {
        *ret_reply = (struct wire_reply){ .retry_after_ms = -1 };
        TRY(token_get(client->tokens, call->transport, &call->arena, &call->token_number,
                      &call->token, err));
        enum status s = send_once(call, a, action, arguments, ret_reply, err);
        if (s == ST_OK)
            s = look_at_body(client, ret_reply, err);
        if (s == ST_OK)
            return ST_OK;
        bool was_sent = ret_reply->http_status != 0;
        if (s == ST_CREDENTIALS && was_sent && !renewed && !action->no_bearer) {
            renewed = true;
            TRY(token_reject(client->tokens, call->token_number, err));
            continue;
        }
        if (++attempt >= LIMIT_READ_ATTEMPTS || !may_repeat(s))
            return read_failed(s, attempt, err);
        log_write(LOG_RETRY, LOG_T("connection", client->connection),
                  LOG_T("action", str_of(action->name)), LOG_I("attempt", attempt),
                  LOG_T("status", str_of(status_row(s)->name)));
        sleep_unless(client->clock, client->cancelled, wait_before(attempt - 1, s, ret_reply));
        if (client->cancelled != NULL && atomic_load(client->cancelled))
            return fail(err, ST_CANCELLED, "stopped while waiting to ask again");
    }
}
