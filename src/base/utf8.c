/* UTF-8 by the table of the Unicode standard (well-formed byte sequences, table 3-7). */
#include "base/utf8.h"

size_t utf8_decode(struct str text, uint32_t *ret_character)
{
    const unsigned char *at = (const unsigned char *)text.at;
    if (text.len == 0)
        return 0;
    if (at[0] < 0x80) {
        *ret_character = at[0];
        return 1;
    }
    size_t bytes = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || text.len < bytes)
        return 0;
    uint32_t character = at[0] & (0x7fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        character = (character << 6) | (at[i] & 0x3fu);
    }
    static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (character < least[bytes] || character > 0x10ffff ||
        (character >= 0xd800 && character <= 0xdfff))
        return 0;
    *ret_character = character;
    return bytes;
}

size_t utf8_valid_bytes(struct str text)
{
    size_t i = 0;
    while (i < text.len) {
        uint32_t character;
        size_t bytes = utf8_decode(str_from(text, i), &character);
        if (bytes == 0)
            break;
        i += bytes;
    }
    return i;
}

bool utf8_valid(struct str text)
{
    return utf8_valid_bytes(text) == text.len;
}

void utf8_cut_tail(char *text)
{
    text[utf8_valid_bytes(str_of(text))] = '\0';
}

struct str utf8_prefix(struct str text, size_t max_bytes)
{
    if (text.len <= max_bytes)
        return text;
    while (max_bytes > 0 && ((unsigned char)text.at[max_bytes] & 0xc0) == 0x80)
        max_bytes--;
    return (struct str){ text.at, max_bytes };
}

size_t utf8_encode(uint32_t character, char at[4])
{
    if (character < 0x80) {
        at[0] = (char)character;
        return 1;
    }
    size_t bytes = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--) {
        at[i] = (char)(0x80 | (character & 0x3f));
        character >>= 6;
    }
    static const unsigned char lead[5] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    at[0] = (char)(lead[bytes] | character);
    return bytes;
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t character, const struct range *ranges, size_t n_ranges)
{
    for (size_t i = 0; i < n_ranges; i++)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    return false;
}

int utf8_columns(uint32_t character)
{
    static const struct range zero[] = {
        { 0x0300, 0x036f }, { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x064b, 0x065f },
        { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff }, { 0x200b, 0x200d }, { 0x20d0, 0x20ff },
        { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff },
    };
    static const struct range wide[] = {
        { 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0x33ff },   { 0x3400, 0x4dbf },
        { 0x4e00, 0x9fff },   { 0xa000, 0xa4cf },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
        { 0xfe30, 0xfe4f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },   { 0x1f300, 0x1f64f },
        { 0x1f680, 0x1f6ff }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
    };
    if (character < 0x300)
        return 1;
    if (in_ranges(character, zero, sizeof zero / sizeof zero[0]))
        return 0;
    return in_ranges(character, wide, sizeof wide / sizeof wide[0]) ? 2 : 1;
}

bool utf8_is_unprintable(uint32_t character)
{
    return character < 0x20 || (character >= 0x7f && character < 0xa0) ||
           (character >= 0x202a && character <= 0x202e) ||
           (character >= 0x2066 && character <= 0x2069) || character == 0x200e ||
           character == 0x200f || character == 0x2028 || character == 0x2029;
}

void utf8_make_printable(char *text, const char *but)
{
    char *to = text;
    for (struct str rest = str_of(text); rest.len > 0;) {
        uint32_t character = 0;
        size_t bytes = utf8_decode(rest, &character);
        bool keeps = bytes > 0 && !utf8_is_unprintable(character);
        if (keeps || strchr(but, rest.at[0]) != NULL) {
            bytes = bytes > 0 ? bytes : 1;
            memmove(to, rest.at, bytes);
            to += bytes;
        } else {
            *to++ = '?';
        }
        rest = str_from(rest, bytes > 0 ? bytes : 1);
    }
    *to = '\0';
}
