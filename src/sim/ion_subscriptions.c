/* Ion's answers on subscriptions. Shapes: ion 4.3, 4.4 (REAL, recorded); deleted lines are in the
 * list, purchase orders left out where there are none. */
#include "sim/ion.h"

#define CANCEL_DAYS   15 /* after the purchase, in all recorded lines (4.3) */
#define LIMIT_DEFAULT 100
#define LIMIT_MOST    5000

static const char *status_of(const struct subscription *s)
{
    static const char *const names[] = { "active", "suspended", "pending", "deleted", "expired" };
    return names[s->fate];
}

static const char *part_number(struct arena *a, const struct subscription *s)
{
    const struct goods *g = s->goods;
    if (g->sku[0] == '\0')
        return g->product;
    if (g->measure != MEASURE_SEATS)
        return arena_printf(a, "%s:%s", g->product, g->sku);
    return arena_printf(a, "%s:%s:%s:%s", g->product, g->sku, s->variant->term, s->variant->cycle);
}

/* Ids, up to and including the seats. */
static void put_identity(struct ask *ask, struct json_writer *w, const struct subscription *s,
                         const struct customer *c)
{
    struct arena *a = ask->x->a;
    const struct goods *g = s->goods;
    bool usage = g->measure == MEASURE_USAGE;
    put_number_text(w, "id", sim_ion_id(s->place));
    put_number_text(w, "customerId", c->number);
    put_number_text(w, "resellerId", ION_ACCOUNT_NUMBER);
    put_number_text(w, "isvId", ION_PARENT_NUMBER);
    put_number_text(w, "cloudProviderId", 30);
    json_put_text(w, "subscriptionId",
                  str_of(sim_ion_guid(ask->sim, s->place, arena_alloc(a, 37))));
    json_put_text(w, "subscriptionName",
                  s->friendly_name.at != NULL ? s->friendly_name : str_of(g->name));
    json_put_text(w, "resourceType",
                  strcmp(g->vendor, "Google") == 0 ? STR("GSUITE::Subscription")
                                                   : STR("AZURE::Subscription"));
    json_put_text(w, "ccpProductId", str_of(ion_product_id(g)));
    json_put_text(w, "ccpSkuId", usage ? STR("Standard-B-Series") : str_of(ion_sku_id(a, g)));
    json_put_text(w, "ccpPlanId",
                  usage ? STR("Standard-B2S") : str_of(ion_plan_id(a, s->goods_place, s->variant)));
    json_put_text(w, "subscriptionProductId", str_of(g->product));
    json_put_text(w, "subscriptionSkuId", str_of(g->sku[0] != '\0' ? g->sku : "0001"));
    json_put_text(w, "subscriptionOfferId",
                  str_of(arena_printf(a, "%s:%s:CFQ7TTC0RN98", g->product,
                                      g->sku[0] != '\0' ? g->sku : "0001")));
    put_number_text(w, "subscriptionTotalLicenses", s->quantity);
    json_put_text(w, "unitType", STR("Licenses"));
    json_put_text(w, "subscriptionStatus", str_of(status_of(s)));
}

static void put_terms(struct json_writer *w, const struct subscription *s)
{
    bool usage = s->goods->measure == MEASURE_USAGE;
    ion_put_moment(w, "subscriptionPurchasedDate", s->started_ms);
    ion_put_moment(w, "subscriptionStartDate", s->started_ms);
    ion_put_moment(w, "subscriptionEndDate", usage ? s->started_ms : s->ends_ms);
    ion_put_moment(w, "cancellationAllowedUntilDate",
                   s->started_ms + CANCEL_DAYS * INT64_C(86400000));
    json_put_text(w, "subscriptionBillingType", STR("license"));
    json_put_text(w, "subscriptionBillingCycle", str_of(s->variant->ion_cycle));
    json_put_text(w, "subscriptionBillingTerm",
                  str_of(s->variant->term[0] != '\0' ? s->variant->term : "P1M"));
    json_put_text(w, "subscriptionRenewStatus", s->auto_renew ? STR("ENABLED") : STR("DISABLED"));
}

