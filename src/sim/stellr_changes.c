/* Changing one Stellr subscription: stellr 5.20 to 5.27, A-43 to A-45. */
#include "sim/stellr_inside.h"

/* The subscription that is to be changed, and the body; false when the refusal is written. */
static bool start(struct ask *ask, int64_t *ret_customer, int64_t *ret_place,
                  struct subscription *ret_subscription, struct body *ret_body)
{
    if (!stellr_find_subscription(ask, ret_customer, ret_place))
        return false;
    *ret_body = body_read(ask);
    (void)body_text(ret_body, "notifyEmail", OPTIONAL);
    (void)body_text(ret_body, "reason", OPTIONAL);
    *ret_subscription = sim_subscription(ask->sim, AT_STELLR, *ret_place);
    return !ret_body->is_refused;
}

/* --- seats --- */

/* Lowered only in the first seven days of a term; a flexible plan of Google at any time. */
static bool may_lower(struct ask *ask, const struct subscription *s)
{
    bool is_flexible = strcmp(s->goods->vendor, "Google") == 0 && s->variant_place == 0;
    return is_flexible || stellr_window_is_open(ask->sim, s);
}

static bool may_have_seats(struct ask *ask, const struct subscription *s, int64_t target)
{
    if (target < 1)
        stellr_error(ask, 400, "INVALID_PARAMETER",
                     "quantity must be a whole number greater than zero.");
    else if (s->fate != FATE_ACTIVE)
        stellr_error(ask, 422, "INVALID_STATE", "The subscription is not active.");
    else if (s->goods->measure != MEASURE_SEATS)
        stellr_error(ask, 422, "NOT_ELIGIBLE", "This product has no seats to change.");
    else if (target < s->quantity && !may_lower(ask, s))
        stellr_error(ask, 422, "SEAT_REDUCTION_NOT_ALLOWED",
                     "Seats can be lowered only inside the first 7 days of a term or at renewal.");
    else
        return true;
    return false;
}

void change_seats(struct ask *ask)
{
    bool is_delta = sim_knob_flag(ask->sim, KNOB_seats_are_delta); /* */
    int64_t customer, place;
    struct subscription s;
    struct body b;
    if (!start(ask, &customer, &place, &s, &b))
        return;
    int64_t quantity =
        is_delta ? body_whole(&b, "quantity", REQUIRED) : body_seats(&b, "quantity", REQUIRED);
    bool is_sane = quantity >= -1000000 && quantity <= 1000000 && quantity != 0;
    int64_t target = !is_sane ? 0 : is_delta ? s.quantity + quantity : quantity;
    if (b.is_refused || stellr_is_busy(ask, place) || !may_have_seats(ask, &s, target))
        return;
    struct operation_row *op = operation_start(ask, OPERATION_CHANGE_SEATS, customer, place);
    op->seats = quantity;
    op->is_delta = is_delta;
    operation_answer(ask, op);
}

/* --- life cycle --- */

struct verb {
    enum operation_type type;
    unsigned from; /* bit per fate */
    enum fate to;
    const char *refusal; /* from any other */
};

#define FROM(fate) (1u << FATE_##fate)

static void change_fate(struct ask *ask, const struct verb *verb)
{
    int64_t customer, place;
    struct subscription s;
    struct body b;
    if (!start(ask, &customer, &place, &s, &b) || stellr_is_busy(ask, place))
        return;
    bool is_bound = s.goods->measure == MEASURE_SEATS && s.variant->term_months >= 12;
    bool is_over = s.fate == FATE_ENDED && (s.ended_ms == 0 || sim_now(ask->sim) >= s.term_ends_ms);
    if ((verb->from & (1u << s.fate)) == 0) {
        stellr_error(ask, 422, "INVALID_STATE", verb->refusal);
    } else if (verb->type == OPERATION_CANCEL && is_bound && !stellr_window_is_open(ask->sim, &s)) {
        stellr_error(ask, 422, "CANCELLATION_WINDOW_CLOSED",
                     "A term of a year or more can be cancelled only in its first 7 days.");
    } else if (verb->type == OPERATION_REACTIVATE && is_over) {
        stellr_error(ask, 422, "INVALID_STATE", "The term of the subscription is over.");
    } else {
        struct operation_row *op = operation_start(ask, verb->type, customer, place);
        op->fate = verb->to;
        operation_answer(ask, op);
    }
}

void cancel(struct ask *ask)
{
    static const struct verb verb = { OPERATION_CANCEL, FROM(ACTIVE) | FROM(SUSPENDED), FATE_ENDED,
                                      "Only an active or suspended subscription is cancelled." };
    change_fate(ask, &verb);
}

