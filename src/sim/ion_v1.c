/* Ion's answers in version 1 (customers, billing reports) and 2 (users): 3.9. Numbers are
 * texts with decimals, in an envelope of success, message and data. JSON alone: XML, which the
 * service gives for `Accept: text/xml`, is not built. How errors look there is not known (10 no.
 * 12): ASSUMED to be the envelope with success false. */
#include "sim/ion_v1.h"

void ion_v1_refuse(struct ask *ask, int status, const char *message)
{
    if (str_starts(ask->path, "/api/v2/")) {
        ion_error(ask, status, "INVALID_ARGUMENT", message);
        return;
    }
    struct json_writer w = ask_json(ask, status);
    json_open_object(&w);
    json_put_boolean(&w, "success", false);
    json_put_text(&w, "message", str_of(message));
    json_close(&w);
}

struct json_writer ion_v1_envelope(struct ask *ask, const char *message)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_boolean(&w, "success", true);
    json_put_text(&w, "message", str_of(message));
    return w;
}

/* --- customers --- */

static void put_customer(struct ask *ask, struct json_writer *w, int64_t place)
{
    struct arena *a = ask->x->a;
    struct customer c = sim_customer(ask->sim, a, AT_ION, place);
    put_number_text(w, "id", c.number);
    json_put_text(w, "name", c.contact);
    json_put_text(w, "company", c.name.legal);
    json_put_text(w, "email", c.email);
    json_put_text(w, "phone", c.phone.len > 0 ? c.phone : STR(""));
    json_put_text(w, "addressStreet", str_of(c.address.street));
    json_put_text(w, "addressCity", str_of(c.address.city));
    json_put_text(w, "addressState", str_of(c.address.state));
    json_put_text(w, "addressZip", str_of(c.address.zip));
    json_put_text(w, "addressCountry", str_of(c.country));
    json_put_array(w, "customFieldsValues");
    json_open_object(w);
    json_put_text(w, "value", str_of(arena_printf(a, "ABN-%04lld", (long long)place + 1)));
    json_close(w);
    json_close(w);
    json_put_array(w, "cloudAccounts");
    json_open_object(w);
    put_number_text(w, "cloudAccountId", 90001 + place);
    json_put_object(w, "provider");
    json_put_text(w, "name", STR("Microsoft CSP"));
    json_close(w);
    json_close(w);
    json_close(w);
    json_put_array(w, "priceBooksLinks");
    json_open_object(w);
    json_put_text(w, "priceBookId", STR("3001"));
    json_close(w);
    json_close(w);
}

/* '%' stands for anything (3.9 S17). What does not fit after the last '%' is tried one further. */
static bool is_like(struct str text, struct str pattern)
{
    struct str last_text = STR_NONE, last_pattern = STR_NONE;
    while (text.len > 0 || pattern.len > 0) {
        if (pattern.len > 0 && pattern.at[0] == '%') {
            pattern = str_from(pattern, 1);
            last_text = text;
            last_pattern = pattern;
        } else if (text.len > 0 && pattern.len > 0 &&
                   str_equal_nocase((struct str){ text.at, 1 }, (struct str){ pattern.at, 1 })) {
            text = str_from(text, 1);
            pattern = str_from(pattern, 1);
        } else if (last_text.len > 0) {
            last_text = str_from(last_text, 1);
            text = last_text;
            pattern = last_pattern;
        } else {
            return false;
        }
    }
    return true;
}

/* Below 0, 0 or above: numbers by their value, all else (dates are yyyy-MM-dd) by its bytes. */
static int compare(struct str a, struct str b)
{
    struct decimal x, y;
    struct error ignored;
    if (decimal_parse(a, &x, NULL, &ignored) == ST_OK &&
        decimal_parse(b, &y, NULL, &ignored) == ST_OK)
        return total_compare(total_of(x), total_of(y));
    return str_compare(a, b);
}

/* min and max are taken for the ends of a range that belong to it: ASSUMED. */
bool ion_v1_fits(struct ask *ask, const char *field, struct str value)
{
    static const struct {
        const char *modifier;
        bool less, equal, more;
    } rows[] = {
        { "gt", false, false, true }, { "lt", true, false, false }, { "gte", false, true, true },
        { "lte", true, true, false }, { "min", false, true, true }, { "max", true, true, false },
    };
    struct arena *a = ask->x->a;
    struct str part = ask_query(ask, arena_printf(a, "filter[%s:partial]", field));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str bound =
            ask_query(ask, arena_printf(a, "filter[%s:%s]", field, rows[i].modifier));
        int order = bound.len == 0 ? 0 : compare(value, bound);
        if (bound.len > 0 && !(order < 0 ? rows[i].less : order > 0 ? rows[i].more : rows[i].equal))
            return false;
    }
    return (part.len == 0 || is_like(value, part)) &&
           ion_fits(ask, arena_printf(a, "filter[%s]", field), value) &&
           ion_fits(ask, arena_printf(a, "filter[%s:exact]", field), value);
}

