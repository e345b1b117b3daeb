/* Facts from chance. */
#include "sim/world.h"

#include "sim/chance.h"

#define DAY_MS             INT64_C(86400000)
#define FIRST_CUSTOMER_NO  700101
#define FIRST_ION_CUSTOMER 410001
#define FIRST_CONTRACT     510000
#define FIRST_ION_ID       3100001
#define LINES_PER_CONTRACT 3
#define MILLION            INT64_C(1000000)

/* What a number is drawn for, so that no two facts share their chance. */
enum draw {
    DRAW_CUSTOMER = 100,
    DRAW_BOUND,
    DRAW_GOODS,
    DRAW_VARIANT,
    DRAW_SEATS,
    DRAW_EVENT,
    DRAW_FATE,
    DRAW_START,
    DRAW_TIME,
    DRAW_STATUS,
    DRAW_UID
};

static uint64_t draw(const struct world *w, enum marketplace at, enum draw what, int64_t place)
{
    return chance(w->seed, (uint64_t)what * 2 + at, (uint64_t)place, 0);
}

static bool share(uint64_t bits, int percent)
{
    return chance_below(bits, 100) < percent;
}

int64_t world_organisations(const struct world *w)
{
    return w->n_customers + w->n_customers / 2;
}

/* Organisations 0 .. n-1 are at Stellr, n/2 .. n/2+n-1 at Ion. */
static int64_t organisation_of(const struct world *w, enum marketplace at, int64_t place)
{
    return at == AT_STELLR ? place : place + w->n_customers / 2;
}

char *world_guid(uint64_t seed, uint64_t kind, uint64_t place, char at[37])
{
    uint64_t high = chance(seed, kind, place, 1), low = chance(seed, kind, place, 2);
    (void)snprintf(at, 37, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
                   (unsigned)(high >> 16) & 0xffff, (unsigned)high & 0xfff,
                   0x8000 | ((unsigned)(low >> 48) & 0x3fff),
                   (unsigned long long)(low & UINT64_C(0xffffffffffff)));
    return at;
}

struct str world_uid(const struct world *w, struct arena *a, int64_t place)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    char *at = arena_alloc(a, 15);
    uint64_t bits = draw(w, AT_ION, DRAW_UID, place);
    for (int i = 0; i < 14; i++, bits = bits / 62 + chance(bits, 0, 0, 0) % 1000003)
        at[i] = digits[bits % 62];
    return (struct str){ at, 14 };
}

/* Some of those that are at Ion only are charged in euros. */
static const char *currency_of(const struct world *w, enum marketplace at, int64_t place)
{
    int64_t organisation = organisation_of(w, at, place);
    return at == AT_ION && organisation >= w->n_customers && organisation % 4 == 1 ? "EUR" : "USD";
}

struct customer world_customer(const struct world *w, struct arena *a, enum marketplace at,
                               int64_t place)
{
    int64_t organisation = organisation_of(w, at, place);
    uint64_t bits = chance(w->seed, DRAW_CUSTOMER, (uint64_t)organisation, 0);
    struct customer c = {
        .at = at,
        .place = place,
        .number = place + world_first_customer_number(at),
        .organisation = organisation,
        .name = name_organisation(a, w->seed, organisation),
        .contact = name_person(a, bits),
        .address = name_place(bits >> 8),
        .phone = str_of(arena_printf(a, "555-01%02d", (int)(bits >> 16) % 100 & 63)),
        .uid = world_uid(w, a, place),
        .title = STR("Owner"),
        .language = STR("EN"),
        .country = "US",
        .currency = currency_of(w, at, place),
        .is_active = place == 0 || !share(bits >> 24, 4),
        .created_ms = w->today_ms - DAY_MS * (400 + chance_below(bits >> 32, 800)) +
                      chance_below(bits, 86400) * 1000,
    };
    c.updated_ms = c.created_ms - c.created_ms % 1000 + 1000;
    c.email = str_of(arena_printf(a, "it@%.*s", STR_PRINT(c.name.domain)));
    c.tenant_id = str_of(world_guid(w->seed, 1, (uint64_t)organisation, arena_alloc(a, 37)));
    return c;
}

/* Bounds between the customers' subscriptions: evenly spread, each moved by less than half of a
 * share, so that they stay in order and the last is exactly the total. */
