/* Buying Stellr subscriptions: actions 18, 19, 20 and 28 of the reference. Paths are DOC; nobody
 * public has shown a body, so that all of them are GUESS (stellr 5). */
#include "remote/stellr/rows.h"

#define SEATS_OF_ITEM                                                                              \
    {                                                                                              \
        .name = "quantity", .place = IN_BODY, .type = PARAM_WHOLE, .need = REQUIRED,               \
        .doc = "Seats (A-37, GUESS).", .example = "10", .meaning = MEANS_SEATS,                    \
    }

#define PLAN_OF_ITEM                                                                               \
    {                                                                                              \
        .name = "planName", .place = IN_BODY, .type = PARAM_TEXT,                                  \
        .doc = "Google: FLEXIBLE, ANNUAL_MONTHLY_PAY, ANNUAL_YEARLY_PAY or TRIAL (A-37, GUESS).",  \
        .example = "ANNUAL_MONTHLY_PAY",                                                           \
    }

static const struct param items[] = {
    {
        .name = "skuNo",
        .place = IN_BODY,
        .type = PARAM_WHOLE,
        .need = OPTIONAL,
        .doc = "TD SYNNEX's number of the article; this, or productId (A-37, GUESS).",
        .example = "9100231",
        .meaning = MEANS_SKU,
    },
    {
        .name = "productId",
        .place = IN_BODY,
        .type = PARAM_WHOLE,
        .need = OPTIONAL,
        .doc = "Number of the product in the catalogue; this, or skuNo (A-37, GUESS).",
        .example = "80231",
        .meaning = MEANS_PRODUCT,
    },
    SEATS_OF_ITEM,
    PLAN_OF_ITEM,
    {
        .name = "renewType",
        .place = IN_BODY,
        .type = PARAM_CHOICE,
        .need = OPTIONAL,
        .doc = "What becomes of it at the end of the term (A-37, A-48, GUESS).",
        .example = "CURRENT_PLAN",
        .choices = "CURRENT_PLAN|NEW_PLAN|NOT_RENEW",
    },
    { .name = NULL },
};

static const struct param transferred_items[] = {
    {
        .name = "skuNo",
        .place = IN_BODY,
        .type = PARAM_WHOLE,
        .need = REQUIRED,
        .doc = "TD SYNNEX's number of the article, as the list of transferable "
               "products gives it (A-46, GUESS).",
        .example = "9200100",
        .meaning = MEANS_SKU,
    },
    SEATS_OF_ITEM,
    PLAN_OF_ITEM,
    { .name = NULL },
};

