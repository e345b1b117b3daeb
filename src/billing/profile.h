/* How a bill file is to be read: delimiter, encoding, decimal mark, and which column is what. What
 * a profile leaves open is found in the file: the delimiter by its header line, the columns by
 * usual names. */
#pragma once

#include "base/csv.h"

enum bill_role {
    ROLE_ACCOUNT,  /* the customer's name in the PSA */
    ROLE_PRODUCT,  /* name of the product or service */
    ROLE_PART,     /* part number or product id */
    ROLE_QUANTITY, /* seats */
    ROLE_PRICE,    /* per unit and billing period */
    ROLE_CURRENCY,
    ROLE_PERIOD, /* what one price covers: monthly, annual, ... */
    ROLES,
};

const char *role_name(enum bill_role role); /* "quantity" */

struct bill_profile {
    char delimiter;            /* 0: found by the header line */
    bool is_cp1252;            /* else UTF-8, with or without BOM */
    char decimal_mark;         /* '.' or ',' */
    char grouping;             /* between groups of three digits; 0: none */
    int64_t skip_rows;         /* lines above the header */
    struct str columns[ROLES]; /* header text, or number from 1; STR_NONE: by usual names */
    struct str currency;       /* of lines that name none; STR_NONE: such lines are wrong */
    struct str period;         /* likewise; monthly when STR_NONE */
};

/* The columns of a header, from 0; -1 where a role has none. ST_INVALID names what is missing, or
 * there twice, and what the file has. */
enum status profile_columns(const struct bill_profile *profile, const struct csv_reader *header,
                            int columns[ROLES], struct error *err);

/* The delimiter of the file: the profile's, or the one that the first line that is not blank holds
 * most of outside of quotes. */
char profile_delimiter(const struct bill_profile *profile, struct str text);

/* The text without BOM and skipped lines. ST_INVALID for UTF-16 and for a file without a line. */
enum status profile_text(const struct bill_profile *profile, struct str file, struct str *ret_text,
                         int64_t *ret_first_line, struct error *err);

/* A cell as UTF-8. ST_INVALID when it is not of the profile's encoding. */
enum status profile_cell(const struct bill_profile *profile, struct arena *a, struct str cell,
                         struct str *ret_text, struct error *err);
