/* The tables of the Stellr connector, by noun, and the parameters that many rows share.
 *
 * Trust of a row: the weakest fact that a call of it rests on. Method and path of all 36 actions
 * are DOC (stellr 4, R1). Where a call has to send a body, or a value from a set, that nobody
 * public has shown, the row is GUESS, however well its path is known; the parameters name the
 * assumption. The shape of an answer does not count: it is passed on as it came, and the row's doc
 * says where it is a guess. */
#pragma once

#include "remote/connector.h"

extern const struct action stellr_agreement_actions[];
extern const struct action stellr_consumption_actions[];
extern const struct action stellr_customer_actions[];
extern const struct action stellr_invoice_actions[];
extern const struct action stellr_lifecycle_actions[];
extern const struct action stellr_operation_actions[];
extern const struct action stellr_plan_actions[];
extern const struct action stellr_product_actions[];
extern const struct action stellr_purchase_actions[];
extern const struct action stellr_request_actions[];
extern const struct action stellr_reseller_actions[];
extern const struct action stellr_subscribed_actions[];
extern const struct action stellr_subscription_actions[];
extern const struct action stellr_vendor_account_actions[];
extern const struct action stellr_vendor_actions[];

extern const struct field stellr_account_fields[];
extern const struct field stellr_subscription_fields[];

extern const struct paging stellr_paging; /* all lists of Stellr page alike */

/* How every change of a subscription is judged: by an operation to poll (A-18, A-59 GUESS). */
extern const struct judging stellr_operation;

#define STELLR_CUSTOMER_NO                                                                         \
    {                                                                                              \
        .name = "customerNo", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,              \
        .doc = "Number of the end customer, as the customer list gives it.", .example = "700101",  \
        .meaning = MEANS_CUSTOMER,                                                                 \
    }

#define STELLR_SUBSCRIPTION_ID                                                                     \
    {                                                                                              \
        .name = "subscriptionId", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,          \
        .doc = "The subscription: contract number, underscore, line number.",                      \
        .example = "510000_1", .meaning = MEANS_SUBSCRIPTION,                                      \
    }

#define STELLR_VENDOR_ID                                                                           \
    {                                                                                              \
        .name = "vendorId", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,                \
        .doc = "Name of the vendor, as the vendor list gives it.", .example = "Microsoft",         \
    }

/* Never sent unless it is given: the service would write to whoever stands there. */
#define STELLR_NOTIFY_EMAIL                                                                        \
    {                                                                                              \
        .name = "notifyEmail", .place = IN_BODY, .type = PARAM_TEXT,                               \
        .doc =                                                                                     \
            "Address that the service tells about the change; nobody is told without it (A-37, "   \
            "A-45, GUESS).",                                                                       \
        .example = "orders@msp.example", .meaning = MEANS_REMARK,                                  \
    }

#define STELLR_RESELLER_PO                                                                         \
    {                                                                                              \
        .name = "rsPoNo", .place = IN_BODY, .type = PARAM_TEXT,                                    \
        .doc = "Purchase order number of the reseller (A-37, GUESS).", .example = "PO-2026-0901",  \
        .meaning = MEANS_PURCHASE_ORDER,                                                           \
    }

#define STELLR_CUSTOMER_PO                                                                         \
    {                                                                                              \
        .name = "euPoNo", .place = IN_BODY, .type = PARAM_TEXT,                                    \
        .doc = "Purchase order number of the end customer (A-37, GUESS).", .example = "EU-77",     \
        .meaning = MEANS_REMARK,                                                                   \
    }
