/* What a customer holds at the remote at one moment: read before a purchase, kept with its intent,
 * and read again after it. Comparing the two is how a purchase is proved. */
#pragma once

#include "base/json_write.h"
#include "client/page.h"

/* The part of a subscription that purchases change or are told by. */
struct holding {
    struct str id;          /* the remote's */
    struct str commerce_id; /* Ion: the Microsoft subscription id; or STR_NONE */
    struct str name, product_name;
    struct str sku, product_id, plan_id, part_number;
    struct str status; /* as sent */
    enum standing standing;
    bool has_seats;
    int64_t seats;
    enum flag auto_renew;
    struct amount cost; /* per unit and billing cycle; not kept with the intent */
    struct str currency;
    int cycle_months;
    struct moment renews_at, ends_at, cancellable_until; /* not kept either */
};

struct snapshot {
    struct holding *at;
    size_t n;
    int64_t read_at_ms;
    int64_t read_mono_ms; /* by the clock that never goes back; not kept */
};

/* Reads all pages of a customer's subscriptions. ST_UNREADABLE when the list is not complete: a
 * purchase is not planned on half of what there is. Texts in the arena. */
enum status snapshot_read(struct call *call, struct arena *a, struct str account,
                          struct snapshot *ret_snapshot, struct error *err);

/* Reads one holding anew, as fresh as the remote can be asked for, and puts it in its place. */
enum status snapshot_refresh(struct call *call, struct arena *a, struct str account,
                             struct snapshot *snapshot, struct str id, struct error *err);

/* By the remote's id or the commerce id; NULL when it is not there. */
struct holding *snapshot_find(const struct snapshot *snapshot, struct str id);

void snapshot_put(struct json_writer *w, const char *key, const struct snapshot *snapshot);
enum status snapshot_parse(struct arena *a, struct str json, struct snapshot *ret_snapshot,
                           struct error *err);

/* What differs between two readings, in words: "510020_1: 42 -> 45 seats; ..."; "" when nothing
 * does. `except` names holdings to leave out; may be NULL. */
struct str snapshot_difference(struct arena *a, const struct snapshot *before,
                               const struct snapshot *after,
                               bool (*except)(const void *context, const struct holding *holding),
                               const void *context);
