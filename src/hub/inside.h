/* Shared by the files of the hub. Not for others. */
#pragma once

#include "hub/hub.h"

/* live_open also for a connection that is not complete yet. */
enum status live_open_any(struct hub *hub, const struct connection_row *row, struct live **ret_live,
                          struct error *err);

/* Uses the newest refresh token now, whatever its age. */
enum status live_refresh(struct live *live, struct error *err);
