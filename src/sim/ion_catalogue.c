/* Ion's answers around the catalogue: side lists, prices, what is on sale, programs. Shapes:
 * ion 3.3, 4.5 (SPEC). */
#include "sim/ion.h"

static void put_nothing(struct json_writer *w, const char *key)
{
    json_put_array(w, key);
    json_close(w);
}

void ion_give_categories(struct ask *ask)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "categories");
    json_open_object(&w);
    json_put_text(
        &w, "name",
        str_of(arena_printf(ask->x->a, "accounts/%d/categories/Productivity", ION_ACCOUNT_NUMBER)));
    json_put_text(&w, "displayName", STR("Productivity"));
    json_put_integer(&w, "count", catalogue_size());
    json_put_text(&w, "description", STR(""));
    put_nothing(&w, "icon");
    put_nothing(&w, "banner");
    put_nothing(&w, "logos");
    put_nothing(&w, "features");
    json_put_text(&w, "externalLink", STR(""));
    json_put_text(&w, "parent", STR(""));
    put_nothing(&w, "children");
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

void ion_give_verticals(struct ask *ask)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "verticals");
    json_open_object(&w);
    json_put_text(
        &w, "name",
        str_of(arena_printf(ask->x->a, "accounts/%d/verticals/Healthcare", ION_ACCOUNT_NUMBER)));
    json_put_text(&w, "displayName", STR("Healthcare"));
    json_put_text(&w, "description", STR("Health providers"));
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

void ion_give_charges(struct ask *ask)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "charges");
    json_open_object(&w);
    json_put_text(&w, "name",
                  str_of(arena_printf(ask->x->a, "accounts/%d/charges/77", ION_ACCOUNT_NUMBER)));
    json_put_text(&w, "chargeName", STR("Support uplift"));
    json_put_text(&w, "planType", STR("FIXED_PERCENT"));
    json_put_text(&w, "applyRateTo", STR("CUSTOMER_COST"));
    json_put_boolean(&w, "default", false);
    json_put_boolean(&w, "passThrough", false);
    json_put_text(&w, "updateTime", STR("2025-01-02T00:00:00Z"));
    json_put_text(&w, "createTime", STR("2025-01-01T00:00:00Z"));
    json_put_array(&w, "tiers");
    json_open_object(&w);
    json_put_text(&w, "name", STR("Tier 1"));
    json_put_integer(&w, "value", 5);
    json_put_text(&w, "type", STR("PERCENT"));
    json_close(&w);
    json_close(&w);
    json_put_text(&w, "currency", STR("USD"));
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

/* --- prices by part number (P6) --- */

static bool find_part(struct arena *a, struct str part, int *ret_goods, const struct variant **ret)
{
    for (int g = 0; g < catalogue_size(); g++)
        for (int v = 0; v < ion_n_variants(&catalogue[g]); v++) {
            *ret_goods = g;
            *ret = ion_variant(&catalogue[g], v);
            if (str_equal_nocase(part, str_of(ion_part_number(a, &catalogue[g], *ret))))
                return true;
        }
    return false;
}

static void put_plan_price(struct ask *ask, struct json_writer *w, struct str part)
{
    int goods;
    const struct variant *v;
    if (!find_part(ask->x->a, part, &goods, &v))
        return; /* what is not in the price book is left out: ASSUMED */
    const struct goods *g = &catalogue[goods];
    struct decimal price = goods_price(g, v);
    json_open_object(w);
    json_put_text(w, "productId", part);
    put_price(w, "pricebookPrice", price, false);
    json_put_text(w, "pricebookCurrency", STR("USD"));
    json_put_boolean(w, "productAvailability", true);
    put_price(w, "pricebookMasterPrice", price, false);
    json_put_object(w, "pricebookDetails");
    json_put_text(w, "SkuDescription", str_of(g->name));
    json_put_text(w, "Market", STR("US"));
    json_put_text(w, "ProductId", str_of(g->product));
    json_put_text(w, "SkuId", str_of(g->sku));
    json_put_text(w, "UnitOfMeasure", STR("License"));
    json_close(w);
    json_put_object(w, "supportPlan");
    json_put_integer(w, "pricebookCost", 0);
    json_put_integer(w, "accountCost", 0);
    json_close(w);
    json_close(w);
}

