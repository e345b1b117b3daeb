/* Ion's answers on orders: placing, cancelling, listing. What is checked, in which order and in
 * which words: ion 9 no. 6, 6.1 (SPEC); what the sources leave open is marked ASSUMED. */
#include "sim/ion.h"

#include "base/moment.h"

static const char *const status_names[] = { "NEW",   "CONFIRMED", "ON_HOLD",    "COMPLETED",
                                            "ERROR", "CANCELED",  "IN_PROGRESS" };

const char *ion_order_status(enum order_status status)
{
    return status_names[status];
}

/* --- validation --- */

/* "code" is the number of gRPC, not of HTTP (6.1 no. 3 SPEC). */
static bool refuse(struct ask *ask, const char *code, const char *detail)
{
    struct json_writer w = ask_json(ask, 400);
    json_open_object(&w);
    json_put_text(&w, "error", STR("BAD_REQUEST: Invalid provisioning data"));
    json_put_text(&w, "message", STR("BAD_REQUEST: Invalid provisioning data"));
    json_put_integer(&w, "code", 3);
    json_put_array(&w, "details");
    json_open_object(&w);
    json_put_text(&w, "@type", STR("type.googleapis.com/v3orberrors.ErrorBody"));
    json_put_text(&w, "requestId", ion_request_id(ask));
    json_put_array(&w, "errors");
    json_open_object(&w);
    json_put_text(&w, "code", str_of(code));
    json_put_text(&w, "detail", str_of(detail));
    json_close(&w);
    json_close(&w);
    json_close(&w);
    json_close(&w);
    json_close(&w);
    return false;
}

#define MISSING   "COMM-VL-001 " /* the example has the blank at its end */
#define NOT_GOOD  "COMM-VL-002"
#define NO_TARGET "COMM-VL-003"
#define NO_DOMAIN "COMM-VL-004"

/* The steps go over all lines before the next one begins. */
static bool has_fields(struct ask *ask, const struct json *items)
{
    static const char *const needed[] = { "productId", "skuId",    "planId",
                                          "action",    "quantity", "attributes" };
    for (size_t i = 0; i < json_length(items); i++)
        for (size_t k = 0; k < ARRAY_LEN(needed); k++) {
            const struct json *member = ion_member(ask, json_at(items, i), needed[k]);
            bool is_there = json_kind(member) != JSON_NULL &&
                            (json_kind(member) != JSON_TEXT || json_text(member).len > 0);
            if (!is_there)
                return refuse(
                    ask, MISSING,
                    arena_printf(ask->x->a, "%s is required on the order item", needed[k]));
        }
    return true;
}

static bool is_action(struct ask *ask, const struct json *item, const char *action)
{
    return str_is(ion_text(ask, item, "action"), action);
}

static bool has_known_actions(struct ask *ask, const struct json *items)
{
    for (size_t i = 0; i < json_length(items); i++)
        if (!is_action(ask, json_at(items, i), "CREATE") &&
            !is_action(ask, json_at(items, i), "UPDATE"))
            return refuse(ask, NOT_GOOD, "action value is not one of the allowed ones");
    return true;
}

static bool has_targets(struct ask *ask, const struct json *items)
{
    for (size_t i = 0; i < json_length(items); i++)
        if (is_action(ask, json_at(items, i), "UPDATE") &&
            ion_text(ask, json_at(items, i), "resourceId").len == 0)
            return refuse(ask, NO_TARGET, "resourceId is required when action is UPDATE");
    return true;
}

/* --- from JSON to a row --- */

static struct str attribute(struct ask *ask, const struct json *item, const char *name)
{
    const struct json *attributes = ion_member(ask, item, "attributes");
    for (size_t i = 0; i < json_length(attributes); i++)
        if (str_equal_nocase(ion_text(ask, json_at(attributes, i), "name"), str_of(name)))
            return ion_text(ask, json_at(attributes, i), "value");
    return STR_NONE;
}

/* Microsoft is AZURE, whether or not the line says so: providerName is not among the document's
 * members (5). ASSUMED. */
static bool is_azure(const struct ion_order_item *item)
{
    return str_equal_nocase(item->provider_name, STR("AZURE")) ||
           strcmp(catalogue[item->goods_place].vendor, "Microsoft") == 0;
}

