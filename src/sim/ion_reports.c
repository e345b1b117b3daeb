/* Ion's answers on reports: 3.8, 4.8. One report stands in every account; others can be saved. The
 * shape of the definition is recorded (REAL); of its 80 columns there are those that the simulator
 * has facts for. Rows are what is charged in the range: they add up with the subscriptions. */
#include "sim/ion_reports.h"

#include "base/moment.h"

#define FIRST_REPORT 52001

/* --- which report --- */

struct report {
    int64_t number;
    struct str display_name, definition; /* definition: STR_NONE for the one of the start */
    int64_t created_ms;
};

/* The last thing that was done with a number counts. */
static bool report_of(struct ask *ask, int64_t number, struct report *report)
{
    size_t n;
    const struct ion_report *rows = state_rows(ask->sim, STATE_ION_REPORT, &n);
    *report = (struct report){ number, STR("Monthly CSP billing"), STR_NONE,
                               ask->sim->world.today_ms - 90 * ION_DAY_MS };
    for (size_t i = n; i > 0; i--) {
        if (rows[i - 1].number != number)
            continue;
        *report = (struct report){ number, rows[i - 1].display_name, rows[i - 1].definition,
                                   rows[i - 1].created_ms };
        return !rows[i - 1].is_deleted;
    }
    return number == FIRST_REPORT;
}

static bool find_report(struct ask *ask, struct report *report)
{
    int64_t number;
    struct str id = ask_path(ask, "reportId");
    if (str_integer(id, &number) && report_of(ask, number, report))
        return true;
    ion_not_found(ask, "reports", id);
    return false;
}

/* --- the definition --- */

static void put_column_id(struct json_writer *w, const struct column *c)
{
    put_number_text(w, "id", 810000 + c->number);
    json_put_text(w, "displayName", str_of(c->name));
}

static void put_all_columns(struct json_writer *w)
{
    json_put_array(w, "allColumns");
    for (int i = 0; i < COLUMNS; i++) {
        json_open_object(w);
        put_column_id(w, &report_columns[i]);
        if (report_columns[i].groupable) /* left out when false (4.8 REAL) */
            json_put_boolean(w, "groupable", true);
        json_put_text(w, "columnTemplateId", str_of(report_columns[i].template));
        json_close(w);
    }
    json_close(w);
}

static void put_selected_columns(struct json_writer *w, struct arena *a)
{
    json_put_array(w, "selectedColumns");
    for (int i = 0; i < COLUMNS; i++) {
        const struct column *c = &report_columns[i];
        if (c->level < 0)
            continue;
        json_open_object(w);
        put_column_id(w, c);
        if (c->level > 0)
            json_put_integer(w, "groupingLevel", c->level);
        if (c->level == 1)
            json_put_boolean(w, "isInvoiceKey", true);
        if (c->type == VALUE_MONEY)
            json_put_text(w, "aggType", STR("SUM_COLUMN_AGGREGATION_TYPE"));
        json_put_text(w, "valueType", str_of(report_value_types[c->type]));
        json_put_text(w, "columnHeading", str_of(report_heading(a, c)));
        json_put_text(w, "columnTemplateId", str_of(c->template));
        if (i == COLUMN_USAGE) {
            json_put_array(w, "groupingColumns");
            json_put_text(w, NULL, STR(TEMPLATE "unit"));
            json_put_text(w, NULL, STR(TEMPLATE "meter_name"));
            json_close(w);
        }
        json_close(w);
    }
    json_close(w);
}

static void put_currency(struct json_writer *w, const char *key, bool is_dollar)
{
    if (key != NULL)
        json_put_object(w, key);
    else
        json_open_object(w);
    json_put_text(w, "code", is_dollar ? STR("USD") : STR("EUR"));
    json_put_text(w, "symbol", is_dollar ? STR("$") : STR("€"));
    json_put_text(w, "name", is_dollar ? STR("U.S. Dollar") : STR("Euro"));
    json_put_integer(w, "displayOrder", is_dollar ? 1 : 5);
    json_close(w);
}

