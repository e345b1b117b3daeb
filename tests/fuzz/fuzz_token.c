/* Tokens: whatever the service answers and whenever somebody asks, a refresh token goes out only
 * under an open attempt, never after its successor was kept and never while an earlier request may
 * be under way; what is used is what was answered. */
#include "fuzz.h"
#include "script.h"

#include "base/json.h"
#include "base/uri.h"
#include "client/judge.h"

#include <string.h>

#define STEPS_MOST 12

struct watch {
    struct fake_client fake;
    struct script script;
    int64_t unclear_of;    /* generation that the time is about */
    int64_t sent_ms;       /* the last sending */
    int64_t unclear_at_ms; /* the last sending that may have used the token up; 0: none */
};

/* A service that answered 2xx with all that is needed. */
static bool gives_tokens(const struct watch *w)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct json *document;
    struct error err;
    const struct wire_reply *reply = &w->script.last;
    return w->script.last_status == ST_OK && reply->http_status / 100 == 2 &&
           json_parse(&a, reply->body, &document, &err) == ST_OK &&
           json_text(json_get(document, "access_token")).len > 0 &&
           json_text(json_get(document, "refresh_token")).len > 0;
}

/* What the last sending did to the token, as the watch sees it. */
static void note_answer(struct watch *w)
{
    const struct wire_reply *reply = &w->script.last;
    static const int refusals[] = { 400, 401, 403, 404, 405, 409, 410, 412, 415, 422, 429 };
    bool is_refusal = false;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        is_refusal = is_refusal || reply->http_status == refusals[i];
    if (w->script.last_status == ST_UNREACHABLE || gives_tokens(w) ||
        (is_refusal && body_is_json(reply->body)))
        return;
    w->unclear_at_ms = w->sent_ms;
}

static void see_refresh(struct script *script, const struct wire_request *request)
{
    struct watch *w = script->context;
    struct fake_vault *v = &w->fake.vault;
    struct str sent;
    HOLDS(request->method == METHOD_POST && request->once && request->bearer == NULL);
    if (w->fake.client.connector->auth.grant != GRANT_REFRESH_TOKEN)
        return;
    if (script->n_requests > 1)
        note_answer(w); /* of the request before */
    if (w->unclear_of != v->generation) {
        w->unclear_of = v->generation;
        w->unclear_at_ms = 0;
    }
    HOLDS(uri_query_value(&w->fake.arena, request->body, "refresh_token", &sent));
    HOLDS(str_is(sent, v->refresh));
    HOLDS(v->n_attempts > 0 && v->attempts[v->n_attempts - 1].outcome == ATTEMPT_OPEN);
    HOLDS(v->attempts[v->n_attempts - 1].generation == v->generation);
    HOLDS(v->is_ours && v->lease_until_ms > w->fake.clock.at_ms);
    HOLDS(w->unclear_at_ms == 0 ||
          v->attempts[v->n_attempts - 1].at_ms - w->unclear_at_ms >= LIMIT_TOKEN_LEASE_MS - 2);
    w->sent_ms = w->fake.clock.at_ms;
}

static void holds_sentence(const struct watch *w, enum status s, const struct error *err)
{
    holds_error(s, err);
    holds_printable_error(err);
    holds_no_secret(err, STR(SCRIPT_SECRET));
    if (is_unmistakable(str_of(w->fake.vault.refresh)))
        holds_no_secret(err, str_of(w->fake.vault.refresh));
}

/* It goes into a header, whole and alone. */
static bool is_sendable(struct str token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.at[i] <= ' ' || token.at[i] > '~')
            return false;
    return token.len > 0;
}

/* A token was asked for: it is the one in use, whole, and good for a while. */
static void token_is_usable(const struct watch *w)
{
    const struct token_source *source = &w->fake.tokens;
    HOLDS(secret_equal(w->fake.call.token, source->current.token));
    HOLDS(is_sendable(secret_reveal(w->fake.call.token)));
    HOLDS(w->fake.call.token_number == source->number);
    HOLDS(source->current.expires_ms > w->fake.clock.at_ms);
    HOLDS(source->current.expires_ms - source->current.born_ms <= INT64_C(366) * 86400000);
    struct str kept = str_of(w->fake.vault.access), used = secret_reveal(w->fake.call.token);
    HOLDS(str_equal(kept, used) || used.len >= sizeof w->fake.vault.access ||
          w->fake.vault.fail_keep != ST_OK);
}

/* Both halves of an answer were kept before anything else, or told as lost. */
static void answer_is_kept(const struct watch *w, enum status s, const struct error *err,
                           int64_t generation_before)
{
    const struct fake_vault *v = &w->fake.vault;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct json *document;
    struct error ignored;
    if (w->fake.client.connector->auth.grant != GRANT_REFRESH_TOKEN || !gives_tokens(w))
        return;
    HOLDS(json_parse(&a, w->script.last.body, &document, &ignored) == ST_OK);
    struct str refresh = json_text(json_get(document, "refresh_token"));
    bool is_good = is_sendable(json_text(json_get(document, "access_token")));
    if (refresh.len >= sizeof v->refresh)
        refresh.len = sizeof v->refresh - 1; /* the vault of the test is small */
    if (v->fail_keep == ST_OK) {
        HOLDS((s == ST_OK) == is_good && v->generation == generation_before + 1);
        HOLDS(str_equal(refresh, str_of(v->refresh)));
    } else if (v->fail_rescue == ST_OK) {
        HOLDS((s == ST_OK) == is_good && str_equal(refresh, str_of(v->rescued)));
    } else {
        HOLDS(s == v->fail_keep && strstr(err->text, "could be kept neither") != NULL);
    }
}

