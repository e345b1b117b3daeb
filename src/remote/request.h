/* From a row and arguments to the request, before any address or token: pure, and the same for the
 * client, for a preview and for the tests that compare it with golden files. */
#pragma once

#include "base/arena.h"
#include "remote/action.h"

struct overrides;

struct argument {
    struct str name, value;
};

#define ARGUMENTS_MAX 64

struct arguments {
    struct argument at[ARGUMENTS_MAX];
    size_t n;
    struct str body; /* sent as it is, instead of the parameters that stand in the body;
                        STR_NONE: there is none */
};

/* Adds or replaces. ST_LIMIT beyond ARGUMENTS_MAX. */
enum status arguments_set(struct arguments *arguments, struct str name, struct str value,
                          struct error *err);
bool arguments_get(const struct arguments *arguments, const char *name, struct str *ret_value);

struct request {
    const struct action *action;
    enum method method;
    enum effect effect; /* of these very bytes: that of a generic request depends on its path */
    struct str target;  /* path and query, encoded, behind the base address */
    const char *content_type; /* NULL without a body */
    struct str body;
};

/* What the connection and the client fill in. */
struct request_context {
    struct str account_id;   /* of the connection; STR_NONE when it has none */
    struct str access_token; /* for FROM_TOKEN; STR_NONE in a preview */
    const char *path;        /* the spelling of the path that this connection is known to answer;
                                NULL: the row's */
    const struct overrides *overrides; /* of the user, for a generic request; NULL: none */
};

/* Checks every argument and builds the request, all in the arena. ST_INVALID lists all faults at
 * once: unknown names (with the nearest known), missing ones, values of the wrong kind. For a
 * recipe the arguments are checked, and no request is built. */
enum status request_build(struct arena *a, const struct action *action,
                          const struct arguments *arguments, const struct request_context *context,
                          struct request *ret_request, struct error *err);

/* What a generic request may do: that of the row that its method and path fit; without one, GET
 * reads and all else may cost money. A path with escapes in it fits no row but to read; needless
 * ones, and an escaped '/', are refused when the request is built and not a GET. */
enum effect request_effect(const struct action *generic, enum method method, struct str path);

/* The value of a parameter as the request will carry it: the caller's, the connection's or the
 * row's own; in a raw body the one at the parameter's place. False: not sent. */
bool request_argument(struct arena *a, const struct param *param, const struct arguments *arguments,
                      struct str *ret_value);

/* The parameter of an action with this meaning; NULL when there is none. */
const struct param *action_param_meaning(const struct action *action, enum meaning meaning);
