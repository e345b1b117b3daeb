/* Migrations at work. */
#include "store/migrate.h"

#include "base/log.h"
#include "base/secret.h"

/* The table that counts the migrations is the one thing that is made without one. */
static const char counting_table[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    " version {{integer}} NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
    " checksum TEXT NOT NULL, applied_at {{integer}} NOT NULL) {{strict}}";

enum { LIST, RECORD };

const struct statement migrate_statements[] = {
    [LIST] = { "migration.list",
               "SELECT version, name, checksum FROM schema_migration ORDER BY version" },
    [RECORD] = { "migration.record",
                 "INSERT INTO schema_migration (version, name, checksum, applied_at)"
                 " VALUES ($1, $2, $3, $4)" },
    { NULL, NULL },
};

int migrations_newest(void)
{
    int newest = 0;
    for (const struct migration *m = migrations; m->version != 0; m++)
        newest = m->version;
    return newest;
}

static enum status make_counting_table(struct db *db, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const char *sql;
    TRY(db_translate(&a, db->driver->words, str_of(counting_table), &sql, err));
    return db_script(db, sql, err);
}

static enum status check_one(const struct db_cursor *row, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    int64_t version = db_integer(row, 0);
    struct str name = db_text(row, 1);
    if (version > migrations_newest()) {
        fail(err, ST_VERSION,
             "the store is of version %lld (%.*s), this program knows versions up to %d",
             (long long)version, STR_PRINT(name), migrations_newest());
        hint(err, "Use the newer program that wrote it. Nothing was changed.");
        return ST_VERSION;
    }
    for (const struct migration *m = migrations; m->version != 0; m++) {
        struct str checksum = checksum_of(&a, str_of(m->text));
        if (m->version == version && !str_equal(checksum, db_text(row, 2))) {
            fail(err, ST_VERSION, "version %lld of the store was made by another text of %s",
                 (long long)version, m->name);
            hint(err, "The store comes from a development build. Use that one, or restore a "
                      "backup.");
            return ST_VERSION;
        }
    }
    return ST_OK;
}

enum status migrate_version(struct db *db, int *ret_version, struct error *err)
{
    int version = 0;
    bool more = true;
    TRY(make_counting_table(db, err));
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    TRY(db_query(db, &migrate_statements[LIST], (struct db_values){ NULL, 0 }, &row, err));
    for (;;) {
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        TRY(check_one(&row, err));
        version = (int)db_integer(&row, 0);
    }
    *ret_version = version;
    return ST_OK;
}

static enum status run_one(struct db *db, const struct migration *m, int64_t now_ms,
                           struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const char *sql;
    TRY(db_translate(&a, db->driver->words, str_of(m->text), &sql, err));
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(db_script(db, sql, err));
    TRY(db_run(db, &migrate_statements[RECORD],
               DB_VALUES(db_i(m->version), db_t(str_of(m->name)),
                         db_t(checksum_of(&a, str_of(m->text))), db_i(now_ms)),
               NULL, err));
    TRY(db_commit(db, err));
    log_write(LOG_STORE_MIGRATE, LOG_I("version", m->version), LOG_T("name", str_of(m->name)));
    return ST_OK;
}

enum status migrate(struct db *db, int64_t now_ms, struct error *err)
{
    int version;
    TRY(migrate_version(db, &version, err));
    for (const struct migration *m = migrations; m->version != 0; m++) {
        if (m->version <= version)
            continue;
        enum status s = run_one(db, m, now_ms, err);
        if (s != ST_OK)
            return wrap(err, s, "bringing the store to version %d", m->version);
    }
    return ST_OK;
}
