/* Printing the comparison. Amounts for people are rounded to the currency's decimals; programs get
 * every digit. */
#include "cli/reconcile_print.h"

#include "base/currency.h"
#include "base/moment.h"
#include "hub/lists.h"

static const struct column columns[] = {
    { "customer", "CUSTOMER", false, 0 },    { "service", "SERVICE", false, 0 },
    { "part_number", NULL, false, 0 },       { "charged_seats", "CHARGED", true, 0 },
    { "suspended_seats", NULL, true, 0 },    { "charged_per_month", "COST/MONTH", true, 2 },
    { "billed_seats", "BILLED", true, 0 },   { "billed_per_month", "BILLED/MONTH", true, 1 },
    { "seat_difference", "SEATS", true, 0 }, { "finding", "DIFFERENCE", false, 0 },
    { "finding_seats", NULL, true, 0 },      { "money_per_month", "WORTH/MONTH", true, 0 },
    { "currency", NULL, false, 0 },          { "money_basis", NULL, false, 0 },
    { "evidence", NULL, false, 0 },
};

static struct str exact(struct arena *a, struct total value)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    total_print_exact(&text, value);
    return arena_copy(a, buf_str(&text));
}

/* "1,234.50 USD", several joined by " + ", "no data" for nothing. */
static struct str purse_text(struct arena *a, const struct purse *purse, const char *nothing)
{
    SCOPED(buf_release) struct buf text = BUF(1000);
    for (size_t i = 0; i < purse->n; i++) {
        if (i > 0)
            buf_add_text(&text, " + ");
        currency_print(&text, purse->at[i].total, purse->at[i].currency);
    }
    if (purse->n == 0)
        buf_add_text(&text, nothing);
    if (purse->is_full)
        buf_add_text(&text, " + others");
    return arena_copy(a, buf_str(&text));
}

/* For CSV: "1234.5 USD", every digit. */
static struct str purse_exact(struct arena *a, const struct purse *purse)
{
    SCOPED(buf_release) struct buf text = BUF(1000);
    for (size_t i = 0; i < purse->n; i++) {
        if (i > 0)
            buf_add_text(&text, " + ");
        total_print_exact(&text, purse->at[i].total);
        buf_printf(&text, " %.*s", STR_PRINT(purse->at[i].currency));
    }
    if (purse->is_full)
        buf_add_text(&text, " + others");
    return arena_copy(a, buf_str(&text));
}

static struct total seat_difference(const struct position *p)
{
    struct total charged = { (int128)(p->live + p->suspended) * DECIMAL_ONE };
    return total_subtract(charged, p->billed_quantity);
}

static bool can_compare(const struct position *p)
{
    return p->has_charged && p->has_billed && p->unreadable == 0;
}

static struct str signed_seats(struct arena *a, struct total seats)
{
    struct str text = exact(a, seats);
    return total_sign(seats) > 0 ? str_of(arena_printf(a, "+%.*s", STR_PRINT(text))) : text;
}

static struct cell seats_cell(struct arena *a, bool has_data, struct total seats)
{
    return has_data ? cell_number(exact(a, seats))
                    : cell_shown(cell_text(STR_NONE), STR("no data"));
}

static struct cell money_cell(struct arena *a, bool has_data, const struct purse *purse)
{
    if (!has_data)
        return cell_shown(cell_text(STR_NONE), STR("no data"));
    return cell_shown(cell_text(purse_exact(a, purse)), purse_text(a, purse, "-"));
}

/* What a position says when no rule speaks. */
static struct str quiet_text(const struct position *p)
{
    if (p->unreadable > 0)
        return STR("seats not readable");
    bool apart = p->live + p->suspended == 0 && total_sign(p->billed_quantity) == 0;
    return apart ? STR("(counted apart)") : STR("");
}

