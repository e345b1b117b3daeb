/* The Ion refresh (ion 1.1): single-use tokens, each answer brings the next one. The order of steps
 * is the protocol. What a death in each leaves behind:
 *
 * - lease: one refresher over all threads and processes. The lease ends by itself.
 * - attempt: a row, which also proves that the store can be written. An open attempt, not sent.
 * - send: once, on a connection of its own. An open attempt, perhaps sent.
 * - keep: the next generation, added and never overwritten. Kept, or an open attempt.
 * - release of the lease. Nothing.
 *
 * An open or unanswered attempt means that the token may be used up. After its lease has ended (so
 * that its request cannot be under way any more) the token is tried again: only a refusal tells
 * that it is lost. From the attempt to the keeping nothing stops us but the end of the process. */
#include "client/judge.h"
#include "client/pace.h"
#include "client/token.h"

#include "base/give_up.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/os.h"
#include "base/uri.h"

#define LEASE_POLL_MS 250
#define WAIT_MOST_MS  (2 * LIMIT_TOKEN_LEASE_MS)
#define MARGIN_MS     10000 /* of a lease, for what comes after the answer */

static const char new_token_advice[] =
    "Create a new one in the Ion portal (Settings > Users > the integration user > Edit > OAuth "
    "credentials > Request New Credentials), then run: stellion connect ion --name %.*s";

static enum status lost(const struct token_source *source, struct error *err, const char *why)
{
    struct str name = source->settings.connection;
    fail(err, ST_TOKEN_LOST, "the refresh token of connection %.*s is lost: %s", STR_PRINT(name),
         why);
    hint(err, new_token_advice, STR_PRINT(name));
    return ST_TOKEN_LOST;
}

static void tell_wait(struct token_source *source, const char *why, int64_t ms)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES);
    buf_printf(&text, "%s Waiting up to ", why);
    duration_print(&text, ms);
    buf_add_text(&text, ".");
    if (source->tell != NULL)
        source->tell(source->tell_context, text.at);
}

static bool is_cancelled(const struct token_source *source)
{
    return source->cancelled != NULL && atomic_load(source->cancelled);
}

/* ST_OK with the lease in hand, or with *ret_done set when another process brought a token. */
static enum status take_lease(struct token_source *source, int64_t since_ms,
                              int64_t *ret_leased_at_ms, bool *ret_done, struct error *err)
{
    struct clock *clock = source->clock;
    int64_t started = clock->now_ms(clock);
    bool told = false;
    for (;;) {
        int64_t until = *ret_leased_at_ms = clock->now_ms(clock);
        enum status s = source->vault->lease(source->vault, LIMIT_TOKEN_LEASE_MS, &until, err);
        struct error busy = *err;
        if (s != ST_OK && s != ST_BUSY)
            return s;
        TRY(token_take_kept(source, since_ms, ret_done, err));
        if (s == ST_OK || *ret_done)
            return ST_OK;
        if (is_cancelled(source) || clock->now_ms(clock) - started > WAIT_MOST_MS) {
            *err = busy;
            return s;
        }
        if (!told)
            tell_wait(source, "Another process is refreshing the token of this connection.",
                      until - started);
        told = true;
        sleep_unless(clock, source->cancelled, LEASE_POLL_MS);
    }
}

/* Whether the newest token may be sent at all. */
static enum status may_send(struct token_source *source, const struct refresh_state *state,
                            struct error *err)
{
    struct str name = source->settings.connection;
    if (state->generation == 0) {
        fail(err, ST_CREDENTIALS, "connection %.*s has no refresh token", STR_PRINT(name));
        hint(err, new_token_advice, STR_PRINT(name));
        return ST_CREDENTIALS;
    }
    return ST_OK;
}

/* Milliseconds until no earlier request with this token can be under way any more. */
static int64_t must_wait_ms(const struct token_source *source, const struct refresh_state *state)
{
    int64_t now = source->clock->now_ms(source->clock);
    int64_t wait_ms = state->unclear_at_ms + LIMIT_TOKEN_LEASE_MS - now;
    if (wait_ms > LIMIT_TOKEN_LEASE_MS) /* the clock was set back in between */
        wait_ms = LIMIT_TOKEN_LEASE_MS;
    return state->is_unclear && wait_ms > 0 ? wait_ms : 0;
}