static void put_money_specs(struct json_writer *w)
{
    json_put_object(w, "currencyOption");
    json_put_array(w, "availableCurrencies");
    put_currency(w, NULL, true);
    put_currency(w, NULL, false);
    json_close(w);
    put_currency(w, "selectedCurrency", true);
    json_close(w);
    json_put_array(w, "cloudAccountFieldKeys");
    static const char *const keys[] = { "End_Customer_PO", "Reseller_PO" };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        json_open_object(w);
        json_put_text(w, "displayName", str_of(keys[i]));
        json_put_text(w, "uniqueKey", str_of(keys[i]));
        json_close(w);
    }
    json_close(w);
    json_put_array(w, "conversionRates");
    for (int i = 0; i < 2; i++) {
        json_open_object(w);
        put_currency(w, "fromCurrency", i == 1);
        put_currency(w, "toCurrency", true);
        json_put_number(w, "rate", i == 0 ? STR(ION_EUR_IN_USD) : STR("1"));
        if (i == 0) /* left out when false */
            json_put_boolean(w, "isDefault", true);
        json_close(w);
    }
    json_close(w);
}

static void put_specs(struct ask *ask, struct json_writer *w)
{
    struct ion_range range;
    (void)ion_relative_range(ask->sim, STR("MONTH_TO_DATE"), &range);
    json_put_object(w, "specs");
    put_all_columns(w);
    put_selected_columns(w, ask->x->a);
    json_put_array(w, "columnFilters");
    json_open_object(w);
    put_column_id(w, &report_columns[COLUMN_CUSTOMER]);
    json_put_text(w, "columnTemplateId", str_of(report_columns[COLUMN_CUSTOMER].template));
    json_close(w);
    json_close(w);
    json_put_object(w, "dateRangeOption");
    json_put_object(w, "selectedRange");
    json_put_text(w, "relativeDateRange", STR("MONTH_TO_DATE"));
    json_put_object(w, "relativeActualDateRange");
    ion_put_second(w, "startDate", range.start_ms);
    ion_put_second(w, "endDate", range.end_ms);
    json_close(w);
    json_close(w);
    json_close(w);
    put_money_specs(w);
    json_close(w);
}

static void put_report(struct ask *ask, struct json_writer *w, const struct report *r,
                       bool with_specs)
{
    put_number_text(w, "reportId", r->number);
    json_put_text(w, "displayName", r->display_name);
    json_put_text(w, "category", STR("BILLING_REPORTS"));
    json_put_text(w, "createdBy", STR("API user"));
    json_put_text(w, "lastUpdatedBy", STR("API user"));
    if (with_specs)
        put_specs(ask, w);
    ion_put_second(w, "createTime", r->created_ms);
    json_put_array(w, "providerIds");
    json_put_text(w, NULL, STR("30"));
    json_close(w);
    json_put_text(w, "reportTemplateId", STR("azure_plan_billing"));
    json_put_text(w, "reportModule", STR("REPORTS_REPORTS_MODULE"));
}

/* The list has no columns (3.8 REAL). Unspecified is any module. */
void ion_give_reports(struct ask *ask)
{
    size_t n;
    struct report r;
    (void)state_rows(ask->sim, STATE_ION_REPORT, &n);
    bool shown = ion_fits(ask, "module", STR("REPORTS_REPORTS_MODULE")) ||
                 str_equal_nocase(ask_query(ask, "module"), STR("REPORTS_MODULE_UNSPECIFIED"));
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "reports");
    for (int64_t i = 0; shown && i <= (int64_t)n; i++) {
        if (!report_of(ask, FIRST_REPORT + i, &r))
            continue;
        json_open_object(&w);
        put_report(ask, &w, &r, false);
        json_close(&w);
    }
    json_close(&w);
    json_close(&w);
}

