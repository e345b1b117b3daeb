/* Accounts at vendors: stellr 5.34 to 5.36, 6.5; all GUESS. Customers of the seeded
 * world that are active have a tenant at Microsoft; every fifth has an account at Google as well.
 * New ones have neither. */
#include "sim/stellr_inside.h"

#define ACCEPTED_AFTER_MS (INT64_C(10) * 60000)
#define FIRST_ACCOUNT     88001
#define RESELLER_ACCOUNT  87001
#define KIND_TENANT       63
#define KIND_PASSWORD     64

static bool is_seeded(struct sim *sim, int64_t customer)
{
    return customer < sim->world.n_customers;
}

/* An account as it is now. */
struct vendor_account {
    struct vendor_account_row row;
    int64_t id;
    bool is_there;
};

static struct vendor_account_row *account_row(struct sim *sim, int64_t customer, bool is_google)
{
    size_t n;
    struct vendor_account_row *rows = state_rows(sim, STATE_VENDOR_ACCOUNT, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].customer == customer && rows[i].is_google == is_google)
            return &rows[i];
    return NULL;
}

/* "northwinddental" of "northwinddental.example". */
static struct str first_label(struct str domain)
{
    struct str rest = domain, label = STR("");
    (void)str_next(&rest, '.', &label);
    return label;
}

static struct str microsoft_domain(struct arena *a, struct str label)
{
    return str_of(arena_printf(a, "%.*s.onmicrosoft.com", STR_PRINT(label)));
}

/* `customer` is -1 for the reseller's own. */
static struct vendor_account find_account(struct sim *sim, struct arena *a, int64_t customer,
                                          bool is_google)
{
    struct vendor_account account = {
        .row = { .is_resellers = customer < 0, .is_google = is_google, .customer = customer },
        .id =
            customer < 0 ? RESELLER_ACCOUNT + is_google : FIRST_ACCOUNT + 2 * customer + is_google,
    };
    struct vendor_account_row *row = account_row(sim, customer, is_google);
    if (row != NULL) {
        account.row = *row;
        account.is_there = true;
        return account;
    }
    if (customer < 0) { /* the reseller is Microsoft's partner from the start */
        account.row.domain = STR("reseller.onmicrosoft.com");
        account.row.tenant_id =
            str_of(world_guid(sim->world.seed, KIND_TENANT, 0, arena_alloc(a, 37)));
        account.is_there = !is_google;
        return account;
    }
    struct customer c = sim_customer(sim, a, AT_STELLR, customer);
    account.row.tenant_id = is_google ? STR_NONE : c.tenant_id;
    account.row.domain =
        is_google ? c.name.domain : microsoft_domain(a, first_label(c.name.domain));
    account.row.alternate_email =
        str_of(arena_printf(a, "owner@alt-%.*s", STR_PRINT(c.name.domain)));
    account.is_there = is_seeded(sim, customer) && c.is_active && (!is_google || customer % 5 == 1);
    return account;
}

bool stellr_has_tenant(struct ask *ask, int64_t customer)
{
    return find_account(ask->sim, ask->x->a, customer, false).is_there;
}

/* A customer who was asked accepts after a while. */
static bool is_authorized(struct sim *sim, const struct vendor_account_row *row)
{
    return row->asked_ms == 0 || sim_now(sim) - row->asked_ms >= ACCEPTED_AFTER_MS;
}

static void put_microsoft(struct ask *ask, struct json_writer *w, const struct vendor_account *x)
{
    const struct vendor_account_row *r = &x->row;
    struct str mpn = r->mpn_id.len > 0 ? r->mpn_id : STR("4455667");
    json_put_text_or_null(w, "tenantId", r->tenant_id);
    json_put_text(w, "domain", r->domain);
    json_put_text(w, "adminUserName",
                  str_of(arena_printf(ask->x->a, "admin@%.*s", STR_PRINT(r->domain))));
    json_put_text(w, "resellerMpnId", mpn);
    json_put_text(w, "relationshipStatus",
                  is_authorized(ask->sim, r) ? STR("Authorized") : STR("Pending"));
    json_put_text(w, "authorizeRelationshipUrl",
                  STR("https://admin.microsoft.example/partner-invite?p=sim"));
    json_put_text(w, "delegatedAdminUrl", STR("https://admin.microsoft.example/gdap?p=sim"));
}