static enum status wait_for_earlier(struct token_source *source, const struct refresh_state *state,
                                    struct error *err)
{
    int64_t wait_ms = must_wait_ms(source, state);
    if (wait_ms == 0)
        return ST_OK;
    tell_wait(source,
              "An earlier refresh of the token ended without a clear answer; it may still be "
              "under way.",
              wait_ms);
    sleep_unless(source->clock, source->cancelled, wait_ms);
    if (!is_cancelled(source))
        return ST_OK;
    return fail(err, ST_CANCELLED, "stopped while waiting for the token of connection %.*s",
                STR_PRINT(source->settings.connection));
}

/* Sends the token once. ST_OK: an answer of 2xx. */
static enum status send_once(struct token_source *source, struct transport *transport,
                             struct arena *a, const struct refresh_state *state,
                             struct wire_reply *ret_reply, struct error *err)
{
    SCOPED(buf_release) struct buf form = BUF(secret_reveal(state->token).len * 3 + 100);
    buf_add_text(&form, "grant_type=refresh_token&refresh_token=");
    uri_encode(&form, secret_reveal(state->token), "");
    struct wire_request request = {
        .method = METHOD_POST,
        .url = source->settings.token_urls[0],
        .content_type = "application/x-www-form-urlencoded",
        .body = buf_str(&form),
        .once = true,
        .timeout_ms = LIMIT_TOKEN_MS,
    };
    enum status s = transport->send(transport, a, &request, ret_reply, err);
    explicit_bzero(form.at, form.len);
    if (s != ST_OK)
        return s;
    return judge_reply(source->settings.connector, ret_reply, state->token, err);
}

/* What the result of sending says about the token that was sent. A refusal is 400, 401, 403, 404,
 * 409, 422 or 429 with a readable body; everything else after sending leaves it open. */
static enum attempt_outcome outcome_of(enum status s, const struct wire_reply *reply)
{
    static const enum status refusals[] = { ST_INVALID,  ST_CREDENTIALS, ST_FORBIDDEN, ST_NOT_FOUND,
                                            ST_CONFLICT, ST_RULE,        ST_RATE };
    if (s == ST_UNREACHABLE)
        return ATTEMPT_NOT_SENT;
    if (reply->http_status == 0)
        return ATTEMPT_UNKNOWN;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        if (s == refusals[i] && body_is_json(reply->body))
            return ATTEMPT_REFUSED;
    return ATTEMPT_FAILED;
}

static enum status explain_refusal(struct token_source *source, const struct refresh_state *state,
                                   enum status s, struct error *err)
{
    struct str name = source->settings.connection;
    if (s == ST_RATE || s == ST_NOT_FOUND || s == ST_CONFLICT)
        return wrap(err, s, "refreshing the token of connection %.*s", STR_PRINT(name));
    if (state->is_unclear)
        return lost(source, err,
                    "an earlier refresh was sent, no clear answer came back, and the service now "
                    "refuses the token that was sent");
    int64_t age_ms = source->clock->now_ms(source->clock) - state->born_ms;
    int64_t life_ms = (int64_t)source->settings.connector->auth.refresh_lifetime_s * 1000;
    wrap(err, ST_CREDENTIALS, "the refresh token of connection %.*s was refused", STR_PRINT(name));
    if (age_ms > life_ms) {
        hint(err, "It was not used for %lld days and lives for %lld. ",
             (long long)(age_ms / 86400000), (long long)(life_ms / 86400000));
    } else {
        hint(err, "It works once: it may have been used by another program, be mistyped, belong "
                  "to an inactive user, or be revoked. ");
    }
    size_t used = strlen(err->hint);
    (void)snprintf(err->hint + used, sizeof err->hint - used, new_token_advice, STR_PRINT(name));
    return ST_CREDENTIALS;
}

