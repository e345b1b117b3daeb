/* What becomes due at Ion: orders go from NEW over IN_PROGRESS to COMPLETED or ERROR, by time (9
 * no. 7, 8). Which refusals come that late, and their codes but one, are ASSUMED: the sources do
 * not tell (10 no. 3, 4). Codes that begin with SIM are nobody's but the simulator's. */
#include "sim/ion.h"

#include "base/moment.h"
#include "sim/chance.h"

static struct ion_order *order_at(struct sim *sim, size_t order)
{
    size_t n;
    return (struct ion_order *)state_rows(sim, STATE_ION_ORDER, &n) + order;
}

static struct ion_order_item *item_at(struct sim *sim, size_t item)
{
    size_t n;
    return (struct ion_order_item *)state_rows(sim, STATE_ION_ORDER_ITEM, &n) + item;
}

static bool is_nce(const struct ion_order_item *item)
{
    const struct goods *g = &catalogue[item->goods_place];
    return g->measure == MEASURE_SEATS && strcmp(g->vendor, "Microsoft") == 0;
}

static enum fate wanted_fate(const struct ion_order_item *item, enum fate before)
{
    if (str_equal_nocase(item->status_update, STR("deleted")))
        return FATE_ENDED;
    if (str_equal_nocase(item->status_update, STR("suspended")))
        return FATE_SUSPENDED;
    return item->status_update.len > 0 ? FATE_ACTIVE : before;
}

struct refusal {
    const char *code, *detail;
};

/* Fewer seats, or none, are possible for 15 days after the purchase: the window that the
 * subscription itself shows (5). That the order ends in ERROR is ASSUMED. */
static bool update_is_refused(struct sim *sim, const struct ion_order_item *item,
                              struct refusal *fault)
{
    struct subscription s = sim_subscription(sim, AT_ION, item->subscription);
    enum fate fate = wanted_fate(item, s.fate);
    bool in_window = sim_now(sim) <= s.started_ms + ION_CANCEL_DAYS * ION_DAY_MS;
    bool is_over = s.fate == FATE_ENDED || s.fate == FATE_EXPIRED;
    bool gives_back = fate == FATE_ENDED || item->quantity < s.quantity;
    if (is_over)
        *fault = (struct refusal){ "SIM-STATUS", "the subscription is not active any more" };
    else if (gives_back && !in_window && is_nce(item))
        *fault =
            (struct refusal){ "SIM-WINDOW", "the cancellation window of the subscription is over" };
    return is_over || (gives_back && !in_window && is_nce(item));
}

static bool is_refused(struct sim *sim, const struct ion_order_item *item, struct refusal *fault)
{
    if (item->is_update)
        return update_is_refused(sim, item, fault);
    if (sim_knob_flag(sim, KNOB_renewal_setting_needed) && is_nce(item) &&
        item->renewal_setting.len == 0) {
        *fault = (struct refusal){ "MSFT_CR_033", "renewal setting is missing" }; /* 5 CLIENT */
        return true;
    }
    return false;
}

/* A tenant that is not the customer's, or a customer without any licence yet: it is made, and its
 * first user comes back (4.7 SPEC; when it happens is ASSUMED). */
static void make_tenant(struct sim *sim, const struct ion_order *order, struct ion_order_item *item)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    int64_t *places;
    struct customer c = sim_customer(sim, &a, AT_ION, order->customer);
    bool has_any = sim_customer_subscriptions(sim, &a, AT_ION, order->customer, &places) > 0;
    bool is_known = str_equal_nocase(item->domain, ion_tenant_domain(&a, &c)) ||
                    str_equal_nocase(item->domain, c.name.domain);
    if (item->domain.len == 0 || (has_any && is_known))
        return;
    uint64_t bits = chance(sim->world.seed, 908, (uint64_t)item->subscription, 0);
    item->user_name =
        state_text(sim, str_of(arena_printf(&a, "admin@%.*s", STR_PRINT(item->domain))));
    item->password = state_text(sim, str_of(arena_printf(&a, "Sim-%08x!", (unsigned)bits)));
}

