/* Stellr's operations: changes that take time. stellr 6.10, 7, A-18, A-59. */
#include "sim/stellr_inside.h"

#define FIRST_OPERATION INT64_C(9000001)
#define DAY_MS          INT64_C(86400000)

static const char *const types[] = {
#define X(id, word) word,
    OPERATION_TYPES(X)
#undef X
};

static const char *const states[] = { "Pending", "Processing", "Success", "Failed", "Partial" };

static struct operation_row *operations(struct sim *sim, size_t *ret_n)
{
    return state_rows(sim, STATE_OPERATION, ret_n);
}

static struct order_item_row *items_of(struct sim *sim, const struct operation_row *op)
{
    size_t n;
    struct order_item_row *items = state_rows(sim, STATE_ORDER_ITEM, &n);
    return items + op->first_item;
}

static bool is_running(const struct operation_row *op)
{
    return op->state == OPERATION_PENDING || op->state == OPERATION_PROCESSING;
}

bool stellr_is_busy(struct ask *ask, int64_t subscription)
{
    size_t n;
    const struct operation_row *all = operations(ask->sim, &n);
    for (size_t i = 0; i < n; i++)
        if (is_running(&all[i]) && all[i].subscription == subscription) {
            stellr_error(ask, 409, "OPERATION_IN_PROGRESS",
                         "Another change to this subscription has not finished.");
            return true;
        }
    return false;
}

struct operation_row *operation_start(struct ask *ask, enum operation_type type, int64_t customer,
                                      int64_t subscription)
{
    size_t n, n_items;
    (void)operations(ask->sim, &n);
    (void)state_rows(ask->sim, STATE_ORDER_ITEM, &n_items);
    struct operation_row *op = state_add(ask->sim, STATE_OPERATION);
    *op = (struct operation_row){
        .number = FIRST_OPERATION + (int64_t)n,
        .type = type,
        .customer = customer,
        .subscription = subscription,
        .submitted_ms = sim_now(ask->sim),
        .goods_place = -1,
        .variant_place = -1,
        .first_item = n_items,
    };
    return op;
}

struct order_item_row *operation_add_item(struct sim *sim, struct operation_row *op)
{
    struct order_item_row *item = state_add(sim, STATE_ORDER_ITEM);
    item->made = -1;
    op->n_items++;
    return item;
}

/* --- carrying out --- */

static void change_one(struct sim *sim, const struct operation_row *op)
{
    struct subscription s = sim_subscription(sim, AT_STELLR, op->subscription);
    int64_t seats = op->is_delta ? s.quantity + op->seats : op->seats;
    struct subscription_change change = {
        .seats = seats,
        .fate = op->fate,
        .goods_place = op->goods_place,
        .variant_place = op->variant_place,
        .reseller_po = op->reseller_po,
        .source = FROM_API,
    };
    bool is_fate = op->type == OPERATION_CANCEL || op->type == OPERATION_REACTIVATE ||
                   op->type == OPERATION_SUSPEND || op->type == OPERATION_ACTIVATE;
    change.fields |= is_fate ? CHANGE_FATE : 0;
    change.fields |= op->seats != 0 && seats > 0 && seats != s.quantity ? CHANGE_SEATS : 0;
    change.fields |= op->goods_place >= 0 ? CHANGE_GOODS : 0;
    change.fields |= op->reseller_po.len > 0 ? CHANGE_ORDERS : 0;
    sim_change_subscription(sim, AT_STELLR, op->subscription, &change);
}

/* An add-on becomes a line of its parent's contract and ends with it; the lines of an order
 * share a new contract, numbered from 1. */
static void make_one(struct sim *sim, const struct operation_row *op, struct order_item_row *item,
                     int64_t *contract, int64_t *line)
{
    struct subscription s = {
        .customer_place = op->customer,
        .goods_place = item->goods_place,
        .variant_place = item->variant_place,
        .quantity = item->seats,
        .auto_renew = !item->does_not_renew,
        .fate = FATE_ACTIVE,
        .reseller_po = op->reseller_po,
        .customer_po = op->customer_po,
    };
    if (op->type == OPERATION_ADD_ON) {
        struct subscription parent = sim_subscription(sim, AT_STELLR, op->subscription);
        s.contract = parent.contract;
        s.parent_line = parent.line;
        s.ends_ms = parent.term_ends_ms;
    } else {
        *contract = *contract == 0 ? sim_next_contract(sim) : *contract;
        s.contract = *contract;
        s.line = ++*line;
    }
    item->made = sim_add_subscription(sim, AT_STELLR, &s, FROM_API, STR_NONE);
}

