/* The machine's clock and the one that tests move. */
#include "base/clock.h"

#include <errno.h>

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    (void)clock_gettime(id, &t); /* cannot fail for these two ids */
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_now(struct clock *self)
{
    (void)self;
    return read_ms(CLOCK_REALTIME);
}

static int64_t real_monotonic(struct clock *self)
{
    (void)self;
    return read_ms(CLOCK_MONOTONIC);
}

static void real_sleep(struct clock *self, int64_t ms)
{
    (void)self;
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000 };
    if (ms > 0)
        (void)nanosleep(&left, NULL); /* a signal may end it early: the caller looks at its flag */
}

struct clock *clock_real(void)
{
    static struct clock real = { real_now, real_monotonic, real_sleep };
    return &real;
}

static int64_t manual_now(struct clock *self)
{
    return ((struct clock_manual *)self)->at_ms;
}

static void manual_sleep(struct clock *self, int64_t ms)
{
    struct clock_manual *manual = (struct clock_manual *)self;
    manual->at_ms += ms;
    manual->slept_ms += ms;
}

void clock_manual_init(struct clock_manual *manual, int64_t now_ms)
{
    manual->clock = (struct clock){ manual_now, manual_now, manual_sleep };
    manual->at_ms = now_ms;
    manual->slept_ms = 0;
}

void clock_manual_advance(struct clock_manual *manual, int64_t ms)
{
    manual->at_ms += ms;
}
