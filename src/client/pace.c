/* Additive ease, multiplicative back-off. */
#include "client/pace.h"

#include "base/limits.h"

#include <stdbool.h>

#define FIRST_INTERVAL_MS 50
#define MOST_INTERVAL_MS  5000
#define EASE_MS           5
#define STEP_MS           200

void pace_init(struct pace *pace, struct clock *clock, const atomic_bool *cancelled)
{
    *pace = (struct pace){ .clock = clock, .cancelled = cancelled };
    (void)pthread_mutex_init(&pace->lock, NULL);
}

void pace_release(struct pace *pace)
{
    (void)pthread_mutex_destroy(&pace->lock);
}

void sleep_unless(struct clock *clock, const atomic_bool *cancelled, int64_t ms)
{
    int64_t until = clock->monotonic_ms(clock) + ms;
    while (cancelled == NULL || !atomic_load(cancelled)) {
        int64_t left = until - clock->monotonic_ms(clock);
        if (left <= 0)
            return;
        clock->sleep_ms(clock, left < STEP_MS ? left : STEP_MS);
    }
}

void pace_wait(struct pace *pace)
{
    (void)pthread_mutex_lock(&pace->lock);
    int64_t now = pace->clock->monotonic_ms(pace->clock);
    int64_t mine = pace->next_ms > now ? pace->next_ms : now;
    pace->next_ms = mine + pace->interval_ms;
    (void)pthread_mutex_unlock(&pace->lock);
    if (mine > now)
        sleep_unless(pace->clock, pace->cancelled, mine - now);
}

void pace_answered(struct pace *pace)
{
    (void)pthread_mutex_lock(&pace->lock);
    pace->interval_ms = pace->interval_ms > EASE_MS ? pace->interval_ms - EASE_MS : 0;
    (void)pthread_mutex_unlock(&pace->lock);
}

void pace_refused(struct pace *pace, int64_t retry_after_ms)
{
    (void)pthread_mutex_lock(&pace->lock);
    int64_t wider = pace->interval_ms * 2;
    pace->interval_ms = wider < FIRST_INTERVAL_MS  ? FIRST_INTERVAL_MS
                        : wider > MOST_INTERVAL_MS ? MOST_INTERVAL_MS
                                                   : wider;
    int64_t stop = retry_after_ms < LIMIT_RETRY_AFTER_MS ? retry_after_ms : LIMIT_RETRY_AFTER_MS;
    int64_t until = pace->clock->monotonic_ms(pace->clock) + stop;
    if (stop > 0 && until > pace->next_ms)
        pace->next_ms = until;
    (void)pthread_mutex_unlock(&pace->lock);
}
