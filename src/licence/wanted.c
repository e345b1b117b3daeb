/* What is wanted, and what is found. */
#include "licence/wanted.h"

#include "base/buf.h"
#include "base/json.h"

static struct str text_of(const struct json *value)
{
    return json_kind(value) == JSON_TEXT ? json_text(value) : json_number_text(value);
}

/* The seats of a request. What stands there and is no whole number makes it unproved. */
static void read_seats(struct arena *a, const struct action *action,
                       const struct arguments *arguments, int64_t before, struct wanted *w)
{
    struct str text;
    const struct param *total = action_param_meaning(action, MEANS_SEATS);
    const struct param *added = action_param_meaning(action, MEANS_SEATS_ADDED);
    const struct param *p = total != NULL ? total : added;
    if (p == NULL || !request_argument(a, p, arguments, &text))
        return;
    w->has_seats = str_integer(text, &w->seats);
    if (w->has_seats && p == added)
        w->has_seats = !__builtin_add_overflow(w->seats, before, &w->seats);
    w->is_unproved = w->is_unproved || !w->has_seats;
}

static struct str sku_of(struct arena *a, const struct action *action,
                         const struct arguments *arguments)
{
    struct str text;
    const struct param *sku = action_param_meaning(action, MEANS_SKU);
    return sku != NULL && request_argument(a, sku, arguments, &text) ? text : STR_NONE;
}

static enum status not_held(struct str id, struct error *err)
{
    fail(err, ST_NOT_FOUND, "the customer holds no subscription %.*s", STR_PRINT(id));
    hint(err, "`stellion subscriptions --customer ...` lists them; `stellion sync` brings news.");
    return ST_NOT_FOUND;
}

/* Whether a value changes something that a reading does not show. */
static bool is_unseen(const struct param *p)
{
    return p == NULL || p->meaning == MEANS_NOTHING;
}

/* Whether the body asks for more than is understood: parameters without a meaning, or members of a
 * raw body that are none. */
static bool asks_for_more(struct arena *a, const struct action *action,
                          const struct arguments *arguments)
{
    struct str value;
    const struct json *body;
    struct error ignored;
    for (const struct param *p = action->params; p->name != NULL; p++)
        if (p->place == IN_BODY && is_unseen(p) && arguments_get(arguments, p->name, &value))
            return true;
    if (arguments->body.at == NULL)
        return false;
    if (json_parse(a, arguments->body, &body, &ignored) != ST_OK)
        return true;
    struct json_members members = json_members(body);
    while (json_members_next(&members)) {
        const struct param *known = NULL;
        for (const struct param *p = action->params; p->name != NULL; p++)
            if (p->place == IN_BODY && str_is(members.key, param_key(p)))
                known = p;
        if (is_unseen(known))
            return true;
    }
    return false;
}

/* One that is there already, by the row's `becomes`. */
static enum status want_change(struct arena *a, const struct action *action,
                               const struct arguments *arguments, const struct snapshot *before,
                               struct wanted *w, struct error *err)
{
    struct str id = STR("");
    const struct param *subscription = action_param_meaning(action, MEANS_SUBSCRIPTION);
    (void)(subscription != NULL && request_argument(a, subscription, arguments, &id));
    const struct holding *h = snapshot_find(before, id);
    if (h == NULL)
        return not_held(id, err);
    *w = (struct wanted){ .subscription = h->id,
                          .is_unproved = asks_for_more(a, action, arguments) };
    read_seats(a, action, arguments, h->seats, w);
    w->sku = action->becomes == BECOMES_OTHER_SKU ? sku_of(a, action, arguments) : STR_NONE;
    w->has_standing = action->becomes == BECOMES_LIVE || action->becomes == BECOMES_SUSPENDED ||
                      action->becomes == BECOMES_ENDED;
    w->standing = action->becomes == BECOMES_SUSPENDED ? STANDING_SUSPENDED
                  : action->becomes == BECOMES_ENDED   ? STANDING_ENDED
                                                       : STANDING_LIVE;
    w->is_unproved = w->is_unproved || !wanted_tells(w);
    return ST_OK;
}

/* Of a renewal setting a reading shows only whether the subscription renews: where that stays as it
 * is, or is not told, nothing can be read back. */
