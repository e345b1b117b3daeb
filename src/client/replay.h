/* The transport over a folder of recorded bodies: <recording>.json answers the action whose row
 * names that recording, whatever its arguments; tokens are made up. For tests and for looking at a
 * customer's recordings without a network. */
#pragma once

#include "client/transport.h"
#include "remote/connector.h"

/* Reads all files of the folder into memory. Freed with transport_free. */
enum status transport_replay(const struct connector *connector, struct str base_url,
                             const char *directory, struct transport **ret_transport,
                             struct error *err);