static enum status explain_silence(struct token_source *source, enum status s, struct error *err)
{
    struct str name = source->settings.connection;
    wrap(err, ST_UNKNOWN, "refreshing the token of connection %.*s", STR_PRINT(name));
    err->code = s == ST_CANCELLED ? s : ST_UNKNOWN;
    hint(err, "Whether the service took the token is not known. Run the command again: after two "
              "minutes the token is tried once more, and either works or is known to be lost.");
    return err->code;
}

/* Keeps what came. When the store fails now, a sealed file beside it takes the tokens, so that one
 * full disk does not cost a walk to the portal. */
static enum status keep(struct token_source *source, const struct kept_tokens *tokens,
                        struct error *err)
{
    enum status s = source->vault->keep(source->vault, tokens, err);
    if (s == ST_OK || source->vault->rescue == NULL)
        return s;
    struct error second;
    if (source->vault->rescue(source->vault, tokens, &second) != ST_OK) {
        wrap(err, s,
             "the new refresh token of connection %.*s could be kept neither in the store "
             "nor in a rescue file (%s)",
             STR_PRINT(source->settings.connection), second.text);
        hint(err, new_token_advice, STR_PRINT(source->settings.connection));
        return s;
    }
    log_write(LOG_RESCUE, LOG_T("connection", source->settings.connection));
    return ST_OK;
}

/* Between the attempt and the sending, the machine may have slept longer than the lease lives. */
static bool is_late(const struct token_source *source, int64_t leased_at_ms)
{
    int64_t held_ms = source->clock->now_ms(source->clock) - leased_at_ms;
    return held_ms < 0 || held_ms > LIMIT_TOKEN_LEASE_MS - LIMIT_TOKEN_MS - MARGIN_MS;
}

/* A token that came while memory was short is not lost to that: it is tried for a while. */
#define KEEP_TRIES   10
#define KEEP_WAIT_MS 200

struct taking {
    struct token_source *source;
    struct arena *a;
    struct str body;
    struct kept_tokens *tokens;
    bool is_kept;
    enum status status;
    struct error err;
};

/* What came is kept before anything else, also when the access token beside it is of no use. */
static enum status take_answer(struct taking *t, struct error *err)
{
    struct kept_tokens *tokens = t->tokens;
    enum status s = token_read(t->a, t->source, t->body, &tokens->access, &tokens->refresh, err);
    if (tokens->refresh == NULL)
        return s;
    struct error unkept;
    enum status kept = t->is_kept ? ST_OK : keep(t->source, tokens, &unkept);
    if (kept != ST_OK) {
        *err = unkept;
        return kept;
    }
    t->is_kept = true;
    if (s == ST_OK)
        token_use(t->source, &tokens->access);
    return s;
}

static void take_once(void *context)
{
    struct taking *t = context;
    t->status = take_answer(t, &t->err);
}

static enum status take_answer_surely(struct token_source *source, struct arena *a, struct str body,
                                      struct kept_tokens *tokens, struct error *err)
{
    struct taking taking = { .source = source, .a = a, .body = body, .tokens = tokens };
    struct error gave_up;
    for (int n = 1; give_up_guard(take_once, &taking, &gave_up) != ST_OK; n++) {
        if (n == KEEP_TRIES)
            give_up(gave_up.code, "out of memory while a new refresh token was being kept");
        source->clock->sleep_ms(source->clock, KEEP_WAIT_MS);
    }
    *err = taking.err;
    return taking.status;
}

