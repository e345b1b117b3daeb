/* Actions: one row per operation of a remote. From a row come the argument checks, the request, the
 * command line's help, the simulator's route and request check, and the list that
 * `stellion actions` prints. The name is the contract: renaming one breaks scripts.
 *
 * A row says what exists. How to ask (tokens, pace, retries) is the client's; what an answer means
 * to the store is in the field rows (field.h). */
#pragma once

#include "base/error.h"
#include "base/str.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE };
const char *method_name(enum method method); /* "GET" */

/* What a call may do at the remote. Only EFFECT_READ is ever sent twice. */
enum effect { EFFECT_READ, EFFECT_WRITE, EFFECT_MONEY };
const char *effect_name(enum effect effect); /* "READ" */

/* How sure we are of a fact about a remote, strongest first. */
enum trust {
    TRUST_REAL,      /* seen in a recorded payload, or relied on by a client that ran live */
    TRUST_REAL_WEAK, /* a client reads or sends it; nothing shows the service returned it */
    TRUST_SPEC,      /* in the vendor's own OpenAPI document */
    TRUST_CLIENT,    /* a working third-party client relies on it */
    TRUST_DOC,       /* written in a vendor's or integrator's documentation */
    TRUST_GUESS,     /* nobody public shows it: the user can correct it */
};
const char *trust_name(enum trust trust);    /* "REAL", "REAL-w", ... */
const char *trust_meaning(enum trust trust); /* what the mark means, for people */

enum place {
    IN_PATH,
    IN_QUERY,
    IN_FORM,        /* application/x-www-form-urlencoded */
    IN_BODY,        /* a member of a JSON object; dots lead into objects in it */
    IN_RECIPE,      /* of a recipe: for the procedure, not for one request */
    IN_WHOLE_PATH,  /* of the generic request: the path as given */
    IN_WHOLE_QUERY, /* of the generic request: the query as given, already encoded */
    IN_METHOD,      /* of the generic request */
};

enum param_type {
    PARAM_TEXT,
    PARAM_WHOLE,
    PARAM_NUMBER, /* with or without decimals; goes out as given */
    PARAM_BOOLEAN,
    PARAM_DATE,  /* 2026-07-31 */
    PARAM_MONTH, /* 2026-07 */
    PARAM_CHOICE,
    PARAM_OBJECT, /* JSON: {...}; its members in `members` where they are known */
    PARAM_LIST,   /* JSON: [...]; the members of its elements in `members` */
};
const char *param_type_name(enum param_type type);

/* Who gives the value when the caller does not. */
enum param_source {
    FROM_CALLER,
    FROM_CONNECTION, /* the account id of the connection */
    FROM_TOKEN,      /* the access token in use; never given by a caller, never shown */
};

enum need { OPTIONAL, REQUIRED };

/* What a value means to whoever plans a purchase. */
enum meaning {
    MEANS_NOTHING,
    MEANS_CUSTOMER,
    MEANS_SUBSCRIPTION,
    MEANS_SEATS,          /* that there shall be */
    MEANS_SEATS_ADDED,    /* more than there are; negative: fewer */
    MEANS_SKU,            /* of what is bought or changed to */
    MEANS_ITEMS,          /* a list of things to buy, each with SKU and seats */
    MEANS_PRODUCT,        /* of what is bought, where it is named so instead of by SKU */
    MEANS_REMARK,         /* for people or their books: changes nothing of what is bought */
    MEANS_RENEWAL,        /* NOT_RENEW, or that it renews in one way or another (stellr A-48) */
    MEANS_PURCHASE_ORDER, /* of the reseller */
};

struct param {
    const char *name; /* as the remote spells it; NULL ends the rows */
    const char *key;  /* where it stands in the request when that is not its name: two places of
                         one request may share a name; or NULL */
    enum place place;
    enum param_type type;
    enum need need;
    const char *doc;      /* a sentence, with units */
    const char *example;  /* a value that passes the check */
    const char *fallback; /* sent when the caller gives none; NULL: not sent */
    const char *choices;  /* "A|B", for PARAM_CHOICE */
    enum param_source source;
    enum meaning meaning;
    const struct param *members; /* of an object, or of each element of a list; or NULL */
};

