/* The store: a data directory that only its owner can read, with the database, the key that seals
 * secrets, a lock, and rescue files.
 *
 *     stellion.db   the database       key     64 hexadecimal digits, mode 0600
 *     lock          shared by each process, exclusive to migrate
 *     rescue/       tokens that could not be stored; taken in at the next start */
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "store/db.h"

struct sqlite_gate;

struct store {
    const char *directory;
    struct clock *clock;
    const struct seal_key *key;
    struct db *db; /* of the thread that opened the store */
    int64_t workspace_id;
    struct str machine; /* that this process runs on: part of leases and of the instance */
    struct str process; /* mark of this process */

    struct arena arena; /* of the opening; threads take nothing from it later */
    const char *database_path;
    struct sqlite_gate *gate;
    int lock;
};

/* Opens the store of a directory, making both when they are not there; brings an older database to
 * the present form. Takes in rescue files as far as possible. When the database was copied,
 * restored or moved to another machine, every connection is paused (instance.h). ST_INVALID: not a
 * place for a store (a network file system). ST_BUSY: another process is in the way of a migration.
 * ST_VERSION: the database is newer than this program. ST_KEY: the key is missing or another one;
 * nothing is made or overwritten then. ST_FULL, ST_STORE. */
enum status store_open(const char *directory, struct clock *clock, struct store **ret_store,
                       struct error *err);
void store_close(struct store *store); /* NULL is fine */

/* One more connection to the database, for another thread; db_close ends it. */
enum status store_connect(struct store *store, struct db **ret_db, struct error *err);

/* Seals and opens a value of a row; `identity` names the row and is needed again. */
struct str store_seal(struct store *store, struct arena *a, const char *identity,
                      const struct secret *secret);
enum status store_unseal(struct store *store, struct arena *a, const char *identity,
                         struct str sealed, const struct secret **ret_secret, struct error *err);

int64_t store_now(const struct store *store);

/* Facts about the store itself, by name. STR_NONE when there is no such fact. */
enum status store_info_get(struct db *db, struct arena *a, const char *name, struct str *ret_value,
                           struct error *err);
enum status store_info_set(struct db *db, const char *name, struct str value, struct error *err);

extern const struct statement store_statements[];
