/* Tokens of both marketplaces: Stellr's client credentials (stellr 1.1), Ion's single-use refresh
 * tokens and validateAccess (ion 1.1, 1.2).
 *
 * Tokens carry a number and a hash over it and the seed, so that a simulator that was started anew
 * with the same seed knows its own refresh tokens again, as the real service would. */
#include "sim/inside.h"

#include "base/secret.h"
#include "base/uri.h"
#include "sim/chance.h"

#define ACCESS_KEPT    8192
#define REFRESH_LIFE_S (32 * 86400)
#define TOKEN_BYTES    96

struct access {
    char text[TOKEN_BYTES];
    enum marketplace at;
    int64_t expires_ms;
};

/* Guarded by the lock of the state. */
struct tokens {
    struct sim *sim;
    uint64_t seed;
    char first_refresh[TOKEN_BYTES];
    int64_t n_access;
    struct access access[ACCESS_KEPT];
    int64_t least_refresh; /* the smallest number that is not used up */
    int64_t refresh_expires_ms;
};

static void print_token(const struct tokens *t, const char *kind, int64_t number, char *at)
{
    uint64_t high = chance(t->seed, 501, (uint64_t)number, (uint64_t)kind[0]);
    uint64_t low = chance(t->seed, 502, (uint64_t)number, (uint64_t)kind[0]);
    (void)snprintf(at, TOKEN_BYTES, "%s%016llX%016llX%06llX", kind, (unsigned long long)high,
                   (unsigned long long)low, (unsigned long long)number);
}

struct tokens *tokens_new(struct sim *sim)
{
    struct tokens *t = memory_new(sizeof *t);
    t->sim = sim;
    t->seed = sim->world.seed;
    t->least_refresh = 1;
    t->refresh_expires_ms = sim_now(sim) + REFRESH_LIFE_S * INT64_C(1000);
    print_token(t, "R", 1, t->first_refresh);
    return t;
}

void tokens_free(struct tokens *t)
{
    memory_free(t);
}

struct str tokens_first_refresh(const struct tokens *t)
{
    return str_of(t->first_refresh);
}

/* A new access token. Stellr's look like a JWT, Ion's are opaque. */
static const char *give_access(struct tokens *t, enum marketplace at)
{
    struct access *a = &t->access[t->n_access % ACCESS_KEPT];
    print_token(t, at == AT_STELLR ? "eyJhbGciOiJSUzI1NiJ9.c2lt." : "A", t->n_access, a->text);
    a->at = at;
    a->expires_ms = sim_now(t->sim) + sim_knob_integer(t->sim, KNOB_token_ttl_s) * 1000;
    t->n_access++;
    return a->text;
}

/* Seconds that an access token still lives; below 1 when it is none. */
static int64_t access_life_s(struct tokens *t, enum marketplace at, struct str text)
{
    int64_t life_s = 0;
    for (int64_t i = 0; i < ACCESS_KEPT && i < t->n_access && life_s == 0; i++) {
        const struct access *a = &t->access[(t->n_access - 1 - i) % ACCESS_KEPT];
        if (a->at == at && str_is(text, a->text))
            life_s = (a->expires_ms - sim_now(t->sim) + 999) / 1000;
    }
    return life_s;
}

/* The number of a refresh token of ours; 0 when it is none. */
static int64_t refresh_number(const struct tokens *t, struct str text)
{
    char same[TOKEN_BYTES];
    if (text.len < 8)
        return 0;
    int64_t number = 0;
    for (size_t i = text.len - 6; i < text.len; i++) {
        char c = text.at[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0)
            return 0;
        number = number * 16 + digit;
    }
    print_token(t, "R", number, same);
    return str_is(text, same) ? number : 0;
}

/* A field of a form, whether it came urlencoded or as multipart (ion 1.1 CLIENT). */
static struct str form_value(struct ask *ask, const char *name)
{
    struct str type = exchange_header(ask->x, "Content-Type"), body = ask->x->body, value;
    if (!str_contains_nocase(type, "multipart/form-data")) {
        return uri_query_value(ask->x->a, body, name, &value) ? value : STR_NONE;
    }
    char *mark = arena_printf(ask->x->a, "name=\"%s\"", name);
    const char *found = body.len == 0 ? NULL : memmem(body.at, body.len, mark, strlen(mark));
    if (found == NULL)
        return STR_NONE;
    struct str rest = str_from(body, (size_t)(found - body.at));
    const char *start = memmem(rest.at, rest.len, "\r\n\r\n", 4);
    if (start == NULL)
        return STR_NONE;
    rest = str_from(rest, (size_t)(start - rest.at) + 4);
    const char *end = memmem(rest.at, rest.len, "\r\n", 2);
    return (struct str){ rest.at, end == NULL ? rest.len : (size_t)(end - rest.at) };
}