void ion_give_report(struct ask *ask)
{
    struct report r;
    if (!find_report(ask, &r))
        return;
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    put_report(ask, &w, &r, true);
    json_close(&w);
}

/* Over a report that is there; else under the next number: which one Ion gives is not told. */
void ion_save_report(struct ask *ask)
{
    const struct json *body;
    struct report r;
    int64_t number;
    if (!ion_body(ask, &body))
        return;
    if (!str_integer(ask_path(ask, "reportId"), &number) || !report_of(ask, number, &r))
        for (number = FIRST_REPORT + 1; report_of(ask, number, &r);)
            number++;
    struct ion_report *row = state_add(ask->sim, STATE_ION_REPORT);
    struct str name = ion_text(ask, body, "displayName");
    row->number = number;
    row->display_name = name.len > 0 ? state_text(ask->sim, name) : STR("Saved report");
    row->definition = state_text(ask->sim, ask->x->body);
    row->created_ms = sim_now(ask->sim);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    put_number_text(&w, "reportId", number);
    json_close(&w);
}

void ion_delete_report(struct ask *ask)
{
    struct report r;
    if (!find_report(ask, &r))
        return;
    struct ion_report *row = state_add(ask->sim, STATE_ION_REPORT);
    row->number = r.number;
    row->is_deleted = true;
    ion_empty_answer(ask);
}

/* --- what is asked for: columns and days --- */

struct wanted {
    int columns[COLUMNS];
    int n;
    struct ion_range range;
};

static int column_of(struct ask *ask, const struct json *json)
{
    struct str id = ion_text(ask, json, "id"), template = ion_text(ask, json, "columnTemplateId");
    int64_t number = 0;
    (void)str_integer(id, &number);
    for (int i = 0; i < COLUMNS; i++)
        if (number == 810000 + report_columns[i].number ||
            str_is(template, report_columns[i].template))
            return i;
    return -1;
}

/* Without columns the report has its own (3.8 CLIENT). */
static void choose_columns(struct ask *ask, const struct json *specs, struct wanted *wanted)
{
    const struct json *selected = ion_member(ask, specs, "selectedColumns");
    for (size_t i = 0; i < json_length(selected) && wanted->n < COLUMNS; i++) {
        int column = column_of(ask, json_at(selected, i));
        if (column >= 0)
            wanted->columns[wanted->n++] = column;
    }
    for (int i = 0; i < COLUMNS && json_length(selected) == 0; i++)
        if (report_columns[i].level >= 0)
            wanted->columns[wanted->n++] = i;
}

/* A fixed range counts only beside CUSTOM, UNKNOWN or nothing (4.8 SPEC). Its last day is in it. */
static void choose_range(struct ask *ask, const struct json *specs, struct ion_range *range)
{
    const struct json *option = ion_member(ask, specs, "dateRangeOption");
    const struct json *selected = ion_member(ask, option, "selectedRange");
    const struct json *fixed = ion_member(ask, selected, "fixedDateRange");
    struct str relative = ion_text(ask, selected, "relativeDateRange");
    struct str first = ion_text(ask, fixed, "startDate"), last = ion_text(ask, fixed, "endDate");
    if (relative.len > 0 && ion_relative_range(ask->sim, relative, range))
        return;
    if (moment_parse(first, &range->start_ms) && moment_parse(last, &range->end_ms)) {
        range->end_ms += last.len == 10 ? ION_DAY_MS : 1;
        return;
    }
    (void)ion_relative_range(ask->sim, STR("MONTH_TO_DATE"), range);
}

