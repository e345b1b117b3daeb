/* Ion's answers on customers. Shapes: ion 4.1 (REAL), 4.2 (SPEC). */
#include "sim/ion.h"

#include "sim/chance.h"

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
    ion_put_some(w, "customerTitle", c->title);
    ion_put_some(w, "customerPhone", c->phone);
    ion_put_second(w, "createTime", c->created_ms);
    ion_put_second(w, "updateTime", c->updated_ms);
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
    return ion_fits(ask, "filter.customerDomain", c->name.domain) &&
           ion_fits(ask, "filter.alternateEmail", c->alternate_email) &&
           (email.len == 0 || str_equal_nocase(email, c->email)) &&
           (name.len == 0 || str_contains_nocase(c->contact, arena_text(ask->x->a, name))) &&
           (language.len == 0 || str_equal_nocase(language, c->language));
}

void ion_give_customers(struct ask *ask)
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
    if (ion_opens_list(ask, &w, "customers", n)) {
        for (int64_t i = page.first; i < page.end; i++) {
            struct customer c = sim_customer(ask->sim, a, AT_ION, places[i]);
            json_open_object(&w);
            put_customer(&w, a, &c);
            json_close(&w);
        }
        json_close(&w);
    }
    ion_put_next(ask, &w, &page);
    json_close(&w);
}

void ion_give_customer(struct ask *ask)
{
    int64_t place;
    if (!ion_customer(ask, &place))
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    put_customer(&w, ask->x->a, &c);
    json_close(&w);
}

/* --- create and update --- */

/* What is required, and how a complaint names it: "orgName" is not the public name, in the
 * document's example either (6.1 SPEC); the other names are guessed to be the public ones. */
static const struct {
    const char *object, *name, *told_as;
} required[] = {
    { NULL, "customerOrganization", "orgName" }, { NULL, "customerName", "customerName" },
    { NULL, "customerEmail", "customerEmail" },  { NULL, "languageCode", "languageCode" },
    { "customerAddress", "street", "street" },   { "customerAddress", "city", "city" },
    { "customerAddress", "state", "state" },     { "customerAddress", "zip", "zip" },
    { "customerAddress", "country", "country" },
};

static bool has_required(struct ask *ask, const struct json *body)
{
    for (size_t i = 0; i < ARRAY_LEN(required); i++) {
        const char *object = required[i].object;
        const struct json *in = object == NULL ? body : ion_member(ask, body, object);
        if (ion_text(ask, in, required[i].name).len > 0)
            continue;
        ion_error(ask, 400, "INVALID_ARGUMENT",
                  arena_printf(ask->x->a, "(%s): %s is required", object == NULL ? "root" : object,
                               required[i].told_as));
        return false;
    }
    return true;
}

/* 412 has more in its detail (6.1 SPEC). */
static void refuse(struct ask *ask, const char *entity, const char *code, const char *detail)
{
    struct json_writer w = ask_json(ask, 412);
    json_open_object(&w);
    json_put_text(&w, "error", STR("FAILED_PRECONDITION"));
    json_put_text(&w, "message", str_of(detail));
    json_put_integer(&w, "code", 412);
    json_put_array(&w, "details");
    json_open_object(&w);
    json_put_text(&w, "@type", STR("type.googleapis.com/google.rpc.RequestInfo"));
    json_put_text(&w, "requestId", ion_request_id(ask));
    json_put_text(&w, "referenceEntity", str_of(entity));
    json_put_text(&w, "code", str_of(code));
    json_put_text(&w, "detail", str_of(detail));
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

/* Unique on the platform (3.2 SPEC). */
static bool email_is_free(struct ask *ask, struct str email, int64_t place)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    int64_t n = sim_customers(ask->sim, AT_ION);
    for (int64_t i = 0; i < n; i++) {
        if (i % 1000 == 0)
            arena_reset(&a);
        if (i != place && str_equal_nocase(sim_customer(ask->sim, &a, AT_ION, i).email, email))
            return false;
    }
    return true;
}

