/* The scripted remote. */
#include "fake.h"

#include "base/log.h"

#include <stdio.h>

static void copy_text(char *to, size_t size, struct str from)
{
    (void)snprintf(to, size, "%.*s", STR_PRINT(from));
}

static enum status fake_send(struct transport *self, struct arena *a,
                             const struct wire_request *request, struct wire_reply *ret_reply,
                             struct error *err)
{
    struct fake_transport *f = (struct fake_transport *)self;
    struct fake_request *seen = &f->requests[f->n_requests++ % FAKE_MOST];
    copy_text(seen->url, sizeof seen->url, request->url);
    copy_text(seen->body, sizeof seen->body, request->body);
    copy_text(seen->bearer, sizeof seen->bearer, secret_reveal(request->bearer));
    seen->method = request->method;
    seen->once = request->once;
    clock_manual_advance(f->clock, f->takes_ms);
    bool is_token = str_contains_nocase(request->url, "/token");
    const struct fake_answer *answer = &f->token;
    if (is_token)
        f->n_token++;
    else {
        size_t i = f->n_api++;
        while (i > 0 && f->answers[i].http == 0 && f->answers[i].status == ST_OK)
            i--;
        answer = &f->answers[i];
    }
    if (answer->status != ST_OK)
        return fail(err, answer->status, "the fake remote did not answer");
    *ret_reply = (struct wire_reply){
        .http_status = answer->http,
        .body = arena_copy(a, str_of(answer->body)),
        .content_type = STR("application/json"),
        .retry_after_ms = answer->retry_after_ms > 0 ? answer->retry_after_ms : -1,
        .date_ms = -1,
    };
    return ST_OK;
}

static void fake_free(struct transport *self)
{
    (void)self;
}

void fake_transport_init(struct fake_transport *fake, struct clock_manual *clock)
{
    *fake = (struct fake_transport){ .transport = { fake_send, fake_free }, .clock = clock };
    fake->token = (struct fake_answer){
        .http = 200,
        .body = "{\"access_token\":\"access-1\",\"expires_in\":7200,\"refresh_token\":\"next\"}",
    };
}

static enum status load_access(struct token_vault *self, struct arena *a,
                               struct access_token *ret_access, struct error *err)
{
    struct fake_vault *v = (struct fake_vault *)self;
    if (v->access[0] == '\0')
        return fail(err, ST_NOT_FOUND, "no access token");
    *ret_access = v->access_times;
    ret_access->token = secret_new(a, str_of(v->access));
    return ST_OK;
}

static enum status save_access(struct token_vault *self, const struct access_token *access,
                               struct error *err)
{
    (void)err;
    struct fake_vault *v = (struct fake_vault *)self;
    copy_text(v->access, sizeof v->access, secret_reveal(access->token));
    v->access_times = *access;
    return ST_OK;
}

static enum status lease(struct token_vault *self, int64_t ttl_ms, int64_t *ret_until_ms,
                         struct error *err)
{
    struct fake_vault *v = (struct fake_vault *)self;
    v->n_leases++;
    *ret_until_ms = v->lease_until_ms;
    if (v->n_leases == v->theirs_after) {
        copy_text(v->access, sizeof v->access, STR("theirs"));
        v->access_times = (struct access_token){ .born_ms = v->clock->at_ms,
                                                 .expires_ms = v->clock->at_ms + 7200000 };
    }
    if (v->lease_until_ms > v->clock->at_ms)
        return fail(err, ST_BUSY, "somebody else refreshes");
    v->is_ours = true;
    *ret_until_ms = v->lease_until_ms = v->clock->at_ms + ttl_ms;
    return ST_OK;
}

static void release(struct token_vault *self)
{
    struct fake_vault *v = (struct fake_vault *)self;
    if (v->is_ours)
        v->lease_until_ms = 0;
    v->is_ours = false;
}

static enum status load_refresh(struct token_vault *self, struct arena *a,
                                struct refresh_state *ret_state, struct error *err)
{
    struct fake_vault *v = (struct fake_vault *)self;
    if (v->fail_load != ST_OK)
        return fail(err, v->fail_load, "the vault is closed");
    *ret_state = (struct refresh_state){
        .generation = v->generation,
        .token = secret_new(a, str_of(v->refresh)),
        .born_ms = v->born_ms,
    };
    for (size_t i = 0; i < v->n_attempts; i++) {
        const struct fake_attempt *t = &v->attempts[i];
        if (t->generation != v->generation)
            continue;
        bool silent = t->outcome == ATTEMPT_OPEN || t->outcome == ATTEMPT_UNKNOWN;
        if (silent || t->outcome == ATTEMPT_FAILED) {
            ret_state->is_unclear = true;
            ret_state->unclear_at_ms = t->at_ms;
        }
    }
    return ST_OK;
}

