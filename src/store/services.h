/* Services: things that are billed, as each remote knows them. */
#pragma once

#include "remote/record.h"
#include "store/store.h"

struct service_row {
    int64_t id, connection_id;
    struct str remote_id, name;
    struct str part_number, part_key; /* or STR_NONE */
    struct str vendor;                /* or STR_NONE */
    struct str measure;               /* measure_name */
};

/* The id of the service with this remote id, adding or correcting its row where needed; in the
 * caller's transaction. */
enum status service_ensure(struct store *store, struct db *db, struct service_row *row,
                           struct error *err);

/* Every service of one kind of connection ("bill"), or of all but that kind when `kind` starts with
 * '!', by connection and name, in the arena. */
enum status service_list(struct store *store, struct db *db, struct arena *a, struct str kind,
                         const struct service_row **ret_rows, size_t *ret_n, struct error *err);

extern const struct statement service_statements[];
