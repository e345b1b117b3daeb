/* The tables of the Ion connector, by noun. */
#pragma once

#include "remote/connector.h"

extern const struct action ion_oauth_actions[];
extern const struct action ion_customer_actions[];
extern const struct action ion_subscription_actions[];
extern const struct action ion_product_actions[];
extern const struct action ion_request_actions[];

extern const struct field ion_account_fields[];
extern const struct field ion_subscription_fields[];

/* The account id stands in every path and comes from the connection. */
#define ION_ACCOUNT_ID                                                                             \
    {                                                                                              \
        .name = "accountId", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,               \
        .doc = "The reseller's account; the connection's own when not given.", .example = "70001", \
        .source = FROM_CONNECTION,                                                                 \
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
