/* Ion customers: C1 to C6 of the reference, and what we store of a customer. */
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

/* Who it is, for create and update. The last four are sent by vendor staff and by a working client,
 * and stand in the document's customer, though not in its request (3.2 CLIENT). */
#define CUSTOMER_BODY                                                                              \
    ION_BODY_TEXT("customerOrganization", REQUIRED, "The organisation.", "Blue Heron Dental Ltd"), \
        ION_BODY_TEXT("customerAddress.street", REQUIRED, "Street and number.",                    \
                      "12 Harbour Lane"),                                                          \
        ION_BODY_TEXT("customerAddress.suite", OPTIONAL, "Suite.", "4B"),                          \
        ION_BODY_TEXT("customerAddress.city", REQUIRED, "City.", "Northport"),                     \
        ION_BODY_TEXT("customerAddress.state", REQUIRED, "State in its short form.", "VA"),        \
        ION_BODY_TEXT("customerAddress.zip", REQUIRED, "Postal code.", "20101"),                   \
        ION_BODY_TEXT("customerAddress.country", REQUIRED, "Country, two letters.", "US"),         \
        ION_BODY_TEXT("customerName", REQUIRED, "Name of the contact.", "Ada Moreno"),             \
        ION_BODY_TEXT("customerEmail", REQUIRED,                                                   \
                      "E-mail address of the contact; no other customer of the platform may have " \
                      "it.",                                                                       \
                      "ada@blueheron.example"),                                                    \
        ION_BODY_TEXT("languageCode", REQUIRED, "Language, two letters, upper case.", "EN"),       \
        ION_BODY_TEXT("customerTitle", OPTIONAL, "Title of the contact.", "Owner"),                \
        ION_BODY_TEXT("customerPhone", OPTIONAL, "Telephone number.", "5550100200"),               \
        ION_BODY_TEXT("alternateEmail", OPTIONAL, "Another e-mail address.",                       \
                      "office@blueheron.example"),                                                 \
        ION_BODY_TEXT("customerDomain", OPTIONAL, "Domain of the customer's tenant.",              \
                      "blueheron.onmicrosoft.com"),                                                \
        ION_BODY_TEXT("primaryContactFirstName", OPTIONAL, "First name of the contact.", "Ada"),   \
        ION_BODY_TEXT("primaryContactLastName", OPTIONAL, "Last name of the contact.", "Moreno")

const struct action ion_customer_actions[] = {
    {
        .name = "ion.customer.cloud-profile",
        .category = "Customers",
        .title = "Get Customer Cloud Profile",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfile",
        .params = PARAMS(ION_ACCOUNT_ID, ION_CUSTOMER_ID,
                         {
                             .name = "providerId",
                             .place = IN_QUERY,
                             .type = PARAM_WHOLE,
                             .need = REQUIRED,
                             .doc = "The cloud provider; 30 is Microsoft CSP.",
                             .example = "30",
                         },
                         ION_QUERY_BOOLEAN("refresh", "Ask the provider for fresh data before "
                                                      "answering.")),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 C6, 3.2, 4.2",
        .recording = "cloudProfile-legacy",
        .doc = "The Microsoft tenant of a customer: company, billing profile, agreements. To be "
               "retired; `ion.customer.cloud-profiles` is its successor.",
    },
    {
        .name = "ion.customer.cloud-profiles",
        .category = "Customers",
        .title = "List Customer Cloud Profiles",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}/cloudProfiles",
        .params = PARAMS(ION_ACCOUNT_ID, ION_CUSTOMER_ID,
                         {
                             .name = "providerId",
                             .place = IN_QUERY,
                             .type = PARAM_WHOLE,
                             .need = OPTIONAL,
                             .doc = "Only this cloud provider; 30 is Microsoft CSP.",
                             .example = "30",
                         },
                         ION_QUERY_BOOLEAN("enabledOnly", "Only providers that are enabled.")),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 C5, 3.2, 4.2",
        .recording = "cloudProfiles",
        .doc = "How a customer stands with each cloud provider: tenant, domain, agreement. All of "
               "it only if the provider is switched on for the customer portal.",
    },
    {
        .name = "ion.customer.create",
        .category = "Customers",
        .title = "Create Customer",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/customers",
        .params = PARAMS(ION_ACCOUNT_ID, CUSTOMER_BODY),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 C2, 3.2",
        .recording = "customer-create-response",
        .doc = "Makes a customer. The answer holds a user with a password that is shown this once. "
               "The id is the last segment of the name.",
    },
    {
        .name = "ion.customer.get",
        .category = "Customers",
        .title = "Get Customer",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}",
        .params = PARAMS(ION_ACCOUNT_ID, ION_CUSTOMER_ID),
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
    {
        .name = "ion.customer.update",
        .category = "Customers",
        .title = "Update Customer",
        .method = METHOD_PUT,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}",
        .params = PARAMS(ION_ACCOUNT_ID, ION_CUSTOMER_ID,
                         ION_BODY_TEXT("name", OPTIONAL,
                                       "Resource name of the customer; vendor staff send it.",
                                       "accounts/70001/customers/410001"),
                         CUSTOMER_BODY),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 C4, 3.2",
        .recording = "customer-update-response",
        .doc = "Replaces a customer's data as a whole: read it first, and send what shall stay as "
               "well.",
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