static void carry_out_create(struct sim *sim, const struct ion_order *order, size_t place)
{
    struct ion_order_item *item = item_at(sim, place);
    int64_t end_ms = 0;
    char guid[37];
    struct subscription s = {
        .customer_place = order->customer,
        .goods_place = item->goods_place,
        .variant_place = item->variant_place,
        .quantity = item->quantity,
        .auto_renew = !str_equal_nocase(item->renewal_setting, STR("auto-off")),
        .friendly_name = item->friendly_name,
        .reseller_po = item->reseller_po,
        .customer_po = item->end_customer_po,
    };
    struct ion_order_item before = *item; /* the tenant is judged by what was there before */
    item->subscription = sim_subscriptions(sim, AT_ION);
    before.subscription = item->subscription;
    make_tenant(sim, order, &before);
    if (moment_parse(item->term_end, &end_ms) && end_ms > sim_now(sim))
        s.ends_ms = end_ms;
    int64_t added = sim_add_subscription(sim, AT_ION, &s, FROM_API, STR_NONE);
    before.resource_id = state_text(sim, str_of(sim_ion_guid(sim, added, guid)));
    *item_at(sim, place) = before;
}

static void carry_out_update(struct sim *sim, const struct ion_order_item *item)
{
    struct subscription s = sim_subscription(sim, AT_ION, item->subscription);
    struct subscription_change change = {
        .seats = item->quantity,
        .fate = wanted_fate(item, s.fate),
        .auto_renew = s.auto_renew,
        .friendly_name = item->friendly_name,
        .reseller_po = item->reseller_po,
        .customer_po = item->end_customer_po,
        .source = FROM_API,
    };
    if (item->renewal_setting.len > 0)
        change.auto_renew = str_equal_nocase(item->renewal_setting, STR("auto-on"));
    if (item->quantity > 0 && item->quantity != s.quantity && change.fate != FATE_ENDED)
        change.fields |= CHANGE_SEATS;
    if (change.fate != s.fate)
        change.fields |= CHANGE_FATE;
    if (change.auto_renew != s.auto_renew)
        change.fields |= CHANGE_AUTO_RENEW;
    if (item->friendly_name.len > 0)
        change.fields |= CHANGE_NAME;
    if (item->reseller_po.len > 0 || item->end_customer_po.len > 0)
        change.fields |= CHANGE_ORDERS;
    if (str_equal_nocase(item->operations, STR("changeSubscription"))) { /* 5 SPEC, prose */
        SCOPED(arena_free) struct arena a = ARENA(0);
        if (ion_find_goods(&a, item->product_id, item->sku_id, item->plan_id, &change.goods_place,
                           &change.variant_place))
            change.fields |= CHANGE_GOODS;
    }
    if (change.fields != 0)
        sim_change_subscription(sim, AT_ION, item->subscription, &change);
}

/* All lines or none: what happens to the others when one is refused is ASSUMED. */
static void finish(struct sim *sim, size_t order)
{
    struct ion_order *o = order_at(sim, order);
    struct refusal fault = { NULL, NULL };
    o->status = o->fault_code.len > 0 ? ORDER_ERROR : ORDER_COMPLETED;
    for (size_t i = 0; i < o->n_items && o->status == ORDER_COMPLETED; i++) {
        if (!is_refused(sim, item_at(sim, o->first_item + i), &fault))
            continue;
        o->status = ORDER_ERROR;
        o->fault_code = str_of(fault.code);
        o->fault_detail = str_of(fault.detail);
        o->fault_item = i;
    }
    for (size_t i = 0; i < o->n_items && o->status == ORDER_COMPLETED; i++) {
        const struct ion_order_item *item = item_at(sim, o->first_item + i);
        if (item->is_update)
            carry_out_update(sim, item);
        else
            carry_out_create(sim, o, o->first_item + i);
    }
}

void ion_settle_order(struct sim *sim, size_t order)
{
    struct ion_order *o = order_at(sim, order);
    int64_t age_ms = sim_now(sim) - o->created_ms;
    if (o->status != ORDER_NEW && o->status != ORDER_IN_PROGRESS)
        return;
    if (age_ms >= o->delay_ms) {
        o->updated_ms = o->created_ms + o->delay_ms;
        finish(sim, order);
    } else if (o->status == ORDER_NEW && age_ms >= o->delay_ms / 2) {
        o->status = ORDER_IN_PROGRESS;
        o->updated_ms = o->created_ms + o->delay_ms / 2;
    }
}

void ion_settle(struct sim *sim)
{
    size_t n;
    (void)state_rows(sim, STATE_ION_ORDER, &n);
    for (size_t i = 0; i < n; i++)
        ion_settle_order(sim, i);
}
