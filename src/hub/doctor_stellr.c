/* What is only assumed about Stellr (stellr 12, 13), and how reading can tell. Rows without a
 * question are told as well: what would change something at the remote is not tried. */
#include "hub/doctor_inside.h"

#include "base/moment.h"

static const struct probe probes[] = {
    { "customers", "stellr.customer.list", "pageNo=1&pageSize=10", AS_IT_IS },
    { "customers-unpaged", "stellr.customer.list", "", WITHOUT_PAGES },
    { "customers-large", "stellr.customer.list", "pageNo=1&pageSize=201", AS_IT_IS },
    { "customers-past", "stellr.customer.list", "pageNo={past-page}&pageSize=10", AS_IT_IS },
    { "customers-second", "stellr.customer.list", "pageNo=2&pageSize=10", AS_IT_IS },
    { "customers-named", "stellr.customer.list", "pageNo=1&pageSize=10&name=zq-no-such-name-zq",
      AS_IT_IS },
    { "customers-discontinued", "stellr.customer.list",
      "pageNo=1&pageSize=10&status=no-such-status", AS_IT_IS },
    { "customer", "stellr.customer.get", "customerNo={any-customer}", AS_IT_IS },
    { "customer-unknown", "stellr.customer.get", "customerNo=999999999", AS_IT_IS },
    { "subscriptions", "stellr.subscription.list", "customerNo={customer}&pageNo=1&pageSize=100",
      AS_IT_IS },
    { "subscriptions-cloud", "stellr.subscription.list",
      "customerNo={customer}&pageNo=1&pageSize=100", WITH_CLOUD },
    { "subscriptions-filtered", "stellr.subscription.list",
      "customerNo={customer}&status=no-such-status&pageNo=1&pageSize=100", AS_IT_IS },
    { "subscriptions-of-vendor", "stellr.subscription.list",
      "customerNo={customer}&vendorId=NoSuchVendor&pageNo=1&pageSize=100", AS_IT_IS },
    { "subscription", "stellr.subscription.get",
      "customerNo={customer}&subscriptionId={subscription}", AS_IT_IS },
    { "transitions", "stellr.subscription.transition-products",
      "customerNo={customer}&subscriptionId={subscription}&pageNo=1&pageSize=10", AS_IT_IS },
    { "renewal", "stellr.subscription.renewal-options",
      "customerNo={customer}&subscriptionId={subscription}", AS_IT_IS },
    { "reseller", "stellr.reseller.subscriptions", "pageNo=1&pageSize=10", AS_IT_IS },
    { "vendors", "stellr.vendor.list", "", AS_IT_IS },
    { "vendors-unpaged", "stellr.vendor.list", "", WITHOUT_PAGES },
    { "products", "stellr.product.list", "vendorId=Microsoft&pageNo=1&pageSize=10", AS_IT_IS },
    { "products-unknown", "stellr.product.list", "vendorId=NoSuchVendor&pageNo=1&pageSize=10",
      AS_IT_IS },
    { "related", "stellr.product.related", "primaryProductId={product}&pageNo=1&pageSize=10",
      AS_IT_IS },
    { "subscribed", "stellr.subscribed.list",
      "customerNo={customer}&vendorId=Microsoft&pageNo=1&pageSize=10", AS_IT_IS },
    { "agreement", "stellr.agreement.get",
      "customerNo={customer}&agreementType=MicrosoftCustomerAgreement", AS_IT_IS },
    { "agreement-short", "stellr.agreement.get", "customerNo={customer}&agreementType=MCA",
      AS_IT_IS },
    { "agreement-unknown", "stellr.agreement.get", "customerNo={customer}&agreementType=NoSuch",
      AS_IT_IS },
    { "azure", "stellr.consumption.azure", "billingMonth={last-month}&pageNo=1&pageSize=10",
      AS_IT_IS },
    { "invoices", "stellr.invoice.list", "pageNo=1&pageSize=10", AS_IT_IS },
    { "invoices-later", "stellr.invoice.list",
      "fromDate=2099-01-01&toDate=2099-01-31&pageNo=1&pageSize=10", AS_IT_IS },
    { "invoice-report", "stellr.invoice.report",
      "fromDate={year-ago}&toDate={today}&pageNo=1&pageSize=10", AS_IT_IS },
    { "vendor-accounts", "stellr.vendor-account.list", "pageNo=1&pageSize=10", AS_IT_IS },
    { "operation-unknown", "stellr.operation.get", "operationId=OP-0", AS_IT_IS },
    { "images", "stellr.request", "path=/api/v1/cloud/products/0/images", AS_IT_IS },
    { "quotes", "stellr.request", "path=/api/v1/cloud/quotes", AS_IT_IS },
    { .name = NULL },
};

