/* What Ion remembers beyond the world: rows of the simulator's state. */
#pragma once

#include "sim/world.h"

/* In the order of ion 3.5 (SPEC). */
enum order_status {
    ORDER_NEW,
    ORDER_CONFIRMED,
    ORDER_ON_HOLD,
    ORDER_COMPLETED,
    ORDER_ERROR,
    ORDER_CANCELED,
    ORDER_IN_PROGRESS
};

struct ion_order {
    int64_t customer; /* place */
    struct str reference_id, display_name;
    enum order_status status;
    int64_t created_ms, updated_ms;
    int64_t delay_ms;                    /* from NEW to its end */
    size_t first_item, n_items;          /* among the items */
    int64_t cart;                        /* number of the cart that it was, or 0 */
    struct str fault_code, fault_detail; /* of ERROR */
    size_t fault_item;
};

/* One line of an order. Texts are as the caller gave them, STR_NONE where there was none. */
struct ion_order_item {
    bool is_update;
    struct str reference_id, product_id, sku_id, plan_id, resource_id, provider_name;
    struct str end_customer_po, reseller_po;
    struct str attributes; /* JSON, as received */
    struct str domain, operations, renewal_setting, status_update, friendly_name, term_end;
    struct str user_name, password; /* of a tenant that the order made */
    int64_t quantity;
    int goods_place, variant_place;
    int64_t subscription; /* place; -1 while there is none */
    int64_t cart_item;    /* number of the cart's item that it was, or 0 */
};

struct ion_cart {
    int64_t customer; /* place; -1: deleted */
    struct str display_name, user_name, payment_type, card, currency, status;
};

struct ion_cart_item {
    int64_t cart; /* number; -1: deleted */
    struct str user_name, payment_type, card;
    struct str add_on_plan, add_on_name; /* STR_NONE: without an add-on */
    int64_t quantity;
    int goods_place, variant_place;
    bool checked_out;
};

/* A report that was saved, or deleted. */
struct ion_report {
    int64_t number;
    struct str display_name;
    struct str definition; /* JSON of the body that was saved */
    int64_t created_ms;
    bool is_deleted;
};

struct ion_user {
    struct str name, email, type, status;
    int64_t created_ms;
};

struct ion_product {
    int goods_place; /* the first of the product */
    bool is_disabled;
    struct str program, partner;
};

struct ion_invoice {
    int64_t customer; /* place */
    int64_t month_ms; /* its first day */
};

/*  kind        row */
#define ION_STATE_ROWS(X)                                                                          \
    X(ION_ORDER, struct ion_order)                                                                 \
    X(ION_ORDER_ITEM, struct ion_order_item)                                                       \
    X(ION_CART, struct ion_cart)                                                                   \
    X(ION_CART_ITEM, struct ion_cart_item)                                                         \
    X(ION_REPORT, struct ion_report)                                                               \
    X(ION_USER, struct ion_user)                                                                   \
    X(ION_PRODUCT, struct ion_product)                                                             \
    X(ION_INVOICE, struct ion_invoice)
