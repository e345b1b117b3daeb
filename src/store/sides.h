/* Both sides of the comparison, in the order of organisations: what the distributor holds and what
 * the bill says, with their mappings. Texts are borrowed until the next step. */
#pragma once

#include "remote/record.h"
#include "store/store.h"

struct charged_row {
    int64_t organisation_id;
    struct str organisation;
    int64_t bill_service_id; /* that this service is mapped to; 0: none */
    struct str service, part_number, part_key;
    enum measure measure;
    enum standing standing;
    bool is_gone;
    struct whole quantity;
    struct amount cost, price;
    struct str currency;
    int cycle_months;
    struct str status;
    bool status_known;
    struct str connection, connector, remote_id, account_remote_id, account_name;
};

enum status charged_list(struct store *store, struct db *db, struct db_cursor *ret_cursor,
                         struct error *err);
enum status charged_next(struct db_cursor *cursor, struct charged_row *ret_row, bool *ret_more,
                         struct error *err);

struct billed_row {
    int64_t organisation_id;
    struct str organisation;
    int64_t service_id;
    struct str service, part_number, part_key;
    struct str measure; /* of the service */
    int64_t line;
    struct decimal quantity, price;
    bool has_price;
    struct str currency;
    int cycle_months;
    struct str account;
};

enum status billed_list(struct store *store, struct db *db, int64_t bill_id,
                        struct db_cursor *ret_cursor, struct error *err);
enum status billed_next(struct db_cursor *cursor, struct billed_row *ret_row, bool *ret_more,
                        struct error *err);

extern const struct statement side_statements[];
