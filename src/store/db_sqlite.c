/* The one file that includes sqlite3.h. WAL; writers begin IMMEDIATE, since a read that turns into
 * a write fails whatever the time-out; statements are kept prepared per connection. */
#include "store/db_sqlite.h"

#include <pthread.h>
#include <sqlite3.h>

#define WAL_POLL_MS     20
#define BUSY_MS         20000
#define STATEMENTS_KEPT 128
#define CACHE_KIB       "1024"
#define WAL_LIMIT_BYTES "67108864"

struct sqlite_gate {
    pthread_mutex_t writing;
};

struct kept_statement {
    const struct statement *statement;
    sqlite3_stmt *prepared;
    bool in_use;
};

struct sqlite_db {
    struct db db;
    sqlite3 *handle;
    struct sqlite_gate *gate;
    bool holds_gate;
    int synchronous; /* what this connection is set to: 1 NORMAL, 2 FULL */
    struct kept_statement kept[STATEMENTS_KEPT];
    size_t n_kept;
    char *path;
};

const struct db_word db_sqlite_words[] = {
    { "integer", "INTEGER" },
    { "blob", "BLOB" },
    { "strict", "STRICT" },
    { NULL, NULL },
};

const struct db_word db_postgres_words[] = {
    { "integer", "BIGINT" },
    { "blob", "BYTEA" },
    { "strict", "" },
    { NULL, NULL },
};

struct sqlite_gate *sqlite_gate_new(void)
{
    struct sqlite_gate *gate = memory_new(sizeof *gate);
    (void)pthread_mutex_init(&gate->writing, NULL);
    return gate;
}

void sqlite_gate_free(struct sqlite_gate *gate)
{
    if (gate == NULL)
        return;
    (void)pthread_mutex_destroy(&gate->writing);
    memory_free(gate);
}

static struct sqlite_db *sqlite_of(struct db *db)
{
    return (struct sqlite_db *)db;
}

static enum status fail_sqlite(struct sqlite_db *s, int code, const char *doing, struct error *err)
{
    int kind = code & 0xff;
    enum status status = kind == SQLITE_FULL                            ? ST_FULL
                         : kind == SQLITE_BUSY || kind == SQLITE_LOCKED ? ST_BUSY
                         : kind == SQLITE_CONSTRAINT                    ? ST_CONFLICT
                         : kind == SQLITE_NOMEM                         ? ST_NO_MEMORY
                                                                        : ST_STORE;
    fail(err, status, "the store %s: %s: %s", s->path, doing,
         s->handle != NULL ? sqlite3_errmsg(s->handle) : sqlite3_errstr(code));
    if (kind == SQLITE_FULL || kind == SQLITE_IOERR)
        hint(err, "Make room on the disk, then run the command again; nothing was half-stored.");
    else if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB)
        hint(err, "The file is damaged or is no database. Restore it from a backup; do not delete "
                  "the key file beside it.");
    else if (kind == SQLITE_READONLY || kind == SQLITE_CANTOPEN || kind == SQLITE_PERM)
        hint(err, "Check owner and permissions of the data directory.");
    return status;
}

static sqlite3_stmt *prepare(struct sqlite_db *s, const struct statement *statement, bool keep,
                             int *ret_code)
{
    sqlite3_stmt *prepared = NULL;
    unsigned flags = keep ? SQLITE_PREPARE_PERSISTENT : 0;
    *ret_code = sqlite3_prepare_v3(s->handle, statement->text, -1, flags, &prepared, NULL);
    return prepared;
}

/* The kept statement, or NULL when it is in use already or there is no place left. */
static struct kept_statement *keep(struct sqlite_db *s, const struct statement *statement,
                                   int *ret_code)
{
    *ret_code = SQLITE_OK;
    for (size_t i = 0; i < s->n_kept; i++)
        if (s->kept[i].statement == statement)
            return s->kept[i].in_use ? NULL : &s->kept[i];
    if (s->n_kept == STATEMENTS_KEPT)
        return NULL;
    sqlite3_stmt *prepared = prepare(s, statement, true, ret_code);
    if (prepared == NULL)
        return NULL;
    struct kept_statement *kept = &s->kept[s->n_kept++];
    *kept = (struct kept_statement){ statement, prepared, false };
    return kept;
}

