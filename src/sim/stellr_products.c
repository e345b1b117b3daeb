/* Stellr's vendors and products: stellr 5.11 to 5.15, 5.30, 5.33, 6.3, 6.4. */
#include "sim/stellr_inside.h"

#include "sim/chance.h"

static const char *const vendors[] = { "Microsoft", "Google", "Cisco" };

bool vendor_is_known(struct str vendor)
{
    for (size_t i = 0; i < ARRAY_LEN(vendors); i++)
        if (str_is(vendor, vendors[i]))
            return true;
    return false;
}

void give_vendors(struct ask *ask)
{
    struct page_wanted page;
    if (!stellr_page(ask, (int64_t)ARRAY_LEN(vendors), true, &page)) /* optional */
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        json_open_object(&w);
        json_put_text(&w, "vendorId", str_of(vendors[i]));
        json_put_text(&w, "vendorName", str_of(vendors[i]));
        json_close(&w);
    }
    stellr_close_list(&w);
}

static void put_prices(struct ask *ask, struct json_writer *w, const struct article *x)
{
    json_put_array(w, "productPrice");
    json_open_object(w);
    json_put_integer(w, "minQty", 1);
    stellr_put_money(ask, w, "rsPrice", goods_cost(x->goods, x->variant));
    stellr_put_money(ask, w, "msrp", goods_price(x->goods, x->variant));
    json_close(w);
    json_close(w);
}

static void put_product(struct ask *ask, struct json_writer *w, const struct article *x)
{
    static const char *const models[] = { "License", "Usage", "OneTime" }; /* */
    const struct goods *g = x->goods;
    struct str name = str_of(stellr_product_name(ask->x->a, g, x->variant));
    stellr_put_id(ask, w, "productId", goods_product_id(x->goods_place, x->variant_place));
    json_put_text(w, "vendorId", str_of(g->vendor));
    json_put_text(w, "vendorName", str_of(g->vendor));
    stellr_put_id(ask, w, "skuNo", article_sku(x));
    json_put_text(w, "mfgPartNo", str_of(stellr_part_number(ask->x->a, g)));
    json_put_text(w, "productName", name);
    json_put_text(w, "description", name);
    json_put_text(w, "billingModel", str_of(models[g->measure]));
    json_put_text(w, "billingFrequency", str_of(x->variant->stellr_cycle));
    json_put_boolean(w, "isAddOn", g->is_add_on);
    json_put_boolean(w, "discontinueProduct", false);
    put_prices(ask, w, x);
    json_put_array(w, "productImages");
    json_close(w);
}

