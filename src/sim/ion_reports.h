/* The columns of Ion's reports: 4.8. Not for others. */
#pragma once

#include "sim/ion.h"

#define TEMPLATE "azure_plan_billing."
#define CURRENCY "USD" /* of the report; other currencies are converted into it */

enum value_type { VALUE_STRING, VALUE_FLOAT, VALUE_MONEY };
extern const char *const report_value_types[];

enum column_id {
    COLUMN_CUSTOMER,
    COLUMN_COMPANY,
    COLUMN_CUSTOMER_ID,
    COLUMN_ACCOUNT,
    COLUMN_PRODUCT,
    COLUMN_SKU,
    COLUMN_MPN,
    COLUMN_TERM,
    COLUMN_SELLER_COST,
    COLUMN_CUSTOMER_COST,
    COLUMN_MARGIN,
    COLUMN_UNIT_PRICE,
    COLUMN_USAGE,
    COLUMN_SEATS,
    COLUMN_START,
    COLUMN_END,
    COLUMN_DOMAIN,
    COLUMNS
};

/* `level` is that of the grouping in the report's own choice; -1: not chosen there, 0: a number. */
struct column {
    int number; /* behind 810000 */
    const char *name, *template;
    bool groupable;
    enum value_type type;
    int level;
};
extern const struct column report_columns[COLUMNS];

/* Money carries the currency of the report in its heading (3.8 CLIENT). */
const char *report_heading(struct arena *a, const struct column *c);
struct str report_amount(struct arena *a, struct total amount);
struct str report_cell(struct ask *ask, const struct ion_charge *c, const struct customer *who,
                       int column);
