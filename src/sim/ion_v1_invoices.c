/* Ion's invoices of version 1 (3.9): lists, generation, and the files of one, which a client
 * fetches by a signed address without authorisation. What stands in those files is not known:
 * ASSUMED to be a line per charge. */
#include "sim/ion_v1.h"

#include "base/moment.h"
#include "base/uri.h"
#include "sim/chance.h"

#include <stdlib.h>

#define FIRST_INVOICE    77000
#define FIRST_MY_INVOICE 76000
#define MY_INVOICES      12 /* months back */
#define FILES            "/invoice-files/"
#define FILE_LIFE_S      3600

/* What lists filter and sort by. */
enum invoice_field { ID, NUMBER, BILLING_START, BILLING_END, FIELDS };
static const char *const field_names[FIELDS] = { "id", "number", "billingStartDate",
                                                 "billingEndDate" };

struct invoice {
    int64_t id, customer; /* -1: the distributor bills the reseller */
    struct ion_range month;
    struct str fields[FIELDS];
};

static void add_dollars(struct ask *ask, const struct ion_charge *charge, void *context)
{
    struct total *sum = context;
    (void)ask;
    *sum = total_add(*sum, ion_dollars(charge->cost, charge->s.currency));
}

static void add_price(struct ask *ask, const struct ion_charge *charge, void *context)
{
    struct total *sum = context;
    (void)ask;
    *sum = total_add(*sum, ion_dollars(charge->price, charge->s.currency));
}

/* Lines come along when they are asked for (3.9 CLIENT); without the parameter they do as well, as
 * in "relations: empty = none". */
static bool brings(struct ask *ask, const char *relation)
{
    struct str relations = ask_query(ask, "relations");
    return relations.at == NULL ||
           (relations.len > 0 && ion_fits_list(ask, "relations", str_of(relation)));
}

static struct str day_text(struct arena *a, struct date day)
{
    return str_of(arena_printf(a, "%04d-%02d-%02d", day.year, day.month, day.day));
}

static struct invoice invoice_of(struct arena *a, int64_t id, int64_t customer,
                                 struct ion_range month)
{
    struct invoice one = { .id = id, .customer = customer, .month = month };
    struct date start = date_of_ms(month.start_ms), end = date_of_ms(month.end_ms - ION_DAY_MS);
    one.fields[ID] = str_of(arena_printf(a, "%lld", (long long)id));
    one.fields[NUMBER] = str_of(
        arena_printf(a, "INV-%04d-%02d%02lld", start.year, start.month, (long long)(id % 100)));
    one.fields[BILLING_START] = day_text(a, start);
    one.fields[BILLING_END] = day_text(a, end);
    return one;
}

static void put_invoice(struct ask *ask, struct json_writer *w, const struct invoice *one)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    struct total total = { 0 };
    ion_each_charge(ask, one->customer, &one->month, one->customer < 0 ? add_dollars : add_price,
                    &total);
    total_print(&text, total, 2);
    json_open_object(w);
    for (int i = 0; i < FIELDS; i++)
        json_put_text(w, field_names[i], one->fields[i]);
    json_put_text(w, "total", buf_str(&text));
    json_put_text(w, "currencyRates", STR("EUR 1 -> USD " ION_EUR_IN_USD));
    json_put_text(w, "cloudUsed", buf_str(&text));
    if (brings(ask, "lines")) {
        json_put_array(w, "lines");
        json_open_object(w);
        json_put_text(w, "cloudProviderId", STR("30"));
        json_close(w);
        json_close(w);
    }
    json_close(w);
}

struct sorting {
    enum invoice_field by; /* FIELDS: as they are */
    bool falls;
};

/* sort[FIELD]=asc|desc */
static struct sorting sorting_of(struct ask *ask)
{
    for (enum invoice_field i = ID; i < FIELDS; i++) {
        struct str order = ask_query(ask, arena_printf(ask->x->a, "sort[%s]", field_names[i]));
        if (order.len > 0)
            return (struct sorting){ i, str_equal_nocase(order, STR("desc")) };
    }
    return (struct sorting){ FIELDS, false };
}

static int by_field(const void *a, const void *b, void *context)
{
    const struct sorting *sorting = context;
    const struct invoice *x = a, *y = b;
    int order = str_compare(x->fields[sorting->by], y->fields[sorting->by]);
    return sorting->falls ? -order : order;
}

static bool invoice_fits(struct ask *ask, const struct invoice *one)
{
    for (int i = 0; i < FIELDS; i++)
        if (!ion_v1_fits(ask, field_names[i], one->fields[i]))
            return false;
    return true;
}

