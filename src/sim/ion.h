/* Shared by the files of Ion's answers. */
#pragma once

#include "base/json.h"
#include "sim/inside.h"

#define ION_DAY_MS      INT64_C(86400000)
#define ION_CANCEL_DAYS 15 /* after the purchase, in all recorded lines (4.3) */
#define ION_USER_NUMBER 881001
#define ION_FIRST_ORDER 510000 /* numbers of orders, and of their lines, begin behind these */
#define ION_FIRST_LINE  610000

/* --- requests (ion.c) --- */

/* A page of a token list: [first, end) of the shown ones. */
struct ion_page {
    int64_t first, end;
    bool has_next;
};
bool ion_page(struct ask *ask, int64_t total, struct ion_page *page); /* false: refused */
void ion_put_next(struct ask *ask, struct json_writer *w, const struct ion_page *page);

/* A page of an offset list: limit and offset by these names. False: refused. */
struct ion_offsets {
    int64_t limit, offset;
};
bool ion_offsets(struct ask *ask, const char *limit, const char *offset, struct ion_offsets *page);

/* Flags in a query: true, True, 1, t and so on (2 REAL, CLIENT). */
bool ion_flag(struct ask *ask, const char *name);

/* Whether a value passes the filter of this name: absent, or the same without regard to case. */
bool ion_fits(struct ask *ask, const char *name, struct str value);
/* The same for a list with commas. */
bool ion_fits_list(struct ask *ask, const char *name, struct str value);

/* The body; NULL when it is empty. False: it is not JSON, and was refused. */
bool ion_body(struct ask *ask, const struct json **ret_body);
/* A member by its name in camelCase, or that name in snake_case (6.3 REAL). */
const struct json *ion_member(struct ask *ask, const struct json *object, const char *name);
struct str ion_text(struct ask *ask, const struct json *object, const char *name);
/* A whole number, also one in a text: proto3 takes both. */
bool ion_number(struct ask *ask, const struct json *object, const char *name, int64_t *ret_number);

/* The customer of the path. False: refused with 404. */
bool ion_customer(struct ask *ask, int64_t *ret_place);

/* --- answers (ion.c) --- */

void put_number_text(struct json_writer *w, const char *key, int64_t number); /* 6.3 REAL */
void ion_put_moment(struct json_writer *w, const char *key, int64_t ms);
void ion_put_second(struct json_writer *w, const char *key, int64_t ms); /* whole seconds */
void ion_put_day(struct json_writer *w, const char *key, int64_t ms);
void ion_put_some(struct json_writer *w, const char *key, struct str text); /* if there is any */
void ion_not_found(struct ask *ask, const char *what, struct str id);
void ion_empty_answer(struct ask *ask); /* 200 {} */

/* A cell of a CSV row, quoted where it must be. */
void ion_csv_cell(struct buf *to, struct str cell, bool is_first);

/* A list without entries may be left out (9 no. 4, knob). */
bool ion_opens_list(struct ask *ask, struct json_writer *w, const char *key, int64_t n);

/* --- catalogue (ion.c) --- */

const char *ion_product_id(const struct goods *g);
const char *ion_product_name(const struct goods *g);
const char *ion_sku_id(struct arena *a, const struct goods *g);
const char *ion_plan_id(struct arena *a, int goods_place, const struct variant *v);
const char *ion_part_number(struct arena *a, const struct goods *g, const struct variant *v);
int ion_n_variants(const struct goods *g);
const struct variant *ion_variant(const struct goods *g, int variant_place);
/* What an order line names; an empty SKU fits any of the plan's. False when there is no such. */
bool ion_find_goods(struct arena *a, struct str product, struct str sku, struct str plan,
                    int *ret_goods, int *ret_variant);

/* --- customers (ion_customers.c) --- */

struct str ion_tenant_domain(struct arena *a, const struct customer *c);

/* --- orders (ion_orders.c, ion_order_json.c, ion_state.c) --- */

const char *ion_order_status(enum order_status status);
void ion_settle_order(struct sim *sim, size_t order);

