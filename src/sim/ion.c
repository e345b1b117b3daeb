/* Ion's answers: what all of them share. Wire quirks: ion 6.3: 64-bit numbers as text, absent
 * instead of null; names of requests in camelCase or snake_case. */
#include "sim/ion.h"

#include "base/moment.h"
#include "base/secret.h"
#include "sim/chance.h"

#define SECOND_MS     INT64_C(1000)
#define SIZE_MOST     1000
#define LIMIT_DEFAULT 100
#define LIMIT_MOST    5000

struct str ion_request_id(struct ask *ask)
{
    uint64_t number = (uint64_t)atomic_load(&ask->sim->n_requests);
    uint64_t bits = chance(ask->sim->world.seed, 902, number, 0);
    return str_of(arena_printf(ask->x->a, "%016llx%04x", (unsigned long long)bits,
                               (unsigned)number & 0xffff));
}

void ion_error(struct ask *ask, int status, const char *error, const char *message)
{
    struct json_writer w = ask_json(ask, status);
    json_open_object(&w);
    json_put_text(&w, "error", str_of(error));
    json_put_text(&w, "message", str_of(message));
    json_put_integer(&w, "code", status);
    json_put_array(&w, "details");
    json_open_object(&w);
    json_put_text(&w, "@type", STR("type.googleapis.com/google.rpc.RequestInfo"));
    json_put_text(&w, "requestId", ion_request_id(ask));
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

void put_number_text(struct json_writer *w, const char *key, int64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)number);
    json_put_text(w, key, str_of(text));
}

/* Milliseconds where there are some (".491Z"), none where there are none (6.3 REAL). */
void ion_put_moment(struct json_writer *w, const char *key, int64_t ms)
{
    char text[32];
    moment_text(ms, text);
    if (ms % SECOND_MS == 0)
        memcpy(text + 19, "Z", 2);
    json_put_text(w, key, str_of(text));
}

bool ion_page(struct ask *ask, int64_t total, struct ion_page *page)
{
    struct str token = ask_query(ask, "pageToken"), decoded = STR("");
    bool wrong;
    int64_t size = ask_number(ask, "pageSize", LIMIT_DEFAULT, &wrong);
    if (ask_query(ask, "pageSize").len == 0 && token.len == 0) {
        ion_error(ask, 400, "INVALID_REQUEST", "page_size or page_token is needed");
        return false;
    }
    int64_t first = 0;
    if (token.len > 0 && (!base64_read(ask->x->a, token, &decoded) ||
                          !str_integer(decoded, &first) || first < 0 || first > total)) {
        ion_error(ask, 400, "INVALID_REQUEST", "page_token is not valid");
        return false;
    }
    if (wrong || size < 1) {
        ion_error(ask, 400, "INVALID_REQUEST", "page_size is not valid");
        return false;
    }
    size = size < SIZE_MOST ? size : SIZE_MOST;
    if (ask->fault == FAULT_PAGE_VANISHES && first > 0)
        first = total;
    page->first = ask->fault == FAULT_PAGE_REPEATS ? 0 : first;
    page->end = page->first + size < total ? page->first + size : total;
    page->has_next = page->end < total;
    return true;
}

void ion_put_next(struct ask *ask, struct json_writer *w, const struct ion_page *page)
{
    char text[24];
    if (!page->has_next && sim_knob_flag(ask->sim, KNOB_empty_page_token))
        json_put_text(w, "nextPageToken", STR(""));
    if (!page->has_next)
        return;
    SCOPED(buf_release) struct buf token = BUF(64);
    (void)snprintf(text, sizeof text, "%lld", (long long)page->end);
    base64_print(&token, str_of(text));
    json_put_text(w, "nextPageToken", buf_str(&token));
}

bool ion_offsets(struct ask *ask, const char *limit, const char *offset, struct ion_offsets *page)
{
    bool wrong_limit, wrong_offset;
    page->limit = ask_number(ask, limit, LIMIT_DEFAULT, &wrong_limit);
    page->offset = ask_number(ask, offset, 0, &wrong_offset);
    if (wrong_limit || wrong_offset || page->limit < 0 || page->offset < 0) {
        ion_error(ask, 400, "INVALID_ARGUMENT", "pagination is not valid");
        return false;
    }
    page->limit = page->limit < LIMIT_MOST ? page->limit : LIMIT_MOST;
    page->limit = page->limit == 0 ? LIMIT_DEFAULT : page->limit;
    if (ask->fault == FAULT_PAGE_REPEATS)
        page->offset = 0;
    if (ask->fault == FAULT_PAGE_VANISHES && page->offset > 0)
        page->limit = 0;
    return true;
}

bool ion_flag(struct ask *ask, const char *name)
{
    struct str value = ask_query(ask, name);
    return str_equal_nocase(value, STR("true")) || str_is(value, "1") ||
           str_equal_nocase(value, STR("t"));
}

bool ion_fits(struct ask *ask, const char *name, struct str value)
{
    struct str wanted = ask_query(ask, name);
    return wanted.len == 0 || str_equal_nocase(wanted, value);
}

