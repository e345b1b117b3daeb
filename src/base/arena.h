/* Memory by unit of work: one arena for a command, a page of a sync, an exchange. What is taken
 * from it is freed with it, all at once, foreign resources (arena_defer) in reverse order first.
 *
 * The ceiling is sticky: an arena over its limit keeps serving, so that no call site has to look,
 * and the owner of the unit of work asks once, at the end (arena_status). Input is measured where
 * it comes in, so passing the ceiling is a sign of a fault, not of a large customer. When the
 * machine itself has no memory left, we give up (give_up.h): nothing here returns NULL.
 *
 * Under sanitizers (STELLION_ARENA_SEPARATE) each piece is a malloc of its own, so that they see
 * every overrun and every leak. */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <stddef.h>

struct arena_chunk;
struct arena_cleanup;

struct arena {
    struct arena_chunk *chunks;
    struct arena_cleanup *cleanups;
    size_t used_bytes;
    size_t limit_bytes;
};

/* An empty arena: `SCOPED(arena_free) struct arena a = ARENA(LIMIT_PAGE_BYTES);` */
#define ARENA(limit)                                                                               \
    {                                                                                              \
        .limit_bytes = (limit)                                                                     \
    }

/* Zeroed, aligned for any type, never NULL; lives as long as the arena. */
void *arena_alloc(struct arena *a, size_t bytes);

/* Room for `count` objects of `size` bytes; the product is checked. */
void *arena_array(struct arena *a, size_t count, size_t size);

#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

/* A list that grows: makes room for one more behind the `n` objects at `at`, doubling the room.
 * Starts as NULL with no room: `ARENA_GROW(a, rows, n, room); rows[n++] = row;` */
#define ARENA_GROW(a, at, n, room) ((at) = arena_grow((a), (at), (n), &(room), sizeof *(at)))
void *arena_grow(struct arena *a, void *at, size_t n, size_t *room, size_t size);

/* Copies; the result is NUL-terminated as well. */
struct str arena_copy(struct arena *a, struct str text);
char *arena_text(struct arena *a, struct str text);
char *arena_printf(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);

/* Calls `release(object)` when the arena is freed or reset; at once if there is no memory for that.
 */
void arena_defer(struct arena *a, void (*release)(void *object), void *object);

/* ST_LIMIT when the ceiling was passed, naming the unit of work. */
enum status arena_status(const struct arena *a, const char *work, struct error *err);

void arena_reset(struct arena *a); /* frees everything, keeps one chunk for reuse */
void arena_free(struct arena *a);  /* frees everything; the arena is empty and usable again */

/* A block outside any arena, for what lives as long as the program or as a growing buffer. */
void *memory_new(size_t bytes);                       /* zeroed, never NULL */
void *memory_grow(void *block, size_t new_bytes);     /* never NULL, new part not zeroed */
void *memory_try_grow(void *block, size_t new_bytes); /* NULL: no memory; `block` is as it was */
void memory_free(void *block);
