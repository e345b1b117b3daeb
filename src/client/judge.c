/* Judging answers. The only place where HTTP status of a remote becomes a status of ours. */
#include "client/judge.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "base/uri.h"
#include "base/utf8.h"

/* The reference's statuses: stellr 5 and 8, ion 6.1. */
static enum status status_of(int http)
{
    static const struct {
        int http;
        enum status status;
    } rows[] = {
        { 400, ST_INVALID }, { 401, ST_CREDENTIALS }, { 403, ST_FORBIDDEN }, { 404, ST_NOT_FOUND },
        { 405, ST_INVALID }, { 408, ST_REMOTE },      { 409, ST_CONFLICT },  { 410, ST_NOT_FOUND },
        { 412, ST_RULE },    { 415, ST_INVALID },     { 422, ST_RULE },      { 425, ST_REMOTE },
        { 429, ST_RATE },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].http == http)
            return rows[i].status;
    return http >= 500 ? ST_REMOTE : ST_UNREADABLE;
}

bool body_is_json(struct str body)
{
    enum json_shape shape = json_shape(body);
    return shape == JSON_SHAPE_OBJECT || shape == JSON_SHAPE_ARRAY;
}

const char *body_kind(struct str body)
{
    if (body_is_json(body))
        return "JSON";
    struct str text = str_trim(body);
    if (text.len == 0)
        return "an empty body";
    return text.at[0] == '<' ? "an HTML page" : "text";
}

/* The text at the first of the paths that holds one. */
static struct str words_at(const struct json *document, const char *paths)
{
    struct str rest = str_of(paths), path;
    while (str_next(&rest, '|', &path)) {
        char name[96];
        if (path.len >= sizeof name)
            continue;
        memcpy(name, path.at, path.len);
        name[path.len] = '\0';
        struct str text = str_trim(json_text(json_get_at(document, name)));
        if (text.len > 0)
            return text;
    }
    return STR_NONE;
}

static void wipe_and_release(struct buf *text)
{
    explicit_bzero(text->at, text->len);
    buf_release(text);
}

static bool starts_with(struct str words, struct str secret)
{
    return secret.len > 0 && words.len >= secret.len &&
           memcmp(words.at, secret.at, secret.len) == 0;
}

/* A remote's words for our sentence: printable, on one line, without the secret, and not long. */
static void quote_words(struct buf *to, struct str words, const struct secret *secret)
{
    /* As it is, and as a form carries it: a service may quote either back. */
    SCOPED(wipe_and_release) struct buf encoded = BUF(secret_reveal(secret).len * 3 + 1);
    uri_encode(&encoded, secret_reveal(secret), "");
    struct str plain = secret_reveal(secret), form = buf_str(&encoded);
    size_t most = to->len + LIMIT_REMOTE_WORDS_BYTES;
    while (words.len > 0 && to->len < most) {
        uint32_t character = 0;
        size_t bytes = utf8_decode(words, &character);
        struct str hidden = starts_with(words, form) ? form : plain;
        if (starts_with(words, hidden)) {
            buf_add_text(to, "***");
            bytes = hidden.len;
        } else if (bytes == 0 || utf8_is_unprintable(character)) {
            buf_add_char(to, ' ');
        } else {
            buf_add(to, (struct str){ words.at, bytes });
        }
        words = str_from(words, bytes == 0 ? 1 : bytes);
    }
    if (words.len > 0)
        buf_add_text(to, "...");
}

struct complaint_words {
    struct str message, code, request_id;
};

static struct complaint_words words_of(const struct connector *connector,
                                       const struct json *document)
{
    const struct complaint *c = &connector->complaint;
    return (struct complaint_words){
        .message = words_at(document, c->message),
        .code = words_at(document, c->code),
        .request_id = words_at(document, c->request_id),
    };
}

