/* The catalogue. Part numbers and names: market 3.4. Premiums: market 3.5 (monthly +20 %, annual
 * billed monthly +5 %). Prices are of the right size, not a price list. */
#include "sim/catalogue.h"

#include "base/attributes.h"

#define SEATS(name, product, sku, cents)                                                           \
    {                                                                                              \
        name, "Microsoft", product, sku, cents, MEASURE_SEATS, false                               \
    }
#define ADD_ON(name, product, sku, cents)                                                          \
    {                                                                                              \
        name, "Microsoft", product, sku, cents, MEASURE_SEATS, true                                \
    }

const struct goods catalogue[] = {
    SEATS("Microsoft 365 Business Basic", "CFQ7TTC0LH18", "0001", 700),
    SEATS("Microsoft 365 Business Standard", "CFQ7TTC0LDPB", "0001", 1400),
    SEATS("Microsoft 365 Business Premium", "CFQ7TTC0LCHC", "0002", 2200),
    SEATS("Microsoft 365 Apps for business", "CFQ7TTC0LH1G", "0001", 825),
    SEATS("Microsoft 365 E3", "CFQ7TTC0LFLX", "0001", 3900),
    SEATS("Microsoft 365 E5", "CFQ7TTC0LFLZ", "0002", 6000),
    SEATS("Microsoft 365 F3", "CFQ7TTC0LH05", "0001", 1000),
    SEATS("Office 365 E1", "CFQ7TTC0LF8Q", "0001", 1000),
    SEATS("Office 365 E3", "CFQ7TTC0LF8R", "0001", 2600),
    SEATS("Exchange Online (Plan 1)", "CFQ7TTC0LH16", "0001", 400),
    SEATS("Exchange Online (Plan 2)", "CFQ7TTC0LH1P", "0001", 800),
    ADD_ON("Microsoft 365 Copilot", "CFQ7TTC0MM8R", "0002", 3000),
    ADD_ON("Microsoft Teams Phone Standard", "CFQ7TTC0LH0T", "0001", 1000),
    ADD_ON("Microsoft Defender for Business", "CFQ7TTC0HX56", "0002", 300),
    SEATS("Power BI Pro", "CFQ7TTC0LHSF", "0001", 1400),
    SEATS("Microsoft Entra ID P1", "CFQ7TTC0LFLS", "0002", 700),
    SEATS("Visio Plan 2", "CFQ7TTC0HD32", "0002", 1500),
    SEATS("Planner and Project Plan 3", "CFQ7TTC0HDB0", "0002", 3000),
    { "Google Workspace Business Standard", "Google", "GAPPS-BUS-STD-1USER", "", 1400,
      MEASURE_SEATS, false },
    { "Duo Essentials", "Cisco", "DUO-ESSENTIALS-SUB", "", 300, MEASURE_SEATS, false },
    { "Azure plan", "Microsoft", "DZH318Z0BPS6", "0001", 0, MEASURE_USAGE, false },
    { "Windows Server 2025 Standard - 16 Core", "Microsoft", "DG7GMGF0PWHC", "0003", 117600,
      MEASURE_ONE_TIME, false },
};

int catalogue_size(void)
{
    return (int)ARRAY_LEN(catalogue);
}

const struct variant variants[] = {
    { "P1M", "M", "monthly", "month", "Monthly commit", "Monthly", 1, 1, 120 },
    { "P1Y", "M", "monthly", "month", "Annual commit, monthly billing", "Monthly---Annual-Commit",
      12, 1, 105 },
    { "P1Y", "A", "annual", "annual", "Annual commit, annual billing", "Annual", 12, 12, 100 },
};

const struct variant variant_once = {
    "", "", "one_time", "one_time", "Perpetual", "Once", 0, 0, 100
};
const struct variant variant_usage = { "P1M", "M", "monthly", "month", "Usage", "Usage", 1, 1, 0 };

int variants_size(void)
{
    return (int)ARRAY_LEN(variants);
}

static int months_charged(const struct variant *variant)
{
    return variant->cycle_months > 0 ? variant->cycle_months : 1;
}

struct decimal goods_price(const struct goods *goods, const struct variant *variant)
{
    int64_t cents = goods->list_cents * variant->percent_of_list * months_charged(variant) / 100;
    return (struct decimal){ cents * (DECIMAL_ONE / 100) };
}

/* 18 % below the suggested price for Microsoft, 12 % for others; whole cents per month. */
struct decimal goods_cost(const struct goods *goods, const struct variant *variant)
{
    int64_t share = strcmp(goods->vendor, "Microsoft") == 0 ? 82 : 88;
    int64_t month_cents = (goods->list_cents * variant->percent_of_list * share + 5000) / 10000;
    return (struct decimal){ month_cents * months_charged(variant) * (DECIMAL_ONE / 100) };
}

int64_t goods_sku_no(int goods, int variant)
{
    return 9100200 + (int64_t)goods * 10 + variant;
}

int64_t goods_product_id(int goods, int variant)
{
    return 80200 + (int64_t)goods * 10 + variant;
}
