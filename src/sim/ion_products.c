/* Ion's answers on products: products hold SKUs, SKUs hold plans, plans hold prices (4.5). */
#include "sim/ion.h"

/* The first goods of each product, in the order of the catalogue. */
static bool is_first_of_product(int goods)
{
    for (int i = 0; i < goods; i++)
        if (strcmp(ion_product_id(&catalogue[i]), ion_product_id(&catalogue[goods])) == 0)
            return false;
    return true;
}

static void put_plan(struct ask *ask, struct json_writer *w, int goods, const struct variant *v)
{
    struct arena *a = ask->x->a;
    const struct goods *g = &catalogue[goods];
    struct decimal price = goods_price(g, v);
    json_open_object(w);
    json_put_text(w, "id", str_of(ion_plan_id(a, goods, v)));
    json_put_text(w, "displayName", str_of(g->name));
    json_put_text(w, "billingPeriod",
                  v->cycle_months == 12  ? STR("ANNUAL")
                  : v->cycle_months == 0 ? STR("ONE_TIME")
                                         : STR("MONTHLY"));
    json_put_array(w, "phases");
    json_open_object(w);
    json_put_text(w, "type", STR("UNLIMITED_PHASE"));
    json_put_object(w, "recurringPrice");
    put_price(w, "USD", price, false);
    json_close(w);
    json_close(w);
    json_close(w);
    json_put_text(w, "icon", STR("https://cdn.example.invalid/plan_icon.png"));
    if (g->sku[0] != '\0' && g->measure == MEASURE_SEATS) {
        struct str part =
            str_of(arena_printf(a, "%s:%s:%s:%s", g->product, g->sku, v->term, v->cycle));
        json_put_text(w, "productId", part);
        json_put_text(w, "mpnId", part);
    }
    put_price(w, "pricebookPrice", price, false);
    json_put_text(w, "pricebookCurrency", STR("USD"));
    json_put_boolean(w, "productAvailability", true);
    put_price(w, "pricebookMasterPrice", price, false);
    json_put_object(w, "supportPlan");
    json_close(w);
    json_put_text(w, "priceDisplay", STR("PRICE_DISPLAY_SHOW_PLAN"));
    json_close(w);
}

static void put_sku(struct ask *ask, struct json_writer *w, int goods)
{
    struct arena *a = ask->x->a;
    const struct goods *g = &catalogue[goods];
    json_open_object(w);
    json_put_text(w, "id", str_of(ion_sku_id(a, g)));
    json_put_text(w, "displayName", str_of(g->name));
    json_put_text(w, "description", STR("Per user"));
    json_put_text(w, "cancelTiming", STR("END_OF_TERM"));
    json_put_text(w, "productId", str_of(arena_printf(a, "US,%s,%s", g->product, g->sku)));
    json_put_array(w, "plans");
    if (g->measure == MEASURE_SEATS)
        for (int v = 0; v < variants_size(); v++)
            put_plan(ask, w, goods, &variants[v]);
    else
        put_plan(ask, w, goods, g->measure == MEASURE_USAGE ? &variant_usage : &variant_once);
    json_close(w);
    json_put_text(w, "productCloudProviderName",
                  str_of(arena_printf(a, "accounts/%d/cloudProviders/30", ION_ACCOUNT_NUMBER)));
    json_put_boolean(w, "disabled", false);
    json_put_object(w, "supportPlanAsProductPlan");
    json_put_object(w, "details");
    json_close(w);
    json_close(w);
    json_close(w);
}

static void put_marketing(struct json_writer *w, const struct goods *g)
{
    json_put_object(w, "marketing");
    json_put_text(w, "description", STR("Simulated catalogue entry."));
    json_put_text(w, "displayName", str_of(ion_product_name(g)));
    json_put_text(w, "caption", str_of(ion_product_name(g)));
    json_put_object(w, "defaultImage");
    json_put_text(w, "title", STR("Logo"));
    json_put_text(w, "content", STR("https://cdn.example.invalid/logo.png"));
    json_put_text(w, "type", STR("MEDIA_TYPE_IMAGE"));
    json_close(w);
    json_close(w);
}

