/* Stellr's invoices, their lines, and Azure consumption: stellr 5.3, 5.8, 5.9, 6.6 to 6.8; all
 * GUESS. One invoice per vendor and month, of the last twelve months; its
 * subTotal is the sum of its lines. */
#include "sim/stellr_inside.h"

#include "sim/stellr_charges.h"

#define DAY_MS      INT64_C(86400000)
#define MONTHS_KEPT 12

static const char *const vendors[] = { "Microsoft", "Google", "Cisco" };

struct invoice {
    int vendor;
    struct date month; /* its first day */
    struct date date, due;
    struct total total;
};

static struct date month_before(struct date month, int n)
{
    int count = month.year * 12 + month.month - 1 - n;
    return (struct date){ count / 12, count % 12 + 1, 1 };
}

static int64_t invoice_number(const struct invoice *x)
{
    return 66000000 + (int64_t)(x->month.year * 12 + x->month.month) * 10 + x->vendor;
}

static bool is_paid(struct sim *sim, const struct invoice *x)
{
    return date_to_ms(x->due) < sim_now(sim);
}

/* All invoices there are, oldest first; those of one month in the order of vendors. */
static size_t list_invoices(struct sim *sim, struct invoice all[static MONTHS_KEPT * 3])
{
    struct date today = stellr_date(sim, sim_now(sim));
    size_t n = 0;
    for (int back = MONTHS_KEPT; back > 0; back--)
        for (int v = 0; v < 3; v++) {
            struct date month = month_before((struct date){ today.year, today.month, 1 }, back);
            struct date date = month_before(month, -1);
            all[n++] = (struct invoice){
                .vendor = v,
                .month = month,
                .date = date,
                .due = date_of_ms(date_to_ms(date) + 30 * DAY_MS),
            };
        }
    return n;
}

/* One pass over the world for the totals of all. */
static void add_up(struct sim *sim, struct invoice *all, size_t n)
{
    int64_t end = sim_subscriptions(sim, AT_STELLR);
    for (int64_t place = 0; place < end; place++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct life life;
        if (!sim_lists_subscription(sim, AT_STELLR, place))
            continue;
        life_open(sim, &a, place, &life);
        for (size_t i = 0; i < n; i++) {
            struct charge charges[CHARGES_MAX];
            if (strcmp(life.s.goods->vendor, vendors[all[i].vendor]) != 0)
                continue;
            size_t n_charges = life_charges(sim, &life, all[i].month, charges);
            for (size_t c = 0; c < n_charges; c++)
                all[i].total =
                    total_add(all[i].total, total_times(charges[c].price, charges[c].quantity));
        }
    }
}

static struct decimal decimal_of(struct total total)
{
    return (struct decimal){ (int64_t)total.units };
}

static int64_t day_number(struct date date)
{
    return date_to_ms(date) / DAY_MS;
}

/* From and to of the query, as days; false when the refusal is written. */
static bool read_days(struct ask *ask, int64_t *ret_from, int64_t *ret_to, bool *ret_both)
{
    struct date from, to;
    bool has_from, has_to;
    if (!stellr_day_wanted(ask, "fromDate", &has_from, &from) ||
        !stellr_day_wanted(ask, "toDate", &has_to, &to))
        return false;
    *ret_from = has_from ? day_number(from) : INT64_MIN;
    *ret_to = has_to ? day_number(to) : INT64_MAX;
    *ret_both = has_from && has_to;
    return true;
}

static void put_invoice(struct ask *ask, struct json_writer *w, const struct invoice *x)
{
    struct decimal total = decimal_of(x->total), nothing = { 0 };
    struct arena *a = ask->x->a;
    struct date last = x->month;
    last.day = date_days_in_month(last.year, last.month);
    json_open_object(w);
    json_put_text(w, "invoiceNo", str_of(arena_printf(a, "%lld", (long long)invoice_number(x))));
    stellr_put_date(w, "invoiceDate", x->date);
    stellr_put_date(w, "dueDate", x->due);
    stellr_put_date(w, "billingPeriodStart", x->month);
    stellr_put_date(w, "billingPeriodEnd", last);
    json_put_text(w, "vendorName", str_of(vendors[x->vendor]));
    json_put_text(
        w, "poNo",
        str_of(arena_printf(a, "PO-%04d-%02d%02d", x->month.year, x->month.month, x->vendor)));
    stellr_put_money(ask, w, "subTotal", total);
    stellr_put_money(ask, w, "tax", nothing);
    stellr_put_money(ask, w, "total", total);
    stellr_put_money(ask, w, "balance", is_paid(ask->sim, x) ? nothing : total);
    json_put_text(w, "currency", STR("USD"));
    json_put_text(w, "status", is_paid(ask->sim, x) ? STR("Paid") : STR("Open"));
    json_close(w);
}