bool ion_fits_list(struct ask *ask, const char *name, struct str value)
{
    struct str wanted = ask_query(ask, name), one;
    if (wanted.len == 0)
        return true;
    while (str_next(&wanted, ',', &one))
        if (str_equal_nocase(str_trim(one), value))
            return true;
    return false;
}

bool ion_body(struct ask *ask, const struct json **ret_body)
{
    struct error why;
    *ret_body = NULL;
    if (str_trim(ask->x->body).len == 0 ||
        json_parse(ask->x->a, ask->x->body, ret_body, &why) == ST_OK)
        return true;
    ion_error(ask, 400, "INVALID_ARGUMENT", "the request body is not valid JSON");
    return false;
}

/* "resellerPO" is "reseller_po" for whoever writes it by hand (ASSUMED), and "reseller_p_o" for a
 * library of protocol buffers. */
static const char *snake_case(struct arena *a, const char *name, bool by_letter)
{
    SCOPED(buf_release) struct buf snake = BUF(200);
    bool was_upper = true;
    for (; *name != '\0'; name++) {
        bool is_upper = *name >= 'A' && *name <= 'Z';
        bool before_lower = name[1] != '\0' && !(name[1] >= 'A' && name[1] <= 'Z');
        if (is_upper && (by_letter || before_lower || !was_upper))
            buf_add_char(&snake, '_');
        buf_add_char(&snake, is_upper ? (char)(*name - 'A' + 'a') : *name);
        was_upper = is_upper;
    }
    return arena_text(a, buf_str(&snake));
}

const struct json *ion_member(struct ask *ask, const struct json *object, const char *name)
{
    const struct json *member = json_get(object, name);
    if (member == NULL)
        member = json_get(object, snake_case(ask->x->a, name, false));
    return member != NULL ? member : json_get(object, snake_case(ask->x->a, name, true));
}

struct str ion_text(struct ask *ask, const struct json *object, const char *name)
{
    const struct json *member = ion_member(ask, object, name);
    struct str text = json_text(member);
    return text.at != NULL ? text : json_number_text(member);
}

bool ion_number(struct ask *ask, const struct json *object, const char *name, int64_t *ret_number)
{
    struct str text = ion_text(ask, object, name);
    return text.at != NULL && str_integer(text, ret_number);
}

bool ion_customer(struct ask *ask, int64_t *ret_place)
{
    struct str id = ask_path(ask, "customerId");
    if (sim_find_customer(ask->sim, AT_ION, id, ret_place))
        return true;
    ion_not_found(ask, "customers", id);
    return false;
}

void ion_put_second(struct json_writer *w, const char *key, int64_t ms)
{
    ion_put_moment(w, key, ms - ms % SECOND_MS);
}

void ion_put_day(struct json_writer *w, const char *key, int64_t ms)
{
    SCOPED(buf_release) struct buf day = BUF(16);
    date_print(&day, date_of_ms(ms));
    json_put_text(w, key, buf_str(&day));
}

void ion_put_some(struct json_writer *w, const char *key, struct str text)
{
    if (text.len > 0)
        json_put_text(w, key, text);
}

void ion_empty_answer(struct ask *ask)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_close(&w);
}

bool ion_opens_list(struct ask *ask, struct json_writer *w, const char *key, int64_t n)
{
    if (n == 0 && sim_knob_flag(ask->sim, KNOB_omit_empty_items))
        return false;
    json_put_array(w, key);
    return true;
}

void ion_not_found(struct ask *ask, const char *what, struct str id)
{
    ion_error(ask, 404, "NOT_FOUND",
              arena_printf(ask->x->a, "resource 'accounts/%d/%s/%.*s' not found",
                           ION_ACCOUNT_NUMBER, what, STR_PRINT(id)));
}

const char *ion_sku_id(struct arena *a, const struct goods *g)
{
    SCOPED(buf_release) struct buf id = BUF(200);
    for (const char *c = g->name; *c != '\0'; c++)
        buf_add_char(&id, *c == ' ' || *c == '(' || *c == ')' ? '-' : *c);
    return arena_text(a, buf_str(&id));
}

const char *ion_plan_id(struct arena *a, int goods_place, const struct variant *v)
{
    return arena_printf(a, "%s-n%d", v->ion_plan, goods_place + 10);
}

const char *ion_product_id(const struct goods *g)
{
    if (g->measure == MEASURE_USAGE)
        return "MSAZURE-demo";
    if (strcmp(g->vendor, "Microsoft") != 0)
        return strcmp(g->vendor, "Google") == 0 ? "GoogleWorkspace-demo" : "CiscoDuo-demo";
    return g->measure == MEASURE_ONE_TIME ? "MSPerpetual-demo" : "Microsoft365EandFNCE-demonce";
}

const char *ion_product_name(const struct goods *g)
{
    if (g->measure == MEASURE_USAGE)
        return "Microsoft Azure Plan";
    if (strcmp(g->vendor, "Microsoft") != 0)
        return strcmp(g->vendor, "Google") == 0 ? "Google Workspace" : "Cisco Duo";
    return g->measure == MEASURE_ONE_TIME ? "Microsoft Software" : "Microsoft 365 NCE";
}

