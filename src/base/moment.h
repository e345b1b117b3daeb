/* Moments and dates. A moment is UTC milliseconds since 1970; a date is a day without a zone and
 * stays one. Parsing takes the forms that the remotes send (stellr 3.3, ion 4 and 6.3) and nothing
 * more. */
#pragma once

#include "base/buf.h"

struct date {
    int year, month, day; /* 1-based month and day */
};

/* "2026-07-09T11:21:25.733-0400", "...Z", "...+01:00", seconds' fraction of any length, or a bare
 * date ("2026-07-09": midnight UTC). False for anything else and for days that do not exist. */
bool moment_parse(struct str text, int64_t *ret_ms);

/* "2026-07-09" alone. */
bool date_parse(struct str text, struct date *ret_date);

struct date date_of_ms(int64_t ms);   /* UTC */
int64_t date_to_ms(struct date date); /* its midnight, UTC */
int date_days_in_month(int year, int month);

/* "2026-07-09T15:21:25.733Z" */
void moment_print(struct buf *to, int64_t ms);
char *moment_text(int64_t ms, char at[32]);
void date_print(struct buf *to, struct date date);

/* Splits UTC milliseconds into date and milliseconds of the day. */
struct date moment_split(int64_t ms, int64_t *ret_ms_of_day);

/* "12 s", "3 min", "2 h 5 min", "4 d 3 h": for people. */
void duration_print(struct buf *to, int64_t ms);