void give_invoices(struct ask *ask)
{
    struct invoice all[MONTHS_KEPT * 3], shown[MONTHS_KEPT * 3];
    struct str status = ask_query(ask, "status");
    struct page_wanted page;
    int64_t from, to, n_shown = 0;
    bool both;
    if (!read_days(ask, &from, &to, &both))
        return;
    size_t n = list_invoices(ask->sim, all);
    add_up(ask->sim, all, n);
    for (size_t i = 0; i < n; i++) {
        const char *word = is_paid(ask->sim, &all[i]) ? "Paid" : "Open";
        int64_t day = day_number(all[i].date);
        if (all[i].total.units != 0 && day >= from && day <= to &&
            (status.len == 0 || str_equal_nocase(status, str_of(word))))
            shown[n_shown++] = all[i];
    }
    if (!stellr_page(ask, n_shown, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++)
        put_invoice(ask, &w, &shown[i]);
    stellr_close_list(&w);
}

/* --- lines --- */

struct report_line {
    int64_t place;
    const struct invoice *invoice;
    struct charge charge;
};

static void put_line(struct ask *ask, struct json_writer *w, const struct report_line *line)
{
    struct arena *a = ask->x->a;
    const struct charge *c = &line->charge;
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, line->place);
    struct customer customer = sim_customer(ask->sim, a, AT_STELLR, s.customer_place);
    const struct article *x = &c->article;
    json_open_object(w);
    json_put_text(w, "invoiceNo",
                  str_of(arena_printf(a, "%lld", (long long)invoice_number(line->invoice))));
    stellr_put_date(w, "invoiceDate", line->invoice->date);
    stellr_put_id(ask, w, "customerNo", customer.number);
    json_put_text(w, "customerName",
                  customer.name.domain.len > 0 ? customer.name.domain : customer.name.legal);
    json_put_text(w, "subscriptionId", str_of(stellr_id(a, &s)));
    stellr_put_id(ask, w, "contractNo", s.contract);
    json_put_integer(w, "lineNo", s.line);
    stellr_put_id(ask, w, "skuNo", article_sku(x));
    json_put_text(w, "mfgPartNo", str_of(stellr_part_number(a, x->goods)));
    json_put_text(w, "productName", str_of(stellr_product_name(a, x->goods, x->variant)));
    json_put_text(w, "chargeType", str_of(c->type));
    stellr_put_date(w, "chargeStartDate", c->start);
    stellr_put_date(w, "chargeEndDate", c->end);
    json_put_integer(w, "quantity", c->quantity);
    stellr_put_money(ask, w, "unitPrice", c->price);
    stellr_put_money(ask, w, "amount", decimal_of(total_times(c->price, c->quantity)));
    stellr_put_money(ask, w, "customerPrice", c->customer_price);
    stellr_put_money(ask, w, "customerAmount",
                     decimal_of(total_times(c->customer_price, c->quantity)));
    json_put_text(w, "currency", STR("USD"));
    json_close(w);
}

/* A growing list. */
struct report {
    struct report_line *lines;
    size_t n, room;
};

static void add_lines_of(struct ask *ask, const struct invoice *wanted, size_t n_wanted,
                         int64_t place, struct report *to)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct life life;
    life_open(ask->sim, &a, place, &life);
    for (size_t i = 0; i < n_wanted; i++) {
        struct charge charges[CHARGES_MAX];
        if (strcmp(life.s.goods->vendor, vendors[wanted[i].vendor]) != 0)
            continue;
        size_t n_charges = life_charges(ask->sim, &life, wanted[i].month, charges);
        for (size_t c = 0; c < n_charges; c++) {
            ARENA_GROW(ask->x->a, to->lines, to->n, to->room);
            to->lines[to->n++] = (struct report_line){ place, &wanted[i], charges[c] };
        }
    }
}

/* The lines of these invoices, by subscription, then by invoice; `customer` is -1 for all. */
static size_t gather_lines(struct ask *ask, const struct invoice *wanted, size_t n_wanted,
                           int64_t customer, struct report_line **ret_lines)
{
    struct report report = { .n = 0 };
    int64_t *places = NULL, n = sim_subscriptions(ask->sim, AT_STELLR);
    if (customer != -1)
        n = customer < 0
                ? 0
                : sim_customer_subscriptions(ask->sim, ask->x->a, AT_STELLR, customer, &places);
    for (int64_t i = 0; i < n; i++) {
        int64_t place = places == NULL ? i : places[i];
        if (sim_lists_subscription(ask->sim, AT_STELLR, place))
            add_lines_of(ask, wanted, n_wanted, place, &report);
    }
    *ret_lines = report.lines;
    return report.n;
}

