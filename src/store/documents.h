/* Documents as received. The digest tells whether a record changed without parsing it. */
#pragma once

#include "store/store.h"

/* What is known of the records under one parent, to find the unchanged ones in a page. */
struct known_document {
    struct digest digest;
    struct str remote_id;
};

struct known_documents {
    struct known_document *at; /* by digest */
    size_t n;
};

/* Everything of one kind under a parent ("" for accounts), sorted for known_find. */
enum status documents_known(struct store *store, struct db *db, struct arena *a,
                            int64_t connection_id, const char *kind, struct str parent,
                            struct known_documents *ret_known, struct error *err);

/* The remote id of the record with this digest; NULL when there is none. */
const struct str *known_find(const struct known_documents *known, struct digest digest);

struct document_row {
    int64_t connection_id;
    const char *kind;
    struct str remote_id, parent, body;
    struct digest digest;
};

/* Adds or replaces, in the caller's transaction. */
enum status document_save(struct store *store, struct db *db, const struct document_row *row,
                          struct error *err);

/* ST_NOT_FOUND when there is none. */
enum status document_load(struct store *store, struct db *db, struct arena *a,
                          int64_t connection_id, const char *kind, struct str remote_id,
                          struct str *ret_body, struct error *err);

extern const struct statement document_statements[];