static const struct lesson lessons[] = {
    { "any-customer", "customers",
      "data.records.0.customerNo|data.records.0.customerNumber|data.records.0.id" },
    { "subscription", "subscriptions",
      "data.records.0.subscriptionId|data.records.0.id|data.records.0.vendorSubscriptionId" },
    { "contract", "subscriptions", "data.records.0.contractNo|data.records.0.contractNumber" },
    { "product", "products", "data.records.0.productId" },
    { .name = NULL },
};

/* A customer with subscriptions, among the first few; days; a page that cannot be. */
static void prepare(struct doctor *d)
{
    static const struct probe trial = { "subscriptions", "stellr.subscription.list",
                                        "customerNo={customer}&pageNo=1&pageSize=100", AS_IT_IS };
    const struct answer *customers = ask_probe(d, "customers");
    const struct json *records = json_get_at(customers->document, "data.records");
    const struct action *row = client_action(live_client(d->live), trial.action);
    int64_t now = d->hub->clock->now_ms(d->hub->clock);
    struct date today = date_of_ms(now), before = date_of_ms(now - INT64_C(31536000000));
    int month = today.month > 1 ? today.month - 1 : 12;
    for (size_t i = 0; i < json_length(records) && i < 5; i++) {
        const struct json *id = json_get(json_at(records, i), "customerNo");
        d->n_given = 0;
        doctor_give(d, "customer", json_text(id).len > 0 ? json_text(id) : json_number_text(id));
        if (i > 0)
            d->answers = d->answers->next; /* of the customer before: it has none */
        if (ask_twisted(d, &trial, row)->n_records != 0)
            break;
    }
    doctor_give(d, "last-month",
                str_of(arena_printf(d->a, "%04d-%02d", today.year - (month == 12), month)));
    doctor_give(d, "today",
                str_of(arena_printf(d->a, "%04d-%02d-%02d", today.year, today.month, today.day)));
    doctor_give(
        d, "year-ago",
        str_of(arena_printf(d->a, "%04d-%02d-%02d", before.year, before.month, before.day)));
    doctor_give(d, "past-page",
                str_of(arena_printf(d->a, "%lld", (long long)(customers->total / 10 + 3))));
}

static LOOK(look_ascending)
{
    const struct json *records = json_get_at(x->document, "data.records");
    int64_t before = -1;
    size_t n = 0;
    (void)d, (void)row;
    for (; n < json_length(records); n++) {
        const struct json *id = json_get(json_at(records, n), "customerNo");
        int64_t number;
        if (!json_integer(id, &number) && !str_integer(json_text(id), &number))
            return untold(x, evidence);
        if (number <= before) {
            buf_printf(evidence, "record %zu has a lower number than the one before", n + 1);
            return VERDICT_BAD;
        }
        before = number;
    }
    buf_printf(evidence, "%zu numbers, rising", n);
    return n > 1 ? VERDICT_GOOD : VERDICT_UNTOLD;
}

/* Where a region's row names a second address, it is asked only when the first is not there. */
static LOOK(look_token_address)
{
    const struct host *host = connector_host(d->connector, d->row->region, d->row->environment);
    bool is_own = host == NULL || !str_is(d->row->token_url, host->token_url);
    (void)row, (void)x;
    if (live_client(d->live)->tokens->by_second_url) {
        buf_add_text(evidence, "the first address is not there, the second answered");
        return VERDICT_BAD;
    }
    buf_add_text(evidence,
                 is_own ? "the connection has an address of its own" : "it answered with a token");
    return is_own ? VERDICT_UNTOLD : VERDICT_GOOD;
}

