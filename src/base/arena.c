/* Chunks of memory that die together. Chunk sizes double up to 256 KiB, so that a small command
 * stays small and a large page needs few of them. */
#include "base/arena.h"

#include "base/give_up.h"

#include <stdarg.h>
#include <stdint.h>

#define FIRST_CHUNK_BYTES   4096u
#define LARGEST_CHUNK_BYTES (256u << 10)
#define ALIGNMENT           _Alignof(max_align_t)

struct arena_chunk {
    struct arena_chunk *next;
    size_t size, used;
    _Alignas(max_align_t) unsigned char at[];
};

struct arena_cleanup {
    struct arena_cleanup *next;
    void (*release)(void *object);
    void *object;
};

static void *memory_or_give_up(void *block)
{
    if (block == NULL)
        give_up(ST_NO_MEMORY, "out of memory");
    return block;
}

void *memory_new(size_t bytes)
{
    return memory_or_give_up(calloc(1, bytes != 0 ? bytes : 1));
}

void *memory_grow(void *block, size_t new_bytes)
{
    return memory_or_give_up(memory_try_grow(block, new_bytes));
}

void *memory_try_grow(void *block, size_t new_bytes)
{
    return realloc(block, new_bytes != 0 ? new_bytes : 1);
}

void memory_free(void *block)
{
    free(block);
}

static struct arena_chunk *chunk_new(size_t size)
{
    struct arena_chunk *chunk = memory_new(sizeof *chunk + size);
    chunk->size = size;
    return chunk;
}

static size_t next_chunk_size(const struct arena *a, size_t wanted)
{
#ifdef STELLION_ARENA_SEPARATE
    (void)a;
    return wanted;
#else
    size_t size = FIRST_CHUNK_BYTES;
    if (a->chunks != NULL)
        size =
            a->chunks->size < LARGEST_CHUNK_BYTES / 2 ? a->chunks->size * 2 : LARGEST_CHUNK_BYTES;
    return size < wanted ? wanted : size;
#endif
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    size_t wanted = (bytes + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (wanted < bytes)
        memory_or_give_up(NULL);
    a->used_bytes += wanted;
    struct arena_chunk *chunk = a->chunks;
    if (chunk == NULL || chunk->size - chunk->used < wanted) {
        chunk = chunk_new(next_chunk_size(a, wanted));
        chunk->next = a->chunks;
        a->chunks = chunk;
    }
    void *at = chunk->at + chunk->used;
    chunk->used += wanted;
    return at;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        memory_or_give_up(NULL);
    return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *at, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return at;
    *room = *room == 0 ? 16 : *room * 2;
    void *larger = arena_array(a, *room, size);
    if (n > 0)
        memcpy(larger, at, n * size);
    return larger;
}

struct str arena_copy(struct arena *a, struct str text)
{
    return (struct str){ arena_text(a, text), text.len };
}

char *arena_text(struct arena *a, struct str text)
{
    char *at = arena_alloc(a, text.len + 1);
    if (text.len != 0)
        memcpy(at, text.at, text.len);
    return at;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (len < 0)
        return arena_text(a, STR(""));
    char *at = arena_alloc(a, (size_t)len + 1);
    va_start(arguments, format);
    (void)vsnprintf(at, (size_t)len + 1, format, arguments);
    va_end(arguments);
    return at;
}

struct owned {
    void (*release)(void *object);
    void *object;
};

static void release_owned(struct owned *owned)
{
    if (owned->release != NULL)
        owned->release(owned->object);
}

void arena_defer(struct arena *a, void (*release)(void *object), void *object)
{
    SCOPED(release_owned) struct owned owned = { release, object };
    struct arena_cleanup *cleanup = ARENA_NEW(a, struct arena_cleanup);
    *cleanup = (struct arena_cleanup){ a->cleanups, release, object };
    a->cleanups = cleanup;
    owned.release = NULL; /* the arena's from here on */
}

enum status arena_status(const struct arena *a, const char *work, struct error *err)
{
    if (a->limit_bytes == 0 || a->used_bytes <= a->limit_bytes)
        return ST_OK;
    return fail(err, ST_LIMIT, "%s needed %zu MiB of memory; the limit is %zu MiB", work,
                a->used_bytes >> 20, a->limit_bytes >> 20);
}

static void run_cleanups(struct arena *a)
{
    for (struct arena_cleanup *c = a->cleanups; c != NULL; c = c->next)
        c->release(c->object);
    a->cleanups = NULL;
}

void arena_reset(struct arena *a)
{
    run_cleanups(a);
    a->used_bytes = 0;
    struct arena_chunk *keep = a->chunks;
    if (keep == NULL)
        return;
    for (struct arena_chunk *c = keep->next; c != NULL;) {
        struct arena_chunk *next = c->next;
        memory_free(c);
        c = next;
    }
    keep->next = NULL;
    memset(keep->at, 0, keep->used);
    keep->used = 0;
}

void arena_free(struct arena *a)
{
    arena_reset(a);
    memory_free(a->chunks);
    a->chunks = NULL;
}
