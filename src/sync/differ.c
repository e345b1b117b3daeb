/* The columns of a subscription as rows: how to compare and show each, and which are tracked. */
#include "sync/differ.h"

#include "base/buf.h"
#include "base/moment.h"
#include "store/changes.h"

#include <stddef.h>

enum kind { KIND_TEXT, KIND_WHOLE, KIND_AMOUNT, KIND_MOMENT, KIND_FLAG, KIND_ID };

struct column {
    const char *name;
    enum kind kind;
    size_t offset; /* in struct subscription_row */
    bool is_tracked;
};

#define ROW(member)    offsetof(struct subscription_row, member)
#define RECORD(member) offsetof(struct subscription_row, record.member)

static const struct column columns[] = {
    { "quantity", KIND_WHOLE, RECORD(quantity), true },
    { "cost", KIND_AMOUNT, RECORD(cost), true },
    { "price", KIND_AMOUNT, RECORD(price), true },
    { "currency", KIND_TEXT, RECORD(currency), true },
    { "status", KIND_TEXT, RECORD(status), true },
    { "term", KIND_TEXT, RECORD(term), true },
    { "billing_cycle", KIND_TEXT, RECORD(billing_cycle), true },
    { "renewal_date", KIND_MOMENT, RECORD(renews_at), true },
    { "auto_renew", KIND_FLAG, RECORD(auto_renew), true },
    { "part_number", KIND_TEXT, RECORD(part_number), true },
    { "product", KIND_TEXT, RECORD(product_name), true },
    { "account", KIND_TEXT, RECORD(account_id), true },
    { "service_id", KIND_ID, ROW(service_id), false },
    { "account_row", KIND_ID, ROW(account_id), false },
    { "name", KIND_TEXT, RECORD(name), false },
    { "commerce_id", KIND_TEXT, RECORD(commerce_id), false },
    { "total", KIND_AMOUNT, RECORD(total), false },
    { "started_at", KIND_MOMENT, RECORD(started_at), false },
    { "ends_at", KIND_MOMENT, RECORD(ends_at), false },
    { "cancellable_until", KIND_MOMENT, RECORD(cancellable_until), false },
    { "parent_id", KIND_TEXT, RECORD(parent_id), false },
    { "offer_id", KIND_TEXT, RECORD(offer_id), false },
    { "sku", KIND_TEXT, RECORD(sku), false },
    { "product_id", KIND_TEXT, RECORD(product_id), false },
    { "plan_id", KIND_TEXT, RECORD(plan_id), false },
};

static const void *member(const struct subscription_row *row, const struct column *c)
{
    return (const char *)row + c->offset;
}

/* A text that stands for the value: equal texts are equal values. Amounts compare by value, so that
 * 22.0 and 22 are the same price; what is no amount compares by its text. */
static struct str show(struct arena *a, const struct subscription_row *row, const struct column *c)
{
    static const char *const flags[] = { NULL, "no", "yes" };
    const void *at = member(row, c);
    const struct whole *whole = at;
    const struct amount *amount = at;
    const struct moment *moment = at;
    switch (c->kind) {
    case KIND_TEXT:
        return *(const struct str *)at;
    case KIND_WHOLE:
        return whole->known ? str_of(arena_printf(a, "%lld", (long long)whole->value))
                            : whole->text;
    case KIND_AMOUNT:
        return amount->known ? decimal_exact(amount->value, arena_alloc(a, 32)) : amount->text;
    case KIND_MOMENT:
        return moment->known ? str_of(moment_text(moment->ms, arena_alloc(a, 32))) : moment->text;
    case KIND_FLAG:
        return str_of(flags[*(const enum flag *)at]);
    case KIND_ID:
        return str_of(arena_printf(a, "%lld", (long long)*(const int64_t *)at));
    }
    return STR_NONE;
}

bool subscription_differs(const struct subscription_row *before,
                          const struct subscription_row *after)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(columns); i++)
        if (!str_equal(show(&a, before, &columns[i]), show(&a, after, &columns[i])))
            return true;
    return before->is_gone != after->is_gone;
}

static enum status log_one(struct store *store, struct db *db, const char *source, int64_t id,
                           const char *field, struct str before, struct str after,
                           struct error *err)
{
    struct change_row change = { .subscription_id = id,
                                 .source = str_of(source),
                                 .field = str_of(field),
                                 .before = before,
                                 .after = after };
    return change_add(store, db, &change, err);
}

enum status subscription_log(struct store *store, struct db *db, const char *source,
                             const struct subscription_row *before,
                             const struct subscription_row *after, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    if (before == NULL)
        return log_one(store, db, source, after->id, columns[0].name, STR_NONE,
                       show(&a, after, &columns[0]), err);
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        struct str old = show(&a, before, &columns[i]), new = show(&a, after, &columns[i]);
        if (columns[i].is_tracked && !str_equal(old, new))
            TRY(log_one(store, db, source, after->id, columns[i].name, old, new, err));
    }
    if (before->is_gone)
        TRY(log_one(store, db, source, after->id, "presence", STR("gone"), STR("present"), err));
    return ST_OK;
}
