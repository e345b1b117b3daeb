/* Words about functions and variables that C lacks. */
#pragma once

#define PRINTF_LIKE(format_at, first_at) __attribute__((format(printf, format_at, first_at)))

/* Runs `release(&variable)` when the variable leaves its scope, on every way out. */
#define SCOPED(release) __attribute__((cleanup(release), unused))

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Hands an owned pointer on and leaves NULL behind: `*ret_x = TAKE(x);` */
#define TAKE(pointer)                                                                              \
    __extension__({                                                                                \
        __typeof__(pointer) *take_at_ = &(pointer);                                                \
        __typeof__(pointer) take_value_ = *take_at_;                                               \
        *take_at_ = NULL;                                                                          \
        take_value_;                                                                               \
    })