enum order_view {
    VIEW_PLACED,  /* answer to the POST */
    VIEW_LIST,    /* in lists */
    VIEW_FULL,    /* of its own */
    VIEW_CHECKOUT /* of a cart: ids are numbers (8) */
};
void ion_put_order(struct ask *ask, struct json_writer *w, size_t order, enum order_view view);
/* A new order with the lines from `first_item` on. */
size_t ion_place_order(struct sim *sim, const struct ion_order *order);

/* --- money of a month (ion_charges.c) --- */

/* Moments [start, end). */
struct ion_range {
    int64_t start_ms, end_ms;
};
/* By the name of a relative range (4.10); false for CUSTOM, UNKNOWN and what is none. */
bool ion_relative_range(struct sim *sim, struct str name, struct ion_range *range);
struct ion_range ion_month_of(int64_t ms);

/* How often a subscription is charged in a range. */
int64_t ion_charges_in(const struct subscription *s, const struct ion_range *range);

/* Walks what is charged in a range; `customer` is a place, or -1 for all. */
struct ion_charge {
    struct subscription s;
    struct total cost, price;
    int64_t n; /* charges; usage without a price counts once a month */
};
void ion_each_charge(struct ask *ask, int64_t customer, const struct ion_range *range,
                     void (*visit)(struct ask *ask, const struct ion_charge *charge, void *context),
                     void *context);

/* Reports and invoices are in dollars; the rate stands in the report's definition. */
#define ION_EUR_IN_USD "1.0842"
struct total ion_dollars(struct total amount, const char *currency);

/* --- by noun --- */

void ion_give_customers(struct ask *ask);
void ion_give_customer(struct ask *ask);
void ion_create_customer(struct ask *ask);
void ion_update_customer(struct ask *ask);
void ion_give_cloud_profile(struct ask *ask);
void ion_give_cloud_profiles(struct ask *ask);

void ion_give_subscriptions(struct ask *ask);
void ion_give_subscription(struct ask *ask);

void ion_give_products(struct ask *ask);
void ion_give_product(struct ask *ask);
void ion_give_categories(struct ask *ask);
void ion_give_verticals(struct ask *ask);
void ion_give_charges(struct ask *ask);
void ion_give_pricing(struct ask *ask);
void ion_give_programs(struct ask *ask);
void ion_update_programs(struct ask *ask);
void ion_enable_product(struct ask *ask);
void ion_disable_product(struct ask *ask);

void ion_create_order(struct ask *ask);
void ion_cancel_order(struct ask *ask);
void ion_give_order(struct ask *ask);
void ion_give_orders(struct ask *ask);
void ion_give_template(struct ask *ask);
void ion_give_templates(struct ask *ask);

void ion_give_carts(struct ask *ask);
void ion_give_cart(struct ask *ask);
void ion_create_cart(struct ask *ask);
void ion_update_cart(struct ask *ask);
void ion_delete_cart(struct ask *ask);
void ion_checkout_cart(struct ask *ask);
void ion_give_cart_items(struct ask *ask);
void ion_give_cart_item(struct ask *ask);
void ion_create_cart_item(struct ask *ask);
void ion_update_cart_item(struct ask *ask);
void ion_delete_cart_item(struct ask *ask);

void ion_give_reports(struct ask *ask);
void ion_give_report(struct ask *ask);
void ion_save_report(struct ask *ask);
void ion_delete_report(struct ask *ask);
void ion_give_report_data(struct ask *ask);
void ion_give_report_csv(struct ask *ask);
void ion_give_report_stream(struct ask *ask);
void ion_give_report_details(struct ask *ask);
void ion_give_report_report(struct ask *ask);
void ion_refresh_cache(struct ask *ask);

void ion_v1_customers(struct ask *ask);
void ion_v1_customer(struct ask *ask);
void ion_v1_invoices(struct ask *ask);
void ion_v1_my_invoices(struct ask *ask);
void ion_v1_invoice(struct ask *ask);
void ion_v1_generate(struct ask *ask);
void ion_v1_azureplan(struct ask *ask);
void ion_v1_aws(struct ask *ask);
void ion_v1_gcp(struct ask *ask);
void ion_give_users(struct ask *ask);
void ion_create_user(struct ask *ask);
