/* Ion's answers on carts and their items: 3.7 (SPEC only; nobody public was seen using them).
 * Plain: what is put in comes back; a checkout places an order. */
#include "sim/ion.h"

#define FIRST_CART 111
#define FIRST_ITEM 150

static struct ion_cart *carts(struct ask *ask, size_t *ret_n)
{
    return state_rows(ask->sim, STATE_ION_CART, ret_n);
}

static struct ion_cart_item *cart_items(struct ask *ask, size_t *ret_n)
{
    return state_rows(ask->sim, STATE_ION_CART_ITEM, ret_n);
}

static bool not_found(struct ask *ask, const char *what)
{
    ion_error(ask, 404, "NOT_FOUND", arena_printf(ask->x->a, "resource '%s' not found", what));
    return false;
}

/* Customer and cart of the path. False: refused. */
static bool find_cart(struct ask *ask, int64_t *ret_customer, int64_t *ret_cart)
{
    size_t n;
    struct str id = ask_path(ask, "cartId");
    if (!ion_customer(ask, ret_customer))
        return false;
    const struct ion_cart *rows = carts(ask, &n);
    if (str_integer(id, ret_cart) && *ret_cart > FIRST_CART &&
        *ret_cart <= FIRST_CART + (int64_t)n &&
        rows[*ret_cart - FIRST_CART - 1].customer == *ret_customer)
        return true;
    return not_found(ask, arena_printf(ask->x->a, "carts/%.*s", STR_PRINT(id)));
}

static struct ion_cart *cart_row(struct ask *ask, int64_t number)
{
    size_t n;
    return &carts(ask, &n)[number - FIRST_CART - 1];
}

static int64_t n_items_of(struct ask *ask, int64_t cart)
{
    size_t n;
    int64_t count = 0;
    const struct ion_cart_item *rows = cart_items(ask, &n);
    for (size_t i = 0; i < n; i++)
        count += rows[i].cart == cart;
    return count;
}

static const char *cart_name(struct ask *ask, int64_t number)
{
    const struct ion_cart *cart = cart_row(ask, number);
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, cart->customer);
    return arena_printf(ask->x->a, "customers/%lld/carts/%lld", (long long)c.number,
                        (long long)number);
}

static void put_payment(struct json_writer *w, struct str type, struct str card)
{
    json_put_object(w, "payment");
    json_put_text(w, "paymentType", type.len > 0 ? type : STR("PAYMENT_TYPE_UNSPECIFIED"));
    json_put_text(w, "creditCardName", card.len > 0 ? card : STR(""));
    json_close(w);
}

static void put_cart(struct ask *ask, struct json_writer *w, int64_t number, bool with_total)
{
    const struct ion_cart *cart = cart_row(ask, number);
    json_open_object(w);
    json_put_text(w, "name", str_of(cart_name(ask, number)));
    ion_put_some(w, "cartDisplayName", cart->display_name);
    ion_put_some(w, "userName", cart->user_name);
    put_payment(w, cart->payment_type, cart->card);
    json_put_text(w, "status", cart->status);
    ion_put_some(w, "currencyCode", cart->currency);
    if (with_total) /* in the answer to get only (3.7) */
        json_put_integer(w, "totalItems", n_items_of(ask, number));
    json_close(w);
}

void ion_give_carts(struct ask *ask)
{
    int64_t customer, shown = 0;
    struct ion_offsets page;
    size_t n;
    struct str status = ask_query(ask, "status");
    if (!ion_customer(ask, &customer) ||
        !ion_offsets(ask, "pagination.limit", "pagination.offset", &page))
        return;
    if (status.len == 0) {
        ion_error(ask, 400, "INVALID_REQUEST", "status is needed");
        return;
    }
    bool any = str_equal_nocase(status, STR("CART_STATUS_UNSPECIFIED"));
    const struct ion_cart *rows = carts(ask, &n);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "carts");
    for (size_t i = 0; i < n; i++) {
        if (rows[i].customer != customer || (!any && !str_equal_nocase(rows[i].status, status)))
            continue;
        if (shown >= page.offset && shown < page.offset + page.limit)
            put_cart(ask, &w, (int64_t)i + FIRST_CART + 1, false);
        shown++;
    }
    json_close(&w);
    json_close(&w);
}

void ion_give_cart(struct ask *ask)
{
    int64_t customer, number;
    if (!find_cart(ask, &customer, &number))
        return;
    struct json_writer w = ask_json(ask, 200);
    put_cart(ask, &w, number, true);
}

