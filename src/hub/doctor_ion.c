/* What is only assumed about Ion (ion 8, 10), and how reading can tell. The answers to the first
 * page of a list are small; templates and products are the largest that are asked for. */
#include "hub/doctor_inside.h"

#include "base/decimal.h"
#include "base/moment.h"

static const struct probe probes[] = {
    { "validate", "ion.oauth.validate-access", "", AS_IT_IS },
    { "customers", "ion.customer.list", "pageSize=10", AS_IT_IS },
    { "customers-one", "ion.customer.list", "pageSize=1", AS_IT_IS },
    { "customers-large", "ion.customer.list", "pageSize=1000", AS_IT_IS },
    { "customers-unpaged", "ion.customer.list", "", WITHOUT_PAGES },
    { "customers-bare", "ion.customer.list", "pageSize=1", WITHOUT_TOKEN },
    { "customers-named", "ion.customer.list", "pageSize=10&filter.customerName=zq-no-such-zq",
      AS_IT_IS },
    { "customer", "ion.customer.get", "customerId={any-customer}", AS_IT_IS },
    { "customer-unknown", "ion.customer.get", "customerId=999999999", AS_IT_IS },
    { "profiles", "ion.customer.cloud-profiles", "customerId={any-customer}", AS_IT_IS },
    { "subscriptions", "ion.subscription.list", "pagination.limit=50&pagination.offset=0",
      AS_IT_IS },
    { "subscriptions-past", "ion.subscription.list",
      "pagination.limit=5&pagination.offset={past-offset}", AS_IT_IS },
    { "subscriptions-large", "ion.subscription.list",
      "pagination.limit=5000&pagination.offset={past-offset}", AS_IT_IS },
    { "subscriptions-active", "ion.subscription.list",
      "subscriptionStatus=ACTIVE&pagination.limit=50&pagination.offset=0", AS_IT_IS },
    { "subscriptions-active-small", "ion.subscription.list",
      "subscriptionStatus=active&pagination.limit=50&pagination.offset=0", IN_SMALL },
    { "subscriptions-none", "ion.subscription.list",
      "subscriptionName=zq-no-such-zq&pagination.limit=50&pagination.offset=0", AS_IT_IS },
    { "subscription", "ion.subscription.get", "customerId={customer}&id={subscription}", AS_IT_IS },
    { "subscription-by-guid", "ion.subscription.get", "customerId={customer}&id={guid}", AS_IT_IS },
    { "subscription-unknown", "ion.subscription.get", "customerId={customer}&id=999999999",
      AS_IT_IS },
    { "orders", "ion.order.list", "pageSize=10", AS_IT_IS },
    { "orders-anywhere", "ion.order.list-by-customer", "customerId=-&pageSize=10", AS_IT_IS },
    { "products", "ion.product.list", "pageSize=5", AS_IT_IS },
    { "product", "ion.product.get", "productId={product}", AS_IT_IS },
    { "categories", "ion.product.categories", "", AS_IT_IS },
    { "templates", "ion.template.list", "vendor=MICROSOFT&action=UPDATE", AS_IT_IS },
    { "reports", "ion.report.list", "", AS_IT_IS },
    { "v1-customers", "ion.v1-customer.list", "limit=2", AS_IT_IS },
    { "v1-invoices", "ion.v1-invoice.list-mine", "limit=2", AS_IT_IS },
    { "users", "ion.user.list", "", AS_IT_IS },
    { .name = NULL },
};

static const struct lesson lessons[] = {
    { "any-customer", "customers", "customers.0.name" },
    { "customer", "subscriptions", "items.0.customerId" },
    { "subscription", "subscriptions", "items.0.id" },
    { "guid", "subscriptions", "items.0.subscriptionId" },
    { "product", "products", "products.0.id|products.0.name" },
    { .name = NULL },
};

static void prepare(struct doctor *d)
{
    const struct answer *x = ask_probe(d, "subscriptions");
    doctor_give(d, "past-offset",
                str_of(arena_printf(d->a, "%lld", (long long)(x->total > 0 ? x->total + 10 : 10))));
}

