/* Bringing a database to the present form: numbered files, forward only, each in a transaction of
 * its own, with the checksum of its text kept. */
#pragma once

#include "store/db.h"

struct migration {
    int version; /* 0 ends the rows */
    const char *name;
    const char *text; /* with {{words}} */
};

/* In order of version; made from src/store/migrations at build time. */
extern const struct migration migrations[];

/* The newest version that this program knows. */
int migrations_newest(void);

/* The version of a database; 0 for an empty one. ST_VERSION when it is newer than this program, or
 * when a migration that ran had another text than ours. */
enum status migrate_version(struct db *db, int *ret_version, struct error *err);

/* Runs what is missing. The caller holds the directory's lock exclusively. */
enum status migrate(struct db *db, int64_t now_ms, struct error *err);

extern const struct statement migrate_statements[];
