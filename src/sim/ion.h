/* Shared by the files of Ion's answers. */
#pragma once

#include "sim/inside.h"

/* A page of a token list: [first, end) of the shown ones. */
struct ion_page {
    int64_t first, end;
    bool has_next;
};
bool ion_page(struct ask *ask, int64_t total, struct ion_page *page); /* false: refused */
void ion_put_next(struct json_writer *w, const struct ion_page *page);

/* 64-bit numbers are text on Ion's wire (6.3 REAL). */
void put_number_text(struct json_writer *w, const char *key, int64_t number);

/* Catalogue ids in the forms seen (4.5). */
const char *ion_product_id(const struct goods *g);
const char *ion_product_name(const struct goods *g);
const char *ion_sku_id(struct arena *a, const struct goods *g);
const char *ion_plan_id(struct arena *a, int goods_place, const struct variant *v);

void ion_put_moment(struct json_writer *w, const char *key, int64_t ms);
void ion_not_found(struct ask *ask, const char *what, struct str id);

void ion_give_subscriptions(struct ask *ask);
void ion_give_subscription(struct ask *ask);
void ion_give_products(struct ask *ask);
void ion_give_product(struct ask *ask);