static void give_article_list(struct ask *ask, const struct article *articles, size_t n)
{
    struct page_wanted page;
    if (!stellr_page(ask, (int64_t)n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        json_open_object(&w);
        put_product(ask, &w, &articles[i]);
        json_close(&w);
    }
    stellr_close_list(&w);
}

static struct article *room_for_all(struct ask *ask)
{
    return ARENA_ARRAY(ask->x->a, (size_t)(catalogue_size() * variants_size()), struct article);
}

static bool product_fits(struct ask *ask, const struct article *x)
{
    struct str search = ask_query(ask, "$search"), part = ask_query(ask, "mfgPartNo");
    const char *name = stellr_product_name(ask->x->a, x->goods, x->variant);
    if (!str_equal(ask_path(ask, "vendorId"), str_of(x->goods->vendor)))
        return false;
    if (part.len > 0 && !str_is(part, stellr_part_number(ask->x->a, x->goods)))
        return false;
    return search.len == 0 || str_contains_nocase(str_of(name), arena_text(ask->x->a, search));
}

void give_products(struct ask *ask)
{
    struct str eol = ask_query(ask, "includeEOL");
    struct article *articles = room_for_all(ask);
    size_t n = 0;
    if (!vendor_is_known(ask_path(ask, "vendorId"))) { /* */
        stellr_error(ask, 404, "NOT_FOUND", "This vendor is not known.");
        return;
    }
    if (eol.len > 0 && !str_is(eol, "Y") && !str_is(eol, "N")) {
        stellr_error(ask, 400, "INVALID_PARAMETER", "includeEOL must be Y or N.");
        return;
    }
    for (int g = 0; g < catalogue_size(); g++)
        for (int v = 0; v < article_variants(g); v++) {
            struct article x = article_at(g, v);
            if (product_fits(ask, &x))
                articles[n++] = x;
        }
    give_article_list(ask, articles, n);
}

static void give_one(struct ask *ask, const char *parameter,
                     bool (*find)(int64_t number, struct article *ret_article))
{
    struct str text = ask_path(ask, parameter);
    struct article x;
    int64_t number;
    if (!str_integer(text, &number)) {
        stellr_refuse(ask, 400, "INVALID_PARAMETER", "%s must be a number.", parameter);
        return;
    }
    if (!find(number, &x)) {
        stellr_refuse(ask, 404, "NOT_FOUND", "There is no product with %s %.*s.", parameter,
                      STR_PRINT(text));
        return;
    }
    struct json_writer w = stellr_open(ask, 200);
    put_product(ask, &w, &x);
    stellr_close(&w);
}

void give_product(struct ask *ask)
{
    give_one(ask, "productId", article_find_product);
}

void give_product_by_sku(struct ask *ask)
{
    give_one(ask, "skuNo", article_find_sku);
}

/* The add-ons of the same vendor with the same commitment. */
void give_related_products(struct ask *ask)
{
    struct str text = ask_path(ask, "primaryProductId");
    struct article primary, *articles = room_for_all(ask);
    int64_t number = 0;
    size_t n = 0;
    if (!str_integer(text, &number) || !article_find_product(number, &primary)) {
        stellr_refuse(ask, 404, "NOT_FOUND", "There is no product %.*s.", STR_PRINT(text));
        return;
    }
    bool has_any = primary.goods->measure == MEASURE_SEATS && !primary.goods->is_add_on;
    for (int g = 0; g < catalogue_size() && has_any; g++)
        if (catalogue[g].is_add_on && strcmp(catalogue[g].vendor, primary.goods->vendor) == 0)
            articles[n++] = article_at(g, primary.variant_place);
    give_article_list(ask, articles, n);
}

/* The customer that the query names by number or domain; -1: the refusal is written. */
static int64_t customer_of_query(struct ask *ask)
{
    struct str domain = ask_query(ask, "domain");
    int64_t customer = stellr_customer_wanted(ask), n = sim_customers(ask->sim, AT_STELLR);
    if (customer == -1 && domain.len == 0) {
        stellr_error(ask, 400, "MISSING_PARAMETER", "customerNo or domain is missing.");
        return -1;
    }
    for (int64_t i = 0; customer == -1 && i < n; i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        if (str_equal_nocase(sim_customer(ask->sim, &a, AT_STELLR, i).name.domain, domain))
            customer = i;
    }
    if (customer < 0)
        stellr_error(ask, 404, "NOT_FOUND", "There is no such customer.");
    return customer < 0 ? -1 : customer;
}

static void put_transferable(struct ask *ask, struct json_writer *w, int64_t customer,
                             const struct article *x)
{
    int64_t seats = 5 + chance_below(chance(ask->sim->world.seed, 62, (uint64_t)customer, 0), 40);
    stellr_put_id(ask, w, "productId", goods_product_id(x->goods_place, x->variant_place));
    json_put_text(w, "vendorId", str_of(x->goods->vendor));
    stellr_put_id(ask, w, "skuNo", article_sku(x));
    json_put_text(w, "productName",
                  str_of(arena_printf(ask->x->a, "%s (transfer)", x->goods->name)));
    json_put_text(w, "mfgPartNo", str_of(stellr_part_number(ask->x->a, x->goods)));
    json_put_text(w, "planName", str_of(plan_name(x->variant_place)));
    json_put_integer(w, "minimumTransferableSeats", 5);
    json_put_integer(w, "currentSeats", seats);
    json_put_boolean(w, "transferable", true);
    json_put_null(w, "reason");
}

/* A token that starts with "expired" is refused, any other is good. */
void give_transferable_products(struct ask *ask)
{
    struct article *articles = room_for_all(ask);
    struct page_wanted page;
    size_t n = 0;
    int64_t customer = customer_of_query(ask);
    if (customer < 0)
        return;
    if (ask_query(ask, "transferToken").len == 0) {
        stellr_error(ask, 400, "MISSING_PARAMETER", "transferToken is missing.");
        return;
    }
    if (str_starts(ask_query(ask, "transferToken"), "expired")) {
        stellr_error(ask, 422, "NOT_ELIGIBLE", "The transfer token is past its lifetime.");
        return;
    }
    for (int g = 0; g < catalogue_size(); g++)
        for (int v = 0; strcmp(catalogue[g].vendor, "Google") == 0 && v < article_variants(g); v++)
            articles[n++] = article_at(g, v);
    if (!stellr_page(ask, (int64_t)n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        json_open_object(&w);
        put_transferable(ask, &w, customer, &articles[i]);
        json_close(&w);
    }
    stellr_close_list(&w);
}

void give_transition_products(struct ask *ask)
{
    static const char *const types[] = { "UPGRADE", "DOWNGRADE", "CHANGE_PLAN" };
    struct transition_to to[TRANSITIONS_MAX];
    struct page_wanted page;
    int64_t customer, place;
    if (!stellr_find_subscription(ask, &customer, &place))
        return;
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    if (!stellr_page(ask, (int64_t)stellr_transitions(ask->sim, &s, to), false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        const struct article *x = &to[i].article;
        json_open_object(&w);
        stellr_put_id(ask, &w, "productId", goods_product_id(x->goods_place, x->variant_place));
        stellr_put_id(ask, &w, "skuNo", article_sku(x));
        json_put_text(&w, "productName",
                      str_of(stellr_product_name(ask->x->a, x->goods, x->variant)));
        json_put_text(&w, "mfgPartNo", str_of(stellr_part_number(ask->x->a, x->goods)));
        json_put_text(&w, "transitionType", str_of(types[to[i].type]));
        json_put_text(&w, "billingFrequency", str_of(x->variant->stellr_cycle));
        json_put_boolean(&w, "eligible", to[i].reason == NULL);
        json_put_text_or_null(&w, "reason", str_of(to[i].reason));
        put_prices(ask, &w, x);
        json_close(&w);
    }
    stellr_close_list(&w);
}