static void put_account(struct ask *ask, struct json_writer *w, const struct vendor_account *x)
{
    const struct vendor_account_row *r = &x->row;
    json_put_integer(w, "accountId", x->id);
    json_put_text(w, "accountType", r->is_resellers ? STR("Reseller") : STR("Customer"));
    json_put_text(w, "vendorId", r->is_google ? STR("Google") : STR("Microsoft"));
    if (r->is_resellers)
        json_put_null(w, "customerNo");
    else
        stellr_put_id(ask, w, "customerNo", stellr_customer_number(ask->sim, r->customer));
    if (r->is_google) {
        json_put_null(w, "tenantId");
        json_put_text(w, "domain", r->domain);
        json_put_text(w, "cloudIdentityId",
                      str_of(arena_printf(ask->x->a, "C0sim%05lld", (long long)(r->customer + 1))));
        json_put_text_or_null(w, "alternateEmail", r->alternate_email);
        json_put_text(w, "relationshipStatus", STR("Authorized"));
    } else {
        put_microsoft(ask, w, x);
    }
    json_put_text(w, "status", STR("Active"));
}

static bool account_fits(struct ask *ask, const struct vendor_account *x)
{
    struct str vendor = ask_query(ask, "vendorId"), type = ask_query(ask, "accountType");
    const char *vendor_name = x->row.is_google ? "Google" : "Microsoft";
    const char *type_name = x->row.is_resellers ? "Reseller" : "Customer";
    return x->is_there && (vendor.len == 0 || str_equal_nocase(vendor, str_of(vendor_name))) &&
           (type.len == 0 || str_equal_nocase(type, str_of(type_name)));
}

