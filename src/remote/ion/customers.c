/* Ion customers: C1 and C3 of the reference, and what we store of a customer. */
#include "remote/ion/rows.h"

#include <stddef.h>

/* Token lists: customers and products. At least the size is needed (3.1 SPEC). */
static const struct paging customer_pages = {
    .style = PAGING_TOKEN,
    .size_name = "pageSize",
    .place_name = "pageToken",
    .size = 200,
    .size_most = 1000,
    .records = "customers",
    .next = "nextPageToken",
};

const struct action ion_customer_actions[] = {
    {
        .name = "ion.customer.get",
        .category = "Customers",
        .title = "Get Customer",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}",
        .params = PARAMS(ION_ACCOUNT_ID,
                         {
                             .name = "customerId",
                             .place = IN_PATH,
                             .type = PARAM_TEXT,
                             .need = REQUIRED,
                             .doc = "The customer: last segment of its name.",
                             .example = "410001",
                         }),
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 C3, 3.2",
        .recording = "customer-get",
        .doc = "One customer with its address and contact.",
    },
    {
        .name = "ion.customer.list",
        .category = "Customers",
        .title = "List Customers",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/customers",
        .params = PARAMS(ION_ACCOUNT_ID,
                         {
                             .name = "filter.customerStatus",
                             .place = IN_QUERY,
                             .type = PARAM_CHOICE,
                             .need = OPTIONAL,
                             .doc = "Only customers of this status.",
                             .example = "ACTIVE",
                             .choices = "CUSTOMER_STATUS_UNSPECIFIED|ACTIVE|INACTIVE",
                         },
                         ION_QUERY_TEXT("filter.customerName",
                                        "Name of the contact; how it is matched is not "
                                        "stated.",
                                        "Ada Moreno"),
                         ION_QUERY_TEXT("filter.customerEmail", "E-mail address of the contact.",
                                        "ada@blueheron.example"),
                         ION_QUERY_TEXT("filter.languageCode", "Language, two letters.", "EN")),
        .paging = &customer_pages,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 C1, 3.2",
        .recording = "customers-list",
        .doc = "The customers of the account.",
    },
    { .name = NULL },
};

#define MEMBER(name) offsetof(struct account_record, name)

const struct field ion_account_fields[] = {
    { "name", FIELD_TAIL, MEMBER(remote_id), REQUIRED, TRUST_REAL, "ion 4.1",
      "Resource name; the id is its last segment." },
    { "customerOrganization|customerName", FIELD_TEXT, MEMBER(name), OPTIONAL, TRUST_REAL,
      "ion 4.1", "Organisation." },
    { "customerOrganization", FIELD_TEXT, MEMBER(company_name), OPTIONAL, TRUST_REAL, "ion 4.1",
      "Organisation." },
    { "customerDomain", FIELD_TEXT, MEMBER(domain), OPTIONAL, TRUST_SPEC, "ion 4.1", "Domain." },
    { "customerAddress.country", FIELD_TEXT, MEMBER(country), OPTIONAL, TRUST_REAL, "ion 4.1",
      "Country, two letters." },
    { "customerStatus", FIELD_TEXT, MEMBER(status), OPTIONAL, TRUST_REAL, "ion 4.1",
      "ACTIVE or INACTIVE." },
    { .keys = NULL },
};