static struct str keep(struct ask *ask, struct str text)
{
    return state_text(ask->sim, text);
}

static struct str kept(struct ask *ask, const struct json *item, const char *name)
{
    return keep(ask, ion_text(ask, item, name));
}

/* The attributes as JSON, with the texts that they had. */
static struct str attributes_text(struct ask *ask, const struct json *item)
{
    SCOPED(buf_release) struct buf text = BUF(1 << 20);
    struct json_writer w = JSON_WRITER(&text);
    const struct json *attributes = ion_member(ask, item, "attributes");
    json_open_array(&w);
    for (size_t i = 0; i < json_length(attributes); i++) {
        json_open_object(&w);
        json_put_text(&w, "name", ion_text(ask, json_at(attributes, i), "name"));
        json_put_text(&w, "value", ion_text(ask, json_at(attributes, i), "value"));
        json_close(&w);
    }
    json_close(&w);
    return keep(ask, buf_str(&text));
}

static struct ion_order_item read_item(struct ask *ask, const struct json *json)
{
    struct str status = attribute(ask, json, "statusUpdate");
    struct ion_order_item item = {
        .is_update = is_action(ask, json, "UPDATE"),
        .reference_id = kept(ask, json, "referenceId"),
        .product_id = kept(ask, json, "productId"),
        .sku_id = kept(ask, json, "skuId"),
        .plan_id = kept(ask, json, "planId"),
        .resource_id = kept(ask, json, "resourceId"),
        .provider_name = kept(ask, json, "providerName"),
        .end_customer_po = kept(ask, json, "endCustomerPO"),
        .reseller_po = kept(ask, json, "resellerPO"),
        .attributes = attributes_text(ask, json),
        .domain = keep(ask, attribute(ask, json, "domainName")),
        .operations = keep(ask, attribute(ask, json, "operations")),
        .renewal_setting = keep(ask, attribute(ask, json, "renewalSetting")),
        /* S10 sends both names (5 CLIENT). */
        .status_update = keep(ask, status.at != NULL ? status : attribute(ask, json, "status")),
        .friendly_name = keep(ask, attribute(ask, json, "friendlyName")),
        .term_end = keep(ask, attribute(ask, json, "customTermEndDate")),
        .subscription = -1,
    };
    return item;
}

/* ASSUMED: the sources do not tell how wrong values are refused; they are treated as values that
 * are not allowed. */
static bool is_good(struct ask *ask, const struct json *json, struct ion_order_item *item,
                    int64_t customer)
{
    static const char *const states[] = { "active", "suspended", "deleted" };
    bool known = item->status_update.len == 0 || !item->is_update;
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        known |= str_equal_nocase(item->status_update, str_of(states[i]));
    if (!known)
        return refuse(ask, NOT_GOOD, "statusUpdate value is not one of the allowed ones");
    if (item->renewal_setting.len > 0 && !str_equal_nocase(item->renewal_setting, STR("auto-on")) &&
        !str_equal_nocase(item->renewal_setting, STR("auto-off")))
        return refuse(ask, NOT_GOOD, "renewalSetting value is not one of the allowed ones");
    if (!ion_number(ask, json, "quantity", &item->quantity) || item->quantity < 0 ||
        item->quantity > INT32_MAX || (item->quantity == 0 && item->status_update.len == 0))
        return refuse(ask, NOT_GOOD, "quantity value is not one of the allowed ones");
    if (item->is_update) { /* by the provider's id, not by the internal one (5 SPEC, CLIENT) */
        int64_t internal;
        if (!str_integer(item->resource_id, &internal) &&
            sim_find_subscription(ask->sim, AT_ION, customer, item->resource_id,
                                  &item->subscription)) {
            struct subscription s = sim_subscription(ask->sim, AT_ION, item->subscription);
            item->goods_place = s.goods_place;
            item->variant_place = s.variant_place;
            return true;
        }
        return refuse(ask, NOT_GOOD, "resourceId is not a subscription of the customer");
    }
    if (ion_find_goods(ask->x->a, item->product_id, item->sku_id, item->plan_id, &item->goods_place,
                       &item->variant_place))
        return true;
    return refuse(ask, NOT_GOOD, "productId, skuId and planId name nothing in the catalogue");
}

