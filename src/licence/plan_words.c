/* A plan in words: what a person is shown before they say yes. */
#include "licence/inside.h"

#include "base/buf.h"
#include "base/currency.h"
#include "base/json.h"
#include "base/moment.h"
#include "remote/progress.h"
#include "remote/redact.h"

static struct str day_of(struct arena *a, const struct moment *moment)
{
    SCOPED(buf_release) struct buf text = BUF(32);
    if (!moment->known)
        return moment->text;
    date_print(&text, date_of_ms(moment->ms));
    return arena_copy(a, buf_str(&text));
}

static const char *per_cycle(struct arena *a, int months)
{
    if (months == 1)
        return "per month";
    if (months == 12)
        return "per year";
    return months > 0    ? arena_printf(a, "per %d months", months)
           : months == 0 ? "once"
                         : "per billing period";
}

/* What one unit of a SKU costs us, by the marketplace's catalogue. False: not known. */
static bool price_of_sku(struct call *call, struct arena *a, struct str sku,
                         struct decimal *ret_cost, int *ret_months)
{
    const struct pricing *pricing = &call->client->connector->pricing;
    struct arguments arguments = { .n = 0 };
    struct wire_reply reply;
    const struct json *document;
    struct error ignored;
    if (pricing->action == NULL || sku.len == 0 ||
        arguments_set(&arguments, str_of(pricing->sku), sku, &ignored) != ST_OK)
        return false;
    const struct action *action = client_action(call->client, pricing->action);
    if (action == NULL || call_perform(call, a, action, &arguments, &reply, &ignored) != ST_OK ||
        json_parse(a, reply.body, &document, &ignored) != ST_OK)
        return false;
    *ret_months = cycle_months(first_text(document, pricing->cycle));
    return decimal_parse(first_text(document, pricing->cost), ret_cost, NULL, &ignored) == ST_OK;
}

/* What the purchase adds to our cost per billing period, as far as it is known. */
struct price {
    struct total total;
    struct str currency;
    int months;
    bool is_known;
};

static void price_change(const struct wanted *w, const struct holding *h, struct price *price)
{
    int64_t before = h->standing == STANDING_ENDED ? 0 : h->seats, change;
    int64_t after = w->has_standing && w->standing == STANDING_ENDED ? 0
                    : w->has_seats                                   ? w->seats
                                                                     : h->seats;
    if (!h->cost.known || !h->has_seats || w->sku.at != NULL || w->is_unproved ||
        __builtin_sub_overflow(after, before, &change))
        return;
    price->total = total_times(h->cost.value, change);
    price->currency = h->currency;
    price->months = h->cycle_months;
    price->is_known = true;
}

static void price_new(struct call *call, struct arena *a, const struct wanted *w,
                      struct price *price)
{
    struct decimal cost;
    if (!w->has_seats || !price_of_sku(call, a, w->sku, &cost, &price->months))
        return;
    price->total = total_times(cost, w->seats);
    price->is_known = true;
}

/* One line when all parts are known and alike; nothing otherwise: half a price misleads. */
static struct str price_of(struct call *call, struct arena *a, const struct plan *plan)
{
    SCOPED(buf_release) struct buf text = BUF(200);
    struct price sum = { .is_known = plan->n_wanted > 0 };
    for (size_t i = 0; i < plan->n_wanted && sum.is_known; i++) {
        const struct wanted *w = &plan->wanted[i];
        const struct holding *h = snapshot_find(&plan->before, w->subscription);
        struct price one = { .is_known = false };
        if (h != NULL)
            price_change(w, h, &one);
        else
            price_new(call, a, w, &one);
        bool fits = i == 0 || (one.months == sum.months && str_equal(one.currency, sum.currency));
        one.total = total_add(sum.total, one.total);
        one.is_known = one.is_known && fits;
        sum = one;
    }
    if (!sum.is_known)
        return STR_NONE;
    if (total_sign(sum.total) == 0)
        return STR("no difference");
    if (total_sign(sum.total) > 0)
        buf_add_char(&text, '+');
    if (sum.currency.len > 0)
        currency_print(&text, sum.total, sum.currency);
    else /* the catalogue names none */
        total_print_grouped(&text, sum.total, currency_decimals(sum.currency));
    buf_printf(&text, " %s, of our cost", per_cycle(a, sum.months));
    return arena_copy(a, buf_str(&text));
}

static void say_one(struct arena *a, struct buf *to, const struct plan *plan,
                    const struct wanted *w)
{
    const struct holding *h = snapshot_find(&plan->before, w->subscription);
    if (h == NULL) {
        buf_printf(to, "buy %.*s", STR_PRINT(wanted_text(a, w)));
        return;
    }
    struct str product = h->product_name.len > 0 ? h->product_name : h->name;
    if (w->has_seats && h->has_seats && w->seats != h->seats)
        buf_printf(to, "change %lld to %lld seats of %.*s (%.*s)", (long long)h->seats,
                   (long long)w->seats, STR_PRINT(product), STR_PRINT(h->id));
    else
        buf_printf(to, "%s %.*s (%.*s)", plan->action->title, STR_PRINT(product), STR_PRINT(h->id));
    struct wanted rest = *w;
    rest.has_seats = false;
    struct str words = wanted_text(a, &rest);
    if (words.len > 0)
        buf_printf(to, ", then %.*s", STR_PRINT(words));
}

