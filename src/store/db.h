/* A database: SQLite now, PostgreSQL as a second driver later, one SQL text for both. A struct db
 * is one connection and belongs to one thread at a time.
 *
 * SQL stands as constants at the top of the noun's file, as rows of struct statement; $1, $2 name
 * the values. Nothing builds SQL from pieces. */
#pragma once

#include "base/arena.h"

struct statement {
    const char *name; /* "account.upsert": in errors and in the tests */
    const char *text;
};

enum db_kind { DB_NULL, DB_INTEGER, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_kind kind;
    int64_t integer;
    struct str text; /* of DB_TEXT and DB_BLOB */
};

struct db_values {
    const struct db_value *at;
    size_t n;
};

struct db_value db_i(int64_t integer);
struct db_value db_i_if(bool known, int64_t integer); /* NULL when not known */
struct db_value db_t(struct str text);                /* STR_NONE gives NULL */
struct db_value db_b(struct str bytes);

#define DB_VALUES(...)                                                                             \
    ((struct db_values){ (const struct db_value[]){ __VA_ARGS__ },                                 \
                         sizeof((const struct db_value[]){ __VA_ARGS__ }) /                        \
                             sizeof(struct db_value) })

struct db;

struct db_cursor {
    struct db *db;
    const struct statement *statement;
    void *driver_data;
    bool is_open;
};

/* How hard a commit must hold: SYNCED for tokens, purchases, decisions and audit; RELAXED for pages
 * of a sync, which the next sync brings again. */
enum durability { SYNCED, RELAXED };

/* A statement that gives no rows. `ret_changed` (may be NULL): rows inserted, updated or deleted.
 * ST_CONFLICT when a constraint refuses, ST_FULL, ST_BUSY, ST_STORE. */
enum status db_run(struct db *db, const struct statement *statement, struct db_values values,
                   int64_t *ret_changed, struct error *err);

/* A query: start, then db_next until *ret_more is false, then db_done (on every way out: SCOPED).
 */
enum status db_query(struct db *db, const struct statement *statement, struct db_values values,
                     struct db_cursor *ret_cursor, struct error *err);
enum status db_next(struct db_cursor *cursor, bool *ret_more, struct error *err);
void db_done(struct db_cursor *cursor);

/* Columns of the row, from 0; text is borrowed until the next step. */
bool db_is_null(const struct db_cursor *cursor, int column);
int64_t db_integer(const struct db_cursor *cursor, int column); /* 0 when NULL */
struct str db_text(const struct db_cursor *cursor, int column); /* STR_NONE when NULL */

/* The first column of the first row; ST_NOT_FOUND when there is none. */
enum status db_one_integer(struct db *db, const struct statement *statement,
                           struct db_values values, int64_t *ret_value, struct error *err);

/* Transactions. A transaction that was not committed is rolled back by db_abandon, which is also
 * right after a commit: `SCOPED(db_abandon) struct db *open = db;` */
enum status db_begin(struct db *db, enum durability durability, struct error *err);
enum status db_commit(struct db *db, struct error *err);
void db_abandon(struct db **db);

enum status db_script(struct db *db, const char *sql, struct error *err); /* several statements */
void db_close(struct db *db);                                             /* NULL is fine */

/* What a driver must do. `struct db` is the head of its own connection struct. */
struct db_word {
    const char *word, *text; /* {{word}} in migrations */
};

enum db_step { DB_BEGIN_SYNCED, DB_BEGIN_RELAXED, DB_COMMIT, DB_ROLLBACK };

struct db_driver {
    const char *name;
    const struct db_word *words;
    enum status (*start)(struct db_cursor *cursor, struct db_values values, struct error *err);
    enum status (*next)(struct db_cursor *cursor, bool *ret_more, struct error *err);
    struct db_value (*column)(const struct db_cursor *cursor, int column);
    void (*finish)(struct db_cursor *cursor);
    int64_t (*changed)(struct db *db);
    enum status (*transact)(struct db *db, enum db_step step, struct error *err);
    enum status (*script)(struct db *db, const char *sql, struct error *err);
    void (*close)(struct db *db);
};

struct db {
    const struct db_driver *driver;
    bool in_transaction;
};

/* SQL of a migration with its {{words}} replaced for a driver. ST_INTERNAL for an unknown word. */
enum status db_translate(struct arena *a, const struct db_word *words, struct str sql,
                         const char **ret_sql, struct error *err);
