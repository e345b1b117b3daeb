/* Reading Stellr subscriptions: actions 16, 17, 29, 30 and 31 of the reference, the change logs and
 * the list of the whole reseller; and what we store of a subscription. */
#include "remote/stellr/rows.h"

#include <stddef.h>

/* A-21 GUESS: spellings that a live client tries, below /customers and below /cloud/customers. */
#define BELOW       "/api/v1/customers/{customerNo}/subscriptions/"
#define BELOW_CLOUD "/api/v1/cloud/customers/{customerNo}/subscriptions/"
static const char change_log_spellings[] = BELOW "change-logs"
                                                 "|" BELOW "changeLogs"
                                                 "|" BELOW "change-log"
                                                 "|" BELOW "changelog"
                                                 "|" BELOW_CLOUD "changelogs"
                                                 "|" BELOW_CLOUD "change-logs"
                                                 "|" BELOW_CLOUD "changeLogs"
                                                 "|" BELOW_CLOUD "change-log"
                                                 "|" BELOW_CLOUD "changelog";

const struct action stellr_subscription_actions[] = {
    {
        .name = "stellr.subscription.change-logs",
        .category = "Subscription",
        .title = "List Subscription Change Logs",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/subscriptions/changelogs",
        .path_spellings = change_log_spellings,
        .params = PARAMS(
            STELLR_CUSTOMER_NO,
            {
                .name = "contractNo",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "The contract: the part of a subscription's id before the underscore; all "
                       "lines of it come together.",
                .example = "510020",
            },
            {
                .name = "startDate",
                .place = IN_QUERY,
                .type = PARAM_DATE,
                .need = OPTIONAL,
                .doc = "Only what happened on this day or later.",
                .example = "2026-06-01",
            }),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_GUESS, /* the entries are REAL, the path is not known */
        .source = "stellr 4 extras, 6.12, A-21",
        .recording = "subscription-changelogs-list",
        .doc = "What was changed on the subscriptions of one contract, when and by whom: the only "
               "place with the date of a change of seats in the middle of a term. The path is not "
               "public; a connection keeps the spelling that its service is known to answer (A-21, "
               "GUESS).",
    },
    {
        .name = "stellr.subscription.get",
        .category = "Subscription",
        .title = "Get Subscription Details",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 29, 5.29",
        .recording = "subscription-get",
        .doc = "One subscription with quantity, prices, term and status.",
    },
    {
        .name = "stellr.subscription.list",
        .category = "Subscription",
        .title = "List Customer's Subscriptions",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/subscriptions",
        .params = PARAMS(STELLR_CUSTOMER_NO,
                         {
                             .name = "status",
                             .place = IN_QUERY,
                             .type = PARAM_TEXT,
                             .need = OPTIONAL,
                             .doc = "Only this status (A-36, GUESS: the service may ignore it).",
                             .example = "Active",
                         },
                         {
                             .name = "vendorId",
                             .place = IN_QUERY,
                             .type = PARAM_TEXT,
                             .need = OPTIONAL,
                             .doc = "Only this vendor (A-36, GUESS: the service may ignore it).",
                             .example = "Microsoft",
                         }),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "stellr 4 no. 17, 5.17",
        .recording = "subscriptions-list",
        .doc = "All subscriptions of one end customer, of every vendor.",
    },
    {
        .name = "stellr.subscription.renewal-options",
        .category = "Subscription",
        .title = "Get Renewal Option",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/renew/options",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 31, 5.31, 6.11",
        .recording = "subscription-renew-options",
        .doc = "What becomes of a subscription at the end of its term, and what else could (A-48, "
               "GUESS: the shape of the answer).",
    },
    {
        .name = "stellr.subscription.transition-products",
        .category = "Subscription",
        .title = "Get Transition Products",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}/transition/products",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_SUBSCRIPTION_ID),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 30, 5.30",
        .recording = "subscription-transition-products",
        .doc = "The products that a subscription can be upgraded, downgraded or moved to, with "
               "prices (A-47, GUESS: the shape of the answer).",
    },
    { .name = NULL },
};

const struct action stellr_reseller_actions[] = {
    {
        .name = "stellr.reseller.subscriptions",
        .category = "Subscription",
        .title = "List Reseller's Subscriptions",
        .method = METHOD_GET,
        .path = "/api/v1/cloud/subscriptions",
        .params = PARAMS_NONE,
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_GUESS, /* that it exists is DOC, the path is not known */
        .source = "stellr 1.2, 4 extras, A-22",
        .recording = "reseller-subscriptions",
        .doc = "All subscriptions of all customers in one list. That there is such a list is "
               "known from the name of its permission alone (A-22, GUESS: the path).",
    },
    { .name = NULL },
};

const struct action stellr_subscribed_actions[] = {
    {
        .name = "stellr.subscribed.list",
        .category = "Subscribed",
        .title = "List Vendor's Subscribed Users",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/vendors/{vendorId}/subscribed/products",
        .params = PARAMS(STELLR_CUSTOMER_NO, STELLR_VENDOR_ID),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 16, 5.16",
        .recording = "subscribed-products",
        .doc = "What a customer holds of one vendor: bought, assigned and free licences, and who "
               "uses them (A-35, GUESS: the shape of the answer).",
    },
    { .name = NULL },
};