/* Two letters (3.2), which are taken for ISO 639-1: which of them the service knows is not said,
 * and the vendor's own staff send some that look like countries ("SE"). */
static bool is_language(struct str code)
{
    static const char known[] =
        "AA|AB|AE|AF|AK|AM|AN|AR|AS|AV|AY|AZ|BA|BE|BG|BI|BM|BN|BO|BR|BS|CA|CE|CH|CO|CR|CS|CU|CV|CY|"
        "DA|DE|DV|DZ|EE|EL|EN|EO|ES|ET|EU|FA|FF|FI|FJ|FO|FR|FY|GA|GD|GL|GN|GU|GV|HA|HE|HI|HO|HR|HT|"
        "HU|HY|HZ|IA|ID|IE|IG|II|IK|IO|IS|IT|IU|JA|JV|KA|KG|KI|KJ|KK|KL|KM|KN|KO|KR|KS|KU|KV|KW|KY|"
        "LA|LB|LG|LI|LN|LO|LT|LU|LV|MG|MH|MI|MK|ML|MN|MR|MS|MT|MY|NA|NB|ND|NE|NG|NL|NN|NO|NR|NV|NY|"
        "OC|OJ|OM|OR|OS|PA|PI|PL|PS|PT|QU|RM|RN|RO|RU|RW|SA|SC|SD|SE|SG|SI|SK|SL|SM|SN|SO|SQ|SR|SS|"
        "ST|SU|SV|SW|TA|TE|TG|TH|TI|TK|TL|TN|TO|TR|TS|TT|TW|TY|UG|UK|UR|UZ|VE|VI|VO|WA|WO|XH|YI|YO|"
        "ZA|ZH|ZU";
    struct str rest = str_of(known), one;
    while (str_next(&rest, '|', &one))
        if (str_equal_nocase(one, code))
            return true;
    return false;
}

/* Reads a whole customer over `c`. False: refused. */
static bool read_customer(struct ask *ask, int64_t place, struct customer *c)
{
    struct arena *a = ask->x->a;
    const struct json *body;
    if (!ion_body(ask, &body) || !has_required(ask, body))
        return false;
    const struct json *address = ion_member(ask, body, "customerAddress");
    struct str email = ion_text(ask, body, "customerEmail"), rest = email, mailbox;
    struct str language = ion_text(ask, body, "languageCode");
    struct str domain = ion_text(ask, body, "customerDomain");
    if (!is_language(language)) {
        refuse(ask, "languageCode", "CUS-CR-002", "language code not valid");
        return false;
    }
    if (!email_is_free(ask, email, place)) {
        refuse(ask, "primaryContactEmail", "CUS-CR-001", "primary contact email already used");
        return false;
    }
    (void)str_next(&rest, '@', &mailbox);
    if (domain.len == 0)
        domain = place >= 0 ? c->name.domain : rest.at != NULL ? rest : STR("");
    c->name = (struct organisation_name){ ion_text(ask, body, "customerOrganization"), domain };
    c->contact = ion_text(ask, body, "customerName");
    c->email = email;
    c->phone = ion_text(ask, body, "customerPhone");
    c->title = ion_text(ask, body, "customerTitle");
    c->alternate_email = ion_text(ask, body, "alternateEmail");
    c->language = language;
    c->suite = ion_text(ask, address, "suite");
    c->address = (struct place_name){
        .street = arena_text(a, ion_text(ask, address, "street")),
        .city = arena_text(a, ion_text(ask, address, "city")),
        .state = arena_text(a, ion_text(ask, address, "state")),
        .zip = arena_text(a, ion_text(ask, address, "zip")),
    };
    c->country = arena_text(a, ion_text(ask, address, "country"));
    return true;
}

