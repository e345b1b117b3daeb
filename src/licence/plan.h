/* Plans: what an action or recipe would send, to the byte, and what it would do, as far as that can
 * be known by reading. A plan changes nothing; what is shown to a person is what is sent later. */
#pragma once

#include "licence/wanted.h"

/* What travels with a purchase. Texts that were not given are STR_NONE. */
struct plan_options {
    struct str reason, purchase_order, requester;
    struct str customer_name; /* as the store knows it */
    bool is_proven;           /* this action was verified at this service before */
};

/* What one thing adds to our cost per billing period, as far as it is known. */
struct price {
    struct total total;
    struct str currency;
    int months;
    bool is_known;
    struct str text;     /* "+54.12 USD per month, of our cost" */
    struct str name;     /* by the catalogue, of something new; or STR_NONE */
    bool is_unknown_sku; /* the catalogue has no such SKU */
};

struct plan {
    const struct action *action; /* as called: an action, a recipe, or a generic request */
    const struct action *sends;  /* the row whose meaning the request has; NULL: none is known */
    struct request request;      /* the final bytes */
    struct plan_options options;

    struct str account, subscription; /* the remote's ids; or STR_NONE */
    struct str place;                 /* the service that it goes to */
    const char *scope;                /* what its subject is (store/purchases.h) */
    struct str subject;               /* what only one open purchase may touch */
    struct str mark;                  /* of ours in the request; or STR_NONE */
    int64_t activity; /* of purchases, just before the reading; the caller's (purchase_activity) */
    struct snapshot before;         /* empty when no customer is known */
    const struct holding *affected; /* the subscription that is changed; or NULL */
    struct wanted *wanted;
    size_t n_wanted;
    bool is_done_already; /* everything wanted is so already */

    struct str summary;    /* "change 42 to 45 seats of Microsoft 365 ... for customer 700101" */
    struct price *prices;  /* per wanted thing */
    struct str price;      /* of all; STR_NONE: not known, or no one sum */
    struct str bewares[8]; /* sentences that nobody should overlook */
    size_t n_bewares;
    struct str until; /* "2027-01-14": the term that it binds to; or STR_NONE */
    struct str undo_until;
    struct str consequence; /* of the recipe, or of what is sent; STR_NONE: not known */
    struct str json, hash, likeness;
};

/* Reads what there is and works out what would be. `call` is a connection that can be asked. Reads
 * only. ST_INVALID for wrong arguments, all at once; ST_NOT_FOUND when the customer or subscription
 * is not there. */
enum status plan_make(struct call *call, struct arena *a, const struct action *action,
                      const struct arguments *arguments, const struct plan_options *options,
                      struct plan *ret_plan, struct error *err);

/* Reads again and compares: ST_CONFLICT, naming the difference, when the world has moved on since
 * the plan was made. Puts the fresh reading into the plan. */
enum status plan_check(struct call *call, struct arena *a, struct plan *plan, struct error *err);

/* The service that a client asks, whichever connection leads there: "stellr https://..." */
struct str plan_place(struct arena *a, const struct client *client);

/* Recipes: the action that a recipe sends, and its arguments, from a fresh reading. */
enum status recipe_expand(struct arena *a, const struct client *client, const struct action *recipe,
                          const struct arguments *arguments, const struct holding *holding,
                          struct str mark, const struct action **ret_action,
                          struct arguments *ret_arguments, struct error *err);
