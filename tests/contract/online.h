/* A client over the network: the one of the unit tests, vault in memory and clock by hand included,
 * with a real transport. Waits cost no time. */
#pragma once

#include "../unit/fake.h"

struct online {
    struct fake_client fake;
    struct transport *network;
};

/* `base_url` has no trailing slash and outlives the client; tokens are at the connector's own path
 * below it. */
void online_open(struct online *online, const struct connector *connector, struct str base_url);
void online_close(struct online *online);
