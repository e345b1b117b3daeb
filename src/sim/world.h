/* The world: one MSP with customers at both marketplaces. Each marketplace has `n_customers`
 * customers and `n_subscriptions` subscriptions; half of the organisations are customers at both.
 * Everything is computed from the seed when it is asked for. */
#pragma once

#include "base/clock.h"
#include "base/decimal.h"
#include "sim/catalogue.h"
#include "sim/names.h"

enum marketplace { AT_STELLR, AT_ION };

struct world {
    uint64_t seed;
    int64_t n_customers, n_subscriptions; /* at each marketplace */
    int64_t today_ms; /* midnight UTC at the start: dates of the world are relative to it */
    struct clock *clock;

    /* Bad days, told at the start */
    int64_t n_edited;            /* subscriptions whose seats somebody has just changed */
    int64_t n_missing;           /* subscriptions that are not listed */
    int64_t n_missing_customers; /* customers that are not listed */
};

#define ION_ACCOUNT_NUMBER 70001
#define ION_PARENT_NUMBER  60001

struct customer {
    enum marketplace at;
    int64_t place;        /* among the customers of this marketplace */
    int64_t number;       /* Stellr customerNo, Ion customer id */
    int64_t organisation; /* place in the world: the same organisation at both */
    struct organisation_name name;
    struct str contact, email, phone, tenant_id, uid;
    struct place_name address;
    struct str suite; /* second line of the address; STR_NONE without one */
    struct str title, language, alternate_email; /* Ion; STR_NONE where there is none */
    const char *country, *currency;
    bool is_active;
    int64_t created_ms, updated_ms;
};

/* Ended: cancelled, deleted. Expired: the term was over and nothing renewed it. */
enum fate { FATE_ACTIVE, FATE_SUSPENDED, FATE_PENDING, FATE_ENDED, FATE_EXPIRED };

/* What shall happen at the end of the term; without auto_renew nothing does. */
struct renewal {
    bool is_set;                    /* somebody chose; else it goes on as it is */
    int goods_place, variant_place; /* -1: the same */
    int64_t seats;                  /* 0: the same */
};

#define EVENTS_MAX 5

/* Somebody changed the seats. */
struct seat_event {
    int64_t at_ms;
    int64_t seats; /* after it */
    bool is_created;
};

struct subscription {
    enum marketplace at;
    int64_t place; /* among all subscriptions of this marketplace */
    int64_t customer_place;
    int64_t contract, line; /* Stellr */
    int goods_place, variant_place;
    const struct goods *goods;
    const struct variant *variant;
    int64_t quantity;
    struct decimal cost, price; /* in `currency`, per unit and cycle */
    const char *currency;
    enum fate fate;
    bool is_stale;      /* Ion: the end date was not moved at the last renewals (ion 4.4) */
    bool has_no_status; /* Stellr: null */
    bool auto_renew;
    struct renewal renewal;
    int64_t parent_line; /* Stellr: of an add-on, the line that it belongs to; else 0 */
    int64_t started_ms, ends_ms, updated_ms;
    int64_t term_started_ms, term_ends_ms; /* the term now, also where `ends_ms` is stale */
    int64_t ended_ms;                      /* cancelled or expired at; 0 when that is not known */
    bool is_new;                           /* made after the start, not one of the seed's */
    struct str friendly_name;              /* STR_NONE: that of the goods */
    struct str reseller_po, customer_po;   /* STR_NONE: see sim_reseller_po */
    struct seat_event events[EVENTS_MAX];
    int n_events; /* oldest first */
};

/* Customers are numbered 0 .. n_customers - 1, subscriptions 0 .. n_subscriptions - 1. */
struct customer world_customer(const struct world *w, struct arena *a, enum marketplace at,
                               int64_t place);
struct subscription world_subscription(const struct world *w, enum marketplace at, int64_t place);

/* Makes it a subscription to these goods: sets variant, cost and price as well. */
void subscription_set_goods(struct subscription *s, int goods_place, int variant_place);
int64_t variant_term_ms(const struct variant *variant);

/* The share of Stellr's active lines that say null for their status, in millionths. */
bool world_has_no_status(const struct world *w, const struct subscription *s, int64_t parts);
/* The same for Ion's renewed lines whose end date was left behind; dates are set by it. */
void world_leave_end_behind(const struct world *w, struct subscription *s, int64_t parts);

/* The subscriptions of a customer: [first, end). */
int64_t world_first_subscription(const struct world *w, enum marketplace at, int64_t customer);
int64_t world_first_contract(void);
int64_t world_customer_of(const struct world *w, enum marketplace at, int64_t subscription);

int64_t world_first_customer_number(enum marketplace at);
struct str world_uid(const struct world *w, struct arena *a, int64_t place); /* Ion's, base 62 */

/* Whether the lists show it today. */
bool world_lists_customer(const struct world *w, enum marketplace at, int64_t place);
bool world_lists_subscription(const struct world *w, enum marketplace at, int64_t place);

/* From the numbers that people see; false when there is no such thing. */
bool world_find_customer(const struct world *w, enum marketplace at, struct str number,
                         int64_t *ret_place);
bool world_find_stellr_subscription(const struct world *w, struct str id, int64_t *ret_place);
bool world_find_ion_subscription(const struct world *w, struct str id, int64_t *ret_place);

/* A GUID of version 4 form from 128 bits of chance; `at` takes 37 bytes. */
char *world_guid(uint64_t seed, uint64_t kind, uint64_t place, char at[37]);

/* All organisations of the world, those of one marketplace only included. */
int64_t world_organisations(const struct world *w);
