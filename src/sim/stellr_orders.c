/* Buying at Stellr: stellr 5.18, 5.19, 5.28. */
#include "sim/stellr_inside.h"

#define ITEMS_MOST 50

/* One line as it was ordered, checked. */
struct ordered {
    struct article article;
    int64_t seats;
    bool does_not_renew;
};

static bool find_ordered_article(struct body *line, struct article *ret_article)
{
    int64_t sku = body_id(line, "skuNo", OPTIONAL), product = body_id(line, "productId", OPTIONAL);
    if (!line->is_refused && !body_has(line, "skuNo") && !body_has(line, "productId"))
        body_refuse(line, 400, "MISSING_PARAMETER", "skuNo or productId is missing.");
    if (line->is_refused)
        return false;
    if (body_has(line, "skuNo") && !article_find_sku(sku, ret_article))
        body_refuse(line, 400, "INVALID_PARAMETER", "There is no SKU %lld.", (long long)sku);
    else if (!body_has(line, "skuNo") && !article_find_product(product, ret_article))
        body_refuse(line, 400, "INVALID_PARAMETER", "There is no product %lld.",
                    (long long)product);
    return !line->is_refused;
}

static void read_plan(struct body *line, struct article *article)
{
    struct str plan = body_text(line, "planName", OPTIONAL);
    int variant;
    if (plan.at == NULL || strcmp(article->goods->vendor, "Google") != 0)
        return;
    if (!plan_find(plan, &variant))
        body_refuse(line, 400, "INVALID_PARAMETER", "There is no plan %.*s.", STR_PRINT(plan));
    else
        *article = article_at(article->goods_place, variant);
}

static void read_line(struct body *line, struct str vendor, struct ordered *to)
{
    static const char *const renewals[] = { "CURRENT_PLAN", "NEW_PLAN", "NOT_RENEW" };
    bool is_known = false;
    if (!find_ordered_article(line, &to->article))
        return;
    if (!str_is(vendor, to->article.goods->vendor))
        body_refuse(line, 400, "INVALID_PARAMETER", "SKU %lld is not of vendor %.*s.",
                    (long long)article_sku(&to->article), STR_PRINT(vendor));
    to->seats = body_seats(line, "quantity", REQUIRED);
    read_plan(line, &to->article);
    struct str renewal = body_text(line, "renewType", OPTIONAL);
    for (size_t i = 0; i < ARRAY_LEN(renewals); i++)
        is_known = is_known || str_is(renewal, renewals[i]);
    if (renewal.at != NULL && !is_known)
        body_refuse(line, 400, "INVALID_PARAMETER", "There is no renewType %.*s.",
                    STR_PRINT(renewal));
    to->does_not_renew = str_is(renewal, "NOT_RENEW");
}

/* The vendor and the lines; 0 when the refusal is written. */
static size_t read_order(struct body *b, struct str *ret_vendor,
                         struct ordered lines[static ITEMS_MOST])
{
    *ret_vendor = body_text(b, "vendorId", REQUIRED);
    if (b->is_refused)
        return 0;
    const struct json *list = json_get_at(b->json, "subscriptions");
    size_t n = json_length(list);
    if (!vendor_is_known(*ret_vendor))
        body_refuse(b, 400, "INVALID_PARAMETER", "There is no vendor %.*s.",
                    STR_PRINT(*ret_vendor));
    else if (list == NULL || n == 0)
        body_refuse(b, 400, "MISSING_PARAMETER", "subscriptions is missing or empty.");
    else if (n > ITEMS_MOST)
        body_refuse(b, 400, "INVALID_PARAMETER", "No more than %d subscriptions go in one request.",
                    ITEMS_MOST);
    for (size_t i = 0; i < n && !b->is_refused; i++) {
        struct body line = body_of(b, json_at(list, i));
        if (!line.is_refused)
            read_line(&line, *ret_vendor, &lines[i]);
        b->is_refused = line.is_refused;
    }
    return b->is_refused ? 0 : n;
}

static struct operation_row *start_order(struct ask *ask, struct body *b, enum operation_type type,
                                         int64_t customer, int64_t parent)
{
    struct operation_row *op = operation_start(ask, type, customer, parent);
    op->reseller_po = state_text(ask->sim, body_text(b, "rsPoNo", OPTIONAL));
    op->customer_po = state_text(ask->sim, body_text(b, "euPoNo", OPTIONAL));
    return op;
}

static struct order_item_row *add_line(struct sim *sim, struct operation_row *op,
                                       const struct ordered *line)
{
    struct order_item_row *item = operation_add_item(sim, op);
    item->goods_place = line->article.goods_place;
    item->variant_place = line->article.variant_place;
    item->sku_no = article_sku(&line->article);
    item->seats = line->seats;
    item->does_not_renew = line->does_not_renew;
    return item;
}

/* An add-on that is bought by itself wants a product that the customer has already; one in the same
 * order does not count, as the sample of a partial batch has it. */
static bool has_base(struct ask *ask, int64_t customer, const char *vendor)
{
    int64_t *places;
    int64_t n = sim_customer_subscriptions(ask->sim, ask->x->a, AT_STELLR, customer, &places);
    for (int64_t i = 0; i < n; i++) {
        struct subscription s = sim_subscription(ask->sim, AT_STELLR, places[i]);
        if (s.fate == FATE_ACTIVE && !s.goods->is_add_on && s.goods->measure == MEASURE_SEATS &&
            strcmp(s.goods->vendor, vendor) == 0)
            return true;
    }
    return false;
}