/* The first user, with a password that is told this once (3.2 SPEC). */
static void put_first_user(struct ask *ask, struct json_writer *w, const struct customer *c)
{
    struct arena *a = ask->x->a;
    uint64_t bits = chance(ask->sim->world.seed, 905, (uint64_t)c->place, 0);
    json_put_object(w, "user");
    json_put_text(
        w, "name",
        str_of(arena_printf(a, "accounts/%d/customers/%lld/users/%lld", ION_ACCOUNT_NUMBER,
                            (long long)c->number, (long long)c->place + 880001)));
    json_put_text(w, "userName", STR("DEFAULT ACCOUNT USER"));
    json_put_text(w, "email", c->email);
    json_put_text(w, "userStatus", STR("ACTIVE"));
    json_put_text(w, "password", str_of(arena_printf(a, "Sim-%08x!", (unsigned)bits)));
    ion_put_second(w, "createTime", c->created_ms);
    ion_put_second(w, "updateTime", c->updated_ms);
    json_close(w);
}

void ion_create_customer(struct ask *ask)
{
    struct customer c = { .is_active = true };
    if (!read_customer(ask, -1, &c))
        return;
    int64_t place = sim_add_customer(ask->sim, AT_ION, &c);
    c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    struct json_writer w = ask_json(ask, 200); /* not 201 (3.0 SPEC) */
    json_open_object(&w);
    put_customer(&w, ask->x->a, &c);
    put_first_user(ask, &w, &c);
    json_close(&w);
}

/* Replaces as a whole (3.2 C4). */
void ion_update_customer(struct ask *ask)
{
    int64_t place;
    if (!ion_customer(ask, &place))
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    if (!read_customer(ask, place, &c))
        return;
    sim_change_customer(ask->sim, AT_ION, place, &c);
    ion_give_customer(ask);
}

/* --- cloud profiles: 4.2 SPEC; values of gdap and agreement are invented --- */

struct str ion_tenant_domain(struct arena *a, const struct customer *c)
{
    struct str rest = c->name.domain, first;
    (void)str_next(&rest, '.', &first);
    return str_of(arena_printf(a, "%.*s.onmicrosoft.com", STR_PRINT(first)));
}

static struct str tenant_of(struct ask *ask, const struct customer *c)
{
    if (c->tenant_id.len > 0)
        return c->tenant_id;
    return str_of(
        world_guid(ask->sim->world.seed, 906, (uint64_t)c->place, arena_alloc(ask->x->a, 37)));
}

static void put_azure_profile(struct ask *ask, struct json_writer *w, const struct customer *c)
{
    json_open_object(w);
    json_put_text(w, "providerId", STR("30"));
    json_put_text(w, "displayName", STR("Microsoft CSP"));
    json_put_text(w, "shortName", STR("azure"));
    json_put_boolean(w, "enabled", true);
    json_put_text(w, "customerTenantId", tenant_of(ask, c));
    json_put_text(w, "customerDomain", ion_tenant_domain(ask->x->a, c));
    json_put_boolean(w, "allowDelegatedAccess", true);
    json_put_text(w, "gdapStatus", STR("active"));
    json_put_text(w, "gdapLevel", STR("basic"));
    json_put_array(w, "gdapRoles");
    json_put_text(w, NULL, STR("Directory readers"));
    json_close(w);
    json_put_text(w, "agreementStatus", STR("accepted"));
    json_close(w);
}

void ion_give_cloud_profiles(struct ask *ask)
{
    int64_t place;
    if (!ion_customer(ask, &place))
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    put_number_text(&w, "customerId", c.number);
    json_put_text(&w, "customerOrganization", c.name.legal);
    json_put_array(&w, "customerCloudProfiles");
    if (ion_fits(ask, "providerId", STR("30")))
        put_azure_profile(ask, &w, &c);
    if (ion_fits(ask, "providerId", STR("1")) && !ion_flag(ask, "enabledOnly")) {
        json_open_object(&w);
        json_put_text(&w, "providerId", STR("1"));
        json_put_text(&w, "displayName", STR("Amazon Web Services"));
        json_put_text(&w, "shortName", STR("aws"));
        json_put_boolean(&w, "enabled", false);
        json_put_boolean(&w, "passRiOptimization", false);
        json_put_boolean(&w, "discountedRiOptimization", false);
        json_close(&w);
    }
    json_close(&w);
    json_close(&w);
}

