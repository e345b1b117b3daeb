/* Bills: what the MSP charges its customers, as a PSA exported it. The newest import is the current
 * one; its customers and products are accounts and services of a connection of the kind "bill". */
#pragma once

#include "base/decimal.h"
#include "store/store.h"

struct bill_row {
    int64_t id, connection_id;
    struct str file_name, checksum;
    int64_t imported_at, n_lines, n_skipped;
};

/* A new bill, current instead of the one before. In the caller's transaction; lines follow in the
 * same one. */
enum status bill_add(struct store *store, struct db *db, struct bill_row *row, struct error *err);
enum status bill_finish(struct store *store, struct db *db, const struct bill_row *row,
                        struct error *err);

/* ST_NOT_FOUND when no bill was imported. */
enum status bill_current(struct store *store, struct db *db, struct arena *a,
                         struct bill_row *ret_row, struct error *err);

struct bill_line_row {
    int64_t line; /* of the file, from 1 */
    int64_t account_id, service_id;
    struct decimal quantity;
    struct decimal price; /* per unit and billing cycle */
    bool has_price;
    struct str price_text; /* as written; or STR_NONE */
    struct str currency;   /* or STR_NONE */
    int cycle_months;      /* that one price covers; 0: once; -1: unknown */
};

enum status bill_line_add(struct store *store, struct db *db, int64_t bill_id,
                          const struct bill_line_row *row, struct error *err);

/* The lines of a bill, in order; text borrowed until the next step. */
enum status bill_lines(struct store *store, struct db *db, int64_t bill_id,
                       struct db_cursor *ret_cursor, struct error *err);
enum status bill_line_next(struct db_cursor *cursor, struct bill_line_row *ret_row, bool *ret_more,
                           struct error *err);

extern const struct statement bill_statements[];
