/* A strict JSON scanner: one pass, a bit per open bracket, no recursion. */
#include "base/json_scan.h"

#include "base/limits.h"
#include "base/utf8.h"

_Static_assert(LIMIT_JSON_DEPTH <= 64, "the open brackets are bits of one word");

static bool refuse(struct json_scan *s, const char *problem)
{
    if (s->problem == NULL)
        s->problem = problem;
    return false;
}

static int peek(const struct json_scan *s)
{
    return s->at < s->text.len ? (unsigned char)s->text.at[s->at] : -1;
}

static void skip_space(struct json_scan *s)
{
    while (s->at < s->text.len) {
        char c = s->text.at[s->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            return;
        s->at++;
    }
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool skip_digits(struct json_scan *s)
{
    size_t start = s->at;
    while (is_digit(peek(s)))
        s->at++;
    return s->at > start;
}

/* An integer outside int64 would be saturated by the parser, silently. */
static bool integer_fits(struct str number)
{
    int64_t value;
    return number.len < 19 || str_integer(number, &value);
}

static bool scan_number(struct json_scan *s)
{
    size_t start = s->at;
    if (peek(s) == '-')
        s->at++;
    if (peek(s) == '0')
        s->at++;
    else if (!skip_digits(s))
        return refuse(s, "a number has no digits");
    if (is_digit(peek(s)))
        return refuse(s, "a number starts with 0");
    bool whole = true;
    if (peek(s) == '.') {
        whole = false;
        s->at++;
        if (!skip_digits(s))
            return refuse(s, "a number ends with its decimal point");
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        whole = false;
        s->at++;
        if (peek(s) == '+' || peek(s) == '-')
            s->at++;
        if (!skip_digits(s))
            return refuse(s, "a number has an empty exponent");
    }
    if (whole && !integer_fits((struct str){ s->text.at + start, s->at - start }))
        return refuse(s, "a whole number does not fit 64 bits");
    return true;
}

static bool scan_hex4(struct json_scan *s, unsigned *ret_value)
{
    unsigned value = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(s);
        int digit = is_digit(c)              ? c - '0'
                    : (c >= 'a' && c <= 'f') ? c - 'a' + 10
                    : (c >= 'A' && c <= 'F') ? c - 'A' + 10
                                             : -1;
        if (digit < 0)
            return refuse(s, "a \\u escape lacks four hexadecimal digits");
        value = value * 16 + (unsigned)digit;
        s->at++;
    }
    *ret_value = value;
    return true;
}

static bool scan_unicode_escape(struct json_scan *s)
{
    unsigned first, second;
    if (!scan_hex4(s, &first))
        return false;
    if (first == 0)
        return refuse(s, "a text holds the character NUL");
    if (first >= 0xdc00 && first <= 0xdfff)
        return refuse(s, "half of a surrogate pair stands alone");
    if (first < 0xd800 || first > 0xdbff)
        return true;
    if (peek(s) != '\\')
        return refuse(s, "half of a surrogate pair stands alone");
    s->at++;
    if (peek(s) != 'u')
        return refuse(s, "half of a surrogate pair stands alone");
    s->at++;
    if (!scan_hex4(s, &second))
        return false;
    if (second < 0xdc00 || second > 0xdfff)
        return refuse(s, "half of a surrogate pair stands alone");
    return true;
}

static bool scan_escape(struct json_scan *s)
{
    int c = peek(s);
    s->at++;
    if (c == 'u')
        return scan_unicode_escape(s);
    if (c == -1 || c == 0 || strchr("\"\\/bfnrt", c) == NULL)
        return refuse(s, "a text has an unknown escape");
    return true;
}

/* Passes plain ASCII fast: everything but quotes, backslashes, controls and non-ASCII. */
static void skip_plain(struct json_scan *s)
{
    const unsigned char *at = (const unsigned char *)s->text.at;
    size_t i = s->at, end = s->text.len;
    while (i < end && at[i] >= 0x20 && at[i] < 0x80 && at[i] != '"' && at[i] != '\\')
        i++;
    s->at = i;
}

static bool scan_string(struct json_scan *s)
{
    s->at++;
    for (;;) {
        skip_plain(s);
        int c = peek(s);
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c == -1)
            return refuse(s, "it ends inside a text");
        if (c == '\\') {
            s->at++;
            if (!scan_escape(s))
                return false;
        } else if (c < 0x20) {
            return refuse(s, "a text holds a control character");
        } else {
            uint32_t character;
            size_t bytes = utf8_decode(str_from(s->text, s->at), &character);
            if (bytes == 0)
                return refuse(s, "a text is not UTF-8");
            s->at += bytes;
        }
    }
}

static bool scan_word(struct json_scan *s, const char *word)
{
    if (!str_starts(str_from(s->text, s->at), word))
        return refuse(s, "there is a word that is not true, false or null");
    s->at += strlen(word);
    return true;
}

static bool scan_scalar(struct json_scan *s)
{
    int c = peek(s);
    if (c == '"')
        return scan_string(s);
    if (c == '-' || is_digit(c))
        return scan_number(s);
    if (c == 't')
        return scan_word(s, "true");
    if (c == 'f')
        return scan_word(s, "false");
    if (c == 'n')
        return scan_word(s, "null");
    return refuse(s, c == -1 ? "it ends where a value should be" : "there is no value");
}

static bool scan_key(struct json_scan *s)
{
    skip_space(s);
    if (peek(s) != '"')
        return refuse(s, "a member has no name in quotes");
    if (!scan_string(s))
        return false;
    skip_space(s);
    if (peek(s) != ':')
        return refuse(s, "a colon is missing");
    s->at++;
    s->members++;
    return true;
}

