/* Walking both sides in the order of organisations, and building the positions of one at a time. */
#include "reconcile/reconcile.h"

#include "base/text_map.h"
#include "store/bills.h"
#include "store/sides.h"
#include "store/texts.h"

struct building {
    struct position position;
    struct charged_line *charged_lines;
    struct billed_line *billed_lines;
    size_t charged_room, billed_room;
};

struct walk {
    struct store *store;
    struct arena *lasting;
    struct arena arena; /* of one organisation */
    struct db_cursor charged_cursor, billed_cursor;
    struct charged_row charged;
    struct billed_row billed;
    bool has_charged, has_billed; /* the row of this side is valid */
    struct building *positions;
    size_t n, room;
    struct text_map by_key;
    struct reconciliation sum;
    struct position_sink *sink;
};

void purse_add(struct purse *purse, struct str currency, struct total amount)
{
    for (size_t i = 0; i < purse->n; i++)
        if (str_equal(purse->at[i].currency, currency)) {
            purse->at[i].total = total_add(purse->at[i].total, amount);
            return;
        }
    if (purse->n == CURRENCIES_MAX) {
        purse->is_full = true;
        return;
    }
    purse->at[purse->n++] = (struct money){ currency, amount };
}

const struct money *purse_find(const struct purse *purse, struct str currency)
{
    for (size_t i = 0; i < purse->n; i++)
        if (str_equal(purse->at[i].currency, currency))
            return &purse->at[i];
    return NULL;
}

/* Sums outlive the organisation: so must their currencies. */
static void purse_add_all(struct purse *to, const struct purse *from, struct arena *lasting)
{
    for (size_t i = 0; i < from->n; i++) {
        const struct money *m = &from->at[i];
        bool is_known = purse_find(to, m->currency) != NULL;
        purse_add(to, is_known ? m->currency : arena_copy(lasting, m->currency), m->total);
    }
    to->is_full = to->is_full || from->is_full;
}

/* The position of a pool: the service of the bill where there is one, else the Microsoft product
 * and SKU, else the name. */
static struct building *position_for(struct walk *w, int64_t bill_service, struct str part_key,
                                     struct str service)
{
    struct str key =
        bill_service != 0  ? str_of(arena_printf(&w->arena, "bill %lld", (long long)bill_service))
        : part_key.len > 0 ? str_of(arena_printf(&w->arena, "part %.*s", STR_PRINT(part_key)))
                           : str_of(arena_printf(&w->arena, "name %.*s", STR_PRINT(service)));
    size_t place;
    if (text_map_get(&w->by_key, key, &place))
        return &w->positions[place];
    ARENA_GROW(&w->arena, w->positions, w->n, w->room);
    (void)text_map_add(&w->by_key, key, w->n);
    return &w->positions[w->n++];
}

static const char *standing_text(const struct charged_row *row)
{
    return row->is_gone ? "gone" : standing_name(row->standing);
}

static void note_charged(struct walk *w, struct building *b, const struct charged_row *row)
{
    struct arena *a = &w->arena;
    ARENA_GROW(a, b->charged_lines, b->position.n_charged_lines, b->charged_room);
    b->charged_lines[b->position.n_charged_lines++] = (struct charged_line){
        .connection = text_keep(a, row->connection),
        .remote_id = text_keep(a, row->remote_id),
        .account_id = text_keep(a, row->account_remote_id),
        .status = text_keep(a, row->status),
        .seats = { row->quantity.value, row->quantity.known, text_keep(a, row->quantity.text) },
        .standing = standing_text(row),
        .measure = measure_name(row->measure),
        .status_known = row->status_known,
    };
}

#define SEATS_MOST INT64_C(1000000000) /* of one subscription; more is no number of seats */

/* Lines that stay out of the seats. True when this is one. */
static bool stands_apart(struct position *p, const struct charged_row *row)
{
    if (row->is_gone || row->standing == STANDING_ENDED)
        p->apart_ended++;
    else if (row->measure == MEASURE_USAGE)
        p->apart_usage++;
    else if (row->measure == MEASURE_ONE_TIME)
        p->apart_one_time++;
    else if (row->standing == STANDING_PENDING)
        p->apart_pending++;
    else
        return false;
    return true;
}

