/* The SQLite driver. */
#pragma once

#include "store/db.h"

/* Opens or creates a database file. All connections of a process to one file share `gate`, which
 * lets their writers in one by one, so that none has to poll. */
struct sqlite_gate;
struct sqlite_gate *sqlite_gate_new(void);
void sqlite_gate_free(struct sqlite_gate *gate);

enum status db_open_sqlite(const char *path, struct sqlite_gate *gate, struct db **ret_db,
                           struct error *err);

extern const struct db_word db_sqlite_words[];

/* The words of PostgreSQL, for the tests that prepare every statement there. */
extern const struct db_word db_postgres_words[];
