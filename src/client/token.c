/* The token in use: one per connection, shared by its threads. */
#include "client/token.h"

#include "base/json.h"
#include "base/limits.h"
#include "base/lock.h"

#define REJECTED_AGAIN_MS 60000

void token_source_init(struct token_source *source, const struct token_settings *settings,
                       struct token_vault *vault, struct clock *clock)
{
    *source = (struct token_source){
        .settings = *settings,
        .vault = vault,
        .clock = clock,
        .arena = ARENA(0),
        .rejected_ms = INT64_MIN / 2,
        .rejected_born_ms = INT64_MIN / 2,
    };
    (void)pthread_mutex_init(&source->lock, NULL);
}

void token_source_release(struct token_source *source)
{
    arena_free(&source->arena);
    (void)pthread_mutex_destroy(&source->lock);
}

static bool is_good(const struct token_source *source, const struct access_token *access)
{
    int64_t now = source->clock->now_ms(source->clock);
    int64_t skew = (int64_t)source->settings.connector->auth.skew_s * 1000;
    /* A short-lived token (a simulator's, a test's) must not count as old from its birth. */
    int64_t life = access->expires_ms - access->born_ms;
    if (skew > life / 2)
        skew = life / 2;
    return access->token != NULL && now + skew < access->expires_ms;
}

void token_use(struct token_source *source, const struct access_token *access)
{
    SCOPED(arena_free) struct arena fresh = ARENA(0);
    struct access_token copy = *access;
    copy.token = secret_new(&fresh, secret_reveal(access->token));
    struct arena old = source->arena;
    source->arena = fresh;
    source->current = copy;
    source->number++;
    fresh = old; /* freed here */
}

enum status token_take_kept(struct token_source *source, int64_t since_ms, bool *ret_found,
                            struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct access_token kept;
    *ret_found = false;
    enum status s = source->vault->load_access(source->vault, &a, &kept, err);
    if (s != ST_OK)
        return s == ST_NOT_FOUND ? ST_OK : s;
    if (kept.born_ms < since_ms || !is_good(source, &kept))
        return ST_OK;
    token_use(source, &kept);
    *ret_found = true;
    return ST_OK;
}

static enum status renew(struct token_source *source, struct transport *transport,
                         struct error *err)
{
    /* By the rejected token's own birth as well: the clock may have been set back since. */
    int64_t since_ms = (source->rejected_ms > source->rejected_born_ms ? source->rejected_ms
                                                                       : source->rejected_born_ms) +
                       1;
    bool found;
    TRY(token_take_kept(source, since_ms, &found, err));
    if (found)
        return ST_OK;
    if (source->settings.connector->auth.grant == GRANT_CLIENT_CREDENTIALS)
        return token_by_credentials(source, transport, err);
    return token_by_refresh(source, transport, since_ms, err);
}

enum status token_get(struct token_source *source, struct transport *transport, struct arena *a,
                      uint64_t *number, const struct secret **token, struct error *err)
{
    SCOPED(lock_release) pthread_mutex_t *held = lock_take(&source->lock);
    if (!is_good(source, &source->current))
        TRY(renew(source, transport, err));
    if (*number != source->number || *token == NULL) {
        *token = secret_new(a, secret_reveal(source->current.token));
        *number = source->number;
    }
    return ST_OK;
}

enum status token_reject(struct token_source *source, uint64_t number, struct error *err)
{
    (void)pthread_mutex_lock(&source->lock);
    enum status s = ST_OK;
    int64_t now = source->clock->now_ms(source->clock);
    /* Another thread may have rejected the same one, and be fetching its successor. */
    if (number == source->number && source->current.token != NULL) {
        if (now - source->rejected_ms < REJECTED_AGAIN_MS)
            s = fail(err, ST_CREDENTIALS,
                     "%s gives tokens for connection %.*s and then refuses them (HTTP 401)",
                     source->settings.connector->title, STR_PRINT(source->settings.connection));
        source->rejected_ms = now;
        source->rejected_born_ms = source->current.born_ms;
        source->current.token = NULL;
    }
    (void)pthread_mutex_unlock(&source->lock);
    if (s != ST_OK)
        hint(err, "Credentials of one environment do not work in the other: check --sandbox, the "
                  "region and the addresses of the connection.");
    return s;
}

enum status token_keep_alive(struct token_source *source, struct transport *transport,
                             int64_t age_ms, struct error *err)
{
    if (source->settings.connector->auth.grant != GRANT_REFRESH_TOKEN)
        return ST_OK;
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct refresh_state state;
    SCOPED(lock_release) pthread_mutex_t *held = lock_take(&source->lock);
    TRY(source->vault->load_refresh(source->vault, &a, &state, err));
    int64_t now = source->clock->now_ms(source->clock);
    if (state.generation > 0 && now - state.born_ms >= age_ms)
        return token_by_refresh(source, transport, state.born_ms + 1, err);
    return ST_OK;
}

static enum status missing(const struct token_source *source, const char *what, struct error *err)
{
    return fail(err, ST_UNREADABLE, "%s answered the token request without %s that can be used",
                source->settings.connector->title, what);
}

/* In a header. */
static bool can_be_sent(struct str token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.at[i] <= 0x20 || token.at[i] >= 0x7f)
            return false;
    return token.len > 0;
}

enum status token_read(struct arena *a, const struct token_source *source, struct str body,
                       struct access_token *ret_access, const struct secret **ret_refresh,
                       struct error *err)
{
    const struct json *document;
    enum status s = json_parse(a, body, &document, err);
    if (s != ST_OK)
        return wrap(err, s, "the token answer of %s", source->settings.connector->title);
    struct str access = json_text(json_get(document, "access_token"));
    struct str refresh = json_text(json_get(document, "refresh_token"));
    int64_t lifetime_s = 0;
    if (ret_refresh != NULL && refresh.len > 0) /* first: it is the only one there is */
        *ret_refresh = secret_new(a, refresh);
    if (!can_be_sent(access))
        return missing(source, "an access_token", err);
    if (ret_refresh != NULL && refresh.len == 0)
        return missing(source, "a refresh_token", err);
    const struct json *expires = json_get(document, "expires_in");
    if (!json_integer(expires, &lifetime_s) && !str_integer(json_text(expires), &lifetime_s))
        lifetime_s = source->settings.connector->auth.lifetime_s;
    if (lifetime_s < 1 || lifetime_s > 366 * 86400)
        lifetime_s = source->settings.connector->auth.lifetime_s;
    int64_t now = source->clock->now_ms(source->clock);
    ret_access->token = secret_new(a, access);
    ret_access->born_ms = now;
    ret_access->expires_ms = now + lifetime_s * 1000;
    return ST_OK;
}
