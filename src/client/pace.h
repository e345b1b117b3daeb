/* The pace of one connection, shared by its threads: how far apart requests start. Doubled when the
 * remote says "too many" (429), eased step by step when it does not; a Retry-After stops all of
 * them until then. */
#pragma once

#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>

struct pace {
    pthread_mutex_t lock; /* guards the two below */
    int64_t interval_ms;
    int64_t next_ms; /* of the monotonic clock */
    struct clock *clock;
    const atomic_bool *cancelled; /* may be NULL */
};

void pace_init(struct pace *pace, struct clock *clock, const atomic_bool *cancelled);
void pace_release(struct pace *pace);

/* Waits for the next place in line. */
void pace_wait(struct pace *pace);

void pace_answered(struct pace *pace);
void pace_refused(struct pace *pace, int64_t retry_after_ms); /* -1: the remote did not say */

/* Sleeps in steps, so that being told to stop is noticed. */
void sleep_unless(struct clock *clock, const atomic_bool *cancelled, int64_t ms);