/* quantity x amount per month, or nothing when the amount or its period is not known. */
static bool monthly(const struct amount *amount, const struct charged_row *row,
                    struct total *ret_total)
{
    if (!amount->known || row->cycle_months < 1)
        return false;
    *ret_total = total_divide(total_times(amount->value, row->quantity.value), row->cycle_months);
    return true;
}

static void add_charged(struct walk *w, const struct charged_row *row)
{
    struct building *b = position_for(w, row->bill_service_id, row->part_key, row->service);
    struct position *p = &b->position;
    p->has_charged = true;
    if (p->service.at == NULL) {
        p->service = text_keep(&w->arena, row->service);
        p->part_number =
            text_keep(&w->arena, row->part_key.len > 0 ? row->part_key : row->part_number);
    }
    note_charged(w, b, row);
    if (stands_apart(p, row))
        return;
    w->sum.unknown_status += !row->status_known;
    if (!row->quantity.known || row->quantity.value < 0 || row->quantity.value > SEATS_MOST) {
        p->unreadable++;
        return;
    }
    if (row->standing == STANDING_SUSPENDED)
        p->suspended += row->quantity.value;
    else
        p->live += row->quantity.value;
    struct total amount;
    struct str currency = text_keep(&w->arena, row->currency.at != NULL ? row->currency : STR(""));
    if (monthly(&row->cost, row, &amount)) {
        purse_add(&p->charged, currency, amount);
        p->charged_for += row->quantity.value;
    } else {
        p->without_month++;
    }
    if (monthly(&row->price, row, &amount)) {
        purse_add(&p->suggested, currency, amount);
        p->suggested_for += row->quantity.value;
    }
}

static void add_billed(struct walk *w, const struct billed_row *row)
{
    struct arena *a = &w->arena;
    struct building *b = position_for(w, row->service_id, STR_NONE, row->service);
    struct position *p = &b->position;
    p->has_billed = true;
    p->service = text_keep(a, row->service); /* people know the bill's own words */
    if (row->part_number.at != NULL)
        p->part_number = text_keep(a, row->part_number);
    ARENA_GROW(a, b->billed_lines, p->n_billed_lines, b->billed_room);
    b->billed_lines[p->n_billed_lines++] =
        (struct billed_line){ row->line, row->quantity, text_keep(a, row->account) };
    /* What is sold once is told by the line: the same product may be billed both ways. */
    if (measure_of(row->measure) == MEASURE_USAGE || row->cycle_months < 1) {
        p->billed_apart++;
        return;
    }
    p->billed_quantity = total_add(p->billed_quantity, total_of(row->quantity));
    if (!row->has_price) {
        p->billed_without_price++;
        return;
    }
    p->billed_for = total_add(p->billed_for, total_of(row->quantity));
    purse_add(&p->billed, text_keep(a, row->currency),
              total_product(row->quantity, row->price, row->cycle_months));
}

static void apply_rules(struct walk *w, struct position *p)
{
    for (enum rule rule = 0; rule < RULES; rule++) {
        struct finding finding = { .rule = rule };
        if (!rule_row(rule)->find(&w->arena, p, &finding))
            continue;
        p->findings[p->n_findings++] = finding;
        struct rule_sum *sum = &w->sum.rules[rule];
        struct purse one = { .at = { finding.money }, .n = finding.has_money };
        sum->n++;
        sum->n_without_money += !finding.has_money;
        purse_add_all(&sum->money, &one, w->lasting);
    }
}

bool position_agrees(const struct position *p)
{
    return p->has_charged && p->has_billed && p->n_findings == 0 && p->unreadable == 0;
}

static void add_to_sum(struct walk *w, const struct position *p)
{
    struct reconciliation *s = &w->sum;
    s->n_positions++;
    s->n_agreeing += position_agrees(p);
    s->charged_seats += p->live + p->suspended;
    s->billed_seats = total_add(s->billed_seats, p->billed_quantity);
    purse_add_all(&s->charged, &p->charged, w->lasting);
    purse_add_all(&s->billed, &p->billed, w->lasting);
    s->apart_ended += p->apart_ended;
    s->apart_pending += p->apart_pending;
    s->apart_usage += p->apart_usage;
    s->apart_one_time += p->apart_one_time;
    s->unreadable += p->unreadable;
    s->without_month += p->without_month;
}

