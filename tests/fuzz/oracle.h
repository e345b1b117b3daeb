/* The same questions answered another way: slower, simpler, and sharing nothing with src/. */
#pragma once

#include "base/str.h"

__extension__ typedef __int128 wide;

struct oracle_number {
    bool is_number; /* the text is one, whatever its size */
    bool fits;      /* rounded, it lies within int64 of 10^-8 */
    bool rounded;   /* it was finer than 10^-8 */
    wide units;
    size_t whole_digits; /* in front of the point, behind leading zeros */
    bool far_exponent;   /* beyond 64 either way */
};

/* "-1.25e3", as the remotes write numbers. */
struct oracle_number oracle_number(struct str text);

/* "1,234.50", as people do. */
struct oracle_number oracle_written(struct str text, char mark, char grouping);

/* "2026-07-09T11:21:25.733-0400" and bare dates, to milliseconds since 1970. */
bool oracle_moment(struct str text, int64_t *ret_ms);

/* Milliseconds of a day that exists. */
bool oracle_day(int year, int month, int day, int64_t *ret_ms);
