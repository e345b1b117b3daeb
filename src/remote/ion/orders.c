/* Ion orders and the templates for them: O1 to O5, T1 and T2 of the reference. Everything that
 * changes a subscription is an order (5). */
#include "remote/ion/rows.h"

static const struct paging order_pages = {
    .style = PAGING_TOKEN,
    .size_name = "pageSize",
    .place_name = "pageToken",
    .size = 100,
    .size_most = 1000,
    .records = "orders",
    .next = "nextPageToken",
};

/* An order goes on after it was taken; its name ends with its id (4.6 REAL). */
const struct judging ion_order_judging = {
    .id = "name",
    .state = "status",
    .poll = "ion.order.get",
    .poll_param = "orderId",
    .items = "orderItems",
    .fault_code = "errors.0.code",
    .fault_text = "errors.0.detail",
};

#define ORDER_ID ION_IN_PATH("orderId", "The order: last segment of its name.", "510001")

#define ORDER_STATUS                                                                               \
    ION_QUERY_CHOICE("status", OPTIONAL, "Only orders of this status.", "ON_HOLD",                 \
                     "NEW|CONFIRMED|ON_HOLD|COMPLETED|ERROR|CANCELED|IN_PROGRESS")

static const struct param add_on_members[] = {
    ION_BODY_TEXT("id", REQUIRED, "The add-on on the line.", "addon-1"),
    ION_BODY_TEXT("addOnId", REQUIRED, "The add-on in the catalogue.", "Audio-Conferencing"),
    ION_BODY_TEXT("planId", REQUIRED, "Its plan in the catalogue.", "Monthly-n69"),
    ION_BODY_CHOICE("action", REQUIRED, "Whether it is new or changed.", "CREATE", "CREATE|UPDATE"),
    {
        .name = "quantity",
        .place = IN_BODY,
        .type = PARAM_NUMBER,
        .need = REQUIRED,
        .doc = "How many of it there shall be.",
        .example = "1",
    },
    { .name = NULL },
};

/* The required ones are SPEC's; providerName, providerId and vendor are sent by clients (5). */
static const struct param line_members[] = {
    ION_BODY_CHOICE("action", REQUIRED, "CREATE buys, UPDATE changes what there is.", "UPDATE",
                    "CREATE|UPDATE"),
    ION_BODY_TEXT("productId", REQUIRED, "Product in the catalogue, ccpProductId.",
                  "Microsoft365EandFNCE-demonce"),
    {
        .name = "skuId",
        .place = IN_BODY,
        .type = PARAM_TEXT,
        .need = REQUIRED,
        .doc = "SKU in the catalogue, ccpSkuId.",
        .example = "Microsoft-365-Business-Basic",
        .meaning = MEANS_SKU,
    },
    ION_BODY_TEXT("planId", REQUIRED, "Plan in the catalogue, ccpPlanId.", "Monthly-n10"),
    {
        .name = "quantity",
        .place = IN_BODY,
        .type = PARAM_NUMBER,
        .need = REQUIRED,
        .doc = "Seats that there shall be, all together: not those to add.",
        .example = "10",
        .meaning = MEANS_SEATS,
    },
    {
        .name = "attributes",
        .place = IN_BODY,
        .type = PARAM_LIST,
        .need = REQUIRED,
        .doc = "Further settings by name, such as operations, renewalSetting, statusUpdate, "
               "friendlyName, domainName.",
        .example = "[{\"name\":\"operations\",\"value\":\"updatesubscription\"}]",
        .members = ION_ATTRIBUTES,
    },
    {
        .name = "resourceId",
        .place = IN_BODY,
        .type = PARAM_TEXT,
        .need = OPTIONAL,
        .doc = "For UPDATE: the provider's id of the subscription, subscriptionId.",
        .example = "11111111-2222-4333-8444-555555555501",
        .meaning = MEANS_SUBSCRIPTION,
    },
    ION_BODY_TEXT("referenceId", OPTIONAL, "An id of your own for the line.", "reseller.line.1"),
    ION_BODY_TEXT("endCustomerPO", OPTIONAL, "Purchase order of the customer.", "CPO-2001"),
    {
        .name = "resellerPO",
        .place = IN_BODY,
        .type = PARAM_TEXT,
        .need = OPTIONAL,
        .doc = "Purchase order of the reseller.",
        .example = "RPO-1001",
        .meaning = MEANS_PURCHASE_ORDER,
    },
    {
        .name = "addOns",
        .place = IN_BODY,
        .type = PARAM_LIST,
        .need = OPTIONAL,
        .doc = "Add-ons of the line.",
        .example = "[{\"id\":\"addon-1\",\"addOnId\":\"Audio-Conferencing\",\"planId\":"
                   "\"Monthly-n69\",\"action\":\"CREATE\",\"quantity\":1}]",
        .members = add_on_members,
    },
    ION_BODY_TEXT("providerName", OPTIONAL, "The provider; AZURE is Microsoft.", "AZURE"),
    ION_BODY_TEXT("providerId", OPTIONAL, "The provider by its number.", "30"),
    ION_BODY_TEXT("vendor", OPTIONAL, "The vendor, as templates name it.", "MICROSOFT"),
    { .name = NULL },
};

