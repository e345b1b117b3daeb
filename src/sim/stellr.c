/* Stellr's answers. Shapes: stellr 3 (envelope, paging), 6.1-6.4 (fields); quirks: 9. Values of
 * GUESS are marked by their assumption number in the reference. */
#include "sim/inside.h"

#include "sim/chance.h"

#define PAGE_SIZE_MAX 200 /* more is refused */

struct str stellr_request_id(struct ask *ask)
{
    uint64_t number = (uint64_t)atomic_load(&ask->sim->n_requests);
    return str_of(world_guid(ask->sim->world.seed, 901, number, arena_alloc(ask->x->a, 37)));
}

/* {"requestId", "data": { ... open */
static struct json_writer open_envelope(struct ask *ask, int status)
{
    struct json_writer w = ask_json(ask, status);
    json_open_object(&w);
    json_put_text(&w, "requestId", stellr_request_id(ask));
    json_put_object(&w, "data");
    return w;
}

static void close_envelope(struct json_writer *w)
{
    json_close(w);
    json_close(w);
}

void stellr_error(struct ask *ask, int status, const char *code, const char *message)
{
    struct json_writer w = open_envelope(ask, status);
    json_put_text(&w, "errorCode", str_of(code));
    json_put_text(&w, "errorMessage", str_of(message));
    close_envelope(&w);
}

/* ISO 8601 in US Eastern time, milliseconds, offset without colon (3.3 REAL). */
static void put_moment(struct json_writer *w, const struct zone *zone, const char *key, int64_t ms)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    int offset_s = zone_offset_s(zone, ms);
    moment_print(&text, ms + (int64_t)offset_s * 1000);
    int minutes = (offset_s < 0 ? -offset_s : offset_s) / 60;
    text.len--; /* the Z */
    buf_printf(&text, "%c%02d%02d", offset_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
    json_put_text(w, key, buf_str(&text));
}

struct page_wanted {
    int64_t first, end; /* places in the list */
    int64_t total;      /* as said */
    bool is_wanted;     /* both paging parameters were given */
};

/* Reads pageNo and pageSize. False when the refusal is written. */
static bool read_page(struct ask *ask, int64_t total, bool is_optional, struct page_wanted *page)
{
    bool wrong_number, wrong_size;
    bool given = ask_query(ask, "pageNo").len > 0 && ask_query(ask, "pageSize").len > 0;
    int64_t number = ask_number(ask, "pageNo", 1, &wrong_number);
    int64_t size = ask_number(ask, "pageSize", PAGE_SIZE_MAX, &wrong_size);
    if (wrong_number || wrong_size || number < 1 || size < 1 || size > PAGE_SIZE_MAX) {
        stellr_error(ask, 400, "INVALID_PARAMETER",
                     "pageNo must be 1 or more, pageSize from 1 to 200.");
        return false;
    }
    page->is_wanted = given || is_optional;
    if (ask->fault == FAULT_PAGE_REPEATS)
        number = 1;
    if (number - 1 > total / size)
        number = total / size + 2;
    page->first = (number - 1) * size < total ? (number - 1) * size : total;
    page->end = page->first + size < total ? page->first + size : total;
    page->total = total + (ask->fault == FAULT_TOTAL_MOVES ? number : 0);
    if (ask->fault == FAULT_PAGE_VANISHES && number > 1)
        page->first = page->end;
    if (!page->is_wanted) /* quirk 1, REAL: an empty list, although data exists */
        page->first = page->end = page->total = 0;
    return true;
}

static struct json_writer open_list(struct ask *ask, const struct page_wanted *page)
{
    struct json_writer w = open_envelope(ask, 200);
    json_put_integer(&w, "total", page->total);
    json_put_array(&w, "records");
    return w;
}

static void close_list(struct json_writer *w)
{
    json_close(w);
    close_envelope(w);
}