static bool has_domains(struct ask *ask, const struct json *items, int64_t customer,
                        struct ion_order_item *rows)
{
    for (size_t i = 0; i < json_length(items); i++) {
        const struct json *json = json_at(items, i);
        struct ion_order_item *row = &rows[i];
        bool said = !row->is_update && str_equal_nocase(row->provider_name, STR("AZURE"));
        if (said && row->domain.len == 0)
            return refuse(ask, NO_DOMAIN, "domainName attribute is required for AZURE CREATE");
        if (!is_good(ask, json, row, customer))
            return false;
        if (!row->is_update && is_azure(row) && row->domain.len == 0)
            return refuse(ask, NO_DOMAIN, "domainName attribute is required for AZURE CREATE");
    }
    return true;
}

/* --- placing --- */

size_t ion_place_order(struct sim *sim, const struct ion_order *order)
{
    size_t n;
    struct ion_order *row = state_add(sim, STATE_ION_ORDER);
    *row = *order;
    row->created_ms = row->updated_ms = sim_now(sim);
    row->delay_ms = sim_knob_integer(sim, KNOB_order_delay_ms);
    row->status = ORDER_NEW;
    if (sim_knob_take(sim, KNOB_order_hold_next))
        row->status = ORDER_ON_HOLD;
    else if (sim_knob_take(sim, KNOB_order_fail_next)) {
        row->fault_code = STR("SIM-ORDERED"); /* by whoever turned the knob */
        row->fault_detail = STR("the provider did not carry it out");
    }
    (void)state_rows(sim, STATE_ION_ORDER, &n);
    ion_settle_order(sim, n - 1);
    return n - 1;
}

void ion_create_order(struct ask *ask)
{
    const struct json *body;
    int64_t customer;
    if (!ion_customer(ask, &customer) || !ion_body(ask, &body))
        return;
    const struct json *items = ion_member(ask, body, "orderItems");
    size_t n = json_length(items), n_before;
    if (n == 0) {
        refuse(ask, MISSING, "orderItems is required on the order");
        return;
    }
    struct ion_order_item *rows = ARENA_ARRAY(ask->x->a, n, struct ion_order_item);
    if (!has_fields(ask, items) || !has_known_actions(ask, items) || !has_targets(ask, items))
        return;
    for (size_t i = 0; i < n; i++)
        rows[i] = read_item(ask, json_at(items, i));
    if (!has_domains(ask, items, customer, rows))
        return;
    (void)state_rows(ask->sim, STATE_ION_ORDER_ITEM, &n_before);
    for (size_t i = 0; i < n; i++)
        *(struct ion_order_item *)state_add(ask->sim, STATE_ION_ORDER_ITEM) = rows[i];
    struct str name = ion_text(ask, body, "displayName");
    struct ion_order order = {
        .customer = customer,
        .reference_id = kept(ask, body, "referenceId"),
        .display_name = name.at != NULL ? keep(ask, name) : kept(ask, body, "name"), /* S10 */
        .first_item = n_before,
        .n_items = n,
    };
    size_t placed = ion_place_order(ask->sim, &order);
    struct json_writer w = ask_json(ask, 200);
    ion_put_order(ask, &w, placed, VIEW_PLACED);
}

/* --- looking --- */

/* A customer of "-" is any (2 SPEC). */
static bool find_order(struct ask *ask, size_t *ret_order)
{
    size_t n;
    int64_t customer = -1, number;
    struct str id = ask_path(ask, "orderId");
    const struct ion_order *orders = state_rows(ask->sim, STATE_ION_ORDER, &n);
    if (!str_is(ask_path(ask, "customerId"), "-") && !ion_customer(ask, &customer))
        return false;
    if (str_integer(id, &number) && number > ION_FIRST_ORDER &&
        number <= ION_FIRST_ORDER + (int64_t)n) {
        *ret_order = (size_t)(number - ION_FIRST_ORDER - 1);
        if (customer < 0 || orders[*ret_order].customer == customer)
            return true;
    }
    ion_not_found(
        ask,
        arena_printf(ask->x->a, "customers/%.*s/orders", STR_PRINT(ask_path(ask, "customerId"))),
        id);
    return false;
}