static void put_event(struct ask *ask, struct json_writer *w, const struct subscription *s,
                      const struct event *e, int i)
{
    struct arena *a = ask->x->a;
    bool is_created = e->kind == EVENT_CREATED;
    const char *details =
        is_created ? arena_printf(a, "Offer Name: %s; Quantity: %lld; ", s->goods->name,
                                  (long long)e->seats)
                   : arena_printf(a, "New Quantity: %lld; Status: active; ", (long long)e->seats);
    json_open_object(w);
    json_put_text(w, "id",
                  str_of(world_guid(ask->sim->world.seed, 3 + (uint64_t)i, (uint64_t)s->place,
                                    arena_alloc(a, 37))));
    json_put_text(w, "actionType",
                  is_created ? STR("Subscription Created") : STR("Subscription Updated"));
    ion_put_moment(w, "actionDate", e->at_ms);
    json_put_text(w, "actionStatus", STR("succeeded"));
    json_put_text(w, "productId", str_of(s->goods->product));
    json_put_text(w, "skuId", str_of(s->goods->sku));
    json_put_text(w, "actionDetails", str_of(details));
    put_number_text(w, "ccpUserId", 881001);
    json_put_text(w, "ccpUserName", STR("Integration User"));
    json_put_text(w, "ccpUserEmail", STR("integration@reseller.example"));
    json_close(w);
}

/* Newest first (4.4 REAL). */
static void put_activity(struct ask *ask, struct json_writer *w, const struct subscription *s)
{
    const struct event *events;
    size_t n = sim_events(ask->sim, ask->x->a, AT_ION, s->place, &events);
    json_put_object(w, "activityLogs");
    put_number_text(w, "totalCount", (int64_t)n);
    json_put_array(w, "items");
    for (size_t i = n; i > 0; i--)
        put_event(ask, w, s, &events[i - 1], (int)i - 1);
    json_close(w);
    json_close(w);
}

static void put_product_info(struct ask *ask, struct json_writer *w, const struct subscription *s)
{
    struct arena *a = ask->x->a;
    bool usage = s->goods->measure == MEASURE_USAGE;
    struct str name = str_of(usage ? "Azure Plan" : s->goods->name);
    json_put_object(w, "ccpProductInfo");
    json_put_text(w, "productId", str_of(ion_product_id(s->goods)));
    json_put_text(w, "productDisplayName", str_of(ion_product_name(s->goods)));
    json_put_text(w, "skuId", usage ? STR("Standard-B-Series") : str_of(ion_sku_id(a, s->goods)));
    json_put_text(w, "skuDisplayName", name);
    json_put_text(w, "planId",
                  usage ? STR("Standard-B2S") : str_of(ion_plan_id(a, s->goods_place, s->variant)));
    json_put_text(w, "planDisplayName", usage ? STR("Monthly") : name);
    json_close(w);
}

static void put_money(struct json_writer *w, const struct subscription *s)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    put_price(w, "price", s->price, false);
    put_price(w, "cost", s->cost, false);
    json_put_text(w, "currency", str_of(s->currency));
    total_print_exact(&text,
                      total_times((struct decimal){ s->price.units - s->cost.units }, s->quantity));
    json_put_number(w, "margin", buf_str(&text));
    buf_clear(&text);
    total_print_exact(&text, total_times(s->price, s->quantity));
    json_put_number(w, "total", buf_str(&text));
    put_price(w, "msrp", s->price, false);
}