static struct str summary_of(struct arena *a, const struct plan *plan)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES);
    for (size_t i = 0; i < plan->n_wanted; i++) {
        if (i > 0)
            buf_add_text(&text, "; ");
        say_one(a, &text, plan, &plan->wanted[i]);
    }
    if (plan->n_wanted == 0)
        buf_printf(&text, "%s", plan->sends != NULL ? plan->sends->title : plan->action->title);
    if (plan->account.at != NULL)
        buf_printf(&text, " for customer %.*s", STR_PRINT(plan->account));
    return arena_copy(a, buf_str(&text));
}

static struct str digest_text(struct arena *a, struct digest digest)
{
    char *hex = arena_alloc(a, 2 * DIGEST_BYTES + 1);
    for (size_t i = 0; i < DIGEST_BYTES; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", digest.at[i]);
    return str_of(hex);
}

struct str plan_request_digest(struct arena *a, const struct plan *plan)
{
    return digest_text(a, request_digest(&plan->request));
}

static void put_request(struct arena *a, struct json_writer *w, const struct plan *plan)
{
    const struct request *request = &plan->request;
    json_put_object(w, "request");
    json_put_text(w, "method", str_of(method_name(request->method)));
    json_put_text(w, "target", request->target);
    if (request->content_type != NULL)
        json_put_text(w, "content_type", str_of(request->content_type));
    struct str body = request->body.len > 0 ? redact(a, request->body) : STR_NONE;
    if (body.at != NULL)
        json_put_raw(w, "body", body);
    json_put_text(w, "digest", plan_request_digest(a, plan));
    json_close(w);
}

static void put_plan(struct arena *a, struct json_writer *w, const struct plan *plan,
                     const struct overrides *overrides)
{
    json_put_text(w, "place", plan->place);
    json_put_text(w, "action", str_of(plan->action->name));
    json_put_text_or_null(w, "sends", plan->sends != NULL ? str_of(plan->sends->name) : STR_NONE);
    json_put_text(w, "summary", plan->summary);
    json_put_text_or_null(w, "account", plan->account);
    json_put_text_or_null(w, "subscription", plan->subscription);
    wanted_put(w, "wanted", plan->wanted, plan->n_wanted);
    if (plan->n_wanted == 1 && plan->wanted[0].subscription.at != NULL && plan->affected != NULL &&
        plan->affected->has_seats)
        json_put_integer(w, "seats_before", plan->affected->seats);
    json_put_text_or_null(w, "price_difference", plan->price);
    json_put_text_or_null(w, "binds_until", plan->until);
    json_put_text_or_null(w, "can_be_cancelled_until", plan->undo_until);
    json_put_text_or_null(w, "consequence", plan->consequence);
    json_put_text_or_null(w, "reason", plan->options.reason);
    json_put_text_or_null(w, "purchase_order", plan->options.purchase_order);
    json_put_text_or_null(w, "requester", plan->options.requester);
    json_put_text_or_null(w, "mark", plan->mark);
    json_put_text(w, "overrides", digest_text(a, overrides_digest(overrides)));
    put_request(a, w, plan);
}

static struct str likeness_of(struct arena *a, const struct plan *plan)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_BODY_BYTES * 2);
    struct json_writer w = JSON_WRITER(&text);
    json_open_object(&w);
    json_put_text(&w, "action", str_of(plan->sends != NULL ? plan->sends->name : ""));
    json_put_text(&w, "subject", plan->subject);
    wanted_put(&w, "wanted", plan->wanted, plan->n_wanted);
    if (plan->n_wanted == 0) {
        json_put_text(&w, "target", plan->request.target);
        json_put_text(&w, "body", plan->request.body);
    }
    json_close(&w);
    return checksum_of(a, buf_str(&text));
}

enum status plan_tell(struct call *call, struct arena *a, struct plan *plan, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_BODY_BYTES * 2);
    struct json_writer w = JSON_WRITER(&text);
    const struct holding *h = plan->affected;
    plan->summary = summary_of(a, plan);
    plan->price = price_of(call, a, plan);
    plan->consequence =
        str_of(action_is_generic(plan->action) && plan->sends != NULL ? plan->sends->consequence
                                                                      : plan->action->consequence);
    if (h != NULL) {
        plan->until = day_of(a, h->renews_at.text.at != NULL ? &h->renews_at : &h->ends_at);
        plan->undo_until = day_of(a, &h->cancellable_until);
    }
    json_open_object(&w);
    put_plan(a, &w, plan, call->client->overrides);
    json_close(&w);
    TRY(buf_status(&text, "the plan", err));
    plan->json = arena_copy(a, buf_str(&text));
    plan->hash = checksum_of(a, plan->json);
    plan->likeness = likeness_of(a, plan);
    return ST_OK;
}
