/* Common to the harnesses. */
#include "fuzz.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void broken(const char *property, const char *file, int line)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, property);
    abort();
}

struct input input_of(const uint8_t *data, size_t size)
{
    return (struct input){ { (const char *)data, size } };
}

unsigned input_byte(struct input *in)
{
    if (in->rest.len == 0)
        return 0;
    unsigned byte = (unsigned char)in->rest.at[0];
    in->rest = str_from(in->rest, 1);
    return byte;
}

size_t input_choice(struct input *in, size_t count)
{
    return input_byte(in) % count;
}

bool input_flag(struct input *in)
{
    return (input_byte(in) & 1) != 0;
}

int64_t input_number(struct input *in)
{
    unsigned bytes = input_byte(in) % 9;
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | input_byte(in);
    unsigned unused = 64 - 8 * bytes; /* sign-extended */
    return bytes == 0 ? 0 : (int64_t)(value << unused) >> unused;
}

struct str exact_copy(struct arena *a, struct str text)
{
    char *at = malloc(text.len != 0 ? text.len : 1);
    HOLDS(at != NULL);
    if (text.len != 0)
        memcpy(at, text.at, text.len);
    arena_defer(a, free, at);
    return (struct str){ at, text.len };
}

bool input_part(struct input *in, struct arena *a, char separator, struct str *ret_part)
{
    struct str part;
    if (in->rest.len == 0 || !str_next(&in->rest, separator, &part))
        return false;
    *ret_part = exact_copy(a, part);
    return true;
}

void holds_error(enum status s, const struct error *err)
{
    HOLDS(s > ST_OK && s < STATUS_COUNT);
    HOLDS(err->code == s);
    HOLDS(memchr(err->text, '\0', sizeof err->text) != NULL);
    HOLDS(memchr(err->hint, '\0', sizeof err->hint) != NULL);
    HOLDS(memchr(err->request_id, '\0', sizeof err->request_id) != NULL);
    HOLDS(err->text[0] != '\0');
}

void holds_printable(struct str text)
{
    HOLDS(utf8_valid(text));
    while (text.len > 0) {
        uint32_t character;
        size_t bytes = utf8_decode(text, &character);
        HOLDS(!utf8_is_unprintable(character));
        text = str_from(text, bytes);
    }
}

void holds_printable_error(const struct error *err)
{
    holds_printable(str_of(err->text));
    holds_printable(str_of(err->hint));
    holds_printable(str_of(err->request_id));
}

bool contains(struct str text, struct str part)
{
    return part.len > 0 && text.len >= part.len &&
           memmem(text.at, text.len, part.at, part.len) != NULL;
}

void holds_memory(const struct arena *a, size_t input_bytes, size_t per_byte)
{
    HOLDS(a->used_bytes <= 65536 + input_bytes * per_byte);
}
