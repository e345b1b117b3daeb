/* Stellr's conventions: envelope, errors, paging, ids, money and dates (stellr 3 and 8), and the
 * table of its answers. Values of GUESS are marked by their assumption number in the reference. */
#include "sim/stellr_inside.h"

#include <stdarg.h>

#define PAGE_SIZE_MAX 200 /* more is refused */

struct str stellr_request_id(struct ask *ask)
{
    uint64_t number = (uint64_t)atomic_load(&ask->sim->n_requests);
    return str_of(world_guid(ask->sim->world.seed, 901, number, arena_alloc(ask->x->a, 37)));
}

struct json_writer stellr_open(struct ask *ask, int status)
{
    struct json_writer w = ask_json(ask, status);
    json_open_object(&w);
    json_put_text(&w, "requestId", stellr_request_id(ask));
    json_put_object(&w, "data");
    return w;
}

void stellr_close(struct json_writer *w)
{
    json_close(w);
    json_close(w);
}

void stellr_error(struct ask *ask, int status, const char *code, const char *message)
{
    struct json_writer w = stellr_open(ask, status);
    json_put_text(&w, "errorCode", str_of(code));
    json_put_text(&w, "errorMessage", str_of(message));
    stellr_close(&w);
}

void stellr_refuse(struct ask *ask, int status, const char *code, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    stellr_error(ask, status, code, text);
}

/* --- values --- */

void stellr_put_id(struct ask *ask, struct json_writer *w, const char *key, int64_t id)
{
    if (sim_knob_flag(ask->sim, KNOB_ids_as_text))
        json_put_text(w, key, str_of(arena_printf(ask->x->a, "%lld", (long long)id)));
    else
        json_put_integer(w, key, id);
}

void stellr_put_money(struct ask *ask, struct json_writer *w, const char *key, struct decimal m)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    if (!sim_knob_flag(ask->sim, KNOB_money_as_text)) {
        put_price(w, key, m, true);
        return;
    }
    total_print(&text, total_of(m), 2);
    json_put_text(w, key, buf_str(&text));
}

/* ISO 8601 in US Eastern time, milliseconds, offset without colon (3.3 REAL). */
void stellr_put_moment(struct ask *ask, struct json_writer *w, const char *key, int64_t ms)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    int offset_s = zone_offset_s(ask->sim->eastern, ms);
    moment_print(&text, ms + (int64_t)offset_s * 1000);
    int minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
    text.len--; /* the Z */
    buf_printf(&text, "%c%02d%02d", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    json_put_text(w, key, buf_str(&text));
}

void stellr_put_date(struct json_writer *w, const char *key, struct date date)
{
    SCOPED(buf_release) struct buf text = BUF(16);
    date_print(&text, date);
    json_put_text(w, key, buf_str(&text));
}

struct date stellr_date(struct sim *sim, int64_t ms)
{
    struct date date;
    zone_date(sim->eastern, ms, &date);
    return date;
}

/* --- lists --- */

/* Quirk 1, REAL: without both paging parameters the list is empty, although data exists. */
static bool shows_nothing(struct ask *ask, bool is_optional)
{
    bool given = ask_query(ask, "pageNo").len > 0 && ask_query(ask, "pageSize").len > 0;
    return !(given || is_optional || sim_knob_flag(ask->sim, KNOB_drop_paging_quirk));
}

bool stellr_page(struct ask *ask, int64_t total, bool is_optional, struct page_wanted *page)
{
    bool wrong_number, wrong_size;
    int64_t number = ask_number(ask, "pageNo", 1, &wrong_number);
    int64_t size = ask_number(ask, "pageSize", PAGE_SIZE_MAX, &wrong_size);
    if (wrong_number || wrong_size || number < 1 || size < 1 || size > PAGE_SIZE_MAX) {
        stellr_error(ask, 400, "INVALID_PARAMETER",
                     "pageNo must be 1 or more, pageSize from 1 to 200.");
        return false;
    }
    if (ask->fault == FAULT_PAGE_REPEATS)
        number = 1;
    if (number - 1 > total / size)
        number = total / size + 2;
    page->first = (number - 1) * size < total ? (number - 1) * size : total;
    page->end = page->first + size < total ? page->first + size : total;
    page->total = total + (ask->fault == FAULT_TOTAL_MOVES ? number : 0);
    if (ask->fault == FAULT_PAGE_VANISHES && number > 1)
        page->first = page->end;
    if (shows_nothing(ask, is_optional))
        page->first = page->end = page->total = 0;
    return true;
}