#define MEMBER(name) offsetof(struct subscription_record, name)

/* There is no field for the Microsoft licence or for the commitment term (6.2, quirk 7); the term
 * is read from the product name. unitPrice is the reseller's cost, customerPrice the suggested
 * price to the customer, both per unit and billing period (6.2 REAL). */
const struct field stellr_subscription_fields[] = {
    { "subscriptionId|id|vendorSubscriptionId", FIELD_TEXT, MEMBER(remote_id), REQUIRED,
      TRUST_REAL_WEAK, "stellr 6.2, A-55", "Contract number and line number." },
    { "customerNo|customerNumber|customerId", FIELD_TEXT, MEMBER(account_id), OPTIONAL,
      TRUST_REAL_WEAK, "stellr 6.2", "Number of the customer." },
    { "productName|name|description", FIELD_TEXT, MEMBER(name), OPTIONAL, TRUST_REAL, "stellr 6.2",
      "Name of the product." },
    { "productName|name|description", FIELD_TEXT, MEMBER(product_name), OPTIONAL, TRUST_REAL,
      "stellr 6.2", "Name of the product; tells the commitment." },
    { "mfgPartNo|partNumber", FIELD_TEXT, MEMBER(part_number), OPTIONAL, TRUST_REAL, "stellr 6.2",
      "Part number of the manufacturer." },
    { "skuNo|sku|productSku|mfgPartNo|productName", FIELD_TEXT, MEMBER(service_id), OPTIONAL,
      TRUST_REAL, "stellr 6.2", "One service per article number of TD SYNNEX." },
    { "offerId", FIELD_TEXT, MEMBER(offer_id), OPTIONAL, TRUST_REAL, "stellr 6.2",
      "Offer of the manufacturer." },
    { "skuNo|sku|productSku", FIELD_TEXT, MEMBER(sku), OPTIONAL, TRUST_REAL, "stellr 6.2",
      "TD SYNNEX's own number of the article." },
    { "productId", FIELD_TEXT, MEMBER(product_id), OPTIONAL, TRUST_GUESS, "stellr 6.2, A-56",
      "Number of the product in the catalogue." },
    { "vendorName|vendor|publisher|manufacturer|mfrName|brand", FIELD_TEXT, MEMBER(vendor),
      OPTIONAL, TRUST_REAL_WEAK, "stellr 6.2", "Vendor." },
    { "parentSubscriptionId", FIELD_TEXT, MEMBER(parent_id), OPTIONAL, TRUST_GUESS,
      "stellr 6.2, A-56", "Subscription that this one is an add-on of." },
    { "status|state", FIELD_TEXT, MEMBER(status), OPTIONAL, TRUST_REAL, "stellr 6.2",
      "Status; often null, which means live." },
    { "billingFrequency|billingCycle", FIELD_TEXT, MEMBER(billing_cycle), OPTIONAL, TRUST_REAL,
      "stellr 6.2", "What one price covers: month, one_time, a year." },
    { "currency", FIELD_TEXT, MEMBER(currency), OPTIONAL, TRUST_REAL_WEAK, "stellr 6.2",
      "Currency of both prices; perhaps absent." },
    { "quantity|seats|qty", FIELD_WHOLE, MEMBER(quantity), OPTIONAL, TRUST_REAL, "stellr 6.2",
      "Seats." },
    { "unitPrice|unitCost|cost|price", FIELD_AMOUNT, MEMBER(cost), OPTIONAL, TRUST_REAL,
      "stellr 6.2", "What the distributor charges per unit and billing period." },
    { "customerPrice|sellPrice|resellerPrice", FIELD_AMOUNT, MEMBER(price), OPTIONAL, TRUST_REAL,
      "stellr 6.2", "Suggested price to the customer per unit and billing period." },
    { "startDate|effectiveDate|createdDate", FIELD_MOMENT, MEMBER(started_at), OPTIONAL, TRUST_REAL,
      "stellr 6.2", "Activation; does not move when seats are added." },
    { "endDate|renewalDate|expiryDate", FIELD_MOMENT, MEMBER(ends_at), OPTIONAL, TRUST_REAL_WEAK,
      "stellr 6.2", "End of the term." },
    { "renewalDate|endDate|expiryDate", FIELD_MOMENT, MEMBER(renews_at), OPTIONAL, TRUST_REAL_WEAK,
      "stellr 6.2", "Next renewal: the end of the term." },
    { "cancellationWindowEnds", FIELD_MOMENT, MEMBER(cancellable_until), OPTIONAL, TRUST_REAL_WEAK,
      "stellr 6.2", "Until when it can be cancelled." },
    { "autoRenew", FIELD_FLAG, MEMBER(auto_renew), OPTIONAL, TRUST_GUESS, "stellr 6.2, A-56",
      "Whether it renews by itself." },
    { .keys = NULL },
};
