/* What Stellr remembers beyond the world: rows of the simulator's state. */
#pragma once

#include "base/moment.h"
#include "sim/world.h"

/*  id            word (stellr 6.10) */
#define OPERATION_TYPES(X)                                                                         \
    X(CREATE, "CREATE")                                                                            \
    X(ADD_ON, "ADD_ON")                                                                            \
    X(CHANGE_SEATS, "CHANGE_SEATS")                                                                \
    X(CANCEL, "CANCEL")                                                                            \
    X(REACTIVATE, "REACTIVATE")                                                                    \
    X(UPGRADE, "UPGRADE")                                                                          \
    X(DOWNGRADE, "DOWNGRADE")                                                                      \
    X(CHANGE_PLAN, "CHANGE_PLAN")                                                                  \
    X(SUSPEND, "SUSPEND")                                                                          \
    X(ACTIVATE, "ACTIVATE")                                                                        \
    X(TRANSFER, "TRANSFER")

enum operation_type {
#define X(id, word) OPERATION_##id,
    OPERATION_TYPES(X)
#undef X
};

enum operation_state {
    OPERATION_PENDING,
    OPERATION_PROCESSING,
    OPERATION_SUCCESS,
    OPERATION_FAILED,
    OPERATION_PARTIAL,
};

struct operation_row {
    int64_t number;
    enum operation_type type;
    enum operation_state state;
    int looks; /* times that somebody asked how it goes on */
    int64_t customer;
    int64_t subscription; /* place; -1: it makes new ones */
    int64_t submitted_ms, completed_ms;

    /* What it does to the one subscription. 0 and -1: nothing. */
    int64_t seats;
    bool is_delta;
    enum fate fate;
    int goods_place, variant_place;

    size_t first_item, n_items; /* of what it makes, among the items */
    struct str reseller_po, customer_po;
    const char *error_code, *error_message; /* of one that fails; else NULL */
};

/* A line of an order. */
struct order_item_row {
    int goods_place, variant_place;
    int64_t seats, sku_no;
    bool does_not_renew;
    int64_t made; /* place of the subscription that came of it; -1: none */
    const char *error_code, *error_message;
};

struct agreement_row {
    int64_t customer;
    struct date date;
    struct str first_name, last_name, email, phone;
};

struct vendor_account_row {
    bool is_resellers, is_google;
    int64_t customer; /* -1 for the reseller's own */
    struct str tenant_id, domain, alternate_email, mpn_id;
    int64_t asked_ms; /* the customer is asked to accept the reseller since; 0: accepted */
};

/*  kind           row */
#define STELLR_STATE_ROWS(X)                                                                       \
    X(OPERATION, struct operation_row)                                                             \
    X(ORDER_ITEM, struct order_item_row)                                                           \
    X(AGREEMENT, struct agreement_row)                                                             \
    X(VENDOR_ACCOUNT, struct vendor_account_row)