/* The last page leaves the token out, or sends an empty one. */
static LOOK(look_last_page)
{
    const struct shape *token = x->shape == NULL ? NULL : shape_at(x->shape, "nextPageToken");
    (void)d, (void)row;
    if (x->status != ST_OK || x->n_records < 0)
        return untold(x, evidence);
    if (token == NULL) {
        buf_add_text(evidence, "nextPageToken is absent");
        return VERDICT_GOOD;
    }
    buf_add_text(evidence, "nextPageToken is ");
    kinds_print(evidence, token->kinds);
    return (token->kinds & ~(KIND(EMPTY) | KIND(NULL))) == 0 ? VERDICT_BAD : VERDICT_UNTOLD;
}

static LOOK(look_next_page)
{
    const struct answer *all = ask_probe(d, "customers");
    if (all->n_records < 2) {
        buf_add_text(evidence, "there are not two customers");
        return VERDICT_UNTOLD;
    }
    return look_kinds(d, row, x, evidence);
}

static LOOK(look_past)
{
    (void)d, (void)row;
    if (x->http == 404) {
        buf_add_text(evidence, "HTTP 404");
        return VERDICT_BAD;
    }
    if (x->status != ST_OK || x->document == NULL)
        return untold(x, evidence);
    bool has_items = json_has(x->document, "items");
    buf_printf(evidence, "items is %s, %zu of them", has_items ? "there" : "absent",
               json_length(json_get(x->document, "items")));
    return has_items && json_length(json_get(x->document, "items")) == 0 ? VERDICT_GOOD
                                                                         : VERDICT_BAD;
}

/* total = price x licences, price and cost per unit: with more than one seat. */
static bool amounts_of(const struct json *item, struct decimal *seats, struct decimal *price,
                       struct decimal *cost, struct decimal *total, struct decimal *margin)
{
    static const char *const names[] = { "subscriptionTotalLicenses", "price", "cost", "total",
                                         "margin" };
    struct decimal *const to[] = { seats, price, cost, total, margin };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const struct json *value = json_get(item, names[i]);
        struct str text = json_text(value).len > 0 ? json_text(value) : json_number_text(value);
        struct error ignored;
        bool rounded;
        if (text.len == 0 || decimal_parse(text, to[i], &rounded, &ignored) != ST_OK)
            return false;
    }
    return seats->units > DECIMAL_ONE;
}

static bool is_near(double a, double b)
{
    double off = a > b ? a - b : b - a;
    return off <= 0.02 || off <= 0.0005 * (b < 0 ? -b : b);
}

static LOOK(look_amounts)
{
    const struct json *items = json_get(x->document, "items");
    bool is_margin = strcmp(row->words, "margin") == 0;
    int n = 0, n_line = 0, n_unit = 0;
    (void)d;
    if (x->status != ST_OK)
        return untold(x, evidence);
    for (size_t i = 0; i < json_length(items); i++) {
        struct decimal seats, price, cost, total, margin;
        if (!amounts_of(json_at(items, i), &seats, &price, &cost, &total, &margin))
            continue;
        double count = (double)seats.units / (double)DECIMAL_ONE;
        double one = (double)price.units / (double)DECIMAL_ONE;
        double gain = (double)(price.units - cost.units) / (double)DECIMAL_ONE;
        double told = (double)(is_margin ? margin.units : total.units) / (double)DECIMAL_ONE;
        if (is_margin ? gain == 0.0 : one == 0.0)
            continue;
        n++;
        n_line += is_near(told, (is_margin ? gain : one) * count);
        n_unit += is_near(told, is_margin ? gain : one);
    }
    buf_printf(evidence, "of %d lines, %d for all seats, %d for one seat", n, n_line, n_unit);
    return n == 0 ? VERDICT_UNTOLD : n_line == n ? VERDICT_GOOD : VERDICT_BAD;
}

static LOOK(look_descending)
{
    const struct json *orders = json_get(x->document, "orders");
    int64_t before = INT64_MAX;
    size_t n = json_length(orders);
    (void)d, (void)row;
    if (x->status != ST_OK)
        return untold(x, evidence);
    if (n < 2) {
        buf_add_text(evidence, "there are not two orders");
        return VERDICT_UNTOLD;
    }
    for (size_t i = 0; i < n; i++) {
        int64_t ms;
        if (!moment_parse(json_text(json_get(json_at(orders, i), "createTime")), &ms))
            return untold(x, evidence);
        if (ms > before) {
            buf_printf(evidence, "order %zu is younger than the one before", i + 1);
            return VERDICT_BAD;
        }
        before = ms;
    }
    buf_printf(evidence, "%zu orders, falling", n);
    return VERDICT_GOOD;
}