void reactivate(struct ask *ask)
{
    static const struct verb verb = {
        OPERATION_REACTIVATE, FROM(ENDED) | FROM(SUSPENDED), FATE_ACTIVE,
        "Only a cancelled or suspended subscription is reactivated."
    };
    change_fate(ask, &verb);
}

void suspend(struct ask *ask)
{
    static const struct verb verb = { OPERATION_SUSPEND, FROM(ACTIVE), FATE_SUSPENDED,
                                      "Only an active subscription is suspended." };
    change_fate(ask, &verb);
}

void activate(struct ask *ask)
{
    static const struct verb verb = { OPERATION_ACTIVATE, FROM(SUSPENDED) | FROM(PENDING),
                                      FATE_ACTIVE,
                                      "Only a suspended or pending subscription is activated." };
    change_fate(ask, &verb);
}

/* --- other products and plans --- */

/* The transition to an article; false when there is none that this verb may use. */
static bool find_transition(struct ask *ask, const struct subscription *s, enum operation_type verb,
                            const struct article *target, struct transition_to *ret)
{
    struct transition_to all[TRANSITIONS_MAX];
    size_t n = stellr_transitions(ask->sim, s, all);
    for (size_t i = 0; i < n; i++) {
        bool is_same_goods = all[i].article.goods_place == s->goods_place;
        bool fits = verb == OPERATION_UPGRADE     ? all[i].type == TRANSITION_UPGRADE
                    : verb == OPERATION_DOWNGRADE ? all[i].type == TRANSITION_DOWNGRADE
                                                  : is_same_goods;
        if (fits && all[i].article.goods_place == target->goods_place &&
            all[i].article.variant_place == target->variant_place) {
            *ret = all[i];
            return true;
        }
    }
    return false;
}

/* The article that the body names, by SKU or by the name of a plan. */
static void read_target(struct body *b, const struct subscription *s, bool is_plan,
                        struct article *ret_target)
{
    int64_t sku = body_id(b, "targetSkuNo", is_plan ? OPTIONAL : REQUIRED);
    struct str plan = is_plan ? body_text(b, "planName", OPTIONAL) : STR_NONE;
    int variant;
    if (b->is_refused)
        return;
    if (body_has(b, "targetSkuNo")) {
        if (!article_find_sku(sku, ret_target))
            body_refuse(b, 400, "INVALID_PARAMETER", "There is no SKU %lld.", (long long)sku);
    } else if (plan.at == NULL) {
        body_refuse(b, 400, "MISSING_PARAMETER", "planName or targetSkuNo is missing.");
    } else if (!plan_find(plan, &variant) || s->goods->measure != MEASURE_SEATS) {
        body_refuse(b, 400, "INVALID_PARAMETER", "There is no plan %.*s.", STR_PRINT(plan));
    } else {
        *ret_target = article_at(s->goods_place, variant);
    }
}

static void change_goods(struct ask *ask, enum operation_type type)
{
    int64_t customer, place;
    struct subscription s;
    struct article target;
    struct transition_to to;
    struct body b;
    if (!start(ask, &customer, &place, &s, &b))
        return;
    read_target(&b, &s, type == OPERATION_CHANGE_PLAN, &target);
    int64_t seats = body_seats(&b, "quantity", OPTIONAL);
    struct str po = body_text(&b, "rsPoNo", OPTIONAL);
    if (b.is_refused || stellr_is_busy(ask, place))
        return;
    if (s.fate != FATE_ACTIVE) {
        stellr_error(ask, 422, "INVALID_STATE", "The subscription is not active.");
    } else if (!find_transition(ask, &s, type, &target, &to)) {
        stellr_error(ask, 422, "NOT_ELIGIBLE",
                     "The product is not among the transition products of the subscription.");
    } else if (to.reason != NULL) {
        stellr_error(ask, 422, "NOT_ELIGIBLE", to.reason);
    } else if (may_have_seats(ask, &s, seats == 0 ? s.quantity : seats)) {
        struct operation_row *op = operation_start(ask, type, customer, place);
        op->seats = seats;
        op->goods_place = target.goods_place;
        op->variant_place = target.variant_place;
        op->reseller_po = state_text(ask->sim, po);
        operation_answer(ask, op);
    }
}

void upgrade(struct ask *ask)
{
    change_goods(ask, OPERATION_UPGRADE);
}

void downgrade(struct ask *ask)
{
    change_goods(ask, OPERATION_DOWNGRADE);
}

void change_plan(struct ask *ask)
{
    change_goods(ask, OPERATION_CHANGE_PLAN);
}
