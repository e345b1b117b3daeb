/* Percent-encoding, templates and the checks on addresses. */
#include "base/uri.h"

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void uri_encode(struct buf *to, struct str text, const char *keep)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (is_unreserved(c) || (c != '\0' && strchr(keep, c) != NULL))
            buf_add_char(to, c);
        else
            buf_printf(to, "%%%02X", (unsigned char)c);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 32) >= 'a' && (c | 32) <= 'f')
        return (c | 32) - 'a' + 10;
    return -1;
}

bool uri_decode(struct arena *a, struct str text, bool plus_is_space, struct str *ret_text)
{
    char *at = arena_alloc(a, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\0')
            return false;
        if (c == '+' && plus_is_space)
            c = ' ';
        if (c == '%') {
            if (i + 2 >= text.len)
                return false;
            int high = hex_digit(text.at[i + 1]), low = hex_digit(text.at[i + 2]);
            if (high < 0 || low < 0 || (high == 0 && low == 0))
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        at[len++] = c;
    }
    *ret_text = (struct str){ at, len };
    return true;
}

struct uri_template uri_template(const char *template)
{
    return (struct uri_template){ .rest = str_of(template) };
}

bool uri_template_next(struct uri_template *t)
{
    t->literal = t->rest;
    t->name = STR_NONE;
    const char *open = t->rest.len == 0 ? NULL : memchr(t->rest.at, '{', t->rest.len);
    if (open == NULL) {
        t->rest = STR("");
        return false;
    }
    size_t before = (size_t)(open - t->rest.at);
    struct str after = str_from(t->rest, before + 1);
    const char *close = after.len == 0 ? NULL : memchr(after.at, '}', after.len);
    if (close == NULL) {
        t->broken = true;
        return false;
    }
    size_t name_len = (size_t)(close - after.at);
    t->literal.len = before;
    t->name = (struct str){ after.at, name_len };
    t->rest = str_from(after, name_len + 1);
    return true;
}

static enum status refuse(struct str text, struct error *err, const char *why)
{
    /* A password before '@' or a token behind '?' may have been pasted in: show neither. */
    size_t shown = 0;
    size_t most = text.len > 0 && memchr(text.at, '@', text.len) != NULL ? 8 : 60;
    while (shown < text.len && shown < most && text.at[shown] != '?')
        shown++;
    return fail(err, ST_INVALID, "the address '%.*s' cannot be used: %s", (int)shown, text.at, why);
}

static bool take_host(struct str *rest, struct str *ret_host)
{
    size_t n = 0;
    if (str_starts(*rest, "[")) {
        while (n < rest->len && rest->at[n] != ']')
            n++;
        n++;
    } else {
        while (n < rest->len && strchr(":/?#", rest->at[n]) == NULL)
            n++;
    }
    if (n == 0 || n > rest->len)
        return false;
    *ret_host = (struct str){ rest->at, n };
    *rest = str_from(*rest, n);
    return true;
}

static bool take_port(struct str *rest, int *port)
{
    if (!str_starts(*rest, ":"))
        return true;
    size_t n = 1;
    while (n < rest->len && rest->at[n] >= '0' && rest->at[n] <= '9')
        n++;
    int64_t value;
    if (!str_integer((struct str){ rest->at + 1, n - 1 }, &value) || value < 1 || value > 65535)
        return false;
    *port = (int)value;
    *rest = str_from(*rest, n);
    return true;
}

enum status uri_parse(struct str text, struct uri *ret_uri, struct error *err)
{
    struct uri uri;
    struct str rest = text;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] <= 0x20 || (unsigned char)text.at[i] >= 0x7f)
            return refuse(text, err, "it has a character that must be percent-encoded");
    if (str_starts(rest, "https://"))
        uri = (struct uri){ .scheme = STR("https"), .port = 443, .query = STR_NONE };
    else if (str_starts(rest, "http://"))
        uri = (struct uri){ .scheme = STR("http"), .port = 80, .query = STR_NONE };
    else
        return refuse(text, err, "it does not start with https://");
    rest = str_from(rest, uri.scheme.len + 3);
    if (!take_host(&rest, &uri.host))
        return refuse(text, err, "it names no host");
    if (memchr(uri.host.at, '@', uri.host.len) != NULL)
        return refuse(text, err, "a user name or password has no place in it");
    if (!take_port(&rest, &uri.port))
        return refuse(text, err, "its port is not a number from 1 to 65535");
    if (rest.len > 0 && rest.at[0] != '/' && rest.at[0] != '?')
        return refuse(text, err, "something else than a path follows the host");
    if (rest.len > 0 && memchr(rest.at, '#', rest.len) != NULL)
        return refuse(text, err, "it has a fragment (#)");
    if (str_next(&rest, '?', &uri.path))
        uri.query = rest;
    *ret_uri = uri;
    return ST_OK;
}

/* 127.0.0.0/8, as four numbers. */
static bool is_loopback_number(struct str host)
{
    struct str part;
    int n_parts = 0;
    for (int64_t number; str_next(&host, '.', &part); n_parts++) {
        bool has_zero_in_front = part.len > 1 && part.at[0] == '0';
        if (!str_integer(part, &number) || number < 0 || number > 255 || has_zero_in_front ||
            (n_parts == 0 && number != 127))
            return false;
    }
    return n_parts == 4;
}

bool uri_is_loopback(const struct uri *uri)
{
    return str_equal_nocase(uri->host, STR("localhost")) || str_is(uri->host, "[::1]") ||
           is_loopback_number(uri->host);
}

enum status uri_base(struct arena *a, struct str text, struct str *ret_base, struct error *err)
{
    struct uri uri = { .query = STR_NONE };
    text = str_trim(text);
    TRY(uri_parse(text, &uri, err));
    if (uri.query.at != NULL)
        return refuse(text, err, "it has a query (?)");
    if (str_is(uri.scheme, "http") && !uri_is_loopback(&uri))
        return refuse(text, err, "plain http is allowed to this machine itself only; use https");
    while (str_ends(text, "/"))
        text.len--;
    *ret_base = arena_copy(a, text);
    return ST_OK;
}

bool uri_query_value(struct arena *a, struct str query, const char *name, struct str *ret_value)
{
    struct str pair;
    while (str_next(&query, '&', &pair)) {
        struct str key, value = pair, decoded;
        (void)str_next(&value, '=', &key);
        if (value.at == NULL)
            value = STR("");
        if (uri_decode(a, key, true, &decoded) && str_is(decoded, name))
            return uri_decode(a, value, true, ret_value);
    }
    return false;
}
