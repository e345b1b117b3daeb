/* The control path: what a test does to the simulator while it runs. JSON under /_sim/, outside the
 * marketplaces' prefixes, with a bearer token of its own; the Host header must name this machine or
 * the address listened on, so that no page in a browser reaches it under a name of its own. */
#pragma once

#include "net/server.h"

struct listener;
struct control;

struct control_route {
    const char *method; /* NULL ends the rows */
    const char *path;   /* below /_sim/; "{name}" is one segment */
    const char *body;   /* members of the body, "a|b"; NULL: takes none */
    const char *query;  /* names of the query; NULL: takes none */
    const char *doc;
    enum status (*give)(struct control *c, struct error *err);
};
extern const struct control_route control_routes[];

void control_answer(const struct listener *listener, struct exchange *x);
