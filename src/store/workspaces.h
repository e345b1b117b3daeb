/* Workspaces: one MSP's data each. There is one for now; its id leads every key all the same. */
#pragma once

#include "store/store.h"

/* Sets store->workspace_id; ST_NOT_FOUND when there is no workspace yet. */
enum status workspace_load(struct store *store, struct db *db, struct error *err);

/* Makes the first one, with the machine's time zone, in the caller's transaction. */
enum status workspace_make(struct store *store, struct db *db, struct error *err);

/* IANA name of the workspace's time zone. */
enum status workspace_time_zone(struct store *store, struct db *db, struct arena *a,
                                struct str *ret_zone, struct error *err);

extern const struct statement workspace_statements[];
