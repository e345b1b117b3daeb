/* Views of text. */
#include "base/str.h"

struct str str_of(const char *text)
{
    return text == NULL ? STR_NONE : (struct str){ text, strlen(text) };
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool str_is(struct str a, const char *b)
{
    return str_equal(a, str_of(b));
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.at, b.at, shorter);
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str text, const char *prefix)
{
    size_t len = strlen(prefix);
    return text.len >= len && memcmp(text.at, prefix, len) == 0;
}

bool str_ends(struct str text, const char *suffix)
{
    size_t len = strlen(suffix);
    return text.len >= len && memcmp(text.at + text.len - len, suffix, len) == 0;
}

bool str_contains_nocase(struct str text, const char *part)
{
    struct str wanted = str_of(part);
    for (size_t i = 0; i + wanted.len <= text.len; i++)
        if (str_equal_nocase((struct str){ text.at + i, wanted.len }, wanted))
            return true;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str text)
{
    while (text.len > 0 && is_space(text.at[0]))
        text = str_from(text, 1);
    while (text.len > 0 && is_space(text.at[text.len - 1]))
        text.len--;
    return text;
}

struct str str_from(struct str text, size_t start)
{
    if (start > text.len)
        start = text.len;
    if (start == 0)
        return text; /* also where there is no text to point into */
    return (struct str){ text.at + start, text.len - start };
}

bool str_next(struct str *text, char separator, struct str *ret_part)
{
    if (text->at == NULL)
        return false;
    const char *found = text->len == 0 ? NULL : memchr(text->at, separator, text->len);
    if (found == NULL) {
        *ret_part = *text;
        *text = STR_NONE;
        return true;
    }
    size_t len = (size_t)(found - text->at);
    *ret_part = (struct str){ text->at, len };
    *text = str_from(*text, len + 1);
    return true;
}

bool str_integer(struct str text, int64_t *ret_value)
{
    bool negative = str_starts(text, "-");
    struct str digits = str_from(text, negative ? 1 : 0);
    if (digits.len == 0)
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
        int digit = digits.at[i] - '0';
        if (__builtin_mul_overflow(value, (int64_t)10, &value) ||
            __builtin_sub_overflow(value, (int64_t)digit, &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *ret_value = negative ? value : -value;
    return true;
}