/* The report of the path and what the body wants of it. False: refused. */
static bool read_wanted(struct ask *ask, struct report *r, struct wanted *wanted)
{
    const struct json *body;
    struct error ignored;
    *wanted = (struct wanted){ .n = 0 };
    if (!find_report(ask, r) || !ion_body(ask, &body))
        return false;
    if (body == NULL && r->definition.len > 0)
        (void)json_parse(ask->x->a, r->definition, &body, &ignored); /* it was parsed when saved */
    const struct json *specs = ion_member(ask, body, "specs");
    choose_columns(ask, specs, wanted);
    choose_range(ask, specs, &wanted->range);
    return true;
}

/* --- rows --- */

#define ROWS_MOST 20000 /* in one answer; of those beyond there is the number. ASSUMED */

struct rows {
    const struct wanted *wanted;
    struct buf csv;
    struct json_writer *w; /* NULL: CSV */
    int64_t n;
};

void ion_csv_cell(struct buf *to, struct str cell, bool is_first)
{
    bool quoted = false;
    for (size_t i = 0; i < cell.len; i++)
        quoted |= strchr(",\"\r\n", cell.at[i]) != NULL;
    if (!is_first)
        buf_add_char(to, ',');
    if (!quoted) {
        buf_add(to, cell);
        return;
    }
    buf_add_char(to, '"');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"')
            buf_add_char(to, '"');
        buf_add_char(to, cell.at[i]);
    }
    buf_add_char(to, '"');
}

/* The first key column may say what an invoice is made by (4.8 SPEC). */
static void put_invoice_key(struct json_writer *w, const struct customer *who)
{
    json_put_object(w, "invoiceKey");
    json_put_array(w, "providerId");
    json_put_text(w, NULL, STR("30"));
    json_close(w);
    put_number_text(w, "customerId", who->number);
    json_put_array(w, "providerCurrency");
    json_put_text(w, NULL, STR(CURRENCY));
    json_close(w);
    json_close(w);
}

static void put_value(struct json_writer *w, int column, struct str cell,
                      const struct customer *who)
{
    json_open_object(w);
    json_put_text(w, "valueType", str_of(report_value_types[report_columns[column].type]));
    if (report_columns[column].type == VALUE_STRING) {
        json_put_text(w, "stringValue", cell);
    } else if (report_columns[column].type == VALUE_FLOAT) {
        json_put_number(w, "floatValue", cell);
    } else {
        json_put_object(w, "moneyValue");
        json_put_text(w, "currency", STR(CURRENCY));
        json_put_number(w, "value", cell);
        json_close(w);
    }
    if (column == COLUMN_CUSTOMER)
        put_invoice_key(w, who);
    json_close(w);
}

static void visit(struct ask *ask, const struct ion_charge *charge, void *context)
{
    struct rows *rows = context;
    struct customer who = sim_customer(ask->sim, ask->x->a, AT_ION, charge->s.customer_place);
    if (rows->n++ >= ROWS_MOST)
        return;
    if (rows->w != NULL) {
        json_open_object(rows->w);
        json_put_array(rows->w, "values");
    }
    for (int i = 0; i < rows->wanted->n; i++) {
        struct str cell = report_cell(ask, charge, &who, rows->wanted->columns[i]);
        if (rows->w != NULL)
            put_value(rows->w, rows->wanted->columns[i], cell, &who);
        else
            ion_csv_cell(&rows->csv, cell, i == 0);
    }
    if (rows->w == NULL) {
        buf_add_char(&rows->csv, '\n');
        return;
    }
    json_close(rows->w);
    json_close(rows->w);
}

static void write_csv(struct ask *ask, const struct wanted *wanted, struct rows *rows)
{
    *rows = (struct rows){ .wanted = wanted, .csv = BUF(ask->x->reply.limit / 2) };
    for (int i = 0; i < wanted->n; i++)
        ion_csv_cell(&rows->csv,
                     str_of(report_heading(ask->x->a, &report_columns[wanted->columns[i]])),
                     i == 0);
    buf_add_char(&rows->csv, '\n');
    ion_each_charge(ask, -1, &wanted->range, visit, rows);
}