static void give_invoices(struct ask *ask, struct invoice *rows, size_t n)
{
    struct ion_offsets page;
    struct sorting sorting = sorting_of(ask);
    int64_t shown = 0;
    if (!ion_offsets(ask, "limit", "offset", &page))
        return;
    if (sorting.by != FIELDS && n > 0)
        qsort_r(rows, n, sizeof *rows, by_field, &sorting);
    struct json_writer w = ion_v1_envelope(ask, "Invoices");
    json_put_object(&w, "data");
    json_put_array(&w, "invoice");
    for (size_t i = 0; i < n; i++) {
        if (!invoice_fits(ask, &rows[i]))
            continue;
        if (shown >= page.offset && shown < page.offset + page.limit)
            put_invoice(ask, &w, &rows[i]);
        shown++;
    }
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

static struct ion_range month_back(struct ask *ask, int months)
{
    struct ion_range month = ion_month_of(sim_now(ask->sim));
    for (int i = 0; i < months; i++)
        month = ion_month_of(month.start_ms - 1);
    return month;
}

/* What the distributor bills the reseller: the last twelve whole months, newest first. */
void ion_v1_my_invoices(struct ask *ask)
{
    struct invoice rows[MY_INVOICES];
    for (int i = 0; i < MY_INVOICES; i++)
        rows[i] = invoice_of(ask->x->a, FIRST_MY_INVOICE + i + 1, -1, month_back(ask, i + 1));
    give_invoices(ask, rows, MY_INVOICES);
}

/* To customers: those that were generated. */
void ion_v1_invoices(struct ask *ask)
{
    size_t n, n_rows = 0;
    int64_t customer = -1;
    struct str wanted = ask_query(ask, "customerId");
    bool is_known = sim_find_customer(ask->sim, AT_ION, wanted, &customer);
    const struct ion_invoice *made = state_rows(ask->sim, STATE_ION_INVOICE, &n);
    struct invoice *rows = ARENA_ARRAY(ask->x->a, n + 1, struct invoice);
    for (size_t i = 0; i < n; i++)
        if (wanted.len == 0 || (is_known && made[i].customer == customer))
            rows[n_rows++] = invoice_of(ask->x->a, FIRST_INVOICE + (int64_t)i + 1, made[i].customer,
                                        ion_month_of(made[i].month_ms));
    give_invoices(ask, rows, n_rows);
}

static bool find_invoice(struct ask *ask, struct str text, struct invoice *ret_invoice)
{
    int64_t id;
    size_t n;
    const struct ion_invoice *made = state_rows(ask->sim, STATE_ION_INVOICE, &n);
    if (!str_integer(text, &id))
        return false;
    if (id > FIRST_MY_INVOICE && id <= FIRST_MY_INVOICE + MY_INVOICES) {
        *ret_invoice = invoice_of(ask->x->a, id, -1, month_back(ask, (int)(id - FIRST_MY_INVOICE)));
        return true;
    }
    if (id <= FIRST_INVOICE || id > FIRST_INVOICE + (int64_t)n)
        return false;
    const struct ion_invoice *row = &made[id - FIRST_INVOICE - 1];
    *ret_invoice = invoice_of(ask->x->a, id, row->customer, ion_month_of(row->month_ms));
    return true;
}

static const char *signature(struct ask *ask, int64_t id, int64_t expires_s)
{
    uint64_t bits = chance(ask->sim->world.seed, 903, (uint64_t)id, (uint64_t)expires_s);
    return arena_printf(ask->x->a, "%016llx", (unsigned long long)bits);
}

/* Where the caller reaches this marketplace: by the name that it used. */
static const char *address_of(struct ask *ask)
{
    struct str host = exchange_header(ask->x, "Host");
    struct str prefix = { ask->x->path.at, ask->x->path.len - ask->path.len };
    return arena_printf(ask->x->a, "%s://%.*s%.*s",
                        ask->sim->tls_certificate.at != NULL ? "https" : "http", STR_PRINT(host),
                        STR_PRINT(prefix));
}

void ion_v1_invoice(struct ask *ask)
{
    struct invoice one;
    if (!find_invoice(ask, ask_path(ask, "invoiceId"), &one)) {
        ion_v1_refuse(ask, 404, "invoice not found");
        return;
    }
    int64_t expires_s = sim_now(ask->sim) / 1000 + FILE_LIFE_S;
    struct json_writer w = ion_v1_envelope(ask, "Invoice");
    json_put_object(&w, "data");
    json_put_object(&w, "invoice");
    json_put_text(&w, "id", one.fields[ID]);
    json_put_array(&w, "detailedInvoiceFilesUrls");
    json_put_text(
        &w, NULL,
        str_of(arena_printf(ask->x->a, "%s" FILES "%lld-part1.csv?Expires=%lld&Signature=%s",
                            address_of(ask), (long long)one.id, (long long)expires_s,
                            signature(ask, one.id, expires_s))));
    json_close(&w);
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

/* --- the files of an invoice --- */

static void add_charge(struct ask *ask, const struct ion_charge *charge, void *context)
{
    struct arena *a = ask->x->a;
    const struct invoice *one = context;
    const struct subscription *s = &charge->s;
    struct customer c = sim_customer(ask->sim, a, AT_ION, s->customer_place);
    struct total amount =
        ion_dollars(one->customer < 0 ? charge->cost : charge->price, s->currency);
    struct buf *to = &ask->x->reply;
    buf_printf(to, "%lld", (long long)c.number);
    ion_csv_cell(to, c.name.legal, false);
    ion_csv_cell(to, str_of(sim_ion_guid(ask->sim, s->place, arena_alloc(a, 37))), false);
    ion_csv_cell(to, str_of(s->goods->name), false);
    buf_printf(to, ",%lld,", (long long)(s->quantity * charge->n));
    total_print(to, amount, 2);
    buf_add_char(to, '\n');
}

static bool is_signed(struct ask *ask, int64_t id)
{
    int64_t expires_s;
    return str_integer(ask_query(ask, "Expires"), &expires_s) &&
           expires_s >= sim_now(ask->sim) / 1000 &&
           str_is(ask_query(ask, "Signature"), signature(ask, id, expires_s));
}

bool ion_file_answer(struct ask *ask)
{
    struct invoice one;
    struct str id;
    if (!str_starts(ask->path, FILES) || !str_is(ask->x->method, "GET"))
        return false;
    struct str name = str_from(ask->path, sizeof FILES - 1);
    if (!str_next(&name, '-', &id) || !str_is(name, "part1.csv") || !find_invoice(ask, id, &one)) {
        ask_refuse(ask, 404);
        return true;
    }
    if (!is_signed(ask, one.id)) {
        ask_refuse(ask, 403);
        return true;
    }
    ask->x->status = 200;
    ask->x->content_type = "text/csv";
    buf_clear(&ask->x->reply);
    buf_add_text(&ask->x->reply,
                 "Customer ID,Customer Company,Subscription ID,Product,Quantity,Amount (USD)\n");
    ion_each_charge(ask, one.customer, &one.month, add_charge, &one);
    return true;
}

/* --- generation --- */

/* A value of the body, form or JSON: the vendor's SDK announces JSON and sends a form (3.9 REAL).
 */
static struct str form_or_json(struct ask *ask, const char *name)
{
    struct str value;
    const struct json *body;
    struct error ignored;
    if (json_parse(ask->x->a, ask->x->body, &body, &ignored) == ST_OK)
        return ion_text(ask, body, name);
    return uri_query_value(ask->x->a, ask->x->body, name, &value) ? value : STR_NONE;
}

static void make_invoice(struct ask *ask, int64_t customer, const struct ion_range *month)
{
    struct ion_invoice *row = state_add(ask->sim, STATE_ION_INVOICE);
    *row = (struct ion_invoice){ customer, month->start_ms };
}

/* Those of the list, all of whom must be there; without a list every customer (ASSUMED: the SDK may
 * leave it out). -1: one is not there, and nothing was made. */
static int64_t make_invoices(struct ask *ask, struct str customers, const struct ion_range *month)
{
    struct str rest = customers, one;
    int64_t place, n = 0;
    while (rest.len > 0 && str_next(&rest, ',', &one))
        if (!sim_find_customer(ask->sim, AT_ION, str_trim(one), &place))
            return -1;
    while (customers.len > 0 && str_next(&customers, ',', &one)) {
        if (sim_find_customer(ask->sim, AT_ION, str_trim(one), &place))
            make_invoice(ask, place, month);
        n++;
    }
    if (n > 0)
        return n;
    for (place = 0; place < sim_customers(ask->sim, AT_ION); place++)
        if (sim_lists_customer(ask->sim, AT_ION, place)) {
            make_invoice(ask, place, month);
            n++;
        }
    return n;
}

void ion_v1_generate(struct ask *ask)
{
    struct ion_range month;
    if (!ion_v1_month(form_or_json(ask, "period"), &month) ||
        form_or_json(ask, "source").len == 0) {
        ion_v1_refuse(ask, 400, "source and period (m-MM-YYYY) are needed");
        return;
    }
    int64_t n = make_invoices(ask, form_or_json(ask, "customers"), &month);
    if (n < 0) {
        ion_v1_refuse(ask, 400, "customer not found");
        return;
    }
    struct json_writer w =
        ion_v1_envelope(ask, arena_printf(ask->x->a, "%lld invoices generated", (long long)n));
    json_put_object(&w, "data");
    json_close(&w);
    json_close(&w);
}