static bool customer_fits(struct ask *ask, int64_t place)
{
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    char number[24];
    (void)snprintf(number, sizeof number, "%lld", (long long)c.number);
    return sim_lists_customer(ask->sim, AT_ION, place) && ion_v1_fits(ask, "id", str_of(number)) &&
           ion_v1_fits(ask, "name", c.contact) && ion_v1_fits(ask, "company", c.name.legal) &&
           ion_v1_fits(ask, "email", c.email);
}

void ion_v1_customers(struct ask *ask)
{
    struct ion_offsets page;
    int64_t shown = 0;
    if (!ion_offsets(ask, "limit", "offset", &page))
        return;
    struct json_writer w = ion_v1_envelope(ask, "Customers");
    json_put_object(&w, "data");
    json_put_array(&w, "customer");
    for (int64_t i = 0; i < sim_customers(ask->sim, AT_ION); i++) {
        if (!customer_fits(ask, i))
            continue;
        if (shown >= page.offset && shown < page.offset + page.limit) {
            json_open_object(&w);
            put_customer(ask, &w, i);
            json_close(&w);
        }
        shown++;
    }
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

void ion_v1_customer(struct ask *ask)
{
    int64_t place;
    if (!sim_find_customer(ask->sim, AT_ION, ask_path(ask, "customerId"), &place)) {
        ion_v1_refuse(ask, 404, "customer not found");
        return;
    }
    struct json_writer w = ion_v1_envelope(ask, "Customer");
    json_put_object(&w, "data");
    json_put_object(&w, "customer");
    put_customer(ask, &w, place);
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

/* "m-05-2025"; the month with one digit or two (3.9). */
bool ion_v1_month(struct str text, struct ion_range *month)
{
    struct str m, number;
    int64_t in_year, year;
    if (!str_next(&text, '-', &m) || !str_is(m, "m") || !str_next(&text, '-', &number) ||
        !str_integer(number, &in_year) || !str_integer(text, &year) || in_year < 1 ||
        in_year > 12 || year < 1970 || year > 9999)
        return false;
    struct date first = { (int)year, (int)in_year, 1 };
    *month = ion_month_of(date_to_ms(first));
    return true;
}

/* --- billing reports: customer, subscription, product, sku (4.9 REAL) --- */

static void put_node(struct json_writer *w, struct str id, const char *type)
{
    json_open_object(w);
    json_put_object(w, "entity");
    json_put_text(w, "id", id);
    json_put_text(w, "type", str_of(type));
}

/* Ten decimals, as a text (3.9 REAL). */
static void put_long(struct json_writer *w, const char *key, struct total amount)
{
    SCOPED(buf_release) struct buf text = BUF(64);
    total_print(&text, amount, 8);
    buf_add_text(&text, "00");
    json_put_text(w, key, buf_str(&text));
}

static void put_charge(struct ask *ask, const struct ion_charge *charge, void *context)
{
    struct json_writer *w = context;
    const struct subscription *s = &charge->s;
    bool usage = s->goods->measure == MEASURE_USAGE;
    struct total times = { (int128)(s->quantity * charge->n) * DECIMAL_ONE };
    put_node(w, str_of(sim_ion_guid(ask->sim, s->place, arena_alloc(ask->x->a, 37))),
             "subscription");
    json_put_text(w, "cost_currency", str_of(s->currency));
    json_put_text(w, "price_currency", str_of(s->currency));
    json_close(w);
    json_put_array(w, "lines");
    put_node(w, str_of(usage ? "Support" : s->goods->name), "product");
    json_close(w);
    json_put_array(w, "lines");
    put_node(w, str_of(usage ? "Standard - Azure" : s->goods->name), "sku");
    json_close(w);
    json_put_object(w, "data");
    put_long(w, "price", charge->price);
    put_long(w, "cost", charge->cost);
    put_long(w, "usage", times);
    if (usage)
        json_put_text(w, "unit", str_of(s->currency));
    json_close(w);
    json_close(w);
    json_close(w);
    json_close(w);
    json_close(w);
    json_close(w);
}

static void count(struct ask *ask, const struct ion_charge *charge, void *context)
{
    (void)ask;
    (void)charge;
    (*(int64_t *)context)++;
}

static void put_customer_lines(struct ask *ask, struct json_writer *w, int64_t place,
                               const struct ion_range *month)
{
    int64_t n = 0;
    ion_each_charge(ask, place, month, count, &n);
    if (n == 0)
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    put_node(w, str_of(arena_printf(ask->x->a, "%lld", (long long)c.number)), "customer");
    json_put_text(w, "company", c.name.legal);
    json_put_text(w, "name", c.contact);
    json_close(w);
    json_put_array(w, "lines");
    ion_each_charge(ask, place, month, put_charge, w);
    json_close(w);
    json_close(w);
}

/* The world holds nothing of AWS and Google Cloud: their reports are empty. */
static void give_billing(struct ask *ask, bool with_data)
{
    struct ion_range month;
    struct str wanted = ask_query(ask, "filter[customer_id]");
    struct str currency = ask_query(ask, "filter[report_currency]");
    char number[24];
    if (!ion_v1_month(ask_query(ask, "filter[date_range]"), &month)) {
        ion_v1_refuse(ask, 400, "filter[date_range] must be m-<month>-<year>");
        return;
    }
    struct json_writer w = ion_v1_envelope(ask, "Report data for the selected period");
    json_put_object(&w, "currencyOption");
    json_put_text(&w, "costCurrency", currency.len > 0 ? currency : STR("USD"));
    json_put_text(&w, "priceCurrency", currency.len > 0 ? currency : STR("USD"));
    json_close(&w);
    json_put_array(&w, "data");
    for (int64_t i = 0; with_data && i < sim_customers(ask->sim, AT_ION); i++) {
        (void)snprintf(number, sizeof number, "%lld",
                       (long long)(world_first_customer_number(AT_ION) + i));
        if (sim_lists_customer(ask->sim, AT_ION, i) && (wanted.len == 0 || str_is(wanted, number)))
            put_customer_lines(ask, &w, i, &month);
    }
    json_close(&w);
    json_close(&w);
    if (ask->x->reply.exceeded)
        ion_v1_refuse(ask, 500,
                      "the report is too large; ask for one customer: filter[customer_id]");
}

void ion_v1_azureplan(struct ask *ask)
{
    give_billing(ask, true);
}

void ion_v1_aws(struct ask *ask)
{
    give_billing(ask, false);
}

void ion_v1_gcp(struct ask *ask)
{
    give_billing(ask, false);
}

/* --- version 2: users --- */

static void put_user(struct ask *ask, struct json_writer *w, int64_t number,
                     const struct ion_user *user)
{
    json_open_object(w);
    json_put_text(w, "name",
                  str_of(arena_printf(ask->x->a, "accounts/%d/users/%lld", ION_ACCOUNT_NUMBER,
                                      (long long)number)));
    json_put_text(w, "userName", user->name);
    json_put_text(w, "email", user->email);
    json_put_text(w, "userType", user->type);
    json_put_text(w, "userStatus", user->status);
    ion_put_second(w, "createTime", user->created_ms);
    ion_put_second(w, "updateTime", user->created_ms);
    json_close(w);
}

void ion_give_users(struct ask *ask)
{
    size_t n;
    const struct ion_user *rows = state_rows(ask->sim, STATE_ION_USER, &n);
    struct ion_user first = { STR("Integration User"), STR(SIM_API_USER), STR("OWNER"),
                              STR("ACTIVE"), ask->sim->world.today_ms - 400 * ION_DAY_MS };
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "users");
    put_user(ask, &w, ION_USER_NUMBER, &first);
    for (size_t i = 0; i < n; i++)
        put_user(ask, &w, ION_USER_NUMBER + 2 + (int64_t)i, &rows[i]);
    json_close(&w);
    json_close(&w);
}

/* A password is taken and forgotten. */
void ion_create_user(struct ask *ask)
{
    const struct json *body;
    size_t n;
    if (!ion_body(ask, &body))
        return;
    struct str name = ion_text(ask, body, "userName"), email = ion_text(ask, body, "email");
    struct str type = ion_text(ask, body, "userType"), status = ion_text(ask, body, "userStatus");
    if (name.len == 0 || email.len == 0 || type.len == 0) {
        ion_v1_refuse(ask, 400, "userName, email and userType are required");
        return;
    }
    struct ion_user user = { state_text(ask->sim, name), state_text(ask->sim, email),
                             state_text(ask->sim, type),
                             status.len > 0 ? state_text(ask->sim, status)
                                            : STR("PENDING_EMAIL_VALIDATION"),
                             sim_now(ask->sim) };
    *(struct ion_user *)state_add(ask->sim, STATE_ION_USER) = user;
    (void)state_rows(ask->sim, STATE_ION_USER, &n);
    struct json_writer w = ask_json(ask, 200);
    put_user(ask, &w, ION_USER_NUMBER + 1 + (int64_t)n, &user);
}
