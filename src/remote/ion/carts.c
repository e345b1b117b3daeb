/* Ion carts: K1 to K11 of the reference. Only the vendor's document shows them; there is no account
 * in their paths (3.7 SPEC). */
#include "remote/ion/rows.h"

/* No number of all carts is known to be sent (3.1). */
static const struct paging cart_pages = {
    .style = PAGING_OFFSET,
    .size_name = "pagination.limit",
    .place_name = "pagination.offset",
    .size = 100,
    .size_most = 1000,
    .records = "carts",
    .total = "paginationResponse.totalSize",
};

#define CART_ID ION_IN_PATH("cartId", "The cart: last segment of its name.", "112")

#define CART_ITEM_ID ION_IN_PATH("cartItemId", "The item: last segment of its name.", "151")

#define CART_STATES "CART_STATUS_UNSPECIFIED|OPEN|SAVED_FOR_LATER|CHECKED_OUT|QUOTE"

#define PAYMENT                                                                                    \
    ION_BODY_CHOICE("payment.paymentType", OPTIONAL, "How it is paid.", "OFFLINE",                 \
                    "PAYMENT_TYPE_UNSPECIFIED|OFFLINE|CREDIT_CARD"),                               \
        ION_BODY_TEXT("payment.creditCardName", OPTIONAL, "Resource name of a credit card.",       \
                      "accounts/70001/creditCards/1")

#define CART_BODY                                                                                  \
    ION_BODY_TEXT("cartDisplayName", OPTIONAL, "A name for people.", "June order"),                \
        ION_BODY_TEXT("userName", OPTIONAL, "Resource name of the user whose cart it is.",         \
                      "accounts/70001/customers/410002/users/880002"),                             \
        PAYMENT, ION_BODY_CHOICE("status", REQUIRED, "State of the cart.", "OPEN", CART_STATES),   \
        ION_BODY_TEXT("currencyCode", OPTIONAL, "Currency of its prices.", "EUR")

const struct action ion_cart_actions[] = {
    {
        .name = "ion.cart.checkout",
        .category = "Carts",
        .title = "Checkout Cart",
        .method = METHOD_POST,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}:checkout",
        .params = PARAMS(
            ION_CUSTOMER_ID, CART_ID,
            {
                .name = "totalCalculatedValue",
                .place = IN_BODY,
                .type = PARAM_WHOLE,
                .need = OPTIONAL,
                .doc = "What the items cost together; the vendor's document wants a whole number.",
                .example = "13",
            },
            {
                .name = "provisionData",
                .place = IN_BODY,
                .type = PARAM_LIST,
                .need = OPTIONAL,
                .doc = "Attributes for each item, as the provisioning template names them.",
                .example = "[{\"cartItemId\":151,\"attributes\":[{\"name\":\"domainName\","
                           "\"value\":\"kestrel.onmicrosoft.com\"}]}]",
                .members = PARAMS(
                    {
                        .name = "cartItemId",
                        .place = IN_BODY,
                        .type = PARAM_WHOLE,
                        .need = REQUIRED,
                        .doc = "The item.",
                        .example = "151",
                    },
                    {
                        .name = "attributes",
                        .place = IN_BODY,
                        .type = PARAM_LIST,
                        .need = OPTIONAL,
                        .doc = "Settings by name.",
                        .example = "[{\"name\":\"domainName\",\"value\":"
                                   "\"kestrel.onmicrosoft.com\"}]",
                        .members = ION_ATTRIBUTES,
                    }),
            }),
        .effect = EFFECT_MONEY,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K6, 3.7",
        .recording = "cart-checkout-response",
        .doc = "Orders what lies in a cart. The answer is the order, which goes on by itself.",
        .judging = &ion_order_judging,
        .consequence = "Everything in the cart is bought for the customer, Microsoft seats until "
                       "the end of their term. An order that is still NEW or ON_HOLD can be "
                       "cancelled; what was bought, until the cancellationAllowedUntilDate that "
                       "the subscription shows.",
    },
    {
        .name = "ion.cart.create",
        .category = "Carts",
        .title = "Create Cart",
        .method = METHOD_POST,
        .path = "/api/v3/customers/{customerId}/carts",
        .params = PARAMS(ION_CUSTOMER_ID, CART_BODY),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K2, 3.7",
        .recording = "cart-get",
        .doc = "Makes an empty cart for a customer.",
    },
    {
        .name = "ion.cart.delete",
        .category = "Carts",
        .title = "Delete Cart",
        .method = METHOD_DELETE,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K5, 3.7",
        .recording = "cart-delete",
        .doc = "Removes a cart with its items. Nothing is bought by it.",
    },
    {
        .name = "ion.cart.get",
        .category = "Carts",
        .title = "Get Cart",
        .method = METHOD_GET,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K3, 3.7",
        .recording = "cart-get",
        .doc = "One cart, with the number of its items.",
    },
    {
        .name = "ion.cart.list",
        .category = "Carts",
        .title = "List Carts",
        .method = METHOD_GET,
        .path = "/api/v3/customers/{customerId}/carts",
        .params = PARAMS(
            ION_CUSTOMER_ID,
            ION_QUERY_CHOICE("status", REQUIRED, "Only carts in this state.", "OPEN", CART_STATES),
            ION_PAGINATION),
        .paging = &cart_pages,
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K1, 3.7",
        .recording = "carts-list",
        .doc = "The carts of a customer in one state.",
    },
    {
        .name = "ion.cart.update",
        .category = "Carts",
        .title = "Update Cart",
        .method = METHOD_PUT,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID, CART_BODY),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K4, 3.7",
        .recording = "cart-get",
        .doc = "Changes the name, state or payment of a cart.",
    },
    { .name = NULL },
};

