/* JSON: the scanner, the facade over json-c and a third reader of our own agree on what is JSON and
 * on every value; what is written again is the same document. */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/utf8.h"

#include <string.h>

/* A third reader, straight from RFC 8259 and the list of refusals in json.h. */
struct reader {
    struct str left;
    size_t members;
};

static bool read_value(struct reader *r, int depth);

static int next(const struct reader *r)
{
    return r->left.len > 0 ? (unsigned char)r->left.at[0] : -1;
}

static bool pass(struct reader *r, const char *word)
{
    if (!str_starts(r->left, word))
        return false;
    r->left = str_from(r->left, strlen(word));
    return true;
}

static void pass_blanks(struct reader *r)
{
    while (pass(r, " ") || pass(r, "\t") || pass(r, "\n") || pass(r, "\r"))
        continue;
}

static bool pass_digits(struct reader *r)
{
    size_t before = r->left.len;
    while (next(r) >= '0' && next(r) <= '9')
        r->left = str_from(r->left, 1);
    return r->left.len < before;
}

static bool read_number(struct reader *r)
{
    struct str start = r->left;
    bool whole = true;
    (void)pass(r, "-");
    if (!pass(r, "0") && !pass_digits(r))
        return false;
    if (pass(r, ".")) {
        whole = false;
        if (!pass_digits(r))
            return false;
    }
    if (pass(r, "e") || pass(r, "E")) {
        whole = false;
        (void)(pass(r, "+") || pass(r, "-"));
        if (!pass_digits(r))
            return false;
    }
    int64_t value;
    return !whole || str_integer((struct str){ start.at, start.len - r->left.len }, &value);
}

/* The code unit of "\u12aB"; -1 when there is none. */
static long read_unit(struct reader *r)
{
    if (r->left.len < 6 || !pass(r, "\\u"))
        return -1;
    long unit = 0;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *found = next(r) == 0 ? NULL : strchr(digits, next(r));
        if (found == NULL)
            return -1;
        unit = unit * 16 + (found - digits) % 16;
        r->left = str_from(r->left, 1);
    }
    return unit;
}

/* A text; what it says is added to `to` unless that is NULL. */
static bool read_text(struct reader *r, struct buf *to)
{
    static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    if (!pass(r, "\""))
        return false;
    while (!pass(r, "\"")) {
        uint32_t character;
        char bytes[4];
        size_t n = utf8_decode(r->left, &character);
        if (n == 0 || character < 0x20)
            return false;
        if (character != '\\') {
            r->left = str_from(r->left, n);
        } else if (str_starts(r->left, "\\u")) {
            long high = read_unit(r), low;
            character = (uint32_t)high;
            if (high < 1 || (high >= 0xdc00 && high <= 0xdfff))
                return false;
            if (high >= 0xd800 && high <= 0xdbff) {
                low = read_unit(r);
                if (low < 0xdc00 || low > 0xdfff)
                    return false;
                character = (uint32_t)(0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00));
            }
        } else {
            r->left = str_from(r->left, 1);
            size_t i = 0;
            while (i + 1 < sizeof escapes && escapes[i] != next(r))
                i += 2;
            if (i + 1 >= sizeof escapes)
                return false;
            character = (uint32_t)escapes[i + 1];
            r->left = str_from(r->left, 1);
        }
        if (to != NULL)
            buf_add(to, (struct str){ bytes, utf8_encode(character, bytes) });
    }
    return true;
}

static bool read_list(struct reader *r, int depth)
{
    bool is_object = next(r) == '{';
    const char *end = is_object ? "}" : "]";
    r->left = str_from(r->left, 1);
    pass_blanks(r);
    if (pass(r, end))
        return true;
    do {
        pass_blanks(r);
        if (is_object) {
            if (!read_text(r, NULL))
                return false;
            pass_blanks(r);
            if (!pass(r, ":"))
                return false;
            r->members++;
        }
        if (!read_value(r, depth + 1))
            return false;
        pass_blanks(r);
    } while (pass(r, ","));
    return pass(r, end);
}

