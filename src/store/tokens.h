/* Tokens at rest. Access tokens are a cache; refresh tokens are generations that are added and
 * never changed, with a row for each attempt to use one; rescue files take what the database could
 * not. The protocol over these rows is the client's (client/token_refresh.c). */
#pragma once

#include "store/store.h"

struct access_row {
    const struct secret *token;
    int64_t born_at, expires_at;
};

/* ST_NOT_FOUND when there is none. */
enum status access_load(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                        struct access_row *ret_row, struct error *err);
/* Forgets the cached token: other credentials were entered. In the caller's transaction. */
enum status access_forget(struct store *store, struct db *db, int64_t connection_id,
                          struct error *err);
/* In a transaction of its own, synced. */
enum status access_save(struct store *store, struct db *db, int64_t connection_id,
                        const struct access_row *row, struct error *err);

struct refresh_row {
    int64_t generation; /* 0: there is none */
    const struct secret *token;
    int64_t born_at;
    bool is_unclear; /* there is an attempt with it that is open, unknown or failed */
    int64_t unclear_at;
};

/* The newest generation. Takes in rescue files first: ST_FULL or ST_STORE when one lies there and
 * cannot be taken in, since no older token may be used while it waits. */
enum status refresh_load(struct store *store, struct db *db, struct arena *a, int64_t connection_id,
                         struct refresh_row *ret_row, struct error *err);

/* When the newest generation was born; 0 when there is none. */
enum status refresh_born(struct store *store, struct db *db, int64_t connection_id,
                         int64_t *ret_born_at, struct error *err);

/* Adds the next generation; `origin` is "person", "rotation" or "rescue". In the caller's
 * transaction. */
enum status refresh_add(struct store *store, struct db *db, int64_t connection_id,
                        const struct secret *token, const char *origin, struct error *err);

/* Forgets the newest generation if a person typed it in: it was refused at its first use. In the
 * caller's transaction. */
enum status refresh_take_back(struct store *store, struct db *db, int64_t connection_id,
                              struct error *err);

/* Each in a transaction of its own, synced. attempt_begin also reserves the place of a rescue file;
 * ST_CONFLICT: `generation` is not the newest any more. */
enum status attempt_begin(struct store *store, struct db *db, int64_t connection_id,
                          int64_t generation, int64_t *ret_attempt, struct error *err);
enum status attempt_end(struct store *store, struct db *db, int64_t connection_id, int64_t attempt,
                        const char *outcome, struct error *err);

/* The answer of an attempt with `generation`: next generation, access token (NULL: none) and the
 * end of the attempt at once. When there is a newer generation already, only the attempt ends. */
enum status tokens_keep(struct store *store, struct db *db, int64_t connection_id, int64_t attempt,
                        int64_t generation, const struct secret *refresh,
                        const struct access_row *access, struct error *err);

/* A sealed file in the place that attempt_begin reserved, so that a full disk cannot refuse it;
 * synced. For when tokens_keep failed. */
enum status tokens_rescue(struct store *store, int64_t connection_id, int64_t generation,
                          const struct secret *refresh, struct error *err);

/* Takes in every rescue file. A file that cannot be stored stays where it is and is no failure
 * here: refresh_load looks again. */
void tokens_take_in_rescued(struct store *store, struct db *db);

extern const struct statement token_statements[];
