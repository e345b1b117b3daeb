/* Hiding secrets, piece by piece: everything else stays byte for byte. */
#include "remote/redact.h"

#include "base/attributes.h"
#include "base/buf.h"
#include "base/json_scan.h"

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

static void put(struct buf *to, struct str value);

static void put_members(struct buf *to, struct str value)
{
    struct json_walk walk = json_walk(value);
    struct str name = json_member(value, "name");
    bool names_secret = walk.is_object && is_secret_name(name);
    bool first = true;
    buf_add_char(to, walk.is_object ? '{' : '[');
    while (json_walk_next(&walk)) {
        if (!first)
            buf_add_char(to, ',');
        first = false;
        if (walk.is_object)
            buf_printf(to, "\"%.*s\":", STR_PRINT(walk.key));
        bool hides = walk.is_object &&
                     (is_secret_name(walk.key) || (names_secret && str_is(walk.key, "value")));
        if (hides && !str_is(walk.value, "null"))
            buf_add_text(to, "\"***\"");
        else
            put(to, walk.value);
    }
    buf_add_char(to, walk.is_object ? '}' : ']');
}

static void put(struct buf *to, struct str value)
{
    enum json_shape shape = json_shape(value);
    if (shape == JSON_SHAPE_OBJECT || shape == JSON_SHAPE_ARRAY)
        put_members(to, value);
    else
        buf_add(to, value);
}

struct str redact(struct arena *a, struct str json)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_REPLY_BYTES);
    struct error ignored;
    if (json_check(json, NULL, &ignored) != ST_OK) /* nesting is bounded by this, too */
        return STR_NONE;
    put(&text, str_trim(json));
    return text.exceeded ? STR_NONE : arena_copy(a, buf_str(&text));
}