/* The status is required (3.7 SPEC). False: refused. */
static bool read_cart(struct ask *ask, struct ion_cart *cart)
{
    const struct json *body;
    if (!ion_body(ask, &body))
        return false;
    struct str status = ion_text(ask, body, "status");
    if (status.len == 0) {
        ion_error(ask, 400, "INVALID_ARGUMENT", "status is required");
        return false;
    }
    const struct json *payment = ion_member(ask, body, "payment");
    cart->display_name = state_text(ask->sim, ion_text(ask, body, "cartDisplayName"));
    cart->user_name = state_text(ask->sim, ion_text(ask, body, "userName"));
    cart->payment_type = state_text(ask->sim, ion_text(ask, payment, "paymentType"));
    cart->card = state_text(ask->sim, ion_text(ask, payment, "creditCardName"));
    cart->currency = state_text(ask->sim, ion_text(ask, body, "currencyCode"));
    cart->status = state_text(ask->sim, status);
    return true;
}

void ion_create_cart(struct ask *ask)
{
    struct ion_cart cart = { .customer = -1 };
    size_t n;
    if (!ion_customer(ask, &cart.customer) || !read_cart(ask, &cart))
        return;
    *(struct ion_cart *)state_add(ask->sim, STATE_ION_CART) = cart;
    (void)carts(ask, &n);
    struct json_writer w = ask_json(ask, 201); /* the one create that says so (3.0 SPEC) */
    put_cart(ask, &w, (int64_t)n + FIRST_CART, false);
}

void ion_update_cart(struct ask *ask)
{
    int64_t customer, number;
    if (!find_cart(ask, &customer, &number) || !read_cart(ask, cart_row(ask, number)))
        return;
    struct json_writer w = ask_json(ask, 200);
    put_cart(ask, &w, number, false);
}

static void answer_no_content(struct ask *ask)
{
    ask->x->status = 204;
    buf_clear(&ask->x->reply);
}

void ion_delete_cart(struct ask *ask)
{
    int64_t customer, number;
    size_t n;
    if (!find_cart(ask, &customer, &number))
        return;
    struct ion_cart_item *rows = cart_items(ask, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].cart == number)
            rows[i].cart = -1;
    cart_row(ask, number)->customer = -1;
    answer_no_content(ask);
}

/* --- items --- */

static bool find_item(struct ask *ask, int64_t *ret_number)
{
    int64_t customer, cart;
    size_t n;
    struct str id = ask_path(ask, "cartItemId");
    if (!find_cart(ask, &customer, &cart))
        return false;
    const struct ion_cart_item *rows = cart_items(ask, &n);
    if (str_integer(id, ret_number) && *ret_number > FIRST_ITEM &&
        *ret_number <= FIRST_ITEM + (int64_t)n && rows[*ret_number - FIRST_ITEM - 1].cart == cart)
        return true;
    return not_found(ask, arena_printf(ask->x->a, "cartItems/%.*s", STR_PRINT(id)));
}

static struct ion_cart_item *item_row(struct ask *ask, int64_t number)
{
    size_t n;
    return &cart_items(ask, &n)[number - FIRST_ITEM - 1];
}

static struct decimal price_of(const struct ion_cart_item *item)
{
    const struct goods *g = &catalogue[item->goods_place];
    return goods_price(g, ion_variant(g, item->variant_place));
}

static void put_currency(struct json_writer *w, const char *key, struct str currency,
                         struct decimal price, bool with_value)
{
    json_put_object(w, key);
    json_put_text(w, "currency", currency);
    if (with_value)
        put_price(w, "value", price, false);
    json_close(w);
}

static void put_add_on(struct json_writer *w, const struct ion_cart_item *item, struct str currency)
{
    json_put_object(w, "addOns");
    json_put_text(w, "planId", item->add_on_plan);
    json_put_text(w, "displayName", item->add_on_name);
    json_put_integer(w, "quantity", 1);
    json_put_object(w, "quantitySpec");
    json_put_integer(w, "minQuantity", 1);
    json_put_integer(w, "maxQuantity", 300);
    json_close(w);
    put_currency(w, "upfrontPrice", currency, (struct decimal){ 0 }, false);
    put_currency(w, "recurringPrice", currency, (struct decimal){ DECIMAL_ONE }, true);
    json_close(w);
}

static const char *period_of(const struct ion_cart_item *item)
{
    const struct goods *g = &catalogue[item->goods_place];
    int months = ion_variant(g, item->variant_place)->cycle_months;
    return months == 12 ? "YEAR" : months == 0 ? "ONE_TIME" : "MONTH";
}

static const char *plan_name(struct ask *ask, const struct ion_cart_item *item)
{
    const struct goods *g = &catalogue[item->goods_place];
    const struct variant *v = ion_variant(g, item->variant_place);
    return arena_printf(ask->x->a, "accounts/%d/products/%s/plans/%s", ION_ACCOUNT_NUMBER,
                        ion_product_id(g), ion_plan_id(ask->x->a, item->goods_place, v));
}

