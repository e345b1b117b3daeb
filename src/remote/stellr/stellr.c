/* The Stellr connector. Facts: stellr 1 (tokens), 2 (hosts), 3 (conventions), 8 (errors). */
#include "remote/stellr/rows.h"

static const struct host hosts[] = {
    {
        .region = "us",
        .environment = "production",
        .base_url = "https://api.us.tdsynnex.com",
        .token_url = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_REAL,
        .source = "stellr 1.1, 2",
    },
    {
        .region = "us",
        .environment = "sandbox",
        .base_url = "https://api-uat.us.tdsynnex.com",
        .token_url = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_REAL,
        .source = "stellr 1.1, 2",
    },
    {
        .region = "ca",
        .environment = "production",
        .base_url = "https://api.ca.tdsynnex.com",
        .token_url = "https://sso.ca.tdsynnex.com/oauth2/v1/token",
        .token_url_2 = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_REAL_WEAK, /* the sources contradict each other about the token address */
        .source = "stellr 1.1, 2, A-01",
    },
    {
        .region = "ca",
        .environment = "sandbox",
        .base_url = "https://api-uat.ca.tdsynnex.com",
        .token_url = "https://sso.ca.tdsynnex.com/oauth2/v1/token",
        .token_url_2 = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_REAL_WEAK,
        .source = "stellr 1.1, 2, A-01",
    },
    {
        .region = "br",
        .environment = "production",
        .base_url = "https://api-br.lac.tdsynnex.com",
        .token_url = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .token_url_2 = "https://api-br.lac.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_GUESS, /* the host is DOC, its token address is not known */
        .source = "stellr 1.1, 2, A-01",
    },
    {
        .region = "br",
        .environment = "sandbox",
        .base_url = "https://api-uat-br.lac.tdsynnex.com",
        .token_url = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .token_url_2 = "https://api-uat-br.lac.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_GUESS,
        .source = "stellr 2, A-01, A-09",
    },
    {
        .region = "mx",
        .environment = "production",
        .base_url = "https://api-mx.lac.tdsynnex.com",
        .token_url = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .token_url_2 = "https://api-mx.lac.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_GUESS,
        .source = "stellr 1.1, 2, A-01",
    },
    {
        .region = "mx",
        .environment = "sandbox",
        .base_url = "https://api-uat-mx.lac.tdsynnex.com",
        .token_url = "https://sso.us.tdsynnex.com/oauth2/v1/token",
        .token_url_2 = "https://api-uat-mx.lac.tdsynnex.com/oauth2/v1/token",
        .trust = TRUST_GUESS,
        .source = "stellr 2, A-01, A-09",
    },
    { .region = NULL },
};

/* Both parameters are needed: without them the list is empty although data exists (3.2 REAL). 100
 * is used in practice, 200 the most that anybody names (REAL-w). */
const struct paging stellr_paging = {
    .style = PAGING_NUMBER,
    .size_name = "pageSize",
    .place_name = "pageNo",
    .size = 100,
    .size_most = 200,
    .records = "data.records|data.content|data.items|data.results|data.list|data.customers|"
               "data.subscriptions|records|content|items|data|results|value|.",
    .total = "data.total|total",
};

static const struct action *const actions[] = {
    stellr_agreement_actions,    stellr_consumption_actions,
    stellr_customer_actions,     stellr_invoice_actions,
    stellr_lifecycle_actions,    stellr_operation_actions,
    stellr_plan_actions,         stellr_product_actions,
    stellr_purchase_actions,     stellr_request_actions,
    stellr_reseller_actions,     stellr_subscribed_actions,
    stellr_subscription_actions, stellr_vendor_account_actions,
    stellr_vendor_actions,       NULL,
};

const struct connector connector_stellr = {
    .name = "stellr",
    .title = "TD SYNNEX StreamOne Stellr",
    .hosts = hosts,
    .actions = actions,
    .auth = {
        .grant = GRANT_CLIENT_CREDENTIALS,
        .token_path = "/oauth2/v1/token",
        .skew_s = 120,
        .lifetime_s = 3600,
    },
    .complaint = {
        .message = "data.errorMessage|errorMessage|errorDetail|error_description|message|error",
        .code = "data.errorCode|errorCode|error",
        .request_id = "requestId",
        .inside_success = true, /* 8, DOC: a 200 may carry an error */
    },
    .accounts = {
        .list = "stellr.customer.list",
        .fields = stellr_account_fields,
    },
    .subscriptions = {
        .list = "stellr.subscription.list",
        .parent = "customerNo",
        .fields = stellr_subscription_fields,
        .one = "stellr.subscription.get",
        .one_id = "subscriptionId",
    },
    .pricing = {
        .action = "stellr.product.get-by-sku",
        .sku = "skuNo",
        .name = "data.productName|productName",
        .cost = "data.productPrice.0.rsPrice|productPrice.0.rsPrice",
        .cycle = "data.billingFrequency|billingFrequency",
    },
    .alias_from = "/api/v1/cloud/customers/", /* 2, A-20 REAL-w */
    .alias_to = "/api/v1/customers/",
    .probe = "stellr.customer.list",
};
