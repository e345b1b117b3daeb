/* Two passes over the file: the first checks every line, the second stores them. */
#include "billing/bill_import.h"

#include "base/currency.h"
#include "base/id.h"
#include "base/text_map.h"
#include "remote/part_number.h"
#include "remote/record.h"
#include "store/accounts.h"
#include "store/connections.h"
#include "store/services.h"

#define BILL_CONNECTION "bill"

struct reading {
    const struct bill_profile *profile;
    struct csv_reader csv;
    int64_t first_line;
    int columns[ROLES];
    size_t n_columns;  /* of the header */
    struct arena line; /* of one line */
    const atomic_bool *cancelled;
};

const char *bill_problem_text(struct arena *a, const struct bill_problem *p)
{
    if (p->column == 0)
        return arena_printf(a, "line %zu: %s", p->line, p->text);
    return arena_printf(a, "line %zu, column %zu: %s", p->line, p->column, p->text);
}

static enum status open_file(struct reading *r, const struct bill_import_options *options,
                             struct str file, struct error *err)
{
    const struct bill_profile *profile = &options->profile;
    struct str text;
    *r = (struct reading){ .profile = profile, .cancelled = options->cancelled };
    TRY(profile_text(profile, file, &text, &r->first_line, err));
    csv_open(&r->csv, text, profile_delimiter(profile, text));
    r->csv.next_line = (size_t)r->first_line;
    enum csv_step step = csv_next(&r->csv, err);
    if (step == CSV_WRONG)
        return wrap(err, ST_INVALID, "line %zu, column %zu", r->csv.problem_line,
                    r->csv.problem_column);
    if (step == CSV_END)
        return fail(err, ST_INVALID, "the file holds no lines");
    r->n_columns = r->csv.n_cells;
    return profile_columns(profile, &r->csv, r->columns, err);
}

static void close_file(struct reading *r)
{
    csv_close(&r->csv);
    arena_free(&r->line);
}

/* A cell of a role; "" where the file has no such column. Sets *column for errors. */
static enum status cell_of(struct reading *r, enum bill_role role, size_t *column,
                           struct str *ret_text, struct error *err)
{
    *ret_text = STR("");
    *column = (size_t)(r->columns[role] + 1);
    if (r->columns[role] < 0)
        return ST_OK;
    return profile_cell(r->profile, &r->line, csv_cell(&r->csv, (size_t)r->columns[role]), ret_text,
                        err);
}

static enum status read_names(struct reading *r, struct bill_entry *e, size_t *column,
                              struct error *err)
{
    TRY(cell_of(r, ROLE_ACCOUNT, column, &e->account, err));
    if (e->account.len == 0)
        return fail(err, ST_INVALID, "the customer is empty");
    TRY(cell_of(r, ROLE_PART, column, &e->part, err));
    TRY(cell_of(r, ROLE_PRODUCT, column, &e->product, err));
    if (e->product.len == 0)
        return fail(err, ST_INVALID, "the product is empty");
    return ST_OK;
}

static enum status read_quantity(struct reading *r, struct bill_entry *e, size_t *column,
                                 struct error *err)
{
    struct str text;
    TRY(cell_of(r, ROLE_QUANTITY, column, &text, err));
    if (text.len == 0)
        return fail(err, ST_INVALID, "the quantity is empty");
    bool rounded = false;
    TRY(decimal_parse_written(text, r->profile->decimal_mark, r->profile->grouping, &e->quantity,
                              &rounded, err));
    e->rounded_column = rounded ? *column : 0;
    if (e->quantity.units < 0)
        return fail(err, ST_INVALID, "the quantity '%.*s' is below 0", STR_PRINT(text));
    return ST_OK;
}

static enum status read_price(struct reading *r, struct bill_entry *e, size_t *column,
                              struct error *err)
{
    TRY(cell_of(r, ROLE_PRICE, column, &e->price_text, err));
    e->has_price = e->price_text.len > 0;
    if (!e->has_price)
        return ST_OK;
    bool rounded = false;
    TRY(decimal_parse_written(e->price_text, r->profile->decimal_mark, r->profile->grouping,
                              &e->price, &rounded, err));
    e->rounded_column = rounded && e->rounded_column == 0 ? *column : e->rounded_column;
    TRY(cell_of(r, ROLE_CURRENCY, column, &e->currency, err));
    if (e->currency.len == 0)
        e->currency = r->profile->currency;
    if (e->currency.len == 0)
        return fail(err, ST_INVALID, "the price has no currency (say it with --currency CODE)");
    if (!currency_looks_right(e->currency))
        return fail(err, ST_INVALID, "'%.*s' is not a currency code such as USD",
                    STR_PRINT(e->currency));
    return ST_OK;
}