static void put_item(struct ask *ask, struct json_writer *w, int64_t number)
{
    const struct ion_cart_item *item = item_row(ask, number);
    const struct ion_cart *cart = cart_row(ask, item->cart);
    struct str currency = cart->currency.len > 0 ? cart->currency : STR("USD");
    const char *name = cart_name(ask, item->cart);
    json_open_object(w);
    json_put_text(w, "name",
                  str_of(arena_printf(ask->x->a, "%s/cartItems/%lld", name, (long long)number)));
    json_put_text(w, "cartName", str_of(name));
    ion_put_some(w, "userName", cart->user_name);
    json_put_text(w, "title", str_of(catalogue[item->goods_place].name));
    json_put_text(w, "planName", str_of(plan_name(ask, item)));
    json_put_text(w, "period", str_of(period_of(item)));
    json_put_text(w, "status", STR("DRAFT"));
    put_payment(w, item->payment_type, item->card);
    json_put_integer(w, "quantity", item->quantity);
    put_currency(w, "upfrontPrice", currency, (struct decimal){ 0 }, false);
    put_currency(w, "recurringPrice", currency, price_of(item), true);
    if (item->add_on_plan.len > 0)
        put_add_on(w, item, currency);
    json_put_text(w, "currencyCode", currency);
    json_put_object(w, "paymentSpec");
    json_put_boolean(w, "offlineAllowed", true);
    json_put_boolean(w, "creditCardsAllowed", false);
    json_put_boolean(w, "immutable", true);
    json_close(w);
    json_put_text(w, "termUid", STR("TERM-UID-0001"));
    json_put_text(w, "checkedOut", item->checked_out ? STR("SUCCESS") : STR("UNSPECIFIED"));
    json_put_text(w, "ownerId", STR("70001"));
    json_put_text(w, "productType", STR("PRODUCT"));
    json_close(w);
}

/* "accounts/{a}/products/{p}/plans/{plan}" */
static bool read_plan(struct ask *ask, struct str name, struct ion_cart_item *item)
{
    struct str part, product = STR_NONE, plan = STR_NONE, before = STR("");
    while (str_next(&name, '/', &part)) {
        if (str_is(before, "products"))
            product = part;
        if (str_is(before, "plans"))
            plan = part;
        before = part;
    }
    if (plan.len > 0 && ion_find_goods(ask->x->a, product, STR_NONE, plan, &item->goods_place,
                                       &item->variant_place))
        return true;
    ion_error(ask, 400, "INVALID_ARGUMENT", "planName names no plan of the catalogue");
    return false;
}

static bool read_item(struct ask *ask, struct ion_cart_item *item)
{
    const struct json *body;
    if (!ion_body(ask, &body) || !read_plan(ask, ion_text(ask, body, "planName"), item))
        return false;
    if (!ion_number(ask, body, "quantity", &item->quantity) || item->quantity < 1 ||
        item->quantity > INT32_MAX) {
        ion_error(ask, 400, "INVALID_ARGUMENT", "quantity is required");
        return false;
    }
    const struct json *payment = ion_member(ask, body, "payment");
    const struct json *add_on = ion_member(ask, body, "addOns");
    item->payment_type = state_text(ask->sim, ion_text(ask, payment, "paymentType"));
    item->card = state_text(ask->sim, ion_text(ask, payment, "creditCardName"));
    item->add_on_plan = state_text(ask->sim, ion_text(ask, add_on, "planId"));
    item->add_on_name = state_text(ask->sim, ion_text(ask, add_on, "displayName"));
    return true;
}

/* The key is spelled in lower case (3.7 SPEC). */
void ion_give_cart_items(struct ask *ask)
{
    int64_t customer, cart;
    size_t n;
    if (!find_cart(ask, &customer, &cart))
        return;
    const struct ion_cart_item *rows = cart_items(ask, &n);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "cartitems");
    for (size_t i = 0; i < n; i++)
        if (rows[i].cart == cart)
            put_item(ask, &w, (int64_t)i + FIRST_ITEM + 1);
    json_close(&w);
    json_close(&w);
}

void ion_give_cart_item(struct ask *ask)
{
    int64_t number;
    if (!find_item(ask, &number))
        return;
    struct json_writer w = ask_json(ask, 200);
    put_item(ask, &w, number);
}

void ion_create_cart_item(struct ask *ask)
{
    struct ion_cart_item item = { .quantity = 0 };
    int64_t customer;
    size_t n;
    if (!find_cart(ask, &customer, &item.cart) || !read_item(ask, &item))
        return;
    *(struct ion_cart_item *)state_add(ask->sim, STATE_ION_CART_ITEM) = item;
    (void)cart_items(ask, &n);
    struct json_writer w = ask_json(ask, 200);
    put_item(ask, &w, (int64_t)n + FIRST_ITEM);
}

