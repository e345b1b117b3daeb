/* The rules, one row and one function each: does the position show this disagreement, and what is
 * it worth per month? */
#include "reconcile/reconcile.h"

#include "base/buf.h"

static struct total seats_of(int64_t seats)
{
    return (struct total){ (int128)seats * DECIMAL_ONE };
}

static int64_t charged_seats(const struct position *p)
{
    return p->live + p->suspended;
}

/* Subscriptions that these seats are in. */
static long long charged_subscriptions(const struct position *p)
{
    return (long long)p->n_charged_lines - p->apart_ended - p->apart_pending - p->apart_usage -
           p->apart_one_time;
}

static bool can_compare(const struct position *p)
{
    return p->has_charged && p->has_billed && p->unreadable == 0;
}

/* a * part / whole for seat counts, rounded once. What the counts share is cancelled first, so that
 * the product stays far below 2^127; counts that are still beyond 64 bits are nobody's seats. */
static bool share_of(struct total a, struct total part, struct total whole, struct total *ret_share)
{
    int128 x = part.units, y = whole.units;
    while (y != 0) {
        int128 rest = x % y;
        x = y;
        y = rest;
    }
    if (x == 0 || part.units / x > INT64_MAX || whole.units / x > INT64_MAX)
        return false;
    *ret_share = total_share(a, (int64_t)(part.units / x), (int64_t)(whole.units / x));
    return true;
}

/* Values seats: at the billed price where the bill has one in a single currency, else at the price
 * that the distributor suggests, else at cost. */
static void value_seats(const struct position *p, struct finding *f)
{
    const struct {
        const struct purse *purse;
        struct total seats;
        const char *basis;
    } ways[] = {
        { &p->billed, p->billed_for, "at the billed price" },
        { &p->suggested, seats_of(p->suggested_for), "at the distributor's suggested price" },
        { &p->charged, seats_of(p->charged_for), "at cost" },
    };
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        const struct purse *purse = ways[i].purse;
        bool is_single = purse->n == 1 && !purse->is_full && total_sign(purse->at[0].total) > 0;
        struct total share;
        if (!is_single || total_sign(ways[i].seats) <= 0 ||
            !share_of(purse->at[0].total, f->seats, ways[i].seats, &share))
            continue;
        f->money = (struct money){ purse->at[0].currency, share };
        f->money_basis = ways[i].basis;
        f->has_money = true;
        return;
    }
}

static const char *seats_text(struct arena *a, struct total seats)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    total_print_exact(&text, seats);
    return arena_text(a, buf_str(&text));
}

static bool find_too_few(struct arena *a, const struct position *p, struct finding *f)
{
    struct total charged = seats_of(charged_seats(p));
    if (!can_compare(p) || total_sign(p->billed_quantity) <= 0 ||
        total_compare(charged, p->billed_quantity) <= 0)
        return false;
    f->seats = total_subtract(charged, p->billed_quantity);
    value_seats(p, f);
    f->evidence = arena_printf(a, "%s seats are charged in %lld subscriptions, %s are billed.",
                               seats_text(a, charged), charged_subscriptions(p),
                               seats_text(a, p->billed_quantity));
    return true;
}

static bool find_too_many(struct arena *a, const struct position *p, struct finding *f)
{
    struct total charged = seats_of(charged_seats(p));
    if (!can_compare(p) || total_sign(charged) <= 0 ||
        total_compare(p->billed_quantity, charged) <= 0)
        return false;
    f->seats = total_subtract(p->billed_quantity, charged);
    value_seats(p, f);
    f->evidence = arena_printf(a, "%s seats are billed, only %s are charged.",
                               seats_text(a, p->billed_quantity), seats_text(a, charged));
    return true;
}

static bool find_not_billed(struct arena *a, const struct position *p, struct finding *f)
{
    if (!can_compare(p) || charged_seats(p) <= 0 || total_sign(p->billed_quantity) != 0)
        return false;
    f->seats = seats_of(charged_seats(p));
    value_seats(p, f);
    f->evidence = arena_printf(
        a, "%lld seats are charged in %lld subscriptions; the bill has no line for them.",
        (long long)charged_seats(p), charged_subscriptions(p));
    return true;
}

