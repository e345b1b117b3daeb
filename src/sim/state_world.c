/* The seeded world with what has happened in it. */
#include "sim/inside.h"

#include "sim/state_inside.h"

#define FIRST_ION_ID 3100001
#define KIND_GUID    2

static struct subscription_row *subscription_row(struct sim *sim, enum marketplace at,
                                                 int64_t place)
{
    const size_t *row = index_find(&sim->state->subscription_rows, at, place);
    struct subscription_row *rows = sim->state->tables[STATE_SUBSCRIPTION].rows;
    return row == NULL ? NULL : &rows[*row];
}

/* --- customers --- */

int64_t sim_customers(struct sim *sim, enum marketplace at)
{
    return sim->world.n_customers + sim->state->n_new_customers[at];
}

struct customer sim_customer(struct sim *sim, struct arena *a, enum marketplace at, int64_t place)
{
    const size_t *row = index_find(&sim->state->customer_rows, at, place);
    const struct customer_row *rows = sim->state->tables[STATE_CUSTOMER].rows;
    return row == NULL ? world_customer(&sim->world, a, at, place) : rows[*row].customer;
}

bool sim_lists_customer(struct sim *sim, enum marketplace at, int64_t place)
{
    return place >= sim->world.n_customers || world_lists_customer(&sim->world, at, place);
}

bool sim_find_customer(struct sim *sim, enum marketplace at, struct str number, int64_t *ret_place)
{
    int64_t n;
    if (!str_integer(number, &n))
        return false;
    *ret_place = n - world_first_customer_number(at);
    return *ret_place >= 0 && *ret_place < sim_customers(sim, at) &&
           sim_lists_customer(sim, at, *ret_place);
}

static void keep_customer_texts(struct sim *sim, struct customer *c)
{
    struct str *const texts[] = { &c->name.legal, &c->name.domain,    &c->contact,
                                  &c->email,      &c->phone,          &c->tenant_id,
                                  &c->uid,        &c->suite,          &c->title,
                                  &c->language,   &c->alternate_email };
    const char **const plain[] = { &c->address.street, &c->address.city, &c->address.state,
                                   &c->address.zip,    &c->country,      &c->currency };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = state_text(sim, *texts[i]);
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        *plain[i] = *plain[i] == NULL ? "" : state_text(sim, str_of(*plain[i])).at;
}

int64_t sim_add_customer(struct sim *sim, enum marketplace at, const struct customer *customer)
{
    int64_t place = sim_customers(sim, at);
    struct customer c = *customer;
    SCOPED(arena_free) struct arena a = ARENA(0);
    if (c.uid.at == NULL)
        c.uid = world_uid(&sim->world, &a, place);
    c.at = at;
    c.place = place;
    c.number = world_first_customer_number(at) + place;
    c.organisation = -1;
    c.country = c.country == NULL ? "US" : c.country;
    c.currency = c.currency == NULL ? "USD" : c.currency;
    c.created_ms = c.created_ms == 0 ? sim_now(sim) : c.created_ms;
    c.updated_ms = c.created_ms;
    keep_customer_texts(sim, &c);
    struct customer_row *row = state_add(sim, STATE_CUSTOMER);
    row->customer = c;
    index_put(&sim->state->customer_rows, at, place, sim->state->tables[STATE_CUSTOMER].n - 1);
    sim->state->n_new_customers[at]++;
    return place;
}

void sim_change_customer(struct sim *sim, enum marketplace at, int64_t place,
                         const struct customer *customer)
{
    struct customer c = *customer;
    size_t *found = index_find(&sim->state->customer_rows, at, place);
    c.at = at;
    c.place = place;
    c.updated_ms = sim_now(sim);
    keep_customer_texts(sim, &c);
    struct customer_row *row;
    if (found == NULL) {
        row = state_add(sim, STATE_CUSTOMER);
        index_put(&sim->state->customer_rows, at, place, sim->state->tables[STATE_CUSTOMER].n - 1);
    } else {
        row = (struct customer_row *)sim->state->tables[STATE_CUSTOMER].rows + *found;
    }
    row->customer = c;
}

/* --- subscriptions as they are now --- */

static void happen(struct happened *to, struct event event)
{
    if (to == NULL)
        return;
    ARENA_GROW(to->a, to->events, to->n, to->room);
    to->events[to->n++] = event;
}

static void renew(struct subscription *s, struct happened *to)
{
    const struct renewal *r = &s->renewal;
    int64_t before = s->quantity;
    if (r->is_set && r->goods_place >= 0)
        subscription_set_goods(s, r->goods_place, r->variant_place);
    if (r->is_set && r->seats > 0)
        s->quantity = r->seats;
    s->renewal = (struct renewal){ .goods_place = -1, .variant_place = -1 };
    s->term_started_ms = s->term_ends_ms;
    s->term_ends_ms += variant_term_ms(s->variant);
    s->ends_ms = s->is_stale ? s->ends_ms : s->term_ends_ms;
    s->updated_ms = s->term_started_ms;
    happen(to, (struct event){ .at_ms = s->term_started_ms,
                               .kind = EVENT_RENEWED,
                               .seats_before = before,
                               .seats = s->quantity,
                               .auto_renew = true,
                               .goods_place = s->goods_place,
                               .variant_place = s->variant_place,
                               .source = FROM_SYSTEM,
                               .who = STR("system") });
}