static enum status read_period(struct reading *r, struct bill_entry *e, size_t *column,
                               struct error *err)
{
    TRY(cell_of(r, ROLE_PERIOD, column, &e->period, err));
    if (e->period.len == 0)
        e->period = r->profile->period.at != NULL ? r->profile->period : STR("monthly");
    e->cycle_months = cycle_months(e->period);
    if (e->cycle_months < 0)
        return fail(err, ST_INVALID, "'%.*s' is no billing period such as monthly or annual",
                    STR_PRINT(e->period));
    return ST_OK;
}

/* More cells than the header has are a delimiter inside of a cell: 1,50 would be a price of 1. */
static enum status check_width(const struct reading *r, size_t *column, struct error *err)
{
    for (size_t i = r->n_columns; i < r->csv.n_cells; i++) {
        *column = i + 1;
        if (str_trim(csv_cell(&r->csv, i)).len > 0)
            return fail(err, ST_INVALID,
                        "the line has more cells than the header; a cell that "
                        "holds the delimiter needs quotes around it");
    }
    return ST_OK;
}

/* The line that the CSV reader stands on. On failure *column says where. */
static enum status read_line(struct reading *r, struct bill_entry *ret_entry, size_t *column,
                             struct error *err)
{
    struct bill_entry e = { .line = r->csv.line };
    arena_reset(&r->line);
    TRY(check_width(r, column, err));
    TRY(read_names(r, &e, column, err));
    TRY(read_quantity(r, &e, column, err));
    TRY(read_price(r, &e, column, err));
    TRY(read_period(r, &e, column, err));
    *ret_entry = e;
    return ST_OK;
}

/* Steps to the next line. CSV_WRONG: a line of CSV or of the bill that cannot be read; `problem`
 * says where. */
static enum csv_step next_line(struct reading *r, struct bill_entry *entry,
                               struct bill_problem *problem, struct error *err)
{
    enum csv_step step = csv_next(&r->csv, err);
    if (step == CSV_WRONG)
        *problem = (struct bill_problem){ r->csv.problem_line, r->csv.problem_column, NULL };
    if (step != CSV_ROW)
        return step;
    size_t column = 0;
    if (read_line(r, entry, &column, err) == ST_OK)
        return CSV_ROW;
    *problem = (struct bill_problem){ r->csv.line, column, NULL };
    return CSV_WRONG;
}

static struct bill_entry keep_entry(struct arena *a, const struct bill_entry *e)
{
    struct bill_entry kept = *e;
    kept.account = arena_copy(a, e->account);
    kept.product = arena_copy(a, e->product);
    kept.part = arena_copy(a, e->part);
    kept.price_text = arena_copy(a, e->price_text);
    kept.currency = arena_copy(a, e->currency);
    kept.period = arena_copy(a, e->period);
    return kept;
}

static enum status say_wrong(const struct bill_import_result *result, bool is_unclosed,
                             struct error *err)
{
    const struct bill_problem *first = &result->problems[0];
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    fail(err, ST_INVALID, "%lld of %lld lines cannot be read; the first is %s",
         (long long)result->n_wrong, (long long)(result->n_lines + result->n_wrong),
         bill_problem_text(&a, first));
    hint(err, is_unclosed ? "Nothing was stored. Mend the quotes: which lines the open one hides "
                            "cannot be told, so --skip-bad does not help."
                          : "Nothing was stored. Mend the file, or import the good lines only with "
                            "--skip-bad.");
    return ST_INVALID;
}

static bool is_cancelled(const struct reading *r)
{
    return r->cancelled != NULL && atomic_load(r->cancelled);
}

static enum status say_cancelled(struct error *err)
{
    return fail(err, ST_CANCELLED, "stopped; nothing was stored");
}