static enum status want_renewal(struct arena *a, const struct action *action,
                                const struct arguments *arguments, const struct snapshot *before,
                                struct wanted *w, size_t *ret_n, struct error *err)
{
    struct str word;
    const struct param *renewal = action_param_meaning(action, MEANS_RENEWAL);
    TRY(want_change(a, action, arguments, before, w, err));
    const struct holding *h = snapshot_find(before, w->subscription);
    bool is_given = renewal != NULL && request_argument(a, renewal, arguments, &word);
    w->auto_renew = is_given && str_is(word, "NOT_RENEW") ? FLAG_NO : FLAG_YES;
    w->has_seats = false; /* those of the next term, if any */
    w->is_unproved = false;
    if (!is_given || h->auto_renew == FLAG_UNKNOWN || h->auto_renew == w->auto_renew)
        *ret_n = 0;
    return ST_OK;
}

/* Something new is known again by what it is and how many. */
static bool can_be_found(const struct wanted *w)
{
    return w->has_seats && (w->sku.len > 0 || w->product.len > 0);
}

static enum status want_items(struct arena *a, const struct action *action,
                              const struct arguments *arguments, const struct param *items,
                              struct wanted **ret_wanted, size_t *ret_n, struct error *err)
{
    struct str raw;
    const struct json *list;
    (void)action;
    if (!request_argument(a, items, arguments, &raw))
        return ST_OK;
    TRY(json_parse(a, raw, &list, err));
    size_t n = json_length(list);
    if (n > WANTED_MOST)
        return fail(err, ST_LIMIT, "more than %d things in one purchase", WANTED_MOST);
    struct wanted *wanted = ARENA_ARRAY(a, n + 1, struct wanted);
    for (size_t i = 0; i < n; i++)
        for (const struct param *p = items->members; p != NULL && p->name != NULL; p++) {
            struct str text = text_of(json_get(json_at(list, i), param_key(p)));
            if (p->meaning == MEANS_SKU && text.len > 0)
                wanted[i].sku = text;
            if (p->meaning == MEANS_PRODUCT && text.len > 0)
                wanted[i].product = text;
            if (p->meaning == MEANS_SEATS)
                wanted[i].has_seats = str_integer(text, &wanted[i].seats);
        }
    for (size_t i = 0; i < n; i++)
        wanted[i].is_unproved = !can_be_found(&wanted[i]);
    *ret_wanted = wanted;
    *ret_n = n;
    return ST_OK;
}

static enum status want_new(struct arena *a, const struct action *action,
                            const struct arguments *arguments, struct wanted **ret_wanted,
                            size_t *ret_n, struct error *err)
{
    const struct param *items = action_param_meaning(action, MEANS_ITEMS);
    if (items != NULL)
        return want_items(a, action, arguments, items, ret_wanted, ret_n, err);
    struct wanted *one = ARENA_NEW(a, struct wanted);
    one->sku = sku_of(a, action, arguments);
    read_seats(a, action, arguments, 0, one);
    one->is_unproved = !can_be_found(one);
    *ret_wanted = one;
    *ret_n = 1;
    return ST_OK;
}

/* What an attribute of an order makes of a subscription (ion 5 CLIENT). False: it is not known, or
 * not with this value. */
static bool want_attribute(struct wanted *w, struct str name, struct str value)
{
    static const struct {
        const char *value;
        enum standing standing;
    } updates[] = { { "suspended", STANDING_SUSPENDED },
                    { "active", STANDING_LIVE },
                    { "deleted", STANDING_ENDED } };
    if (str_is(name, "operations"))
        return str_equal_nocase(value, STR("updatesubscription"));
    if (str_is(name, "friendlyName")) {
        w->name = value;
        return true;
    }
    if (str_is(name, "renewalSetting")) {
        bool is_on = str_equal_nocase(value, STR("auto-on"));
        w->auto_renew = is_on ? FLAG_YES : FLAG_NO;
        return is_on || str_equal_nocase(value, STR("auto-off"));
    }
    for (size_t i = 0; str_is(name, "statusUpdate") && i < ARRAY_LEN(updates); i++)
        if (str_equal_nocase(value, str_of(updates[i].value))) {
            w->has_standing = true;
            w->standing = updates[i].standing;
            return true;
        }
    return false;
}

