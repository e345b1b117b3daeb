/* Reading Microsoft part numbers. */
#include "remote/part_number.h"

#include <stdint.h>

static const struct {
    const char *prefix;
    enum part_family family;
} families[] = {
    { "CFQ7TTC0", PART_ONLINE },
    { "DZH318Z0", PART_AZURE },
    { "DG7GMGF0", PART_SOFTWARE },
};

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_word(char c)
{
    c = upper(c);
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static size_t word_length(struct str text)
{
    size_t n = 0;
    while (n < text.len && is_word(text.at[n]))
        n++;
    return n;
}

static void copy_upper(char *to, struct str from)
{
    for (size_t i = 0; i < from.len; i++)
        to[i] = upper(from.at[i]);
    to[from.len] = '\0';
}

static bool find_product(struct str text, struct str *ret_rest, struct part_number *part)
{
    for (size_t i = 0; i + 12 <= text.len; i++) {
        for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
            struct str at = { text.at + i, 8 };
            struct str product = { text.at + i, 12 };
            if (!str_equal_nocase(at, str_of(families[f].prefix)) || word_length(product) != 12)
                continue;
            part->family = families[f].family;
            copy_upper(part->product, product);
            *ret_rest = str_from(text, i + 12);
            return true;
        }
    }
    return false;
}

static void pass_separator(struct str *text)
{
    if (text->len > 0 && strchr("-_:, ", text->at[0]) != NULL)
        *text = str_from(*text, 1);
}

static void take_sku(struct str *rest, struct part_number *part)
{
    pass_separator(rest);
    size_t n = word_length(*rest);
    if (n != 3 && n != 4)
        return;
    char sku[5];
    copy_upper(sku, (struct str){ rest->at, n });
    part->is_weak = n == 3;
    part->sku[0] = '0';
    memcpy(part->sku + (n == 3 ? 1 : 0), sku, n + 1);
    *rest = str_from(*rest, n);
}

static void take_term(struct str rest, struct part_number *part)
{
    static const char *const terms[] = { "P1M", "P1Y", "P3Y" };
    pass_separator(&rest);
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        if (word_length(rest) == 3 &&
            str_equal_nocase((struct str){ rest.at, 3 }, str_of(terms[i])))
            memcpy(part->term, terms[i], 4);
    if (part->term[0] == '\0')
        return;
    rest = str_from(rest, 3);
    pass_separator(&rest);
    if (word_length(rest) == 1) {
        part->cycle[0] = upper(rest.at[0]);
        part->cycle[1] = '\0';
    }
}

bool part_number_parse(struct str text, struct part_number *ret_part)
{
    struct part_number part = { 0 };
    struct str rest;
    if (!find_product(text, &rest, &part))
        return false;
    take_sku(&rest, &part);
    if (part.sku[0] != '\0')
        take_term(rest, &part);
    *ret_part = part;
    return true;
}

bool part_number_key(struct str text, char at[static 18])
{
    struct part_number part;
    if (!part_number_parse(text, &part) || part.sku[0] == '\0' || part.is_weak)
        return false;
    (void)snprintf(at, 18, "%s:%s", part.product, part.sku);
    return true;
}
