/* The tables of the Ion connector, by noun. */
#pragma once

#include "remote/connector.h"

extern const struct action ion_billing_actions[];
extern const struct action ion_cart_actions[];
extern const struct action ion_cart_item_actions[];
extern const struct action ion_customer_actions[];
extern const struct action ion_oauth_actions[];
extern const struct action ion_order_actions[];
extern const struct action ion_product_actions[];
extern const struct action ion_recipes[];
extern const struct action ion_report_actions[];
extern const struct action ion_request_actions[];
extern const struct action ion_subscription_actions[];
extern const struct action ion_template_actions[];
extern const struct action ion_user_actions[];

extern const struct judging ion_order_judging;

extern const struct field ion_account_fields[];
extern const struct field ion_subscription_fields[];

/* The account id stands in every path and comes from the connection. */
#define ION_ACCOUNT_ID                                                                             \
    {                                                                                              \
        .name = "accountId", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,               \
        .doc = "The reseller's account; the connection's own when not given.", .example = "70001", \
        .source = FROM_CONNECTION,                                                                 \
    }

#define ION_IN_PATH(param_name, param_doc, param_example)                                          \
    {                                                                                              \
        .name = param_name, .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,                \
        .doc = param_doc, .example = param_example,                                                \
    }

#define ION_CUSTOMER_ID                                                                            \
    {                                                                                              \
        .name = "customerId", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,              \
        .doc = "The customer: last segment of its name.", .example = "410001",                     \
        .meaning = MEANS_CUSTOMER,                                                                 \
    }

#define ION_QUERY_TEXT(param_name, param_doc, param_example)                                       \
    {                                                                                              \
        .name = param_name, .place = IN_QUERY, .type = PARAM_TEXT, .doc = param_doc,               \
        .example = param_example,                                                                  \
    }

#define ION_QUERY_BOOLEAN(param_name, param_doc)                                                   \
    {                                                                                              \
        .name = param_name, .place = IN_QUERY, .type = PARAM_BOOLEAN, .doc = param_doc,            \
        .example = "true",                                                                         \
    }

#define ION_QUERY_CHOICE(param_name, param_need, param_doc, param_example, param_choices)          \
    {                                                                                              \
        .name = param_name, .place = IN_QUERY, .type = PARAM_CHOICE, .need = param_need,           \
        .doc = param_doc, .example = param_example, .choices = param_choices,                      \
    }

#define ION_BODY_TEXT(param_name, param_need, param_doc, param_example)                            \
    {                                                                                              \
        .name = param_name, .place = IN_BODY, .type = PARAM_TEXT, .need = param_need,              \
        .doc = param_doc, .example = param_example,                                                \
    }

#define ION_BODY_CHOICE(param_name, param_need, param_doc, param_example, param_choices)           \
    {                                                                                              \
        .name = param_name, .place = IN_BODY, .type = PARAM_CHOICE, .need = param_need,            \
        .doc = param_doc, .example = param_example, .choices = param_choices,                      \
    }

/* Attributes of an order line: pairs of name and value (5). */
#define ION_ATTRIBUTES                                                                             \
    PARAMS(ION_BODY_TEXT("name", REQUIRED, "Name of the attribute.", "operations"),                \
           ION_BODY_TEXT("value", REQUIRED, "Its value.", "updatesubscription"))

/* How offset lists are sorted and narrowed, besides limit and offset (3.1 SPEC). */
#define ION_PAGINATION                                                                             \
    ION_QUERY_TEXT("pagination.filter", "Further filter of the service.", "E5"),                   \
        ION_QUERY_TEXT("pagination.sortBy", "Field to sort by; the names are not listed.",         \
                       "subscriptionName"),                                                        \
        ION_QUERY_CHOICE("pagination.sortOrder", OPTIONAL, "Direction of the sort.", "ASC",        \
                         "ASC|DESC"),                                                              \
    {                                                                                              \
        .name = "pagination.userId", .place = IN_QUERY, .type = PARAM_WHOLE,                       \
        .doc = "As this user of the account sees them.", .example = "90001",                       \
    }
