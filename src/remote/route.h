/* From method and path back to the action: what the simulator and the replay need. */
#pragma once

#include "base/arena.h"
#include "remote/connector.h"
#include "remote/request.h"

/* Finds the action whose template fits; a template with more literal text wins, so that
 * ".../subscriptions/transfer" is not taken for an id. The path parameters are put into `arguments`
 * (decoded). One trailing slash is forgiven (ion 2 CLIENT). NULL when nothing fits; then
 * *ret_other_method tells whether another method of the same path would. */
const struct action *route_find(struct arena *a, const struct connector *connector,
                                enum method method, struct str path, struct arguments *arguments,
                                bool *ret_other_method);

/* The same for a path that a person wrote: one that fits no row is tried once more without the
 * connector's alias (connector.h), under which the service may know it, too. */
const struct action *route_find_meant(struct arena *a, const struct connector *connector,
                                      enum method method, struct str path,
                                      struct arguments *arguments);