void ion_give_pricing(struct ask *ask)
{
    const struct json *body;
    if (!ion_body(ask, &body))
        return;
    const struct json *providers = ion_member(ask, body, "externalProductWithProvider");
    if (json_length(providers) == 0) {
        ion_error(ask, 400, "INVALID_ARGUMENT", "externalProductWithProvider is required");
        return;
    }
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "plans");
    for (size_t i = 0; i < json_length(providers); i++) {
        const struct json *parts = ion_member(ask, json_at(providers, i), "externalProducts");
        for (size_t k = 0; k < json_length(parts); k++)
            put_plan_price(ask, &w, json_text(json_at(parts, k)));
    }
    json_close(&w);
    json_close(&w);
}

/* --- on sale or not, and programs --- */

/* The goods of a product id; -1: there is none. A resource name counts by its last segment. */
static int find_product(struct str id)
{
    struct str part;
    while (str_next(&id, '/', &part))
        if (id.at == NULL)
            for (int g = 0; g < catalogue_size(); g++)
                if (str_is(part, ion_product_id(&catalogue[g])))
                    return g;
    return -1;
}

static struct ion_product *product_row(struct ask *ask, int goods)
{
    size_t n;
    struct ion_product *rows = state_rows(ask->sim, STATE_ION_PRODUCT, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].goods_place == goods)
            return &rows[i];
    rows = state_add(ask->sim, STATE_ION_PRODUCT);
    rows->goods_place = goods;
    return rows;
}

static bool path_product(struct ask *ask, int *ret_goods)
{
    struct str id = ask_path(ask, "productId");
    *ret_goods = find_product(id);
    if (*ret_goods < 0)
        ion_not_found(ask, "products", id);
    return *ret_goods >= 0;
}

/* 400 when it is in that state already (3.3 P7 SPEC). */
static void set_on_sale(struct ask *ask, bool on)
{
    int goods;
    if (!path_product(ask, &goods))
        return;
    struct ion_product *row = product_row(ask, goods);
    if (row->is_disabled != on) {
        ion_error(ask, 400, "INVALID_ARGUMENT",
                  arena_printf(ask->x->a, "product '%s' is already %s",
                               ion_product_id(&catalogue[goods]), on ? "enabled" : "disabled"));
        return;
    }
    row->is_disabled = !on;
    ion_empty_answer(ask);
}

void ion_enable_product(struct ask *ask)
{
    set_on_sale(ask, true);
}

void ion_disable_product(struct ask *ask)
{
    set_on_sale(ask, false);
}

static void put_program(struct ask *ask, struct json_writer *w, int goods)
{
    struct arena *a = ask->x->a;
    const struct ion_product *row = product_row(ask, goods);
    const char *program = arena_printf(a, "accounts/%d/programs/nce", ION_ACCOUNT_NUMBER);
    json_open_object(w);
    json_put_text(w, "programDisplayName", STR("New Commerce"));
    json_put_text(w, "programName", row->program.len > 0 ? row->program : str_of(program));
    json_put_text(w, "description", STR("Simulated program."));
    json_put_text(w, "productName",
                  str_of(arena_printf(a, "accounts/%d/products/%s", ION_ACCOUNT_NUMBER,
                                      ion_product_id(&catalogue[goods]))));
    json_put_boolean(w, "productWasAdded", row->program.len > 0);
    json_close(w);
}

static void give_program(struct ask *ask, int goods)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "programs");
    if (goods >= 0)
        put_program(ask, &w, goods);
    json_close(&w);
    json_close(&w);
}

void ion_give_programs(struct ask *ask)
{
    give_program(ask, find_product(ask_query(ask, "productName")));
}

/* One program or several: the document's notation allows both readings (3.3 P9). */
void ion_update_programs(struct ask *ask)
{
    const struct json *body;
    int goods;
    if (!path_product(ask, &goods) || !ion_body(ask, &body))
        return;
    const struct json *programs = json_get(body, "product_programs");
    programs = programs != NULL ? programs : json_get(body, "productPrograms");
    if (json_kind(programs) == JSON_ARRAY)
        programs = json_at(programs, 0);
    struct str name = ion_text(ask, programs, "programName");
    if (name.len == 0) {
        ion_error(ask, 400, "INVALID_ARGUMENT", "programName is required");
        return;
    }
    struct ion_product *row = product_row(ask, goods);
    row->program = state_text(ask->sim, name);
    row->partner = state_text(ask->sim, ion_text(ask, programs, "partnerName"));
    give_program(ask, goods);
}
