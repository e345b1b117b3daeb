/* Bills: every line is either read as another calculation reads it or listed as wrong, never in
 * part; what was understood is understood the same when it is written as plain CSV. */
#include "fuzz.h"
#include "oracle.h"

#include "base/currency.h"
#include "base/utf8.h"
#include "billing/bill_import.h"
#include "remote/record.h"

#include <string.h>

static struct bill_import_options options_of(struct input *in)
{
    static const char delimiters[] = { 0, ',', ';', '\t', '|' };
    static const char groupings[] = { 0, ',', '.', ' ', '\'' };
    static const char *const columns[] = { NULL, NULL, NULL, "1", "2", "3", "qty", "" };
    static const char *const currencies[] = { NULL, "USD", "usd", "" };
    static const char *const periods[] = { NULL, "annual", "fortnight", "" };
    struct bill_profile p = {
        .delimiter = delimiters[input_choice(in, sizeof delimiters)],
        .is_cp1252 = input_flag(in),
        .decimal_mark = input_flag(in) ? ',' : '.',
        .grouping = groupings[input_choice(in, sizeof groupings)],
        .skip_rows = (int64_t)input_choice(in, 4),
        .currency = str_of(currencies[input_choice(in, ARRAY_LEN(currencies))]),
        .period = str_of(periods[input_choice(in, ARRAY_LEN(periods))]),
    };
    if (p.grouping == p.decimal_mark)
        p.grouping = 0;
    unsigned role = input_byte(in);
    p.columns[role % ROLES] = str_of(columns[role / ROLES % ARRAY_LEN(columns)]);
    return (struct bill_import_options){ .profile = p, .file_name = "fuzz.csv" };
}

/* A row of the file, read cell by cell. */
struct row {
    const struct bill_profile *profile;
    const struct csv_reader *csv;
    const int *columns;
    struct arena *a;
    bool good;
    size_t rounded_column; /* the first of an amount that is too fine; 0: none */
};

static struct str cell(struct row *r, enum bill_role role)
{
    struct error err;
    struct str text = STR("");
    if (r->columns[role] >= 0 &&
        profile_cell(r->profile, r->a, csv_cell(r->csv, (size_t)r->columns[role]), &text, &err) !=
            ST_OK)
        r->good = false;
    return text;
}

static struct decimal amount(struct row *r, enum bill_role role, struct str text)
{
    struct oracle_number n = oracle_written(text, r->profile->decimal_mark, r->profile->grouping);
    if (!n.is_number || !n.fits || n.whole_digits > 30)
        r->good = false;
    if (n.rounded && r->rounded_column == 0)
        r->rounded_column = (size_t)r->columns[role] + 1;
    return (struct decimal){ r->good ? (int64_t)n.units : 0 };
}

static struct bill_entry read_row(struct row *r)
{
    struct bill_entry e = { .line = r->csv->line };
    e.account = cell(r, ROLE_ACCOUNT);
    e.product = cell(r, ROLE_PRODUCT);
    e.part = cell(r, ROLE_PART);
    e.quantity = amount(r, ROLE_QUANTITY, cell(r, ROLE_QUANTITY));
    r->good = r->good && e.account.len > 0 && e.product.len > 0 && e.quantity.units >= 0;
    e.price_text = cell(r, ROLE_PRICE);
    e.has_price = e.price_text.len > 0;
    if (e.has_price) {
        e.price = amount(r, ROLE_PRICE, e.price_text);
        e.currency = cell(r, ROLE_CURRENCY);
        if (e.currency.len == 0)
            e.currency = r->profile->currency;
        r->good = r->good && currency_looks_right(e.currency);
    }
    e.period = cell(r, ROLE_PERIOD);
    if (e.period.len == 0)
        e.period = r->profile->period.at != NULL ? r->profile->period : STR("monthly");
    e.cycle_months = cycle_months(e.period);
    r->good = r->good && e.cycle_months >= 0;
    e.rounded_column = r->rounded_column;
    return e;
}

static void the_same_entry(const struct bill_entry *e, const struct bill_entry *right)
{
    HOLDS(str_equal(e->account, right->account) && str_equal(e->product, right->product));
    HOLDS(str_equal(e->part, right->part) && str_equal(e->period, right->period));
    HOLDS(e->quantity.units == right->quantity.units && e->quantity.units >= 0);
    HOLDS(e->has_price == right->has_price && str_equal(e->price_text, right->price_text));
    HOLDS(!e->has_price || e->price.units == right->price.units);
    HOLDS(!e->has_price || str_equal(e->currency, right->currency));
    HOLDS(e->cycle_months == right->cycle_months && e->cycle_months >= 0);
    HOLDS(utf8_valid(e->account) && utf8_valid(e->product) && utf8_valid(e->part));
}

/* Cells behind the last header are blank, or the line is wrong. */
static bool is_as_wide_as(const struct csv_reader *csv, size_t n_headers)
{
    for (size_t i = n_headers; i < csv->n_cells; i++)
        if (str_trim(csv_cell(csv, i)).len > 0)
            return false;
    return true;
}

/* What this walk counts. */
struct tally {
    int64_t n_lines, n_wrong, n_rounded;
    bool is_unclosed;
};