static bool read_value(struct reader *r, int depth)
{
    pass_blanks(r);
    int c = next(r);
    if (c == '{' || c == '[')
        return depth < LIMIT_JSON_DEPTH && read_list(r, depth);
    if (c == '"')
        return read_text(r, NULL);
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(r);
    return pass(r, "true") || pass(r, "false") || pass(r, "null");
}

static bool is_json(struct str text, size_t *ret_members)
{
    struct reader r = { .left = text };
    bool good = read_value(&r, 0);
    pass_blanks(&r);
    *ret_members = r.members;
    return good && r.left.len == 0;
}

/* The text behind raw JSON between its quotes. */
static struct str text_of(struct arena *a, struct str raw, bool with_quotes)
{
    SCOPED(buf_release) struct buf quoted = BUF(1u << 22), plain = BUF(1u << 22);
    buf_add_text(&quoted, with_quotes ? "" : "\"");
    buf_add(&quoted, raw);
    buf_add_text(&quoted, with_quotes ? "" : "\"");
    struct reader r = { .left = buf_str(&quoted) };
    HOLDS(read_text(&r, &plain) && r.left.len == 0);
    return arena_copy(a, buf_str(&plain));
}

/* Whether some object below holds a name twice, with escapes resolved. */
static bool has_duplicates(struct arena *a, struct str raw)
{
    struct str keys[64];
    size_t n = 0;
    struct json_walk walk = json_walk(raw);
    while (json_walk_next(&walk)) {
        if (has_duplicates(a, walk.value))
            return true;
        if (!walk.is_object)
            continue;
        struct str key = text_of(a, walk.key, false);
        for (size_t i = 0; i < n; i++)
            if (str_equal(keys[i], key))
                return true;
        if (n < ARRAY_LEN(keys))
            keys[n++] = key;
    }
    HOLDS(walk.scan.problem == NULL);
    return false;
}

static enum json_kind kind_of(struct str raw)
{
    if (json_shape(raw) == JSON_SHAPE_OBJECT)
        return JSON_OBJECT;
    if (json_shape(raw) == JSON_SHAPE_ARRAY)
        return JSON_ARRAY;
    if (raw.at[0] == '"')
        return JSON_TEXT;
    if (raw.at[0] == 't' || raw.at[0] == 'f')
        return JSON_BOOLEAN;
    if (raw.at[0] == 'n')
        return JSON_NULL;
    for (size_t i = 0; i < raw.len; i++)
        if (strchr(".eE", raw.at[i]) != NULL)
            return JSON_DECIMAL;
    return JSON_INTEGER;
}

static void the_same_plain_value(struct arena *a, struct str raw, const struct json *value)
{
    int64_t integer, right;
    bool truth;
    enum json_kind kind = json_kind(value);
    struct str text = json_text(value), number = json_number_text(value);
    HOLDS((text.at != NULL) == (kind == JSON_TEXT));
    HOLDS(text.at == NULL || str_equal(text, text_of(a, raw, true)));
    HOLDS((number.at != NULL) == (kind == JSON_INTEGER || kind == JSON_DECIMAL));
    if (str_is(raw, "-0")) /* json-c keeps no sign of a whole zero */
        raw = STR("0");
    HOLDS(number.at == NULL || str_equal(number, raw));
    HOLDS(json_integer(value, &integer) == (kind == JSON_INTEGER));
    HOLDS(kind != JSON_INTEGER || (str_integer(raw, &right) && integer == right));
    HOLDS(json_boolean(value, &truth) == (kind == JSON_BOOLEAN));
    HOLDS(kind != JSON_BOOLEAN || truth == (raw.at[0] == 't'));
}

/* A member is found by its name in both, as long as the name stands there without escapes. */
static void the_same_member(struct arena *a, struct str object, const struct json_walk *walk,
                            const struct json *value)
{
    if (memchr(walk->key.at, '\\', walk->key.len) != NULL)
        return;
    const char *key = arena_text(a, walk->key);
    HOLDS(json_member(object, key).at == walk->value.at);
    HOLDS(json_has(value, key));
    if (strchr(key, '.') == NULL && walk->key.len > 0 && walk->key.len < 64) {
        HOLDS(json_get_at(value, key) == json_get(value, key));
        HOLDS(json_member_at(object, key).at == walk->value.at);
    }
}

