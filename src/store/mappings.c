/* Organisation and mapping rows. */
#include "store/mappings.h"

#include "base/id.h"
#include "store/texts.h"

enum {
    ORGANISATIONS,
    FIND,
    INSERT,
    ACCOUNTS,
    SERVICES,
    SAVE_ACCOUNT,
    SAVE_SERVICE,
    ADD_ACCOUNT,
    ADD_SERVICE
};

const struct statement mapping_statements[] = {
    [ORGANISATIONS] = { "organisation.list",
                        "SELECT id, name FROM organisation WHERE workspace_id = $1"
                        " ORDER BY name, id" },
    [FIND] = { "organisation.find",
               "SELECT id FROM organisation WHERE workspace_id = $1 AND name = $2" },
    [INSERT] = { "organisation.insert",
                 "INSERT INTO organisation (workspace_id, id, name, created_at)"
                 " VALUES ($1, $2, $3, $4)" },
    [ACCOUNTS] = { "account-mapping.list",
                   "SELECT account_id, organisation_id, state, rule, evidence, actor, decided_at"
                   " FROM account_mapping WHERE workspace_id = $1 ORDER BY account_id" },
    [SERVICES] = { "service-mapping.list",
                   "SELECT service_id, target_id, state, rule, evidence, actor, decided_at"
                   " FROM service_mapping WHERE workspace_id = $1 ORDER BY service_id" },
    [SAVE_ACCOUNT] = { "account-mapping.save",
                       "INSERT INTO account_mapping (workspace_id, account_id, organisation_id,"
                       " state, rule, evidence, actor, decided_at)"
                       " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                       " ON CONFLICT (workspace_id, account_id) DO UPDATE"
                       " SET organisation_id = excluded.organisation_id, state = excluded.state,"
                       " rule = excluded.rule, evidence = excluded.evidence,"
                       " actor = excluded.actor, decided_at = excluded.decided_at" },
    [SAVE_SERVICE] = { "service-mapping.save",
                       "INSERT INTO service_mapping (workspace_id, service_id, target_id, state,"
                       " rule, evidence, actor, decided_at)"
                       " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                       " ON CONFLICT (workspace_id, service_id) DO UPDATE"
                       " SET target_id = excluded.target_id, state = excluded.state,"
                       " rule = excluded.rule, evidence = excluded.evidence,"
                       " actor = excluded.actor, decided_at = excluded.decided_at" },
    [ADD_ACCOUNT] = { "account-mapping.add",
                      "INSERT INTO account_mapping (workspace_id, account_id, organisation_id,"
                      " state, rule, evidence, actor, decided_at)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                      " ON CONFLICT (workspace_id, account_id) DO NOTHING" },
    [ADD_SERVICE] = { "service-mapping.add",
                      "INSERT INTO service_mapping (workspace_id, service_id, target_id, state,"
                      " rule, evidence, actor, decided_at)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                      " ON CONFLICT (workspace_id, service_id) DO NOTHING" },
    { NULL, NULL },
};

enum status organisation_list(struct store *store, struct db *db, struct arena *a,
                              const struct organisation_row **ret_rows, size_t *ret_n,
                              struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct organisation_row *rows = NULL;
    TRY(db_query(db, &mapping_statements[ORGANISATIONS], DB_VALUES(db_i(store->workspace_id)), &row,
                 err));
    for (;;) {
        bool more;
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] =
            (struct organisation_row){ db_integer(&row, 0), text_keep(a, db_text(&row, 1)) };
    }
    *ret_rows = rows;
    *ret_n = n;
    return ST_OK;
}

enum status organisation_ensure(struct store *store, struct db *db, struct str name,
                                int64_t *ret_id, struct error *err)
{
    enum status s = db_one_integer(db, &mapping_statements[FIND],
                                   DB_VALUES(db_i(store->workspace_id), db_t(name)), ret_id, err);
    if (s != ST_NOT_FOUND)
        return s;
    *ret_id = id_new(store->clock);
    return db_run(
        db, &mapping_statements[INSERT],
        DB_VALUES(db_i(store->workspace_id), db_i(*ret_id), db_t(name), db_i(store_now(store))),
        NULL, err);
}

enum status mapping_list(struct store *store, struct db *db, struct arena *a,
                         enum mapping_kind kind, const struct mapping_row **ret_rows, size_t *ret_n,
                         struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct mapping_row *rows = NULL;
    TRY(db_query(db, &mapping_statements[kind == MAPPING_ACCOUNT ? ACCOUNTS : SERVICES],
                 DB_VALUES(db_i(store->workspace_id)), &row, err));
    for (;;) {
        bool more;
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, rows, n, room);
        rows[n++] = (struct mapping_row){
            .from_id = db_integer(&row, 0),
            .to_id = db_integer(&row, 1),
            .state = text_keep(a, db_text(&row, 2)),
            .rule = text_keep(a, db_text(&row, 3)),
            .evidence = text_keep(a, db_text(&row, 4)),
            .actor = text_keep(a, db_text(&row, 5)),
            .decided_at = db_integer(&row, 6),
        };
    }
    *ret_rows = rows;
    *ret_n = n;
    return ST_OK;
}

static enum status put_mapping(struct store *store, struct db *db, int statement,
                               const struct mapping_row *row, struct error *err)
{
    return db_run(db, &mapping_statements[statement],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->from_id),
                            db_i_if(row->to_id != 0, row->to_id), db_t(row->state), db_t(row->rule),
                            db_t(row->evidence), db_t(row->actor), db_i(store_now(store))),
                  NULL, err);
}

enum status mapping_save(struct store *store, struct db *db, enum mapping_kind kind,
                         const struct mapping_row *row, struct error *err)
{
    return put_mapping(store, db, kind == MAPPING_ACCOUNT ? SAVE_ACCOUNT : SAVE_SERVICE, row, err);
}

enum status mapping_add(struct store *store, struct db *db, enum mapping_kind kind,
                        const struct mapping_row *row, struct error *err)
{
    return put_mapping(store, db, kind == MAPPING_ACCOUNT ? ADD_ACCOUNT : ADD_SERVICE, row, err);
}