void ion_update_cart_item(struct ask *ask)
{
    int64_t number;
    if (!find_item(ask, &number) || !read_item(ask, item_row(ask, number)))
        return;
    struct json_writer w = ask_json(ask, 200);
    put_item(ask, &w, number);
}

void ion_delete_cart_item(struct ask *ask)
{
    int64_t number;
    if (!find_item(ask, &number))
        return;
    item_row(ask, number)->cart = -1;
    answer_no_content(ask);
}

/* --- checkout --- */

/* The attributes for an item, as the body has them under its number. */
static const struct json *attributes_for(struct ask *ask, const struct json *body, int64_t number)
{
    const struct json *data = ion_member(ask, body, "provisionData");
    for (size_t i = 0; i < json_length(data); i++) {
        int64_t id = 0;
        if (ion_number(ask, json_at(data, i), "cartItemId", &id) && id == number)
            return ion_member(ask, json_at(data, i), "attributes");
    }
    return NULL;
}

static void add_line(struct ask *ask, int64_t number, const struct json *attributes)
{
    struct arena *a = ask->x->a;
    SCOPED(buf_release) struct buf text = BUF(1 << 16);
    struct json_writer w = JSON_WRITER(&text);
    struct ion_cart_item item = *item_row(ask, number);
    const struct goods *g = &catalogue[item.goods_place];
    struct customer c = sim_customer(ask->sim, a, AT_ION, cart_row(ask, item.cart)->customer);
    struct ion_order_item line = {
        .reference_id = str_of(arena_printf(a, "customers/%lld/cartItems/%lld", (long long)c.number,
                                            (long long)number)),
        .product_id = str_of(ion_product_id(g)),
        .sku_id = str_of(ion_sku_id(a, g)),
        .plan_id = str_of(ion_plan_id(a, item.goods_place, ion_variant(g, item.variant_place))),
        .quantity = item.quantity,
        .goods_place = item.goods_place,
        .variant_place = item.variant_place,
        .subscription = -1,
        .cart_item = number,
    };
    json_open_array(&w);
    for (size_t i = 0; i < json_length(attributes); i++) {
        struct str name = ion_text(ask, json_at(attributes, i), "name");
        struct str value = ion_text(ask, json_at(attributes, i), "value");
        json_open_object(&w);
        json_put_text(&w, "name", name);
        json_put_text(&w, "value", value);
        json_close(&w);
        if (str_equal_nocase(name, STR("domainName")))
            line.domain = state_text(ask->sim, value);
        if (str_equal_nocase(name, STR("renewalSetting")))
            line.renewal_setting = state_text(ask->sim, value);
    }
    json_close(&w);
    line.attributes = state_text(ask->sim, buf_str(&text));
    struct str *const texts[] = { &line.reference_id, &line.product_id, &line.sku_id,
                                  &line.plan_id };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = state_text(ask->sim, *texts[i]);
    item_row(ask, number)->checked_out = true;
    *(struct ion_order_item *)state_add(ask->sim, STATE_ION_ORDER_ITEM) = line;
}

void ion_checkout_cart(struct ask *ask)
{
    struct arena *a = ask->x->a;
    const struct json *body;
    struct ion_order order = { .customer = -1 };
    size_t n;
    if (!find_cart(ask, &order.customer, &order.cart) || !ion_body(ask, &body))
        return;
    struct ion_cart *cart = cart_row(ask, order.cart);
    if (n_items_of(ask, order.cart) == 0 || str_is(cart->status, "CHECKED_OUT")) {
        ion_error(ask, 400, "INVALID_ARGUMENT",
                  "the cart holds nothing to check out"); /* ASSUMED */
        return;
    }
    (void)state_rows(ask->sim, STATE_ION_ORDER_ITEM, &order.first_item);
    const struct ion_cart_item *rows = cart_items(ask, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].cart == order.cart) {
            int64_t number = (int64_t)i + FIRST_ITEM + 1;
            add_line(ask, number, attributes_for(ask, body, number));
            order.n_items++;
        }
    cart->status = STR("CHECKED_OUT");
    order.reference_id = state_text(ask->sim, str_of(cart_name(ask, order.cart)));
    order.display_name = state_text(
        ask->sim, str_of(arena_printf(a, "Cart - %lld", (long long)sim_now(ask->sim)))); /* 3.7 */
    size_t placed = ion_place_order(ask->sim, &order);
    struct json_writer w = ask_json(ask, 200);
    ion_put_order(ask, &w, placed, VIEW_CHECKOUT);
}
