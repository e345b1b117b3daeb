/* Leases: who does something that only one may do, over all threads and processes. */
#pragma once

#include "store/store.h"

/* Takes or renews a lease until now + ttl_ms. ST_BUSY names the holder; *ret_until_ms (may be NULL)
 * is when its lease ends. A holder on this machine that is known to have died counts as gone.
 * `owner_part` tells threads or runs of one process apart. */
enum status lease_take(struct store *store, struct db *db, const char *name, int64_t owner_part,
                       int64_t ttl_ms, int64_t *ret_until_ms, struct error *err);

/* Gives it back, if it is still ours. */
enum status lease_release(struct store *store, struct db *db, const char *name, int64_t owner_part,
                          struct error *err);

extern const struct statement lease_statements[];
