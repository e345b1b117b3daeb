/* What a workspace allows: whether anything may be changed through a connection. */
#pragma once

#include "store/store.h"

struct buying_policy_row {
    int64_t connection_id;
    struct str base_url; /* that it was said about: another address is another service */
    bool is_known;       /* somebody has said so; without a row nothing is on */
    bool is_on;
    struct str changed_by;
    int64_t changed_at;
};

enum status buying_policy_load(struct store *store, struct db *db, struct arena *a,
                               int64_t connection_id, struct buying_policy_row *ret_row,
                               struct error *err);
enum status buying_policy_save(struct store *store, struct db *db, int64_t connection_id,
                               struct str base_url, bool is_on, struct str actor,
                               struct error *err);

extern const struct statement policy_statements[];