/* Each spelling once; the first that answers is remembered for the connection. */
static LOOK(look_change_logs)
{
    const struct action *built =
        client_action(live_client(d->live), "stellr.subscription.change-logs");
    struct str spellings = built == NULL ? STR_NONE : str_of(built->path_spellings), spelling;
    struct error ignored;
    int n_tried = 0;
    (void)x, (void)row;
    if (built == NULL || (spelling = str_of(built->path)).len == 0)
        return VERDICT_UNTOLD;
    do {
        struct action *one = ARENA_NEW(d->a, struct action);
        struct probe *probe = ARENA_NEW(d->a, struct probe);
        *one = *built;
        one->path = arena_text(d->a, spelling);
        one->name = arena_printf(d->a, "%s#%d", built->name, n_tried); /* no remembered path */
        *probe = (struct probe){ arena_printf(d->a, "change-logs-%d", n_tried++), built->name,
                                 "customerNo={customer}&contractNo={contract}&pageNo=1&pageSize=10",
                                 AS_IT_IS };
        const struct answer *answer = ask_twisted(d, probe, one);
        if (answer->problem != NULL)
            return untold(answer, evidence);
        if (answer->status != ST_OK)
            continue;
        bool is_first = strcmp(one->path, built->path) == 0;
        bool is_kept = paths_keep(d->hub, d->row, built, one->path, &ignored) == ST_OK;
        buf_printf(evidence, "%s answers%s", one->path,
                   is_kept ? "; remembered for this connection" : "; could not be remembered");
        return is_first ? VERDICT_GOOD : VERDICT_BAD;
    } while (spellings.at != NULL && str_next(&spellings, '|', &spelling));
    buf_printf(evidence, "none of %d spellings answers", n_tried);
    return VERDICT_BAD;
}

#define RECORD "data.records.[]"
#define ANY_PATH_SNIPPET(action)                                                                   \
    "{\"actions\": {\"" action "\": {\"path\": \"THE PATH THAT THE API CENTER SHOWS\"}}}"