static void put_customer(struct json_writer *w, const struct customer *c)
{
    /* Names are mostly domains (quirk 3, REAL), the legal name is a field of its own. */
    bool shows_domain = c->place % 6 != 2;
    json_put_integer(w, "customerNo", c->number);
    json_put_text(w, "name", shows_domain ? c->name.domain : c->name.legal);
    json_put_text(w, "companyName", c->name.legal);
    json_put_text(w, "address1", str_of(c->address.street));
    json_put_text_or_null(w, "address2", c->suite);
    json_put_text(w, "city", str_of(c->address.city));
    json_put_text(w, "state", str_of(c->address.state));
    json_put_text(w, "zipCode", str_of(c->address.zip));
    json_put_text(w, "country", str_of(c->country));
    json_put_text_or_null(w, "contactName", c->is_active ? c->contact : STR_NONE);
    json_put_text_or_null(w, "email", c->is_active ? c->email : STR_NONE);
    json_put_text_or_null(w, "phone", c->is_active ? c->phone : STR_NONE);
    json_put_text_or_null(w, "domain", c->is_active ? c->name.domain : STR_NONE);
    json_put_text_or_null(w, "tenantId", c->is_active ? c->tenant_id : STR_NONE);
    json_put_text(w, "status", c->is_active ? STR("Active") : STR("Discontinued"));
}

/* Filters are GUESS: part of a name, and the status. */
static bool customer_fits(struct ask *ask, const struct customer *c)
{
    struct str name = ask_query(ask, "name"), status = ask_query(ask, "status");
    const char *part = arena_text(ask->x->a, name);
    if (name.len > 0 && !str_contains_nocase(c->name.legal, part) &&
        !str_contains_nocase(c->name.domain, part))
        return false;
    return status.len == 0 ||
           str_equal_nocase(status, c->is_active ? STR("Active") : STR("Discontinued"));
}

/* Places of the customers that the list shows, in order of number. */
static int64_t list_customers(struct ask *ask, int64_t *places)
{
    int64_t n_places = sim_customers(ask->sim, AT_STELLR);
    bool filters = ask_query(ask, "name").len > 0 || ask_query(ask, "status").len > 0;
    int64_t n = 0;
    for (int64_t i = 0; i < n_places; i++) {
        if (!sim_lists_customer(ask->sim, AT_STELLR, i))
            continue;
        if (filters) {
            struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, i);
            if (!customer_fits(ask, &c))
                continue;
        }
        places[n++] = i;
    }
    return n;
}

static void give_customers(struct ask *ask)
{
    size_t room = (size_t)sim_customers(ask->sim, AT_STELLR) + 1;
    int64_t *places = ARENA_ARRAY(ask->x->a, room, int64_t);
    struct page_wanted page;
    if (!read_page(ask, list_customers(ask, places), false, &page))
        return;
    struct json_writer w = open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, places[i]);
        json_open_object(&w);
        put_customer(&w, &c);
        json_close(&w);
    }
    close_list(&w);
}

/* The customer of the path; false when the refusal is written. */
static bool find_customer(struct ask *ask, int64_t *ret_place)
{
    struct str number = ask_path(ask, "customerNo");
    if (sim_find_customer(ask->sim, AT_STELLR, number, ret_place))
        return true;
    stellr_error(
        ask, 404, "NOT_FOUND",
        arena_printf(ask->x->a, "No customer %.*s belongs to this reseller.", STR_PRINT(number)));
    return false;
}

static void give_customer(struct ask *ask)
{
    int64_t place;
    if (!find_customer(ask, &place))
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, place);
    struct json_writer w = open_envelope(ask, 200);
    put_customer(&w, &c);
    close_envelope(&w);
}

static struct str status_of(const struct subscription *s)
{
    static const char *const names[] = { "Active", "Suspended", "Pending", "Cancelled", "Expired" };
    if (s->fate == FATE_ENDED && s->ended_ms == 0 && s->place % 3 == 0) /* long ago */
        return STR("Expired");
    return s->has_no_status ? STR_NONE : str_of(names[s->fate]); /* quirk 4, REAL */
}

static const char *part_number(struct arena *a, const struct goods *g)
{
    return g->sku[0] == '\0' ? g->product : arena_printf(a, "%s:%s", g->product, g->sku);
}

static const char *product_name(struct arena *a, const struct goods *g, const struct variant *v)
{
    bool is_nce = strcmp(g->vendor, "Microsoft") == 0 && g->measure == MEASURE_SEATS;
    if (g->measure == MEASURE_USAGE)
        return g->name;
    return arena_printf(a, "%s%s (%s)", is_nce ? "NCE " : "", g->name, v->commitment);
}

