/* The transport over the network. */
#pragma once

#include "client/transport.h"

#include <stdatomic.h>

/* A new transport for one thread. TLS is always verified; plain http goes to loopback addresses
 * only, checked on the socket; no redirect is followed; a `cancelled` that turns true ends a
 * request within a second (may be NULL). Freed with transport_free. */
struct transport *transport_curl(const atomic_bool *cancelled);
