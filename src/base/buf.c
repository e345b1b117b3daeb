/* The growing buffer. */
#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>

char buf_nothing[1];

/* The capacity that `bytes` more want; the present one where that suffices. */
static size_t next_capacity(const struct buf *b, size_t bytes)
{
    size_t needed = b->len + bytes + 1;
    if (needed <= b->capacity)
        return b->capacity;
    size_t capacity = b->capacity < 128 ? 256 : b->capacity * 2;
    return capacity < needed ? needed : capacity;
}

char *buf_room(struct buf *b, size_t bytes)
{
    if (b->exceeded || bytes > b->limit - b->len) {
        b->exceeded = true;
        return NULL;
    }
    size_t capacity = next_capacity(b, bytes);
    if (capacity > b->capacity)
        b->at = memory_grow(b->capacity == 0 ? NULL : b->at, capacity);
    b->capacity = capacity;
    return b->at + b->len;
}

bool buf_reserve(struct buf *b, size_t bytes)
{
    if (b->exceeded || bytes > b->limit - b->len)
        return true;
    size_t capacity = next_capacity(b, bytes);
    if (capacity == b->capacity)
        return true;
    char *at = memory_try_grow(b->capacity == 0 ? NULL : b->at, capacity);
    if (at == NULL)
        return false;
    at[b->len] = '\0';
    b->at = at;
    b->capacity = capacity;
    return true;
}

void buf_took(struct buf *b, size_t bytes)
{
    b->len += bytes;
    b->at[b->len] = '\0';
}

void buf_add(struct buf *b, struct str text)
{
    char *room = text.len == 0 ? NULL : buf_room(b, text.len);
    if (room == NULL)
        return;
    memcpy(room, text.at, text.len);
    buf_took(b, text.len);
}

void buf_add_text(struct buf *b, const char *text)
{
    buf_add(b, str_of(text));
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, (struct str){ &c, 1 });
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *room = len <= 0 ? NULL : buf_room(b, (size_t)len);
    if (room == NULL)
        return;
    va_start(arguments, format);
    (void)vsnprintf(room, (size_t)len + 1, format, arguments);
    va_end(arguments);
    buf_took(b, (size_t)len);
}

struct str buf_str(const struct buf *b)
{
    return (struct str){ b->at, b->len };
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->exceeded = false;
    if (b->capacity != 0)
        b->at[0] = '\0';
}

void buf_release(struct buf *b)
{
    if (b->capacity != 0)
        memory_free(b->at);
    b->at = buf_nothing;
    b->len = b->capacity = 0;
}

enum status buf_status(const struct buf *b, const char *what, struct error *err)
{
    if (!b->exceeded)
        return ST_OK;
    return fail(err, ST_LIMIT, "%s is larger than %zu bytes", what, b->limit);
}
