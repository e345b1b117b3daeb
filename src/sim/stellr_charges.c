/* Charges: recurring ones in advance, changes in the middle by the day, yearly ones when the term
 * begins. Billing months are those of the calendar, in US Eastern time (6.7). */
#include "sim/stellr_charges.h"

#include "sim/chance.h"

#define DAY_MS INT64_C(86400000)
#define CENT   (DECIMAL_ONE / 100)

/* Days since 1970 in Eastern time. */
static int64_t day_of(struct sim *sim, int64_t ms)
{
    return date_to_ms(stellr_date(sim, ms)) / DAY_MS;
}

void life_open(struct sim *sim, struct arena *a, int64_t place, struct life *ret_life)
{
    ret_life->s = sim_subscription(sim, AT_STELLR, place);
    ret_life->n_events = sim_events(sim, a, AT_STELLR, place, &ret_life->events);
    ret_life->start_day = day_of(sim, ret_life->s.started_ms);
    int64_t *days = ARENA_ARRAY(a, ret_life->n_events + 1, int64_t);
    for (size_t i = 0; i < ret_life->n_events; i++)
        days[i] = day_of(sim, ret_life->events[i].at_ms);
    ret_life->days = days;
}

static struct date date_of_day(int64_t day)
{
    return date_of_ms(day * DAY_MS);
}

/* A price for some of its days, in whole cents. */
static struct decimal share_of(struct decimal price, int64_t days, int64_t of)
{
    int64_t cents = price.units / CENT;
    return (struct decimal){ (cents * days + of / 2) / of * CENT };
}

/* Collects charges. */
struct collect {
    struct charge *charges;
    size_t n;
    int64_t first, last; /* days of the month */
};

static void add(struct collect *to, const char *type, const struct article *x, int64_t start,
                int64_t end, int64_t quantity, struct decimal price, struct decimal customer_price)
{
    if (to->n == CHARGES_MAX || quantity == 0)
        return;
    to->charges[to->n++] = (struct charge){ type,     *x,    date_of_day(start), date_of_day(end),
                                            quantity, price, customer_price };
}

/* Seats for the rest of a period, by the day. */
static void add_rest(struct collect *to, const char *type, const struct article *x, int64_t start,
                     int64_t period_first, int64_t period_last, int64_t seats)
{
    int64_t of = period_last - period_first + 1, days = period_last - start + 1;
    add(to, type, x, start, period_last, seats,
        share_of(goods_cost(x->goods, x->variant), days, of),
        share_of(goods_price(x->goods, x->variant), days, of));
}

/* Where a subscription stands while its history is gone through. */
struct standing_at {
    struct article article;
    int64_t seats; /* that are charged; 0 when it is over */
    int64_t term_first, term_last;
};

static int64_t seats_after(const struct event *e)
{
    bool is_over = (e->kind == EVENT_FATE && e->fate == FATE_ENDED) || e->kind == EVENT_EXPIRED;
    return is_over ? 0 : e->seats;
}

/* What an event costs or gives back within the month. */
static void charge_event(struct collect *to, const struct standing_at *before,
                         const struct standing_at *after, int64_t day, bool is_term_start)
{
    bool is_yearly = after->article.variant->cycle_months == 12;
    bool same = before->article.goods_place == after->article.goods_place &&
                before->article.variant_place == after->article.variant_place;
    int64_t first = is_yearly ? after->term_first : to->first;
    int64_t last = is_yearly ? after->term_last : to->last;
    if (is_term_start && is_yearly) {
        add(to, "Recurring", &after->article, day, last, after->seats,
            goods_cost(after->article.goods, after->article.variant),
            goods_price(after->article.goods, after->article.variant));
    } else if (same || before->seats == 0) {
        add_rest(to, after->seats < before->seats ? "Credit" : "Prorate", &after->article, day,
                 first, last, after->seats - before->seats);
    } else {
        bool was_yearly = before->article.variant->cycle_months == 12;
        add_rest(to, "Credit", &before->article, day, was_yearly ? before->term_first : to->first,
                 was_yearly ? before->term_last : to->last, -before->seats);
        add_rest(to, "Prorate", &after->article, day, first, last, after->seats);
    }
}

