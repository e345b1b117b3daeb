/* Text for writing: a growing buffer with a ceiling from birth. Never NULL, always terminated.
 *
 * Passing the ceiling is sticky and loses what came after; the writer asks once, at the end
 * (buf_status). */
#pragma once

#include "base/error.h"
#include "base/str.h"

struct buf {
    char *at;
    size_t len, capacity, limit;
    bool exceeded;
};

/* `SCOPED(buf_release) struct buf body = BUF(LIMIT_REPLY_BYTES);` */
#define BUF(limit_bytes)                                                                           \
    {                                                                                              \
        .at = buf_nothing, .limit = (limit_bytes)                                                  \
    }

extern char buf_nothing[1]; /* the empty text of a buffer that has not grown yet */

void buf_add(struct buf *b, struct str text);
void buf_add_text(struct buf *b, const char *text);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* Makes room for `bytes` more and returns where to put them; NULL when that would pass the
 * ceiling. `buf_took` says how many were used. */
char *buf_room(struct buf *b, size_t bytes);
void buf_took(struct buf *b, size_t bytes);

/* For where nobody may give up (give_up.h): false when there is no memory for `bytes` more. */
bool buf_reserve(struct buf *b, size_t bytes);

struct str buf_str(const struct buf *b); /* borrowed until the buffer changes */
void buf_clear(struct buf *b);           /* empty again, memory kept */
void buf_release(struct buf *b);

/* ST_LIMIT when the ceiling was passed, naming what was being written. */
enum status buf_status(const struct buf *b, const char *what, struct error *err);