static void count_line(struct arena *a, struct bill_import_result *result,
                       struct bill_entry *preview, const struct bill_entry *e)
{
    result->n_lines++;
    if (result->n_preview < BILL_PREVIEW_LINES)
        preview[result->n_preview++] = keep_entry(a, e);
    if (e->rounded_column != 0 && result->n_rounded++ == 0)
        result->rounded = (struct bill_problem){ e->line, e->rounded_column,
                                                 "an amount has more than 8 decimals" };
}

/* Every line is looked at, and the first wrong ones are kept. */
static enum status read_lines(struct reading *r, struct arena *a, struct bill_import_result *result,
                              struct error *err)
{
    struct bill_problem *problems = ARENA_ARRAY(a, LIMIT_CSV_ERRORS_SHOWN, struct bill_problem);
    struct bill_entry *preview = ARENA_ARRAY(a, BILL_PREVIEW_LINES, struct bill_entry), entry;
    struct bill_problem problem;
    enum csv_step step;
    result->problems = problems;
    result->preview = preview;
    while ((step = next_line(r, &entry, &problem, err)) != CSV_END) {
        if (is_cancelled(r))
            return say_cancelled(err);
        if (step == CSV_ROW) {
            count_line(a, result, preview, &entry);
            continue;
        }
        result->n_wrong++;
        if (result->n_problems == LIMIT_CSV_ERRORS_SHOWN)
            continue;
        problem.text = arena_text(a, str_of(err->text));
        problems[result->n_problems++] = problem;
    }
    return ST_OK;
}

enum status bill_read(struct arena *a, struct str file, const struct bill_import_options *options,
                      struct bill_import_result *ret_result, struct error *err)
{
    struct reading r;
    *ret_result = (struct bill_import_result){ .bill_id = 0 };
    enum status s = open_file(&r, options, file, err);
    if (s == ST_OK)
        s = read_lines(&r, a, ret_result, err);
    bool is_unclosed = r.csv.is_unclosed;
    close_file(&r);
    if (s == ST_OK && ret_result->n_wrong > 0 && (!options->skip_bad || is_unclosed))
        s = say_wrong(ret_result, is_unclosed, err);
    if (s == ST_OK && ret_result->n_lines == 0)
        s = fail(err, ST_INVALID, "the file has a header and no line that could be read");
    return s;
}

/* Ids of customers and products by name, so that each is looked up once. */
struct names {
    struct text_map map;
    struct arena arena;
    int64_t *ids;
    size_t n, room;
};

static bool name_get(const struct names *names, struct str name, int64_t *ret_id)
{
    size_t place;
    if (!text_map_get(&names->map, name, &place))
        return false;
    *ret_id = names->ids[place];
    return true;
}

static void name_put(struct names *names, struct str name, int64_t id)
{
    ARENA_GROW(&names->arena, names->ids, names->n, names->room);
    names->ids[names->n] = id;
    (void)text_map_add(&names->map, name, names->n++);
}

static void names_release(struct names *names)
{
    text_map_release(&names->map);
    arena_free(&names->arena);
}

struct storing {
    struct store *store;
    struct db *db;
    int64_t connection_id;
    struct names accounts, services;
};

static enum status account_of(struct storing *st, struct str name, int64_t *ret_id,
                              struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct account_row row = {
        .connection_id = st->connection_id,
        .record = { .remote_id = name, .name = name, .company_name = name, .is_active = true },
        .is_listed = true,
    };
    struct account_row known;
    if (name_get(&st->accounts, name, ret_id))
        return ST_OK;
    enum status s = account_find(st->store, st->db, &a, st->connection_id, name, &known, err);
    if (s == ST_NOT_FOUND)
        s = account_save(st->store, st->db, &row, err);
    else
        row.id = known.id;
    if (s != ST_OK)
        return s;
    name_put(&st->accounts, name, row.id);
    *ret_id = row.id;
    return ST_OK;
}