/* Members of a line that change nothing of what a reading shows, or are looked at by name. */
static bool is_known_member(struct str name)
{
    static const char *const known[] = {
        "action",       "productId",  "skuId",       "planId",        "quantity",
        "attributes",   "resourceId", "referenceId", "endCustomerPO", "resellerPO",
        "providerName", "providerId", "vendor",
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_is(name, known[i]))
            return true;
    return false;
}

/* A line that names other catalogue ids than the subscription has changes its plan. */
static bool stays_what_it_is(const struct json *item, const struct holding *h)
{
    const struct {
        const char *member;
        struct str had;
    } ids[] = { { "productId", h->product_id }, { "skuId", h->sku }, { "planId", h->plan_id } };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (!str_equal(text_of(json_get(item, ids[i].member)), ids[i].had))
            return false;
    return true;
}

static void want_update(const struct json *item, const struct holding *h, struct wanted *w)
{
    const struct json *attributes = json_get(item, "attributes");
    struct json_members members = json_members(item);
    w->subscription = h->id;
    w->is_unproved = !stays_what_it_is(item, h) || !w->has_seats;
    while (json_members_next(&members))
        if (!is_known_member(members.key) &&
            !(json_kind(members.value) == JSON_ARRAY && json_length(members.value) == 0))
            w->is_unproved = true;
    for (size_t i = 0; i < json_length(attributes); i++)
        if (!want_attribute(w, text_of(json_get(json_at(attributes, i), "name")),
                            text_of(json_get(json_at(attributes, i), "value"))))
            w->is_unproved = true;
    if (w->has_standing && w->standing == STANDING_ENDED)
        w->has_seats = false; /* what is gone need not keep its number */
}

static enum status want_order_item(const struct json *item, const struct snapshot *before,
                                   struct wanted *w, struct error *err)
{
    struct str resource = text_of(json_get(item, "resourceId"));
    *w = (struct wanted){ .sku = STR_NONE };
    w->has_seats = str_integer(text_of(json_get(item, "quantity")), &w->seats);
    if (str_equal_nocase(text_of(json_get(item, "action")), STR("UPDATE"))) {
        const struct holding *h = snapshot_find(before, resource);
        if (h == NULL)
            return not_held(resource, err);
        want_update(item, h, w);
        return ST_OK;
    }
    w->sku = text_of(json_get(item, "skuId"));
    w->plan = text_of(json_get(item, "planId"));
    w->is_unproved = !can_be_found(w) || json_length(json_get(item, "addOns")) > 0;
    return ST_OK;
}

static enum status want_order(struct arena *a, const struct action *action,
                              const struct arguments *arguments, const struct snapshot *before,
                              struct wanted **ret_wanted, size_t *ret_n, struct error *err)
{
    struct str raw;
    const struct json *list;
    const struct param *items = action_param_meaning(action, MEANS_ITEMS);
    if (items == NULL || !request_argument(a, items, arguments, &raw))
        return ST_OK;
    TRY(json_parse(a, raw, &list, err));
    size_t n = json_length(list);
    if (n > WANTED_MOST)
        return fail(err, ST_LIMIT, "more than %d things in one purchase", WANTED_MOST);
    *ret_wanted = ARENA_ARRAY(a, n + 1, struct wanted);
    for (size_t i = 0; i < n; i++)
        TRY(want_order_item(json_at(list, i), before, &(*ret_wanted)[i], err));
    *ret_n = n;
    return ST_OK;
}

enum status wanted_of(struct arena *a, const struct action *action,
                      const struct arguments *arguments, const struct snapshot *before,
                      struct wanted **ret_wanted, size_t *ret_n, struct error *err)
{
    *ret_wanted = NULL;
    *ret_n = 0;
    switch (action->becomes) {
    case BECOMES_UNTOLD:
        return ST_OK;
    case BECOMES_NEW:
        return want_new(a, action, arguments, ret_wanted, ret_n, err);
    case BECOMES_ORDERED:
        return want_order(a, action, arguments, before, ret_wanted, ret_n, err);
    case BECOMES_SEATS:
    case BECOMES_LIVE:
    case BECOMES_SUSPENDED:
    case BECOMES_ENDED:
    case BECOMES_OTHER_SKU:
    case BECOMES_RENEWING:
        break;
    }
    *ret_wanted = ARENA_NEW(a, struct wanted);
    *ret_n = 1;
    if (action->becomes == BECOMES_RENEWING)
        return want_renewal(a, action, arguments, before, *ret_wanted, ret_n, err);
    return want_change(a, action, arguments, before, *ret_wanted, err);
}

