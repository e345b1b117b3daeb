/* Prepared situations: a world, knobs, faults and what has happened in it. */
#pragma once

#include "base/arena.h"

struct sim;

struct scenario {
    const char *name, *doc;
    int64_t customers, subscriptions; /* at each marketplace, where none were asked for */
    const char *const *knobs;         /* "NAME=VALUE"; NULL ends */
    const char *const *faults;        /* as behind --fault; NULL ends */
    void (*prepare)(struct sim *sim); /* NULL: nothing else */
};

extern const struct scenario scenarios[]; /* a name of NULL ends */

/* ST_INVALID, with the names, when there is none. */
enum status scenario_find(struct str name, const struct scenario **ret_scenario, struct error *err);