/* A product of the bill is told by its part number, or by its name where it has none. */
static enum status service_of(struct storing *st, const struct bill_entry *e, int64_t *ret_id,
                              struct error *err)
{
    char key[18];
    struct part_number part;
    bool has_key = part_number_key(e->part, key);
    bool is_usage = part_number_parse(e->part, &part) && part.family == PART_AZURE;
    struct service_row row = {
        .connection_id = st->connection_id,
        .remote_id = e->part.len > 0 ? e->part : e->product,
        .name = e->product,
        .part_number = e->part.len > 0 ? e->part : STR_NONE,
        .part_key = has_key ? str_of(key) : STR_NONE,
        .measure = str_of(measure_name(is_usage               ? MEASURE_USAGE
                                       : e->cycle_months == 0 ? MEASURE_ONE_TIME
                                                              : MEASURE_SEATS)),
    };
    if (name_get(&st->services, row.remote_id, ret_id))
        return ST_OK;
    TRY(service_ensure(st->store, st->db, &row, err));
    name_put(&st->services, row.remote_id, row.id);
    *ret_id = row.id;
    return ST_OK;
}

static enum status store_line(struct storing *st, int64_t bill_id, const struct bill_entry *e,
                              struct error *err)
{
    struct bill_line_row row = {
        .line = (int64_t)e->line,
        .quantity = e->quantity,
        .price = e->price,
        .has_price = e->has_price,
        .price_text = e->has_price ? e->price_text : STR_NONE,
        .currency = e->has_price ? e->currency : STR_NONE,
        .cycle_months = e->cycle_months,
    };
    TRY(account_of(st, e->account, &row.account_id, err));
    TRY(service_of(st, e, &row.service_id, err));
    return bill_line_add(st->store, st->db, bill_id, &row, err);
}

/* The connection that stands for the bill; made with the first import. */
static enum status bill_connection(struct storing *st, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct connection_row row;
    int64_t now = store_now(st->store);
    enum status s = connection_find(st->store, st->db, &a, STR(BILL_CONNECTION), &row, err);
    if (s == ST_NOT_FOUND) {
        row = (struct connection_row){
            .id = id_new(st->store->clock),
            .name = STR(BILL_CONNECTION),
            .kind = STR(CONNECTION_KIND_BILL),
            .environment = STR("file"),
            .region = STR(""),
            .base_url = STR(""),
            .token_url = STR(""),
            .state = STR(CONNECTION_READY),
            .created_at = now,
            .changed_at = now,
        };
        s = connection_save(st->store, st->db, &row, err);
    }
    st->connection_id = row.id;
    return s;
}

static enum status store_lines(struct storing *st, const struct bill_import_options *options,
                               struct str file, int64_t bill_id, struct error *err)
{
    struct reading r;
    struct bill_entry entry;
    struct bill_problem ignored;
    enum status s = open_file(&r, options, file, err);
    enum csv_step step = CSV_END;
    while (s == ST_OK && (step = next_line(&r, &entry, &ignored, err)) != CSV_END)
        if (is_cancelled(&r))
            s = say_cancelled(err);
        else if (step == CSV_ROW) /* wrong lines were counted, and agreed to be skipped */
            s = store_line(st, bill_id, &entry, err);
    close_file(&r);
    return s;
}

static enum status store_all(struct storing *st, struct arena *a, struct str file,
                             const struct bill_import_options *options,
                             struct bill_import_result *result, struct error *err)
{
    SCOPED(db_abandon) struct db *open = st->db;
    TRY(db_begin(st->db, SYNCED, err));
    TRY(bill_connection(st, err));
    struct bill_row bill = {
        .connection_id = st->connection_id,
        .file_name = str_of(options->file_name),
        .checksum = checksum_of(a, file),
        .n_lines = result->n_lines,
        .n_skipped = result->n_wrong,
    };
    TRY(bill_add(st->store, st->db, &bill, err));
    TRY(store_lines(st, options, file, bill.id, err));
    TRY(bill_finish(st->store, st->db, &bill, err));
    TRY(db_commit(st->db, err));
    result->bill_id = bill.id;
    result->n_accounts = (int64_t)st->accounts.n;
    result->n_services = (int64_t)st->services.n;
    return ST_OK;
}

enum status bill_import(struct store *store, struct arena *a, struct str file,
                        const struct bill_import_options *options,
                        struct bill_import_result *ret_result, struct error *err)
{
    struct storing st = { .store = store, .db = store->db };
    TRY(bill_read(a, file, options, ret_result, err));
    enum status s = store_all(&st, a, file, options, ret_result, err);
    names_release(&st.accounts);
    names_release(&st.services);
    return s;
}