const char *ion_part_number(struct arena *a, const struct goods *g, const struct variant *v)
{
    if (g->sku[0] == '\0')
        return g->product;
    if (g->measure != MEASURE_SEATS)
        return arena_printf(a, "%s:%s", g->product, g->sku);
    return arena_printf(a, "%s:%s:%s:%s", g->product, g->sku, v->term, v->cycle);
}

int ion_n_variants(const struct goods *g)
{
    return g->measure == MEASURE_SEATS ? variants_size() : 1;
}

const struct variant *ion_variant(const struct goods *g, int variant_place)
{
    if (g->measure == MEASURE_SEATS)
        return &variants[variant_place];
    return g->measure == MEASURE_USAGE ? &variant_usage : &variant_once;
}

/* Subscriptions to usage have ids of their own for SKU and plan (4.3 REAL, forms of the sample). */
bool ion_find_goods(struct arena *a, struct str product, struct str sku, struct str plan,
                    int *ret_goods, int *ret_variant)
{
    for (int g = 0; g < catalogue_size(); g++) {
        const struct goods *goods = &catalogue[g];
        bool usage = goods->measure == MEASURE_USAGE && str_is(plan, "Standard-B2S");
        if (!str_is(product, ion_product_id(goods)) ||
            (sku.len > 0 && !usage && !str_is(sku, ion_sku_id(a, goods))))
            continue;
        for (int v = 0; v < ion_n_variants(goods); v++)
            if (usage || str_is(plan, ion_plan_id(a, g, ion_variant(goods, v)))) {
                *ret_goods = g;
                *ret_variant = v;
                return true;
            }
    }
    return false;
}

const struct answer ion_answers[] = {
    { "ion.cart.checkout", ion_checkout_cart },
    { "ion.cart.create", ion_create_cart },
    { "ion.cart.delete", ion_delete_cart },
    { "ion.cart.get", ion_give_cart },
    { "ion.cart.list", ion_give_carts },
    { "ion.cart.update", ion_update_cart },
    { "ion.cart-item.create", ion_create_cart_item },
    { "ion.cart-item.delete", ion_delete_cart_item },
    { "ion.cart-item.get", ion_give_cart_item },
    { "ion.cart-item.list", ion_give_cart_items },
    { "ion.cart-item.update", ion_update_cart_item },
    { "ion.customer.cloud-profile", ion_give_cloud_profile },
    { "ion.customer.cloud-profiles", ion_give_cloud_profiles },
    { "ion.customer.create", ion_create_customer },
    { "ion.customer.get", ion_give_customer },
    { "ion.customer.list", ion_give_customers },
    { "ion.customer.update", ion_update_customer },
    { "ion.oauth.validate-access", oauth_validate },
    { "ion.order.cancel", ion_cancel_order },
    { "ion.order.create", ion_create_order },
    { "ion.order.get", ion_give_order },
    { "ion.order.list", ion_give_orders },
    { "ion.order.list-by-customer", ion_give_orders },
    { "ion.product.categories", ion_give_categories },
    { "ion.product.charges", ion_give_charges },
    { "ion.product.disable", ion_disable_product },
    { "ion.product.enable", ion_enable_product },
    { "ion.product.get", ion_give_product },
    { "ion.product.list", ion_give_products },
    { "ion.product.pricing", ion_give_pricing },
    { "ion.product.programs", ion_give_programs },
    { "ion.product.update-programs", ion_update_programs },
    { "ion.product.verticals", ion_give_verticals },
    { "ion.report.csv", ion_give_report_csv },
    { "ion.report.csv-stream", ion_give_report_stream },
    { "ion.report.data", ion_give_report_data },
    { "ion.report.delete", ion_delete_report },
    { "ion.report.details", ion_give_report_details },
    { "ion.report.get", ion_give_report },
    { "ion.report.list", ion_give_reports },
    { "ion.report.refresh-cache", ion_refresh_cache },
    { "ion.report.report", ion_give_report_report },
    { "ion.report.save", ion_save_report },
    { "ion.subscription.get", ion_give_subscription },
    { "ion.subscription.list", ion_give_subscriptions },
    { "ion.template.get", ion_give_template },
    { "ion.template.list", ion_give_templates },
    { "ion.user.create", ion_create_user },
    { "ion.user.list", ion_give_users },
    { "ion.v1-billing.aws", ion_v1_aws },
    { "ion.v1-billing.azureplan", ion_v1_azureplan },
    { "ion.v1-billing.gcp", ion_v1_gcp },
    { "ion.v1-customer.get", ion_v1_customer },
    { "ion.v1-customer.list", ion_v1_customers },
    { "ion.v1-invoice.detailed", ion_v1_invoice },
    { "ion.v1-invoice.generate", ion_v1_generate },
    { "ion.v1-invoice.list", ion_v1_invoices },
    { "ion.v1-invoice.list-mine", ion_v1_my_invoices },
    { NULL, NULL },
};
