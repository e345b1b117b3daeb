/* Stellr's customers: stellr 5.4 to 5.6, 6.1. */
#include "sim/stellr_inside.h"

static void put_customer(struct ask *ask, struct json_writer *w, const struct customer *c)
{
    /* Names are mostly domains (quirk 3, REAL), the legal name is a field of its own. */
    bool shows_domain = c->place % 6 != 2 && c->name.domain.len > 0;
    stellr_put_id(ask, w, "customerNo", c->number);
    json_put_text(w, "name", shows_domain ? c->name.domain : c->name.legal);
    json_put_text(w, "companyName", c->name.legal);
    json_put_text(w, "address1", str_of(c->address.street));
    json_put_text_or_null(w, "address2", c->suite);
    json_put_text(w, "city", str_of(c->address.city));
    json_put_text(w, "state", str_of(c->address.state));
    json_put_text(w, "zipCode", str_of(c->address.zip));
    json_put_text(w, "country", str_of(c->country));
    json_put_text_or_null(w, "contactName", c->is_active ? c->contact : STR_NONE);
    json_put_text_or_null(w, "email", c->is_active ? c->email : STR_NONE);
    json_put_text_or_null(w, "phone", c->is_active ? c->phone : STR_NONE);
    json_put_text_or_null(w, "domain", c->is_active ? c->name.domain : STR_NONE);
    json_put_text_or_null(w, "tenantId", c->is_active ? c->tenant_id : STR_NONE);
    json_put_text(w, "status", c->is_active ? STR("Active") : STR("Discontinued"));
}

/* Filters are GUESS: part of a name, and the status. */
static bool customer_fits(struct ask *ask, const struct customer *c)
{
    struct str name = ask_query(ask, "name"), status = ask_query(ask, "status");
    const char *part = arena_text(ask->x->a, name);
    if (name.len > 0 && !str_contains_nocase(c->name.legal, part) &&
        !str_contains_nocase(c->name.domain, part))
        return false;
    return status.len == 0 ||
           str_equal_nocase(status, c->is_active ? STR("Active") : STR("Discontinued"));
}

/* Places of the customers that the list shows, in order of number. */
static int64_t list_customers(struct ask *ask, int64_t *places)
{
    int64_t n_places = sim_customers(ask->sim, AT_STELLR);
    bool filters = ask_query(ask, "name").len > 0 || ask_query(ask, "status").len > 0;
    int64_t n = 0;
    for (int64_t i = 0; i < n_places; i++) {
        if (!sim_lists_customer(ask->sim, AT_STELLR, i))
            continue;
        if (filters) {
            struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, i);
            if (!customer_fits(ask, &c))
                continue;
        }
        places[n++] = i;
    }
    return n;
}

void give_customers(struct ask *ask)
{
    size_t room = (size_t)sim_customers(ask->sim, AT_STELLR) + 1;
    int64_t *places = ARENA_ARRAY(ask->x->a, room, int64_t);
    struct page_wanted page;
    if (!stellr_page(ask, list_customers(ask, places), false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, places[i]);
        json_open_object(&w);
        put_customer(ask, &w, &c);
        json_close(&w);
    }
    stellr_close_list(&w);
}

void give_customer(struct ask *ask)
{
    int64_t place;
    if (!stellr_find_customer(ask, &place))
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, place);
    struct json_writer w = stellr_open(ask, 200);
    put_customer(ask, &w, &c);
    stellr_close(&w);
}

/* The same name with the same postal code is there already. */
static bool is_duplicate(struct ask *ask, struct str name, struct str zip)
{
    int64_t n = sim_customers(ask->sim, AT_STELLR);
    for (int64_t i = 0; i < n; i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct customer c = sim_customer(ask->sim, &a, AT_STELLR, i);
        if (str_equal_nocase(c.name.legal, name) && str_is(zip, c.address.zip))
            return true;
    }
    return false;
}

void create_customer(struct ask *ask)
{
    struct arena *a = ask->x->a;
    struct body b = body_read(ask);
    struct customer c = { .is_active = true, .currency = "USD" };
    c.name.legal = body_text(&b, "companyName", REQUIRED);
    c.address.street = arena_text(a, body_text(&b, "address1", REQUIRED));
    c.suite = body_text(&b, "address2", OPTIONAL);
    c.address.city = arena_text(a, body_text(&b, "city", REQUIRED));
    c.address.state = arena_text(a, body_text(&b, "state", REQUIRED));
    struct str zip = body_text(&b, "zipCode", REQUIRED);
    struct str country = body_text(&b, "country", REQUIRED);
    c.address.zip = arena_text(a, zip);
    c.country = arena_text(a, country);
    if (country.len != 2)
        body_refuse(&b, 400, "INVALID_PARAMETER", "country must be two letters.");
    c.contact = body_text(&b, "contactName", REQUIRED);
    c.email = body_text(&b, "email", REQUIRED);
    if (c.email.len > 0 && memchr(c.email.at, '@', c.email.len) == NULL)
        body_refuse(&b, 400, "INVALID_PARAMETER", "email must be an e-mail address.");
    c.phone = body_text(&b, "phone", REQUIRED);
    c.name.domain = body_text(&b, "domain", OPTIONAL);
    if (b.is_refused)
        return;
    if (is_duplicate(ask, c.name.legal, zip)) {
        stellr_error(ask, 409, "DUPLICATE",
                     "A customer of this name with this postal code is there already.");
        return;
    }
    int64_t place = sim_add_customer(ask->sim, AT_STELLR, &c);
    struct json_writer w = stellr_open(ask, 200);
    stellr_put_id(ask, &w, "customerNo", stellr_customer_number(ask->sim, place));
    json_put_text(&w, "status", STR("Active"));
    stellr_close(&w);
}
