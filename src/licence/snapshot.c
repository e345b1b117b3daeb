/* Reading what there is. */
#include "licence/snapshot.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/text_map.h"
#include "client/judge.h"
#include "remote/field.h"

static struct holding holding_of(const struct subscription_record *r)
{
    return (struct holding){
        .id = r->remote_id,
        .commerce_id = r->commerce_id,
        .name = r->name,
        .product_name = r->product_name,
        .sku = r->sku,
        .product_id = r->product_id,
        .plan_id = r->plan_id,
        .part_number = r->part_number,
        .status = r->status,
        .standing = r->standing,
        .has_seats = r->quantity.known,
        .seats = r->quantity.value,
        .auto_renew = r->auto_renew,
        .cost = r->cost,
        .currency = r->currency,
        .cycle_months = r->cycle_months,
        .renews_at = r->renews_at,
        .ends_at = r->ends_at,
        .cancellable_until = r->cancellable_until,
    };
}

static enum status read_holding(struct call *call, struct arena *a, const struct json *document,
                                struct holding *ret_holding, struct error *err)
{
    const struct field *fields =
        overrides_fields(call->client->overrides, call->client->connector->subscriptions.fields);
    struct subscription_record record = { .cycle_months = -1 };
    TRY(fields_read(a, fields, document, &record, err));
    record_settle(&record);
    *ret_holding = holding_of(&record);
    return ST_OK;
}

static enum status read_all(struct page_walk *walk, struct arena *a, struct snapshot *snapshot,
                            struct error *err)
{
    SCOPED(text_map_release) struct text_map seen = TEXT_MAP;
    size_t room = 0;
    for (bool more = true; more;) {
        struct page page = { .n_records = 0 };
        TRY(pages_next(walk, a, &page, &more, err));
        for (size_t i = 0; more && i < page.n_records; i++) {
            const struct json *document;
            ARENA_GROW(a, snapshot->at, snapshot->n, room);
            TRY(json_parse(a, page.records[i], &document, err));
            TRY(read_holding(walk->call, a, document, &snapshot->at[snapshot->n], err));
            /* One that is listed twice stands in another's place. */
            snapshot->n += text_map_add(&seen, snapshot->at[snapshot->n].id, snapshot->n);
        }
    }
    if (pages_complete(walk, (int64_t)snapshot->n))
        return ST_OK;
    fail(err, ST_UNREADABLE, "the list of the customer's subscriptions is incomplete");
    hint(err, "Nothing is bought on half of what there is. Try again.");
    return ST_UNREADABLE;
}

enum status snapshot_read(struct call *call, struct arena *a, struct str account,
                          struct snapshot *ret_snapshot, struct error *err)
{
    const struct entity *entity = &call->client->connector->subscriptions;
    struct arguments arguments = { .n = 0 };
    struct page_walk walk;
    struct clock *clock = call->client->clock;
    *ret_snapshot = (struct snapshot){ .read_at_ms = clock->now_ms(clock),
                                       .read_mono_ms = clock->monotonic_ms(clock) };
    TRY(arguments_set(&arguments, str_of(entity->parent), account, err));
    TRY(pages_open(&walk, call, client_action(call->client, entity->list), &arguments, err));
    enum status s = read_all(&walk, a, ret_snapshot, err);
    pages_close(&walk);
    if (s != ST_OK)
        return wrap(err, s, "reading what customer %.*s holds", STR_PRINT(account));
    return ST_OK;
}

static const struct json *unwrap(const struct json *document)
{
    const struct json *data = json_get(document, "data");
    return json_kind(data) == JSON_OBJECT ? data : document;
}

enum status snapshot_refresh(struct call *call, struct arena *a, struct str account,
                             struct snapshot *snapshot, struct str id, struct error *err)
{
    const struct entity *entity = &call->client->connector->subscriptions;
    struct holding *holding = snapshot_find(snapshot, id), fresh;
    struct arguments arguments = { .n = 0 };
    struct wire_reply reply;
    const struct json *document;
    if (entity->one == NULL || holding == NULL)
        return ST_OK;
    const struct action *one = client_action(call->client, entity->one);
    TRY(arguments_set(&arguments, str_of(entity->parent), account, err));
    TRY(arguments_set(&arguments, str_of(entity->one_id), holding->id, err));
    if (entity->fresh != NULL)
        TRY(arguments_set(&arguments, str_of(entity->fresh), STR("true"), err));
    TRY(call_perform(call, a, one, &arguments, &reply, err));
    TRY(json_parse(a, reply.body, &document, err));
    TRY(judge_document(call->client->connector, document, call->token, err));
    TRY(read_holding(call, a, unwrap(document), &fresh, err));
    if (!str_equal(fresh.id, holding->id))
        return fail(err, ST_UNREADABLE, "%s was asked for subscription %.*s and answered %.*s",
                    one->name, STR_PRINT(holding->id), STR_PRINT(fresh.id));
    *holding = fresh;
    return ST_OK;
}

struct holding *snapshot_find(const struct snapshot *snapshot, struct str id)
{
    for (size_t i = 0; i < snapshot->n; i++)
        if (id.len > 0 && (str_equal(snapshot->at[i].id, id) ||
                           str_equal_nocase(snapshot->at[i].commerce_id, id)))
            return &snapshot->at[i];
    return NULL;
}