/* JSON around CSV; the answer is not text/csv (3.8). */
void ion_give_report_csv(struct ask *ask)
{
    struct report r;
    struct wanted wanted;
    struct rows rows;
    if (!read_wanted(ask, &r, &wanted))
        return;
    write_csv(ask, &wanted, &rows);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_text(&w, "results", buf_str(&rows.csv));
    put_number_text(&w, "resultCount", rows.n < ROWS_MOST ? rows.n : ROWS_MOST);
    json_close(&w);
    buf_release(&rows.csv);
}

void ion_give_report_stream(struct ask *ask)
{
    struct report r;
    struct wanted wanted;
    struct rows rows;
    if (!read_wanted(ask, &r, &wanted))
        return;
    write_csv(ask, &wanted, &rows);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_text(&w, "contentType", STR("text/csv"));
    json_put_text(&w, "data", buf_str(&rows.csv));
    json_close(&w);
    buf_release(&rows.csv);
}

void ion_give_report_data(struct ask *ask)
{
    struct report r;
    struct wanted wanted;
    if (!read_wanted(ask, &r, &wanted))
        return;
    struct json_writer w = ask_json(ask, 200);
    struct rows rows = { .wanted = &wanted, .w = &w };
    json_open_object(&w);
    json_put_object(&w, "report");
    put_report(ask, &w, &r, false);
    json_close(&w);
    json_put_object(&w, "results");
    json_put_array(&w, "rows");
    ion_each_charge(ask, -1, &wanted.range, visit, &rows);
    json_close(&w);
    json_close(&w);
    put_number_text(&w, "resultCount", rows.n < ROWS_MOST ? rows.n : ROWS_MOST);
    put_number_text(&w, "availableRowsCount", rows.n);
    ion_put_second(&w, "cacheTimestamp", sim_now(ask->sim));
    json_close(&w);
}

static void add_up(struct ask *ask, const struct ion_charge *charge, void *context)
{
    struct ion_charge *sum = context;
    (void)ask;
    sum->cost = total_add(sum->cost, ion_dollars(charge->cost, charge->s.currency));
    sum->price = total_add(sum->price, ion_dollars(charge->price, charge->s.currency));
}

static void put_sum(struct json_writer *w, const char *key, struct str amount)
{
    json_put_array(w, key);
    json_open_object(w);
    json_put_text(w, "currency", STR(CURRENCY));
    json_put_number(w, "value", amount);
    json_close(w);
    json_close(w);
}

/* What the entries hold is not told (3.8 SPEC has the two names alone). */
void ion_give_report_details(struct ask *ask)
{
    struct report r;
    struct wanted wanted;
    struct ion_charge sum = { .n = 0 };
    if (!read_wanted(ask, &r, &wanted))
        return;
    ion_each_charge(ask, -1, &wanted.range, add_up, &sum);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    put_sum(&w, "priceDetails", report_amount(ask->x->a, sum.price));
    put_sum(&w, "costDetails", report_amount(ask->x->a, sum.cost));
    json_close(&w);
}

void ion_give_report_report(struct ask *ask)
{
    struct report r;
    if (!find_report(ask, &r))
        return;
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_object(&w, "report");
    put_report(ask, &w, &r, true);
    json_close(&w);
    ion_put_second(&w, "cacheTimestamp", sim_now(ask->sim));
    json_close(&w);
}

void ion_refresh_cache(struct ask *ask)
{
    struct report r;
    int64_t number;
    struct str id = ask_query(ask, "reportId");
    if (id.len == 0) {
        ion_error(ask, 400, "INVALID_REQUEST", "report_id is needed");
        return;
    }
    if (!str_integer(id, &number) || !report_of(ask, number, &r)) {
        ion_not_found(ask, "reports", id);
        return;
    }
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "reportIds");
    json_put_text(&w, NULL, id);
    json_close(&w);
    json_close(&w);
}
