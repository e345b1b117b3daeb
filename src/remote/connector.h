/* A connector: everything that is known of one remote, as tables. Adding a remote adds one of these
 * and its line in connector.c. */
#pragma once

#include "remote/action.h"
#include "remote/field.h"
#include "remote/record.h"

/* Where a remote lives. */
struct host {
    const char *region;      /* "us"; "" where the remote has no regions; NULL ends the rows */
    const char *environment; /* "production", "sandbox" */
    const char *base_url;
    const char *token_url;
    const char *token_url_2; /* asked only when the first has no such name or path; or NULL */
    enum trust trust;
    const char *source;
};

enum grant {
    GRANT_CLIENT_CREDENTIALS, /* id and secret, a new token whenever needed */
    GRANT_REFRESH_TOKEN,      /* single-use refresh tokens, each answer brings the next */
};

/* What a connection must be given. */
struct auth {
    enum grant grant;
    const char *token_path; /* behind a base address that was given by hand */
    int skew_s;             /* a token this near to its end is renewed first */
    int lifetime_s;         /* where the answer does not say */
    int refresh_lifetime_s; /* of an unused refresh token; 0: has none */
};

/* What a sync stores: one kind of record, and the list that brings it. */
struct entity {
    const char *list;   /* action */
    const char *parent; /* parameter that takes the account's remote id; NULL: none */
    const struct field *fields;
    const char *one;    /* action that brings one of them, as fresh as can be; or NULL */
    const char *one_id; /* its parameter that takes the remote id */
    const char *fresh;  /* its parameter that makes the remote ask the provider first; or NULL */
};

/* What a new thing would cost: an action that prices a SKU. */
struct pricing {
    const char *action, *sku;        /* the action, and its parameter that takes the SKU; or NULL */
    const char *name, *cost, *cycle; /* paths in its answer */
};

/* Where a remote's own words stand in an error, and whether it hides errors in answers of 200. */
struct complaint {
    const char *message, *code, *request_id; /* paths, "data.errorMessage|message" */
    bool inside_success;
};

struct connector {
    const char *name;  /* "stellr" */
    const char *title; /* "TD SYNNEX StreamOne Stellr" */
    const struct host *hosts;
    const struct action *const *actions; /* tables of rows; NULL ends */
    struct auth auth;
    struct complaint complaint;
    struct entity accounts, subscriptions;
    struct pricing pricing;
    const char *order_mark; /* paths of our own mark in what `judging` polls; or NULL */
    const char *orders;     /* list of a customer's orders, where a mark is looked for; or NULL */
    const char *alias_from; /* beginning of paths that the service may answer as well as those that
                               begin with `alias_to`, when an id and more follow; or NULL */
    const char *alias_to;
    const char *probe;         /* action that shows that a connection works */
    const char *account_label; /* of the account id that a connection needs; NULL: none */
};

extern const struct connector connector_stellr, connector_ion;

/* All of them; NULL ends. */
const struct connector *const *connectors(void);
const struct connector *connector_find(struct str name);
const struct connector *connector_of_action(const struct action *action);

/* Whether it tells how changes by other actions go on: a fault in its answer is then what was asked
 * for, and none of its own. */
bool action_is_polled(const struct action *action);

/* An action by name, in all connectors; NULL when there is none. */
const struct action *action_find(struct str name);

/* ST_NOT_FOUND with the nearest name as hint. */
enum status action_require(struct str name, const struct action **ret_action, struct error *err);

/* Walks the rows of one connector, or of all when it is NULL:
 *     struct action_walk walk = { .connector = c };
 *     for (const struct action *x; (x = action_next(&walk)) != NULL;) */
struct action_walk {
    const struct connector *only;
    size_t connector, table, row;
};
const struct action *action_next(struct action_walk *walk);

/* The row for region and environment; NULL when there is none. "" as region is any. */
const struct host *connector_host(const struct connector *connector, struct str region,
                                  struct str environment);