static void put_subscription(struct ask *ask, struct json_writer *w, const struct subscription *s,
                             int64_t customer_no)
{
    struct arena *a = ask->x->a;
    const char *part = part_number(a, s->goods);
    bool is_once = s->goods->measure == MEASURE_ONE_TIME;
    json_put_text(w, "subscriptionId",
                  str_of(arena_printf(a, "%lld_%lld", (long long)s->contract, (long long)s->line)));
    json_put_integer(w, "contractNo", s->contract);
    json_put_integer(w, "lineNo", s->line);
    json_put_integer(w, "customerNo", customer_no);
    json_put_text(w, "vendorName", str_of(s->goods->vendor));
    json_put_integer(w, "productId", goods_product_id(s->goods_place, s->variant_place));
    json_put_text(w, "productName", str_of(product_name(a, s->goods, s->variant)));
    json_put_integer(w, "skuNo", goods_sku_no(s->goods_place, s->variant_place));
    json_put_text(w, "mfgPartNo", str_of(part));
    json_put_text_or_null(w, "offerId", is_once ? STR_NONE : str_of(part));
    json_put_integer(w, "quantity", s->quantity);
    put_price(w, "unitPrice", s->cost, true);
    put_price(w, "customerPrice", s->price, true);
    json_put_text(w, "currency", str_of(s->currency));
    json_put_text(w, "billingFrequency", str_of(s->variant->stellr_cycle));
    put_moment(w, ask->sim->eastern, "startDate", s->started_ms);
    if (is_once)
        json_put_null(w, "endDate");
    else
        put_moment(w, ask->sim->eastern, "endDate", s->ends_ms);
    json_put_boolean(w, "autoRenew", !is_once && s->auto_renew);
    json_put_text_or_null(w, "status", status_of(s));
    if (s->parent_line > 0)
        json_put_text(w, "parentSubscriptionId",
                      str_of(arena_printf(a, "%lld_%lld", (long long)s->contract,
                                          (long long)s->parent_line)));
}

/* Filters are GUESS. */
static bool subscription_fits(struct ask *ask, const struct subscription *s)
{
    struct str status = ask_query(ask, "status"), vendor = ask_query(ask, "vendorId");
    if (vendor.len > 0 && !str_equal_nocase(vendor, str_of(s->goods->vendor)))
        return false;
    return status.len == 0 || str_equal_nocase(status, status_of(s));
}

static void give_subscriptions(struct ask *ask)
{
    int64_t customer, *places, n = 0;
    if (!find_customer(ask, &customer))
        return;
    int64_t n_places =
        sim_customer_subscriptions(ask->sim, ask->x->a, AT_STELLR, customer, &places);
    struct subscription *shown = ARENA_ARRAY(ask->x->a, (size_t)n_places + 1, struct subscription);
    for (int64_t i = 0; i < n_places; i++) {
        shown[n] = sim_subscription(ask->sim, AT_STELLR, places[i]);
        if (subscription_fits(ask, &shown[n]))
            n++;
    }
    struct page_wanted page;
    if (!read_page(ask, n, false, &page))
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, customer);
    struct json_writer w = open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        json_open_object(&w);
        put_subscription(ask, &w, &shown[i], c.number);
        json_close(&w);
    }
    close_list(&w);
}

static void give_subscription(struct ask *ask)
{
    struct str id = ask_path(ask, "subscriptionId");
    int64_t customer, place;
    if (!find_customer(ask, &customer))
        return;
    if (!sim_find_subscription(ask->sim, AT_STELLR, customer, id, &place)) {
        stellr_error(ask, 404, "NOT_FOUND",
                     arena_printf(ask->x->a, "No subscription %.*s belongs to customer %.*s.",
                                  STR_PRINT(id), STR_PRINT(ask_path(ask, "customerNo"))));
        return;
    }
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, customer);
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    struct json_writer w = open_envelope(ask, 200);
    put_subscription(ask, &w, &s, c.number);
    close_envelope(&w);
}

static const char *const vendors[] = { "Microsoft", "Google", "Cisco" };

