/* Time, handed in: nothing outside base asks the machine what time it is, so that a test owns it.
 */
#pragma once

#include <stdint.h>

struct clock {
    int64_t (*now_ms)(struct clock *self);       /* UTC, milliseconds since 1970 */
    int64_t (*monotonic_ms)(struct clock *self); /* never goes back; for durations */
    void (*sleep_ms)(struct clock *self, int64_t ms);
};

/* The machine's own clock. Shared, without state. */
struct clock *clock_real(void);

/* A clock that stands still until it is moved; sleeping moves it. Thread-safe. */
struct clock_manual {
    struct clock clock;
    _Atomic int64_t at_ms;
    _Atomic int64_t slept_ms; /* all sleeps together */
};

void clock_manual_init(struct clock_manual *manual, int64_t now_ms);
void clock_manual_advance(struct clock_manual *manual, int64_t ms);