static enum operation_state make_all(struct sim *sim, const struct operation_row *op)
{
    struct order_item_row *items = items_of(sim, op);
    int64_t contract = 0, line = 0;
    size_t n_made = 0;
    for (size_t i = 0; i < op->n_items; i++)
        if (items[i].error_code == NULL) {
            make_one(sim, op, &items[i], &contract, &line);
            n_made++;
        }
    return n_made == op->n_items ? OPERATION_SUCCESS
           : n_made > 0          ? OPERATION_PARTIAL
                                 : OPERATION_FAILED;
}

static void finish(struct sim *sim, struct operation_row *op, int64_t at_ms)
{
    op->completed_ms = at_ms;
    if (op->error_code != NULL) {
        op->state = OPERATION_FAILED;
    } else if (op->n_items > 0) {
        op->state = make_all(sim, op);
    } else {
        change_one(sim, op);
        op->state = OPERATION_SUCCESS;
    }
}

/* After a third of its time it is being processed, and at the end of it done. */
static void go_on(struct sim *sim, struct operation_row *op)
{
    int64_t delay = sim_knob_integer(sim, KNOB_op_delay_ms), age = sim_now(sim) - op->submitted_ms;
    if (!is_running(op))
        return;
    if (age >= delay || op->looks >= 2)
        finish(sim, op, age >= delay ? op->submitted_ms + delay : sim_now(sim));
    else if (age >= delay / 3 || op->looks == 1)
        op->state = OPERATION_PROCESSING;
}

void stellr_settle(struct sim *sim)
{
    size_t n;
    struct operation_row *all = operations(sim, &n);
    for (size_t i = 0; i < n; i++)
        go_on(sim, &all[i]);
}

/* --- answers --- */

static struct str number_text(struct ask *ask, const struct operation_row *op)
{
    return str_of(arena_printf(ask->x->a, "OP-%lld", (long long)op->number));
}

/* The knob fail_next: of an order of several, the last line fails. */
static void fail_on_purpose(struct sim *sim, struct operation_row *op)
{
    static const char *const code = "VENDOR_REJECTED";
    const char *message = op->type == OPERATION_CHANGE_SEATS
                              ? "The vendor refused the new quantity."
                              : "The vendor refused the change.";
    if (!sim_knob_take(sim, KNOB_fail_next))
        return;
    if (op->n_items > 1) {
        struct order_item_row *last = items_of(sim, op) + op->n_items - 1;
        last->error_code = code;
        last->error_message = message;
    } else {
        op->error_code = code;
        op->error_message = message;
    }
}

/* What went wrong; of an order of one line, that line's fault. */
static void put_fault(struct ask *ask, struct json_writer *w, const struct operation_row *op)
{
    const struct order_item_row *item = op->n_items > 0 ? items_of(ask->sim, op) : NULL;
    bool is_item = op->error_code == NULL && item != NULL;
    json_put_text(w, "errorCode", str_of(is_item ? item->error_code : op->error_code));
    json_put_text(w, "errorMessage", str_of(is_item ? item->error_message : op->error_message));
}

void operation_answer(struct ask *ask, struct operation_row *op)
{
    fail_on_purpose(ask->sim, op);
    go_on(ask->sim, op); /* without a delay it is done at once */
    struct json_writer w = stellr_open(ask, 200);
    json_put_text(&w, "operationId", number_text(ask, op));
    json_put_text(&w, "operationType", str_of(types[op->type]));
    if (op->subscription >= 0) {
        struct subscription s = sim_subscription(ask->sim, AT_STELLR, op->subscription);
        json_put_text(&w, "subscriptionId", str_of(stellr_id(ask->x->a, &s)));
    } else {
        json_put_null(&w, "subscriptionId");
    }
    stellr_put_id(ask, &w, "customerNo", stellr_customer_number(ask->sim, op->customer));
    json_put_text(&w, "status", str_of(states[op->state]));
    if (op->state == OPERATION_FAILED) /* at once: nobody will ask for the reason */
        put_fault(ask, &w, op);
    stellr_close(&w);
}

