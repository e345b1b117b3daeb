/* Ion's answers: what all of them share, and customers. Shapes: ion 4.1 (REAL), wire quirks 6.3:
 * 64-bit numbers as text, absent instead of null. */
#include "sim/inside.h"

#include "base/secret.h"
#include "sim/chance.h"
#include "sim/ion.h"

#define SECOND_MS INT64_C(1000)
#define SIZE_MOST 1000

struct str ion_request_id(struct ask *ask)
{
    uint64_t number = (uint64_t)atomic_load(&ask->sim->n_requests);
    uint64_t bits = chance(ask->sim->world.seed, 902, number, 0);
    return str_of(arena_printf(ask->x->a, "%016llx%04x", (unsigned long long)bits,
                               (unsigned)number & 0xffff));
}

void ion_error(struct ask *ask, int status, const char *error, const char *message)
{
    struct json_writer w = ask_json(ask, status);
    json_open_object(&w);
    json_put_text(&w, "error", str_of(error));
    json_put_text(&w, "message", str_of(message));
    json_put_integer(&w, "code", status);
    json_put_array(&w, "details");
    json_open_object(&w);
    json_put_text(&w, "@type", STR("type.googleapis.com/google.rpc.RequestInfo"));
    json_put_text(&w, "requestId", ion_request_id(ask));
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

void put_number_text(struct json_writer *w, const char *key, int64_t number)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%lld", (long long)number);
    json_put_text(w, key, str_of(text));
}

/* Milliseconds where there are some (".491Z"), none where there are none (6.3 REAL). */
void ion_put_moment(struct json_writer *w, const char *key, int64_t ms)
{
    char text[32];
    moment_text(ms, text);
    if (ms % SECOND_MS == 0)
        memcpy(text + 19, "Z", 2);
    json_put_text(w, key, str_of(text));
}

bool ion_page(struct ask *ask, int64_t total, struct ion_page *page)
{
    struct str token = ask_query(ask, "pageToken"), decoded = STR("");
    bool wrong;
    int64_t size = ask_number(ask, "pageSize", 100, &wrong);
    if (ask_query(ask, "pageSize").len == 0 && token.len == 0) {
        ion_error(ask, 400, "INVALID_REQUEST", "page_size or page_token is needed");
        return false;
    }
    int64_t first = 0;
    if (token.len > 0 && (!base64_read(ask->x->a, token, &decoded) ||
                          !str_integer(decoded, &first) || first < 0 || first > total)) {
        ion_error(ask, 400, "INVALID_REQUEST", "page_token is not valid");
        return false;
    }
    if (wrong || size < 1) {
        ion_error(ask, 400, "INVALID_REQUEST", "page_size is not valid");
        return false;
    }
    size = size < SIZE_MOST ? size : SIZE_MOST;
    if (ask->fault == FAULT_PAGE_VANISHES && first > 0)
        first = total;
    page->first = ask->fault == FAULT_PAGE_REPEATS ? 0 : first;
    page->end = page->first + size < total ? page->first + size : total;
    page->has_next = page->end < total;
    return true;
}

void ion_put_next(struct json_writer *w, const struct ion_page *page)
{
    char text[24];
    if (!page->has_next)
        return;
    SCOPED(buf_release) struct buf token = BUF(64);
    (void)snprintf(text, sizeof text, "%lld", (long long)page->end);
    base64_print(&token, str_of(text));
    json_put_text(w, "nextPageToken", buf_str(&token));
}

static void put_customer(struct json_writer *w, struct arena *a, const struct customer *c)
{
    json_put_text(w, "name",
                  str_of(arena_printf(a, "accounts/%d/customers/%lld", ION_ACCOUNT_NUMBER,
                                      (long long)c->number)));
    json_put_text(w, "customerOrganization", c->name.legal);
    json_put_object(w, "customerAddress");
    json_put_text(w, "street", str_of(c->address.street));
    if (c->suite.len > 0)
        json_put_text(w, "suite", c->suite);
    json_put_text(w, "city", str_of(c->address.city));
    json_put_text(w, "state", str_of(c->address.state));
    json_put_text(w, "zip", str_of(c->address.zip));
    json_put_text(w, "country", str_of(c->country));
    json_close(w);
    json_put_text(w, "customerName", c->contact);
    json_put_text(w, "customerEmail", c->email);
    json_put_text(w, "customerTitle", c->title);
    json_put_text(w, "customerPhone", c->phone);
    ion_put_moment(w, "createTime", c->created_ms - c->created_ms % SECOND_MS);
    ion_put_moment(w, "updateTime", c->updated_ms - c->updated_ms % SECOND_MS);
    json_put_text(w, "languageCode", c->language);
    json_put_text(w, "uid", c->uid);
    json_put_text(w, "customerStatus", c->is_active ? STR("ACTIVE") : STR("INACTIVE"));
}

