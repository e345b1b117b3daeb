/* The life of a Stellr subscription: actions 21, 22, 26 and 27 of the reference. Bodies are GUESS
 * (A-45). */
#include "remote/stellr/rows.h"

#define REASON                                                                                     \
    {                                                                                              \
        .name = "reason", .place = IN_BODY, .type = PARAM_TEXT,                                    \
        .doc = "Why, in words that the distributor reads (A-45, GUESS).",                          \
        .example = "Customer left", .meaning = MEANS_REMARK,                                       \
    }

const struct action stellr_lifecycle_actions[] = {
    {
        .name = "stellr.subscription.activate",
        .category = "Subscription",
        .title = "Activate",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/activate",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID, STELLR_NOTIFY_EMAIL, REASON),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 27, 5.21-5.27, A-45",
        .recording = "subscription-activate",
        .doc = "Sets a suspended or pending subscription to active (A-45, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_LIVE,
        .consequence = "Charges go on as before, or begin where it was pending. It can be "
                       "suspended again at any time (A-45, GUESS).",
    },
    {
        .name = "stellr.subscription.cancel",
        .category = "Subscription",
        .title = "Cancel",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/cancel",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID, STELLR_NOTIFY_EMAIL, REASON),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 21, 5.21-5.27, A-44, A-45",
        .recording = "subscription-cancel",
        .doc = "Ends a subscription (A-45, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_ENDED,
        .consequence = "The customer's users lose what they work with. A term of a year or "
                       "more can be cancelled only within 7 days of its start; what was "
                       "cancelled can be brought back with stellr.subscription.reactivate as "
                       "long as its term is not over (A-44, A-45, GUESS).",
    },
    {
        .name = "stellr.subscription.reactivate",
        .category = "Subscription",
        .title = "Reactivate",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/reactive",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID, STELLR_NOTIFY_EMAIL, REASON),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 22, 5.21-5.27, A-45",
        .recording = "subscription-reactive",
        .doc = "Brings back a cancelled or suspended subscription; the last word of the path "
               "is spelt so (A-45, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_LIVE,
        .consequence = "Charges start again, to the end of the term. A term of a year or more "
                       "can then be cancelled only within 7 days of its start (A-44, A-45, "
                       "GUESS).",
    },
    {
        .name = "stellr.subscription.suspend",
        .category = "Subscription",
        .title = "Suspend",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/suspend",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID, STELLR_NOTIFY_EMAIL, REASON),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 26, 5.21-5.27, A-45",
        .recording = "subscription-suspend",
        .doc = "Suspends a subscription (A-45, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_SUSPENDED,
        .consequence = "The customer's users lose what they work with, and the term goes on "
                       "being charged. It can be undone with stellr.subscription.activate at "
                       "any time in the term (A-45, GUESS).",
    },
    { .name = NULL },
};
