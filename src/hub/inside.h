/* Shared by the files of the hub. Not for others. */
#pragma once

#include "hub/hub.h"

/* live_open also for a connection that is not complete yet. */
enum status live_open_any(struct hub *hub, const struct connection_row *row, struct live **ret_live,
                          struct error *err);

/* Uses the newest refresh token now, whatever its age. */
enum status live_refresh(struct live *live, struct error *err);

/* The spellings of paths that this connection was found to answer, into the client. */
enum status paths_load(struct hub *hub, struct arena *a, const struct connection_row *row,
                       struct client *client, struct error *err);

/* Remembers one. */
enum status paths_keep(struct hub *hub, const struct connection_row *row,
                       const struct action *action, const char *path, struct error *err);

/* The connection to ask through: the one that is named, or the only one of the action's
 * marketplace. */
enum status hub_connection_for(struct hub *hub, struct arena *a, const struct action *action,
                               struct str name, struct connection_row *ret_row, struct error *err);

/* Brings what a customer holds into the store, after something was changed there; best effort. */
void live_sync_account(struct live *live, struct arena *a, const struct connection_row *row,
                       struct str account);

/* A token in hand: a new one where that costs nothing, else the kept one, else by a refresh. */
enum status live_token(struct live *live, struct error *err);
