/* The columns of Ion's reports and what stands in them: 4.8 (REAL). Of the 80 recorded ones there
 * are those that the simulator has facts for. */
#include "sim/ion_reports.h"

#include "base/moment.h"

const char *const report_value_types[] = { "STRING", "FLOAT", "MONEY" };

const struct column report_columns[COLUMNS] = {
    [COLUMN_CUSTOMER] = { 14, "Customer Name", TEMPLATE "unique_name", true, VALUE_STRING, 1 },
    [COLUMN_COMPANY] = { 15, "Customer Company", TEMPLATE "customer_company_name", true,
                         VALUE_STRING, -1 },
    [COLUMN_CUSTOMER_ID] = { 13, "Customer ID", TEMPLATE "customer_id", true, VALUE_STRING, -1 },
    [COLUMN_ACCOUNT] = { 59, "Subscription ID", TEMPLATE "cloud_account_number", true, VALUE_STRING,
                         -1 },
    [COLUMN_PRODUCT] = { 53, "Product Name", TEMPLATE "product_name", true, VALUE_STRING, 2 },
    [COLUMN_SKU] = { 54, "SKU Name", TEMPLATE "sku_name", true, VALUE_STRING, 3 },
    [COLUMN_MPN] = { 51, "MPN ID", TEMPLATE "mpn_id", true, VALUE_STRING, -1 },
    [COLUMN_TERM] = { 55, "Term And Billing Cycle", TEMPLATE "term_and_billing_cycle", true,
                      VALUE_STRING, 4 },
    [COLUMN_SELLER_COST] = { 22, "Seller Cost", TEMPLATE "seller_cost", false, VALUE_MONEY, 0 },
    [COLUMN_CUSTOMER_COST] = { 23, "Customer Cost", TEMPLATE "customer_cost", false, VALUE_MONEY,
                               0 },
    [COLUMN_MARGIN] = { 24, "Margin", TEMPLATE "margin", false, VALUE_MONEY, 0 },
    [COLUMN_UNIT_PRICE] = { 84, "Unit Price", TEMPLATE "unit_price", true, VALUE_STRING, -1 },
    [COLUMN_USAGE] = { 25, "Usage Quantity", TEMPLATE "usage", false, VALUE_FLOAT, 0 },
    [COLUMN_SEATS] = { 77, "Seat Count", TEMPLATE "seat_count", true, VALUE_STRING, 5 },
    [COLUMN_START] = { 67, "Subscription StartDate", TEMPLATE "subscription_startdate", true,
                       VALUE_STRING, -1 },
    [COLUMN_END] = { 68, "Subscription EndDate", TEMPLATE "subscription_enddate", true,
                     VALUE_STRING, -1 },
    [COLUMN_DOMAIN] = { 66, "Domain Name", TEMPLATE "domain_name", true, VALUE_STRING, -1 },
};

const char *report_heading(struct arena *a, const struct column *c)
{
    return c->type == VALUE_MONEY ? arena_printf(a, "%s (" CURRENCY ")", c->name) : c->name;
}

struct str report_amount(struct arena *a, struct total amount)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    total_print_exact(&text, amount);
    return arena_copy(a, buf_str(&text));
}

static struct str day_text(struct arena *a, int64_t ms)
{
    SCOPED(buf_release) struct buf text = BUF(16);
    date_print(&text, date_of_ms(ms));
    return arena_copy(a, buf_str(&text));
}

struct str report_cell(struct ask *ask, const struct ion_charge *c, const struct customer *who,
                       int column)
{
    struct arena *a = ask->x->a;
    const struct subscription *s = &c->s;
    switch ((enum column_id)column) {
    case COLUMN_CUSTOMER:
    case COLUMN_COMPANY:
        return who->name.legal;
    case COLUMN_CUSTOMER_ID:
        return str_of(arena_printf(a, "%lld", (long long)who->number));
    case COLUMN_ACCOUNT:
        return str_of(sim_ion_guid(ask->sim, s->place, arena_alloc(a, 37)));
    case COLUMN_PRODUCT:
    case COLUMN_SKU:
        return str_of(s->goods->name);
    case COLUMN_MPN:
        return str_of(ion_part_number(a, s->goods, s->variant));
    case COLUMN_TERM:
        return str_of(arena_printf(a, "%s %s", s->variant->term, s->variant->ion_cycle));
    case COLUMN_SELLER_COST:
        return report_amount(a, ion_dollars(c->cost, s->currency));
    case COLUMN_CUSTOMER_COST:
        return report_amount(a, ion_dollars(c->price, s->currency));
    case COLUMN_MARGIN:
        return report_amount(a, total_subtract(ion_dollars(c->price, s->currency),
                                               ion_dollars(c->cost, s->currency)));
    case COLUMN_UNIT_PRICE:
        return report_amount(a, ion_dollars(total_of(s->cost), s->currency));
    case COLUMN_USAGE:
        return str_of(arena_printf(a, "%lld", (long long)(s->quantity * c->n)));
    case COLUMN_SEATS:
        return str_of(arena_printf(a, "%lld", (long long)s->quantity));
    case COLUMN_START:
        return day_text(a, s->term_started_ms);
    case COLUMN_END:
        return day_text(a, s->term_ends_ms);
    case COLUMN_DOMAIN:
        return who->name.domain;
    case COLUMNS:
        break;
    }
    return STR("");
}
