/* The scripted remote. */
#include "script.h"

static const struct {
    enum status status;
    int http;
    int64_t retry_after_ms;
} endings[] = {
    { ST_OK, 200, -1 },        { ST_OK, 200, -1 },   { ST_OK, 200, -1 },
    { ST_OK, 201, -1 },        { ST_OK, 400, -1 },   { ST_OK, 401, -1 },
    { ST_OK, 403, -1 },        { ST_OK, 404, -1 },   { ST_OK, 409, -1 },
    { ST_OK, 422, -1 },        { ST_OK, 429, 1000 }, { ST_OK, 429, -1 },
    { ST_OK, 500, -1 },        { ST_OK, 503, 5000 }, { ST_OK, 302, -1 },
    { ST_OK, 418, -1 },        { ST_OK, 204, -1 },   { ST_UNKNOWN, 0, -1 },
    { ST_UNREACHABLE, 0, -1 }, { ST_LIMIT, 0, -1 },  { ST_OK, 429, INT64_MAX },
};

static struct str token_body = STR("{\"access_token\":\"" SCRIPT_ACCESS "\",\"expires_in\":7200,"
                                   "\"refresh_token\":\"next\"}");

static void holds_sound_request(const struct wire_request *request)
{
    struct str url = request->url;
    HOLDS(str_starts(url, "https://") && url.len < LIMIT_URL_BYTES + 200);
    for (size_t i = 0; i < url.len; i++)
        HOLDS(url.at[i] > ' ' && (unsigned char)url.at[i] < 0x7f);
    HOLDS(request->timeout_ms > 0);
    struct str bearer = secret_reveal(request->bearer);
    for (size_t i = 0; i < bearer.len; i++) /* goes into a header */
        HOLDS((unsigned char)bearer.at[i] >= ' ' && bearer.at[i] != 0x7f);
}

static enum status send(struct transport *self, struct arena *a, const struct wire_request *request,
                        struct wire_reply *ret_reply, struct error *err)
{
    struct script *s = (struct script *)self;
    struct str body;
    bool is_token = str_contains_nocase(request->url, "/token");
    holds_sound_request(request);
    s->n_requests++;
    s->n_token_requests += is_token;
    clock_manual_advance(s->clock, 1);
    if (s->see != NULL)
        s->see(s, request);
    s->last = (struct wire_reply){ .http_status = 0, .retry_after_ms = -1, .date_ms = -1 };
    s->last_status = ST_OK;
    if (is_token && s->tokens_are_given) {
        s->last.http_status = 200;
        s->last.body = token_body;
    } else if (s->n_requests > s->most_requests || s->in->rest.len == 0) {
        s->last_status = ST_UNREACHABLE;
    } else {
        size_t ending = input_choice(s->in, ARRAY_LEN(endings));
        if (s->in->rest.len == 0 || !str_next(&s->in->rest, '\x1e', &body))
            body = STR("");
        s->last_status = endings[ending].status;
        s->last.http_status = endings[ending].http;
        s->last.retry_after_ms = endings[ending].retry_after_ms;
        s->last.body = s->last_status == ST_OK ? body : STR_NONE;
        s->last.unknown_host = s->last_status == ST_UNREACHABLE;
    }
    s->last.content_type = STR("application/json");
    *ret_reply = s->last;
    ret_reply->body = exact_copy(a, s->last.body);
    if (s->last_status != ST_OK)
        return fail(err, s->last_status, "the scripted remote gave no answer");
    return ST_OK;
}

static void free_nothing(struct transport *self)
{
    (void)self;
}

void script_init(struct script *script, struct input *in, struct clock_manual *clock)
{
    *script = (struct script){
        .transport = { send, free_nothing },
        .clock = clock,
        .in = in,
        .most_requests = 40,
    };
}

void holds_no_secret(const struct error *err, struct str secret)
{
    HOLDS(!contains(str_of(err->text), secret));
    HOLDS(!contains(str_of(err->hint), secret));
    HOLDS(!contains(str_of(err->request_id), secret));
}

bool is_unmistakable(struct str secret)
{
    for (size_t i = 1; i < secret.len; i++) {
        char c = secret.at[i];
        bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        if (!letter && (c < '0' || c > '9') && c != '-' && c != '_' && c != '+' && c != '/')
            return false;
    }
    return secret.len >= 8 && secret.at[0] == '~';
}