const struct action stellr_purchase_actions[] = {
    {
        .name = "stellr.subscription.change-seats",
        .category = "Subscription",
        .title = "Add Or Reduce Seats",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/changeSeats",
        .params =
            PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID,
                   {
                       .name = "quantity",
                       .place = IN_BODY,
                       .type = PARAM_WHOLE,
                       .need = REQUIRED,
                       .doc = "Seats that there shall be after the change: the new total, not how "
                              "many more (A-43, GUESS: the most dangerous open question about this "
                              "service).",
                       .example = "45",
                       .meaning = MEANS_SEATS,
                   },
                   STELLR_NOTIFY_EMAIL),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 20, 5.20, A-43, A-44",
        .recording = "subscription-changeseats",
        .doc = "Changes the number of seats of a subscription. Nobody public has shown whether "
               "the service takes the new total or the difference; here it is the total, and "
               "the only proof is to read the subscription again afterwards (A-43, GUESS).",
        .judging = &stellr_operation,
        .becomes = BECOMES_SEATS,
        .consequence = "Seats that are added are charged from now to the end of the term and "
                       "renew with it. They can be taken back within 7 days of the start or "
                       "the renewal of the term; later seats go down only at the renewal "
                       "(A-44, GUESS: the rule of Microsoft's new commerce).",
    },
    {
        .name = "stellr.subscription.create",
        .category = "Subscription",
        .title = "Create New Subscription",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions",
        .params = PARAMS(
            STELLR_CUSTOMER_NO,
            {
                .name = "vendorId",
                .place = IN_BODY,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "The vendor of all that is bought, as the vendor list names it (A-37, "
                       "GUESS).",
                .example = "Microsoft",
            },
            STELLR_RESELLER_PO, STELLR_CUSTOMER_PO, STELLR_NOTIFY_EMAIL,
            {
                .name = "subscriptions",
                .place = IN_BODY,
                .type = PARAM_LIST,
                .need = REQUIRED,
                .doc = "What is bought: a line per article, each with skuNo or productId, and "
                       "quantity in seats; one line only for Google (A-37, A-38, GUESS).",
                .example = "[{\"skuNo\":9100231,\"quantity\":10}]",
                .meaning = MEANS_ITEMS,
                .members = items,
            }),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 18, 5.18, A-37 to A-41",
        .recording = "subscription-create",
        .doc = "Buys new subscriptions for a customer, several of one vendor in one order; "
               "Google takes one at a time. The lines succeed or fail one by one (A-37 to "
               "A-41, GUESS: body and answer).",
        .judging = &stellr_operation,
        .one_at_a_time = "vendorId=Google",
        .becomes = BECOMES_NEW,
        .consequence = "Binds to the term of each article and is charged from its start. With "
                       "Microsoft it can be cancelled, or its seats lowered, within 7 days of "
                       "the start; after that it runs to the end of its term (A-44, A-45, "
                       "GUESS).",
    },
    {
        .name = "stellr.subscription.create-addon",
        .category = "Subscription",
        .title = "Create Add-On Subscription",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/addOn",
        .params =
            PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID,
                   {
                       .name = "skuNo",
                       .place = IN_BODY,
                       .type = PARAM_WHOLE,
                       .need = REQUIRED,
                       .doc = "TD SYNNEX's number of the add-on (A-42, GUESS).",
                       .example = "9100240",
                       .meaning = MEANS_SKU,
                   },
                   {
                       .name = "quantity",
                       .place = IN_BODY,
                       .type = PARAM_WHOLE,
                       .need = REQUIRED,
                       .doc = "Seats; no more than the subscription has that it is added to (A-42, "
                              "GUESS).",
                       .example = "42",
                       .meaning = MEANS_SEATS,
                   },
                   STELLR_RESELLER_PO, STELLR_CUSTOMER_PO, STELLR_NOTIFY_EMAIL),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 19, 5.19, A-42",
        .recording = "subscription-addon",
        .doc = "Buys an add-on to a subscription that is active; it becomes a further line of "
               "the same contract (A-42, GUESS: body and answer).",
        .judging = &stellr_operation,
        .becomes = BECOMES_NEW,
        .consequence = "Binds to the rest of the term of the subscription that it is added to, "
                       "and is charged from now. With Microsoft it can be cancelled within 7 "
                       "days; after that it runs to the end of the term (A-44, A-45, GUESS).",
    },
    {
        .name = "stellr.subscription.transfer",
        .category = "Subscription",
        .title = "Transfer",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/subscriptions/transfer",
        .params =
            PARAMS(STELLR_CUSTOMER_NO,
                   {
                       .name = "vendorId",
                       .place = IN_BODY,
                       .type = PARAM_TEXT,
                       .need = REQUIRED,
                       .doc = "The vendor; Google (A-46, GUESS).",
                       .example = "Google",
                   },
                   {
                       .name = "domain",
                       .place = IN_BODY,
                       .type = PARAM_TEXT,
                       .need = OPTIONAL,
                       .doc = "Google domain of the customer (A-46, GUESS).",
                       .example = "brightloom.example",
                   },
                   {
                       .name = "transferToken",
                       .place = IN_BODY,
                       .type = PARAM_TEXT,
                       .need = OPTIONAL,
                       .doc = "The token that the customer's administrator makes at Google (A-46, "
                              "GUESS).",
                       .example = "sim-transfer-token",
                   },
                   {
                       .name = "subscriptions",
                       .place = IN_BODY,
                       .type = PARAM_LIST,
                       .need = REQUIRED,
                       .doc = "What is brought along: a line per article with skuNo, quantity in "
                              "seats, and planName (A-46, GUESS).",
                       .example = "[{\"skuNo\":9200100,\"quantity\":8}]",
                       .meaning = MEANS_ITEMS,
                       .members = transferred_items,
                   }),
        .effect = EFFECT_MONEY,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 28, 5.28, A-46",
        .recording = "subscription-transfer",
        .doc = "Brings licences that a customer has at another reseller to this one (A-46, "
               "GUESS: body and answer).",
        .judging = &stellr_operation,
        .one_at_a_time = "vendorId=Google",
        .becomes = BECOMES_NEW,
        .consequence = "From then on this reseller is charged for the licences, to the end of "
                       "the plan that is chosen. It cannot be undone here: the customer would "
                       "have to move them to another reseller again.",
    },
    { .name = NULL },
};
