/* Stellr's subscriptions: lists, details, and who uses what. stellr 5.16, 5.17, 5.29, 6.2, A-22. */
#include "sim/stellr_inside.h"

#include "sim/chance.h"

const char *stellr_id(struct arena *a, const struct subscription *s)
{
    return arena_printf(a, "%lld_%lld", (long long)s->contract, (long long)s->line);
}

struct str stellr_status(const struct subscription *s)
{
    static const char *const names[] = { "Active", "Suspended", "Pending", "Cancelled", "Expired" };
    if (s->fate == FATE_ENDED && s->ended_ms == 0 && s->place % 3 == 0) /* long ago */
        return STR("Expired");
    return s->has_no_status ? STR_NONE : str_of(names[s->fate]); /* quirk 4, REAL */
}

static void put_subscription(struct ask *ask, struct json_writer *w, const struct subscription *s,
                             int64_t customer_no)
{
    struct arena *a = ask->x->a;
    const char *part = stellr_part_number(a, s->goods);
    bool is_once = s->goods->measure == MEASURE_ONE_TIME;
    json_put_text(w, "subscriptionId", str_of(stellr_id(a, s)));
    stellr_put_id(ask, w, "contractNo", s->contract);
    json_put_integer(w, "lineNo", s->line);
    stellr_put_id(ask, w, "customerNo", customer_no);
    json_put_text(w, "vendorName", str_of(s->goods->vendor));
    stellr_put_id(ask, w, "productId", goods_product_id(s->goods_place, s->variant_place));
    json_put_text(w, "productName", str_of(stellr_product_name(a, s->goods, s->variant)));
    stellr_put_id(ask, w, "skuNo", goods_sku_no(s->goods_place, s->variant_place));
    json_put_text(w, "mfgPartNo", str_of(part));
    json_put_text_or_null(w, "offerId", is_once ? STR_NONE : str_of(part));
    json_put_integer(w, "quantity", s->quantity);
    stellr_put_money(ask, w, "unitPrice", s->cost);
    stellr_put_money(ask, w, "customerPrice", s->price);
    json_put_text(w, "currency", str_of(s->currency));
    json_put_text(w, "billingFrequency", str_of(s->variant->stellr_cycle));
    stellr_put_moment(ask, w, "startDate", s->started_ms);
    if (is_once)
        json_put_null(w, "endDate");
    else
        stellr_put_moment(ask, w, "endDate", s->ends_ms);
    json_put_boolean(w, "autoRenew", !is_once && s->auto_renew);
    json_put_text_or_null(w, "status", stellr_status(s));
    if (s->parent_line > 0)
        json_put_text(w, "parentSubscriptionId",
                      str_of(arena_printf(a, "%lld_%lld", (long long)s->contract,
                                          (long long)s->parent_line)));
}

/* Filters are GUESS. */
static bool subscription_fits(struct ask *ask, const struct subscription *s)
{
    struct str status = ask_query(ask, "status"), vendor = ask_query(ask, "vendorId");
    if (vendor.len > 0 && !str_equal_nocase(vendor, str_of(s->goods->vendor)))
        return false;
    return status.len == 0 || str_equal_nocase(status, stellr_status(s));
}

void give_subscriptions(struct ask *ask)
{
    int64_t customer, *places, n = 0;
    if (!stellr_find_customer(ask, &customer))
        return;
    int64_t n_places =
        sim_customer_subscriptions(ask->sim, ask->x->a, AT_STELLR, customer, &places);
    bool filters = ask_query(ask, "status").len > 0 || ask_query(ask, "vendorId").len > 0;
    for (int64_t i = 0; i < n_places; i++) {
        struct subscription s;
        if (filters)
            s = sim_subscription(ask->sim, AT_STELLR, places[i]);
        if (!filters || subscription_fits(ask, &s))
            places[n++] = places[i];
    }
    struct page_wanted page;
    if (!stellr_page(ask, n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        struct subscription s = sim_subscription(ask->sim, AT_STELLR, places[i]);
        json_open_object(&w);
        put_subscription(ask, &w, &s, stellr_customer_number(ask->sim, customer));
        json_close(&w);
    }
    stellr_close_list(&w);
}

/* Places of all subscriptions that are listed; NULL where each place is its own. */
static int64_t *listed_places(struct ask *ask, int64_t *ret_n)
{
    int64_t n_places = sim_subscriptions(ask->sim, AT_STELLR), n = 0;
    *ret_n = n_places;
    if (ask->sim->world.n_missing == 0) /* worlds may be large */
        return NULL;
    int64_t *places = ARENA_ARRAY(ask->x->a, (size_t)n_places + 1, int64_t);
    for (int64_t i = 0; i < n_places; i++)
        if (sim_lists_subscription(ask->sim, AT_STELLR, i))
            places[n++] = i;
    *ret_n = n;
    return places;
}

/* All customers in one list, in order of place: new ones come last. */
void give_reseller_subscriptions(struct ask *ask)
{
    struct page_wanted page;
    int64_t n;
    const int64_t *places = listed_places(ask, &n);
    if (!stellr_page(ask, n, false, &page))
        return;
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        struct subscription s =
            sim_subscription(ask->sim, AT_STELLR, places == NULL ? i : places[i]);
        json_open_object(&w);
        put_subscription(ask, &w, &s, stellr_customer_number(ask->sim, s.customer_place));
        json_close(&w);
    }
    stellr_close_list(&w);
}

