/* What becomes of a Stellr subscription at the end of its term, and its history: stellr 5.31, 5.32,
 * 6.11, 6.12, A-21, A-48. */
#include "sim/stellr_inside.h"

#define NOTICE_MS (INT64_C(30) * 86400000)

static const char *const renew_types[] = { "CURRENT_PLAN", "NEW_PLAN", "NOT_RENEW" };
enum renew_type { CURRENT_PLAN, NEW_PLAN, NOT_RENEW };

static bool has_term(struct ask *ask, const struct subscription *s)
{
    if (s->goods->measure == MEASURE_SEATS)
        return true;
    stellr_error(ask, 422, "NOT_ELIGIBLE", "This subscription has no term that could be renewed.");
    return false;
}

static void put_setting(struct ask *ask, struct json_writer *w, const struct subscription *s)
{
    const struct renewal *r = &s->renewal;
    bool is_new = s->auto_renew && r->is_set && r->goods_place >= 0;
    struct article x = is_new ? article_at(r->goods_place, r->variant_place) : article_of(s);
    json_put_object(w, "currentSetting");
    json_put_text(w, "renewType",
                  str_of(renew_types[!s->auto_renew ? NOT_RENEW
                                     : is_new       ? NEW_PLAN
                                                    : CURRENT_PLAN]));
    stellr_put_id(ask, w, "skuNo", article_sku(&x));
    json_put_integer(w, "quantity", r->is_set && r->seats > 0 ? r->seats : s->quantity);
    json_put_text(w, "billingFrequency", str_of(x.variant->stellr_cycle));
    json_close(w);
}

static void put_option(struct ask *ask, struct json_writer *w, enum renew_type type,
                       const struct article *x)
{
    json_open_object(w);
    json_put_text(w, "renewType", str_of(renew_types[type]));
    if (x != NULL) {
        stellr_put_id(ask, w, "skuNo", article_sku(x));
        json_put_text(w, "productName",
                      str_of(stellr_product_name(ask->x->a, x->goods, x->variant)));
        json_put_text(w, "billingFrequency", str_of(x->variant->stellr_cycle));
    }
    json_close(w);
}

void give_renewal_options(struct ask *ask)
{
    int64_t customer, place;
    if (!stellr_find_subscription(ask, &customer, &place))
        return;
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    struct article now = article_of(&s);
    if (!has_term(ask, &s))
        return;
    struct json_writer w = stellr_open(ask, 200);
    json_put_text(&w, "subscriptionId", str_of(stellr_id(ask->x->a, &s)));
    stellr_put_date(&w, "renewalDate", stellr_date(ask->sim, s.term_ends_ms));
    put_setting(ask, &w, &s);
    json_put_array(&w, "options");
    put_option(ask, &w, CURRENT_PLAN, &now);
    for (int v = 0; v < article_variants(s.goods_place); v++) {
        struct article other = article_at(s.goods_place, v);
        if (v != s.variant_place)
            put_option(ask, &w, NEW_PLAN, &other);
    }
    put_option(ask, &w, NOT_RENEW, NULL);
    json_close(&w);
    stellr_close(&w);
}

/* Another commitment of the same product. */
static void read_new_plan(struct body *b, const struct subscription *s, struct renewal *r)
{
    struct article x;
    int64_t sku = body_id(b, "skuNo", REQUIRED);
    r->seats = body_seats(b, "quantity", REQUIRED);
    if (b->is_refused)
        return;
    if (!article_find_sku(sku, &x))
        body_refuse(b, 400, "INVALID_PARAMETER", "There is no SKU %lld.", (long long)sku);
    else if (x.goods_place != s->goods_place)
        body_refuse(b, 422, "NOT_ELIGIBLE", "SKU %lld is not among the renewal options.",
                    (long long)sku);
    r->goods_place = x.goods_place;
    r->variant_place = x.variant_place;
}

static bool read_setting(struct body *b, const struct subscription *s,
                         struct subscription_change *change)
{
    struct str type = body_text(b, "renewType", REQUIRED);
    struct renewal r = { .is_set = true, .goods_place = -1, .variant_place = -1 };
    size_t t = 0;
    while (t < ARRAY_LEN(renew_types) && !str_is(type, renew_types[t]))
        t++;
    if (t == ARRAY_LEN(renew_types))
        body_refuse(b, 400, "INVALID_PARAMETER", "There is no renewType %.*s.", STR_PRINT(type));
    if (t == NEW_PLAN)
        read_new_plan(b, s, &r);
    else if (t == CURRENT_PLAN)
        r.seats = body_seats(b, "quantity", OPTIONAL);
    *change = (struct subscription_change){
        .fields = CHANGE_AUTO_RENEW | CHANGE_RENEWAL,
        .auto_renew = t != NOT_RENEW,
        .renewal = r,
        .source = FROM_API,
    };
    return !b->is_refused;
}