struct json_writer stellr_open_list(struct ask *ask, const struct page_wanted *page)
{
    struct json_writer w = stellr_open(ask, 200);
    json_put_integer(&w, "total", page->total);
    json_put_array(&w, "records");
    return w;
}

void stellr_close_list(struct json_writer *w)
{
    json_close(w);
    stellr_close(w);
}

/* --- who and what is meant --- */

bool stellr_find_customer(struct ask *ask, int64_t *ret_place)
{
    struct str number = ask_path(ask, "customerNo");
    if (sim_find_customer(ask->sim, AT_STELLR, number, ret_place))
        return true;
    stellr_refuse(ask, 404, "NOT_FOUND", "No customer %.*s belongs to this reseller.",
                  STR_PRINT(number));
    return false;
}

bool stellr_find_subscription(struct ask *ask, int64_t *ret_customer, int64_t *ret_place)
{
    struct str id = ask_path(ask, "subscriptionId");
    if (!stellr_find_customer(ask, ret_customer))
        return false;
    if (sim_find_subscription(ask->sim, AT_STELLR, *ret_customer, id, ret_place))
        return true;
    stellr_refuse(ask, 404, "NOT_FOUND", "No subscription %.*s belongs to customer %.*s.",
                  STR_PRINT(id), STR_PRINT(ask_path(ask, "customerNo")));
    return false;
}

int64_t stellr_customer_wanted(struct ask *ask)
{
    struct str number = ask_query(ask, "customerNo");
    int64_t place;
    if (number.len == 0)
        return -1;
    return sim_find_customer(ask->sim, AT_STELLR, number, &place) ? place : -2;
}

int64_t stellr_customer_number(struct sim *sim, int64_t place)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    return sim_customer(sim, &a, AT_STELLR, place).number;
}

bool stellr_day_wanted(struct ask *ask, const char *name, bool *ret_given, struct date *ret_day)
{
    struct str text = ask_query(ask, name);
    *ret_given = text.len > 0;
    if (!*ret_given || date_parse(text, ret_day))
        return true;
    stellr_refuse(ask, 400, "INVALID_PARAMETER", "%s must be a date such as 2026-07-31.", name);
    return false;
}

const struct answer stellr_answers[] = {
    { "stellr.agreement.accept", accept_agreement },
    { "stellr.agreement.get", give_agreement },
    { "stellr.consumption.azure", give_azure_consumption },
    { "stellr.customer.create", create_customer },
    { "stellr.customer.get", give_customer },
    { "stellr.customer.list", give_customers },
    { "stellr.invoice.list", give_invoices },
    { "stellr.invoice.report", give_invoice_report },
    { "stellr.operation.get", give_operation },
    { "stellr.product.get", give_product },
    { "stellr.product.get-by-sku", give_product_by_sku },
    { "stellr.product.google-transferable", give_transferable_products },
    { "stellr.product.list", give_products },
    { "stellr.product.related", give_related_products },
    { "stellr.reseller.subscriptions", give_reseller_subscriptions },
    { "stellr.subscribed.list", give_subscribed },
    { "stellr.subscription.activate", activate },
    { "stellr.subscription.cancel", cancel },
    { "stellr.subscription.change-logs", give_change_logs },
    { "stellr.subscription.change-plan", change_plan },
    { "stellr.subscription.change-seats", change_seats },
    { "stellr.subscription.create", create_subscriptions },
    { "stellr.subscription.create-addon", create_add_on },
    { "stellr.subscription.downgrade", downgrade },
    { "stellr.subscription.get", give_subscription },
    { "stellr.subscription.list", give_subscriptions },
    { "stellr.subscription.reactivate", reactivate },
    { "stellr.subscription.renewal-options", give_renewal_options },
    { "stellr.subscription.suspend", suspend },
    { "stellr.subscription.transfer", transfer_subscriptions },
    { "stellr.subscription.transition-products", give_transition_products },
    { "stellr.subscription.update-renewal", set_renewal },
    { "stellr.subscription.upgrade", upgrade },
    { "stellr.vendor-account.list", give_vendor_accounts },
    { "stellr.vendor-account.upsert", upsert_vendor_account },
    { "stellr.vendor.check", check_vendor_data },
    { "stellr.vendor.list", give_vendors },
    { NULL, NULL },
};
