/* The workspace. */
#include "store/workspaces.h"

#include "base/id.h"
#include "base/os.h"

enum { FIRST, INSERT, ZONE };

const struct statement workspace_statements[] = {
    [FIRST] = { "workspace.first", "SELECT id FROM workspace ORDER BY id LIMIT 1" },
    [INSERT] = { "workspace.insert", "INSERT INTO workspace (id, name, time_zone, created_at) "
                                     "VALUES ($1, $2, $3, $4)" },
    [ZONE] = { "workspace.zone", "SELECT time_zone FROM workspace WHERE id = $1" },
    { NULL, NULL },
};

enum status workspace_load(struct store *store, struct db *db, struct error *err)
{
    return db_one_integer(db, &workspace_statements[FIRST], (struct db_values){ NULL, 0 },
                          &store->workspace_id, err);
}

enum status workspace_make(struct store *store, struct db *db, struct error *err)
{
    store->workspace_id = id_new(store->clock);
    return db_run(db, &workspace_statements[INSERT],
                  DB_VALUES(db_i(store->workspace_id), db_t(STR("default")),
                            db_t(os_time_zone(&store->arena)), db_i(store_now(store))),
                  NULL, err);
}

enum status workspace_time_zone(struct store *store, struct db *db, struct arena *a,
                                struct str *ret_zone, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &workspace_statements[ZONE], DB_VALUES(db_i(store->workspace_id)), &row, err));
    TRY(db_next(&row, &more, err));
    *ret_zone = more ? arena_copy(a, db_text(&row, 0)) : STR("UTC");
    return ST_OK;
}