/* Usage-based and one-time lines explain a billed line without seats. */
static bool find_no_subscription(struct arena *a, const struct position *p, struct finding *f)
{
    bool is_explained = p->apart_usage > 0 || p->apart_one_time > 0 || p->apart_pending > 0;
    if (!can_compare(p) || charged_seats(p) > 0 || is_explained ||
        total_sign(p->billed_quantity) <= 0)
        return false;
    f->seats = p->billed_quantity;
    value_seats(p, f);
    if (p->apart_ended > 0)
        f->evidence = arena_printf(a,
                                   "%s seats are billed; the %lld subscriptions of this service "
                                   "have ended.",
                                   seats_text(a, f->seats), (long long)p->apart_ended);
    else
        f->evidence = arena_printf(a, "%s seats are billed; the distributor knows no subscription.",
                                   seats_text(a, f->seats));
    return true;
}

/* Loss on the seats that both sides have, in the one currency that both sides use. */
static bool find_negative_margin(struct arena *a, const struct position *p, struct finding *f)
{
    if (!can_compare(p) || p->charged.n != 1 || p->billed.n != 1 || charged_seats(p) <= 0 ||
        total_sign(p->billed_quantity) <= 0 || p->billed_without_price > 0 ||
        p->without_month > 0 || !str_equal(p->charged.at[0].currency, p->billed.at[0].currency))
        return false;
    struct total charged = seats_of(charged_seats(p));
    bool more_charged = total_compare(charged, p->billed_quantity) > 0;
    struct total common = more_charged ? p->billed_quantity : charged;
    struct total cost, revenue;
    if (!share_of(p->charged.at[0].total, common, charged, &cost) ||
        !share_of(p->billed.at[0].total, common, p->billed_quantity, &revenue) ||
        total_compare(revenue, cost) >= 0)
        return false;
    f->seats = common;
    f->money = (struct money){ p->charged.at[0].currency, total_subtract(cost, revenue) };
    f->has_money = true;
    f->money_basis = "cost less billed price";
    f->evidence = arena_printf(a, "%s seats are billed below what the distributor charges.",
                               seats_text(a, common));
    return true;
}

static bool find_suspended_billed(struct arena *a, const struct position *p, struct finding *f)
{
    struct total beyond = total_subtract(p->billed_quantity, seats_of(p->live));
    struct total suspended = seats_of(p->suspended);
    if (!can_compare(p) || p->suspended <= 0 || total_sign(beyond) <= 0)
        return false;
    f->seats = total_compare(beyond, suspended) < 0 ? beyond : suspended;
    value_seats(p, f);
    f->evidence = arena_printf(a,
                               "%s seats are suspended at the distributor, still charged by it, "
                               "and billed.",
                               seats_text(a, f->seats));
    return true;
}

static const struct rule_row rows[RULES] = {
    [RULE_TOO_FEW] = { "billed-too-few", "Billed too few", "Bill the missing seats.",
                       find_too_few },
    [RULE_TOO_MANY] = { "billed-too-many", "Billed too many",
                        "Credit the customer, or buy the seats that are in use.", find_too_many },
    [RULE_NOT_BILLED] = { "not-billed", "Not billed at all",
                          "Add the service to the customer's bill, or map it.", find_not_billed },
    [RULE_NO_SUBSCRIPTION] = { "no-subscription", "Billed without a subscription",
                               "Take it off the bill, or find where the licence is bought.",
                               find_no_subscription },
    [RULE_NEGATIVE_MARGIN] = { "negative-margin", "Billed below cost", "Raise the price.",
                               find_negative_margin },
    [RULE_SUSPENDED_BILLED] = { "suspended-billed", "Suspended but billed",
                                "Resume the subscription or stop billing it.",
                                find_suspended_billed },
};

const struct rule_row *rule_row(enum rule rule)
{
    return &rows[rule];
}