/* The invoices that the query asks for; false when the refusal is written. */
static bool choose_invoices(struct ask *ask, struct invoice wanted[static MONTHS_KEPT * 3],
                            size_t *ret_n)
{
    struct invoice all[MONTHS_KEPT * 3];
    struct str number = ask_query(ask, "invoiceNo");
    int64_t from, to, invoice = 0;
    bool both;
    *ret_n = 0;
    if (!read_days(ask, &from, &to, &both))
        return false;
    if (number.len == 0 && !both) {
        stellr_error(ask, 400, "MISSING_PARAMETER",
                     "invoiceNo, or fromDate and toDate, are missing.");
        return false;
    }
    size_t n = list_invoices(ask->sim, all);
    bool is_number = str_integer(number, &invoice);
    for (size_t i = 0; i < n; i++) {
        int64_t day = day_number(all[i].date);
        bool fits = number.len > 0 ? is_number && invoice_number(&all[i]) == invoice
                                   : day >= from && day <= to;
        if (fits)
            wanted[(*ret_n)++] = all[i];
    }
    if (number.len > 0 && *ret_n == 0)
        stellr_refuse(ask, 404, "NOT_FOUND", "There is no invoice %.*s.", STR_PRINT(number));
    return number.len == 0 || *ret_n > 0;
}

void give_invoice_report(struct ask *ask)
{
    struct invoice wanted[MONTHS_KEPT * 3];
    struct report_line *lines;
    struct page_wanted page;
    size_t n_wanted;
    if (!choose_invoices(ask, wanted, &n_wanted))
        return;
    size_t n = gather_lines(ask, wanted, n_wanted, stellr_customer_wanted(ask), &lines);
    if (!stellr_page(ask, (int64_t)n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++)
        put_line(ask, &w, &lines[i]);
    stellr_close_list(&w);
}

/* --- Azure --- */

static bool read_month(struct ask *ask, struct date *ret_month)
{
    struct str text = ask_query(ask, "billingMonth");
    *ret_month = stellr_date(ask->sim, sim_now(ask->sim));
    ret_month->day = 1;
    if (text.len == 0)
        return true;
    const char *day = arena_printf(ask->x->a, "%.*s-01", STR_PRINT(text));
    if (text.len == 7 && date_parse(str_of(day), ret_month))
        return true;
    stellr_error(ask, 400, "INVALID_PARAMETER", "billingMonth must be a month such as 2026-07.");
    return false;
}

static void put_usage(struct ask *ask, struct json_writer *w, int64_t place, struct date month)
{
    struct arena *a = ask->x->a;
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    struct customer c = sim_customer(ask->sim, a, AT_STELLR, s.customer_place);
    struct usage u = usage_of(ask->sim, &s, month);
    json_open_object(w);
    stellr_put_id(ask, w, "customerNo", c.number);
    json_put_text(w, "customerName", c.name.domain.len > 0 ? c.name.domain : c.name.legal);
    json_put_text(w, "subscriptionId", str_of(stellr_id(a, &s)));
    json_put_text(
        w, "azureSubscriptionId",
        str_of(world_guid(ask->sim->world.seed, 65, (uint64_t)place, arena_alloc(a, 37))));
    json_put_text(w, "azureSubscriptionName",
                  str_of(arena_printf(a, "%.*s Prod", STR_PRINT(c.name.legal))));
    json_put_text(w, "billingMonth", str_of(arena_printf(a, "%04d-%02d", month.year, month.month)));
    stellr_put_date(w, "usageStartDate", u.start);
    stellr_put_date(w, "usageEndDate", u.end);
    stellr_put_money(ask, w, "resellerCost", u.cost);
    stellr_put_money(ask, w, "customerCost", u.price);
    json_put_text(w, "currency", STR("USD"));
    json_close(w);
}

void give_azure_consumption(struct ask *ask)
{
    int64_t wanted = stellr_customer_wanted(ask), end = sim_subscriptions(ask->sim, AT_STELLR);
    int64_t *places = ARENA_ARRAY(ask->x->a, (size_t)end + 1, int64_t), n = 0;
    struct page_wanted page;
    struct date month;
    if (!read_month(ask, &month))
        return;
    for (int64_t i = 0; i < end; i++) {
        if (!sim_lists_subscription(ask->sim, AT_STELLR, i))
            continue;
        struct subscription s = sim_subscription(ask->sim, AT_STELLR, i);
        if (s.goods->measure == MEASURE_USAGE && (wanted == -1 || s.customer_place == wanted) &&
            usage_of(ask->sim, &s, month).cost.units > 0)
            places[n++] = i;
    }
    if (!stellr_page(ask, n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++)
        put_usage(ask, &w, places[i], month);
    stellr_close_list(&w);
}
