/* OAuth2 client credentials (stellr 1.1): id and secret in the body, a new token whenever one is
 * needed. Asking again is harmless, so faults of the way are retried. */
#include "client/judge.h"
#include "client/pace.h"
#include "client/token.h"

#include "base/log.h"
#include "base/uri.h"

#define TRIES         3
#define FIRST_WAIT_MS 1000

static struct str form_of(struct arena *a, const struct token_settings *settings)
{
    SCOPED(buf_release) struct buf form = BUF(LIMIT_SECRET_BYTES * 4);
    buf_add_text(&form, "grant_type=client_credentials&client_id=");
    uri_encode(&form, settings->client_id, "");
    buf_add_text(&form, "&client_secret=");
    uri_encode(&form, secret_reveal(settings->client_secret), "");
    struct str copy = arena_copy(a, buf_str(&form));
    explicit_bzero(form.at, form.len);
    return copy;
}

/* What usually is wrong, most common first (stellr 1.2, 9 quirks 10 and 11; features XC-01 to
 * XC-04). */
static void advise(const struct token_settings *s, struct error *err)
{
    const char *here = s->sandbox ? "sandbox" : "production";
    const char *there = s->sandbox ? "production (leave --sandbox out)" : "sandbox (--sandbox)";
    hint(err,
         "Credentials rejected. Likely causes: the client id or secret was mistyped; the "
         "credential is younger than 10 minutes and not active yet (wait, then try again); it "
         "belongs to the %s environment while this connection uses %s; it belongs to another "
         "region than %.*s. The secret is shown only once, at its creation: a lost one means a "
         "new one.",
         there, here, STR_PRINT(s->region.len > 0 ? s->region : STR("the one chosen")));
}

static enum status ask_one(struct token_source *source, struct transport *transport,
                           struct arena *a, struct str url, struct wire_reply *ret_reply,
                           struct error *err)
{
    struct str form = form_of(a, &source->settings);
    struct wire_request request = {
        .method = METHOD_POST,
        .url = url,
        .content_type = "application/x-www-form-urlencoded",
        .body = form,
        .once = true,
        .timeout_ms = LIMIT_TOKEN_MS,
    };
    enum status s = transport->send(transport, a, &request, ret_reply, err);
    explicit_bzero((char *)form.at, form.len);
    if (s != ST_OK)
        return s;
    s = judge_reply(source->settings.connector, ret_reply, source->settings.client_secret, err);
    if (s == ST_CREDENTIALS || s == ST_INVALID || s == ST_FORBIDDEN) {
        wrap(err, ST_CREDENTIALS, "connection %.*s", STR_PRINT(source->settings.connection));
        advise(&source->settings, err);
        return ST_CREDENTIALS;
    }
    return s;
}

/* The second address only where the first does not exist; never after a refusal. */
static enum status ask(struct token_source *source, struct transport *transport, struct arena *a,
                       struct wire_reply *ret_reply, struct error *err)
{
    struct wire_reply reply = { .http_status = 0 };
    enum status s = ask_one(source, transport, a, source->settings.token_urls[0], &reply, err);
    bool is_absent = (s == ST_UNREACHABLE && reply.unknown_host) || s == ST_NOT_FOUND;
    source->by_second_url = is_absent && source->settings.token_urls[1].at != NULL;
    if (source->by_second_url)
        s = ask_one(source, transport, a, source->settings.token_urls[1], &reply, err);
    *ret_reply = reply;
    return s;
}

enum status token_by_credentials(struct token_source *source, struct transport *transport,
                                 struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct wire_reply reply = { .retry_after_ms = -1 };
    enum status s = ST_UNREACHABLE;
    for (int i = 0; i < TRIES; i++) {
        s = ask(source, transport, &a, &reply, err);
        if (s == ST_OK || i + 1 == TRIES || (s != ST_UNKNOWN && !status_row(s)->retry))
            break;
        int64_t wait_ms = (int64_t)FIRST_WAIT_MS << i;
        if (s == ST_RATE && reply.retry_after_ms > wait_ms)
            wait_ms = reply.retry_after_ms;
        sleep_unless(source->clock, source->cancelled,
                     wait_ms < LIMIT_RETRY_AFTER_MS ? wait_ms : LIMIT_RETRY_AFTER_MS);
    }
    log_write(LOG_TOKEN, LOG_T("connection", source->settings.connection),
              LOG_T("grant", STR("client_credentials")),
              LOG_T("status", str_of(status_row(s)->name)));
    if (s == ST_UNKNOWN)
        s = err->code = ST_UNREACHABLE; /* nothing hangs on a token that nobody holds */
    if (s != ST_OK)
        return s;
    struct access_token access;
    TRY(token_read(&a, source, reply.body, &access, NULL, err));
    TRY(source->vault->save_access(source->vault, &access, err));
    token_use(source, &access);
    return ST_OK;
}
