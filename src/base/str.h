/* Text for reading: a borrowed view of bytes, not NUL-terminated. Who owns the bytes is said where
 * the view is handed out (mostly: the arena that was passed in). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *at;
    size_t len;
};

#define STR(literal)   ((struct str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE       ((struct str){ NULL, 0 }) /* "absent", where that differs from "" */
#define STR_PRINT(str) (int)(str).len, ((str).at != NULL ? (str).at : "") /* for "%.*s" */

struct str str_of(const char *text); /* NULL gives STR_NONE */

bool str_equal(struct str a, struct str b);
bool str_is(struct str a, const char *b);
bool str_equal_nocase(struct str a, struct str b); /* ASCII only; other bytes must be equal */
int str_compare(struct str a, struct str b);       /* by bytes */

bool str_starts(struct str text, const char *prefix);
bool str_ends(struct str text, const char *suffix);
bool str_contains_nocase(struct str text, const char *part); /* ASCII only */

struct str str_trim(struct str text); /* without leading and trailing ASCII white space */
struct str str_from(struct str text, size_t start);

/* Takes the part before `separator` off the front of *text; false when *text is spent.
 * "a,,b" gives "a", "", "b". */
bool str_next(struct str *text, char separator, struct str *ret_part);

/* The whole text as a number: an optional '-' and digits, nothing else. False otherwise, and
 * outside int64. */
bool str_integer(struct str text, int64_t *ret_value);