static void put_subscription(struct ask *ask, struct json_writer *w, const struct subscription *s,
                             const struct customer *c, bool with_activity)
{
    struct arena *a = ask->x->a;
    bool usage = s->goods->measure == MEASURE_USAGE;
    put_identity(ask, w, s, c);
    put_terms(w, s);
    if (with_activity)
        put_activity(ask, w, s);
    struct str reseller_po = sim_reseller_po(a, s), customer_po = sim_customer_po(a, s);
    if (reseller_po.len > 0) /* left out where there are none (6.3 REAL) */
        json_put_text(w, "resellerPO", reseller_po);
    if (customer_po.len > 0)
        json_put_text(w, "customerPO", customer_po);
    put_product_info(ask, w, s);
    json_put_boolean(w, "isTrial", false);
    json_put_boolean(w, "autoRenew", s->auto_renew);
    json_put_text(w, "customerName", c->name.legal);
    json_put_text(w, "partnerName", STR("Example Reseller"));
    ion_put_moment(w, "lastUpdatedDate", s->updated_ms);
    put_money(w, s);
    ion_put_moment(w, "renewalDate", usage ? s->started_ms : s->ends_ms);
    if (!usage)
        json_put_text(w, "mfgPartNumber", str_of(part_number(a, s)));
}

static bool fits(struct ask *ask, const char *name, const char *value)
{
    struct str wanted = ask_query(ask, name);
    return wanted.len == 0 || str_equal_nocase(wanted, str_of(value));
}

/* Enumerations are compared without case; a filter that is not known is ignored (9 no. 4). */
static bool subscription_fits(struct ask *ask, const struct subscription *s)
{
    char guid[37];
    sim_ion_guid(ask->sim, s->place, guid);
    return fits(ask, "subscriptionId", guid) && fits(ask, "subscriptionStatus", status_of(s)) &&
           fits(ask, "billingTerm", s->variant->term) &&
           fits(ask, "billingCycle", s->variant->ion_cycle) &&
           fits(ask, "subscriptionName", s->goods->name) &&
           fits(ask, "ccpProductId", ion_product_id(s->goods)) &&
           fits(ask, "resellerId", "70001") && fits(ask, "providerId", "30");
}

/* The places that the customer filter leaves; NULL with a count: all of them. */
static int64_t choose_places(struct ask *ask, int64_t **ret_places)
{
    struct str customer = ask_query(ask, "customerId");
    int64_t place;
    *ret_places = NULL;
    if (customer.len == 0)
        return sim_subscriptions(ask->sim, AT_ION);
    if (!sim_find_customer(ask->sim, AT_ION, customer, &place))
        return 0;
    return sim_customer_subscriptions(ask->sim, ask->x->a, AT_ION, place, ret_places);
}

struct offset_page {
    int64_t limit, offset;
};

static bool read_offset(struct ask *ask, struct offset_page *page)
{
    bool wrong_limit, wrong_offset;
    page->limit = ask_number(ask, "pagination.limit", LIMIT_DEFAULT, &wrong_limit);
    page->offset = ask_number(ask, "pagination.offset", 0, &wrong_offset);
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

void ion_give_subscriptions(struct ask *ask)
{
    struct offset_page page;
    int64_t *places, n = 0;
    if (!read_offset(ask, &page))
        return;
    int64_t n_places = choose_places(ask, &places);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "items");
    for (int64_t i = 0; i < n_places; i++) {
        int64_t place = places == NULL ? i : places[i];
        struct subscription s = sim_subscription(ask->sim, AT_ION, place);
        if (!sim_lists_subscription(ask->sim, AT_ION, place) || !subscription_fits(ask, &s))
            continue;
        if (n >= page.offset && n < page.offset + page.limit) {
            struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, s.customer_place);
            json_open_object(&w);
            put_subscription(ask, &w, &s, &c, false);
            json_close(&w);
        }
        n++;
    }
    json_close(&w);
    json_put_object(&w, "paginationResponse");
    json_put_integer(&w, "totalSize", n + (ask->fault == FAULT_TOTAL_MOVES ? page.offset : 0));
    json_close(&w);
    json_close(&w);
}

void ion_give_subscription(struct ask *ask)
{
    struct str id = ask_path(ask, "id");
    int64_t customer, place;
    if (!sim_find_customer(ask->sim, AT_ION, ask_path(ask, "customerId"), &customer) ||
        !sim_find_subscription(ask->sim, AT_ION, customer, id, &place)) {
        ion_not_found(ask, "subscriptions", id);
        return;
    }
    struct subscription s = sim_subscription(ask->sim, AT_ION, place);
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, s.customer_place);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    put_subscription(ask, &w, &s, &c, true);
    json_close(&w);
}