/* The term that a day lies in: terms follow each other from the start. */
static void set_term(const struct life *life, struct standing_at *at, int64_t day)
{
    int64_t start = life->start_day;
    int64_t days = variant_term_ms(at->article.variant) / DAY_MS;
    int64_t terms = day > start ? (day - start) / days : 0;
    at->term_first = start + terms * days;
    at->term_last = at->term_first + days - 1;
}

/* The seeded world tells no renewals in its histories: a yearly term that begins in this month. */
static void charge_seeded_renewal(struct collect *to, const struct life *life,
                                  const struct standing_at *at)
{
    struct standing_at then = *at;
    set_term(life, &then, to->last);
    bool is_yearly = at->article.variant->cycle_months == 12 && at->seats > 0;
    bool begins = then.term_first >= to->first && then.term_first <= to->last;
    if (is_yearly && begins && then.term_first > life->start_day)
        add(to, "Recurring", &at->article, then.term_first, then.term_last, at->seats,
            goods_cost(at->article.goods, at->article.variant),
            goods_price(at->article.goods, at->article.variant));
}

static void charge_seats(struct collect *to, const struct life *life)
{
    struct standing_at at = { .article = article_of(&life->s) };
    size_t i = 0;
    for (; i < life->n_events && life->days[i] < to->first; i++) {
        at.article = article_at(life->events[i].goods_place, life->events[i].variant_place);
        at.seats = seats_after(&life->events[i]);
    }
    set_term(life, &at, to->first);
    if (at.seats > 0 && at.article.variant->cycle_months == 1)
        add(to, "Recurring", &at.article, to->first, to->last, at.seats,
            goods_cost(at.article.goods, at.article.variant),
            goods_price(at.article.goods, at.article.variant));
    charge_seeded_renewal(to, life, &at);
    for (; i < life->n_events; i++) {
        const struct event *e = &life->events[i];
        int64_t day = life->days[i];
        struct standing_at before = at;
        if (day > to->last)
            break;
        at.article = article_at(e->goods_place, e->variant_place);
        at.seats = seats_after(e);
        set_term(life, &at, day);
        charge_event(to, &before, &at, day, e->kind == EVENT_CREATED);
    }
}

size_t life_charges(struct sim *sim, const struct life *life, struct date month,
                    struct charge charges[static CHARGES_MAX])
{
    const struct subscription *s = &life->s;
    struct article x = article_of(s);
    int64_t first = date_to_ms(month) / DAY_MS, start = life->start_day;
    struct collect to = { .charges = charges,
                          .first = first,
                          .last = first + date_days_in_month(month.year, month.month) - 1 };
    bool ended_long_ago = s->fate == FATE_ENDED && s->ended_ms == 0;
    if (s->fate == FATE_PENDING || ended_long_ago || start > to.last)
        return 0;
    if (s->goods->measure == MEASURE_SEATS) {
        charge_seats(&to, life);
    } else if (s->goods->measure == MEASURE_USAGE) {
        struct usage u = usage_of(sim, s, month);
        add(&to, "Usage", &x, first, to.last, u.cost.units > 0, u.cost, u.price);
    } else if (start >= first) {
        add(&to, "OneTime", &x, start, start, s->quantity, s->cost, s->price);
    }
    return to.n;
}

struct usage usage_of(struct sim *sim, const struct subscription *s, struct date month)
{
    int64_t first = date_to_ms(month) / DAY_MS, today = day_of(sim, sim_now(sim));
    int64_t n_days = date_days_in_month(month.year, month.month), last = first + n_days - 1;
    int64_t start = day_of(sim, s->started_ms), end = last < today ? last : today;
    uint64_t bits =
        chance(sim->world.seed, 66, (uint64_t)s->place, (uint64_t)(month.year * 12 + month.month));
    struct decimal whole = { (2000 + chance_below(bits, 90000)) * CENT };
    struct usage u = { .start = date_of_day(start > first ? start : first),
                       .end = date_of_day(end) };
    bool is_over = s->fate == FATE_PENDING || (s->fate == FATE_ENDED && s->ended_ms == 0) ||
                   (s->ended_ms > 0 && day_of(sim, s->ended_ms) < first);
    if (is_over || start > end || end < first)
        return u;
    u.cost = share_of(whole, end - (start > first ? start : first) + 1, n_days);
    u.price = share_of(u.cost, 115, 100);
    return u;
}
