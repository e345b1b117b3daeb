/* From a row and arguments to the request, before any address or token: pure, and the same for the
 * client, for a preview and for the tests that compare it with golden files. */
#pragma once

#include "base/arena.h"
#include "remote/action.h"

struct argument {
    struct str name, value;
};

#define ARGUMENTS_MAX 64

struct arguments {
    struct argument at[ARGUMENTS_MAX];
    size_t n;
};

/* Adds or replaces. ST_LIMIT beyond ARGUMENTS_MAX. */
enum status arguments_set(struct arguments *arguments, struct str name, struct str value,
                          struct error *err);
bool arguments_get(const struct arguments *arguments, const char *name, struct str *ret_value);

struct request {
    const struct action *action;
    enum method method;
    struct str target;        /* path and query, encoded, behind the base address */
    const char *content_type; /* NULL without a body */
    struct str body;
};

/* What the connection and the client fill in. */
struct request_context {
    struct str account_id;   /* of the connection; STR_NONE when it has none */
    struct str access_token; /* for FROM_TOKEN; STR_NONE in a preview */
};

/* Checks every argument and builds the request, all in the arena. ST_INVALID lists all faults at
 * once: unknown names (with the nearest known), missing ones, values of the wrong kind. */
enum status request_build(struct arena *a, const struct action *action,
                          const struct arguments *arguments, const struct request_context *context,
                          struct request *ret_request, struct error *err);