void set_renewal(struct ask *ask)
{
    struct subscription_change change;
    int64_t customer, place;
    if (!stellr_find_subscription(ask, &customer, &place))
        return;
    struct body b = body_read(ask);
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    if (!read_setting(&b, &s, &change) || stellr_is_busy(ask, place) || !has_term(ask, &s))
        return;
    if (s.fate != FATE_ACTIVE && s.fate != FATE_SUSPENDED) {
        stellr_error(ask, 422, "INVALID_STATE", "The subscription is over.");
        return;
    }
    sim_change_subscription(ask->sim, AT_STELLR, place, &change);
    const struct renewal *r = &change.renewal;
    struct article x =
        r->goods_place >= 0 ? article_at(r->goods_place, r->variant_place) : article_of(&s);
    struct json_writer w = stellr_open(ask, 200);
    json_put_text(&w, "subscriptionId", str_of(stellr_id(ask->x->a, &s)));
    json_put_text(&w, "renewType", body_text(&b, "renewType", REQUIRED));
    if (change.auto_renew) {
        stellr_put_id(ask, &w, "skuNo", article_sku(&x));
        json_put_integer(&w, "quantity", r->seats > 0 ? r->seats : s.quantity);
    }
    stellr_put_date(&w, "effectiveDate", stellr_date(ask->sim, s.term_ends_ms));
    stellr_close(&w);
}

/* --- history --- */

struct log_line {
    const char *activity, *change;
    int64_t at_ms;
    struct str who;
    const char *source;
};

/* Texts of seats, "Set to Renew with current plan" and "Send Renewal Notification" are REAL (6.12);
 * the others follow their manner. NULL: nothing that the log would tell. */
static const char *told(struct arena *a, const struct event *e)
{
    int64_t delta = e->seats - e->seats_before;
    int64_t n = delta < 0 ? -delta : delta;
    switch (e->kind) {
    case EVENT_CREATED:
        return "Create subscription";
    case EVENT_SEATS:
        return delta == 0 ? NULL
                          : arena_printf(a, "%s %lld seat%s", delta > 0 ? "Add" : "Remove",
                                         (long long)n, n == 1 ? "" : "s");
    case EVENT_FATE:
        return e->fate == FATE_SUSPENDED ? "Suspend"
               : e->fate == FATE_ENDED   ? "Cancel"
                                         : "Activate";
    case EVENT_RENEWAL_SETTING:
        return !e->auto_renew ? "Set to Not Renew"
               : e->renewal.is_set && e->renewal.goods_place >= 0
                   ? "Set to Renew with new plan"
                   : "Set to Renew with current plan";
    case EVENT_RENEWED:
        return "Renew";
    case EVENT_EXPIRED:
        return "Expire";
    case EVENT_GOODS:
        return "Change plan";
    case EVENT_NAME:
        return NULL;
    }
    return NULL;
}

static const char *activity_of(struct arena *a, const struct event *e)
{
    bool is_renewal = e->kind == EVENT_RENEWAL_SETTING || e->kind == EVENT_RENEWED;
    return arena_printf(a, "%s (%s)",
                        is_renewal                 ? "Renewal"
                        : e->kind == EVENT_CREATED ? "New Service"
                                                   : "Update Service",
                        stellr_short_name(a, &catalogue[e->goods_place]));
}

/* The lines of one subscription, newest first. */
static size_t tell_history(struct ask *ask, int64_t place, struct log_line **ret_lines)
{
    static const char *const sources[] = { "API", "API", "Portal", "System" };
    struct arena *a = ask->x->a;
    const struct event *events;
    size_t n_events = sim_events(ask->sim, a, AT_STELLR, place, &events), n = 0;
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    struct log_line *lines = ARENA_ARRAY(a, n_events + 1, struct log_line);
    int64_t notice_ms = s.term_ends_ms - NOTICE_MS;
    bool is_noticed = s.goods->measure == MEASURE_SEATS && s.variant->term_months >= 12 &&
                      notice_ms > s.term_started_ms && sim_now(ask->sim) >= notice_ms &&
                      (s.fate == FATE_ACTIVE || s.fate == FATE_SUSPENDED);
    for (size_t i = n_events; i-- > 0;) {
        const struct event *e = &events[i];
        if (is_noticed && e->at_ms <= notice_ms) {
            lines[n++] =
                (struct log_line){ arena_printf(a, "Renewal (%s)", stellr_short_name(a, s.goods)),
                                   "Send Renewal Notification", notice_ms, STR("system"),
                                   "System" };
            is_noticed = false;
        }
        const char *change = told(a, e);
        if (change != NULL)
            lines[n++] = (struct log_line){ activity_of(a, e), change, e->at_ms, e->who,
                                            sources[e->source] };
    }
    *ret_lines = lines;
    return n;
}