static void put_error(struct ask *ask, int status, const char *error, const char *description)
{
    struct json_writer w = ask_json(ask, status);
    json_open_object(&w);
    json_put_text(&w, "error", str_of(error));
    if (description != NULL)
        json_put_text(&w, "error_description", str_of(description));
    json_close(&w);
}

/* Client and secret in the body, or as HTTP Basic (stellr A-02 GUESS: accepted too). */
static bool client_is_known(struct ask *ask)
{
    SCOPED(buf_release) struct buf basic = BUF(1000), encoded = BUF(1000);
    buf_printf(&basic, "%s:%s", SIM_CLIENT_ID, SIM_CLIENT_SECRET);
    buf_add_text(&encoded, "Basic ");
    base64_print(&encoded, buf_str(&basic));
    if (str_equal(exchange_header(ask->x, "Authorization"), buf_str(&encoded)))
        return true;
    return str_is(form_value(ask, "client_id"), SIM_CLIENT_ID) &&
           str_is(form_value(ask, "client_secret"), SIM_CLIENT_SECRET);
}

static void put_tokens(struct ask *ask, const char *access, const char *refresh)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_text(&w, "access_token", str_of(access));
    if (refresh == NULL)
        json_put_text(&w, "token_type", STR("Bearer"));
    json_put_integer(&w, "expires_in", sim_knob_integer(ask->sim, KNOB_token_ttl_s));
    if (refresh != NULL) {
        json_put_text(&w, "refresh_token", str_of(refresh));
        json_put_text(&w, "token_type", STR("Bearer"));
    }
    json_close(&w);
}

static void stellr_token(struct ask *ask)
{
    struct tokens *t = ask->sim->tokens;
    struct str grant = form_value(ask, "grant_type");
    if (grant.len == 0) {
        put_error(ask, 400, "invalid_request", "The grant_type is missing.");
    } else if (!str_is(grant, "client_credentials")) {
        put_error(ask, 400, "unsupported_grant_type", "This grant is not enabled for the client.");
    } else if (!client_is_known(ask)) {
        put_error(ask, 401, "invalid_client", "Client authentication did not succeed.");
    } else {
        const char *access = arena_text(ask->x->a, str_of(give_access(t, AT_STELLR)));
        put_tokens(ask, access, NULL);
    }
}

/* Uses a refresh token up. False when it is none, used, or too old. */
static bool rotate(struct ask *ask, struct str text, const char **access, char *refresh)
{
    struct tokens *t = ask->sim->tokens;
    int64_t number = refresh_number(t, text);
    int64_t now = sim_now(t->sim);
    bool good = number >= t->least_refresh && now < t->refresh_expires_ms;
    if (good) {
        t->least_refresh = number + 1;
        t->refresh_expires_ms = now + REFRESH_LIFE_S * INT64_C(1000);
        print_token(t, "R", number + 1, refresh);
        *access = arena_text(ask->x->a, str_of(give_access(t, AT_ION)));
    }
    return good;
}

static void ion_token(struct ask *ask)
{
    char refresh[TOKEN_BYTES];
    const char *access;
    bool right_grant = str_is(form_value(ask, "grant_type"), "refresh_token");
    if (right_grant && rotate(ask, form_value(ask, "refresh_token"), &access, refresh))
        put_tokens(ask, access, refresh);
    else
        put_error(ask, 400, "cannot validate token: redis: nil", NULL);
}

static struct str bearer_of(struct ask *ask)
{
    struct str header = exchange_header(ask->x, "Authorization");
    return str_starts(header, "Bearer ") ? str_from(header, 7) : STR_NONE;
}

void oauth_validate(struct ask *ask)
{
    struct tokens *t = ask->sim->tokens;
    struct str token = form_value(ask, "access_token");
    int64_t life_s = access_life_s(t, AT_ION, token.at != NULL ? token : bearer_of(ask));
    if (life_s < 1) {
        put_error(ask, 400, "cannot validate token: redis: nil", NULL);
        return;
    }
    int64_t refresh_s = (t->refresh_expires_ms - sim_now(t->sim)) / 1000;
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_integer(&w, "access_expires_in", life_s);
    json_put_integer(&w, "refresh_expires_in", refresh_s);
    json_close(&w);
}

bool oauth_answer(struct ask *ask)
{
    bool is_post = str_is(ask->x->method, "POST");
    if (str_is(ask->path, ask->connector->auth.token_path) && is_post) {
        if (ask->at == AT_STELLR)
            stellr_token(ask);
        else
            ion_token(ask);
        return true;
    }
    /* Also by GET with the bearer token alone (ion 1.2 CLIENT). */
    if (ask->at == AT_ION && str_is(ask->path, "/oauth/validateAccess")) {
        oauth_validate(ask);
        return true;
    }
    return false;
}

bool oauth_allows(struct ask *ask)
{
    if (access_life_s(ask->sim->tokens, ask->at, bearer_of(ask)) > 0)
        return true;
    ask_refuse(ask, 401);
    return false;
}
