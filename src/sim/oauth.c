/* OAuth as both marketplaces speak it: Stellr's client credentials (stellr 1.1), Ion's refresh
 * tokens and validateAccess (ion 1.1, 1.2); Basic for Ion's v1 and v2 (ion 1.4). */
#include "sim/inside.h"

#include "base/secret.h"
#include "base/uri.h"

/* A part of a multipart form; its name comes with or without quotes (.NET leaves them out). */
static struct str part_value(struct ask *ask, const char *name)
{
    static const char *const marks[][2] = { { "\"", "\"" }, { "", "\r" }, { "", ";" } };
    struct str body = ask->x->body;
    for (size_t i = 0; i < ARRAY_LEN(marks) && body.len > 0; i++) {
        char *mark = arena_printf(ask->x->a, "name=%s%s%s", marks[i][0], name, marks[i][1]);
        const char *found = memmem(body.at, body.len, mark, strlen(mark));
        if (found == NULL)
            continue;
        struct str rest = str_from(body, (size_t)(found - body.at));
        const char *start = memmem(rest.at, rest.len, "\r\n\r\n", 4);
        if (start == NULL)
            return STR_NONE;
        rest = str_from(rest, (size_t)(start - rest.at) + 4);
        const char *end = rest.len == 0 ? NULL : memmem(rest.at, rest.len, "\r\n", 2);
        return (struct str){ rest.at, end == NULL ? rest.len : (size_t)(end - rest.at) };
    }
    return STR_NONE;
}

/* A field of a form, whether it came urlencoded or as multipart (ion 1.1 CLIENT). */
static struct str form_value(struct ask *ask, const char *name)
{
    struct str type = exchange_header(ask->x, "Content-Type"), value;
    if (str_contains_nocase(type, "multipart/form-data"))
        return part_value(ask, name);
    return uri_query_value(ask->x->a, ask->x->body, name, &value) ? value : STR_NONE;
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

/* The two halves of HTTP Basic; false when it is not there. */
static bool basic_pair(struct ask *ask, struct str *id, struct str *secret)
{
    struct str header = exchange_header(ask->x, "Authorization"), pair;
    bool is_basic = header.len > 6 && str_equal_nocase((struct str){ header.at, 6 }, STR("Basic "));
    if (!is_basic || !base64_read(ask->x->a, str_trim(str_from(header, 6)), &pair))
        return false;
    *secret = pair;
    return str_next(secret, ':', id) && secret->at != NULL;
}

/* Client and secret in the body, or as HTTP Basic (stellr A-02 GUESS: accepted too). -1: unknown,
 * or not active yet, which is told no otherwise (A-05 GUESS). */
static int64_t find_client(struct ask *ask)
{
    struct str id, secret;
    if (basic_pair(ask, &id, &secret))
        return credential_find(ask->sim, CREDENTIAL_CLIENT, id, secret);
    return credential_find(ask->sim, CREDENTIAL_CLIENT, form_value(ask, "client_id"),
                           form_value(ask, "client_secret"));
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

/* The password grant is a guess about one integrator's form; off unless a knob says so. */
static bool grant_is_enabled(struct ask *ask, struct str grant)
{
    return str_is(grant, "client_credentials") ||
           (str_is(grant, "password") && sim_knob_flag(ask->sim, KNOB_password_grant));
}

/* Codes as in RFC 6749 (A-03 GUESS). A scope is taken and ignored: none is known. */
static void stellr_token(struct ask *ask)
{
    struct str grant = form_value(ask, "grant_type");
    bool lacks_user = str_is(grant, "password") && (form_value(ask, "username").len == 0 ||
                                                    form_value(ask, "password").len == 0);
    if (grant.len == 0) {
        put_error(ask, 400, "invalid_request", "The grant_type is missing.");
        return;
    }
    if (!grant_is_enabled(ask, grant)) {
        put_error(ask, 400, "unsupported_grant_type", "This grant is not enabled for the client.");
        return;
    }
    int64_t client = find_client(ask);
    if (client < 0)
        put_error(ask, 401, "invalid_client", "Client authentication did not succeed.");
    else if (lacks_user)
        put_error(ask, 400, "invalid_request", "The username or the password is missing.");
    else
        put_tokens(ask, token_give(ask->sim, AT_STELLR, client), NULL);
}

static void ion_token(struct ask *ask)
{
    char refresh[TOKEN_BYTES];
    bool right_grant = str_is(form_value(ask, "grant_type"), "refresh_token");
    int64_t credential =
        right_grant ? token_rotate(ask->sim, form_value(ask, "refresh_token"), refresh) : -1;
    if (credential >= 0)
        put_tokens(ask, token_give(ask->sim, AT_ION, credential), refresh);
    else
        put_error(ask, 400, "cannot validate token: redis: nil", NULL);
}

static struct str bearer_of(struct ask *ask)
{
    struct str header = exchange_header(ask->x, "Authorization");
    bool is_bearer =
        header.len > 7 && str_equal_nocase((struct str){ header.at, 7 }, STR("Bearer "));
    return is_bearer ? str_trim(str_from(header, 7)) : STR_NONE;
}

void oauth_validate(struct ask *ask)
{
    struct str token = form_value(ask, "access_token");
    int64_t credential;
    int64_t life_s =
        token_life_s(ask->sim, AT_ION, token.at != NULL ? token : bearer_of(ask), &credential);
    if (life_s < 1) {
        put_error(ask, 400, "cannot validate token: redis: nil", NULL);
        return;
    }
    const struct credential *c = credential_at(ask->sim->tokens, (size_t)credential);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_integer(&w, "access_expires_in", life_s);
    json_put_integer(&w, "refresh_expires_in", (c->refresh_expires_ms - sim_now(ask->sim)) / 1000);
    json_close(&w);
}

bool oauth_refuse(struct ask *ask, int status)
{
    static const struct {
        int status;
        const char *error, *description;
    } rows[] = {
        { 400, "invalid_request", "The request is not valid." },
        { 401, "invalid_client", "Client authentication did not succeed." },
        { 403, "access_denied", "The client may not have a token." },
    };
    bool is_ions = ask->at == AT_ION && str_is(ask->path, "/oauth/validateAccess");
    if (!is_ions && !str_is(ask->path, ask->connector->auth.token_path))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].status != status)
            continue;
        if (ask->at == AT_ION)
            put_error(ask, status, "cannot validate token: redis: nil", NULL);
        else
            put_error(ask, status, rows[i].error, rows[i].description);
        return true;
    }
    return false;
}

