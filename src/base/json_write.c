/* The JSON writer. */
#include "base/json_write.h"

#include "base/json_scan.h"
#include "base/utf8.h"

static void new_line(struct json_writer *w)
{
    if (w->indent == 0)
        return;
    buf_add_char(w->to, '\n');
    for (unsigned i = 0; i < w->depth * w->indent; i++)
        buf_add_char(w->to, ' ');
}

static uint64_t level_bit(const struct json_writer *w)
{
    return (uint64_t)1 << (w->depth - 1);
}

static void before_value(struct json_writer *w, const char *key)
{
    if (w->depth > 0) {
        if (w->not_first & level_bit(w))
            buf_add_char(w->to, ',');
        w->not_first |= level_bit(w);
        new_line(w);
    }
    if (key != NULL) {
        json_quote(w->to, str_of(key));
        buf_add_text(w->to, w->indent == 0 ? ":" : ": ");
    }
}

static void open_bracket(struct json_writer *w, const char *key, bool is_object)
{
    before_value(w, key);
    buf_add_char(w->to, is_object ? '{' : '[');
    if (w->depth < LIMIT_JSON_DEPTH)
        w->depth++;
    w->not_first &= ~level_bit(w);
    w->objects = is_object ? w->objects | level_bit(w) : w->objects & ~level_bit(w);
}

void json_open_object(struct json_writer *w)
{
    open_bracket(w, NULL, true);
}

void json_open_array(struct json_writer *w)
{
    open_bracket(w, NULL, false);
}

void json_put_object(struct json_writer *w, const char *key)
{
    open_bracket(w, key, true);
}

void json_put_array(struct json_writer *w, const char *key)
{
    open_bracket(w, key, false);
}

void json_close(struct json_writer *w)
{
    if (w->depth == 0)
        return;
    bool is_object = (w->objects & level_bit(w)) != 0;
    bool had_values = (w->not_first & level_bit(w)) != 0;
    w->depth--;
    if (had_values)
        new_line(w);
    buf_add_char(w->to, is_object ? '}' : ']');
}

static bool needs_escape(unsigned char c)
{
    return c < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

static void add_escape(struct buf *to, unsigned char c)
{
    static const char *const from = "\"\\\b\f\n\r\t";
    static const char *const letter = "\"\\bfnrt";
    const char *found = c == 0 ? NULL : strchr(from, c);
    if (found != NULL) {
        buf_add_char(to, '\\');
        buf_add_char(to, letter[found - from]);
    } else {
        buf_printf(to, "\\u%04x", c);
    }
}

void json_quote(struct buf *to, struct str text)
{
    buf_add_char(to, '"');
    while (text.len > 0) {
        size_t plain = 0;
        while (plain < text.len && (unsigned char)text.at[plain] < 0x80 &&
               !needs_escape((unsigned char)text.at[plain]))
            plain++;
        buf_add(to, (struct str){ text.at, plain });
        text = str_from(text, plain);
        if (text.len == 0)
            break;
        uint32_t character;
        size_t bytes = utf8_decode(text, &character);
        if (bytes == 0)
            buf_add_text(to, "\xef\xbf\xbd");
        else if (bytes == 1)
            add_escape(to, (unsigned char)text.at[0]);
        else
            buf_add(to, (struct str){ text.at, bytes });
        text = str_from(text, bytes == 0 ? 1 : bytes);
    }
    buf_add_char(to, '"');
}

void json_put_text(struct json_writer *w, const char *key, struct str text)
{
    before_value(w, key);
    json_quote(w->to, text);
}

void json_put_text_or_null(struct json_writer *w, const char *key, struct str text)
{
    if (text.at == NULL)
        json_put_null(w, key);
    else
        json_put_text(w, key, text);
}

void json_put_integer(struct json_writer *w, const char *key, int64_t value)
{
    before_value(w, key);
    buf_printf(w->to, "%lld", (long long)value);
}

void json_put_boolean(struct json_writer *w, const char *key, bool value)
{
    before_value(w, key);
    buf_add_text(w->to, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *key)
{
    before_value(w, key);
    buf_add_text(w->to, "null");
}

static bool is_json_number(struct str text)
{
    if (text.len == 0 || (text.at[0] != '-' && (text.at[0] < '0' || text.at[0] > '9')))
        return false;
    struct json_scan scan = { .text = text };
    struct str value;
    return json_scan_value(&scan, &value) && value.len == text.len;
}

void json_put_number(struct json_writer *w, const char *key, struct str number)
{
    if (is_json_number(number))
        json_put_raw(w, key, number);
    else
        json_put_text_or_null(w, key, number);
}

void json_put_raw(struct json_writer *w, const char *key, struct str json)
{
    before_value(w, key);
    buf_add(w->to, json);
}
