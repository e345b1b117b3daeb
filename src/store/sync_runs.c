/* Sync run rows. */
#include "store/sync_runs.h"

#include "base/id.h"
#include "store/texts.h"

enum { LAST, INSERT, END, SAVE_ACCOUNT, ACCOUNT_RUN };

const struct statement sync_run_statements[] = {
    [LAST] = { "sync-run.last",
               "SELECT id, connection_id, started_at, ended_at, state, note FROM sync_run"
               " WHERE workspace_id = $1 AND connection_id = $2 ORDER BY id DESC LIMIT 1" },
    [INSERT] = { "sync-run.insert",
                 "INSERT INTO sync_run (workspace_id, id, connection_id, started_at, state)"
                 " VALUES ($1, $2, $3, $4, 'running')" },
    [END] = { "sync-run.end", "UPDATE sync_run SET ended_at = $3, state = $4, note = $5"
                              " WHERE workspace_id = $1 AND id = $2" },
    [SAVE_ACCOUNT] = { "sync-account.save",
                       "INSERT INTO sync_account (workspace_id, connection_id, account_id, run_id,"
                       " ended_at, n_records, is_complete) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                       " ON CONFLICT (workspace_id, connection_id, account_id) DO UPDATE"
                       " SET run_id = excluded.run_id, ended_at = excluded.ended_at,"
                       " n_records = excluded.n_records, is_complete = excluded.is_complete" },
    [ACCOUNT_RUN] = { "sync-account.run", "SELECT run_id FROM sync_account WHERE workspace_id = $1"
                                          " AND connection_id = $2 AND account_id = $3" },
    { NULL, NULL },
};

enum status sync_run_last(struct store *store, struct db *db, struct arena *a,
                          int64_t connection_id, struct sync_run_row *ret_row, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &sync_run_statements[LAST],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id)), &row, err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "the connection was never synced");
    *ret_row = (struct sync_run_row){
        .id = db_integer(&row, 0),
        .connection_id = db_integer(&row, 1),
        .started_at = db_integer(&row, 2),
        .ended_at = db_integer(&row, 3),
        .state = text_keep(a, db_text(&row, 4)),
        .note = text_keep(a, db_text(&row, 5)),
    };
    return ST_OK;
}

enum status sync_run_begin(struct store *store, struct db *db, int64_t connection_id,
                           int64_t max_age_ms, int64_t *ret_run, bool *ret_resumed,
                           struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct sync_run_row last;
    enum status s = sync_run_last(store, db, &a, connection_id, &last, err);
    if (s != ST_OK && s != ST_NOT_FOUND)
        return s;
    int64_t now = store_now(store);
    *ret_resumed = s == ST_OK && str_is(last.state, RUN_RUNNING) &&
                   now - last.started_at < max_age_ms && now >= last.started_at;
    *ret_run = *ret_resumed ? last.id : id_new(store->clock);
    if (*ret_resumed)
        return ST_OK;
    return db_run(
        db, &sync_run_statements[INSERT],
        DB_VALUES(db_i(store->workspace_id), db_i(*ret_run), db_i(connection_id), db_i(now)), NULL,
        err);
}

enum status sync_run_end(struct store *store, struct db *db, int64_t run, const char *state,
                         struct str note, struct error *err)
{
    return db_run(db, &sync_run_statements[END],
                  DB_VALUES(db_i(store->workspace_id), db_i(run), db_i(store_now(store)),
                            db_t(str_of(state)), db_t(note)),
                  NULL, err);
}

enum status sync_account_save(struct store *store, struct db *db,
                              const struct sync_account_row *row, struct error *err)
{
    return db_run(db, &sync_run_statements[SAVE_ACCOUNT],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->connection_id),
                            db_i(row->account_id), db_i(row->run_id), db_i(store_now(store)),
                            db_i(row->n_records), db_i(row->is_complete)),
                  NULL, err);
}

enum status sync_account_done(struct store *store, struct db *db, int64_t connection_id,
                              int64_t account_id, int64_t run, bool *ret_done, struct error *err)
{
    int64_t last = 0;
    enum status s = db_one_integer(
        db, &sync_run_statements[ACCOUNT_RUN],
        DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_i(account_id)), &last, err);
    *ret_done = s == ST_OK && last == run;
    return s == ST_NOT_FOUND ? ST_OK : s;
}
