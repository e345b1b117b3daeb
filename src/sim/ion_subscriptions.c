/* Ion's answers on subscriptions. Shapes: ion 4.3, 4.4 (REAL, recorded); deleted lines are in the
 * list, purchase orders left out where there are none. */
#include "sim/ion.h"

#include "base/moment.h"

/* Lower case in bodies; "active" and "deleted" are recorded (4.3 REAL, CLIENT). */
static const char *status_name(enum fate fate)
{
    static const char *const names[] = { "active", "suspended", "pending", "deleted", "expired" };
    return names[fate];
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
    if (!sim_knob_strikes(ask->sim, KNOB_missing_licences_share, s->place))
        put_number_text(w, "subscriptionTotalLicenses", s->quantity);
    json_put_text(w, "unitType", STR("Licenses"));
    json_put_text(w, "subscriptionStatus", str_of(status_name(s->fate)));
}

static void put_terms(struct json_writer *w, const struct subscription *s)
{
    bool usage = s->goods->measure == MEASURE_USAGE;
    ion_put_moment(w, "subscriptionPurchasedDate", s->started_ms);
    ion_put_moment(w, "subscriptionStartDate", s->started_ms);
    ion_put_moment(w, "subscriptionEndDate", usage ? s->started_ms : s->ends_ms);
    ion_put_moment(w, "cancellationAllowedUntilDate", s->started_ms + ION_CANCEL_DAYS * ION_DAY_MS);
    json_put_text(w, "subscriptionBillingType", STR("license"));
    json_put_text(w, "subscriptionBillingCycle", str_of(s->variant->ion_cycle));
    json_put_text(w, "subscriptionBillingTerm",
                  str_of(s->variant->term[0] != '\0' ? s->variant->term : "P1M"));
    json_put_text(w, "subscriptionRenewStatus", s->auto_renew ? STR("ENABLED") : STR("DISABLED"));
}

/* Texts of seats and creation are recorded (4.4 REAL); those of the others are of their kind. */
static const char *details_of(struct arena *a, const struct subscription *s, const struct event *e)
{
    switch (e->kind) {
    case EVENT_CREATED:
        return arena_printf(a, "Offer Name: %s; Quantity: %lld; ", s->goods->name,
                            (long long)e->seats);
    case EVENT_RENEWAL_SETTING:
        return arena_printf(a, "Auto Renew: %s; Status: %s; ", e->auto_renew ? "on" : "off",
                            status_name(e->fate));
    case EVENT_NAME:
        return "Friendly Name Updated; ";
    case EVENT_RENEWED:
        return arena_printf(a, "Subscription Renewed; Quantity: %lld; ", (long long)e->seats);
    case EVENT_SEATS:
    case EVENT_FATE:
    case EVENT_EXPIRED:
    case EVENT_GOODS:
        break;
    }
    return arena_printf(a, "New Quantity: %lld; Status: %s; ", (long long)e->seats,
                        status_name(e->fate));
}

/* An id may stand at two entries (4.4 REAL). */
static struct str event_id(struct ask *ask, const struct subscription *s, int i)
{
    if (i > 0 && sim_knob_strikes(ask->sim, KNOB_duplicate_activity_share, s->place))
        i--;
    return str_of(world_guid(ask->sim->world.seed, 3 + (uint64_t)i, (uint64_t)s->place,
                             arena_alloc(ask->x->a, 37)));
}

static void put_event(struct ask *ask, struct json_writer *w, const struct subscription *s,
                      const struct event *e, int i)
{
    bool is_api = str_is(e->who, SIM_API_USER);
    json_open_object(w);
    json_put_text(w, "id", event_id(ask, s, i));
    json_put_text(w, "actionType",
                  e->kind == EVENT_CREATED ? STR("Subscription Created")
                                           : STR("Subscription Updated"));
    ion_put_moment(w, "actionDate", e->at_ms);
    json_put_text(w, "actionStatus", STR("succeeded"));
    json_put_text(w, "productId", str_of(s->goods->product));
    json_put_text(w, "skuId", str_of(s->goods->sku));
    json_put_text(w, "actionDetails", str_of(details_of(ask->x->a, s, e)));
    put_number_text(w, "ccpUserId", is_api ? ION_USER_NUMBER : ION_USER_NUMBER + 1);
    json_put_text(w, "ccpUserName", is_api ? STR("Integration User") : STR("Portal User"));
    json_put_text(w, "ccpUserEmail", e->who);
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
    if (sim_knob_strikes(ask->sim, KNOB_null_product_info_share, s->place)) {
        json_put_null(w, "ccpProductInfo"); /* 4.3 CLIENT */
        return;
    }
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

/* What a program that reckons in binary makes of a sum: "811.94534500000002" (6.3 REAL). */
static void add_noise(struct buf *number)
{
    char noisy[40];
    double binary = strtod(number->at, NULL);
    (void)snprintf(noisy, sizeof noisy, "%.17g", binary);
    if (str_equal(buf_str(number), str_of(noisy)))
        (void)snprintf(noisy, sizeof noisy, "%.17g", binary * (1 + 2.3e-16));
    buf_clear(number);
    buf_add_text(number, noisy);
}

static void put_money(struct ask *ask, struct json_writer *w, const struct subscription *s)
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
    if (s->price.units != 0 && sim_knob_strikes(ask->sim, KNOB_noisy_totals_share, s->place))
        add_noise(&text);
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
    put_money(ask, w, s);
    ion_put_moment(w, "renewalDate", usage ? s->started_ms : s->ends_ms);
    if (!usage)
        json_put_text(w, "mfgPartNumber", str_of(ion_part_number(a, s->goods, s->variant)));
}