static void ask(struct watch *w)
{
    struct fake_client *fake = &w->fake;
    struct error err;
    int64_t generation = fake->vault.generation;
    size_t before = w->script.n_requests;
    enum status s = token_get(&fake->tokens, &w->script.transport, &fake->arena,
                              &fake->call.token_number, &fake->call.token, &err);
    HOLDS(w->script.n_requests - before <= 6);
    HOLDS(!fake->vault.is_ours);
    if (s == ST_OK)
        token_is_usable(w);
    else
        holds_sentence(w, s, &err);
    if (w->script.n_requests > before)
        answer_is_kept(w, s, &err, generation);
}

/* The program ends and starts again; what it knew is in the vault. */
static void start_again(struct watch *w)
{
    struct fake_client *fake = &w->fake;
    struct token_source *source = &fake->tokens;
    struct token_settings settings = source->settings;
    token_source_release(source);
    token_source_init(source, &settings, &fake->vault.vault, &fake->clock.clock);
    call_release(&fake->call);
    call_init(&fake->call, &fake->client, &w->script.transport);
}

static void take_step(struct watch *w, struct input *in)
{
    struct fake_client *fake = &w->fake;
    struct error err;
    enum status s = ST_OK;
    switch (input_choice(in, 8)) {
    case 0:
        clock_manual_advance(&fake->clock, (int64_t)input_byte(in) * 20000);
        break;
    case 1:
        clock_manual_advance(&fake->clock, (int64_t)input_byte(in) * 43200000);
        break;
    case 2:
        s = token_reject(&fake->tokens, fake->call.token_number, &err);
        break;
    case 3:
        s = token_keep_alive(&fake->tokens, &w->script.transport, (int64_t)input_byte(in) * 3600000,
                             &err);
        break;
    case 4:
        start_again(w);
        break;
    default:
        ask(w);
    }
    if (s != ST_OK)
        holds_sentence(w, s, &err);
}

/* How things stand before: a vault that cannot be written, somebody else at work, no token. */
static void set_scene(struct watch *w, unsigned scene)
{
    static const enum status failures[] = { ST_OK, ST_OK, ST_OK, ST_FULL };
    struct fake_client *fake = &w->fake;
    struct token_settings *settings = &fake->tokens.settings;
    settings->client_secret = secret_new(&fake->arena, STR(SCRIPT_SECRET));
    fake->vault.born_ms = fake->clock.at_ms;
    fake->vault.generation = (scene & 64) != 0 ? 0 : 1;
    if (fake->vault.generation > 0)
        memcpy(fake->vault.refresh, SCRIPT_SECRET, sizeof SCRIPT_SECRET);
    fake->vault.fail_keep = failures[scene % 4];
    fake->vault.fail_rescue = failures[scene / 4 % 4];
    fake->vault.lease_until_ms = (scene & 16) != 0 ? fake->clock.at_ms + 60000 : 0;
    fake->vault.theirs_after = (scene & 48) == 48 ? 3 : 0;
    if ((scene & 128) != 0)
        settings->token_urls[1] = STR("https://sso2.example/token");
}

static void the_protocol_is_kept(struct input *in)
{
    struct watch w = { .sent_ms = 0 };
    struct input steps = { { in->rest.at, in->rest.len < STEPS_MOST ? in->rest.len : STEPS_MOST } };
    in->rest = str_from(in->rest, steps.rest.len);
    fake_client_init(&w.fake, connectors()[input_choice(&steps, 2)]);
    set_scene(&w, input_byte(&steps));
    script_init(&w.script, in, &w.fake.clock);
    w.script.see = see_refresh;
    w.script.context = &w;
    while (steps.rest.len > 0)
        take_step(&w, &steps);
    fake_client_release(&w.fake);
}

/* The answer alone. */
static void an_answer_is_read(struct input *in)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct fake_client fake;
    struct access_token access = { .token = NULL };
    const struct secret *refresh = NULL;
    const struct json *document;
    struct error err, ignored;
    fake_client_init(&fake, connectors()[input_choice(in, 2)]);
    bool wants_refresh = input_flag(in);
    enum status s =
        token_read(&a, &fake.tokens, in->rest, &access, wants_refresh ? &refresh : NULL, &err);
    bool is_json = json_parse(&a, in->rest, &document, &ignored) == ST_OK;
    struct str next = is_json ? json_text(json_get(document, "refresh_token")) : STR("");
    /* The successor is given out whatever else is wrong: there is no other. */
    HOLDS(!wants_refresh || str_equal(secret_reveal(refresh), next));
    if (s != ST_OK) {
        holds_error(s, &err);
        HOLDS(s == ST_UNREADABLE);
    } else {
        HOLDS(
            str_equal(secret_reveal(access.token), json_text(json_get(document, "access_token"))));
        HOLDS(access.born_ms == fake.clock.at_ms && access.expires_ms > access.born_ms);
        HOLDS(access.expires_ms - access.born_ms <= INT64_C(366) * 86400000);
    }
    fake_client_release(&fake);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    if (input_choice(&in, 4) == 0)
        an_answer_is_read(&in);
    else
        the_protocol_is_kept(&in);
    return 0;
}
