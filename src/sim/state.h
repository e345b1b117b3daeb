/* What has happened since the start. The seeded world (sim/world.h) computes its facts on demand;
 * what came after lies in flat tables over it, so that a million subscriptions cost nothing and a
 * snapshot is a copy of the tables.
 *
 * One lock guards all of it, the clock and the knobs included. Every answer is given with the lock
 * held (sim/sim.c); all functions here want it held. */
#pragma once

#include "sim/ion_state.h"
#include "sim/stellr_state.h"

struct sim;

/* Where something came from. */
enum source { FROM_WORLD, FROM_API, FROM_PORTAL, FROM_SYSTEM };

#define SIM_API_USER "integration@reseller.example" /* whose credentials the caller has */

/* One entry of a subscription's history. */
enum event_kind {
    EVENT_CREATED,
    EVENT_SEATS,
    EVENT_FATE,            /* suspended, resumed, cancelled: `fate` */
    EVENT_RENEWAL_SETTING, /* `auto_renew`, `renewal` */
    EVENT_RENEWED,         /* the next term began */
    EVENT_EXPIRED,
    EVENT_GOODS, /* upgrade, downgrade, another plan */
    EVENT_NAME
};

struct event {
    int64_t at_ms;
    enum event_kind kind;
    int64_t seats_before, seats; /* the same where seats did not change */
    enum fate fate;
    bool auto_renew;
    struct renewal renewal;
    int goods_place, variant_place;
    enum source source;
    struct str who; /* user or e-mail address */
};

/* The rows. They have a fixed size and hold no pointer but texts of state_text. */
struct customer_row {
    struct customer customer;
};

struct subscription_row {
    struct subscription subscription; /* as of the last change; terms that ended since are not in */
    size_t last_event;                /* its place among the events + 1; 0: none */
    size_t previous_of_customer;      /* of new ones: the customer's one before, + 1 */
};

struct event_row {
    struct event event;
    size_t previous; /* of the same subscription, + 1; 0: none */
};

/*  kind          row */
#define STATE_ROWS(X)                                                                              \
    X(CUSTOMER, struct customer_row)                                                               \
    X(SUBSCRIPTION, struct subscription_row)                                                       \
    X(EVENT, struct event_row)                                                                     \
    STELLR_STATE_ROWS(X)                                                                           \
    ION_STATE_ROWS(X)

enum state_kind {
#define X(id, row) STATE_##id,
    STATE_ROWS(X)
#undef X
        STATE_KINDS
};

void state_lock(struct sim *sim);
void state_unlock(struct sim **sim); /* `SCOPED(state_unlock) struct sim *held = sim;` */

/* A new row of zeros. Pointers to other rows of this kind end with it. */
void *state_add(struct sim *sim, enum state_kind kind);
void *state_rows(struct sim *sim, enum state_kind kind, size_t *ret_n);

/* A copy that lives as long as the simulator. STR_NONE stays STR_NONE. */
struct str state_text(struct sim *sim, struct str text);

/* The simulator's clock: nothing in it asks another one what day it is. */
int64_t sim_now(struct sim *sim);

/* --- the world and what has happened in it --- */

int64_t sim_customers(struct sim *sim, enum marketplace at); /* how many, new ones included */
struct customer sim_customer(struct sim *sim, struct arena *a, enum marketplace at, int64_t place);
bool sim_lists_customer(struct sim *sim, enum marketplace at, int64_t place);
/* By the number that people see. Not for those that are not listed. */
bool sim_find_customer(struct sim *sim, enum marketplace at, struct str number, int64_t *ret_place);

/* New ones: the place is given out; a number and, where they are absent, a uid, the dates and the
 * country are chosen. */
int64_t sim_add_customer(struct sim *sim, enum marketplace at, const struct customer *customer);
void sim_change_customer(struct sim *sim, enum marketplace at, int64_t place,
                         const struct customer *customer);

int64_t sim_subscriptions(struct sim *sim, enum marketplace at); /* places, new ones included */
/* As of sim_now: changes, renewals and expiries applied. Texts live as long as the simulator. Its
 * history is sim_events, not its member `events`. */
struct subscription sim_subscription(struct sim *sim, enum marketplace at, int64_t place);
bool sim_lists_subscription(struct sim *sim, enum marketplace at, int64_t place);
/* Those of a customer that are listed, by ascending id. */
int64_t sim_customer_subscriptions(struct sim *sim, struct arena *a, enum marketplace at,
                                   int64_t customer, int64_t **ret_places);
/* By the id on the wire: "510020_1"; Ion: the internal id or the GUID (ion 8: the sources
 * disagree). `customer` is a place, or -1 for any. Not for those that are not listed. */
bool sim_find_subscription(struct sim *sim, enum marketplace at, int64_t customer, struct str id,
                           int64_t *ret_place);
char *sim_ion_guid(struct sim *sim, int64_t place, char at[37]);
int64_t sim_ion_id(int64_t place);

/* Purchase orders: as given; those of the seeded ones follow a rule. STR_NONE: none. */
struct str sim_reseller_po(struct arena *a, const struct subscription *s);
struct str sim_customer_po(struct arena *a, const struct subscription *s);

/* The history, oldest first. */
size_t sim_events(struct sim *sim, struct arena *a, enum marketplace at, int64_t place,
                  const struct event **ret_events);

/* A new one. Wanted: customer_place, goods_place, variant_place, quantity, auto_renew, fate. Chosen
 * where it is 0: contract and line (Stellr), started_ms (now), ends_ms (start and a term). */
int64_t sim_add_subscription(struct sim *sim, enum marketplace at, const struct subscription *s,
                             enum source source, struct str who);
int64_t sim_next_contract(struct sim *sim);
int64_t sim_next_line(struct sim *sim, int64_t customer, int64_t contract);

enum change_fields {
    CHANGE_SEATS = 1,
    CHANGE_FATE = 2,
    CHANGE_AUTO_RENEW = 4,
    CHANGE_RENEWAL = 8,
    CHANGE_GOODS = 16,
    CHANGE_NAME = 32,
    CHANGE_ORDERS = 64 /* purchase orders */
};

struct subscription_change {
    unsigned fields; /* of enum change_fields; the others are not looked at */
    int64_t seats;
    enum fate fate;
    bool auto_renew;
    struct renewal renewal;
    int goods_place, variant_place;
    struct str friendly_name, reseller_po, customer_po;
    enum source source;
    struct str who; /* STR_NONE: SIM_API_USER */
};

/* Each field that is changed leaves an event, purchase orders excepted. */
void sim_change_subscription(struct sim *sim, enum marketplace at, int64_t place,
                             const struct subscription_change *change);

/* The term that runs now ends at another moment: for prepared situations. */
void sim_move_term_end(struct sim *sim, enum marketplace at, int64_t place, int64_t ends_ms);

/* What has become due is carried out; called before each answer. Each marketplace has its own. */
void stellr_settle(struct sim *sim);
void ion_settle(struct sim *sim);