/* A range of days by its parts; a relative range that is known wins, as for reports (4.8 SPEC). */
static bool date_fits(struct ask *ask, const char *const *names, int64_t ms)
{
    struct ion_range relative;
    int64_t first, last;
    struct str name = ask_query(ask, names[0]);
    struct str from = ask_query(ask, names[1]), to = ask_query(ask, names[2]);
    if (name.len > 0 && ion_relative_range(ask->sim, name, &relative))
        return ms >= relative.start_ms && ms < relative.end_ms;
    bool is_day = to.len == 10; /* the whole day */
    return (!moment_parse(from, &first) || ms >= first) &&
           (!moment_parse(to, &last) || ms < last + (is_day ? ION_DAY_MS : 1));
}

static bool ends_on(struct ask *ask, int64_t ms)
{
    int64_t day;
    struct str wanted = ask_query(ask, "endDate");
    return wanted.len == 0 || !moment_parse(wanted, &day) || ms / ION_DAY_MS == day / ION_DAY_MS;
}

/* Enumerations are compared without case; a filter that is not known is ignored (9 no. 4). */
static bool ids_fit(struct ask *ask, const struct subscription *s)
{
    struct arena *a = ask->x->a;
    char guid[37];
    sim_ion_guid(ask->sim, s->place, guid);
    bool google = strcmp(s->goods->vendor, "Google") == 0;
    return ion_fits(ask, "subscriptionId", str_of(guid)) &&
           ion_fits(ask, "ccpProductId", str_of(ion_product_id(s->goods))) &&
           ion_fits(ask, "providerProductId", str_of(s->goods->product)) &&
           ion_fits(ask, "resellerId", STR("70001")) && ion_fits(ask, "providerId", STR("30")) &&
           ion_fits(ask, "resourceType",
                    google ? STR("GSUITE::Subscription") : STR("AZURE::Subscription")) &&
           (ask_query(ask, "resellerPo").len == 0 ||
            ion_fits(ask, "resellerPo", sim_reseller_po(a, s))) &&
           (ask_query(ask, "customerPo").len == 0 ||
            ion_fits(ask, "customerPo", sim_customer_po(a, s)));
}

#define RANGE(name)                                                                                \
    {                                                                                              \
        name ".relativeDateRange", name ".fixedDateRange.startDate",                               \
            name ".fixedDateRange.endDate"                                                         \
    }
static const char *const start_range[] = RANGE("startDateRange");
static const char *const end_range[] = RANGE("endDateRange");

static bool subscription_fits(struct ask *ask, const struct subscription *s)
{
    struct str name = s->friendly_name.at != NULL ? s->friendly_name : str_of(s->goods->name);
    char seats[24];
    (void)snprintf(seats, sizeof seats, "%lld", (long long)s->quantity);
    return ion_fits(ask, "subscriptionStatus", str_of(status_name(s->fate))) &&
           ion_fits(ask, "billingTerm", str_of(s->variant->term)) &&
           ion_fits(ask, "billingCycle", str_of(s->variant->ion_cycle)) &&
           ion_fits(ask, "subscriptionName", name) &&
           ion_fits(ask, "totalLicense", str_of(seats)) &&
           ion_fits(ask, "accountName", STR("Example Reseller")) && ids_fit(ask, s) &&
           ends_on(ask, s->ends_ms) && date_fits(ask, start_range, s->started_ms) &&
           date_fits(ask, end_range, s->ends_ms);
}

static bool holder_fits(struct ask *ask, const struct subscription *s)
{
    if (ask_query(ask, "customerName").len == 0)
        return true;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, s->customer_place);
    return ion_fits(ask, "customerName", c.name.legal);
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

static void put_listed(struct ask *ask, struct json_writer *w, const struct subscription *s)
{
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, s->customer_place);
    json_open_object(w);
    put_subscription(ask, w, s, &c, false);
    json_close(w);
}

/* Without a filter nothing needs to be looked at to be counted. */
static bool has_filter(const struct ask *ask)
{
    for (size_t i = 0; i < ask->n_query; i++)
        if (!str_starts(ask->query[i].name, "pagination.") &&
            !str_is(ask->query[i].name, "customerId") && !str_is(ask->query[i].name, "customer_id"))
            return true;
    return false;
}

static bool place_fits(struct ask *ask, int64_t place)
{
    struct subscription s = sim_subscription(ask->sim, AT_ION, place);
    return subscription_fits(ask, &s) && holder_fits(ask, &s);
}

void ion_give_subscriptions(struct ask *ask)
{
    struct ion_offsets page;
    int64_t *places, n = 0;
    if (!ion_offsets(ask, "pagination.limit", "pagination.offset", &page))
        return;
    int64_t n_places = choose_places(ask, &places);
    struct json_writer w = ask_json(ask, 200);
    bool is_open = false, filters = has_filter(ask);
    json_open_object(&w);
    for (int64_t i = 0; i < n_places; i++) {
        int64_t place = places == NULL ? i : places[i];
        if (!sim_lists_subscription(ask->sim, AT_ION, place) ||
            (filters && !place_fits(ask, place)))
            continue;
        if (n >= page.offset && n < page.offset + page.limit) {
            struct subscription s = sim_subscription(ask->sim, AT_ION, place);
            is_open = is_open || ion_opens_list(ask, &w, "items", 1);
            put_listed(ask, &w, &s);
        }
        n++;
    }
    if (is_open || ion_opens_list(ask, &w, "items", 0))
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
