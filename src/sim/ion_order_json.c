/* How Ion shows an order: 4.6, 4.7. Lists show less than an order of its own (REAL against SPEC),
 * the answer to a checkout has numbers where the others have texts (8). */
#include "sim/ion.h"

#include "base/json_scan.h"

static const char *name_of(struct ask *ask, size_t order)
{
    size_t n;
    const struct ion_order *o =
        (const struct ion_order *)state_rows(ask->sim, STATE_ION_ORDER, &n) + order;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, o->customer);
    return arena_printf(ask->x->a, "accounts/%d/customers/%lld/orders/%lld", ION_ACCOUNT_NUMBER,
                        (long long)c.number, (long long)order + 1 + ION_FIRST_ORDER);
}

/* A line has no life of its own in the sources but these words (4.7 REAL; ASSUMED for the rest). */
static const char *line_status(const struct ion_order *o)
{
    if (o->status == ORDER_ERROR)
        return "ERROR";
    return o->status == ORDER_COMPLETED || o->status == ORDER_ON_HOLD ? "ACTIVE" : "DRAFT";
}

static struct decimal price_of(struct ask *ask, const struct ion_order_item *item)
{
    if (item->subscription >= 0)
        return sim_subscription(ask->sim, AT_ION, item->subscription).price;
    const struct goods *g = &catalogue[item->goods_place];
    return goods_price(g, ion_variant(g, item->variant_place));
}

/* What the caller sent, and for a tenant that the order made its first user: a secret (4.7 SPEC).
 */
static void put_attributes(struct json_writer *w, const struct ion_order_item *item)
{
    struct json_walk walk = json_walk(item->attributes);
    json_put_array(w, "attributes");
    while (json_walk_next(&walk))
        json_put_raw(w, NULL, walk.value);
    const struct {
        const char *name;
        struct str value;
    } made[] = { { "userName", item->user_name }, { "password", item->password } };
    for (size_t i = 0; i < ARRAY_LEN(made); i++) {
        if (made[i].value.len == 0)
            continue;
        json_open_object(w);
        json_put_text(w, "name", str_of(made[i].name));
        json_put_text(w, "value", made[i].value);
        json_close(w);
    }
    json_close(w);
}

static void put_provisioning(struct json_writer *w, struct ask *ask, size_t order,
                             enum order_view view)
{
    json_put_object(w, "provisioningInfo");
    json_put_text(w, "processId",
                  str_of(arena_printf(ask->x->a, "proc-%04lld", (long long)order + 1)));
    json_put_text(w, "processName", STR("MicrosoftCreate"));
    if (view == VIEW_FULL)
        json_put_text(w, "details", STR(""));
    json_close(w);
}

static void put_errors(struct json_writer *w, struct ask *ask, const struct ion_order *o)
{
    json_put_array(w, "errors");
    json_open_object(w);
    json_put_text(w, "code", o->fault_code);
    json_put_text(w, "detail", o->fault_detail);
    json_put_text(w, "sourceName", STR("MICROSOFT"));
    json_put_text(w, "instancePath",
                  str_of(arena_printf(ask->x->a, "/orderItems/%zu/attributes", o->fault_item)));
    json_close(w);
    json_close(w);
}

static void put_names(struct json_writer *w, const struct ion_order_item *item)
{
    const struct goods *g = &catalogue[item->goods_place];
    json_put_text(w, "additionalInformation", STR("new_system"));
    json_put_text(w, "isEligibleForPromo", STR("VERIFIED"));
    json_put_text(w, "productName", str_of(ion_product_name(g)));
    json_put_text(w, "skuName", str_of(g->name));
    json_put_text(w, "planName", str_of(g->name));
    json_put_text(w, "productOwnerCountryCode", STR("US"));
}

static void put_line_money(struct ask *ask, struct json_writer *w, const struct ion_order *o,
                           const struct ion_order_item *item)
{
    SCOPED(buf_release) struct buf total = BUF(64);
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, o->customer);
    struct decimal price = price_of(ask, item);
    put_price(w, "price", price, false);
    put_price(w, "cost", price, false);
    json_put_text(w, "currencyCode", str_of(c.currency));
    total_print_exact(&total, total_times(price, item->quantity));
    json_put_number(w, "subTotal", buf_str(&total));
}

/* Where the line came from and what it is about. */
static void put_line_head(struct json_writer *w, const struct ion_order_item *item,
                          enum order_view view)
{
    ion_put_some(w, "referenceId", item->reference_id);
    json_put_text(w, "action", item->is_update ? STR("UPDATE") : STR("CREATE"));
    if (view == VIEW_CHECKOUT)
        json_put_text(w, "resourceId", item->resource_id.len > 0 ? item->resource_id : STR(""));
    else if (view != VIEW_LIST)
        ion_put_some(w, "resourceId", item->resource_id);
    json_put_text(w, "productId", item->product_id);
    json_put_text(w, "skuId", item->sku_id);
    json_put_text(w, "planId", item->plan_id);
    json_put_integer(w, "quantity", item->quantity); /* a number, unlike in subscriptions */
    json_put_text(w, "providerName",
                  item->provider_name.len > 0 ? item->provider_name : STR("UNSPECIFIED"));
}

