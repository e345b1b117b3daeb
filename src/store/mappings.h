/* Organisations (the MSP's own customers) and mappings: accounts to organisations, distributor
 * services to the services of the bill. Each says by which rule it came to be, and its evidence. */
#pragma once

#include "store/store.h"

#define MAPPING_CONFIRMED "confirmed"
#define MAPPING_EXCLUDED  "excluded"

struct organisation_row {
    int64_t id;
    struct str name;
};

/* All, by name. */
enum status organisation_list(struct store *store, struct db *db, struct arena *a,
                              const struct organisation_row **ret_rows, size_t *ret_n,
                              struct error *err);

/* The id of the organisation of exactly this name, adding it when it is new; in the caller's
 * transaction. */
enum status organisation_ensure(struct store *store, struct db *db, struct str name,
                                int64_t *ret_id, struct error *err);

struct mapping_row {
    int64_t from_id; /* account, or distributor service */
    int64_t to_id;   /* organisation, or service of the bill; 0 when excluded */
    struct str state, rule, evidence, actor;
    int64_t decided_at;
};

enum mapping_kind { MAPPING_ACCOUNT, MAPPING_SERVICE };

/* All of a kind, by from_id, in the arena. */
enum status mapping_list(struct store *store, struct db *db, struct arena *a,
                         enum mapping_kind kind, const struct mapping_row **ret_rows, size_t *ret_n,
                         struct error *err);

/* Adds or replaces, in the caller's transaction. */
enum status mapping_save(struct store *store, struct db *db, enum mapping_kind kind,
                         const struct mapping_row *row, struct error *err);
/* Adds unless there is one, which a person may have made in between. */
enum status mapping_add(struct store *store, struct db *db, enum mapping_kind kind,
                        const struct mapping_row *row, struct error *err);

extern const struct statement mapping_statements[];
