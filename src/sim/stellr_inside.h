/* What the files of Stellr share. Not for others. */
#pragma once

#include "base/json.h"
#include "sim/inside.h"

/* --- answers (stellr.c) --- */

/* {"requestId", "data": { ... open */
struct json_writer stellr_open(struct ask *ask, int status);
void stellr_close(struct json_writer *w);

struct page_wanted {
    int64_t first, end; /* places in the list */
    int64_t total;      /* as said */
};

/* Reads pageNo and pageSize. False when the refusal is written. */
bool stellr_page(struct ask *ask, int64_t total, bool is_optional, struct page_wanted *page);
struct json_writer stellr_open_list(struct ask *ask, const struct page_wanted *page);
void stellr_close_list(struct json_writer *w);

void stellr_put_id(struct ask *ask, struct json_writer *w, const char *key, int64_t id);
void stellr_put_money(struct ask *ask, struct json_writer *w, const char *key, struct decimal m);
void stellr_put_moment(struct ask *ask, struct json_writer *w, const char *key, int64_t ms);
void stellr_put_date(struct json_writer *w, const char *key, struct date date);
struct date stellr_date(struct sim *sim, int64_t ms); /* the day that it is in US Eastern time */

/* Refusals with a sentence made from a format. */
void stellr_refuse(struct ask *ask, int status, const char *code, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* The customer of the path, its number and the subscription; false when the refusal is written. */
bool stellr_find_customer(struct ask *ask, int64_t *ret_place);
bool stellr_find_subscription(struct ask *ask, int64_t *ret_customer, int64_t *ret_place);
/* The customer of a query parameter: -1 without one, -2 for one that is not there. */
int64_t stellr_customer_wanted(struct ask *ask);
int64_t stellr_customer_number(struct sim *sim, int64_t place);

/* A day in the query; false when the refusal is written. */
bool stellr_day_wanted(struct ask *ask, const char *name, bool *ret_given, struct date *ret_day);

/* --- the request's body (stellr_body.c) --- */

/* Members are taken one by one; the first that is missing or wrong writes the refusal, and from
 * then on nothing more is looked at. */
struct body {
    struct ask *ask;
    const struct json *json;
    bool is_refused;
};

struct body body_read(struct ask *ask);
struct body body_of(struct body *whole, const struct json *element); /* of a list in it */
bool body_has(const struct body *b, const char *path);
struct str body_text(struct body *b, const char *path, enum need need);
/* Whole numbers; ids may come as text. 0 when it is not there. */
int64_t body_whole(struct body *b, const char *path, enum need need);
int64_t body_id(struct body *b, const char *path, enum need need);
bool body_flag(struct body *b, const char *path);
/* A number of seats: above 0. 0 when it is not there. */
int64_t body_seats(struct body *b, const char *path, enum need need);
void body_refuse(struct body *b, int status, const char *code, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* --- subscriptions and goods --- */

const char *stellr_id(struct arena *a, const struct subscription *s); /* "510020_1" */
struct str stellr_status(const struct subscription *s);
const char *stellr_part_number(struct arena *a, const struct goods *g);
const char *stellr_product_name(struct arena *a, const struct goods *g, const struct variant *v);
const char *stellr_short_name(struct arena *a, const struct goods *g);

/* An article: goods in one of their variants. */
struct article {
    int goods_place, variant_place;
    const struct goods *goods;
    const struct variant *variant;
};

struct article article_at(int goods_place, int variant_place);
int article_variants(int goods_place);
bool article_find_sku(int64_t sku_no, struct article *ret_article);
bool article_find_product(int64_t product_id, struct article *ret_article);
struct article article_of(const struct subscription *s);
int64_t article_sku(const struct article *x);

bool vendor_is_known(struct str vendor);

/* The plan names of Google (5.21-5.27, A-45) and the variants that they are here. */
bool plan_find(struct str name, int *ret_variant_place);
const char *plan_name(int variant_place);

/* To what a subscription can be changed in the middle of its term. */
enum transition { TRANSITION_UPGRADE, TRANSITION_DOWNGRADE, TRANSITION_PLAN };

struct transition_to {
    struct article article;
    enum transition type;
    const char *reason; /* why not; NULL: it is possible */
};

#define TRANSITIONS_MAX 16
size_t stellr_transitions(struct sim *sim, const struct subscription *s,
                          struct transition_to to[static TRANSITIONS_MAX]);

/* Inside the first seven days of a term. */
bool stellr_window_is_open(struct sim *sim, const struct subscription *s);

/* --- operations (stellr_operations.c) --- */

bool stellr_is_busy(struct ask *ask, int64_t subscription); /* true: the refusal is written */
struct operation_row *operation_start(struct ask *ask, enum operation_type type, int64_t customer,
                                      int64_t subscription);
struct order_item_row *operation_add_item(struct sim *sim, struct operation_row *op);
void operation_answer(struct ask *ask, struct operation_row *op);

/* --- what has to be before a purchase (stellr_agreements.c, stellr_accounts.c) --- */

bool stellr_has_agreement(struct sim *sim, int64_t customer);
bool stellr_has_tenant(struct ask *ask, int64_t customer);

/* The answers, by file. */
void give_agreement(struct ask *ask);
void accept_agreement(struct ask *ask);
void give_azure_consumption(struct ask *ask);
void create_customer(struct ask *ask);
void give_customer(struct ask *ask);
void give_customers(struct ask *ask);
void give_invoices(struct ask *ask);
void give_invoice_report(struct ask *ask);
void give_operation(struct ask *ask);
void give_product(struct ask *ask);
void give_product_by_sku(struct ask *ask);
void give_products(struct ask *ask);
void give_related_products(struct ask *ask);
void give_transferable_products(struct ask *ask);
void give_reseller_subscriptions(struct ask *ask);
void give_subscribed(struct ask *ask);
void change_seats(struct ask *ask);
void change_plan(struct ask *ask);
void downgrade(struct ask *ask);
void upgrade(struct ask *ask);
void activate(struct ask *ask);
void cancel(struct ask *ask);
void reactivate(struct ask *ask);
void suspend(struct ask *ask);
void create_add_on(struct ask *ask);
void create_subscriptions(struct ask *ask);
void transfer_subscriptions(struct ask *ask);
void give_change_logs(struct ask *ask);
void give_renewal_options(struct ask *ask);
void set_renewal(struct ask *ask);
void give_subscription(struct ask *ask);
void give_subscriptions(struct ask *ask);
void give_transition_products(struct ask *ask);
void check_vendor_data(struct ask *ask);
void give_vendors(struct ask *ask);
void give_vendor_accounts(struct ask *ask);
void upsert_vendor_account(struct ask *ask);