static void put_line(struct ask *ask, struct json_writer *w, size_t order,
                     const struct ion_order *o, const struct ion_order_item *item, size_t number,
                     enum order_view view)
{
    json_open_object(w);
    json_put_text(w, "name",
                  str_of(arena_printf(ask->x->a, "%s/orderItems/%zu", name_of(ask, order),
                                      number + 1 + ION_FIRST_LINE)));
    put_line_head(w, item, view);
    if (view == VIEW_CHECKOUT) {
        put_line_money(ask, w, o, item);
        json_put_integer(w, "cartItemId", item->cart_item);
    }
    if (view == VIEW_PLACED || view == VIEW_FULL)
        put_price(w, "price", price_of(ask, item), false);
    if (view == VIEW_LIST || view == VIEW_FULL)
        put_number_text(w, "cartItemId", item->cart_item);
    if (view == VIEW_PLACED || view == VIEW_FULL) {
        ion_put_some(w, "endCustomerPO", item->end_customer_po);
        ion_put_some(w, "resellerPO", item->reseller_po);
        put_attributes(w, item);
    }
    json_put_text(w, "status", view == VIEW_CHECKOUT ? STR("ACTIVE") : str_of(line_status(o)));
    if (view == VIEW_LIST || view == VIEW_FULL)
        put_names(w, item);
    if (view == VIEW_FULL || view == VIEW_CHECKOUT)
        put_provisioning(w, ask, order, view);
    if ((view == VIEW_FULL || view == VIEW_PLACED) && o->status == ORDER_ERROR &&
        number == o->first_item + o->fault_item)
        put_errors(w, ask, o);
    ion_put_second(w, "createTime", o->created_ms);
    ion_put_second(w, "updateTime", o->updated_ms);
    json_close(w);
}

static void put_total(struct ask *ask, struct json_writer *w, const struct ion_order *o,
                      const struct ion_order_item *items)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    struct total total = { 0 };
    for (size_t i = 0; i < o->n_items; i++)
        total = total_add(total, total_times(price_of(ask, &items[i]), items[i].quantity));
    total_print_exact(&text, total);
    json_put_number(w, "total", buf_str(&text));
}

void ion_put_order(struct ask *ask, struct json_writer *w, size_t order, enum order_view view)
{
    size_t n;
    const struct ion_order *o =
        (const struct ion_order *)state_rows(ask->sim, STATE_ION_ORDER, &n) + order;
    const struct ion_order_item *items =
        (const struct ion_order_item *)state_rows(ask->sim, STATE_ION_ORDER_ITEM, &n) +
        o->first_item;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, o->customer);
    bool as_number = view == VIEW_CHECKOUT;
    json_open_object(w);
    json_put_text(w, "name", str_of(name_of(ask, order)));
    ion_put_some(w, "referenceId", o->reference_id);
    ion_put_some(w, "displayName", o->display_name);
    if (as_number)
        json_put_integer(w, "userId", ION_USER_NUMBER);
    else
        put_number_text(w, "userId", ION_USER_NUMBER);
    json_put_text(w, "userName", STR("Integration User"));
    json_put_text(w, "userEmail", STR(SIM_API_USER));
    json_put_text(w, "status", str_of(ion_order_status(o->status)));
    json_put_text(w, "currencyCode", str_of(c.currency));
    if (view != VIEW_LIST || o->cart == 0) /* the recorded one, of a cart, has none (4.6) */
        put_total(ask, w, o, items);
    if (as_number)
        json_put_integer(w, "cartId", o->cart);
    else if (view != VIEW_PLACED)
        put_number_text(w, "cartId", o->cart);
    json_put_array(w, "orderItems");
    for (size_t i = 0; i < o->n_items; i++)
        put_line(ask, w, order, o, &items[i], o->first_item + i, view);
    json_close(w);
    if (view == VIEW_FULL || view == VIEW_CHECKOUT)
        put_provisioning(w, ask, order, view);
    if ((view == VIEW_FULL || view == VIEW_PLACED) && o->status == ORDER_ERROR)
        put_errors(w, ask, o);
    ion_put_second(w, "createTime", o->created_ms);
    ion_put_second(w, "updateTime", o->updated_ms);
    if (view == VIEW_LIST || view == VIEW_FULL)
        ion_put_second(w, "scheduledAt", o->created_ms);
    json_close(w);
}