bool oauth_answer(struct ask *ask)
{
    bool is_post = str_is(ask->x->method, "POST");
    struct str path = ask->path;
    if (str_ends(path, "/")) /* tolerated, as everywhere (ion 2 CLIENT) */
        path.len--;
    if (str_is(path, ask->connector->auth.token_path)) {
        if (!is_post)
            ask_refuse(ask, 405);
        else if (ask->at == AT_STELLR)
            stellr_token(ask);
        else
            ion_token(ask);
        return true;
    }
    /* Also by GET with the bearer token alone (ion 1.2 CLIENT). */
    if (ask->at == AT_ION && str_is(path, "/oauth/validateAccess")) {
        oauth_validate(ask);
        return true;
    }
    return false;
}

/* Ion's v1 and v2 want the API key and its secret, v3 a token (ion 1.3, 1.4). */
static bool wants_basic(const struct ask *ask)
{
    return ask->at == AT_ION &&
           (str_starts(ask->path, "/api/v1/") || str_starts(ask->path, "/api/v2/"));
}

static bool is_let_in(struct ask *ask)
{
    struct str id, secret;
    int64_t credential;
    if (wants_basic(ask))
        return basic_pair(ask, &id, &secret) &&
               credential_find(ask->sim, CREDENTIAL_KEY, id, secret) >= 0;
    return token_life_s(ask->sim, ask->at, bearer_of(ask), &credential) > 0;
}

bool oauth_allows(struct ask *ask)
{
    if (is_let_in(ask))
        return true;
    ask_refuse(ask, 401);
    return false;
}
