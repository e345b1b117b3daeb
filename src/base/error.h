/* The error object: owned by the caller, fixed in size, last parameter of whatever can fail.
 *
 * `fail` where a fault is found, `wrap` once where its context is known ("syncing customer 12:
 * ..."), printed once at the top. The text is one or more sentences for the person who can act and
 * never holds a secret or a whole body; `hint` says what to do, on a line of its own. */
#pragma once

#include "base/attributes.h"
#include "base/limits.h"
#include "base/status.h"

struct error {
    enum status code;
    int http_status;     /* of the remote's answer, 0 where there was none */
    char request_id[80]; /* the remote's own name for the request, "" where unknown */
    char remote_words[LIMIT_REMOTE_WORDS_BYTES + 8]; /* its own sentence, made printable; "" */
    char text[LIMIT_ERROR_TEXT_BYTES];
    char hint[LIMIT_ERROR_HINT_BYTES];
};

/* Sets the error and returns its code: `return fail(err, ST_INVALID, "quantity %d is below 1", n);`
 * Forgets hint, HTTP status, request id and words of whatever was there before. */
enum status fail(struct error *err, enum status code, const char *format, ...) PRINTF_LIKE(3, 4);

/* Puts "context: " in front of the text, keeps everything else, and returns `code`. */
enum status wrap(struct error *err, enum status code, const char *format, ...) PRINTF_LIKE(3, 4);

#ifdef __clang_analyzer__ /* it sees one file at a time, and not that these return their `code` */
#define fail(err, code, ...) (fail(err, code, __VA_ARGS__), (code))
#define wrap(err, code, ...) (wrap(err, code, __VA_ARGS__), (code))
#endif

/* Sets what to do. Later hints replace earlier ones: the outer caller knows more. */
void hint(struct error *err, const char *format, ...) PRINTF_LIKE(2, 3);

void error_clear(struct error *err);

/* The one macro that hides control flow: returns from the function when a status is not OK. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_status_ = (call);                                                          \
        if (try_status_ != ST_OK)                                                                  \
            return try_status_;                                                                    \
    } while (0)