static bool customer_fits(struct ask *ask, const struct customer *c)
{
    struct str status = ask_query(ask, "filter.customerStatus");
    struct str email = ask_query(ask, "filter.customerEmail");
    struct str name = ask_query(ask, "filter.customerName");
    struct str language = ask_query(ask, "filter.languageCode");
    bool any = status.len == 0 || str_is(status, "CUSTOMER_STATUS_UNSPECIFIED");
    if (!any && !str_equal_nocase(status, c->is_active ? STR("ACTIVE") : STR("INACTIVE")))
        return false;
    return (email.len == 0 || str_equal_nocase(email, c->email)) &&
           (name.len == 0 || str_contains_nocase(c->contact, arena_text(ask->x->a, name))) &&
           (language.len == 0 || str_equal_nocase(language, c->language));
}

static void give_customers(struct ask *ask)
{
    struct arena *a = ask->x->a;
    int64_t n_places = sim_customers(ask->sim, AT_ION), n = 0;
    int64_t *places = ARENA_ARRAY(a, (size_t)n_places + 1, int64_t);
    for (int64_t i = 0; i < n_places; i++) {
        struct customer c = sim_customer(ask->sim, a, AT_ION, i);
        if (sim_lists_customer(ask->sim, AT_ION, i) && customer_fits(ask, &c))
            places[n++] = i;
    }
    struct ion_page page;
    if (!ion_page(ask, n, &page))
        return;
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "customers");
    for (int64_t i = page.first; i < page.end; i++) {
        struct customer c = sim_customer(ask->sim, a, AT_ION, places[i]);
        json_open_object(&w);
        put_customer(&w, a, &c);
        json_close(&w);
    }
    json_close(&w);
    ion_put_next(&w, &page);
    json_close(&w);
}

void ion_not_found(struct ask *ask, const char *what, struct str id)
{
    ion_error(ask, 404, "NOT_FOUND",
              arena_printf(ask->x->a, "resource 'accounts/%d/%s/%.*s' not found",
                           ION_ACCOUNT_NUMBER, what, STR_PRINT(id)));
}

static void give_customer(struct ask *ask)
{
    struct str id = ask_path(ask, "customerId");
    int64_t place;
    if (!sim_find_customer(ask->sim, AT_ION, id, &place)) {
        ion_not_found(ask, "customers", id);
        return;
    }
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    put_customer(&w, ask->x->a, &c);
    json_close(&w);
}

const char *ion_sku_id(struct arena *a, const struct goods *g)
{
    SCOPED(buf_release) struct buf id = BUF(200);
    for (const char *c = g->name; *c != '\0'; c++)
        buf_add_char(&id, *c == ' ' || *c == '(' || *c == ')' ? '-' : *c);
    return arena_text(a, buf_str(&id));
}

const char *ion_plan_id(struct arena *a, int goods_place, const struct variant *v)
{
    return arena_printf(a, "%s-n%d", v->ion_plan, goods_place + 10);
}

const char *ion_product_id(const struct goods *g)
{
    if (g->measure == MEASURE_USAGE)
        return "MSAZURE-demo";
    if (strcmp(g->vendor, "Microsoft") != 0)
        return strcmp(g->vendor, "Google") == 0 ? "GoogleWorkspace-demo" : "CiscoDuo-demo";
    return g->measure == MEASURE_ONE_TIME ? "MSPerpetual-demo" : "Microsoft365EandFNCE-demonce";
}

const char *ion_product_name(const struct goods *g)
{
    if (g->measure == MEASURE_USAGE)
        return "Microsoft Azure Plan";
    if (strcmp(g->vendor, "Microsoft") != 0)
        return strcmp(g->vendor, "Google") == 0 ? "Google Workspace" : "Cisco Duo";
    return g->measure == MEASURE_ONE_TIME ? "Microsoft Software" : "Microsoft 365 NCE";
}

const struct answer ion_answers[] = {
    { "ion.customer.get", give_customer },
    { "ion.customer.list", give_customers },
    { "ion.oauth.validate-access", oauth_validate },
    { "ion.product.get", ion_give_product },
    { "ion.product.list", ion_give_products },
    { "ion.subscription.get", ion_give_subscription },
    { "ion.subscription.list", ion_give_subscriptions },
    { NULL, NULL },
};
