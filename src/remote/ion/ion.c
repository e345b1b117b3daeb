/* The Ion connector, and its OAuth action. Facts: ion 1 (tokens), 2 (hosts), 3.1 (paging), 6
 * (errors). */
#include "remote/ion/rows.h"

static const struct host hosts[] = {
    {
        .region = "",
        .environment = "production",
        .base_url = "https://ion.tdsynnex.com",
        .token_url = "https://ion.tdsynnex.com/oauth/token",
        .trust = TRUST_REAL,
        .source = "ion 1.1, 2",
    },
    { .region = NULL },
};

const struct action ion_oauth_actions[] = {
    {
        .name = "ion.oauth.validate-access",
        .category = "Authentication",
        .title = "Validate Access",
        .method = METHOD_POST,
        .path = "/oauth/validateAccess",
        .params = PARAMS({
            .name = "access_token",
            .place = IN_FORM,
            .type = PARAM_TEXT,
            .need = REQUIRED,
            .doc = "The access token in use; put in by the client.",
            .example = "(the connection's own)",
            .source = FROM_TOKEN,
        }),
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 A2, 1.2",
        .recording = "oauth-validateAccess",
        .doc = "Seconds that the access token and the refresh token still have to live.",
        .scheme = WITHOUT,
    },
    { .name = NULL },
};

const struct action ion_request_actions[] = {
    {
        .name = "ion.request",
        .category = "Generic Request",
        .title = "Ion API Request",
        .method = METHOD_GET,
        .path = "",
        .params = PARAMS(
            {
                .name = "path",
                .place = IN_WHOLE_PATH,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "Path behind the address of the service, encoded, without query.",
                .example = "/api/v3/accounts/70001/products/categories",
            },
            {
                .name = "query",
                .place = IN_WHOLE_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Query without the question mark, encoded.",
                .example = "pageSize=10",
            },
            {
                .name = "method",
                .place = IN_METHOD,
                .type = PARAM_CHOICE,
                .need = OPTIONAL,
                .doc = "Method. With any but GET the body goes out as it is given.",
                .example = "GET",
                .fallback = "GET",
                .choices = "GET|PUT|POST|DELETE",
            }),
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 2; features ION-34",
        .doc = "Any request with the token of the connection; gives the answer as it came. What it "
               "may do is what the action does whose method and path it has; what fits none may "
               "cost money, unless it is a GET.",
    },
    { .name = NULL },
};

static const struct action *const actions[] = {
    ion_billing_actions,      ion_cart_actions,
    ion_cart_item_actions,    ion_customer_actions,
    ion_oauth_actions,        ion_order_actions,
    ion_product_actions,      ion_recipes,
    ion_report_actions,       ion_request_actions,
    ion_subscription_actions, ion_template_actions,
    ion_user_actions,         NULL,
};

const struct connector connector_ion = {
    .name = "ion",
    .title = "TD SYNNEX StreamOne Ion",
    .hosts = hosts,
    .actions = actions,
    .auth = {
        .grant = GRANT_REFRESH_TOKEN,
        .token_path = "/oauth/token",
        .skew_s = 120,
        .lifetime_s = 7200,
        .refresh_lifetime_s = 32 * 86400, /* 1.1: SPEC and observed; Halo's guide says 30 days */
    },
    .complaint = {
        .message = "message|error_description|error",
        .code = "details.0.errors.0.code|details.0.code|error",
        .request_id = "details.0.requestId",
    },
    .accounts = {
        .list = "ion.customer.list",
        .fields = ion_account_fields,
    },
    .subscriptions = {
        .list = "ion.subscription.list",
        .parent = "customerId",
        .fields = ion_subscription_fields,
        .one = "ion.subscription.get",
        .one_id = "id",
        .fresh = "refresh",
    },
    .order_mark = "referenceId",
    .orders = "ion.order.list-by-customer",
    .probe = "ion.customer.list",
    .account_label = "account id (Settings > Account Information in the Ion portal)",
};