/* After a value: passes commas and closing brackets. Sets *more when another value follows. */
static bool scan_after_value(struct json_scan *s, uint64_t *objects, unsigned *depth, bool *more)
{
    *more = false;
    while (*depth > 0) {
        skip_space(s);
        bool in_object = (*objects >> (*depth - 1)) & 1;
        int c = peek(s);
        s->at++;
        if (c == ',') {
            *more = true;
            return !in_object || scan_key(s);
        }
        if (c != (in_object ? '}' : ']')) {
            s->at--;
            return refuse(s, c == -1 ? "it ends too early" : "a comma or bracket is missing");
        }
        --*depth;
    }
    return true;
}

/* At '{' or '['. Sets *more when a value follows, clears it when the bracket closed at once. */
static bool scan_open(struct json_scan *s, uint64_t *objects, unsigned *depth, bool *more)
{
    bool is_object = peek(s) == '{';
    if (*depth == LIMIT_JSON_DEPTH)
        return refuse(s, "it is nested too deeply");
    s->at++;
    skip_space(s);
    if (peek(s) == (is_object ? '}' : ']')) {
        s->at++;
        *more = false;
        return true;
    }
    uint64_t bit = (uint64_t)1 << *depth;
    *objects = is_object ? *objects | bit : *objects & ~bit;
    ++*depth;
    *more = true;
    return !is_object || scan_key(s);
}

bool json_scan_value(struct json_scan *s, struct str *ret_value)
{
    uint64_t objects = 0;
    unsigned depth = 0;
    skip_space(s);
    size_t start = s->at;
    bool more = true;
    while (more) {
        skip_space(s);
        int c = peek(s);
        bool opened = c == '{' || c == '[';
        if (!(opened ? scan_open(s, &objects, &depth, &more) : scan_scalar(s)))
            return false;
        if (opened && more)
            continue;
        if (!scan_after_value(s, &objects, &depth, &more))
            return false;
    }
    *ret_value = (struct str){ s->text.at + start, s->at - start };
    return true;
}

enum status json_check(struct str text, size_t *ret_members, struct error *err)
{
    struct json_scan scan = { .text = text };
    struct str value;
    if (json_scan_value(&scan, &value)) {
        skip_space(&scan);
        if (scan.at < text.len)
            refuse(&scan, "something follows the value");
    }
    if (scan.problem != NULL && scan.at >= text.len)
        return fail(err, ST_UNREADABLE, "not JSON at its end, after byte %zu: %s", text.len,
                    scan.problem);
    if (scan.problem != NULL)
        return fail(err, ST_UNREADABLE, "not JSON at byte %zu of %zu: %s", scan.at + 1, text.len,
                    scan.problem);
    if (ret_members != NULL)
        *ret_members = scan.members;
    return ST_OK;
}

enum json_shape json_shape(struct str text)
{
    struct json_scan scan = { .text = text };
    skip_space(&scan);
    int c = peek(&scan);
    return c == '{'   ? JSON_SHAPE_OBJECT
           : c == '[' ? JSON_SHAPE_ARRAY
           : c == -1  ? JSON_SHAPE_NONE
                      : JSON_SHAPE_OTHER;
}

struct json_walk json_walk(struct str text)
{
    struct json_walk walk = { .scan.text = text };
    enum json_shape shape = json_shape(text);
    walk.is_object = shape == JSON_SHAPE_OBJECT;
    walk.ended = shape != JSON_SHAPE_OBJECT && shape != JSON_SHAPE_ARRAY;
    return walk;
}

static bool walk_stop(struct json_walk *walk)
{
    walk->ended = true;
    return false;
}

/* Moves to the next member: past the opening bracket or the comma. False at the closing one. */
static bool walk_step(struct json_walk *walk)
{
    struct json_scan *s = &walk->scan;
    skip_space(s);
    int c = peek(s);
    s->at++;
    if (!walk->started) {
        walk->started = true;
        skip_space(s);
        if (peek(s) != (walk->is_object ? '}' : ']'))
            return true;
        s->at++;
        return walk_stop(walk);
    }
    if (c == ',')
        return true;
    if (c != (walk->is_object ? '}' : ']'))
        refuse(s, c == -1 ? "it ends too early" : "a comma or bracket is missing");
    return walk_stop(walk);
}

bool json_walk_next(struct json_walk *walk)
{
    struct json_scan *s = &walk->scan;
    if (walk->ended || !walk_step(walk))
        return false;
    walk->key = STR("");
    if (walk->is_object) {
        skip_space(s);
        size_t start = s->at + 1;
        if (!scan_key(s))
            return walk_stop(walk);
        const char *quote = memrchr(s->text.at + start, '"', s->at - start);
        walk->key = (struct str){ s->text.at + start, (size_t)(quote - s->text.at) - start };
    }
    if (!json_scan_value(s, &walk->value))
        return walk_stop(walk);
    return true;
}

bool json_walk_is_whole(const struct json_walk *walk)
{
    struct json_scan rest = walk->scan;
    skip_space(&rest);
    return rest.problem == NULL && walk->ended && rest.at == rest.text.len;
}

struct str json_member(struct str object, const char *key)
{
    if (json_shape(object) != JSON_SHAPE_OBJECT)
        return STR_NONE;
    struct json_walk walk = json_walk(object);
    while (json_walk_next(&walk))
        if (str_is(walk.key, key))
            return walk.value;
    return STR_NONE;
}

struct str json_member_at(struct str text, const char *path)
{
    struct str rest = *path == '\0' ? STR_NONE : str_of(path);
    struct str step;
    while (text.at != NULL && str_next(&rest, '.', &step)) {
        char key[64];
        if (step.len >= sizeof key)
            return STR_NONE;
        memcpy(key, step.at, step.len);
        key[step.len] = '\0';
        text = json_member(text, key);
    }
    return text;
}
