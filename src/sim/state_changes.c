/* New and changed subscriptions. */
#include "sim/inside.h"

#include "sim/state_inside.h"

static void add_event(struct sim *sim, size_t row, const struct event *event)
{
    struct event_row *e = state_add(sim, STATE_EVENT);
    struct subscription_row *rows = sim->state->tables[STATE_SUBSCRIPTION].rows;
    e->event = *event;
    e->previous = rows[row].last_event;
    rows[row].last_event = sim->state->tables[STATE_EVENT].n;
}

/* The row of a subscription as it is now; one is made when there was none. What happened by itself
 * since the last change goes into its history. */
static size_t touch_row(struct sim *sim, enum marketplace at, int64_t place)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct happened happened = { .a = &a };
    const size_t *found = index_find(&sim->state->subscription_rows, at, place);
    size_t row = found != NULL ? *found : sim->state->tables[STATE_SUBSCRIPTION].n;
    struct subscription s = state_last_known(sim, at, place);
    state_live_on(&s, sim_now(sim), &happened);
    if (found == NULL) {
        (void)state_add(sim, STATE_SUBSCRIPTION);
        index_put(&sim->state->subscription_rows, at, place, row);
    }
    ((struct subscription_row *)sim->state->tables[STATE_SUBSCRIPTION].rows)[row].subscription = s;
    for (size_t i = 0; i < happened.n; i++)
        add_event(sim, row, &happened.events[i]);
    return row;
}

int64_t sim_next_contract(struct sim *sim)
{
    const struct subscription_row *rows = sim->state->tables[STATE_SUBSCRIPTION].rows;
    int64_t next = world_first_contract() + (sim->world.n_subscriptions / 1000 + 1) * 1000;
    for (size_t i = 0; i < sim->state->tables[STATE_SUBSCRIPTION].n; i++)
        if (rows[i].subscription.is_new && rows[i].subscription.contract >= next)
            next = rows[i].subscription.contract + 1;
    return next;
}

int64_t sim_next_line(struct sim *sim, int64_t customer, int64_t contract)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    int64_t *places, line = 0;
    int64_t n = sim_customer_subscriptions(sim, &a, AT_STELLR, customer, &places);
    for (int64_t i = 0; i < n; i++) {
        struct subscription s = state_last_known(sim, AT_STELLR, places[i]);
        line = s.contract == contract && s.line > line ? s.line : line;
    }
    return line + 1;
}

static void choose_what_is_absent(struct sim *sim, struct subscription *s)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct customer c = sim_customer(sim, &a, s->at, s->customer_place);
    s->currency = str_is(str_of(c.currency), "EUR") ? "EUR" : "USD";
    subscription_set_goods(s, s->goods_place, s->variant_place);
    if (s->at == AT_STELLR && s->contract == 0)
        s->contract = sim_next_contract(sim);
    if (s->at == AT_STELLR && s->line == 0)
        s->line = sim_next_line(sim, s->customer_place, s->contract);
    s->started_ms = s->started_ms == 0 ? sim_now(sim) : s->started_ms;
    s->ends_ms = s->ends_ms == 0 ? s->started_ms + variant_term_ms(s->variant) : s->ends_ms;
    s->term_started_ms = s->started_ms;
    s->term_ends_ms = s->ends_ms;
    s->updated_ms = s->started_ms;
    s->friendly_name = state_text(sim, s->friendly_name);
    s->reseller_po = state_text(sim, s->reseller_po);
    s->customer_po = state_text(sim, s->customer_po);
    if (!s->renewal.is_set)
        s->renewal = (struct renewal){ .goods_place = -1, .variant_place = -1 };
}