void ion_give_order(struct ask *ask)
{
    size_t order;
    if (!find_order(ask, &order))
        return;
    struct json_writer w = ask_json(ask, 200);
    ion_put_order(ask, &w, order, VIEW_FULL);
}

/* Only while it is NEW or ON_HOLD; the answer else is not known (3.5): ASSUMED 400. */
void ion_cancel_order(struct ask *ask)
{
    size_t order, n;
    if (!find_order(ask, &order))
        return;
    struct ion_order *row = (struct ion_order *)state_rows(ask->sim, STATE_ION_ORDER, &n) + order;
    if (row->status != ORDER_NEW && row->status != ORDER_ON_HOLD) {
        ion_error(ask, 400, "INVALID_REQUEST",
                  arena_printf(ask->x->a, "order is %s and cannot be cancelled",
                               ion_order_status(row->status)));
        return;
    }
    row->status = ORDER_CANCELED;
    row->updated_ms = sim_now(ask->sim);
    struct json_writer w = ask_json(ask, 200);
    ion_put_order(ask, &w, order, VIEW_PLACED);
}

static bool order_fits(struct ask *ask, const struct ion_order *o, int64_t customer)
{
    size_t n;
    char number[24];
    const struct ion_order_item *items = state_rows(ask->sim, STATE_ION_ORDER_ITEM, &n);
    struct str provider = items[o->first_item].provider_name;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, o->customer);
    (void)snprintf(number, sizeof number, "%lld", (long long)c.number);
    return (customer < 0 || o->customer == customer) &&
           ion_fits(ask, "status", str_of(ion_order_status(o->status))) &&
           ion_fits_list(ask, "filter.accountIdList", STR("70001")) &&
           ion_fits_list(ask, "filter.customerIdList", str_of(number)) &&
           ion_fits_list(ask, "filter.providerNameList",
                         provider.len > 0 ? provider : STR("UNSPECIFIED"));
}

struct order_sort {
    const struct ion_order *orders;
    bool by_update, ascending;
};

/* Two orders of one moment: the later number is the newer one. */
static bool comes_before(const struct order_sort *sort, int64_t one, int64_t other)
{
    const struct ion_order *a = &sort->orders[one], *b = &sort->orders[other];
    int64_t at = sort->by_update ? a->updated_ms : a->created_ms;
    int64_t bt = sort->by_update ? b->updated_ms : b->created_ms;
    bool is_older = at != bt ? at < bt : one < other;
    return sort->ascending == is_older;
}

static int64_t choose_orders(struct ask *ask, int64_t customer, int64_t **ret_places)
{
    size_t n;
    int64_t n_chosen = 0;
    const struct ion_order *orders = state_rows(ask->sim, STATE_ION_ORDER, &n);
    struct order_sort sort = {
        .orders = orders,
        .by_update = str_equal_nocase(ask_query(ask, "sortBy"), STR("updateTime")),
        .ascending = str_equal_nocase(ask_query(ask, "sortOrder"), STR("ASC")),
    };
    int64_t *places = ARENA_ARRAY(ask->x->a, n + 1, int64_t);
    for (size_t i = 0; i < n; i++) {
        if (!order_fits(ask, &orders[i], customer))
            continue;
        int64_t at = n_chosen++;
        for (; at > 0 && comes_before(&sort, (int64_t)i, places[at - 1]); at--)
            places[at] = places[at - 1];
        places[at] = (int64_t)i;
    }
    *ret_places = places;
    return n_chosen;
}

/* Of the account, of a customer, or of all with "-" (3.5). */
void ion_give_orders(struct ask *ask)
{
    int64_t customer = -1, *places;
    struct str id = ask_path(ask, "customerId");
    struct ion_page page;
    if (id.len > 0 && !str_is(id, "-") && !ion_customer(ask, &customer))
        return;
    int64_t n = choose_orders(ask, customer, &places);
    if (!ion_page(ask, n, &page))
        return;
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    if (ion_opens_list(ask, &w, "orders", n)) {
        for (int64_t i = page.first; i < page.end; i++)
            ion_put_order(ask, &w, (size_t)places[i], VIEW_LIST);
        json_close(&w);
    }
    ion_put_next(ask, &w, &page);
    json_close(&w);
}
