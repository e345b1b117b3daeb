/* Other plans for a Stellr subscription: actions 23, 24, 25 and 32 of the reference. Bodies are
 * GUESS. */
#include "remote/stellr/rows.h"

#define TARGET_SKU_NO(param_need)                                                                  \
    {                                                                                              \
        .name = "targetSkuNo", .place = IN_BODY, .type = PARAM_WHOLE, .need = param_need,          \
        .doc = "TD SYNNEX's number of the article to change to, from the transition products "     \
               "(A-45, GUESS).",                                                                   \
        .example = "9100233", .meaning = MEANS_SKU,                                                \
    }

#define SEATS_AFTERWARDS                                                                           \
    {                                                                                              \
        .name = "quantity", .place = IN_BODY, .type = PARAM_WHOLE,                                 \
        .doc =                                                                                     \
            "Seats that there shall be afterwards; as many as before without it (A-45, GUESS).",   \
        .example = "42", .meaning = MEANS_SEATS,                                                   \
    }

const struct action stellr_plan_actions[] = {
    {
        .name = "stellr.subscription.change-plan",
        .category = "Subscription",
        .title = "Change Plan",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/changePlan",
        .params = PARAMS(
            STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID,
            {
                .name = "planName",
                .place = IN_BODY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Name of the plan; for Google FLEXIBLE, ANNUAL_MONTHLY_PAY, "
                       "ANNUAL_YEARLY_PAY or TRIAL; this, targetSkuNo or both (A-45, GUESS).",
                .example = "ANNUAL_YEARLY_PAY",
            },
            TARGET_SKU_NO(OPTIONAL), SEATS_AFTERWARDS, STELLR_RESELLER_PO, STELLR_NOTIFY_EMAIL),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 25, 5.21-5.27, A-45, A-47",
        .recording = "subscription-changeplan",
        .doc = "Moves a subscription to another plan of the same product: another commitment "
               "or another way to pay (A-45, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_OTHER_SKU,
        .consequence = "Binds to the term and price of the new article, charged from now. It "
                       "can be changed back only to what "
                       "stellr.subscription.transition-products then lists, and cancelled only "
                       "within 7 days of the start of its term (A-44, A-47, GUESS).",
    },
    {
        .name = "stellr.subscription.downgrade",
        .category = "Subscription",
        .title = "Downgrade",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/downgrade",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID, TARGET_SKU_NO(REQUIRED),
                         SEATS_AFTERWARDS, STELLR_NOTIFY_EMAIL),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 24, 5.21-5.27, A-45, A-47",
        .recording = "subscription-downgrade",
        .doc = "Moves a subscription to a lesser product, one of its transition products "
               "(A-45, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_OTHER_SKU,
        .consequence = "Binds to the term and price of the new article, charged from now. It "
                       "can be changed back only to what "
                       "stellr.subscription.transition-products then lists, and cancelled only "
                       "within 7 days of the start of its term (A-44, A-47, GUESS).",
    },
    {
        .name = "stellr.subscription.update-renewal",
        .category = "Subscription",
        .title = "Update Renew Setting",
        .method = METHOD_PUT,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/renew/setting",
        .params = PARAMS(
            STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID,
            {
                .name = "renewType",
                .place = IN_BODY,
                .type = PARAM_CHOICE,
                .need = REQUIRED,
                .doc = "What becomes of the subscription at the end of its term (A-48, GUESS).",
                .example = "NOT_RENEW",
                .choices = "CURRENT_PLAN|NEW_PLAN|NOT_RENEW",
                .meaning = MEANS_RENEWAL,
            },
            {
                .name = "skuNo",
                .place = IN_BODY,
                .type = PARAM_WHOLE,
                .need = OPTIONAL,
                .doc = "TD SYNNEX's number of the article of the next term; needed with "
                       "NEW_PLAN (A-48, GUESS).",
                .example = "9100233",
            },
            {
                .name = "quantity",
                .place = IN_BODY,
                .type = PARAM_WHOLE,
                .need = OPTIONAL,
                .doc = "Seats of the next term; needed with NEW_PLAN (A-48, GUESS).",
                .example = "40",
            }),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 32, 5.31, 5.32, 6.11, A-48",
        .recording = "subscription-renew-setting",
        .doc = "Sets what becomes of a subscription at the end of its term. Answered at once "
               "with the setting (A-48, GUESS: body and answer).",
        .judging = &stellr_operation,
        .becomes = BECOMES_RENEWING,
        .consequence = "Decides whether the next term is bought, of what and with how many "
                       "seats. It can be changed again until the day of the renewal; after "
                       "that it binds for the whole term (A-48, GUESS).",
    },
    {
        .name = "stellr.subscription.upgrade",
        .category = "Subscription",
        .title = "Upgrade",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/upgrade",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID, TARGET_SKU_NO(REQUIRED),
                         SEATS_AFTERWARDS, STELLR_NOTIFY_EMAIL),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 23, 5.21-5.27, A-45, A-47",
        .recording = "subscription-upgrade",
        .doc = "Moves a subscription to a greater product, one of its transition products "
               "(A-45, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_OTHER_SKU,
        .consequence = "Binds to the term and price of the new article, charged from now. It "
                       "can be changed back only to what "
                       "stellr.subscription.transition-products then lists, and cancelled only "
                       "within 7 days of the start of its term (A-44, A-47, GUESS).",
    },
    { .name = NULL },
};
