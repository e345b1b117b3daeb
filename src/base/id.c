/* Sortable ids. */
#include "base/id.h"

#include "base/clock.h"
#include "base/os.h"

#include <stdatomic.h>

#define SINCE_MS    INT64_C(1577836800000) /* 2020-01-01 */
#define RANDOM_BITS 22

int64_t id_new(struct clock *clock)
{
    static atomic_int_least64_t last;
    int64_t ms = clock->now_ms(clock) - SINCE_MS;
    int64_t fresh = (int64_t)((uint64_t)ms << RANDOM_BITS) |
                    (int64_t)(os_random_u64() & ((UINT64_C(1) << RANDOM_BITS) - 1));
    int64_t before = atomic_load(&last);
    int64_t made;
    do {
        made = fresh > before ? fresh : before + 1;
    } while (!atomic_compare_exchange_weak(&last, &before, made));
    return made;
}