#define ITEM_BODY                                                                                  \
    ION_BODY_TEXT("planName", REQUIRED, "Resource name of the plan.",                              \
                  "accounts/70001/products/Microsoft365EandFNCE-demonce/plans/Monthly-n10"),       \
        PAYMENT,                                                                                   \
        {                                                                                          \
            .name = "quantity",                                                                    \
            .place = IN_BODY,                                                                      \
            .type = PARAM_WHOLE,                                                                   \
            .need = REQUIRED,                                                                      \
            .doc = "How many.",                                                                    \
            .example = "2",                                                                        \
        },                                                                                         \
        ION_BODY_TEXT("addOns.planId", OPTIONAL, "Plan of an add-on.", "addon-plan-1"),            \
        ION_BODY_TEXT("addOns.displayName", OPTIONAL, "Its name for people.", "Add-on"),           \
        ION_BODY_TEXT("addOns.parent", OPTIONAL, "What it is an add-on of.",                       \
                      "Microsoft-365-Business-Basic"),                                             \
        ION_BODY_TEXT("addOns.parentIdentifier", OPTIONAL, "Which one of those.", "1")

const struct action ion_cart_item_actions[] = {
    {
        .name = "ion.cart-item.create",
        .category = "Carts",
        .title = "Create Cart Item",
        .method = METHOD_POST,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}/cartItems",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID, ITEM_BODY),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K8, 3.7",
        .recording = "cartItem-get",
        .doc = "Puts a plan into a cart. Nothing is bought by it.",
    },
    {
        .name = "ion.cart-item.delete",
        .category = "Carts",
        .title = "Delete Cart Item",
        .method = METHOD_DELETE,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{cartItemId}",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID, CART_ITEM_ID),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K11, 3.7",
        .recording = "cartItem-delete",
        .doc = "Takes an item out of a cart.",
    },
    {
        .name = "ion.cart-item.get",
        .category = "Carts",
        .title = "Get Cart Item",
        .method = METHOD_GET,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{cartItemId}",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID, CART_ITEM_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K9, 3.7",
        .recording = "cartItem-get",
        .doc = "One item of a cart with its prices.",
    },
    {
        .name = "ion.cart-item.list",
        .category = "Carts",
        .title = "List Cart Items",
        .method = METHOD_GET,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}/cartItems",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K7, 3.7",
        .recording = "cartItems-list",
        .doc = "All items of a cart. The list stands under `cartitems`.",
    },
    {
        .name = "ion.cart-item.update",
        .category = "Carts",
        .title = "Update Cart Item",
        .method = METHOD_PUT,
        .path = "/api/v3/customers/{customerId}/carts/{cartId}/cartItems/{cartItemId}",
        .params = PARAMS(ION_CUSTOMER_ID, CART_ID, CART_ITEM_ID, ITEM_BODY),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 K10, 3.7",
        .recording = "cartItem-get",
        .doc = "Changes an item of a cart.",
    },
    { .name = NULL },
};
