/* Hiding secrets, piece by piece: everything else stays byte for byte. */
#include "remote/redact.h"

#include "base/attributes.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/uri.h"

static const char *const secret_words[] = { "password",     "passwd",        "secret",
                                            "accesstoken",  "refreshtoken",  "transfertoken",
                                            "access_token", "refresh_token", "authtoken" };

bool is_secret_name(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(secret_words); i++)
        if (str_contains_nocase(name, secret_words[i]))
            return true;
    return false;
}

/* A text of JSON, between its quotes, as whoever reads it understands it. False: nobody can tell.
 */
static bool resolve(struct arena *a, struct str raw, struct str *ret_text)
{
    const struct json *value;
    struct error ignored;
    *ret_text = raw;
    if (raw.len == 0 || memchr(raw.at, '\\', raw.len) == NULL)
        return true;
    struct str quoted = str_of(arena_printf(a, "\"%.*s\"", STR_PRINT(raw)));
    if (json_parse(a, quoted, &value, &ignored) != ST_OK)
        return false;
    *ret_text = json_text(value);
    return true;
}

static bool says_secret(struct arena *a, struct str raw)
{
    struct str text;
    return !resolve(a, raw, &text) || is_secret_name(text);
}

static bool says(struct arena *a, struct str raw, const char *word)
{
    struct str text;
    return resolve(a, raw, &text) && str_is(text, word);
}

/* {"name": "Password", "value": "..."} */
static bool names_secret(struct arena *a, struct str object)
{
    struct json_walk walk = json_walk(object);
    while (walk.is_object && json_walk_next(&walk)) {
        bool is_text = walk.value.len >= 2 && walk.value.at[0] == '"';
        if (is_text && says(a, walk.key, "name") &&
            says_secret(a, (struct str){ walk.value.at + 1, walk.value.len - 2 }))
            return true;
    }
    return false;
}

static void put(struct arena *a, struct buf *to, struct str value);

static void put_members(struct arena *a, struct buf *to, struct str value)
{
    struct json_walk walk = json_walk(value);
    bool hides_value = names_secret(a, value), first = true;
    buf_add_char(to, walk.is_object ? '{' : '[');
    while (json_walk_next(&walk)) {
        if (!first)
            buf_add_char(to, ',');
        first = false;
        if (walk.is_object)
            buf_printf(to, "\"%.*s\":", STR_PRINT(walk.key));
        bool hides = walk.is_object &&
                     (says_secret(a, walk.key) || (hides_value && says(a, walk.key, "value")));
        if (hides && !str_is(walk.value, "null"))
            buf_add_text(to, "\"***\"");
        else
            put(a, to, walk.value);
    }
    buf_add_char(to, walk.is_object ? '}' : ']');
}

static void put(struct arena *a, struct buf *to, struct str value)
{
    enum json_shape shape = json_shape(value);
    if (shape == JSON_SHAPE_OBJECT || shape == JSON_SHAPE_ARRAY)
        put_members(a, to, value);
    else
        buf_add(to, value);
}

struct str redact(struct arena *a, struct str json)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_REPLY_BYTES);
    struct error ignored;
    if (json_check(json, NULL, &ignored) != ST_OK) /* nesting is bounded by this, too */
        return STR_NONE;
    put(a, &text, str_trim(json));
    return text.exceeded ? STR_NONE : arena_copy(a, buf_str(&text));
}

struct str redact_target(struct arena *a, struct str target)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_REPLY_BYTES);
    struct str rest = target, path, pair, name, plain;
    (void)str_next(&rest, '?', &path);
    buf_add(&text, path);
    for (char mark = '?'; rest.at != NULL && str_next(&rest, '&', &pair); mark = '&') {
        struct str value = pair;
        (void)str_next(&value, '=', &name);
        bool hides = !uri_decode(a, name, true, &plain) || is_secret_name(plain);
        buf_add_char(&text, mark);
        buf_add(&text, hides && value.at != NULL ? name : pair);
        if (hides && value.at != NULL)
            buf_add_text(&text, "=***");
    }
    return text.exceeded ? STR_NONE : arena_copy(a, buf_str(&text));
}