/* Terms end: seats go on or expire; usage and what was bought once have no term. */
void state_live_on(struct subscription *s, int64_t now_ms, struct happened *to)
{
    if (s->goods->measure != MEASURE_SEATS)
        return;
    while ((s->fate == FATE_ACTIVE || s->fate == FATE_SUSPENDED) && s->term_ends_ms <= now_ms) {
        if (s->auto_renew) {
            renew(s, to);
            continue;
        }
        s->fate = FATE_EXPIRED;
        s->ended_ms = s->updated_ms = s->term_ends_ms;
        happen(to, (struct event){ .at_ms = s->ended_ms,
                                   .kind = EVENT_EXPIRED,
                                   .seats_before = s->quantity,
                                   .seats = s->quantity,
                                   .fate = FATE_EXPIRED,
                                   .source = FROM_SYSTEM,
                                   .who = STR("system") });
    }
}

int64_t sim_subscriptions(struct sim *sim, enum marketplace at)
{
    return sim->world.n_subscriptions + sim->state->n_new_subscriptions[at];
}

struct subscription state_last_known(struct sim *sim, enum marketplace at, int64_t place)
{
    const struct subscription_row *row = subscription_row(sim, at, place);
    if (row != NULL)
        return row->subscription;
    struct subscription s = world_subscription(&sim->world, at, place);
    world_leave_end_behind(&sim->world, &s, sim->knobs.values[KNOB_stale_end_share]);
    return s;
}

struct subscription sim_subscription(struct sim *sim, enum marketplace at, int64_t place)
{
    struct subscription s = state_last_known(sim, at, place);
    state_live_on(&s, sim_now(sim), NULL);
    s.has_no_status =
        world_has_no_status(&sim->world, &s, sim->knobs.values[KNOB_null_status_share]);
    return s;
}

bool sim_lists_subscription(struct sim *sim, enum marketplace at, int64_t place)
{
    return place >= sim->world.n_subscriptions || world_lists_subscription(&sim->world, at, place);
}

/* By contract and line: a new line of an old contract stands among the old ones. */
static int compare_ids(struct sim *sim, enum marketplace at, int64_t one, int64_t other)
{
    if (at == AT_ION)
        return one < other ? -1 : one > other;
    struct subscription a = state_last_known(sim, at, one), b = state_last_known(sim, at, other);
    if (a.contract != b.contract)
        return a.contract < b.contract ? -1 : 1;
    return a.line < b.line ? -1 : a.line > b.line;
}

int64_t sim_customer_subscriptions(struct sim *sim, struct arena *a, enum marketplace at,
                                   int64_t customer, int64_t **ret_places)
{
    const struct subscription_row *rows = sim->state->tables[STATE_SUBSCRIPTION].rows;
    int64_t first = 0, end = 0, n = 0;
    size_t n_new = 0, room;
    if (customer < sim->world.n_customers) {
        first = world_first_subscription(&sim->world, at, customer);
        end = world_first_subscription(&sim->world, at, customer + 1);
    }
    const size_t *last = index_find(&sim->state->new_of_customer, at, customer);
    for (size_t row = last == NULL ? 0 : *last; row > 0; row = rows[row - 1].previous_of_customer)
        n_new++;
    room = (size_t)(end - first) + n_new;
    int64_t *places = ARENA_ARRAY(a, room + 1, int64_t);
    for (int64_t i = first; i < end; i++)
        if (world_lists_subscription(&sim->world, at, i))
            places[n++] = i;
    int64_t tail = n += (int64_t)n_new;
    for (size_t row = last == NULL ? 0 : *last; row > 0; row = rows[row - 1].previous_of_customer)
        places[--tail] = rows[row - 1].subscription.place;
    for (int64_t i = tail; i < n; i++) /* mostly in order already */
        for (int64_t k = i; k > 0 && compare_ids(sim, at, places[k], places[k - 1]) < 0; k--) {
            int64_t swap = places[k];
            places[k] = places[k - 1];
            places[k - 1] = swap;
        }
    *ret_places = places;
    return n;
}

/* --- ids --- */

int64_t sim_ion_id(int64_t place)
{
    return place + FIRST_ION_ID;
}

char *sim_ion_guid(struct sim *sim, int64_t place, char at[37])
{
    return world_guid(sim->world.seed, KIND_GUID, (uint64_t)place, at);
}

static bool find_stellr(struct sim *sim, struct str id, int64_t *ret_place)
{
    const struct subscription_row *rows = sim->state->tables[STATE_SUBSCRIPTION].rows;
    struct str line_text = id, contract_text;
    int64_t contract, line;
    if (world_find_stellr_subscription(&sim->world, id, ret_place))
        return true;
    (void)str_next(&line_text, '_', &contract_text);
    if (!str_integer(contract_text, &contract) || !str_integer(line_text, &line))
        return false;
    for (size_t i = 0; i < sim->state->tables[STATE_SUBSCRIPTION].n; i++) {
        const struct subscription *s = &rows[i].subscription;
        if (s->is_new && s->at == AT_STELLR && s->contract == contract && s->line == line) {
            *ret_place = s->place;
            return true;
        }
    }
    return false;
}

