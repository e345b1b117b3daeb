/* What a purchase is to bring about, thing by thing, and whether it has. */
#pragma once

#include "licence/snapshot.h"

struct wanted {
    struct str subscription; /* the remote's id; STR_NONE: something new */
    struct str sku;          /* of what is new, or is changed to; or STR_NONE */
    struct str product;      /* the same, where it is named so instead */
    struct str plan;         /* Ion: of the catalogue; or STR_NONE */
    bool has_seats;
    int64_t seats;
    bool has_standing;
    enum standing standing;
    enum flag auto_renew;
    struct str name;  /* that it shall have; or STR_NONE */
    bool is_unproved; /* the request asks for more than a reading shows, or something that is not
                         understood: it is never taken for done on a reading alone */
};

/* Whether any of it could be read back. */
bool wanted_tells(const struct wanted *wanted);

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
    UNFULFILLED,   /* as before, or nothing of it can be read */
    FULFILLED,     /* as wanted */
    ELSE_FULFILLED /* neither as before nor as wanted */
};

struct outcome {
    enum fulfilment fulfilment;
    struct str found;        /* for people: "87 seats, live" */
    struct str subscription; /* the remote's id, also of what is new; or STR_NONE */
};

/* What is known of where to look. */
struct clues {
    const struct str *named; /* per wanted thing, the id that the remote gave for it; or NULL */
    const struct str *taken; /* ids that other purchases brought */
    size_t n_taken;
};

/* Compares each thing with two readings. Something new is found by SKU and seats among what was not
 * there before and nobody else brought; each new one counts once. *ret_n_new: how many such there
 * are, fitting or not. */
void wanted_compare(struct arena *a, const struct wanted *wanted, size_t n,
                    const struct snapshot *before, const struct snapshot *after,
                    const struct clues *clues, struct outcome *ret_outcomes, size_t *ret_n_new);
