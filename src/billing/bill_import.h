/* Importing a bill: all of it, or, when told so, all but the lines that are wrong. */
#pragma once

#include "billing/profile.h"
#include "store/bills.h"

#include <stdatomic.h>

struct bill_problem {
    size_t line, column; /* of the file, from 1; column 0: the line as a whole */
    const char *text;
};

/* "line 3, column 2: the product is empty" */
const char *bill_problem_text(struct arena *a, const struct bill_problem *problem);

struct bill_entry {
    size_t line;
    struct str account, product, part; /* part may be empty */
    struct decimal quantity;
    struct decimal price;
    bool has_price;
    struct str price_text;
    struct str currency; /* STR_NONE without a price */
    struct str period;   /* as written */
    int cycle_months;
    size_t rounded_column; /* of an amount with more than 8 decimals; 0: there is none */
};

struct bill_import_options {
    struct bill_profile profile;
    const char *file_name;
    bool skip_bad;                /* store the good lines and list the others */
    const atomic_bool *cancelled; /* may be NULL */
};

struct bill_import_result {
    int64_t bill_id; /* 0: nothing was stored */
    int64_t n_lines, n_wrong;
    int64_t n_accounts, n_services;
    int64_t n_rounded;                   /* lines with an amount of more than 8 decimals */
    struct bill_problem rounded;         /* where the first of them is */
    const struct bill_problem *problems; /* the first LIMIT_CSV_ERRORS_SHOWN */
    size_t n_problems;
    const struct bill_entry *preview; /* the first good lines, as understood */
    size_t n_preview;
};

#define BILL_PREVIEW_LINES 20

/* Reads the whole file and stores nothing. ST_INVALID when the file as a whole cannot be read or a
 * line is wrong; the result says which. */
enum status bill_read(struct arena *a, struct str file, const struct bill_import_options *options,
                      struct bill_import_result *ret_result, struct error *err);

/* Reads, then stores everything in one transaction; the bill becomes the current one. Nothing is
 * stored when a line is wrong, unless skip_bad. ST_CANCELLED: the bill before stays. */
enum status bill_import(struct store *store, struct arena *a, struct str file,
                        const struct bill_import_options *options,
                        struct bill_import_result *ret_result, struct error *err);