struct contact {
    struct str first, last;
};

static struct contact contact_of(const struct customer *c)
{
    struct contact contact = { .last = c->contact };
    (void)str_next(&contact.last, ' ', &contact.first);
    return contact;
}

static void put_address(struct json_writer *w, const char *key, const struct customer *c)
{
    struct contact contact = contact_of(c);
    json_put_object(w, key);
    json_put_text(w, "country", str_of(c->country));
    json_put_text(w, "region", STR(""));
    json_put_text(w, "city", str_of(c->address.city));
    json_put_text(w, "state", str_of(c->address.state));
    json_put_text(w, "addressLine1", str_of(c->address.street));
    json_put_text(w, "addressLine2", c->suite.len > 0 ? c->suite : STR(""));
    json_put_text(w, "postalCode", str_of(c->address.zip));
    json_put_text(w, "firstName", contact.first);
    json_put_text(w, "lastName", contact.last.at != NULL ? contact.last : STR(""));
    json_put_text(w, "phoneNumber", c->phone.len > 0 ? c->phone : STR(""));
    json_close(w);
}

static void put_agreement(struct json_writer *w, const struct customer *c)
{
    struct contact contact = contact_of(c);
    json_put_array(w, "agreements");
    json_open_object(w);
    json_put_text(w, "firstName", contact.first);
    json_put_text(w, "lastName", contact.last.at != NULL ? contact.last : STR(""));
    json_put_text(w, "middleName", STR(""));
    json_put_text(w, "email", c->email);
    json_put_text(w, "phoneNumber", c->phone.len > 0 ? c->phone : STR(""));
    json_put_text(w, "templateId", STR("tmpl-0001"));
    ion_put_second(w, "dateAgreed", c->created_ms);
    json_put_text(w, "type", STR("MicrosoftCustomerAgreement"));
    json_put_text(w, "agreementLink", STR("https://agreements.example.invalid/mca"));
    json_close(w);
    json_close(w);
}

void ion_give_cloud_profile(struct ask *ask)
{
    int64_t place;
    if (!ion_customer(ask, &place))
        return;
    if (ask_query(ask, "providerId").len == 0) {
        ion_error(ask, 400, "INVALID_REQUEST", "provider_id is needed");
        return;
    }
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_ION, place);
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_text(&w, "id", tenant_of(ask, &c));
    json_put_object(&w, "companyProfile");
    json_put_text(&w, "tenantId", tenant_of(ask, &c));
    json_put_text(&w, "domain", ion_tenant_domain(ask->x->a, &c));
    json_put_text(&w, "companyName", c.name.legal);
    json_put_text(&w, "email", c.email);
    put_address(&w, "address", &c);
    json_close(&w);
    json_put_object(&w, "billingProfile");
    json_put_text(
        &w, "id",
        str_of(world_guid(ask->sim->world.seed, 907, (uint64_t)place, arena_alloc(ask->x->a, 37))));
    json_put_text(&w, "email", c.email);
    json_put_text(&w, "culture", STR("en-US"));
    json_put_text(&w, "language", STR("en"));
    json_put_text(&w, "companyName", c.name.legal);
    put_address(&w, "defaultAddress", &c);
    json_close(&w);
    json_put_array(&w, "customDomains");
    json_put_text(&w, NULL, c.name.domain);
    json_close(&w);
    json_put_boolean(&w, "allowDelegatedAccess", true);
    json_put_text(&w, "agreementStatus", STR("accepted"));
    put_agreement(&w, &c);
    json_close(&w);
}
