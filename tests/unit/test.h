/* What every unit test includes: cmocka in the order that it wants, and checks in our words. */
#pragma once

#include "base/error.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* ours is in base/error.h */

/* The call succeeds; else its error is shown. */
#define assert_ok(call, err)                                                                       \
    do {                                                                                           \
        enum status status_ = (call);                                                              \
        if (status_ != ST_OK) {                                                                    \
            print_error("%s: %s: %s\n", #call, status_row(status_)->name, (err)->text);            \
            _fail(__FILE__, __LINE__);                                                             \
        }                                                                                          \
    } while (0)

/* The call fails with this status, and the error says each of these words. */
#define assert_fails(call, code_wanted, err, ...)                                                  \
    assert_fails_at((call), (code_wanted), (err), (const char *const[]){ __VA_ARGS__, NULL },      \
                    #call, __FILE__, __LINE__)

static inline void assert_fails_at(enum status got, enum status wanted, const struct error *err,
                                   const char *const *words, const char *call, const char *file,
                                   int line)
{
    if (got != wanted) {
        print_error("%s: %s, wanted %s; text: %s\n", call, status_row(got)->name,
                    status_row(wanted)->name, err->text);
        _fail(file, line);
    }
    for (; *words != NULL; words++)
        if (strstr(err->text, *words) == NULL && strstr(err->hint, *words) == NULL) {
            print_error("%s: '%s' is not in: %s | %s\n", call, *words, err->text, err->hint);
            _fail(file, line);
        }
}

#define assert_text(got, wanted) assert_text_at((got), (wanted), __FILE__, __LINE__)

static inline void assert_text_at(struct str got, const char *wanted, const char *file, int line)
{
    if (!str_is(got, wanted)) {
        print_error("got '%.*s', wanted '%s'\n", STR_PRINT(got), wanted);
        _fail(file, line);
    }
}

#define RUN(tests) cmocka_run_group_tests_name(#tests, tests, NULL, NULL)