/* One line alone is told by the operation itself; several one by one. */
static bool is_batch(const struct operation_row *op)
{
    return op->n_items > 1;
}

static void put_id_of(struct ask *ask, struct json_writer *w, int64_t place)
{
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    json_put_text(w, "subscriptionId", str_of(stellr_id(ask->x->a, &s)));
}

static void put_items(struct ask *ask, struct json_writer *w, const struct operation_row *op)
{
    const struct order_item_row *items = items_of(ask->sim, op);
    json_put_array(w, "items");
    for (size_t i = 0; i < op->n_items; i++) {
        const struct order_item_row *item = &items[i];
        enum operation_state state = is_running(op)             ? op->state
                                     : item->error_code == NULL ? OPERATION_SUCCESS
                                                                : OPERATION_FAILED;
        json_open_object(w);
        json_put_integer(w, "index", (int64_t)i);
        stellr_put_id(ask, w, "skuNo", item->sku_no);
        json_put_text(w, "status", str_of(states[state]));
        if (item->made >= 0)
            put_id_of(ask, w, item->made);
        if (state == OPERATION_FAILED) {
            json_put_text(w, "errorCode", str_of(item->error_code));
            json_put_text(w, "errorMessage", str_of(item->error_message));
        }
        json_close(w);
    }
    json_close(w);
}

static void put_result(struct ask *ask, struct json_writer *w, const struct operation_row *op)
{
    int64_t place = op->n_items > 0 ? items_of(ask->sim, op)->made : op->subscription;
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    json_put_object(w, "result");
    if (op->n_items > 0)
        json_put_text(w, "subscriptionId", str_of(stellr_id(ask->x->a, &s)));
    json_put_integer(w, "quantity", s.quantity);
    json_close(w);
}

static void put_operation(struct ask *ask, struct json_writer *w, const struct operation_row *op)
{
    json_put_text(w, "operationId", number_text(ask, op));
    json_put_text(w, "operationType", str_of(types[op->type]));
    stellr_put_id(ask, w, "customerNo", stellr_customer_number(ask->sim, op->customer));
    int64_t made = op->n_items == 1 ? items_of(ask->sim, op)->made : -1;
    if (made >= 0 && op->type != OPERATION_ADD_ON)
        put_id_of(ask, w, made);
    else if (op->subscription >= 0)
        put_id_of(ask, w, op->subscription);
    else if (!is_batch(op))
        json_put_null(w, "subscriptionId");
    json_put_text(w, "status", str_of(states[op->state]));
    stellr_put_moment(ask, w, "submittedDatetime", op->submitted_ms);
    if (is_running(op))
        return;
    stellr_put_moment(ask, w, "completedDatetime", op->completed_ms);
    if (op->state == OPERATION_SUCCESS && !is_batch(op))
        put_result(ask, w, op);
    if (op->state == OPERATION_FAILED && !is_batch(op))
        put_fault(ask, w, op);
    if (is_batch(op))
        put_items(ask, w, op);
}

static struct operation_row *find_operation(struct ask *ask)
{
    struct str text = ask_path(ask, "operationId");
    struct operation_row *all;
    int64_t number;
    size_t n;
    if (!str_starts(text, "OP-") || !str_integer(str_from(text, 3), &number))
        return NULL;
    all = operations(ask->sim, &n);
    if (number < FIRST_OPERATION || number >= FIRST_OPERATION + (int64_t)n)
        return NULL;
    struct operation_row *op = &all[number - FIRST_OPERATION];
    bool is_forgotten =
        sim_now(ask->sim) - op->submitted_ms > DAY_MS; /* readable for a day */
    return is_forgotten && !is_running(op) ? NULL : op;
}

void give_operation(struct ask *ask)
{
    struct operation_row *op = find_operation(ask);
    if (op == NULL) {
        stellr_refuse(ask, 404, "NOT_FOUND", "There is no operation %.*s.",
                      STR_PRINT(ask_path(ask, "operationId")));
        return;
    }
    op->looks++;
    go_on(ask->sim, op);
    struct json_writer w = stellr_open(ask, 200);
    put_operation(ask, &w, op);
    stellr_close(&w);
}