const struct action ion_order_actions[] = {
    {
        .name = "ion.order.cancel",
        .category = "Orders",
        .title = "Cancel Order",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}:cancel",
        .params = PARAMS(ION_ACCOUNT_ID, ION_CUSTOMER_ID, ORDER_ID),
        .effect = EFFECT_MONEY,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 O5, 3.5",
        .recording = "order-cancel-response",
        .doc = "Withdraws an order that is NEW or ON_HOLD. An order further on is not cancelled.",
        .consequence = "What the order was to buy or change does not happen. It cannot be undone: "
                       "the order would have to be placed anew.",
    },
    {
        .name = "ion.order.create",
        .category = "Orders",
        .title = "Create or Update Order",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}/orders",
        .params = PARAMS(
            ION_ACCOUNT_ID, ION_CUSTOMER_ID,
            ION_BODY_TEXT("referenceId", OPTIONAL,
                          "An id of your own; the only one by which an order is found again after "
                          "a broken connection.",
                          "reseller-order-0001"),
            ION_BODY_TEXT("displayName", OPTIONAL, "A name for people.", "Blue Heron NCE"),
            {
                .name = "orderItems",
                .place = IN_BODY,
                .type = PARAM_LIST,
                .need = REQUIRED,
                .doc = "What to buy or change, line by line. Every line states the seats that "
                       "there shall be, and sets what its attributes name.",
                .example = "[{\"action\":\"UPDATE\",\"productId\":\"Microsoft365EandFNCE-demonce\","
                           "\"skuId\":\"Microsoft-365-Business-Basic\",\"planId\":\"Monthly-n10\","
                           "\"quantity\":10,\"resourceId\":"
                           "\"11111111-2222-4333-8444-555555555501\",\"attributes\":"
                           "[{\"name\":\"operations\",\"value\":\"updatesubscription\"}]}]",
                .meaning = MEANS_ITEMS,
                .members = line_members,
            }),
        .effect = EFFECT_MONEY,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 O3, 3.5, 5",
        .recording = "order-create-response",
        .doc = "Places an order: buys, or changes seats, renewal, status or name of what there is. "
               "The answer is the order, which goes on by itself until COMPLETED or ERROR.",
        .judging = &ion_order_judging,
        .becomes = BECOMES_ORDERED,
        .consequence = "Seats of Microsoft are bought until the end of the subscription's term. "
                       "They can be reduced or cancelled until the cancellationAllowedUntilDate "
                       "that the subscription shows; after that only from the next term on.",
    },
    {
        .name = "ion.order.get",
        .category = "Orders",
        .title = "Get Order",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}/orders/{orderId}",
        .params = PARAMS(ION_ACCOUNT_ID, ION_CUSTOMER_ID, ORDER_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 O4, 3.5, 4.6, 4.7",
        .recording = "order-get",
        .doc = "One order with its lines, how far it is, and what went wrong. For a new Microsoft "
               "tenant it holds the first user and password, which are shown to you alone.",
    },
    {
        .name = "ion.order.list",
        .category = "Orders",
        .title = "List Orders",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/orders",
        .params = PARAMS(
            ION_ACCOUNT_ID, ORDER_STATUS,
            ION_QUERY_BOOLEAN("filter.excludeSubAccounts", "Leave accounts below out."),
            ION_QUERY_TEXT("filter.accountIdList", "Only of these accounts, with commas.", "70001"),
            ION_QUERY_TEXT("filter.customerIdList", "Only of these customers, with commas.",
                           "410001,410002"),
            ION_QUERY_TEXT("filter.providerNameList", "Only of these providers, with commas.",
                           "AZURE"),
            ION_QUERY_CHOICE("sortBy", OPTIONAL, "What to sort by; createTime by default.",
                             "updateTime", "createTime|updateTime"),
            ION_QUERY_CHOICE("sortOrder", OPTIONAL, "Direction; newest first by default.", "ASC",
                             "DESC|ASC")),
        .paging = &order_pages,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 O1, 3.5",
        .recording = "orders-list",
        .doc = "The orders of the account, newest first.",
    },
    {
        .name = "ion.order.list-by-customer",
        .category = "Orders",
        .title = "List Customer Orders",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/customers/{customerId}/orders",
        .params = PARAMS(ION_ACCOUNT_ID,
                         {
                             .name = "customerId",
                             .place = IN_PATH,
                             .type = PARAM_TEXT,
                             .need = REQUIRED,
                             .doc = "The customer; - searches all of the account.",
                             .example = "410001",
                             .meaning = MEANS_CUSTOMER,
                         },
                         ORDER_STATUS),
        .paging = &order_pages,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 O2, 3.5",
        .recording = "orders-list",
        .doc = "The orders of a customer, newest first.",
    },
    { .name = NULL },
};

const struct action ion_template_actions[] = {
    {
        .name = "ion.template.get",
        .category = "Provisioning Templates",
        .title = "Get Provisioning Template",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/provisionTemplates/{templateId}",
        .params =
            PARAMS(ION_ACCOUNT_ID, ION_IN_PATH("templateId", "The template, as the list gives it.",
                                               "provisiontemplate33")),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 T2, 3.6",
        .recording = "provisionTemplate-get",
        .doc = "Which attributes an order needs: a description like a JSON Schema.",
    },
    {
        .name = "ion.template.list",
        .category = "Provisioning Templates",
        .title = "List Provisioning Templates",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/provisionTemplates",
        .params = PARAMS(ION_ACCOUNT_ID,
                         ION_QUERY_CHOICE("vendor", OPTIONAL,
                                          "Only of this vendor. The vendor's document wants it; "
                                          "its staff ask without it for all.",
                                          "MICROSOFT", "NOT_SPECIFIED|MICROSOFT|GOOGLE|IBM|SOPHOS"),
                         ION_QUERY_TEXT("provider", "Only of this provider.", "nce"),
                         ION_QUERY_CHOICE("action", OPTIONAL, "Only for this kind of order.",
                                          "CREATE", "ACTION_NOT_SPECIFIED|CREATE|UPDATE")),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 T1, 3.6",
        .recording = "provisionTemplates-list",
        .doc = "Templates for orders: which attributes a vendor's lines need.",
    },
    { .name = NULL },
};
