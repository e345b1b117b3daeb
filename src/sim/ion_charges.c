/* What is charged when: the money of Ion's reports and invoices adds up with the world's
 * subscriptions. */
#include "sim/ion.h"

#include "base/moment.h"

static int64_t month_start(int year, int month)
{
    year += (month - 1 + 1200) / 12 - 100;
    month = (month - 1 + 1200) % 12 + 1;
    return date_to_ms((struct date){ year, month, 1 });
}

struct ion_range ion_month_of(int64_t ms)
{
    struct date d = date_of_ms(ms);
    return (struct ion_range){ month_start(d.year, d.month), month_start(d.year, d.month + 1) };
}

/* Ranges that go on end now; "to date" ends with the last midnight (4.8 REAL). A week starts on
 * Monday; a month that is closed is the latest one. Both are guesses. */
bool ion_relative_range(struct sim *sim, struct str name, struct ion_range *range)
{
    int64_t now = sim_now(sim), today = now - now % ION_DAY_MS;
    struct date d = date_of_ms(now);
    int quarter = (d.month - 1) / 3 * 3 + 1;
    int64_t week = today - (today / ION_DAY_MS + 3) % 7 * ION_DAY_MS; /* 1970 began on a Thursday */
    const struct {
        const char *name;
        int64_t start_ms, end_ms;
    } rows[] = {
        { "TODAY", today, now + 1 },
        { "MONTH_TO_DATE", month_start(d.year, d.month), today },
        { "QUARTER_TO_DATE", month_start(d.year, quarter), today },
        { "YEAR_TO_DATE", month_start(d.year, 1), today },
        { "LAST_MONTH", month_start(d.year, d.month - 1), month_start(d.year, d.month) },
        { "LAST_QUARTER", month_start(d.year, quarter - 3), month_start(d.year, quarter) },
        { "LAST_YEAR", month_start(d.year - 1, 1), month_start(d.year, 1) },
        { "LATEST_MONTH", month_start(d.year, d.month - 1), month_start(d.year, d.month) },
        { "WEEK_TO_DATE", week, today },
        { "LAST_WEEK", week - 7 * ION_DAY_MS, week },
        { "TWO_MONTHS_AGO", month_start(d.year, d.month - 2), month_start(d.year, d.month - 1) },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_equal_nocase(name, str_of(rows[i].name))) {
            *range = (struct ion_range){ rows[i].start_ms, rows[i].end_ms };
            return true;
        }
    return false;
}

/* The start of a cycle: the day of the month stays, as far as the month has it. */
static int64_t cycle_start(int64_t started_ms, int months)
{
    int64_t in_day;
    struct date d = moment_split(started_ms, &in_day);
    int64_t first = month_start(d.year + months / 12, d.month + months % 12);
    struct date month = date_of_ms(first);
    int most = date_days_in_month(month.year, month.month);
    month.day = d.day < most ? d.day : most;
    return date_to_ms(month) + in_day;
}

int64_t ion_charges_in(const struct subscription *s, const struct ion_range *range)
{
    int step = s->goods->measure == MEASURE_ONE_TIME ? 0 : s->variant->cycle_months;
    int64_t n = 0;
    step = s->goods->measure == MEASURE_USAGE ? 1 : step;
    for (int months = 0;; months += step) {
        int64_t at = cycle_start(s->started_ms, months);
        bool is_over = (s->ended_ms != 0 && at >= s->ended_ms) || at >= range->end_ms;
        if (is_over)
            break;
        n += at >= range->start_ms;
        if (step == 0)
            break;
    }
    return n;
}

struct total ion_dollars(struct total amount, const char *currency)
{
    struct decimal rate;
    struct error ignored;
    if (strcmp(currency, "EUR") != 0 || decimal_parse(STR(ION_EUR_IN_USD), &rate, NULL, &ignored))
        return amount;
    return total_divide((struct total){ amount.units * rate.units }, DECIMAL_ONE);
}

static void visit_one(struct ask *ask, int64_t place, const struct ion_range *range,
                      void (*visit)(struct ask *, const struct ion_charge *, void *), void *context)
{
    struct ion_charge charge = { .s = sim_subscription(ask->sim, AT_ION, place) };
    bool unknown_end = charge.s.fate == FATE_ENDED && charge.s.ended_ms == 0;
    if (!sim_lists_subscription(ask->sim, AT_ION, place) || unknown_end ||
        charge.s.fate == FATE_PENDING)
        return;
    charge.n = ion_charges_in(&charge.s, range);
    if (charge.n == 0)
        return;
    charge.cost = total_times(charge.s.cost, charge.s.quantity * charge.n);
    charge.price = total_times(charge.s.price, charge.s.quantity * charge.n);
    visit(ask, &charge, context);
}

void ion_each_charge(struct ask *ask, int64_t customer, const struct ion_range *range,
                     void (*visit)(struct ask *ask, const struct ion_charge *charge, void *context),
                     void *context)
{
    int64_t *places = NULL, n = sim_subscriptions(ask->sim, AT_ION), now = sim_now(ask->sim);
    struct ion_range so_far = { range->start_ms, range->end_ms < now ? range->end_ms : now + 1 };
    if (customer >= 0)
        n = sim_customer_subscriptions(ask->sim, ask->x->a, AT_ION, customer, &places);
    for (int64_t i = 0; i < n; i++)
        visit_one(ask, places == NULL ? i : places[i], &so_far, visit, context);
}
