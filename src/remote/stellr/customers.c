/* Stellr customers: actions 5 and 6 of the reference, and what we store of a customer. */
#include "remote/stellr/rows.h"

#include <stddef.h>

const struct action stellr_customer_actions[] = {
    {
        .name = "stellr.customer.get",
        .category = "Customer",
        .title = "Get Customer",
        .method = METHOD_GET,
        .path = "/api/v1/cloud/customers/{customerNo}",
        .params = PARAMS({
            .name = "customerNo",
            .place = IN_PATH,
            .type = PARAM_TEXT,
            .need = REQUIRED,
            .doc = "Number of the end customer, as the customer list gives it.",
            .example = "700101",
        }),
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 6, 5.6",
        .recording = "customer-get",
        .doc = "One end customer with its address and status.",
    },
    {
        .name = "stellr.customer.list",
        .category = "Customer",
        .title = "List Customers",
        .method = METHOD_GET,
        .path = "/api/v1/cloud/customers",
        .params = PARAMS(
            {
                .name = "name",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Part of the name (A-29, GUESS: the service may ignore it).",
                .example = "dental",
            },
            {
                .name = "status",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Only customers of this status (A-29, GUESS: the service may ignore it).",
                .example = "Active",
            }),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "stellr 4 no. 5, 5.5",
        .recording = "customers-list",
        .doc = "The end customers of the reseller that the credentials belong to. With "
               "credentials of another reseller the list is empty, without an error.",
    },
    { .name = NULL },
};

#define MEMBER(name) offsetof(struct account_record, name)

const struct field stellr_account_fields[] = {
    { "customerNo|customerNumber|id|customerId", FIELD_TEXT, MEMBER(remote_id), REQUIRED,
      TRUST_REAL, "stellr 6.1, 6.13", "Number of the customer." },
    { "name|companyName|customerName|displayName", FIELD_TEXT, MEMBER(name), OPTIONAL,
      TRUST_REAL_WEAK, "stellr 6.1", "Name as listed; in live data mostly a domain." },
    { "companyName|customerName|displayName", FIELD_TEXT, MEMBER(company_name), OPTIONAL,
      TRUST_GUESS, "stellr 6.1, A-53", "Legal name." },
    { "domain", FIELD_TEXT, MEMBER(domain), OPTIONAL, TRUST_REAL_WEAK, "stellr 6.1",
      "Domain of the customer." },
    { "tenantId|microsoftTenantId|msTenantId", FIELD_TEXT, MEMBER(tenant_id), OPTIONAL,
      TRUST_REAL_WEAK, "stellr 6.1", "Microsoft tenant." },
    { "country|countryCode|address.country|serviceAddress.country", FIELD_TEXT, MEMBER(country),
      OPTIONAL, TRUST_REAL_WEAK, "stellr 6.1, 6.13", "Country, two letters." },
    { "status|state", FIELD_TEXT, MEMBER(status), OPTIONAL, TRUST_REAL, "stellr 6.1",
      "Status; blank means active." },
    { .keys = NULL },
};