static void put_row(struct report *r, const struct position *p, const struct finding *f,
                    bool is_first)
{
    struct arena *a = &r->arena;
    struct total charged = { (int128)(p->live + p->suspended) * DECIMAL_ONE };
    struct total suspended = { (int128)p->suspended * DECIMAL_ONE };
    struct str worth = STR("");
    if (f != NULL) {
        struct purse one = { .at = { f->money }, .n = f->has_money };
        worth = purse_text(a, &one, "unknown");
    }
    struct str rule = f != NULL ? str_of(rule_row(f->rule)->title) : quiet_text(p);
    struct cell cells[] = {
        cell_shown(cell_text(p->organisation), is_first ? p->organisation : STR("")),
        cell_shown(cell_text(p->service), is_first ? p->service : STR("")),
        cell_text(p->part_number),
        seats_cell(a, p->has_charged, charged),
        seats_cell(a, p->has_charged, suspended),
        money_cell(a, p->has_charged, &p->charged),
        seats_cell(a, p->has_billed, p->billed_quantity),
        money_cell(a, p->has_billed, &p->billed),
        can_compare(p) ? cell_shown(cell_number(exact(a, seat_difference(p))),
                                    signed_seats(a, seat_difference(p)))
                       : cell_text(STR_NONE),
        f != NULL ? cell_shown(cell_text(str_of(rule_row(f->rule)->name)), rule)
                  : cell_shown(cell_text(STR_NONE), rule),
        f != NULL ? cell_number(exact(a, f->seats)) : cell_text(STR_NONE),
        f != NULL && f->has_money ? cell_shown(cell_number(exact(a, f->money.total)), worth)
                                  : cell_shown(cell_text(STR_NONE), worth),
        f != NULL && f->has_money ? cell_text(f->money.currency) : cell_text(STR_NONE),
        f != NULL ? cell_text(str_of(f->money_basis)) : cell_text(STR_NONE),
        f != NULL ? cell_text(str_of(f->evidence)) : cell_text(STR_NONE),
    };
    /* A further finding repeats no number of its position: whoever adds up a column of the CSV gets
     * what the totals say. */
    for (size_t i = 3; i < 9 && !is_first; i++)
        cells[i] = cell_shown(cell_text(STR_NONE), STR(""));
    output_row(&r->out, cells);
}

/* JSON */

static void put_purse(struct report *r, const char *key, const struct purse *purse)
{
    struct json_writer *w = &r->writer;
    json_put_array(w, key);
    for (size_t i = 0; i < purse->n; i++) {
        json_open_object(w);
        json_put_text(w, "currency", purse->at[i].currency);
        json_put_number(w, "amount", exact(&r->arena, purse->at[i].total));
        json_close(w);
    }
    if (purse->is_full) { /* more currencies than are kept apart: say so rather than drop them */
        json_open_object(w);
        json_put_null(w, "currency");
        json_put_null(w, "amount");
        json_close(w);
    }
    json_close(w);
}

static void put_side_of_position(struct report *r, const struct position *p)
{
    struct json_writer *w = &r->writer;
    if (p->has_charged) {
        json_put_object(w, "charged");
        json_put_integer(w, "seats", p->live + p->suspended);
        json_put_integer(w, "live_seats", p->live);
        json_put_integer(w, "suspended_seats", p->suspended);
        put_purse(r, "per_month", &p->charged);
        json_close(w);
    } else {
        json_put_null(w, "charged");
    }
    if (p->has_billed) {
        json_put_object(w, "billed");
        json_put_number(w, "seats", exact(&r->arena, p->billed_quantity));
        put_purse(r, "per_month", &p->billed);
        json_put_integer(w, "lines_without_price", p->billed_without_price);
        json_close(w);
    } else {
        json_put_null(w, "billed");
    }
}

static void put_apart(struct json_writer *w, const struct position *p)
{
    json_put_object(w, "apart");
    json_put_integer(w, "ended", p->apart_ended);
    json_put_integer(w, "pending", p->apart_pending);
    json_put_integer(w, "usage", p->apart_usage);
    json_put_integer(w, "one_time", p->apart_one_time);
    json_put_integer(w, "unreadable", p->unreadable);
    json_put_integer(w, "without_monthly_price", p->without_month);
    json_put_integer(w, "billed_lines", p->billed_apart);
    json_close(w);
}