int64_t world_first_subscription(const struct world *w, enum marketplace at, int64_t customer)
{
    if (customer <= 0)
        return 0;
    if (customer >= w->n_customers)
        return w->n_subscriptions;
    int64_t parts = chance_below(draw(w, at, DRAW_BOUND, customer), 801) - 400; /* of 1000 */
    int128 thousandths =
        (int128)w->n_subscriptions * ((int128)customer * 1000 + parts) / w->n_customers;
    return (int64_t)(thousandths / 1000);
}

int64_t world_first_contract(void)
{
    return FIRST_CONTRACT;
}

int64_t world_customer_of(const struct world *w, enum marketplace at, int64_t subscription)
{
    int64_t low = 0, high = w->n_customers;
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (world_first_subscription(w, at, middle) <= subscription)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* 0.9137425 euros for a dollar: seven decimals, as real converted prices have them. */
static struct decimal in_currency(struct decimal usd, const char *currency)
{
    if (strcmp(currency, "EUR") != 0)
        return usd;
    int128 units = (int128)usd.units * 9137425 / 10000000;
    return (struct decimal){ (int64_t)(units / 10 * 10) };
}

void subscription_set_goods(struct subscription *s, int goods_place, int variant_place)
{
    s->goods_place = goods_place;
    s->goods = &catalogue[goods_place];
    s->variant_place = s->goods->measure == MEASURE_SEATS ? variant_place : 0;
    s->variant = &variants[s->variant_place];
    if (s->goods->measure == MEASURE_ONE_TIME)
        s->variant = &variant_once;
    if (s->goods->measure == MEASURE_USAGE)
        s->variant = &variant_usage;
    s->cost = in_currency(goods_cost(s->goods, s->variant), s->currency);
    s->price = in_currency(goods_price(s->goods, s->variant), s->currency);
}

int64_t variant_term_ms(const struct variant *variant)
{
    return variant->term_months == 1 ? 30 * DAY_MS : variant->term_months * DAY_MS * 365 / 12;
}

static void choose_goods(const struct world *w, struct subscription *s)
{
    uint64_t bits = draw(w, s->at, DRAW_GOODS, s->place);
    int usual = 14; /* the first rows are what most customers hold */
    s->goods_place = share(bits, 80) ? (int)chance_below(bits >> 8, usual)
                                     : (int)chance_below(bits >> 8, catalogue_size());
    int64_t roll = chance_below(draw(w, s->at, DRAW_VARIANT, s->place), 100);
    subscription_set_goods(s, s->goods_place, roll < 30 ? 0 : roll < 80 ? 1 : 2);
}

static void choose_dates(const struct world *w, struct subscription *s)
{
    uint64_t bits = draw(w, s->at, DRAW_START, s->place);
    int64_t age_days = 20 + chance_below(bits, 700);
    int64_t term_days = s->variant->term_months == 1 ? 30 : 365;
    s->started_ms = w->today_ms - age_days * DAY_MS +
                    chance_below(draw(w, s->at, DRAW_TIME, s->place), 86400) * 1000 + 491;
    int64_t terms = age_days / term_days + 1;
    s->term_ends_ms = s->started_ms + terms * term_days * DAY_MS;
    s->term_started_ms = s->term_ends_ms - term_days * DAY_MS;
    s->auto_renew = !share(bits >> 40, 12);
    world_leave_end_behind(w, s, 150000);
}

void world_leave_end_behind(const struct world *w, struct subscription *s, int64_t parts)
{
    uint64_t bits = draw(w, s->at, DRAW_START, s->place);
    bool is_renewed = s->term_started_ms > s->started_ms;
    s->is_stale = s->at == AT_ION && is_renewed && chance_below(bits >> 32, 100) * 10000 < parts;
    s->ends_ms = s->term_ends_ms;
    if (s->is_stale)
        s->ends_ms = s->started_ms + (s->variant->term_months == 1 ? 30 : 365) * DAY_MS;
}

static void live_through_events(const struct world *w, struct subscription *s)
{
    uint64_t bits = draw(w, s->at, DRAW_SEATS, s->place);
    int64_t seats = s->goods->measure == MEASURE_SEATS ? 1 + chance_below(bits, 40) : 1;
    int n = s->goods->measure == MEASURE_SEATS ? (int)chance_below(bits >> 32, EVENTS_MAX) : 0;
    s->events[s->n_events++] = (struct seat_event){ s->started_ms + 5000, seats, true };
    for (int i = 0; i < n; i++) {
        uint64_t event = chance(bits, DRAW_EVENT, (uint64_t)i, 0);
        int64_t span = w->today_ms - s->started_ms;
        int64_t at = s->started_ms + span * (i + 1) / (n + 1) + chance_below(event, 3600) * 1000;
        seats += chance_below(event >> 8, 9) - 2;
        seats = seats < 1 ? 1 : seats;
        s->events[s->n_events++] = (struct seat_event){ at, seats, false };
    }
    /* Somebody changes seats in the portal: the edited ones lie spread over the world. */
    int64_t stride = w->n_edited > 0 ? w->n_subscriptions / w->n_edited : 0;
    if (stride > 0 && s->place % stride == 0 && s->place / stride < w->n_edited)
        s->events[s->n_events - 1].seats++;
    s->quantity = s->events[s->n_events - 1].seats;
    s->updated_ms = s->events[s->n_events - 1].at_ms + 4000;
}

struct subscription world_subscription(const struct world *w, enum marketplace at, int64_t place)
{
    struct subscription s = { .at = at, .place = place };
    s.customer_place = world_customer_of(w, at, place);
    s.currency = currency_of(w, at, s.customer_place);
    int64_t first = world_first_subscription(w, at, s.customer_place);
    int64_t within = place - first;
    s.contract = FIRST_CONTRACT + first + within / LINES_PER_CONTRACT * LINES_PER_CONTRACT;
    s.line = within % LINES_PER_CONTRACT + 1;
    choose_goods(w, &s);
    choose_dates(w, &s);
    live_through_events(w, &s);
    s.parent_line = s.goods->is_add_on && s.line > 1 ? 1 : 0;
    s.renewal = (struct renewal){ .goods_place = -1, .variant_place = -1 };
    int64_t fate = chance_below(draw(w, at, DRAW_FATE, place), 100);
    s.fate = fate < 88   ? FATE_ACTIVE
             : fate < 93 ? FATE_SUSPENDED
             : fate < 94 ? FATE_PENDING
                         : FATE_ENDED;
    s.has_no_status = world_has_no_status(w, &s, 350000);
    return s;
}

bool world_has_no_status(const struct world *w, const struct subscription *s, int64_t parts)
{
    uint64_t bits = draw(w, s->at, DRAW_STATUS, s->place);
    return s->fate == FATE_ACTIVE && chance_below(bits, 100) * 10000 < parts;
}

/* The missing ones lie spread over the world. */
static bool is_missing(int64_t place, int64_t n, int64_t n_missing)
{
    int64_t stride = n_missing > 0 ? n / n_missing : 0;
    return stride > 0 && place % stride == 0 && place / stride < n_missing;
}

bool world_lists_customer(const struct world *w, enum marketplace at, int64_t place)
{
    (void)at;
    return !is_missing(place, w->n_customers, w->n_missing_customers);
}

bool world_lists_subscription(const struct world *w, enum marketplace at, int64_t place)
{
    (void)at;
    return !is_missing(place, w->n_subscriptions, w->n_missing);
}

int64_t world_first_customer_number(enum marketplace at)
{
    return at == AT_STELLR ? FIRST_CUSTOMER_NO : FIRST_ION_CUSTOMER;
}

bool world_find_customer(const struct world *w, enum marketplace at, struct str number,
                         int64_t *ret_place)
{
    int64_t n;
    if (!str_integer(number, &n))
        return false;
    n -= world_first_customer_number(at);
    *ret_place = n;
    return n >= 0 && n < w->n_customers;
}

bool world_find_stellr_subscription(const struct world *w, struct str id, int64_t *ret_place)
{
    struct str line_text = id, contract_text;
    int64_t contract, line;
    (void)str_next(&line_text, '_', &contract_text);
    if (!str_integer(contract_text, &contract) || !str_integer(line_text, &line) || line < 1 ||
        line > LINES_PER_CONTRACT)
        return false;
    int64_t place = contract - FIRST_CONTRACT + line - 1;
    if (place < 0 || place >= w->n_subscriptions)
        return false;
    struct subscription s = world_subscription(w, AT_STELLR, place);
    *ret_place = place;
    return s.contract == contract && s.line == line;
}

bool world_find_ion_subscription(const struct world *w, struct str id, int64_t *ret_place)
{
    int64_t n;
    if (!str_integer(id, &n))
        return false;
    *ret_place = n - FIRST_ION_ID;
    return *ret_place >= 0 && *ret_place < w->n_subscriptions;
}
