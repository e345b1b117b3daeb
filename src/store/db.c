/* What is the same for every driver. */
#include "store/db.h"

#include "base/buf.h"

struct db_value db_i(int64_t integer)
{
    return (struct db_value){ .kind = DB_INTEGER, .integer = integer };
}

struct db_value db_i_if(bool known, int64_t integer)
{
    return known ? db_i(integer) : (struct db_value){ .kind = DB_NULL };
}

struct db_value db_t(struct str text)
{
    return (struct db_value){ .kind = text.at == NULL ? DB_NULL : DB_TEXT, .text = text };
}

struct db_value db_b(struct str bytes)
{
    return (struct db_value){ .kind = bytes.at == NULL ? DB_NULL : DB_BLOB, .text = bytes };
}

enum status db_query(struct db *db, const struct statement *statement, struct db_values values,
                     struct db_cursor *ret_cursor, struct error *err)
{
    *ret_cursor = (struct db_cursor){ .db = db, .statement = statement };
    TRY(db->driver->start(ret_cursor, values, err));
    ret_cursor->is_open = true;
    return ST_OK;
}

enum status db_next(struct db_cursor *cursor, bool *ret_more, struct error *err)
{
    return cursor->db->driver->next(cursor, ret_more, err);
}

void db_done(struct db_cursor *cursor)
{
    if (cursor->is_open)
        cursor->db->driver->finish(cursor);
    cursor->is_open = false;
}

enum status db_run(struct db *db, const struct statement *statement, struct db_values values,
                   int64_t *ret_changed, struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    bool more = true;
    TRY(db_query(db, statement, values, &cursor, err));
    while (more)
        TRY(db_next(&cursor, &more, err));
    if (ret_changed != NULL)
        *ret_changed = db->driver->changed(db);
    return ST_OK;
}

bool db_is_null(const struct db_cursor *cursor, int column)
{
    return cursor->db->driver->column(cursor, column).kind == DB_NULL;
}

int64_t db_integer(const struct db_cursor *cursor, int column)
{
    struct db_value value = cursor->db->driver->column(cursor, column);
    return value.kind == DB_INTEGER ? value.integer : 0;
}

struct str db_text(const struct db_cursor *cursor, int column)
{
    struct db_value value = cursor->db->driver->column(cursor, column);
    return value.kind == DB_TEXT || value.kind == DB_BLOB ? value.text : STR_NONE;
}

enum status db_one_integer(struct db *db, const struct statement *statement,
                           struct db_values values, int64_t *ret_value, struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    bool more;
    TRY(db_query(db, statement, values, &cursor, err));
    TRY(db_next(&cursor, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "%s found nothing", statement->name);
    *ret_value = db_integer(&cursor, 0);
    return ST_OK;
}

enum status db_begin(struct db *db, enum durability durability, struct error *err)
{
    TRY(db->driver->transact(db, durability == SYNCED ? DB_BEGIN_SYNCED : DB_BEGIN_RELAXED, err));
    db->in_transaction = true;
    return ST_OK;
}

enum status db_commit(struct db *db, struct error *err)
{
    TRY(db->driver->transact(db, DB_COMMIT, err));
    db->in_transaction = false;
    return ST_OK;
}

void db_abandon(struct db **db)
{
    struct error ignored;
    if (*db == NULL || !(*db)->in_transaction)
        return;
    (void)(*db)->driver->transact(*db, DB_ROLLBACK, &ignored); /* closing would do it as well */
    (*db)->in_transaction = false;
}

enum status db_script(struct db *db, const char *sql, struct error *err)
{
    return db->driver->script(db, sql, err);
}

void db_close(struct db *db)
{
    if (db != NULL)
        db->driver->close(db);
}

static const char *word_text(const struct db_word *words, struct str word)
{
    for (; words->word != NULL; words++)
        if (str_is(word, words->word))
            return words->text;
    return NULL;
}

enum status db_translate(struct arena *a, const struct db_word *words, struct str sql,
                         const char **ret_sql, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    while (sql.len > 0) {
        const char *open = memmem(sql.at, sql.len, "{{", 2);
        const char *close = memmem(sql.at, sql.len, "}}", 2);
        if (open == NULL || close == NULL)
            break;
        struct str word = { open + 2, (size_t)(close - open) - 2 };
        const char *replacement = word_text(words, word);
        if (replacement == NULL)
            return fail(err, ST_INTERNAL, "a migration has the unknown word {{%.*s}}",
                        STR_PRINT(word));
        buf_add(&text, (struct str){ sql.at, (size_t)(open - sql.at) });
        buf_add_text(&text, replacement);
        sql = str_from(sql, (size_t)(close - sql.at) + 2);
    }
    buf_add(&text, sql);
    TRY(buf_status(&text, "a migration", err));
    *ret_sql = arena_text(a, buf_str(&text));
    return ST_OK;
}
