/* Document rows. */
#include "store/documents.h"

enum { KNOWN, SAVE, LOAD };

const struct statement document_statements[] = {
    [KNOWN] = { "document.known",
                "SELECT digest, remote_id FROM document WHERE workspace_id = $1"
                " AND connection_id = $2 AND kind = $3 AND parent = $4 ORDER BY digest" },
    [SAVE] = { "document.save",
               "INSERT INTO document (workspace_id, connection_id, kind, remote_id, parent, digest,"
               " body, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
               " ON CONFLICT (workspace_id, connection_id, kind, remote_id) DO UPDATE"
               " SET parent = excluded.parent, digest = excluded.digest, body = excluded.body,"
               " received_at = excluded.received_at" },
    [LOAD] = { "document.load",
               "SELECT body FROM document WHERE workspace_id = $1 AND connection_id = $2"
               " AND kind = $3 AND remote_id = $4" },
    { NULL, NULL },
};

enum status documents_known(struct store *store, struct db *db, struct arena *a,
                            int64_t connection_id, const char *kind, struct str parent,
                            struct known_documents *ret_known, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    size_t n = 0, room = 0;
    struct known_document *at = NULL;
    TRY(db_query(
        db, &document_statements[KNOWN],
        DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_t(str_of(kind)), db_t(parent)),
        &row, err));
    for (;;) {
        bool more;
        TRY(db_next(&row, &more, err));
        if (!more)
            break;
        ARENA_GROW(a, at, n, room);
        struct str digest = db_text(&row, 0);
        if (digest.len != DIGEST_BYTES)
            continue; /* not of our making: the record is read anew */
        memcpy(at[n].digest.at, digest.at, DIGEST_BYTES);
        at[n++].remote_id = arena_copy(a, db_text(&row, 1));
    }
    *ret_known = (struct known_documents){ at, n };
    return ST_OK;
}

const struct str *known_find(const struct known_documents *known, struct digest digest)
{
    size_t low = 0, high = known->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(known->at[middle].digest.at, digest.at, DIGEST_BYTES);
        if (order == 0)
            return &known->at[middle].remote_id;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

enum status document_save(struct store *store, struct db *db, const struct document_row *row,
                          struct error *err)
{
    struct str digest = { (const char *)row->digest.at, DIGEST_BYTES };
    return db_run(db, &document_statements[SAVE],
                  DB_VALUES(db_i(store->workspace_id), db_i(row->connection_id),
                            db_t(str_of(row->kind)), db_t(row->remote_id), db_t(row->parent),
                            db_b(digest), db_t(row->body), db_i(store_now(store))),
                  NULL, err);
}

enum status document_load(struct store *store, struct db *db, struct arena *a,
                          int64_t connection_id, const char *kind, struct str remote_id,
                          struct str *ret_body, struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &document_statements[LOAD],
                 DB_VALUES(db_i(store->workspace_id), db_i(connection_id), db_t(str_of(kind)),
                           db_t(remote_id)),
                 &row, err));
    TRY(db_next(&row, &more, err));
    if (!more)
        return fail(err, ST_NOT_FOUND, "no document of %s %.*s is stored", kind,
                    STR_PRINT(remote_id));
    *ret_body = arena_copy(a, db_text(&row, 0));
    return ST_OK;
}