static void line_is_told(const struct bill_import_result *result, struct tally *tally,
                         const struct bill_entry *right, bool good)
{
    if (good && tally->n_lines < BILL_PREVIEW_LINES) {
        HOLDS((size_t)tally->n_lines < result->n_preview);
        const struct bill_entry *e = &result->preview[tally->n_lines];
        HOLDS(e->line == right->line && e->rounded_column == right->rounded_column);
        the_same_entry(e, right);
    }
    if (!good && tally->n_wrong < LIMIT_CSV_ERRORS_SHOWN) {
        HOLDS((size_t)tally->n_wrong < result->n_problems);
        const struct bill_problem *p = &result->problems[tally->n_wrong];
        HOLDS(p->line == right->line && p->column <= LIMIT_CSV_COLUMNS + 1);
        HOLDS(p->text[0] != '\0');
        holds_printable(str_of(p->text));
    }
    if (good && right->rounded_column != 0 && tally->n_rounded++ == 0)
        HOLDS(result->rounded.line == right->line &&
              result->rounded.column == right->rounded_column);
    tally->n_lines += good;
    tally->n_wrong += !good;
}

/* Walks the file by itself and compares what came out. False when it has no header to go by. */
static bool lines_are_read_or_listed(struct str file, const struct bill_profile *profile,
                                     const struct bill_import_result *result, struct tally *tally)
{
    SCOPED(csv_close) struct csv_reader csv = { .cells = BUF(0) };
    struct error err;
    struct str text;
    int64_t first_line;
    int columns[ROLES];
    *tally = (struct tally){ .n_lines = 0 };
    if (profile_text(profile, file, &text, &first_line, &err) != ST_OK)
        return false;
    csv_open(&csv, text, profile_delimiter(profile, text));
    csv.next_line = (size_t)first_line;
    if (csv_next(&csv, &err) != CSV_ROW || profile_columns(profile, &csv, columns, &err) != ST_OK)
        return false;
    size_t n_headers = csv.n_cells;
    enum csv_step step;
    while ((step = csv_next(&csv, &err)) != CSV_END) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct row row = { profile, &csv, columns, &a, step == CSV_ROW, 0 };
        struct bill_entry right = { .line = csv.line };
        row.good = row.good && is_as_wide_as(&csv, n_headers);
        if (row.good)
            right = read_row(&row);
        line_is_told(result, tally, &right, row.good);
    }
    tally->is_unclosed = csv.is_unclosed;
    HOLDS(result->n_lines == tally->n_lines && result->n_wrong == tally->n_wrong);
    HOLDS(result->n_rounded == tally->n_rounded);
    return true;
}

static void put_cell(struct buf *to, struct str text)
{
    buf_add_char(to, ',');
    csv_put(to, text, ',');
}

static void the_same_when_written(const struct bill_import_result *result)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    SCOPED(buf_release) struct buf csv = BUF(1u << 24);
    struct bill_import_options plain = { .profile = { .decimal_mark = '.', .delimiter = ',' } };
    struct bill_import_result again;
    struct error err;
    bool has_formula = false;
    buf_add_text(&csv, "line,customer,product,part,quantity,price,currency,period\n");
    for (size_t i = 0; i < result->n_preview; i++) {
        const struct bill_entry *e = &result->preview[i];
        char quantity[32], price[32];
        buf_printf(&csv, "%zu", i);
        put_cell(&csv, e->account);
        put_cell(&csv, e->product);
        put_cell(&csv, e->part);
        put_cell(&csv, decimal_exact(e->quantity, quantity));
        put_cell(&csv, e->has_price ? decimal_exact(e->price, price) : STR(""));
        put_cell(&csv, e->currency);
        put_cell(&csv, e->period);
        buf_add_char(&csv, '\n');
        has_formula = has_formula || csv_is_formula(e->account) || csv_is_formula(e->product) ||
                      csv_is_formula(e->part);
    }
    if (has_formula || result->n_preview == 0)
        return;
    HOLDS(bill_read(&a, buf_str(&csv), &plain, &again, &err) == ST_OK);
    HOLDS(again.n_preview == result->n_preview && again.n_wrong == 0);
    for (size_t i = 0; i < again.n_preview; i++) {
        struct bill_entry e = again.preview[i];
        e.price_text = result->preview[i].price_text;
        the_same_entry(&e, &result->preview[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct bill_import_options options = options_of(&in);
    struct bill_import_result strict, lenient;
    struct error err, lenient_err;
    struct str file = exact_copy(&a, in.rest);
    enum status s = bill_read(&a, file, &options, &strict, &err);
    options.skip_bad = true;
    enum status t = bill_read(&a, file, &options, &lenient, &lenient_err);
    if (s != ST_OK)
        holds_error(s, &err);
    if (t != ST_OK)
        holds_error(t, &lenient_err);
    struct tally tally;
    bool has_header = lines_are_read_or_listed(file, &options.profile, &lenient, &tally);
    HOLDS(has_header || (s == ST_INVALID && lenient.n_lines == 0 && lenient.n_wrong == 0));
    HOLDS((t == ST_OK) == (has_header && lenient.n_lines > 0 && !tally.is_unclosed));
    HOLDS((s == ST_OK) == (t == ST_OK && strict.n_wrong == 0));
    HOLDS(strict.n_lines == lenient.n_lines && strict.n_wrong == lenient.n_wrong);
    the_same_when_written(&lenient);
    holds_memory(&a, size, 64);
    return 0;
}
