/* The simulator in a process of its own, so that it lives on when a test's process dies. Start it
 * before making any thread. */
#pragma once

#include "sim/sim.h"

struct remote {
    int process;
    char folder[64];      /* holds the journal */
    char stellr_url[128]; /* base address */
    char ion_url[128];
    char refresh_token[128]; /* the first one */
};

/* A world of 8 customers and 40 subscriptions at each marketplace; faults as on the command line,
 * NULL-terminated, may be NULL. */
void remote_start(struct remote *remote, const char *const *faults);
void remote_stop(struct remote *remote);

/* Requests in the journal that start so: "POST /ion/oauth/token". With a status, only those that
 * were answered with it. */
int remote_count(const struct remote *remote, const char *start, int status);