struct told_line {
    struct log_line line;
    int64_t line_no;
    const char *id;
};

static void put_log_line(struct ask *ask, struct json_writer *w, int64_t customer, int64_t contract,
                         const struct told_line *t)
{
    json_open_object(w);
    stellr_put_id(ask, w, "customerNo", stellr_customer_number(ask->sim, customer));
    stellr_put_id(ask, w, "contractNo", contract);
    json_put_integer(w, "lineNo", t->line_no);
    json_put_text(w, "subscriptionId", str_of(t->id));
    json_put_text(w, "activityLog", str_of(t->line.activity));
    json_put_text(w, "changeLog", str_of(t->line.change));
    stellr_put_moment(ask, w, "entryDatetime", t->line.at_ms);
    json_put_text(w, "entryBy", t->line.who);
    json_put_text(w, "entrySource", str_of(t->line.source));
    json_close(w);
}

/* All lines of the contract, by line number; newest first in each. */
static size_t gather_lines(struct ask *ask, int64_t customer, int64_t contract, int64_t from_ms,
                           struct told_line **ret_lines)
{
    struct told_line *all = NULL;
    size_t n = 0, room = 0;
    int64_t *places;
    int64_t n_places =
        sim_customer_subscriptions(ask->sim, ask->x->a, AT_STELLR, customer, &places);
    for (int64_t i = 0; i < n_places; i++) {
        struct subscription s = sim_subscription(ask->sim, AT_STELLR, places[i]);
        struct log_line *lines;
        if (s.contract != contract)
            continue;
        size_t n_lines = tell_history(ask, places[i], &lines);
        for (size_t k = 0; k < n_lines; k++) {
            if (lines[k].at_ms < from_ms)
                continue;
            ARENA_GROW(ask->x->a, all, n, room);
            all[n++] = (struct told_line){ lines[k], s.line, stellr_id(ask->x->a, &s) };
        }
    }
    *ret_lines = all;
    return n;
}

/* Midnight of a day in US Eastern time. */
static int64_t eastern_midnight(struct sim *sim, struct date day)
{
    int64_t utc = date_to_ms(day);
    return utc - (int64_t)zone_offset_s(sim->eastern, utc) * 1000;
}

/* The knob change_log_path: a service knows one spelling, and takes the others for ids. */
static bool is_spelt_so(struct ask *ask)
{
    struct str wanted = sim_knob_text(ask->sim, KNOB_change_log_path), path = ask->path;
    if (wanted.len == 0 || str_ends(path, arena_printf(ask->x->a, "/%.*s", STR_PRINT(wanted))))
        return true;
    stellr_error(ask, 404, "NOT_FOUND", "There is nothing at this address.");
    return false;
}

void give_change_logs(struct ask *ask)
{
    struct str text = ask_query(ask, "contractNo");
    struct told_line *lines;
    struct page_wanted page;
    struct date day;
    int64_t customer, contract = 0;
    bool is_given;
    if (!is_spelt_so(ask) || !stellr_find_customer(ask, &customer) ||
        !stellr_day_wanted(ask, "startDate", &is_given, &day))
        return;
    if (text.len == 0) {
        stellr_error(ask, 400, "MISSING_PARAMETER", "contractNo is missing.");
        return;
    }
    if (!str_integer(text, &contract)) {
        stellr_error(ask, 400, "INVALID_PARAMETER", "contractNo must be a number.");
        return;
    }
    int64_t from_ms = is_given ? eastern_midnight(ask->sim, day) : 0;
    size_t n = gather_lines(ask, customer, contract, from_ms, &lines);
    if (!stellr_page(ask, (int64_t)n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++)
        put_log_line(ask, &w, customer, contract, &lines[i]);
    stellr_close_list(&w);
}