static void note_request_id(struct error *err, struct str id, const struct secret *secret)
{
    struct str hidden = secret_reveal(secret);
    if (hidden.len > 0 && id.len >= hidden.len &&
        memmem(id.at, id.len, hidden.at, hidden.len) != NULL)
        id = STR("(hidden)");
    size_t len = id.len < sizeof err->request_id ? id.len : sizeof err->request_id - 1;
    for (size_t i = 0; i < len; i++)
        err->request_id[i] = id.at[i] > ' ' && id.at[i] < 0x7f ? id.at[i] : '?';
    err->request_id[len] = '\0';
}

static void note_words(struct error *err, struct str words, const struct secret *secret)
{
    SCOPED(buf_release) struct buf text = BUF(sizeof err->remote_words - 1);
    quote_words(&text, words, secret);
    memcpy(err->remote_words, text.at, text.len + 1);
}

/* `instead` says what stood there where no complaint could be read: "an HTML page"; or NULL. */
static void complain(const struct connector *connector, enum status status, int http,
                     const struct complaint_words *words, const struct secret *secret,
                     const char *instead, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES);
    buf_printf(&text, "%s answered HTTP %d", connector->title, http);
    if (words->code.len > 0 && !str_equal(words->code, words->message)) {
        buf_add_char(&text, ' ');
        quote_words(&text, words->code, secret);
    }
    if (words->message.len > 0) {
        buf_add_text(&text, ": \"");
        quote_words(&text, words->message, secret);
        buf_add_char(&text, '"');
    }
    if (instead != NULL)
        buf_printf(&text, " with %s", instead);
    fail(err, status, "%s", text.at);
    err->http_status = http;
    note_words(err, words->message.len > 0 ? words->message : words->code, secret);
    note_request_id(err, words->request_id, secret);
}

static void add_advice(enum status status, struct error *err)
{
    if (status == ST_FORBIDDEN)
        hint(err, "The login is good, but this account or role may not do it. Ask an "
                  "administrator at TD SYNNEX to permit it (Stellr: the application's API "
                  "permissions; Ion: any role but User, and the right account id).");
    else if (status == ST_RATE)
        hint(err, "The service limits the number of requests. Try again in a few minutes, or "
                  "with fewer at once (--concurrency).");
    else if (status == ST_REMOTE)
        hint(err, "The fault is at the service. Try again later; their support asks for the "
                  "request id.");
}

enum status judge_reply(const struct connector *connector, const struct wire_reply *reply,
                        const struct secret *secret, struct error *err)
{
    if (reply->http_status >= 200 && reply->http_status <= 299)
        return ST_OK;
    enum status status = status_of(reply->http_status);
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const struct json *document = NULL;
    struct error ignored;
    if (reply->body.len > LIMIT_SMALL_FILE_BYTES || !body_is_json(reply->body) ||
        json_parse(&a, reply->body, &document, &ignored) != ST_OK)
        document = NULL;
    struct complaint_words words = words_of(connector, document);
    complain(connector, status, reply->http_status, &words, secret,
             document == NULL ? body_kind(reply->body) : NULL, err);
    add_advice(status, err);
    if (reply->http_status >= 300 && reply->http_status <= 399)
        hint(err, "The service points to another address. Redirects are not followed, so that no "
                  "token goes astray: check the region or --base-url.");
    return status;
}

enum status judge_document(const struct connector *connector, const struct json *document,
                           const struct secret *secret, struct error *err)
{
    if (!connector->complaint.inside_success || json_kind(document) != JSON_OBJECT)
        return ST_OK;
    static const char *const places[] = { "data.errorMessage", "data.errorCode", "errorMessage",
                                          "errorCode" };
    bool complains = false;
    for (size_t i = 0; i < ARRAY_LEN(places); i++)
        complains = complains || json_text(json_get_at(document, places[i])).len > 0;
    if (!complains)
        return ST_OK;
    struct complaint_words words = words_of(connector, document);
    complain(connector, ST_RULE, 200, &words, secret, NULL, err);
    return ST_RULE;
}
