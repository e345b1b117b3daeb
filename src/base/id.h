/* Ids of our own rows: 63-bit, made by us, sorting by time of birth, so that new rows land at the
 * end of every index and no database has to hand out numbers. Milliseconds since 2020 above 22 bits
 * that start at random within each millisecond: two processes that make ids at once do not meet,
 * and should they ever, the primary key refuses the second. */
#pragma once

#include <stdint.h>

struct clock;

/* A new id, larger than all that this process made before. Thread-safe. */
int64_t id_new(struct clock *clock);