#define ITEM "items.[]"

static const struct assumption assumptions[] = {
    { .id = "10.1",
      .sentence = "A call without a good token is answered with 401.",
      .how = "list customers without any",
      .probe = "customers-bare",
      .look = look_refused,
      .words = "401" },
    { .id = "10.1 body",
      .sentence = "The body of a 401 tells an error and a message.",
      .how = "list customers without a token",
      .probe = "customers-bare",
      .look = look_fault,
      .path = "message" },
    { .id = "1.2",
      .sentence = "Validating tells the seconds that both tokens still live.",
      .how = "validate the access token",
      .probe = "validate",
      .look = look_members,
      .path = "",
      .words = "access_expires_in|refresh_expires_in" },
    { .id = "10.2",
      .sentence = "A subscription is asked for by its internal id.",
      .how = "get the first one",
      .probe = "subscription",
      .look = look_answered,
      .snippet = "{\"fields\": {\"ion\": {\"subscriptions\": {\"remote_id\": "
                 "\"subscriptionId\"}}}}" },
    { .id = "10.2 GUID",
      .sentence = "The Microsoft id is answered as well.",
      .how = "get the first one",
      .probe = "subscription-by-guid",
      .look = look_answered },
    { .id = "10.2 unknown",
      .sentence = "An unknown subscription is answered with 404.",
      .how = "get one that cannot be",
      .probe = "subscription-unknown",
      .look = look_refused,
      .words = "404" },
    { .id = "10.3, 10.4",
      .sentence = "How orders go on; what a late reduction is answered.",
      .how = "not tried: it would buy" },
    { .id = "10.5",
      .sentence = "A used refresh token is refused, and its successor lives on.",
      .how = "not tried: it might cost the token" },
    { .id = "10.6 end",
      .sentence = "The last page has no nextPageToken.",
      .how = "list customers, 1000 at once",
      .probe = "customers-large",
      .look = look_last_page },
    { .id = "10.6 next",
      .sentence = "A page that is not the last has a text as nextPageToken.",
      .how = "list one customer",
      .probe = "customers-one",
      .look = look_next_page,
      .path = "nextPageToken",
      .kinds = KINDS_TEXT & ~KIND(EMPTY) },
    { .id = "10.6 size",
      .sentence = "Lists by token give 1000 at once.",
      .how = "list customers",
      .probe = "customers-large",
      .look = look_answered,
      .snippet = "{\"actions\": {\"ion.customer.list\": {\"paging\": {\"size_most\": 200}}}}" },
    { .id = "10.6 limit",
      .sentence = "Lists by offset give 5000 at once.",
      .how = "list subscriptions, past their end",
      .probe = "subscriptions-large",
      .look = look_answered,
      .snippet = "{\"actions\": {\"ion.subscription.list\": {\"paging\": {\"size_most\": 200}}}}" },
    { .id = "3.1 unpaged",
      .sentence = "Lists by token without a size are refused with 400.",
      .how = "list customers without pageSize",
      .probe = "customers-unpaged",
      .look = look_refused,
      .words = "400" },
    { .id = "3.1 past",
      .sentence = "A list by offset past its end has items, and none in it.",
      .how = "list subscriptions past their end",
      .probe = "subscriptions-past",
      .look = look_past },
    { .id = "3.1 total",
      .sentence = "paginationResponse.totalSize is a JSON number.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = "paginationResponse.totalSize",
      .kinds = KIND(WHOLE),
      .snippet = "{\"actions\": {\"ion.subscription.list\": {\"paging\": {\"total\": "
                 "\"THE KEY OF THE TOTAL\"}}}}" },
    { .id = "10.7",
      .sentence = "How many requests are allowed.",
      .how = "not tried: it would use them up" },
    { .id = "10.8 name",
      .sentence = "Customers can be filtered by name.",
      .how = "a name that cannot be",
      .probe = "customers-named",
      .look = look_filtered,
      .words = "customers" },
    { .id = "10.8 subscription",
      .sentence = "Subscriptions can be filtered by name.",
      .how = "a name that cannot be",
      .probe = "subscriptions-none",
      .look = look_filtered,
      .words = "subscriptions" },
    { .id = "3.4 status",
      .sentence = "Subscriptions can be filtered by status, in capitals.",
      .how = "the active ones",
      .probe = "subscriptions-active",
      .look = look_words,
      .path = ITEM ".subscriptionStatus",
      .words = "active" },
    { .id = "3.4 status case",
      .sentence = "The filter by status takes small letters as well.",
      .how = "the active ones",
      .probe = "subscriptions-active-small",
      .look = look_same,
      .words = "subscriptions-active" },
    { .id = "10.9 renewal",
      .sentence = "subscriptionRenewStatus is ENABLED or DISABLED.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_words,
      .path = ITEM ".subscriptionRenewStatus",
      .words = "ENABLED|DISABLED" },
    { .id = "10.9 status",
      .sentence = "The states of subscriptions are known ones.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_words,
      .path = ITEM ".subscriptionStatus",
      .words = "accepted|active|available|cancelled|canceled|complete|confirmed|deleted|disabled|"
               "enabled|error|expired|failed|initiated|in_progress|paused|pending|running|stopped|"
               "suspended|trial|past_due" },
    { .id = "10.10 margin",
      .sentence = "margin is of all seats, not of one.",
      .how = "subscriptions with several seats",
      .probe = "subscriptions",
      .look = look_amounts,
      .words = "margin" },
    { .id = "4.3 total",
      .sentence = "total is the price times the seats.",
      .how = "subscriptions with several seats",
      .probe = "subscriptions",
      .look = look_amounts,
      .words = "total",
      .snippet = "{\"fields\": {\"ion\": {\"subscriptions\": {\"total\": "
                 "\"THE KEY OF THE TOTAL PRICE\"}}}}" },
    { .id = "4.3",
      .sentence = "Subscriptions have the fields that are stored.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_members,
      .path = ITEM,
      .words = "id|customerId|subscriptionId|subscriptionName|ccpProductId|ccpSkuId|ccpPlanId|"
               "subscriptionTotalLicenses|subscriptionStatus|subscriptionBillingCycle|"
               "subscriptionBillingTerm|subscriptionStartDate|subscriptionEndDate|renewalDate|"
               "cancellationAllowedUntilDate|price|cost|currency|autoRenew|mfgPartNumber",
      .snippet = "{\"fields\": {\"ion\": {\"subscriptions\": {\"quantity\": "
                 "\"THE KEY OF WHAT IS ABSENT\"}}}}" },
    { .id = "6.3 ids",
      .sentence = "Ids are 64-bit numbers in texts.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = ITEM ".id",
      .kinds = KIND(NUMBER) },
    { .id = "6.3 seats",
      .sentence = "Seats are a 64-bit number in a text.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = ITEM ".subscriptionTotalLicenses",
      .kinds = KIND(NUMBER) },
    { .id = "6.3 dates",
      .sentence = "Moments are UTC and end with Z.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = ITEM ".subscriptionStartDate",
      .kinds = KIND(MOMENT_Z) },
    { .id = "6.3 prices",
      .sentence = "Prices are JSON numbers.",
      .how = "list subscriptions",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = ITEM ".price",
      .kinds = KIND(WHOLE) | KIND(DECIMAL) },
    { .id = "4.4",
      .sentence = "One subscription comes with its activity log.",
      .how = "get the first one",
      .probe = "subscription",
      .look = look_kinds,
      .path = "activityLogs",
      .kinds = KIND(OBJECT) },
    { .id = "4.1",
      .sentence = "Customers have the fields that are stored.",
      .how = "list customers",
      .probe = "customers",
      .look = look_members,
      .path = "customers.[]",
      .words = "name|customerOrganization|customerName|customerEmail|customerStatus|uid",
      .snippet = "{\"fields\": {\"ion\": {\"accounts\": {\"name\": \"THE KEY OF THE NAME\"}}}}" },
    { .id = "4.1 status",
      .sentence = "A customer is ACTIVE or INACTIVE.",
      .how = "list customers",
      .probe = "customers",
      .look = look_words,
      .path = "customers.[].customerStatus",
      .words = "ACTIVE|INACTIVE" },
    { .id = "6.1",
      .sentence = "An unknown customer is answered with 404.",
      .how = "get one that cannot be",
      .probe = "customer-unknown",
      .look = look_refused,
      .words = "404" },
    { .id = "6.1 body",
      .sentence = "Errors tell the request id in details.",
      .how = "get a customer that cannot be",
      .probe = "customer-unknown",
      .look = look_fault,
      .path = "details.[].requestId" },
    { .id = "4.2",
      .sentence = "Cloud profiles tell the provider and the tenant.",
      .how = "those of one customer",
      .probe = "profiles",
      .look = look_members,
      .path = "customerCloudProfiles.[]",
      .words = "providerId|displayName|enabled" },
    { .id = "3.5 order",
      .sentence = "Orders come youngest first.",
      .how = "list orders",
      .probe = "orders",
      .look = look_descending },
    { .id = "3.5 status",
      .sentence = "The states of orders are known ones.",
      .how = "list orders",
      .probe = "orders",
      .look = look_words,
      .path = "orders.[].status",
      .words = "NEW|CONFIRMED|ON_HOLD|COMPLETED|ERROR|CANCELED|IN_PROGRESS" },
    { .id = "3.5 anywhere",
      .sentence = "'-' as the customer lists the orders of all.",
      .how = "list orders of '-'",
      .probe = "orders-anywhere",
      .look = look_same,
      .words = "orders" },
    { .id = "4.6",
      .sentence = "Orders have items, a reference and times.",
      .how = "list orders",
      .probe = "orders",
      .look = look_members,
      .path = "orders.[]",
      .words = "name|referenceId|displayName|status|orderItems|createTime" },
    { .id = "4.7",
      .sentence = "The quantity of an order's item is a JSON number.",
      .how = "list orders",
      .probe = "orders",
      .look = look_kinds,
      .path = "orders.[].orderItems.[].quantity",
      .kinds = KIND(WHOLE) },
    { .id = "4.5 type",
      .sentence = "Products are of the type SUBSCRIPTION_PRODUCT.",
      .how = "list products",
      .probe = "products",
      .look = look_words,
      .path = "products.[].type",
      .words = "SUBSCRIPTION_PRODUCT|CLOUD_REBILLING_PRODUCT" },
    { .id = "10.10 plan",
      .sentence = "Plans have their part number in mpnId.",
      .how = "get one product",
      .probe = "product",
      .look = look_members,
      .path = "definition.skus.[].plans.[]",
      .words = "id|mpnId" },
    { .id = "10.11 wrapper",
      .sentence = "Templates by vendor come in provisioningReferences.refs.",
      .how = "those of Microsoft for updates",
      .probe = "templates",
      .look = look_kinds,
      .path = "provisioningReferences.refs",
      .kinds = KIND(LIST) },
    { .id = "10.11 keys",
      .sentence = "Templates name their parts defs, without a dollar sign.",
      .how = "those of Microsoft for updates",
      .probe = "templates",
      .look = look_kinds,
      .path = "provisioningReferences.refs.[].defs|provisioningReference.defs",
      .kinds = KIND(OBJECT) },
    { .id = "3.8",
      .sentence = "Reports are listed with reportId as a number in a text.",
      .how = "list reports",
      .probe = "reports",
      .look = look_kinds,
      .path = "reports.[].reportId",
      .kinds = KIND(NUMBER) },
    { .id = "10.12 customers",
      .sentence = "v1 answers with success, message and data.",
      .how = "list customers of v1, with the API key",
      .probe = "v1-customers",
      .look = look_members,
      .path = "",
      .words = "success|data" },
    { .id = "10.12 invoices",
      .sentence = "Invoices of v1 have id, number and total.",
      .how = "list the distributor's invoices",
      .probe = "v1-invoices",
      .look = look_members,
      .path = "data.invoice.[]",
      .words = "id|number|total|billingStartDate|billingEndDate" },
    { .id = "3.9 users",
      .sentence = "v2 lists the users of the account.",
      .how = "list them, with the API key",
      .probe = "users",
      .look = look_answered },
    { .id = NULL },
};

const struct examination examination_ion = { probes, lessons, assumptions, prepare,
                                             "v1-customers" };