void give_subscription(struct ask *ask)
{
    int64_t customer, place;
    if (!stellr_find_subscription(ask, &customer, &place))
        return;
    struct subscription s = sim_subscription(ask->sim, AT_STELLR, place);
    struct json_writer w = stellr_open(ask, 200);
    put_subscription(ask, &w, &s, stellr_customer_number(ask->sim, customer));
    stellr_close(&w);
}

/* --- who uses what (A-35) --- */

struct holding {
    struct article article;
    int64_t seats, assigned;
};

/* What a customer holds of a vendor, one per article. */
static size_t gather_holdings(struct ask *ask, int64_t customer, struct str vendor,
                              struct holding **ret_holdings)
{
    int64_t *places;
    size_t n = 0;
    int64_t n_places =
        sim_customer_subscriptions(ask->sim, ask->x->a, AT_STELLR, customer, &places);
    struct holding *all = ARENA_ARRAY(ask->x->a, (size_t)n_places + 1, struct holding);
    for (int64_t i = 0; i < n_places; i++) {
        struct subscription s = sim_subscription(ask->sim, AT_STELLR, places[i]);
        size_t h = 0;
        if (s.fate != FATE_ACTIVE || s.goods->measure != MEASURE_SEATS ||
            !str_equal(vendor, str_of(s.goods->vendor)))
            continue;
        while (h < n && (all[h].article.goods_place != s.goods_place ||
                         all[h].article.variant_place != s.variant_place))
            h++;
        if (h == n)
            all[n++] = (struct holding){ .article = article_of(&s) };
        int64_t spare = chance_below(chance(ask->sim->world.seed, 60, (uint64_t)s.place, 0), 3);
        all[h].seats += s.quantity;
        all[h].assigned += spare < s.quantity ? s.quantity - spare : s.quantity;
    }
    *ret_holdings = all;
    return n;
}

static void put_users(struct ask *ask, struct json_writer *w, const struct customer *c,
                      const struct holding *h)
{
    struct arena *a = ask->x->a;
    json_put_array(w, "users");
    for (int64_t i = 0; i < h->assigned; i++) { /* the same people have several licences */
        struct str name = name_person(
                       a, chance(ask->sim->world.seed, 61, (uint64_t)c->place, (uint64_t)i)),
                   rest = name, given;
        (void)str_next(&rest, ' ', &given);
        char *user = arena_printf(a, "%.*s%lld@%.*s", STR_PRINT(given), (long long)i + 1,
                                  STR_PRINT(c->name.domain));
        user[0] = (char)(user[0] | 0x20);
        json_open_object(w);
        json_put_text(w, "displayName", name);
        json_put_text(w, "userName", str_of(user));
        json_close(w);
    }
    json_close(w);
}

void give_subscribed(struct ask *ask)
{
    struct str vendor = ask_path(ask, "vendorId");
    struct holding *holdings;
    struct page_wanted page;
    int64_t customer;
    if (!stellr_find_customer(ask, &customer))
        return;
    if (!vendor_is_known(vendor)) {
        stellr_error(ask, 404, "NOT_FOUND", "This vendor is not known.");
        return;
    }
    size_t n = gather_holdings(ask, customer, vendor, &holdings);
    if (!stellr_page(ask, (int64_t)n, false, &page))
        return;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, customer);
    struct json_writer w = stellr_open_list(ask, &page);
    for (int64_t i = page.first; i < page.end; i++) {
        const struct holding *h = &holdings[i];
        const struct article *x = &h->article;
        json_open_object(&w);
        stellr_put_id(ask, &w, "productId", goods_product_id(x->goods_place, x->variant_place));
        stellr_put_id(ask, &w, "skuNo", article_sku(x));
        json_put_text(&w, "productName",
                      str_of(stellr_product_name(ask->x->a, x->goods, x->variant)));
        json_put_text(&w, "mfgPartNo", str_of(stellr_part_number(ask->x->a, x->goods)));
        json_put_integer(&w, "subscribedQuantity", h->seats);
        json_put_integer(&w, "assignedQuantity", h->assigned);
        json_put_integer(&w, "availableQuantity", h->seats - h->assigned);
        put_users(ask, &w, &c, h);
        json_close(&w);
    }
    stellr_close_list(&w);
}