void wanted_put(struct json_writer *w, const char *key, const struct wanted *wanted, size_t n)
{
    json_put_array(w, key);
    for (size_t i = 0; i < n; i++) {
        const struct wanted *x = &wanted[i];
        json_open_object(w);
        if (x->subscription.at != NULL)
            json_put_text(w, "subscription", x->subscription);
        if (x->sku.at != NULL)
            json_put_text(w, "sku", x->sku);
        if (x->product.at != NULL)
            json_put_text(w, "product", x->product);
        if (x->plan.at != NULL)
            json_put_text(w, "plan", x->plan);
        if (x->has_seats)
            json_put_integer(w, "seats", x->seats);
        if (x->has_standing)
            json_put_text(w, "standing", str_of(standing_name(x->standing)));
        if (x->auto_renew != FLAG_UNKNOWN)
            json_put_boolean(w, "auto_renew", x->auto_renew == FLAG_YES);
        if (x->name.at != NULL)
            json_put_text(w, "name", x->name);
        if (x->is_unproved)
            json_put_boolean(w, "is_unproved", true);
        json_close(w);
    }
    json_close(w);
}

enum status wanted_parse(struct arena *a, const struct json *list, struct wanted **ret_wanted,
                         size_t *ret_n, struct error *err)
{
    size_t n = json_length(list);
    if (n > WANTED_MOST)
        return fail(err, ST_STORE, "a plan in the store is damaged");
    struct wanted *wanted = ARENA_ARRAY(a, n + 1, struct wanted);
    for (size_t i = 0; i < n; i++) {
        const struct json *item = json_at(list, i);
        struct wanted *w = &wanted[i];
        bool renews;
        w->subscription = json_text(json_get(item, "subscription"));
        w->sku = json_text(json_get(item, "sku"));
        w->product = json_text(json_get(item, "product"));
        w->plan = json_text(json_get(item, "plan"));
        (void)json_boolean(json_get(item, "is_unproved"), &w->is_unproved);
        w->name = json_text(json_get(item, "name"));
        w->has_seats = json_integer(json_get(item, "seats"), &w->seats);
        w->has_standing = json_has(item, "standing");
        w->standing = standing_of(json_text(json_get(item, "standing")));
        if (json_boolean(json_get(item, "auto_renew"), &renews))
            w->auto_renew = renews ? FLAG_YES : FLAG_NO;
    }
    *ret_wanted = wanted;
    *ret_n = n;
    return ST_OK;
}

bool wanted_tells(const struct wanted *w)
{
    return w->has_seats || w->has_standing || w->sku.at != NULL || w->product.at != NULL ||
           w->auto_renew != FLAG_UNKNOWN || w->name.at != NULL;
}

static void add(struct buf *to, const char *what, struct str value)
{
    buf_printf(to, "%s%s%.*s", to->len > 0 ? ", " : "", what, STR_PRINT(value));
}

struct str wanted_text(struct arena *a, const struct wanted *w)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_REPLY_BYTES);
    if (w->has_seats)
        add(&text, "",
            str_of(arena_printf(a, "%lld seat%s", (long long)w->seats, w->seats == 1 ? "" : "s")));
    if (w->sku.at != NULL)
        add(&text, "SKU ", w->sku);
    if (w->product.at != NULL)
        add(&text, "product ", w->product);
    if (w->has_standing)
        add(&text, standing_name(w->standing), STR(""));
    if (w->auto_renew != FLAG_UNKNOWN)
        add(&text, w->auto_renew == FLAG_YES ? "renews by itself" : "does not renew", STR(""));
    if (w->name.at != NULL)
        add(&text, "called ", str_of(arena_printf(a, "\"%.*s\"", STR_PRINT(w->name))));
    if (w->is_unproved)
        add(&text, "and what no reading shows", STR(""));
    return arena_copy(a, buf_str(&text));
}