static bool find_ion_guid(struct sim *sim, int64_t customer, struct str id, int64_t *ret_place)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    char guid[37];
    int64_t *places, n;
    if (id.len != 36)
        return false;
    if (customer >= 0) {
        n = sim_customer_subscriptions(sim, &a, AT_ION, customer, &places);
    } else {
        n = sim_subscriptions(sim, AT_ION);
        places = NULL;
    }
    for (int64_t i = 0; i < n; i++) {
        *ret_place = places == NULL ? i : places[i];
        if (str_equal_nocase(id, str_of(sim_ion_guid(sim, *ret_place, guid))))
            return true;
    }
    return false;
}

bool sim_find_subscription(struct sim *sim, enum marketplace at, int64_t customer, struct str id,
                           int64_t *ret_place)
{
    bool found;
    int64_t number;
    if (at == AT_STELLR) {
        found = find_stellr(sim, id, ret_place);
    } else if (str_integer(id, &number)) {
        *ret_place = number - FIRST_ION_ID;
        found = *ret_place >= 0 && *ret_place < sim_subscriptions(sim, at);
    } else {
        found = find_ion_guid(sim, customer, id, ret_place);
    }
    return found && sim_lists_subscription(sim, at, *ret_place) &&
           (customer < 0 || state_last_known(sim, at, *ret_place).customer_place == customer);
}

struct str sim_reseller_po(struct arena *a, const struct subscription *s)
{
    if (s->reseller_po.at != NULL || s->is_new)
        return s->reseller_po;
    return s->place % 2 == 0 ? str_of(arena_printf(a, "RPO-%lld", (long long)s->place + 1000))
                             : STR_NONE;
}

struct str sim_customer_po(struct arena *a, const struct subscription *s)
{
    if (s->customer_po.at != NULL || s->is_new)
        return s->customer_po;
    return s->place % 5 == 0 ? str_of(arena_printf(a, "CPO-%lld", (long long)s->place + 2000))
                             : STR_NONE;
}

/* --- history --- */

size_t sim_events(struct sim *sim, struct arena *a, enum marketplace at, int64_t place,
                  const struct event **ret_events)
{
    const struct subscription_row *row = subscription_row(sim, at, place);
    const struct event_row *rows = sim->state->tables[STATE_EVENT].rows;
    struct happened all = { .a = a };
    int64_t before = 0;
    if (place < sim->world.n_subscriptions) {
        struct subscription s = world_subscription(&sim->world, at, place);
        for (int i = 0; i < s.n_events; i++) {
            const struct seat_event *e = &s.events[i];
            happen(&all, (struct event){ .at_ms = e->at_ms,
                                         .kind = e->is_created ? EVENT_CREATED : EVENT_SEATS,
                                         .seats_before = before,
                                         .seats = e->seats,
                                         .auto_renew = s.auto_renew,
                                         .goods_place = s.goods_place,
                                         .variant_place = s.variant_place,
                                         .who = STR(SIM_API_USER) });
            before = e->seats;
        }
    }
    size_t n_known = all.n, n_rows = 0;
    for (size_t i = row == NULL ? 0 : row->last_event; i > 0; i = rows[i - 1].previous, n_rows++)
        happen(&all, rows[i - 1].event);
    for (size_t i = 0; i < n_rows / 2; i++) { /* they were newest first */
        struct event swap = all.events[n_known + i];
        all.events[n_known + i] = all.events[n_known + n_rows - 1 - i];
        all.events[n_known + n_rows - 1 - i] = swap;
    }
    struct subscription s = state_last_known(sim, at, place);
    state_live_on(&s, sim_now(sim), &all);
    *ret_events = all.events;
    return all.n;
}

/* --- after a restore --- */

void state_index_rows(struct sim *sim)
{
    struct state *state = sim->state;
    const struct customer_row *customers = state->tables[STATE_CUSTOMER].rows;
    const struct subscription_row *subscriptions = state->tables[STATE_SUBSCRIPTION].rows;
    for (enum marketplace at = AT_STELLR; at <= AT_ION; at++)
        state->n_new_customers[at] = state->n_new_subscriptions[at] = 0;
    for (size_t i = 0; i < state->tables[STATE_CUSTOMER].n; i++) {
        const struct customer *c = &customers[i].customer;
        index_put(&state->customer_rows, c->at, c->place, i);
        state->n_new_customers[c->at] += c->place >= sim->world.n_customers;
    }
    for (size_t i = 0; i < state->tables[STATE_SUBSCRIPTION].n; i++) {
        const struct subscription *s = &subscriptions[i].subscription;
        index_put(&state->subscription_rows, s->at, s->place, i);
        if (!s->is_new)
            continue;
        index_put(&state->new_of_customer, s->at, s->customer_place, i + 1);
        state->n_new_subscriptions[s->at]++;
    }
}
