/* Ion, version 1: L1 of the reference. With API key and secret (1.4); numbers come as texts with
 * decimals, in an envelope of success, message and data (3.9). */
#include "remote/ion/rows.h"

/* No number of all records is known to be sent (3.9). */
static const struct paging v1_customer_pages = {
    .style = PAGING_OFFSET,
    .size_name = "limit",
    .place_name = "offset",
    .size = 100,
    .size_most = 5000,
    .records = "data.customer",
    .total = "data.total",
};
static const struct paging v1_invoice_pages = {
    .style = PAGING_OFFSET,
    .size_name = "limit",
    .place_name = "offset",
    .size = 100,
    .size_most = 5000,
    .records = "data.invoice",
    .total = "data.total",
};

#define RELATIONS(param_example)                                                                   \
    ION_QUERY_TEXT("relations", "What to bring along, with commas; empty for nothing.",            \
                   param_example)

/* The same for each provider; what differs is the tree in the answer (3.9). */
#define BILLING_REPORT(provider, provider_title, report_recording)                                 \
    {                                                                                              \
        .name = "ion.v1-billing." provider, .category = "Billing (v1)",                            \
        .title = "Get " provider_title " Billing Report", .method = METHOD_GET,                    \
        .path = "/api/v1/reports/billing/" provider,                                               \
        .params = PARAMS(                                                                          \
            {                                                                                      \
                .name = "filter[date_range]",                                                      \
                .place = IN_QUERY,                                                                 \
                .type = PARAM_TEXT,                                                                \
                .need = REQUIRED,                                                                  \
                .doc = "The month: m-<month>-<year>.",                                             \
                .example = "m-05-2025",                                                            \
            },                                                                                     \
            ION_QUERY_TEXT("filter[customer_id]", "Only this customer.", "410001"),                \
            ION_QUERY_TEXT("filter[report_currency]", "Currency of the amounts.", "SEK")),         \
        .effect = EFFECT_READ, .trust = TRUST_REAL, .source = "ion 3.0 L1, 3.9, 4.9",              \
        .recording = report_recording,                                                             \
        .doc = "What " provider_title " cost in a month: a tree by customer, with price, cost "    \
               "and usage as texts with ten decimals.",                                            \
        .scheme = WITH_BASIC,                                                                      \
    }

const struct action ion_billing_actions[] = {
    BILLING_REPORT("aws", "AWS", "v1-report-aws"),
    BILLING_REPORT("azureplan", "Microsoft CSP", "v1-report-microsoft-csp"),
    BILLING_REPORT("gcp", "Google Cloud", "v1-report-gcp"),
    {
        .name = "ion.v1-customer.get",
        .category = "Customers (v1)",
        .title = "Get Customer",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerId}",
        .params = PARAMS(ION_IN_PATH("customerId", "The customer.", "410001"),
                         RELATIONS("cloudAccounts")),
        .effect = EFFECT_READ,
        .trust = TRUST_CLIENT,
        .source = "ion 3.0 L1, 3.9",
        .recording = "v1-customer",
        .doc = "One customer with cloud accounts and price books.",
        .scheme = WITH_BASIC,
    },
    {
        .name = "ion.v1-customer.list",
        .category = "Customers (v1)",
        .title = "List Customers",
        .method = METHOD_GET,
        .path = "/api/v1/customers",
        .params = PARAMS(
            ION_QUERY_TEXT("filter[company]", "Only this organisation.", "Blue Heron Dental Ltd"),
            ION_QUERY_TEXT("filter[company:partial]",
                           "Organisations like this; % stands for "
                           "anything.",
                           "Blue%"),
            ION_QUERY_TEXT("filter[email]", "Only with this e-mail address.",
                           "ada@blueheron.example"),
            ION_QUERY_CHOICE("sort[company]", OPTIONAL, "Sorted by organisation.", "asc",
                             "asc|desc"),
            RELATIONS("cloudAccounts,priceBooksLinks")),
        .paging = &v1_customer_pages,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 L1, 3.9",
        .recording = "v1-customers",
        .doc = "The customers of the account in the older form, with cloud accounts and price "
               "books. The vendor's SDK calls it deprecated.",
        .scheme = WITH_BASIC,
    },
    {
        .name = "ion.v1-invoice.detailed",
        .category = "Invoices (v1)",
        .title = "Get Detailed Invoice",
        .method = METHOD_GET,
        .path = "/api/v1/invoices/{invoiceId}/detailed",
        .params = PARAMS(ION_IN_PATH("invoiceId", "The invoice, as the lists give it.", "77001")),
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 L1, 3.9",
        .recording = "v1-invoice-detailed",
        .doc = "Addresses of the files with an invoice's lines. Whoever has an address can read "
               "the file.",
        .scheme = WITH_BASIC,
    },
    {
        .name = "ion.v1-invoice.generate",
        .category = "Invoices (v1)",
        .title = "Generate Invoices",
        .method = METHOD_POST,
        .path = "/api/v1/invoices/generate",
        .params = PARAMS(
            {
                .name = "source",
                .place = IN_FORM,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "The provider whose usage is invoiced.",
                .example = "aws",
            },
            {
                .name = "period",
                .place = IN_FORM,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "The month: m-MM-YYYY.",
                .example = "m-05-2025",
            },
            {
                .name = "status",
                .place = IN_FORM,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Status that the invoices get.",
                .example = "open",
            },
            {
                .name = "sendEmails",
                .place = IN_FORM,
                .type = PARAM_BOOLEAN,
                .need = OPTIONAL,
                .doc = "Whether the invoices are sent by e-mail.",
                .example = "false",
            },
            {
                .name = "customers",
                .place = IN_FORM,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Only these customers, with commas.",
                .example = "410001,410002",
            },
            {
                .name = "resellers",
                .place = IN_FORM,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Only these resellers, with commas.",
                .example = "70002",
            }),
        .effect = EFFECT_MONEY,
        .trust = TRUST_REAL,
        .source = "ion 3.0 L1, 3.9",
        .recording = "v1-invoice-generate",
        /* The SDK sends a form while it announces JSON; what is known to be read is not told. */
        .doc = "Makes invoices to customers or resellers for a month.",
        .scheme = WITH_BASIC,
        .consequence = "Customers or resellers are invoiced, and hear of it when e-mails are sent. "
                       "No call is known that takes an invoice back.",
    },
    {
        .name = "ion.v1-invoice.list",
        .category = "Invoices (v1)",
        .title = "List Invoices",
        .method = METHOD_GET,
        .path = "/api/v1/invoices",
        .params = PARAMS(ION_QUERY_TEXT("customerId", "Only invoices to this customer.", "410001"),
                         RELATIONS("lines")),
        .paging = &v1_invoice_pages,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 L1, 3.9",
        .recording = "v1-invoices",
        .doc = "Invoices of the reseller to its customers.",
        .scheme = WITH_BASIC,
    },
    {
        .name = "ion.v1-invoice.list-mine",
        .category = "Invoices (v1)",
        .title = "List My Invoices",
        .method = METHOD_GET,
        .path = "/api/v1/invoices/myinvoices",
        .params = PARAMS(RELATIONS("lines")),
        .paging = &v1_invoice_pages,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 L1, 3.9",
        .recording = "v1-myinvoices",
        .doc = "What the distributor bills the reseller.",
        .scheme = WITH_BASIC,
    },
    { .name = NULL },
};