static enum status refresh_by_attempt(struct token_source *source, struct transport *transport,
                                      const struct refresh_state *state, int64_t leased_at_ms,
                                      struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_REPLY_BYTES);
    struct token_vault *vault = source->vault;
    struct kept_tokens tokens = { .generation = state->generation };
    struct wire_reply reply = { .http_status = 0 };
    enum attempt_outcome outcome = ATTEMPT_NOT_SENT;
    enum status s;
    TRY(vault->begin_attempt(vault, state->generation, &tokens.attempt, err));
    if (is_late(source, leased_at_ms)) {
        s = fail(err, ST_BUSY, "this machine stood still when the token was about to be sent");
        hint(err, "Run the command again.");
    } else {
        s = send_once(source, transport, &a, state, &reply, err);
        if (s == ST_OK)
            s = take_answer_surely(source, &a, reply.body, &tokens, err);
        if (s == ST_OK || tokens.refresh != NULL)
            return s;
        outcome = outcome_of(s, &reply);
    }
    struct error ignored;
    /* Should this fail, the attempt stays open, which counts as unanswered: the careful reading. */
    (void)vault->end_attempt(vault, tokens.attempt, outcome, &ignored);
    if (outcome == ATTEMPT_NOT_SENT)
        return wrap(err, s, "refreshing the token of connection %.*s",
                    STR_PRINT(source->settings.connection));
    return outcome == ATTEMPT_REFUSED ? explain_refusal(source, state, s, err)
                                      : explain_silence(source, s, err);
}

static void leave_critical(int *unused)
{
    (void)unused;
    os_critical_end();
}

static enum status refresh_under_lease(struct token_source *source, struct transport *transport,
                                       const struct refresh_state *state, int64_t leased_at_ms,
                                       struct error *err)
{
    if (is_cancelled(source))
        return fail(err, ST_CANCELLED, "stopped before the token of connection %.*s was refreshed",
                    STR_PRINT(source->settings.connection));
    os_critical_begin();
    SCOPED(leave_critical) int critical = 0;
    (void)critical;
    return refresh_by_attempt(source, transport, state, leased_at_ms, err);
}

/* Takes the lease and reads the state under it: what is open then has no owner any more. Waits for
 * what may still be under way are spent without the lease, so that it is fresh when something is
 * sent. *ret_done: another process brought a token, and there is no lease to give back. */
static enum status prepare(struct token_source *source, struct arena *a, int64_t since_ms,
                           struct refresh_state *ret_state, int64_t *ret_leased_at_ms,
                           bool *ret_done, struct error *err)
{
    struct token_vault *vault = source->vault;
    int64_t waited_for_ms = INT64_MIN; /* the attempt; its time may be wrong by days */
    for (;;) {
        enum status s = take_lease(source, since_ms, ret_leased_at_ms, ret_done, err);
        if (s == ST_OK && !*ret_done)
            s = vault->load_refresh(vault, a, ret_state, err);
        if (s == ST_OK && !*ret_done)
            s = may_send(source, ret_state, err);
        if (s == ST_OK && !*ret_done &&
            (must_wait_ms(source, ret_state) == 0 || ret_state->unclear_at_ms == waited_for_ms))
            return ST_OK;
        vault->release(vault); /* does nothing when the lease is not ours */
        if (s != ST_OK || *ret_done)
            return s;
        TRY(wait_for_earlier(source, ret_state, err));
        waited_for_ms = ret_state->unclear_at_ms;
    }
}

static void release_lease(void *vault)
{
    ((struct token_vault *)vault)->release(vault); /* does nothing when the lease is not ours */
}

/* In a guard of its own, since it needs memory: a lease that stays ends by itself. */
static void give_lease_back(struct token_vault **vault)
{
    struct error ignored;
    if (*vault != NULL)
        (void)give_up_guard(release_lease, *vault, &ignored);
}

enum status token_by_refresh(struct token_source *source, struct transport *transport,
                             int64_t since_ms, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct refresh_state state;
    int64_t leased_at_ms;
    bool done = false;
    enum status s;
    {
        SCOPED(give_lease_back) struct token_vault *leased = source->vault;
        s = prepare(source, &a, since_ms, &state, &leased_at_ms, &done, err);
        if (s == ST_OK && !done)
            s = refresh_under_lease(source, transport, &state, leased_at_ms, err);
        else
            leased = NULL; /* it was given back, or is another's */
    }
    log_write(LOG_TOKEN, LOG_T("connection", source->settings.connection),
              LOG_T("grant", STR("refresh_token")), LOG_T("status", str_of(status_row(s)->name)));
    return s;
}