static enum status finish_organisation(struct walk *w, struct error *err)
{
    bool any_charged = false, any_billed = false;
    for (size_t i = 0; i < w->n; i++) {
        any_charged = any_charged || w->positions[i].position.has_charged;
        any_billed = any_billed || w->positions[i].position.has_billed;
    }
    w->sum.n_organisations++;
    w->sum.only_charged += any_charged && !any_billed;
    w->sum.only_billed += any_billed && !any_charged;
    for (size_t i = 0; i < w->n; i++) {
        struct building *b = &w->positions[i];
        struct position *p = &b->position;
        p->charged_lines = b->charged_lines;
        p->billed_lines = b->billed_lines;
        /* Both sides are known as wholes: what one of them lacks here is 0, not unknown. */
        p->has_charged = w->sum.has_charged;
        p->has_billed = w->sum.has_billed;
        apply_rules(w, p);
        add_to_sum(w, p);
        if (w->sink != NULL)
            TRY(w->sink->take(w->sink, p, err));
    }
    return ST_OK;
}

/* The order of both cursors: name by bytes, then id. */
static int compare_sides(const struct walk *w)
{
    if (!w->has_charged || !w->has_billed)
        return w->has_charged ? -1 : 1;
    int order = str_compare(w->charged.organisation, w->billed.organisation);
    if (order != 0)
        return order;
    return (w->charged.organisation_id > w->billed.organisation_id) -
           (w->charged.organisation_id < w->billed.organisation_id);
}

static enum status step_charged(struct walk *w, struct error *err)
{
    return charged_next(&w->charged_cursor, &w->charged, &w->has_charged, err);
}

static enum status step_billed(struct walk *w, struct error *err)
{
    if (!w->billed_cursor.is_open)
        return ST_OK;
    return billed_next(&w->billed_cursor, &w->billed, &w->has_billed, err);
}

/* All rows of the organisation that comes first. */
static enum status gather_organisation(struct walk *w, struct error *err)
{
    int order = compare_sides(w);
    int64_t id = order <= 0 ? w->charged.organisation_id : w->billed.organisation_id;
    struct str name =
        arena_copy(&w->arena, order <= 0 ? w->charged.organisation : w->billed.organisation);
    while (w->has_charged && w->charged.organisation_id == id) {
        add_charged(w, &w->charged);
        TRY(step_charged(w, err));
    }
    while (w->has_billed && w->billed.organisation_id == id) {
        add_billed(w, &w->billed);
        TRY(step_billed(w, err));
    }
    for (size_t i = 0; i < w->n; i++)
        w->positions[i].position.organisation = name;
    return finish_organisation(w, err);
}

static enum status open_sides(struct walk *w, struct error *err)
{
    struct bill_row bill;
    struct db *db = w->store->db;
    enum status s = bill_current(w->store, db, w->lasting, &bill, err);
    if (s != ST_OK && s != ST_NOT_FOUND)
        return s;
    w->sum.has_billed = s == ST_OK;
    if (w->sum.has_billed) {
        w->sum.bill_id = bill.id;
        w->sum.bill_imported_at = bill.imported_at;
        w->sum.bill_file = bill.file_name;
        TRY(billed_list(w->store, db, bill.id, &w->billed_cursor, err));
    }
    TRY(charged_list(w->store, db, &w->charged_cursor, err));
    TRY(step_charged(w, err));
    w->sum.has_charged = w->has_charged;
    return step_billed(w, err);
}

static enum status walk_all(struct walk *w, struct error *err)
{
    TRY(open_sides(w, err));
    while (w->has_charged || w->has_billed) {
        arena_reset(&w->arena);
        text_map_release(&w->by_key);
        w->positions = NULL;
        w->n = w->room = 0;
        TRY(gather_organisation(w, err));
    }
    return ST_OK;
}

enum status reconcile(struct store *store, struct arena *a, struct position_sink *sink,
                      struct reconciliation *ret_sum, struct error *err)
{
    struct walk w = { .store = store, .lasting = a, .sink = sink, .by_key = TEXT_MAP };
    enum status s = walk_all(&w, err);
    db_done(&w.charged_cursor);
    db_done(&w.billed_cursor);
    text_map_release(&w.by_key);
    arena_free(&w.arena);
    *ret_sum = w.sum;
    return s;
}
