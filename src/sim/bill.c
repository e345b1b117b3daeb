/* The bill of the MSP in this world: what its PSA would export, line by line, with the mistakes
 * that bookkeeping makes. Which mistake stands where is chance, the same for the same seed. */
#include "sim/inside.h"

#include "base/csv.h"
#include "sim/chance.h"

struct pool {
    int goods;
    int64_t seats;       /* charged: active and suspended */
    struct decimal cost; /* of the last subscription seen, per month */
    const char *currency;
    bool is_ended; /* only ended subscriptions: nothing is charged */
};

enum mistake { NO_MISTAKE, TOO_FEW, TOO_MANY, MISSING, BELOW_COST, OTHER_CURRENCY };

static enum mistake mistake_of(const struct world *w, int64_t organisation, int goods)
{
    static const struct {
        int up_to;
        enum mistake mistake;
    } rows[] = {
        { 66, NO_MISTAKE }, { 77, TOO_FEW },    { 84, TOO_MANY },
        { 91, MISSING },    { 97, BELOW_COST }, { 100, OTHER_CURRENCY },
    };
    int64_t roll = chance_below(chance(w->seed, 700, (uint64_t)organisation, (uint64_t)goods), 100);
    size_t i = 0;
    while (roll >= rows[i].up_to)
        i++;
    return rows[i].mistake;
}

/* Adds the subscriptions of one marketplace's customer to the pools. */
static size_t gather(const struct world *w, enum marketplace at, int64_t customer,
                     struct pool *pools, size_t n)
{
    int64_t end = world_first_subscription(w, at, customer + 1);
    for (int64_t i = world_first_subscription(w, at, customer); i < end; i++) {
        struct subscription s = world_subscription(w, at, i);
        size_t p = 0;
        while (p < n && pools[p].goods != s.goods_place)
            p++;
        if (p == n)
            pools[n++] = (struct pool){ .goods = s.goods_place, .is_ended = true };
        bool is_charged = s.fate == FATE_ACTIVE || s.fate == FATE_SUSPENDED;
        int months = s.variant->cycle_months > 0 ? s.variant->cycle_months : 1;
        pools[p].currency = s.currency;
        pools[p].cost = (struct decimal){ s.cost.units / months };
        pools[p].seats += is_charged ? s.quantity : 0;
        pools[p].is_ended = pools[p].is_ended && !is_charged;
    }
    return n;
}

static size_t pools_of(const struct world *w, int64_t organisation, struct pool *pools)
{
    size_t n = 0;
    int64_t at_ion = organisation - w->n_customers / 2;
    if (organisation < w->n_customers)
        n = gather(w, AT_STELLR, organisation, pools, n);
    if (at_ion >= 0 && at_ion < w->n_customers)
        n = gather(w, AT_ION, at_ion, pools, n);
    return n;
}

/* Whole cents, as people set prices: the list price, in the customer's currency. */
static struct decimal sell_price(const struct pool *pool, enum mistake mistake)
{
    int64_t cents = catalogue[pool->goods].list_cents * 110 / 100;
    if (strcmp(pool->currency, "EUR") == 0)
        cents = cents * 92 / 100;
    if (mistake == BELOW_COST)
        cents = pool->cost.units / (DECIMAL_ONE / 100) * 9 / 10;
    return (struct decimal){ cents * (DECIMAL_ONE / 100) };
}

static void put_line(struct buf *to, struct str company, const struct goods *g, int64_t quantity,
                     struct decimal price, const char *currency)
{
    SCOPED(buf_release) struct buf amount = BUF(64);
    csv_put(to, company, ',');
    buf_add_char(to, ',');
    csv_put(to, str_of(g->name), ',');
    buf_printf(to, ",%s%s%s,%lld,", g->product, g->sku[0] != '\0' ? ":" : "", g->sku,
               (long long)quantity);
    total_print(&amount, total_of(price), 2);
    buf_printf(to, "%s,%s,%s\n", amount.at, currency,
               g->measure == MEASURE_ONE_TIME ? "one-time" : "monthly");
}

static void bill_pool(const struct world *w, int64_t organisation, struct str company,
                      const struct pool *pool, struct buf *to)
{
    const struct goods *g = &catalogue[pool->goods];
    enum mistake mistake = mistake_of(w, organisation, pool->goods);
    uint64_t bits = chance(w->seed, 701, (uint64_t)organisation, (uint64_t)pool->goods);
    int64_t seats = pool->seats;
    const char *currency = pool->currency;
    if (pool->is_ended) { /* somebody forgot to take it off the bill, sometimes */
        if (chance_below(bits, 3) != 0)
            return;
        seats = 1 + chance_below(bits >> 8, 5);
    } else if (mistake == MISSING) {
        return;
    } else if (mistake == TOO_FEW) {
        seats -= 1 + chance_below(bits, 3);
    } else if (mistake == TOO_MANY) {
        seats += 1 + chance_below(bits, 2);
    } else if (mistake == OTHER_CURRENCY && strcmp(currency, "EUR") == 0) {
        currency = "USD";
    }
    if (seats > 0)
        put_line(to, company, g, seats, sell_price(pool, mistake), currency);
}

/* A few companies are spelt otherwise in the PSA than at the distributor. */
static struct str company_of(struct arena *a, int64_t organisation, struct str legal)
{
    if (organisation % 16 != 9)
        return legal;
    return str_of(arena_printf(a, "%.*s.", STR_PRINT(legal)));
}

void sim_bill(const struct sim *sim, struct buf *to)
{
    const struct world *w = &sim->world;
    buf_add_text(to, "Company,Product,Part number,Quantity,Unit price,Currency,Billing period\n");
    for (int64_t o = 0; o < world_organisations(w); o++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct pool pools[64];
        struct str legal = name_organisation(&a, w->seed, o).legal;
        struct str company = company_of(&a, o, legal);
        size_t n = pools_of(w, o, pools);
        for (size_t i = 0; i < n; i++)
            bill_pool(w, o, company, &pools[i], to);
    }
}