/* Names and form are 4.5 REAL; "azure" as a type is invented. */
static void put_custom_field(struct json_writer *w, const char *name, const char *content)
{
    json_open_object(w);
    json_put_text(w, "name", str_of(name));
    json_put_text(w, "content", str_of(content));
    json_put_text(w, "type", STR("STRING"));
    json_close(w);
}

static void put_definition(struct ask *ask, struct json_writer *w, const struct goods *product)
{
    json_put_object(w, "definition");
    json_put_array(w, "supportedCurrencies");
    json_put_text(w, NULL, STR("USD"));
    json_close(w);
    json_put_text(w, "billingMode", STR("POSTPAY"));
    json_put_array(w, "features");
    json_open_object(w);
    json_put_text(w, "id", STR("Flexible"));
    json_put_text(w, "displayName", STR("Flexible"));
    json_close(w);
    json_close(w);
    json_put_array(w, "skus");
    for (int g = 0; g < catalogue_size(); g++)
        if (strcmp(ion_product_id(&catalogue[g]), ion_product_id(product)) == 0)
            put_sku(ask, w, g);
    json_close(w);
    json_put_array(w, "customFields");
    put_custom_field(w, "productType", product->measure == MEASURE_SEATS ? "nce" : "azure");
    put_custom_field(w, "ProvisioningCategory", "MICROSOFT");
    json_close(w);
    json_close(w);
}

static void put_product(struct ask *ask, struct json_writer *w, const struct goods *g)
{
    struct arena *a = ask->x->a;
    const char *id = ion_product_id(g);
    json_put_text(w, "id", str_of(id));
    json_put_text(w, "name",
                  str_of(arena_printf(a, "accounts/%d/products/%s", ION_ACCOUNT_NUMBER, id)));
    json_put_text(w, "type", STR("SUBSCRIPTION_PRODUCT"));
    json_put_array(w, "categories");
    json_put_text(
        w, NULL,
        str_of(arena_printf(a, "accounts/%d/categories/Productivity", ION_ACCOUNT_NUMBER)));
    json_close(w);
    json_put_boolean(w, "hasPublishedVersions", true);
    if (!ion_flag(ask, "excludeFilter.excludeMarketing"))
        put_marketing(w, g);
    if (!ion_flag(ask, "excludeFilter.excludeDefinition"))
        put_definition(ask, w, g);
    json_put_boolean(w, "isSharedProduct", true);
    json_put_text(w, "etag", STR("W1-sim"));
    json_put_text(w, "createTime", STR("2024-01-01T00:00:00Z"));
    json_put_text(w, "updateTime", STR("2025-01-02T00:00:00Z"));
}

/* What only the detail has (4.5: REAL; versionHistory SPEC). Values are invented. */
static void put_product_detail(struct ask *ask, struct json_writer *w, const struct goods *product)
{
    struct arena *a = ask->x->a;
    json_put_array(w, "idsInUse");
    for (int g = 0; g < catalogue_size(); g++)
        if (strcmp(ion_product_id(&catalogue[g]), ion_product_id(product)) == 0)
            json_put_text(w, NULL, str_of(ion_sku_id(a, &catalogue[g])));
    json_close(w);
    json_put_text(w, "termUid", STR("SIM-TERM-0001"));
    json_put_text(w, "previewAuthToken", STR("/+blob-signature+/c2ltdWxhdGVk="));
    json_put_array(w, "tagsValues");
    json_open_object(w);
    const char *tag = arena_printf(a, "accounts/%d/product/tags/900", ION_ACCOUNT_NUMBER);
    json_put_text(w, "name", str_of(arena_printf(a, "%s/value/9001", tag)));
    json_put_text(w, "displayName", STR("Simulated"));
    json_put_text(w, "tagDisplayName", STR("tag"));
    json_put_text(w, "tagName", str_of(tag));
    json_close(w);
    json_close(w);
    if (!ion_flag(ask, "excludeFilter.excludeVersionHistory")) {
        json_put_array(w, "versionHistory");
        json_open_object(w);
        json_put_text(w, "name", STR("1"));
        json_put_text(w, "effectiveDate", STR("2024-01-01T00:00:00Z"));
        json_close(w);
        json_close(w);
    }
    json_put_text(w, "legacyProductId", str_of(arena_printf(a, "LEGACY-%s", product->product)));
}

