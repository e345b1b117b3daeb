/* Connections and their sealed secrets. */
#pragma once

#include "store/store.h"

struct connection_row {
    int64_t id;
    struct str name, kind, environment, region;
    struct str base_url, token_url, token_url_2; /* the last may be STR_NONE */
    struct str account_ref;                      /* Ion's account id; or STR_NONE */
    struct str client_id;                        /* of Ion: the API key; or STR_NONE */
    struct str state, state_reason;
    struct str paused_because; /* STR_NONE: it is not */
    int64_t created_at, changed_at;
};

/* States. An incomplete connection keeps its tokens and waits for `connect` to be run again. In
 * either state it may be paused: then it waits for a person (instance.h). The kind "bill" is a
 * file, not a remote. */
#define CONNECTION_READY      "ready"
#define CONNECTION_INCOMPLETE "incomplete"
#define CONNECTION_KIND_BILL  "bill"

/* Adds a row or replaces the one of the same id, in the caller's transaction. ST_CONFLICT when the
 * name is taken. */
enum status connection_save(struct store *store, struct db *db, const struct connection_row *row,
                            struct error *err);

/* ST_NOT_FOUND says which connections there are. */
enum status connection_find(struct store *store, struct db *db, struct arena *a, struct str name,
                            struct connection_row *ret_row, struct error *err);

/* All, by name; of one kind unless it is STR_NONE. */
enum status connection_list(struct store *store, struct db *db, struct arena *a, struct str kind,
                            const struct connection_row **ret_rows, size_t *ret_n_rows,
                            struct error *err);

/* Removes a connection that never worked, with its secrets and tokens. In the caller's
 * transaction. */
enum status connection_remove(struct store *store, struct db *db, int64_t id, struct error *err);

/* ST_PAUSED, with what to do, for a paused connection. */
enum status connection_refuse_paused(const struct connection_row *row, struct error *err);

enum status secret_save(struct store *store, struct db *db, int64_t connection_id, const char *name,
                        const struct secret *secret, struct error *err);
enum status secret_load(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                        const char *name, const struct secret **ret_secret, struct error *err);

/* Names of secrets. */
#define CONNECTION_API_SECRET "api-secret" /* belongs to Ion's API key */

extern const struct statement connection_statements[];