static void put_findings(struct report *r, const struct position *p)
{
    struct json_writer *w = &r->writer;
    json_put_array(w, "findings");
    for (size_t i = 0; i < p->n_findings; i++) {
        const struct finding *f = &p->findings[i];
        json_open_object(w);
        json_put_text(w, "rule", str_of(rule_row(f->rule)->name));
        json_put_number(w, "seats", exact(&r->arena, f->seats));
        if (f->has_money) {
            json_put_number(w, "money_per_month", exact(&r->arena, f->money.total));
            json_put_text(w, "currency", f->money.currency);
            json_put_text(w, "money_basis", str_of(f->money_basis));
        } else {
            json_put_null(w, "money_per_month");
        }
        json_put_text(w, "evidence", str_of(f->evidence));
        json_put_text(w, "advice", str_of(rule_row(f->rule)->advice));
        json_close(w);
    }
    json_close(w);
}

static void put_evidence(struct report *r, const struct position *p)
{
    struct json_writer *w = &r->writer;
    json_put_array(w, "subscriptions");
    for (size_t i = 0; i < p->n_charged_lines; i++) {
        const struct charged_line *l = &p->charged_lines[i];
        json_open_object(w);
        json_put_text(w, "connection", l->connection);
        json_put_text(w, "customer_id", l->account_id);
        json_put_text(w, "id", l->remote_id);
        if (l->seats.known)
            json_put_integer(w, "quantity", l->seats.value);
        else
            json_put_text_or_null(w, "quantity", l->seats.text);
        json_put_text_or_null(w, "status", l->status);
        json_put_text(w, "standing", str_of(l->standing));
        json_put_text(w, "measure", str_of(l->measure));
        json_close(w);
    }
    json_close(w);
    json_put_array(w, "bill_lines");
    for (size_t i = 0; i < p->n_billed_lines; i++) {
        json_open_object(w);
        json_put_integer(w, "line", p->billed_lines[i].line);
        json_put_text(w, "customer", p->billed_lines[i].account);
        json_put_number(w, "quantity", exact(&r->arena, total_of(p->billed_lines[i].quantity)));
        json_close(w);
    }
    json_close(w);
}

static void put_position(struct report *r, const struct position *p)
{
    struct json_writer *w = &r->writer;
    json_open_object(w);
    json_put_text(w, "customer", p->organisation);
    json_put_text(w, "service", p->service);
    json_put_text_or_null(w, "part_number", p->part_number);
    put_side_of_position(r, p);
    if (can_compare(p))
        json_put_number(w, "seat_difference", exact(&r->arena, seat_difference(p)));
    else
        json_put_null(w, "seat_difference");
    put_apart(w, p);
    put_findings(r, p);
    put_evidence(r, p);
    json_close(w);
    (void)fwrite(r->json.at, 1, r->json.len, stdout); /* looked at once, at the end */
    buf_clear(&r->json);
}

void report_begin(struct report *r, struct context *context)
{
    *r = (struct report){ .context = context, .json = BUF(64u << 20) };
    r->writer = (struct json_writer)JSON_WRITER_PRETTY(&r->json);
    if (context->format != FORMAT_JSON) {
        output_begin(&r->out, context->format, columns, ARRAY_LEN(columns));
        return;
    }
    char now[32];
    json_open_object(&r->writer);
    json_put_text(&r->writer, "as_of",
                  str_of(moment_text(context->hub->clock->now_ms(context->hub->clock), now)));
    json_put_array(&r->writer, "positions");
}

void report_position(struct report *r, const struct position *p)
{
    arena_reset(&r->arena);
    r->n_positions++;
    if (r->context->format == FORMAT_JSON) {
        put_position(r, p);
        return;
    }
    for (size_t i = 0; i < p->n_findings; i++)
        put_row(r, p, &p->findings[i], i == 0);
    if (p->n_findings == 0)
        put_row(r, p, NULL, true);
}