static void the_same_document(struct arena *a, struct str raw, const struct json *value)
{
    HOLDS(json_kind(value) == kind_of(raw));
    the_same_plain_value(a, raw, value);
    struct json_members members = json_members(value);
    struct json_walk walk = json_walk(raw);
    size_t n = 0;
    while (json_walk_next(&walk)) {
        HOLDS(walk.value.at >= raw.at && walk.value.at + walk.value.len <= raw.at + raw.len);
        if (walk.is_object) {
            HOLDS(json_members_next(&members));
            HOLDS(str_equal(members.key, text_of(a, walk.key, false)));
            the_same_member(a, raw, &walk, value);
            the_same_document(a, walk.value, members.value);
        } else {
            the_same_document(a, walk.value, json_at(value, n));
        }
        n++;
    }
    HOLDS(json_shape(raw) == JSON_SHAPE_OTHER || json_walk_is_whole(&walk));
    HOLDS(!json_members_next(&members));
    HOLDS(json_length(value) == (walk.is_object ? 0 : n));
}

static void write(struct json_writer *w, const char *key, const struct json *value)
{
    int64_t integer;
    bool truth = false;
    struct json_members members = json_members(value);
    switch (json_kind(value)) {
    case JSON_NULL:
        json_put_null(w, key);
        break;
    case JSON_BOOLEAN:
        (void)json_boolean(value, &truth);
        json_put_boolean(w, key, truth);
        break;
    case JSON_INTEGER:
        (void)json_integer(value, &integer);
        json_put_integer(w, key, integer);
        break;
    case JSON_DECIMAL:
        json_put_number(w, key, json_number_text(value));
        break;
    case JSON_TEXT:
        json_put_text_or_null(w, key, json_text(value));
        break;
    case JSON_ARRAY:
        json_put_array(w, key);
        for (size_t i = 0; i < json_length(value); i++)
            write(w, NULL, json_at(value, i));
        json_close(w);
        break;
    case JSON_OBJECT:
        json_put_object(w, key);
        while (json_members_next(&members))
            write(w, members.key.at, members.value);
        json_close(w);
        break;
    }
}

static void the_same_when_written(struct arena *a, const struct json *value)
{
    SCOPED(buf_release) struct buf first = BUF(1u << 24), second = BUF(1u << 24);
    struct json_writer pretty = JSON_WRITER_PRETTY(&first), plain = JSON_WRITER(&second);
    struct error err;
    const struct json *again;
    write(&pretty, NULL, value);
    HOLDS(json_parse(a, buf_str(&first), &again, &err) == ST_OK);
    write(&plain, NULL, again);
    HOLDS(json_parse(a, buf_str(&second), &again, &err) == ST_OK);
    the_same_document(a, buf_str(&second), again);
    buf_clear(&first);
    struct json_writer third = JSON_WRITER(&first);
    write(&third, NULL, value);
    HOLDS(str_equal(buf_str(&first), buf_str(&second)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const struct json *value;
    size_t members = 0, right_members;
    enum status checked = json_check(text, &members, &err);
    if (checked != ST_OK)
        holds_error(checked, &err);
    HOLDS((checked == ST_OK) == is_json(text, &right_members));
    HOLDS(checked != ST_OK || members == right_members);
    enum status parsed = json_parse(&a, text, &value, &err);
    if (checked == ST_OK) {
        HOLDS((parsed == ST_OK) == !has_duplicates(&a, text));
    }
    if (parsed != ST_OK) {
        holds_error(parsed, &err);
        HOLDS(parsed == ST_UNREADABLE);
        return 0;
    }
    HOLDS(checked == ST_OK);
    struct json_scan scan = { .text = text };
    struct str raw;
    HOLDS(json_scan_value(&scan, &raw));
    the_same_document(&a, raw, value);
    the_same_when_written(&a, value);
    return 0;
}