static const struct assumption assumptions[] = {
    { .id = "A-01",
      .sentence = "Tokens come from the address of the region's row.",
      .how = "the token request of the login",
      .probe = "customers",
      .look = look_token_address },
    { .id = "A-02",
      .sentence = "Tokens are also given for HTTP Basic.",
      .how = "not needed: the program sends the pair in the body" },
    { .id = "A-03",
      .sentence = "A wrong client is refused with 401 invalid_client.",
      .how = "not tried: wrong secrets might lock the client" },
    { .id = "A-04",
      .sentence = "An x-api-key does not open Stellr's paths.",
      .how = "not needed: the program sends tokens" },
    { .id = "A-05",
      .sentence = "A credential without a permission is answered with 403.",
      .how = "seen only when one lacks" },
    { .id = "A-06, A-07, A-08",
      .sentence = "What Work 365's form asks for beside id and secret.",
      .how = "not needed: the program sends neither" },
    { .id = "A-09, A-10",
      .sentence = "Where the sandboxes of Brazil and Mexico are.",
      .how = "told at the login; another address is kept with the connection (--base-url)" },
    { .id = "A-11",
      .sentence = "Single objects come wrapped in requestId and data.",
      .how = "get the first customer",
      .probe = "customer",
      .look = look_kinds,
      .path = "data",
      .kinds = KIND(OBJECT) },
    { .id = "A-12",
      .sentence = "requestId is a UUID.",
      .how = "list customers",
      .probe = "customers",
      .look = look_kinds,
      .path = "requestId",
      .kinds = KIND(UUID) },
    { .id = "A-13",
      .sentence = "A list without paging is empty with total 0.",
      .how = "list customers without pageNo and pageSize",
      .probe = "customers-unpaged",
      .look = look_empty,
      .words = "0" },
    { .id = "A-14",
      .sentence = "A page size above 200 is refused with 400.",
      .how = "list customers with pageSize=201",
      .probe = "customers-large",
      .look = look_refused,
      .words = "400",
      .snippet = "{\"actions\": {\"stellr.customer.list\": {\"paging\": {\"size_most\": 1000}}}}" },
    { .id = "A-15",
      .sentence = "A page past the end is empty and tells the true total.",
      .how = "list customers with a page number that cannot be",
      .probe = "customers-past",
      .look = look_empty,
      .words = "true" },
    { .id = "A-16",
      .sentence = "Lists are in ascending order of the id.",
      .how = "numbers of the first customers",
      .probe = "customers",
      .look = look_ascending },
    { .id = "A-17 customerNo",
      .sentence = "customerNo is a JSON number.",
      .how = "list customers",
      .probe = "customers",
      .look = look_kinds,
      .path = RECORD ".customerNo",
      .kinds = KIND(WHOLE) },
    { .id = "A-17 contractNo",
      .sentence = "contractNo is a JSON number.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = RECORD ".contractNo",
      .kinds = KIND(WHOLE) },
    { .id = "A-17 skuNo",
      .sentence = "skuNo is a JSON number.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = RECORD ".skuNo",
      .kinds = KIND(WHOLE) },
    { .id = "A-17 productId",
      .sentence = "productId is a JSON number.",
      .how = "list products of Microsoft",
      .probe = "products",
      .look = look_kinds,
      .path = RECORD ".productId",
      .kinds = KIND(WHOLE) },
    { .id = "A-18",
      .sentence = "An unknown operation is answered with 404.",
      .how = "get an operation that cannot be; the form of real ones shows after a change",
      .probe = "operation-unknown",
      .look = look_refused,
      .words = "404" },
    { .id = "A-19 startDate",
      .sentence = "Dates of subscriptions are moments with an offset without colon.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = RECORD ".startDate",
      .kinds = KIND(MOMENT_PLAIN) },
    { .id = "A-19 endDate",
      .sentence = "The end of the term stands in endDate, in the same form.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = RECORD ".endDate",
      .kinds = KIND(MOMENT_PLAIN),
      .snippet = "{\"fields\": {\"stellr\": {\"subscriptions\": {\"ends_at\": "
                 "\"THE KEY OF THE END OF THE TERM\"}}}}" },
    { .id = "A-20",
      .sentence = "Paths below a customer are also answered with cloud/ in them.",
      .how = "list subscriptions of one customer at both paths",
      .probe = "subscriptions-cloud",
      .look = look_same,
      .words = "subscriptions" },
    { .id = "A-21",
      .sentence = "The change log is answered at .../subscriptions/changelogs.",
      .how = "each spelling once; the one that answers is remembered",
      .probe = "subscriptions",
      .look = look_change_logs,
      .snippet = ANY_PATH_SNIPPET("stellr.subscription.change-logs") },
    { .id = "A-22",
      .sentence = "The list of all the reseller's subscriptions is at "
                  "/api/v1/cloud/subscriptions.",
      .how = "ask for its first page",
      .probe = "reseller",
      .look = look_answered,
      .snippet = ANY_PATH_SNIPPET("stellr.reseller.subscriptions") },
    { .id = "A-23 images",
      .sentence = "There are no images of products.",
      .how = "ask for those of a product that cannot be",
      .probe = "images",
      .look = look_refused,
      .words = "404" },
    { .id = "A-23 quotes",
      .sentence = "There are no quotes.",
      .how = "ask for them",
      .probe = "quotes",
      .look = look_refused,
      .words = "404" },
    { .id = "A-24",
      .sentence = "An unknown customer is answered with 404.",
      .how = "get a customer that cannot be",
      .probe = "customer-unknown",
      .look = look_refused,
      .words = "404" },
    { .id = "A-60",
      .sentence = "Errors tell an errorCode in data.",
      .how = "get a customer that cannot be",
      .probe = "customer-unknown",
      .look = look_fault,
      .path = "data.errorCode" },
    { .id = "A-25",
      .sentence = "The agreement is called MicrosoftCustomerAgreement.",
      .how = "get it of one customer",
      .probe = "agreement",
      .look = look_answered,
      .snippet = "{\"actions\": {\"stellr.agreement.get\": {\"parameters\": {\"agreementType\": "
                 "{\"default\": \"THE NAME OF THE AGREEMENT\"}}}}}" },
    { .id = "A-25 short",
      .sentence = "MCA is short for it.",
      .how = "get it of one customer",
      .probe = "agreement-short",
      .look = look_answered },
    { .id = "A-25 unknown",
      .sentence = "Another agreement is answered with 404.",
      .how = "get one that cannot be",
      .probe = "agreement-unknown",
      .look = look_refused,
      .words = "404" },
    { .id = "A-26",
      .sentence = "An agreement tells whether it was accepted.",
      .how = "get it of one customer",
      .probe = "agreement",
      .look = look_kinds,
      .path = "data.accepted",
      .kinds = KIND(BOOLEAN) },
    { .id = "A-27",
      .sentence = "Azure consumption is asked for by billingMonth=yyyy-MM.",
      .how = "that of the last month",
      .probe = "azure",
      .look = look_answered,
      .snippet = "{\"actions\": {\"stellr.consumption.azure\": {\"parameters\": {\"billingMonth\": "
                 "{\"key\": \"THE NAME OF THE PARAMETER\"}}}}}" },
    { .id = "A-29 name",
      .sentence = "The list of customers can be filtered by name.",
      .how = "a name that cannot be",
      .probe = "customers-named",
      .look = look_filtered,
      .words = "customers" },
    { .id = "A-29 status",
      .sentence = "The list of customers can be filtered by status.",
      .how = "a status that cannot be",
      .probe = "customers-discontinued",
      .look = look_filtered,
      .words = "customers" },
    { .id = "A-30",
      .sentence = "Invoices have invoiceNo, invoiceDate, total and status.",
      .how = "list invoices",
      .probe = "invoices",
      .look = look_members,
      .path = RECORD,
      .words = "invoiceNo|invoiceDate|dueDate|total|currency|status" },
    { .id = "A-30 filter",
      .sentence = "Invoices can be filtered by fromDate and toDate.",
      .how = "a month far in the future",
      .probe = "invoices-later",
      .look = look_filtered,
      .words = "invoices" },
    { .id = "A-31",
      .sentence = "The invoice report is JSON in pages.",
      .how = "that of the last twelve months",
      .probe = "invoice-report",
      .look = look_members,
      .path = RECORD,
      .words = "invoiceNo|customerNo|subscriptionId|skuNo|quantity|unitPrice|amount|currency" },
    { .id = "A-32",
      .sentence = "An unknown vendor is answered with 404.",
      .how = "list products of a vendor that cannot be",
      .probe = "products-unknown",
      .look = look_refused,
      .words = "404" },
    { .id = "A-33",
      .sentence = "Related products come as a page of products.",
      .how = "those of the first product",
      .probe = "related",
      .look = look_answered },
    { .id = "A-34",
      .sentence = "Google's transferable products are asked for by customerNo.",
      .how = "not tried: it needs the transfer token of a customer" },
    { .id = "A-35",
      .sentence = "Subscribed products tell quantities and users.",
      .how = "those of one customer",
      .probe = "subscribed",
      .look = look_members,
      .path = RECORD,
      .words = "productId|skuNo|subscribedQuantity|assignedQuantity|users" },
    { .id = "A-36 status",
      .sentence = "The list of subscriptions can be filtered by status.",
      .how = "a status that cannot be",
      .probe = "subscriptions-filtered",
      .look = look_filtered,
      .words = "subscriptions" },
    { .id = "A-36 vendorId",
      .sentence = "The list of subscriptions can be filtered by vendor.",
      .how = "a vendor that cannot be",
      .probe = "subscriptions-of-vendor",
      .look = look_filtered,
      .words = "subscriptions" },
    { .id = "A-28",
      .sentence = "What a new customer needs, and what counts as the same one.",
      .how = "not tried: it would make a customer" },
    { .id = "A-37 to A-42",
      .sentence = "How subscriptions are created, singly and in batches.",
      .how = "not tried: it would buy" },
    { .id = "A-43",
      .sentence = "The quantity of a seat change is the new total.",
      .how = "not tried: it would buy. After a change the seats are read and compared",
      .snippet = "{\"actions\": {\"stellr.subscription.change-seats\": {\"parameters\": "
                 "{\"quantity\": {\"meaning\": \"seats-added\"}}}}}" },
    { .id = "A-44",
      .sentence = "Seats go down only within seven days of the term's start.",
      .how = "not tried: it would change a subscription" },
    { .id = "A-45, A-46",
      .sentence = "Bodies of cancel, suspend and the like; transfers.",
      .how = "not tried: it would change a subscription" },
    { .id = "A-47",
      .sentence = "Transition products tell transitionType and eligible.",
      .how = "those of one subscription",
      .probe = "transitions",
      .look = look_members,
      .path = RECORD,
      .words = "skuNo|productName|transitionType|eligible" },
    { .id = "A-48",
      .sentence = "Renewal options tell the current setting and the options.",
      .how = "those of one subscription",
      .probe = "renewal",
      .look = look_members,
      .path = "data",
      .words = "renewalDate|currentSetting|options" },
    { .id = "A-49",
      .sentence = "The list of vendors needs no paging.",
      .how = "with and without",
      .probe = "vendors-unpaged",
      .look = look_same,
      .words = "vendors" },
    { .id = "A-50",
      .sentence = "Kinds of checks of a vendor account.",
      .how = "not tried: a check may send data to the vendor" },
    { .id = "A-51, A-52",
      .sentence = "Vendor accounts tell type, vendor and relationship.",
      .how = "list them",
      .probe = "vendor-accounts",
      .look = look_members,
      .path = RECORD,
      .words = "accountType|vendorId|customerNo|relationshipStatus" },
    { .id = "A-53",
      .sentence = "Customers have companyName, contactName, email and phone.",
      .how = "get one customer",
      .probe = "customer",
      .look = look_members,
      .path = "data",
      .words = "companyName|contactName|email|phone" },
    { .id = "6.1",
      .sentence = "Customers have a flat address and a name.",
      .how = "list customers",
      .probe = "customers",
      .look = look_members,
      .path = RECORD,
      .words = "name|address1|city|state|zipCode",
      .snippet =
          "{\"fields\": {\"stellr\": {\"accounts\": {\"name\": \"THE KEY OF THE NAME\"}}}}" },
    { .id = "A-54",
      .sentence = "A customer is Active or Discontinued.",
      .how = "list customers",
      .probe = "customers",
      .look = look_words,
      .path = RECORD ".status",
      .words = "Active|Discontinued" },
    { .id = "A-55",
      .sentence = "The id of a subscription stands in subscriptionId.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_members,
      .path = RECORD,
      .words = "subscriptionId|lineNo",
      .snippet = "{\"fields\": {\"stellr\": {\"subscriptions\": {\"remote_id\": "
                 "\"THE KEY OF THE ID\"}}}}" },
    { .id = "6.2",
      .sentence = "Subscriptions have the fields that are stored.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_members,
      .path = RECORD,
      .words = "contractNo|productName|mfgPartNo|skuNo|quantity|unitPrice|customerPrice|"
               "billingFrequency|startDate|endDate|status|vendorName|currency",
      .snippet = "{\"fields\": {\"stellr\": {\"subscriptions\": {\"quantity\": "
                 "\"THE KEY OF WHAT IS ABSENT\"}}}}" },
    { .id = "6.2 prices",
      .sentence = "Prices are JSON numbers.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_kinds,
      .path = RECORD ".unitPrice",
      .kinds = KIND(WHOLE) | KIND(DECIMAL) },
    { .id = "A-56",
      .sentence = "Subscriptions tell autoRenew, parent and product.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_members,
      .path = RECORD,
      .words = "autoRenew|parentSubscriptionId|productId" },
    { .id = "A-57",
      .sentence = "A subscription is Active, Pending, Suspended, Cancelled or "
                  "Expired; nothing means live.",
      .how = "list subscriptions of one customer",
      .probe = "subscriptions",
      .look = look_words,
      .path = RECORD ".status",
      .words = "Active|Pending|Suspended|Cancelled|Expired" },
    { .id = "A-58",
      .sentence = "Products tell billing model, tiers of prices and add-ons.",
      .how = "list products of Microsoft",
      .probe = "products",
      .look = look_members,
      .path = RECORD,
      .words = "skuNo|mfgPartNo|productName|billingModel|billingFrequency|productPrice|isAddOn" },
    { .id = "A-59, A-61",
      .sentence = "How long operations take; that none can be sent twice.",
      .how = "not tried: it would change a subscription" },
    { .id = "13.10",
      .sentence = "How many requests are allowed, and which headers tell.",
      .how = "not tried: it would use them up" },
    { .id = NULL },
};

const struct examination examination_stellr = { probes, lessons, assumptions, prepare, NULL };