/* The reseller's, then by customer. */
void give_vendor_accounts(struct ask *ask)
{
    struct arena *a = ask->x->a;
    int64_t wanted = stellr_customer_wanted(ask), end = sim_customers(ask->sim, AT_STELLR);
    struct vendor_account *shown = ARENA_ARRAY(a, (size_t)(end + 1) * 2, struct vendor_account);
    struct page_wanted page;
    int64_t n = 0;
    for (int64_t c = wanted == -1 ? -1 : wanted; c >= -1 && c < end; c++) {
        bool is_listed = c < 0 || sim_lists_customer(ask->sim, AT_STELLR, c);
        for (int google = 0; google < 2 && is_listed; google++) {
            shown[n] = find_account(ask->sim, a, c, google);
            n += account_fits(ask, &shown[n]);
        }
        if (wanted != -1)
            break;
    }
    if (!stellr_page(ask, n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        json_open_object(&w);
        put_account(ask, &w, &shown[i]);
        json_close(&w);
    }
    stellr_close_list(&w);
}

static bool domain_is_taken(struct sim *sim, struct str domain, bool is_google, int64_t but)
{
    int64_t n = sim_customers(sim, AT_STELLR);
    for (int64_t c = -1; c < n; c++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct vendor_account x = find_account(sim, &a, c, is_google);
        if (c != but && x.is_there && str_equal_nocase(x.row.domain, domain))
            return true;
    }
    return false;
}

/* Whose account, in the body. False when the refusal is written. */
static bool read_owner(struct body *b, struct vendor_account_row *to)
{
    struct str type = body_text(b, "accountType", REQUIRED);
    struct str vendor = body_text(b, "vendorId", REQUIRED);
    if (b->is_refused)
        return false;
    to->is_resellers = str_is(type, "Reseller");
    to->is_google = str_is(vendor, "Google");
    to->customer = -1;
    if (!to->is_resellers && !str_is(type, "Customer"))
        body_refuse(b, 400, "INVALID_PARAMETER", "accountType must be Reseller or Customer.");
    else if (!to->is_google && !str_is(vendor, "Microsoft"))
        body_refuse(b, 400, "INVALID_PARAMETER", "vendorId must be Microsoft or Google.");
    if (b->is_refused || to->is_resellers)
        return !b->is_refused;
    int64_t number = body_id(b, "customerNo", REQUIRED);
    struct str text = str_of(arena_printf(b->ask->x->a, "%lld", (long long)number));
    if (!b->is_refused && !sim_find_customer(b->ask->sim, AT_STELLR, text, &to->customer))
        body_refuse(b, 404, "NOT_FOUND", "No customer %lld belongs to this reseller.",
                    (long long)number);
    return !b->is_refused;
}

static void read_google(struct body *b, struct vendor_account_row *to)
{
    to->domain = body_text(b, "domain", REQUIRED);
    to->alternate_email = body_text(b, "alternateEmail", OPTIONAL);
}

/* A new tenant, or one that exists; then its administrator has to accept the reseller. */
static void read_microsoft(struct body *b, struct vendor_account_row *to, bool *ret_is_new)
{
    struct arena *a = b->ask->x->a;
    struct str prefix = body_text(b, "domainPrefix", OPTIONAL);
    *ret_is_new = body_flag(b, "isNewTenant");
    to->mpn_id = body_text(b, "resellerMpnId", OPTIONAL);
    to->tenant_id = body_text(b, "tenantId", OPTIONAL);
    to->domain = body_text(b, "domain", OPTIONAL);
    if (b->is_refused)
        return;
    if (*ret_is_new) {
        (void)body_text(b, "domainPrefix", REQUIRED);
        to->domain = microsoft_domain(a, prefix);
        to->tenant_id = str_of(world_guid(b->ask->sim->world.seed, KIND_TENANT,
                                          (uint64_t)to->customer + 2, arena_alloc(a, 37)));
    } else if (to->tenant_id.len == 0 && to->domain.len == 0) {
        body_refuse(b, 400, "MISSING_PARAMETER", "tenantId or domain is missing.");
    } else {
        to->asked_ms = sim_now(b->ask->sim);
    }
    if (to->tenant_id.len == 0)
        to->tenant_id = str_of(world_guid(b->ask->sim->world.seed, KIND_TENANT,
                                          (uint64_t)to->customer + 2, arena_alloc(a, 37)));
    if (to->domain.len == 0)
        to->domain =
            microsoft_domain(a, str_of(arena_printf(a, "tenant%lld", (long long)to->customer)));
}

static void keep_account(struct sim *sim, const struct vendor_account_row *given)
{
    struct vendor_account_row *row = account_row(sim, given->customer, given->is_google);
    struct vendor_account_row kept = *given;
    kept.tenant_id = state_text(sim, given->tenant_id);
    kept.domain = state_text(sim, given->domain);
    kept.alternate_email = state_text(sim, given->alternate_email);
    kept.mpn_id = state_text(sim, given->mpn_id);
    if (row == NULL)
        row = state_add(sim, STATE_VENDOR_ACCOUNT);
    *row = kept;
    if (kept.is_google || kept.is_resellers)
        return;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct customer c = sim_customer(sim, &a, AT_STELLR, kept.customer);
    c.tenant_id = kept.tenant_id;
    sim_change_customer(sim, AT_STELLR, kept.customer, &c);
}

/* The first password of a new tenant stands in this answer and nowhere else. */
static void put_new_tenant(struct ask *ask, const struct vendor_account *x)
{
    char guid[37];
    uint64_t number = (uint64_t)atomic_load(&ask->sim->n_requests);
    struct json_writer w = stellr_open(ask, 200);
    json_put_integer(&w, "accountId", x->id);
    json_put_text(&w, "vendorId", STR("Microsoft"));
    if (x->row.is_resellers)
        json_put_null(&w, "customerNo");
    else
        stellr_put_id(ask, &w, "customerNo", stellr_customer_number(ask->sim, x->row.customer));
    json_put_text(&w, "tenantId", x->row.tenant_id);
    json_put_text(&w, "domain", x->row.domain);
    json_put_text(&w, "adminUserName",
                  str_of(arena_printf(ask->x->a, "admin@%.*s", STR_PRINT(x->row.domain))));
    (void)world_guid(ask->sim->world.seed, KIND_PASSWORD, number, guid);
    json_put_text(&w, "initialPassword", str_of(arena_printf(ask->x->a, "Once-%.8s!", guid)));
    json_put_text(&w, "status", STR("Active"));
    stellr_close(&w);
}

void upsert_vendor_account(struct ask *ask)
{
    struct vendor_account_row given = { .customer = -1 };
    struct body b = body_read(ask);
    bool is_new = false;
    if (!read_owner(&b, &given))
        return;
    if (given.is_google)
        read_google(&b, &given);
    else
        read_microsoft(&b, &given, &is_new);
    if (b.is_refused)
        return;
    if (domain_is_taken(ask->sim, given.domain, given.is_google, given.customer)) {
        stellr_error(ask, 409, "DUPLICATE", "The domain belongs to another account.");
        return;
    }
    keep_account(ask->sim, &given);
    struct vendor_account x = find_account(ask->sim, ask->x->a, given.customer, given.is_google);
    if (is_new) {
        put_new_tenant(ask, &x);
        return;
    }
    struct json_writer w = stellr_open(ask, 200);
    put_account(ask, &w, &x);
    stellr_close(&w);
}

/* --- checks: what is wrong is told with 200 --- */

static const char *check_domain(struct ask *ask, struct str domain)
{
    bool is_google = str_is(ask_path(ask, "vendorId"), "Google");
    if (memchr(domain.at, '.', domain.len) == NULL)
        return "This is no domain.";
    return domain_is_taken(ask->sim, domain, is_google, -2) ? "The domain prefix is in use." : NULL;
}

static const char *check_tenant(struct ask *ask, struct str tenant)
{
    (void)ask;
    return tenant.len == 36 && tenant.at[8] == '-' ? NULL : "There is no such tenant.";
}

static const char *check_mpn(struct ask *ask, struct str mpn)
{
    int64_t number;
    (void)ask;
    return str_integer(mpn, &number) && mpn.len >= 5 && number > 0 ? NULL
                                                                   : "There is no such partner.";
}

static const char *check_token(struct ask *ask, struct str token)
{
    (void)ask;
    return str_starts(token, "expired") ? "The transfer token is past its lifetime." : NULL;
}

static const char *check_address(struct ask *ask, struct str zip)
{
    (void)ask;
    return zip.len >= 4 && zip.len <= 10 ? NULL : "The postal code does not fit the country.";
}

static const struct {
    const char *vendor, *type, *member;
    const char *(*check)(struct ask *ask, struct str value);
} checks[] = {
    { "Microsoft", "domain", "domain", check_domain },
    { "Microsoft", "tenant", "tenantId", check_tenant },
    { "Microsoft", "address", "zipCode", check_address },
    { "Microsoft", "mpn", "mpnId", check_mpn },
    { "Google", "domain", "domain", check_domain },
    { "Google", "customer", "domain", check_domain },
    { "Google", "transferToken", "transferToken", check_token },
};

void check_vendor_data(struct ask *ask)
{
    struct str vendor = ask_path(ask, "vendorId"), type = ask_path(ask, "checkType");
    struct body b = body_read(ask);
    size_t i = 0;
    if (!b.is_refused && !vendor_is_known(vendor))
        body_refuse(&b, 404, "NOT_FOUND", "This vendor is not known.");
    while (i < ARRAY_LEN(checks) &&
           (!str_is(vendor, checks[i].vendor) || !str_is(type, checks[i].type)))
        i++;
    if (i == ARRAY_LEN(checks)) {
        body_refuse(&b, 400, "INVALID_PARAMETER", "Vendor %.*s has no check %.*s.",
                    STR_PRINT(vendor), STR_PRINT(type));
        return;
    }
    struct str value = body_text(&b, checks[i].member, REQUIRED);
    (void)body_id(&b, "customerNo", OPTIONAL);
    if (b.is_refused)
        return;
    const char *wrong = checks[i].check(ask, value);
    struct json_writer w = stellr_open(ask, 200);
    json_put_text(&w, "vendorId", vendor);
    json_put_text(&w, "checkType", type);
    json_put_text(&w, "value", value);
    json_put_boolean(&w, "valid", wrong == NULL);
    json_put_text_or_null(&w, "message", str_of(wrong));
    stellr_close(&w);
}