/* The same words for what was found, about the members that are wanted. */
static struct str found_text(struct arena *a, const struct wanted *w, const struct holding *h)
{
    struct wanted found = *w;
    if (h == NULL)
        return w->subscription.at != NULL ? STR("not listed") : STR("nothing new");
    found.has_seats = h->has_seats && w->has_seats;
    found.seats = h->seats;
    found.is_unproved = false;
    found.sku = w->sku.at != NULL ? h->sku : STR_NONE;
    found.product = w->product.at != NULL ? h->product_id : STR_NONE;
    found.standing = h->standing;
    if (w->auto_renew != FLAG_UNKNOWN)
        found.auto_renew = h->auto_renew;
    found.name = w->name.at != NULL ? h->name : STR_NONE;
    return wanted_text(a, &found);
}

static bool fits(const struct wanted *w, const struct holding *h)
{
    return wanted_tells(w) && (!w->has_seats || (h->has_seats && h->seats == w->seats)) &&
           (!w->has_standing || h->standing == w->standing) &&
           (w->sku.at == NULL || str_equal(h->sku, w->sku)) &&
           (w->product.at == NULL || str_equal(h->product_id, w->product)) &&
           (w->plan.at == NULL || h->plan_id.at == NULL || str_equal(h->plan_id, w->plan)) &&
           (w->auto_renew == FLAG_UNKNOWN || h->auto_renew == w->auto_renew) &&
           (w->name.at == NULL || str_equal(h->name, w->name));
}

static bool is_same(const struct holding *x, const struct holding *y)
{
    return x->has_seats == y->has_seats && x->seats == y->seats && x->standing == y->standing &&
           str_equal(x->sku, y->sku) && x->auto_renew == y->auto_renew &&
           str_equal(x->name, y->name);
}

static struct outcome compare_change(struct arena *a, const struct wanted *w,
                                     const struct snapshot *before, const struct snapshot *after)
{
    const struct holding *old = snapshot_find(before, w->subscription);
    const struct holding *new = snapshot_find(after, w->subscription);
    struct outcome o = { .found = found_text(a, w, new), .subscription = w->subscription };
    bool vanished = new == NULL && w->has_standing && w->standing == STANDING_ENDED;
    if (vanished || (new != NULL &&fits(w, new)))
        o.fulfilment = FULFILLED;
    else if (new == NULL || old == NULL || !is_same(old, new))
        o.fulfilment = ELSE_FULFILLED;
    return o;
}

static bool is_taken(const struct clues *clues, struct str id)
{
    for (size_t i = 0; i < clues->n_taken; i++)
        if (str_equal(clues->taken[i], id))
            return true;
    return false;
}

/* What was not there before, and nobody else brought. */
static const struct holding **new_ones(struct arena *a, const struct snapshot *before,
                                       const struct snapshot *after, const struct clues *clues,
                                       size_t *ret_n)
{
    const struct holding **found = ARENA_ARRAY(a, after->n + 1, const struct holding *);
    *ret_n = 0;
    for (size_t i = 0; i < after->n; i++)
        if (snapshot_find(before, after->at[i].id) == NULL && !is_taken(clues, after->at[i].id))
            found[(*ret_n)++] = &after->at[i];
    return found;
}

static bool is_named(struct str name, const struct holding *h)
{
    return name.len == 0 || str_equal(name, h->id) || str_equal_nocase(name, h->commerce_id);
}

void wanted_compare(struct arena *a, const struct wanted *wanted, size_t n,
                    const struct snapshot *before, const struct snapshot *after,
                    const struct clues *clues, struct outcome *ret_outcomes, size_t *ret_n_new)
{
    const struct holding **fresh = new_ones(a, before, after, clues, ret_n_new);
    for (size_t i = 0; i < n; i++) {
        const struct wanted *w = &wanted[i];
        if (w->subscription.at != NULL) {
            ret_outcomes[i] = compare_change(a, w, before, after);
            continue;
        }
        ret_outcomes[i] = (struct outcome){ .found = found_text(a, w, NULL) };
        struct str name = clues->named != NULL ? clues->named[i] : STR_NONE;
        for (size_t k = 0; k < *ret_n_new; k++) {
            const struct holding *h = fresh[k];
            if (h == NULL || !is_named(name, h) || !fits(w, h))
                continue;
            ret_outcomes[i] =
                (struct outcome){ FULFILLED, found_text(a, w, h), arena_copy(a, h->id) };
            fresh[k] = NULL;
            break;
        }
    }
}