static enum status begin_attempt(struct token_vault *self, int64_t generation, int64_t *ret_attempt,
                                 struct error *err)
{
    struct fake_vault *v = (struct fake_vault *)self;
    if (v->fail_attempt != ST_OK)
        return fail(err, v->fail_attempt, "the store cannot be written");
    v->attempts[v->n_attempts] = (struct fake_attempt){ generation, v->clock->at_ms, ATTEMPT_OPEN };
    *ret_attempt = (int64_t)v->n_attempts++;
    return ST_OK;
}

static enum status end_attempt(struct token_vault *self, int64_t attempt,
                               enum attempt_outcome outcome, struct error *err)
{
    (void)err;
    ((struct fake_vault *)self)->attempts[attempt].outcome = outcome;
    return ST_OK;
}

static enum status keep(struct token_vault *self, const struct kept_tokens *tokens,
                        struct error *err)
{
    struct fake_vault *v = (struct fake_vault *)self;
    if (v->fail_keep != ST_OK)
        return fail(err, v->fail_keep, "the disk is full");
    copy_text(v->refresh, sizeof v->refresh, secret_reveal(tokens->refresh));
    v->generation++;
    v->born_ms = v->clock->at_ms;
    v->attempts[tokens->attempt].outcome = ATTEMPT_ANSWERED;
    return tokens->access.token != NULL ? save_access(self, &tokens->access, err) : ST_OK;
}

static enum status rescue(struct token_vault *self, const struct kept_tokens *tokens,
                          struct error *err)
{
    struct fake_vault *v = (struct fake_vault *)self;
    if (v->fail_rescue != ST_OK)
        return fail(err, v->fail_rescue, "the disk is full, really");
    copy_text(v->rescued, sizeof v->rescued, secret_reveal(tokens->refresh));
    return ST_OK;
}

void fake_vault_init(struct fake_vault *fake, struct clock_manual *clock)
{
    *fake = (struct fake_vault){
        .vault = { load_access, save_access, lease, release, load_refresh, begin_attempt,
                   end_attempt, keep, rescue },
        .clock = clock,
    };
}

/* The log would only disturb the output of the tests. */
__attribute__((constructor)) static void be_quiet(void)
{
    log_set_level(LOG_NOTHING);
}

static void tell(void *context, const char *sentence)
{
    struct fake_client *fake = context;
    copy_text(fake->told, sizeof fake->told, str_of(sentence));
}

void fake_client_init(struct fake_client *fake, const struct connector *connector)
{
    *fake = (struct fake_client){ .arena = ARENA(0) };
    clock_manual_init(&fake->clock, INT64_C(1790000000000));
    fake_transport_init(&fake->transport, &fake->clock);
    fake_vault_init(&fake->vault, &fake->clock);
    struct token_settings settings = {
        .connector = connector,
        .connection = STR("test"),
        .token_urls = { STR("https://sso.example/token"), STR_NONE },
        .client_id = STR("id"),
        .client_secret = secret_new(&fake->arena, STR("s3cr&t")),
        .region = STR("us"),
    };
    token_source_init(&fake->tokens, &settings, &fake->vault.vault, &fake->clock.clock);
    fake->tokens.tell = tell;
    fake->tokens.tell_context = fake;
    pace_init(&fake->pace, &fake->clock.clock, NULL);
    fake->client = (struct client){
        .connector = connector,
        .connection = STR("test"),
        .base_url = STR("https://api.example"),
        .account_id = connector == &connector_ion ? STR("70001") : STR_NONE,
        .tokens = &fake->tokens,
        .pace = &fake->pace,
        .clock = &fake->clock.clock,
    };
    call_init(&fake->call, &fake->client, &fake->transport.transport);
}

void fake_client_release(struct fake_client *fake)
{
    call_release(&fake->call);
    token_source_release(&fake->tokens);
    pace_release(&fake->pace);
    arena_free(&fake->arena);
}