static void put_sum_json(struct report *r, const struct reconciliation *s)
{
    struct json_writer *w = &r->writer;
    json_put_object(w, "totals");
    json_put_boolean(w, "has_charged", s->has_charged);
    json_put_boolean(w, "has_billed", s->has_billed);
    json_put_integer(w, "customers", s->n_organisations);
    json_put_integer(w, "customers_without_bill", s->only_charged);
    json_put_integer(w, "customers_without_subscriptions", s->only_billed);
    json_put_integer(w, "positions", s->n_positions);
    json_put_integer(w, "agreeing", s->n_agreeing);
    json_put_integer(w, "charged_seats", s->charged_seats);
    json_put_number(w, "billed_seats", exact(&r->arena, s->billed_seats));
    put_purse(r, "charged_per_month", &s->charged);
    put_purse(r, "billed_per_month", &s->billed);
    json_put_array(w, "findings");
    for (enum rule rule = 0; rule < RULES; rule++) {
        json_open_object(w);
        json_put_text(w, "rule", str_of(rule_row(rule)->name));
        json_put_integer(w, "count", s->rules[rule].n);
        json_put_integer(w, "without_money", s->rules[rule].n_without_money);
        put_purse(r, "per_month", &s->rules[rule].money);
        json_close(w);
    }
    json_close(w);
    json_put_object(w, "apart");
    json_put_integer(w, "ended", s->apart_ended);
    json_put_integer(w, "pending", s->apart_pending);
    json_put_integer(w, "usage", s->apart_usage);
    json_put_integer(w, "one_time", s->apart_one_time);
    json_put_integer(w, "unreadable", s->unreadable);
    json_put_integer(w, "without_monthly_price", s->without_month);
    json_put_integer(w, "unknown_status_counted_as_live", s->unknown_status);
    json_close(w);
    json_close(w);
}

/* Null for what never was: a side without data says so. */
static void put_moment(struct json_writer *w, const char *key, int64_t ms)
{
    char text[32];
    if (ms == 0)
        json_put_null(w, key);
    else
        json_put_text(w, key, str_of(moment_text(ms, text)));
}

static void put_sides_json(struct report *r, const struct reconciliation *s)
{
    struct json_writer *w = &r->writer;
    const struct connection_state *states;
    struct error ignored;
    size_t n = 0;
    if (hub_connections(r->context->hub, r->context->a, &states, &n, &ignored) != ST_OK)
        n = 0;
    json_put_array(w, "connections");
    for (size_t i = 0; i < n; i++) {
        if (str_is(states[i].row.kind, CONNECTION_KIND_BILL))
            continue;
        json_open_object(w);
        json_put_text(w, "name", states[i].row.name);
        put_moment(w, "synced_at", states[i].last_run.started_at);
        json_put_text(w, "state", states[i].last_run.state);
        json_close(w);
    }
    json_close(w);
    json_put_object(w, "bill");
    json_put_text_or_null(w, "file", s->bill_file.len > 0 ? s->bill_file : STR_NONE);
    put_moment(w, "imported_at", s->bill_imported_at);
    json_close(w);
}

static void say_sides(struct report *r, const struct reconciliation *s)
{
    struct context *c = r->context;
    const struct connection_state *states;
    struct error ignored;
    size_t n = 0;
    printf("\nAs of:\n");
    if (hub_connections(c->hub, c->a, &states, &n, &ignored) != ST_OK)
        n = 0;
    for (size_t i = 0; i < n; i++) {
        const struct sync_run_row *run = &states[i].last_run;
        if (str_is(states[i].row.kind, CONNECTION_KIND_BILL))
            continue;
        if (run->id == 0)
            printf("  %.*s: never synced; what it holds is missing here\n",
                   STR_PRINT(states[i].row.name));
        else
            printf("  %.*s: synced %.*s (%.*s)\n", STR_PRINT(states[i].row.name),
                   STR_PRINT(time_text(c, run->started_at)), STR_PRINT(run->state));
    }
    if (s->has_billed)
        printf("  bill %.*s, imported %.*s\n", STR_PRINT(s->bill_file),
               STR_PRINT(time_text(c, s->bill_imported_at)));
    else
        printf("  bill: none imported, no data\n");
}