int64_t sim_add_subscription(struct sim *sim, enum marketplace at, const struct subscription *given,
                             enum source source, struct str who)
{
    struct state *state = sim->state;
    struct subscription s = *given;
    s.at = at;
    s.place = sim_subscriptions(sim, at);
    s.is_new = true;
    s.is_stale = false;
    s.n_events = 0;
    choose_what_is_absent(sim, &s);
    size_t row = state->tables[STATE_SUBSCRIPTION].n;
    struct subscription_row *added = state_add(sim, STATE_SUBSCRIPTION);
    const size_t *last = index_find(&state->new_of_customer, at, s.customer_place);
    added->subscription = s;
    added->previous_of_customer = last == NULL ? 0 : *last;
    index_put(&state->new_of_customer, at, s.customer_place, row + 1);
    index_put(&state->subscription_rows, at, s.place, row);
    state->n_new_subscriptions[at]++;
    add_event(sim, row,
              &(struct event){ .at_ms = s.started_ms,
                               .kind = EVENT_CREATED,
                               .seats = s.quantity,
                               .auto_renew = s.auto_renew,
                               .goods_place = s.goods_place,
                               .variant_place = s.variant_place,
                               .source = source,
                               .who = who.at == NULL ? STR(SIM_API_USER) : state_text(sim, who) });
    return s.place;
}

static void apply_field(struct sim *sim, struct subscription *s, unsigned field,
                        const struct subscription_change *c)
{
    switch (field) {
    case CHANGE_SEATS:
        s->quantity = c->seats;
        break;
    case CHANGE_FATE:
        s->fate = c->fate;
        s->ended_ms = c->fate == FATE_ENDED ? sim_now(sim) : 0;
        break;
    case CHANGE_AUTO_RENEW:
        s->auto_renew = c->auto_renew;
        break;
    case CHANGE_RENEWAL:
        s->renewal = c->renewal;
        break;
    case CHANGE_GOODS:
        subscription_set_goods(s, c->goods_place, c->variant_place);
        break;
    case CHANGE_NAME:
        s->friendly_name = state_text(sim, c->friendly_name);
        break;
    default:
        s->reseller_po =
            c->reseller_po.at == NULL ? s->reseller_po : state_text(sim, c->reseller_po);
        s->customer_po =
            c->customer_po.at == NULL ? s->customer_po : state_text(sim, c->customer_po);
    }
}

void sim_change_subscription(struct sim *sim, enum marketplace at, int64_t place,
                             const struct subscription_change *change)
{
    static const struct {
        unsigned field;
        enum event_kind kind;
    } fields[] = {
        { CHANGE_GOODS, EVENT_GOODS },
        { CHANGE_SEATS, EVENT_SEATS },
        { CHANGE_FATE, EVENT_FATE },
        { CHANGE_AUTO_RENEW, EVENT_RENEWAL_SETTING },
        { CHANGE_RENEWAL, EVENT_RENEWAL_SETTING },
        { CHANGE_NAME, EVENT_NAME },
    };
    size_t row = touch_row(sim, at, place);
    struct str who = change->who.at == NULL ? STR(SIM_API_USER) : state_text(sim, change->who);
    struct subscription *rows_of_it; /* rows do not move: only events are added below */
    rows_of_it =
        &((struct subscription_row *)sim->state->tables[STATE_SUBSCRIPTION].rows)[row].subscription;
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        struct subscription *s = rows_of_it;
        int64_t before = s->quantity;
        if ((change->fields & fields[i].field) == 0)
            continue;
        apply_field(sim, s, fields[i].field, change);
        struct event event = { .at_ms = sim_now(sim),
                               .kind = fields[i].kind,
                               .seats_before = before,
                               .seats = s->quantity,
                               .fate = s->fate,
                               .auto_renew = s->auto_renew,
                               .renewal = s->renewal,
                               .goods_place = s->goods_place,
                               .variant_place = s->variant_place,
                               .source = change->source,
                               .who = who };
        bool is_told = fields[i].field == CHANGE_AUTO_RENEW && (change->fields & CHANGE_RENEWAL);
        if (!is_told) /* both together are one setting */
            add_event(sim, row, &event);
    }
    if ((change->fields & CHANGE_ORDERS) != 0)
        apply_field(sim, rows_of_it, CHANGE_ORDERS, change);
    rows_of_it->updated_ms = sim_now(sim);
}

void sim_move_term_end(struct sim *sim, enum marketplace at, int64_t place, int64_t ends_ms)
{
    size_t row = touch_row(sim, at, place);
    struct subscription_row *rows = sim->state->tables[STATE_SUBSCRIPTION].rows;
    struct subscription *s = &rows[row].subscription;
    s->term_ends_ms = s->ends_ms = ends_ms;
    s->term_started_ms = ends_ms - variant_term_ms(s->variant);
    s->is_stale = false;
}
