/* A plan in words: what a person is shown before they say yes. */
#include "licence/inside.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/moment.h"
#include "remote/redact.h"

#include <stdarg.h>

/* A day, and whether it has passed. */
static struct str day_of(struct arena *a, const struct moment *moment, int64_t now_ms)
{
    SCOPED(buf_release) struct buf text = BUF(32);
    if (!moment->known)
        return moment->text;
    date_print(&text, date_of_ms(moment->ms));
    if (moment->ms < now_ms)
        buf_add_text(&text, " (over)");
    return arena_copy(a, buf_str(&text));
}

static void say_one(struct arena *a, struct buf *to, const struct plan *plan, size_t i)
{
    const struct wanted *w = &plan->wanted[i];
    const struct holding *h = snapshot_find(&plan->before, w->subscription);
    struct wanted rest = *w;
    if (h == NULL) {
        rest.sku = plan->prices[i].name.len > 0 ? STR_NONE : w->sku;
        buf_printf(to, "buy %.*s", STR_PRINT(wanted_text(a, &rest)));
        if (plan->prices[i].name.len > 0)
            buf_printf(to, " of %.*s (SKU %.*s)", STR_PRINT(plan->prices[i].name),
                       STR_PRINT(w->sku));
        return;
    }
    struct str product = h->product_name.len > 0 ? h->product_name : h->name;
    bool changes_seats = w->has_seats && h->has_seats && w->seats != h->seats;
    if (changes_seats)
        buf_printf(to, "change %lld to %lld seats of %.*s (%.*s)", (long long)h->seats,
                   (long long)w->seats, STR_PRINT(product), STR_PRINT(h->id));
    else
        buf_printf(to, "%s: %.*s (%.*s)", plan->action->title, STR_PRINT(product),
                   STR_PRINT(h->id));
    rest.has_seats = false;
    struct str result = wanted_text(a, &rest);
    if (result.len > 0)
        buf_printf(to, ", then %.*s", STR_PRINT(result));
}

static struct str summary_of(struct arena *a, const struct plan *plan)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_BODY_BYTES);
    struct str name = plan->options.customer_name;
    for (size_t i = 0; i < plan->n_wanted; i++) {
        if (i > 0)
            buf_add_text(&text, "; ");
        say_one(a, &text, plan, i);
    }
    if (plan->n_wanted == 0) {
        buf_printf(&text, "%s", plan->sends != NULL ? plan->sends->title : plan->action->title);
        if (plan->subscription.len > 0)
            buf_printf(&text, " of subscription %.*s", STR_PRINT(plan->subscription));
    }
    if (plan->account.at != NULL && name.len > 0)
        buf_printf(&text, " for %.*s (%.*s)", STR_PRINT(name), STR_PRINT(plan->account));
    else if (plan->account.at != NULL)
        buf_printf(&text, " for customer %.*s", STR_PRINT(plan->account));
    return arena_copy(a, buf_str(&text));
}

static void beware(struct arena *a, struct plan *plan, const char *format, ...) PRINTF_LIKE(3, 4);

static void beware(struct arena *a, struct plan *plan, const char *format, ...)
{
    char text[LIMIT_ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (plan->n_bewares < ARRAY_LEN(plan->bewares))
        plan->bewares[plan->n_bewares++] = arena_copy(a, str_of(text));
}

/* Nobody public knows whether Stellr sets the seats or adds them (A-43 GUESS): the first change
 * that was verified tells. */
static void beware_of_adding(struct arena *a, struct plan *plan)
{
    const struct holding *h = plan->affected;
    int64_t sum;
    if (plan->sends == NULL || plan->sends->becomes != BECOMES_SEATS ||
        plan->sends->trust != TRUST_GUESS || plan->options.is_proven || plan->n_wanted != 1 ||
        h == NULL || !h->has_seats || action_param_meaning(plan->sends, MEANS_SEATS) == NULL ||
        __builtin_add_overflow(h->seats, plan->wanted[0].seats, &sum))
        return;
    beware(a, plan,
           "whether this service sets the number of seats or adds it is not public, and no change "
           "of seats was verified here yet. Should it add, this ends at %lld seats. Try one seat "
           "first, where it can be taken back.",
           (long long)sum);
}

static void find_bewares(struct arena *a, struct plan *plan)
{
    for (size_t i = 0; i < plan->n_wanted; i++) {
        if (plan->prices[i].is_unknown_sku)
            beware(a, plan, "the catalogue knows no SKU %.*s.", STR_PRINT(plan->wanted[i].sku));
        if (plan->wanted[i].is_unproved)
            beware(a, plan,
                   "this asks for more than a reading can show: it is never taken for "
                   "done without the service's word.");
    }
    beware_of_adding(a, plan);
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
    json_put_text(w, "target", redact_target(a, request->target));
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
    json_put_text_or_null(w, "customer_name", plan->options.customer_name);
    json_put_text_or_null(w, "price_difference", plan->price);
    json_put_array(w, "beware");
    for (size_t i = 0; i < plan->n_bewares; i++)
        json_put_text(w, NULL, plan->bewares[i]);
    json_close(w);
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
    int64_t now_ms = call->client->clock->now_ms(call->client->clock);
    plan_price(call, a, plan);
    plan->summary = summary_of(a, plan);
    find_bewares(a, plan);
    plan->consequence =
        str_of(action_is_generic(plan->action) && plan->sends != NULL ? plan->sends->consequence
                                                                      : plan->action->consequence);
    if (h != NULL) {
        plan->until = day_of(a, h->renews_at.text.at != NULL ? &h->renews_at : &h->ends_at, now_ms);
        plan->undo_until = day_of(a, &h->cancellable_until, now_ms);
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
