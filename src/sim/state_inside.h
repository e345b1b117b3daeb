/* What the files of the state share. Not for others. */
#pragma once

#include "sim/state.h"

#include <pthread.h>

struct table {
    void *rows;
    size_t n, room;
};

/* From a place to the number of its row: open addressing, keys of 0 are free. */
struct place_index {
    uint64_t *keys;
    size_t *rows;
    size_t room, n;
};

struct snapshot {
    struct snapshot *next;
    struct str name;
    struct table tables[STATE_KINDS];
    int64_t now_ms;
    bool is_frozen;
};

struct state {
    pthread_mutex_t lock;
    struct clock *clock;
    int64_t offset_ms, frozen_ms;
    bool is_frozen;
    struct table tables[STATE_KINDS];
    struct place_index customer_rows, subscription_rows; /* places that have a row */
    struct place_index new_of_customer;                  /* customer to its last new one, + 1 */
    int64_t n_new_customers[2], n_new_subscriptions[2];
    struct snapshot *snapshots;
};

size_t *index_find(struct place_index *index, enum marketplace at, int64_t place);
void index_put(struct place_index *index, enum marketplace at, int64_t place, size_t row);

/* What happened to a subscription by itself. At most as many as fit are kept. */
struct happened {
    struct arena *a;
    struct event *events;
    size_t n, room;
};

/* As of the last change. */
struct subscription state_last_known(struct sim *sim, enum marketplace at, int64_t place);
/* What has happened to it since: terms end; seats go on or expire. `to` may be NULL. */
void state_live_on(struct subscription *s, int64_t now_ms, struct happened *to);

void state_index_rows(struct sim *sim); /* anew, after the tables were replaced */
void state_set_clock(struct sim *sim, int64_t now_ms);
void state_freeze(struct sim *sim, bool freeze);

/* Named copies of the tables and the clock, in memory. */
#define SNAPSHOTS_MAX 32
bool state_keep(struct sim *sim, struct str name);                 /* false: there are too many */
struct snapshot *state_snapshot(struct sim *sim, struct str name); /* NULL: no such */
bool state_restore(struct sim *sim, struct str name);
