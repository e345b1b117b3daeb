/* Service rows. */
#include "store/services.h"

#include "base/id.h"
#include "store/texts.h"

#define COLUMNS                                                                                    \
    "s.id, s.connection_id, s.remote_id, s.name, s.part_number, s.part_key, s.vendor, s.measure"

enum { FIND, INSERT, UPDATE, LIST };

const struct statement service_statements[] = {
    [FIND] = { "service.find", "SELECT " COLUMNS " FROM service s WHERE s.workspace_id = $1"
                               " AND s.connection_id = $2 AND s.remote_id = $3" },
    [INSERT] = { "service.insert",
                 "INSERT INTO service (workspace_id, id, connection_id, remote_id, name,"
                 " part_number, part_key, vendor, measure, first_seen_at, changed_at)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)" },
    [UPDATE] = { "service.update",
                 "UPDATE service SET name = $3, part_number = $4, part_key = $5, vendor = $6,"
                 " measure = $7, changed_at = $8 WHERE workspace_id = $1 AND id = $2" },
    [LIST] = { "service.list",
               "SELECT " COLUMNS " FROM service s JOIN connection c"
               " ON c.workspace_id = s.workspace_id AND c.id = s.connection_id"
               " WHERE s.workspace_id = $1 AND ((c.kind = CAST($2 AS TEXT))"
               " OR ('!' || c.kind <> CAST($2 AS TEXT) AND substr(CAST($2 AS TEXT), 1, 1) = '!'))"
               " ORDER BY s.connection_id, s.name, s.id" },
    { NULL, NULL },
};

static struct service_row read_row(struct arena *a, const struct db_cursor *row)
{
    return (struct service_row){
        .id = db_integer(row, 0),
        .connection_id = db_integer(row, 1),
        .remote_id = text_keep(a, db_text(row, 2)),
        .name = text_keep(a, db_text(row, 3)),
        .part_number = text_keep(a, db_text(row, 4)),
        .part_key = text_keep(a, db_text(row, 5)),
        .vendor = text_keep(a, db_text(row, 6)),
        .measure = text_keep(a, db_text(row, 7)),
    };
}

static bool is_same(const struct service_row *a, const struct service_row *b)
{
    return str_equal(a->name, b->name) && str_equal(a->part_number, b->part_number) &&
           str_equal(a->part_key, b->part_key) && str_equal(a->vendor, b->vendor) &&
           str_equal(a->measure, b->measure);
}

enum status service_ensure(struct store *store, struct db *db, struct service_row *row,
                           struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    struct service_row known = { .id = 0 };
    bool more;
    TRY(db_query(
        db, &service_statements[FIND],
        DB_VALUES(db_i(store->workspace_id), db_i(row->connection_id), db_t(row->remote_id)),
        &cursor, err));
    TRY(db_next(&cursor, &more, err));
    if (more)
        known = read_row(&a, &cursor);
    db_done(&cursor);
    row->id = more ? known.id : id_new(store->clock);
    if (more && is_same(&known, row))
        return ST_OK;
    if (more)
        return db_run(db, &service_statements[UPDATE],
                      DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_t(row->name),
                                db_t(row->part_number), db_t(row->part_key), db_t(row->vendor),
                                db_t(row->measure), db_i(store_now(store))),
                      NULL, err);
    return db_run(db, &service_statements[INSERT],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->id), db_i(row->connection_id),
                            db_t(row->remote_id), db_t(row->name), db_t(row->part_number),
                            db_t(row->part_key), db_t(row->vendor), db_t(row->measure),
                            db_i(store_now(store))),
                  NULL, err);
}

enum status service_list(struct store *store, struct db *db, struct arena *a, struct str kind,
                         const struct service_row **ret_rows, size_t *ret_n, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct service_row *rows = NULL;
    TRY(db_query(db, &service_statements[LIST], DB_VALUES(db_i(store->workspace_id), db_t(kind)),
                 &row, err));
    for (;;) {
        bool more;
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] = read_row(a, &row);
    }
    *ret_rows = rows;
    *ret_n = n;
    return ST_OK;
}