/* $1 is a name to SQLite, numbered by first appearance: bound by name. */
static int bind(sqlite3_stmt *prepared, struct db_values values)
{
    for (size_t i = 0; i < values.n; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "$%u", (unsigned)i + 1);
        int at = sqlite3_bind_parameter_index(prepared, name);
        const struct db_value *v = &values.at[i];
        int code = SQLITE_OK;
        if (at == 0)
            return SQLITE_RANGE;
        if (v->kind == DB_INTEGER)
            code = sqlite3_bind_int64(prepared, at, v->integer);
        else if (v->kind == DB_TEXT)
            code = sqlite3_bind_text64(prepared, at, v->text.at, v->text.len, SQLITE_STATIC,
                                       SQLITE_UTF8);
        else if (v->kind == DB_BLOB)
            code = sqlite3_bind_blob64(prepared, at, v->text.at, v->text.len, SQLITE_STATIC);
        else
            code = sqlite3_bind_null(prepared, at);
        if (code != SQLITE_OK)
            return code;
    }
    return sqlite3_bind_parameter_count(prepared) == (int)values.n ? SQLITE_OK : SQLITE_RANGE;
}

static enum status sqlite_start(struct db_cursor *cursor, struct db_values values,
                                struct error *err)
{
    struct sqlite_db *s = sqlite_of(cursor->db);
    int code;
    struct kept_statement *kept = keep(s, cursor->statement, &code);
    sqlite3_stmt *prepared = kept != NULL ? kept->prepared : NULL;
    if (prepared == NULL && code == SQLITE_OK)
        prepared = prepare(s, cursor->statement, false, &code);
    if (prepared == NULL)
        return fail_sqlite(s, code, cursor->statement->name, err);
    code = bind(prepared, values);
    if (code != SQLITE_OK) {
        if (kept == NULL)
            (void)sqlite3_finalize(prepared); /* repeats the fault that is reported below */
        return fail(err, ST_INTERNAL, "%s: its values do not fit: %s", cursor->statement->name,
                    sqlite3_errstr(code));
    }
    if (kept != NULL)
        kept->in_use = true;
    cursor->driver_data = prepared;
    return ST_OK;
}

static enum status sqlite_next(struct db_cursor *cursor, bool *ret_more, struct error *err)
{
    int code = sqlite3_step(cursor->driver_data);
    *ret_more = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return ST_OK;
    return fail_sqlite(sqlite_of(cursor->db), code, cursor->statement->name, err);
}

static struct db_value sqlite_column(const struct db_cursor *cursor, int column)
{
    sqlite3_stmt *prepared = cursor->driver_data;
    int type = sqlite3_column_type(prepared, column);
    if (type == SQLITE_INTEGER)
        return db_i(sqlite3_column_int64(prepared, column));
    if (type == SQLITE_NULL)
        return (struct db_value){ .kind = DB_NULL };
    const char *at = type == SQLITE_BLOB ? sqlite3_column_blob(prepared, column)
                                         : (const char *)sqlite3_column_text(prepared, column);
    size_t len = (size_t)sqlite3_column_bytes(prepared, column);
    return (struct db_value){
        .kind = type == SQLITE_BLOB ? DB_BLOB : DB_TEXT,
        .text = { at != NULL ? at : "", len },
    };
}

static void sqlite_finish(struct db_cursor *cursor)
{
    struct sqlite_db *s = sqlite_of(cursor->db);
    sqlite3_stmt *prepared = cursor->driver_data;
    for (size_t i = 0; i < s->n_kept; i++) {
        if (s->kept[i].prepared == prepared) {
            (void)sqlite3_reset(prepared); /* repeats the fault of the last step */
            (void)sqlite3_clear_bindings(prepared);
            s->kept[i].in_use = false;
            return;
        }
    }
    (void)sqlite3_finalize(prepared); /* likewise */
}

static int64_t sqlite_changed(struct db *db)
{
    return sqlite3_changes64(sqlite_of(db)->handle);
}

static void leave_gate(struct sqlite_db *s)
{
    if (s->holds_gate)
        (void)pthread_mutex_unlock(&s->gate->writing);
    s->holds_gate = false;
}