/* The members of a holding that are kept, as rows. */
#define MEMBER(name) offsetof(struct holding, name)
static const struct {
    const char *key;
    size_t offset;
} kept[] = {
    { "id", MEMBER(id) },           { "commerce_id", MEMBER(commerce_id) },
    { "name", MEMBER(name) },       { "product_name", MEMBER(product_name) },
    { "sku", MEMBER(sku) },         { "product_id", MEMBER(product_id) },
    { "plan_id", MEMBER(plan_id) }, { "part_number", MEMBER(part_number) },
    { "status", MEMBER(status) },
};

static struct str *text_at(struct holding *holding, size_t offset)
{
    return (struct str *)((char *)holding + offset);
}

void snapshot_put(struct json_writer *w, const char *key, const struct snapshot *snapshot)
{
    json_put_object(w, key);
    json_put_integer(w, "read_at_ms", snapshot->read_at_ms);
    json_put_array(w, "subscriptions");
    for (size_t i = 0; i < snapshot->n; i++) {
        struct holding *h = &snapshot->at[i];
        json_open_object(w);
        for (size_t k = 0; k < ARRAY_LEN(kept); k++)
            if (text_at(h, kept[k].offset)->at != NULL)
                json_put_text(w, kept[k].key, *text_at(h, kept[k].offset));
        if (h->has_seats)
            json_put_integer(w, "seats", h->seats);
        json_put_text(w, "standing", str_of(standing_name(h->standing)));
        if (h->auto_renew != FLAG_UNKNOWN)
            json_put_boolean(w, "auto_renew", h->auto_renew == FLAG_YES);
        json_close(w);
    }
    json_close(w);
    json_close(w);
}

enum status snapshot_parse(struct arena *a, struct str json, struct snapshot *ret_snapshot,
                           struct error *err)
{
    const struct json *document;
    TRY(json_parse(a, json, &document, err));
    const struct json *list = json_get(document, "subscriptions");
    struct snapshot snapshot = { .n = json_length(list) };
    snapshot.at = ARENA_ARRAY(a, snapshot.n + 1, struct holding);
    (void)json_integer(json_get(document, "read_at_ms"), &snapshot.read_at_ms);
    for (size_t i = 0; i < snapshot.n; i++) {
        const struct json *item = json_at(list, i);
        struct holding *h = &snapshot.at[i];
        bool renews;
        for (size_t k = 0; k < ARRAY_LEN(kept); k++)
            *text_at(h, kept[k].offset) = json_text(json_get(item, kept[k].key));
        h->has_seats = json_integer(json_get(item, "seats"), &h->seats);
        h->standing = standing_of(json_text(json_get(item, "standing")));
        if (json_boolean(json_get(item, "auto_renew"), &renews))
            h->auto_renew = renews ? FLAG_YES : FLAG_NO;
    }
    *ret_snapshot = snapshot;
    return ST_OK;
}

static void say(struct buf *to, const struct holding *h, const char *what, struct str before,
                struct str after)
{
    buf_printf(to, "%s%.*s: %s %.*s -> %.*s", to->len > 0 ? "; " : "", STR_PRINT(h->id), what,
               STR_PRINT(before), STR_PRINT(after));
}

static void compare(struct arena *a, struct buf *to, const struct holding *before,
                    const struct holding *after)
{
    if (before->has_seats != after->has_seats || before->seats != after->seats)
        say(to, after, "seats", str_of(arena_printf(a, "%lld", (long long)before->seats)),
            str_of(arena_printf(a, "%lld", (long long)after->seats)));
    if (before->standing != after->standing)
        say(to, after, "is", str_of(standing_name(before->standing)),
            str_of(standing_name(after->standing)));
    if (!str_equal(before->sku, after->sku))
        say(to, after, "SKU", before->sku, after->sku);
    if (before->auto_renew != after->auto_renew)
        say(to, after, "renews by itself", before->auto_renew == FLAG_YES ? STR("yes") : STR("no"),
            after->auto_renew == FLAG_YES ? STR("yes") : STR("no"));
}

struct str snapshot_difference(struct arena *a, const struct snapshot *before,
                               const struct snapshot *after,
                               bool (*except)(const void *context, const struct holding *holding),
                               const void *context)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES);
    for (size_t i = 0; i < after->n; i++) {
        const struct holding *h = &after->at[i], *old = snapshot_find(before, h->id);
        if (except != NULL && except(context, h))
            continue;
        if (old != NULL)
            compare(a, &text, old, h);
        else
            buf_printf(&text, "%s%.*s is new", text.len > 0 ? "; " : "", STR_PRINT(h->id));
    }
    for (size_t i = 0; i < before->n; i++) {
        const struct holding *h = &before->at[i];
        if (snapshot_find(after, h->id) == NULL && (except == NULL || !except(context, h)))
            buf_printf(&text, "%s%.*s is not listed any more", text.len > 0 ? "; " : "",
                       STR_PRINT(h->id));
    }
    return arena_copy(a, buf_str(&text));
}