/* What a vendor wants before it sells. */
static bool may_buy(struct ask *ask, int64_t customer, struct str vendor, size_t n)
{
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, customer);
    if (str_is(vendor, "Google") && n > 1) /* one at a time: DOC */
        stellr_error(ask, 422, "BATCH_NOT_SUPPORTED",
                     "Vendor Google takes one subscription per request.");
    else if (!c.is_active)
        stellr_error(ask, 422, "INVALID_STATE", "The customer is discontinued.");
    else if (str_is(vendor, "Microsoft") && !stellr_has_agreement(ask->sim, customer))
        stellr_error(ask, 422, "AGREEMENT_NOT_ACCEPTED",
                     "The customer has not accepted the Microsoft Customer Agreement.");
    else if (str_is(vendor, "Microsoft") && !stellr_has_tenant(ask, customer))
        stellr_error(ask, 422, "VENDOR_ACCOUNT_MISSING",
                     "The customer has no account at vendor Microsoft.");
    else
        return true;
    return false;
}

void create_subscriptions(struct ask *ask)
{
    struct ordered lines[ITEMS_MOST];
    struct str vendor;
    int64_t customer;
    if (!stellr_find_customer(ask, &customer))
        return;
    struct body b = body_read(ask);
    size_t n = read_order(&b, &vendor, lines);
    (void)body_text(&b, "rsPoNo", OPTIONAL);
    (void)body_text(&b, "euPoNo", OPTIONAL);
    (void)body_text(&b, "notifyEmail", OPTIONAL);
    if (b.is_refused || !may_buy(ask, customer, vendor, n))
        return;
    struct operation_row *op = start_order(ask, &b, OPERATION_CREATE, customer, -1);
    for (size_t i = 0; i < n; i++) {
        struct order_item_row *item = add_line(ask->sim, op, &lines[i]);
        const struct goods *g = lines[i].article.goods;
        if (!g->is_add_on || has_base(ask, customer, g->vendor))
            continue;
        item->error_code = "PREREQUISITE_MISSING";
        item->error_message = "The add-on needs a base subscription.";
    }
    operation_answer(ask, op);
}

void transfer_subscriptions(struct ask *ask)
{
    struct ordered lines[ITEMS_MOST];
    struct str vendor;
    int64_t customer;
    if (!stellr_find_customer(ask, &customer))
        return;
    struct body b = body_read(ask);
    size_t n = read_order(&b, &vendor, lines);
    struct str token = body_text(&b, "transferToken", OPTIONAL);
    (void)body_text(&b, "domain", OPTIONAL);
    if (b.is_refused)
        return;
    if (!str_is(vendor, "Google") || str_starts(token, "expired")) {
        stellr_error(ask, 422, "NOT_ELIGIBLE",
                     str_is(vendor, "Google") ? "The transfer token is past its lifetime."
                                              : "Only licences of vendor Google are transferred.");
        return;
    }
    struct operation_row *op = start_order(ask, &b, OPERATION_TRANSFER, customer, -1);
    for (size_t i = 0; i < n; i++)
        (void)add_line(ask->sim, op, &lines[i]);
    operation_answer(ask, op);
}

/* The parent must be active and have as many seats. */
static bool may_add(struct ask *ask, const struct subscription *parent, const struct ordered *line)
{
    const struct goods *g = line->article.goods;
    if (parent->fate != FATE_ACTIVE)
        stellr_error(ask, 422, "INVALID_STATE", "The subscription is not active.");
    else if (!g->is_add_on || strcmp(g->vendor, parent->goods->vendor) != 0 ||
             parent->goods->is_add_on || parent->goods->measure != MEASURE_SEATS)
        stellr_error(ask, 422, "NOT_ELIGIBLE", "This product is no add-on of the subscription's.");
    else if (line->seats > parent->quantity)
        stellr_refuse(ask, 422, "NOT_ELIGIBLE",
                      "An add-on has no more seats than its subscription, which has %lld.",
                      (long long)parent->quantity);
    else
        return true;
    return false;
}

void create_add_on(struct ask *ask)
{
    struct ordered line = { .seats = 0 };
    int64_t customer, place;
    if (!stellr_find_subscription(ask, &customer, &place))
        return;
    struct body b = body_read(ask);
    int64_t sku = body_id(&b, "skuNo", REQUIRED);
    line.seats = body_seats(&b, "quantity", REQUIRED);
    (void)body_text(&b, "rsPoNo", OPTIONAL);
    (void)body_text(&b, "euPoNo", OPTIONAL);
    (void)body_text(&b, "notifyEmail", OPTIONAL);
    if (!b.is_refused && !article_find_sku(sku, &line.article))
        body_refuse(&b, 400, "INVALID_PARAMETER", "There is no SKU %lld.", (long long)sku);
    if (b.is_refused || stellr_is_busy(ask, place))
        return;
    struct subscription parent = sim_subscription(ask->sim, AT_STELLR, place);
    if (!may_add(ask, &parent, &line))
        return;
    struct operation_row *op = start_order(ask, &b, OPERATION_ADD_ON, customer, place);
    (void)add_line(ask->sim, op, &line);
    operation_answer(ask, op);
}