static void say_totals(struct report *r, const struct reconciliation *s)
{
    struct arena *a = &r->arena;
    printf("\nPer month:\n");
    printf("  charged by the distributor  %.*s\n",
           STR_PRINT(s->has_charged ? purse_text(a, &s->charged, "0") : STR("no data")));
    printf("  billed to customers         %.*s\n",
           STR_PRINT(s->has_billed ? purse_text(a, &s->billed, "0") : STR("no data")));
    if (!s->has_charged || !s->has_billed) {
        printf("\nDifferences: not known, as there is nothing to compare with\n");
        return;
    }
    printf("\nDifferences:%s\n", s->n_agreeing == s->n_positions ? " none" : "");
    for (enum rule rule = 0; rule < RULES; rule++) {
        const struct rule_sum *sum = &s->rules[rule];
        if (sum->n > 0)
            printf("  %-30s %4lld   %.*s a month. %s\n", rule_row(rule)->title, (long long)sum->n,
                   STR_PRINT(purse_text(a, &sum->money, "worth unknown")), rule_row(rule)->advice);
    }
    printf("  %-30s %4lld of %lld\n", "In agreement", (long long)s->n_agreeing,
           (long long)s->n_positions);
}

static void say_apart(const struct reconciliation *s)
{
    printf("\nCounted apart, not in the seats: %lld ended, %lld pending, %lld usage-based, %lld "
           "one-time.\n",
           (long long)s->apart_ended, (long long)s->apart_pending, (long long)s->apart_usage,
           (long long)s->apart_one_time);
    if (s->unknown_status > 0)
        printf("Counted as live although their status is not known: %lld.\n",
               (long long)s->unknown_status);
    if (s->unreadable > 0)
        printf("Seats that cannot be read: %lld subscriptions.\n", (long long)s->unreadable);
    if (s->without_month > 0)
        printf("Prices that cannot be brought to a month: %lld subscriptions.\n",
               (long long)s->without_month);
}

static void say_next(const struct reconciliation *s)
{
    printf("\nNext:\n");
    if (!s->has_charged)
        printf("  stellion sync                       bring what the distributor holds\n");
    if (!s->has_billed)
        printf("  stellion reconcile --bill FILE      bring what you bill\n");
    if (s->only_charged > 0 || s->only_billed > 0)
        printf("  stellion mappings                   customers on no bill: %lld; billed ones that "
               "the\n                                      distributor does not know: %lld. Join "
               "those that are\n                                      only spelt otherwise with "
               "`stellion map account`\n",
               (long long)s->only_charged, (long long)s->only_billed);
    printf("  stellion reconcile --output json    every difference with its evidence\n");
    printf("  stellion history SUBSCRIPTION       since when\n");
}

static enum status end_json(struct report *r, const struct reconciliation *sum, struct error *err)
{
    json_close(&r->writer);
    put_sides_json(r, sum);
    put_sum_json(r, sum);
    json_close(&r->writer);
    buf_add_char(&r->json, '\n');
    return output_text(buf_str(&r->json), err);
}

enum status report_end(struct report *r, enum status filled, const struct reconciliation *sum,
                       struct error *err)
{
    enum status s = filled;
    bool is_json = r->context->format == FORMAT_JSON;
    if (!is_json)
        s = output_end(&r->out, filled, err);
    else if (filled == ST_OK)
        s = end_json(r, sum, err);
    if (s == ST_OK && r->context->format == FORMAT_TABLE) {
        say_sides(r, sum);
        say_totals(r, sum);
        say_apart(sum);
        say_next(sum);
        s = output_text(STR(""), err);
    }
    buf_release(&r->json);
    arena_free(&r->arena);
    return s;
}
