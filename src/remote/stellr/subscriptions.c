/* Stellr subscriptions: actions 17 and 29 of the reference, and what we store of one. */
#include "remote/stellr/rows.h"

#include <stddef.h>

#define CUSTOMER_NO                                                                                \
    {                                                                                              \
        .name = "customerNo", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,              \
        .doc = "Number of the end customer, as the customer list gives it.", .example = "700101",  \
    }

const struct action stellr_subscription_actions[] = {
    {
        .name = "stellr.subscription.get",
        .category = "Subscription",
        .title = "Get Subscription Details",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/subscriptions/{subscriptionId}",
        .params = PARAMS(CUSTOMER_NO,
                         {
                             .name = "subscriptionId",
                             .place = IN_PATH,
                             .type = PARAM_TEXT,
                             .need = REQUIRED,
                             .doc = "The subscription: contract number, underscore, line number.",
                             .example = "510020_1",
                         }),
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
        .params = PARAMS(CUSTOMER_NO,
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