static void give_vendors(struct ask *ask)
{
    struct page_wanted page;
    if (!read_page(ask, (int64_t)ARRAY_LEN(vendors), true, &page)) /* paging is optional */
        return;
    struct json_writer w = open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        json_open_object(&w);
        json_put_text(&w, "vendorId", str_of(vendors[i]));
        json_put_text(&w, "vendorName", str_of(vendors[i]));
        json_close(&w);
    }
    close_list(&w);
}

struct listed_product {
    int goods, variant_place;
    const struct variant *variant;
};

static void put_product(struct ask *ask, struct json_writer *w, const struct listed_product *p)
{
    static const char *const models[] = { "License", "Usage", "OneTime" }; /* */
    const struct goods *g = &catalogue[p->goods];
    struct str name = str_of(product_name(ask->x->a, g, p->variant));
    json_open_object(w);
    json_put_integer(w, "productId", goods_product_id(p->goods, p->variant_place));
    json_put_text(w, "vendorId", str_of(g->vendor));
    json_put_text(w, "vendorName", str_of(g->vendor));
    json_put_integer(w, "skuNo", goods_sku_no(p->goods, p->variant_place));
    json_put_text(w, "mfgPartNo", str_of(part_number(ask->x->a, g)));
    json_put_text(w, "productName", name);
    json_put_text(w, "description", name);
    json_put_text(w, "billingModel", str_of(models[g->measure]));
    json_put_text(w, "billingFrequency", str_of(p->variant->stellr_cycle));
    json_put_boolean(w, "isAddOn", g->is_add_on);
    json_put_boolean(w, "discontinueProduct", false);
    json_put_array(w, "productPrice");
    json_open_object(w);
    json_put_integer(w, "minQty", 1);
    put_price(w, "rsPrice", goods_cost(g, p->variant), true);
    put_price(w, "msrp", goods_price(g, p->variant), true);
    json_close(w);
    json_close(w);
    json_put_array(w, "productImages");
    json_close(w);
    json_close(w);
}

static bool product_fits(struct ask *ask, const struct goods *g, const char *name)
{
    struct str search = ask_query(ask, "$search"), part = ask_query(ask, "mfgPartNo");
    if (!str_equal(ask_path(ask, "vendorId"), str_of(g->vendor)))
        return false;
    if (part.len > 0 && !str_is(part, part_number(ask->x->a, g)))
        return false;
    return search.len == 0 || str_contains_nocase(str_of(name), arena_text(ask->x->a, search));
}

static size_t list_products(struct ask *ask, struct listed_product *products)
{
    size_t n = 0;
    for (int g = 0; g < catalogue_size(); g++) {
        bool is_seats = catalogue[g].measure == MEASURE_SEATS;
        const struct variant *single =
            catalogue[g].measure == MEASURE_USAGE ? &variant_usage : &variant_once;
        for (int v = 0; v < (is_seats ? variants_size() : 1); v++) {
            const struct variant *variant = is_seats ? &variants[v] : single;
            if (product_fits(ask, &catalogue[g], product_name(ask->x->a, &catalogue[g], variant)))
                products[n++] = (struct listed_product){ g, v, variant };
        }
    }
    return n;
}

static void give_products(struct ask *ask)
{
    struct str vendor = ask_path(ask, "vendorId");
    bool is_known = false;
    for (size_t i = 0; i < ARRAY_LEN(vendors); i++)
        is_known = is_known || str_is(vendor, vendors[i]);
    if (!is_known) { /* */
        stellr_error(ask, 404, "NOT_FOUND", "This vendor is not known.");
        return;
    }
    struct listed_product *products =
        ARENA_ARRAY(ask->x->a, (size_t)(catalogue_size() * variants_size()), struct listed_product);
    struct page_wanted page;
    if (!read_page(ask, (int64_t)list_products(ask, products), false, &page))
        return;
    struct json_writer w = open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++)
        put_product(ask, &w, &products[i]);
    close_list(&w);
}

const struct answer stellr_answers[] = {
    { "stellr.customer.get", give_customer },
    { "stellr.customer.list", give_customers },
    { "stellr.product.list", give_products },
    { "stellr.subscription.get", give_subscription },
    { "stellr.subscription.list", give_subscriptions },
    { "stellr.vendor.list", give_vendors },
    { NULL, NULL },
};