/* Whether one of a product's SKUs is wanted; the display name fits as a whole only (3.3 CLIENT).
 * Nothing here is an add-on of its own, so filters for add-ons look at SKUs as well. */
static bool sku_fits(struct ask *ask, const struct goods *g)
{
    struct arena *a = ask->x->a;
    struct str part = ask_query(ask, "filter.mfgPartNumber");
    struct str external = str_of(arena_printf(a, "US,%s,%s", g->product, g->sku));
    struct str id = str_of(ion_sku_id(a, g)), name = str_of(g->name);
    bool has_part = part.len == 0;
    for (int v = 0; v < ion_n_variants(g) && !has_part; v++)
        has_part = str_is(part, ion_part_number(a, g, ion_variant(g, v)));
    return has_part && ion_fits(ask, "filter.skuExternalId", external) &&
           ion_fits(ask, "filter.addonExternalId", external) && ion_fits(ask, "filter.skuId", id) &&
           ion_fits(ask, "filter.addonId", id) && ion_fits(ask, "filter.skuDisplayName", name) &&
           ion_fits(ask, "filter.addonDisplayName", name);
}

/* filter.name works with one word (3.3 CLIENT). */
static bool product_fits(struct ask *ask, const struct goods *g)
{
    struct str name = ask_query(ask, "filter.name");
    if (name.len > 0 &&
        !str_contains_nocase(str_of(ion_product_name(g)), arena_text(ask->x->a, name)))
        return false;
    if (!ion_fits(ask, "filter.cloudProviderId", STR("30")))
        return false;
    for (int i = 0; i < catalogue_size(); i++)
        if (strcmp(ion_product_id(&catalogue[i]), ion_product_id(g)) == 0 &&
            sku_fits(ask, &catalogue[i]))
            return true;
    return false;
}

void ion_give_products(struct ask *ask)
{
    int shown[64];
    int64_t n = 0;
    for (int g = 0; g < catalogue_size() && n < (int64_t)ARRAY_LEN(shown); g++)
        if (is_first_of_product(g) && product_fits(ask, &catalogue[g]))
            shown[n++] = g;
    struct ion_page page;
    if (!ion_page(ask, n, &page))
        return;
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    if (ion_opens_list(ask, &w, "products", n)) {
        for (int64_t i = page.first; i < page.end; i++) {
            json_open_object(&w);
            put_product(ask, &w, &catalogue[shown[i]]);
            json_close(&w);
        }
        json_close(&w);
    }
    ion_put_next(ask, &w, &page);
    json_close(&w);
}

void ion_give_product(struct ask *ask)
{
    struct str id = ask_path(ask, "productId");
    for (int g = 0; g < catalogue_size(); g++) {
        if (!str_is(id, ion_product_id(&catalogue[g])))
            continue;
        struct json_writer w = ask_json(ask, 200);
        json_open_object(&w);
        put_product(ask, &w, &catalogue[g]);
        put_product_detail(ask, &w, &catalogue[g]);
        json_close(&w);
        return;
    }
    ion_error(ask, 404, "NOT_FOUND",
              arena_printf(ask->x->a, "resource 'accounts/%d/products/%.*s' not found",
                           ION_ACCOUNT_NUMBER, STR_PRINT(id)));
}
