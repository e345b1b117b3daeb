/* The tables of the Stellr connector, by noun. */
#pragma once

#include "remote/connector.h"

extern const struct action stellr_customer_actions[];
extern const struct action stellr_product_actions[];
extern const struct action stellr_request_actions[];
extern const struct action stellr_subscription_actions[];
extern const struct action stellr_vendor_actions[];

extern const struct field stellr_account_fields[];
extern const struct field stellr_subscription_fields[];

extern const struct paging stellr_paging; /* all lists of Stellr page alike */
