/* What is wanted, and what is found. */
#include "licence/wanted.h"

#include "base/buf.h"
#include "base/json.h"
#include <stdarg.h>

static struct str text_of(const struct json *value)
{
    return json_kind(value) == JSON_TEXT ? json_text(value) : json_number_text(value);
}

static bool seats_of(struct arena *a, const struct action *action,
                     const struct arguments *arguments, int64_t before, int64_t *ret_seats)
{
    struct str text;
    const struct param *total = action_param_meaning(action, MEANS_SEATS);
    const struct param *added = action_param_meaning(action, MEANS_SEATS_ADDED);
    if (total != NULL)
        return request_argument(a, total, arguments, &text) && str_integer(text, ret_seats);
    if (added == NULL || !request_argument(a, added, arguments, &text) ||
        !str_integer(text, ret_seats))
        return false;
    *ret_seats += before;
    return true;
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
    *w = (struct wanted){ .subscription = h->id };
    w->has_seats = seats_of(a, action, arguments, h->seats, &w->seats);
    w->sku = action->becomes == BECOMES_OTHER_SKU ? sku_of(a, action, arguments) : STR_NONE;
    w->has_standing = action->becomes == BECOMES_LIVE || action->becomes == BECOMES_SUSPENDED ||
                      action->becomes == BECOMES_ENDED;
    w->standing = action->becomes == BECOMES_SUSPENDED ? STANDING_SUSPENDED
                  : action->becomes == BECOMES_ENDED   ? STANDING_ENDED
                                                       : STANDING_LIVE;
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
    if (!is_given || h->auto_renew == FLAG_UNKNOWN || h->auto_renew == w->auto_renew)
        *ret_n = 0;
    return ST_OK;
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
            if (p->meaning == MEANS_SEATS)
                wanted[i].has_seats = str_integer(text, &wanted[i].seats);
        }
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
    one->has_seats = seats_of(a, action, arguments, 0, &one->seats);
    *ret_wanted = one;
    *ret_n = 1;
    return ST_OK;
}

/* The attributes of an order that change something a reading shows (ion 5 CLIENT). */
static void want_attribute(struct wanted *w, struct str name, struct str value)
{
    if (str_is(name, "renewalSetting"))
        w->auto_renew = str_equal_nocase(value, STR("auto-on")) ? FLAG_YES : FLAG_NO;
    if (str_is(name, "friendlyName"))
        w->name = value;
    if (!str_is(name, "statusUpdate"))
        return;
    w->has_standing = true;
    w->standing = str_equal_nocase(value, STR("suspended")) ? STANDING_SUSPENDED
                  : str_equal_nocase(value, STR("deleted")) ? STANDING_ENDED
                                                            : STANDING_LIVE;
    if (w->standing == STANDING_ENDED)
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
        w->subscription = h->id;
    } else {
        w->sku = text_of(json_get(item, "skuId"));
        w->plan = text_of(json_get(item, "planId"));
    }
    const struct json *attributes = json_get(item, "attributes");
    for (size_t i = 0; i < json_length(attributes); i++)
        want_attribute(w, text_of(json_get(json_at(attributes, i), "name")),
                       text_of(json_get(json_at(attributes, i), "value")));
    if (w->subscription.at == NULL)
        w->auto_renew = FLAG_UNKNOWN;
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
        w->plan = json_text(json_get(item, "plan"));
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

static void add(struct buf *to, const char *format, ...) PRINTF_LIKE(2, 3);

static void add(struct buf *to, const char *format, ...)
{
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    buf_printf(to, "%s%s", to->len > 0 ? ", " : "", text);
}

struct str wanted_text(struct arena *a, const struct wanted *w)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES);
    if (w->has_seats)
        add(&text, "%lld seat%s", (long long)w->seats, w->seats == 1 ? "" : "s");
    if (w->sku.at != NULL)
        add(&text, "SKU %.*s", STR_PRINT(w->sku));
    if (w->has_standing)
        add(&text, "%s", standing_name(w->standing));
    if (w->auto_renew != FLAG_UNKNOWN)
        add(&text, w->auto_renew == FLAG_YES ? "renews by itself" : "does not renew");
    if (w->name.at != NULL)
        add(&text, "called \"%.*s\"", STR_PRINT(w->name));
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
    found.sku = w->sku.at != NULL ? h->sku : STR_NONE;
    found.standing = h->standing;
    if (w->auto_renew != FLAG_UNKNOWN)
        found.auto_renew = h->auto_renew;
    found.name = w->name.at != NULL ? h->name : STR_NONE;
    return wanted_text(a, &found);
}

static bool fits(const struct wanted *w, const struct holding *h)
{
    return (!w->has_seats || (h->has_seats && h->seats == w->seats)) &&
           (!w->has_standing || h->standing == w->standing) &&
           (w->sku.at == NULL || str_equal(h->sku, w->sku)) &&
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

void wanted_compare(struct arena *a, const struct wanted *wanted, size_t n,
                    const struct snapshot *before, const struct snapshot *after,
                    struct outcome *ret_outcomes)
{
    bool *taken = ARENA_ARRAY(a, after->n + 1, bool);
    for (size_t i = 0; i < n; i++) {
        const struct wanted *w = &wanted[i];
        if (w->subscription.at != NULL) {
            ret_outcomes[i] = compare_change(a, w, before, after);
            continue;
        }
        ret_outcomes[i] = (struct outcome){ .found = found_text(a, w, NULL) };
        for (size_t k = 0; k < after->n; k++) {
            const struct holding *h = &after->at[k];
            if (taken[k] || snapshot_find(before, h->id) != NULL || !fits(w, h))
                continue;
            taken[k] = true;
            ret_outcomes[i] =
                (struct outcome){ FULFILLED, found_text(a, w, h), arena_copy(a, h->id) };
            break;
        }
    }
}
