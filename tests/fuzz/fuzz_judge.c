/* Judging answers: the status is the one of the table, the sentence can be printed and holds no
 * secret, whatever the remote says. */
#include "fuzz.h"
#include "script.h"

#include "base/json.h"
#include "client/judge.h"

static enum status expected(int http)
{
    switch (http) {
    case 400:
    case 405:
    case 415:
        return ST_INVALID;
    case 401:
        return ST_CREDENTIALS;
    case 403:
        return ST_FORBIDDEN;
    case 404:
    case 410:
        return ST_NOT_FOUND;
    case 409:
        return ST_CONFLICT;
    case 412:
    case 422:
        return ST_RULE;
    case 429:
        return ST_RATE;
    case 408:
    case 425:
        return ST_REMOTE;
    default:
        return http / 100 == 2 ? ST_OK : http >= 500 ? ST_REMOTE : ST_UNREADABLE;
    }
}

static void holds_good_sentence(enum status s, const struct error *err, struct str secret)
{
    holds_error(s, err);
    holds_printable_error(err);
    holds_no_secret(err, secret);
}

static bool holds_text(const struct json *document, const char *path)
{
    return json_text(json_get_at(document, path)).len > 0;
}

static void documents_complain_or_do_not(struct arena *a, const struct connector *connector,
                                         struct str body, const struct secret *secret)
{
    const struct json *document;
    struct error err;
    if (json_parse(a, body, &document, &err) != ST_OK)
        return;
    bool complains =
        connector->complaint.inside_success &&
        (holds_text(document, "data.errorMessage") || holds_text(document, "data.errorCode") ||
         holds_text(document, "errorMessage") || holds_text(document, "errorCode")) &&
        json_kind(document) == JSON_OBJECT;
    enum status s = judge_document(connector, document, secret, &err);
    HOLDS(s == (complains ? ST_RULE : ST_OK));
    if (s != ST_OK)
        holds_good_sentence(s, &err, secret_reveal(secret));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int https[] = { 200, 204, 299, 300, 302, 400, 401, 403, 404, 405, 408, 409,
                                 410, 412, 415, 418, 422, 425, 429, 500, 502, 503, 504, 599 };
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct connector *connector = connectors()[input_choice(&in, 2)];
    struct wire_reply reply = { .http_status = https[input_choice(&in, ARRAY_LEN(https))] };
    /* A secret that the input chose, or ours. */
    size_t secret_bytes = input_choice(&in, 24);
    struct str secret_text = STR(SCRIPT_SECRET);
    if (in.rest.len >= secret_bytes && is_unmistakable((struct str){ in.rest.at, secret_bytes })) {
        secret_text = (struct str){ in.rest.at, secret_bytes };
        in.rest = str_from(in.rest, secret_bytes);
    }
    const struct secret *secret = secret_new(&a, secret_text);
    reply.body = in.rest;
    struct error err;
    enum status s = judge_reply(connector, &reply, secret, &err);
    HOLDS(s == expected(reply.http_status));
    if (s != ST_OK) {
        holds_good_sentence(s, &err, secret_text);
        HOLDS(err.http_status == reply.http_status);
    }
    documents_complain_or_do_not(&a, connector, reply.body, secret);
    return 0;
}
