/* What a plan costs, as far as it is known before. */
#include "licence/inside.h"

#include "base/buf.h"
#include "base/currency.h"
#include "base/json.h"
#include "remote/progress.h"

static const char *per_cycle(struct arena *a, int months)
{
    if (months == 1)
        return "per month";
    if (months == 12)
        return "per year";
    return months > 0    ? arena_printf(a, "per %d months", months)
           : months == 0 ? "once"
                         : "per billing period";
}

/* What a SKU is and what one unit of it costs us, by the marketplace's catalogue. */
static void ask_catalogue(struct call *call, struct arena *a, struct str sku, struct price *price,
                          struct decimal *ret_cost)
{
    const struct pricing *pricing = &call->client->connector->pricing;
    struct arguments arguments = { .n = 0 };
    struct wire_reply reply;
    const struct json *document;
    struct error why;
    const struct action *action =
        pricing->action == NULL ? NULL : client_action(call->client, pricing->action);
    if (action == NULL || sku.len == 0 ||
        arguments_set(&arguments, str_of(pricing->sku), sku, &why) != ST_OK)
        return;
    enum status s = call_perform(call, a, action, &arguments, &reply, &why);
    price->is_unknown_sku = s == ST_NOT_FOUND;
    if (s != ST_OK || json_parse(a, reply.body, &document, &why) != ST_OK)
        return;
    price->name = arena_copy(a, first_text(document, pricing->name));
    price->months = cycle_months(first_text(document, pricing->cycle));
    price->is_known =
        decimal_parse(first_text(document, pricing->cost), ret_cost, NULL, &why) == ST_OK;
}

static void price_change(const struct wanted *w, const struct holding *h, struct price *price)
{
    int64_t before = h->standing == STANDING_ENDED ? 0 : h->seats, change;
    int64_t after = w->has_standing && w->standing == STANDING_ENDED ? 0
                    : w->has_seats                                   ? w->seats
                                                                     : h->seats;
    if (!h->cost.known || !h->has_seats || w->sku.at != NULL || w->is_unproved ||
        __builtin_sub_overflow(after, before, &change))
        return;
    price->total = total_times(h->cost.value, change);
    price->currency = h->currency;
    price->months = h->cycle_months;
    price->is_known = true;
}

static void price_new(struct call *call, struct arena *a, const struct wanted *w,
                      struct price *price)
{
    struct decimal cost = { 0 };
    ask_catalogue(call, a, w->sku, price, &cost);
    price->is_known = price->is_known && w->has_seats;
    if (price->is_known)
        price->total = total_times(cost, w->seats);
}

static struct str price_text(struct arena *a, const struct price *price)
{
    SCOPED(buf_release) struct buf text = BUF(200);
    if (!price->is_known)
        return STR("not known before");
    if (total_sign(price->total) == 0)
        return STR("no difference");
    if (total_sign(price->total) > 0)
        buf_add_char(&text, '+');
    if (price->currency.len > 0)
        currency_print(&text, price->total, price->currency);
    else /* the catalogue names none */
        total_print_grouped(&text, price->total, currency_decimals(price->currency));
    buf_printf(&text, " %s, of our cost", per_cycle(a, price->months));
    return arena_copy(a, buf_str(&text));
}

void plan_price(struct call *call, struct arena *a, struct plan *plan)
{
    struct price sum = { .is_known = plan->n_wanted > 0 };
    plan->prices = ARENA_ARRAY(a, plan->n_wanted + 1, struct price);
    for (size_t i = 0; i < plan->n_wanted; i++) {
        struct price *one = &plan->prices[i];
        const struct holding *h = snapshot_find(&plan->before, plan->wanted[i].subscription);
        if (h != NULL)
            price_change(&plan->wanted[i], h, one);
        else
            price_new(call, a, &plan->wanted[i], one);
        one->text = price_text(a, one);
        bool fits = i == 0 || (one->months == sum.months && str_equal(one->currency, sum.currency));
        sum.total = total_add(sum.total, one->total);
        sum.currency = one->currency;
        sum.months = one->months;
        sum.is_known = sum.is_known && one->is_known && fits;
    }
    /* One sum when all parts are known and alike; half a price misleads. */
    plan->price = sum.is_known ? price_text(a, &sum) : STR_NONE;
}
