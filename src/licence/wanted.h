/* What a purchase is to bring about, thing by thing, and whether it has. */
#pragma once

#include "licence/snapshot.h"

struct wanted {
    struct str subscription; /* the remote's id; STR_NONE: something new */
    struct str sku;          /* of what is new, or is changed to; or STR_NONE */
    struct str plan;         /* Ion: of the catalogue; or STR_NONE */
    bool has_seats;
    int64_t seats;
    bool has_standing;
    enum standing standing;
    enum flag auto_renew;
    struct str name; /* that it shall have; or STR_NONE */
};

#define WANTED_MOST 200 /* things in one purchase */

/* From the row of the action and the final arguments (raw body included). None when nothing that a
 * reading could show is known. `before` serves to find what an Ion order calls by its Microsoft
 * id. ST_INVALID when the request names a subscription that the customer does not hold. */
enum status wanted_of(struct arena *a, const struct action *action,
                      const struct arguments *arguments, const struct snapshot *before,
                      struct wanted **ret_wanted, size_t *ret_n, struct error *err);

void wanted_put(struct json_writer *w, const char *key, const struct wanted *wanted, size_t n);
enum status wanted_parse(struct arena *a, const struct json *list, struct wanted **ret_wanted,
                         size_t *ret_n, struct error *err);

/* "45 seats, live", for people. */
struct str wanted_text(struct arena *a, const struct wanted *wanted);

enum fulfilment {
    UNFULFILLED,   /* as before */
    FULFILLED,     /* as wanted */
    ELSE_FULFILLED /* neither as before nor as wanted */
};

struct outcome {
    enum fulfilment fulfilment;
    struct str found;        /* for people: "87 seats, live" */
    struct str subscription; /* the remote's id, also of what is new; or STR_NONE */
};

/* Compares each thing with two readings. Something new is found by SKU and seats among what was not
 * there before; each new one counts once. */
void wanted_compare(struct arena *a, const struct wanted *wanted, size_t n,
                    const struct snapshot *before, const struct snapshot *after,
                    struct outcome *ret_outcomes);