/* Where a parameter stands in the request: its key, else its name. */
const char *param_key(const struct param *param);

enum paging_style {
    PAGING_NUMBER, /* page numbers from 1 */
    PAGING_TOKEN,  /* an opaque token from the page before */
    PAGING_OFFSET, /* records to skip */
};

struct paging {
    enum paging_style style;
    const char *size_name;  /* query parameter: records per page */
    const char *place_name; /* query parameter: which page, token or offset */
    int size;               /* that we ask for */
    int size_most;          /* that the remote takes, as far as known */
    const char *records;    /* where the records stand: paths to try, "data.records|records";
                               "." is a bare array */
    const char *total;      /* where the number of all records stands, in the same form; or NULL */
    const char *next;       /* where the next token stands; or NULL */
};

/* How the answer to a change tells what became of it. Besides what the row says, an answer may be
 * the changed object itself, or empty with 2xx (stellr 7). */
struct judging {
    const char *id;         /* of what goes on at the remote: paths to try; a resource name counts
                               by its last segment */
    const char *state;      /* how far it is: paths to try; words in words.c */
    const char *poll;       /* action that tells how it goes on */
    const char *poll_param; /* its parameter that takes the id */
    const char *items;      /* results one by one: paths to try; or NULL */
    const char *fault_code, *fault_text; /* of it, and of each item: paths to try */
};

/* What the thing that a MONEY action changes looks like when it is done: what is read back and
 * compared before a purchase counts as verified. */
enum becomes {
    BECOMES_UNTOLD, /* nothing that a reading could show */
    BECOMES_SEATS,  /* the subscription has the seats */
    BECOMES_LIVE,
    BECOMES_SUSPENDED,
    BECOMES_ENDED,
    BECOMES_OTHER_SKU, /* the subscription is of the SKU, with the seats if they are given */
    BECOMES_RENEWING,  /* it renews by itself, or does not */
    BECOMES_NEW,       /* a new subscription for each item */
    BECOMES_ORDERED,   /* as the items of an Ion order say (ion 5) */
};

enum scheme {
    WITH_BEARER, /* the access token in the header */
    WITH_BASIC,  /* API key and secret of the connection (Ion v1 and v2) */
    WITHOUT,     /* nothing in the header */
};

struct action {
    const char *name; /* NULL ends the rows */
    const char *category, *title;
    enum method method;
    const char *path; /* template: "/api/v1/cloud/customers/{customerNo}"; "" for a generic request
                         and for a recipe */
    const char *path_spellings; /* further templates to try, "a|b", where the right one is not
                                   known; or NULL */
    const struct param *params;
    const struct paging *paging; /* NULL: the answer is one document */
    enum effect effect;
    enum trust trust;
    const char *source;    /* section of the reference and source keys there */
    const char *recording; /* stem of the file that holds a recorded answer */
    const char *doc;       /* sentences */
    enum scheme scheme;
    const struct judging *judging; /* NULL: 2xx says it all, and the body is what was asked for */
    enum becomes becomes;
    const char *one_at_a_time; /* "vendorId=Google": with this argument the list of what is bought
                                  may hold one item only; or NULL */
    const char *consequence;   /* of a MONEY action, for whoever approves it: what it binds to, and
                                  whether and until when it can be undone */
    const char *made_of;       /* of a recipe: the action that it sends; or NULL */
};

bool action_is_recipe(const struct action *action);
bool action_is_generic(const struct action *action); /* <api>.request */

/* For lists and help: "/<url_path>" and "GET/PUT/POST/DELETE" of a generic request, "" of a
 * recipe. */
const char *action_path_text(const struct action *action);
const char *action_method_text(const struct action *action);

/* Rows of parameters in place: PARAMS({ "customerNo", IN_PATH, ... }) */
#define PARAMS(...) ((const struct param[]){ __VA_ARGS__, { .name = NULL } })
#define PARAMS_NONE ((const struct param[]){ { .name = NULL } })

const struct param *action_param(const struct action *action, struct str name);
