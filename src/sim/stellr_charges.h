/* What a Stellr subscription costs in a month, from its history. */
#pragma once

#include "sim/stellr_inside.h"

/* A subscription and what happened to it, oldest first. Days are counted since 1970. */
struct life {
    struct subscription s;
    const struct event *events;
    const int64_t *days; /* of the events */
    size_t n_events;
    int64_t start_day;
};

void life_open(struct sim *sim, struct arena *a, int64_t place, struct life *ret_life);

/* One line of an invoice: quantity times price, both exact in cents. */
struct charge {
    const char *type; /* Recurring, Prorate, Credit, OneTime, Usage (stellr 6.7) */
    struct article article;
    struct date start, end;
    int64_t quantity;
    struct decimal price, customer_price;
};

#define CHARGES_MAX 16 /* in one month; changes beyond that are not billed */

/* The charges of the month that starts on this day. */
size_t life_charges(struct sim *sim, const struct life *life, struct date month,
                    struct charge charges[static CHARGES_MAX]);

/* What an Azure plan used up in a month, up to today. */
struct usage {
    struct date start, end;
    struct decimal cost, price;
};

struct usage usage_of(struct sim *sim, const struct subscription *s, struct date month);
