/* What the marketplaces sell: real licence names and part numbers (market 3.4; data of the
 * Microsoft price pages), list prices as a customer in the US would see them, and the variants of
 * each by term and billing. Rows only. */
#pragma once

#include "base/decimal.h"
#include "remote/record.h"

struct goods {
    const char *name;
    const char *vendor;  /* as Stellr names it */
    const char *product; /* "CFQ7TTC0LCHC", or another maker's part number */
    const char *sku;     /* "0002", or "" */
    int64_t list_cents;  /* per seat and month, annual commitment, USD */
    enum measure measure;
    bool is_add_on;
};

extern const struct goods catalogue[];
int catalogue_size(void);

struct variant {
    const char *term;         /* "P1M" */
    const char *cycle;        /* "M" or "A", as in a part number */
    const char *ion_cycle;    /* "monthly" */
    const char *stellr_cycle; /* "month" */
    const char *commitment;   /* as Stellr's product names tell it */
    const char *ion_plan;     /* as Ion's plan ids tell it */
    int term_months, cycle_months;
    int percent_of_list; /* per month */
};

extern const struct variant variants[]; /* of seats; monthly, annual by month, annual by year */
extern const struct variant variant_once, variant_usage;
int variants_size(void);

/* Per unit and billing cycle in USD: the suggested price and what the distributor charges. */
struct decimal goods_price(const struct goods *goods, const struct variant *variant);
struct decimal goods_cost(const struct goods *goods, const struct variant *variant);

/* TD SYNNEX's own numbers, one per goods and variant. */
int64_t goods_sku_no(int goods, int variant);
int64_t goods_product_id(int goods, int variant);