static enum status begin(struct sqlite_db *s, int synchronous, struct error *err)
{
    (void)pthread_mutex_lock(&s->gate->writing);
    s->holds_gate = true;
    int code = SQLITE_OK;
    if (s->synchronous != synchronous) {
        const char *sql =
            synchronous == 2 ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL";
        code = sqlite3_exec(s->handle, sql, NULL, NULL, NULL);
        s->synchronous = synchronous;
    }
    if (code == SQLITE_OK)
        code = sqlite3_exec(s->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        return ST_OK;
    leave_gate(s);
    return fail_sqlite(s, code, "beginning to write", err);
}

static enum status sqlite_transact(struct db *db, enum db_step step, struct error *err)
{
    struct sqlite_db *s = sqlite_of(db);
    if (step == DB_BEGIN_SYNCED || step == DB_BEGIN_RELAXED)
        return begin(s, step == DB_BEGIN_SYNCED ? 2 : 1, err);
    const char *sql = step == DB_COMMIT ? "COMMIT" : "ROLLBACK";
    int code = sqlite3_exec(s->handle, sql, NULL, NULL, NULL);
    enum status status = ST_OK;
    if (code != SQLITE_OK && step == DB_COMMIT) {
        status = fail_sqlite(s, code, "committing", err);
        (void)sqlite3_exec(s->handle, "ROLLBACK", NULL, NULL, NULL); /* may be done already */
        s->db.in_transaction = false;
    }
    leave_gate(s);
    return status;
}

static enum status sqlite_script(struct db *db, const char *sql, struct error *err)
{
    struct sqlite_db *s = sqlite_of(db);
    int code = sqlite3_exec(s->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? ST_OK : fail_sqlite(s, code, "running a script", err);
}

static void sqlite_close(struct db *db)
{
    struct sqlite_db *s = sqlite_of(db);
    for (size_t i = 0; i < s->n_kept; i++)
        (void)sqlite3_finalize(s->kept[i].prepared); /* faults were reported at their step */
    (void)sqlite3_close_v2(s->handle);               /* cannot fail in this form */
    leave_gate(s);
    memory_free(s->path);
    memory_free(s);
}

static const struct db_driver sqlite_driver = {
    .name = "sqlite",
    .words = db_sqlite_words,
    .start = sqlite_start,
    .next = sqlite_next,
    .column = sqlite_column,
    .finish = sqlite_finish,
    .changed = sqlite_changed,
    .transact = sqlite_transact,
    .script = sqlite_script,
    .close = sqlite_close,
};

/* Two first openings at once are in each other's way here, and SQLite's own waiting does not count
 * for this step. */
static int use_wal(sqlite3 *handle)
{
    int code = SQLITE_BUSY;
    for (int waited_ms = 0; (code & 0xff) == SQLITE_BUSY && waited_ms < BUSY_MS;
         waited_ms += WAL_POLL_MS) {
        if (waited_ms > 0)
            sqlite3_sleep(WAL_POLL_MS);
        code = sqlite3_exec(handle, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    }
    return code;
}

static void abandon(struct sqlite_db **s)
{
    if (*s != NULL)
        sqlite_close(&(*s)->db);
}

enum status db_open_sqlite(const char *path, struct sqlite_gate *gate, struct db **ret_db,
                           struct error *err)
{
    SCOPED(abandon) struct sqlite_db *s = memory_new(sizeof *s);
    s->db.driver = &sqlite_driver;
    s->gate = gate;
    s->path = memory_new(strlen(path) + 1);
    memcpy(s->path, path, strlen(path));
    int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int code = sqlite3_open_v2(path, &s->handle, flags, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(s->handle, BUSY_MS);
    if (code == SQLITE_OK)
        code = use_wal(s->handle);
    if (code == SQLITE_OK)
        code = sqlite3_exec(s->handle,
                            "PRAGMA foreign_keys=ON;"
                            "PRAGMA cache_size=-" CACHE_KIB ";"
                            "PRAGMA journal_size_limit=" WAL_LIMIT_BYTES ";"
                            "PRAGMA trusted_schema=OFF",
                            NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return fail_sqlite(s, code, "opening it", err);
    *ret_db = &TAKE(s)->db;
    return ST_OK;
}
