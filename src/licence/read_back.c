/* Proof by reading: what was wanted against what is there. */
#include "licence/inside.h"

#include "base/json.h"
#include "remote/progress.h"

struct touched {
    const struct watched *watched;
    const struct outcome *outcomes;
};

static bool is_touched(const void *context, const struct holding *holding)
{
    const struct touched *t = context;
    for (size_t i = 0; i < t->watched->n_wanted; i++)
        if (str_equal(t->outcomes[i].subscription, holding->id))
            return true;
    return false;
}

enum status purchase_read_back(struct licence *l, struct arena *a, const struct watched *w,
                               const struct str *named, struct reading *ret_reading,
                               struct error *err)
{
    struct snapshot after;
    struct clues clues = { .named = named };
    struct str account = w->row->account_ref;
    struct reading r = { .outcomes = ARENA_ARRAY(a, w->n_wanted + 1, struct outcome),
                         .is_all = true };
    TRY(purchase_claims(l->store, l->store->db, a, w->row, &clues.taken, &clues.n_taken, err));
    TRY(snapshot_read(l->call, a, account, &after, err));
    for (size_t i = 0; i < w->n_wanted; i++)
        if (w->wanted[i].subscription.at != NULL)
            TRY(snapshot_refresh(l->call, a, account, &after, w->wanted[i].subscription, err));
    wanted_compare(a, w->wanted, w->n_wanted, &w->before, &after, &clues, r.outcomes, &r.n_new);
    for (size_t i = 0; i < w->n_wanted; i++)
        r.is_all = r.is_all && r.outcomes[i].fulfilment == FULFILLED;
    struct touched touched = { w, r.outcomes };
    r.rest = snapshot_difference(a, &w->before, &after, is_touched, &touched);
    *ret_reading = r;
    return ST_OK;
}

const struct json *purchase_item_answer(const struct json *items, size_t i)
{
    int64_t index;
    for (size_t k = 0; k < json_length(items); k++)
        if (json_integer(json_get(json_at(items, k), "index"), &index) && index == (int64_t)i)
            return json_at(items, k);
    bool has_index = json_has(json_at(items, 0), "index");
    return has_index ? NULL : json_at(items, i);
}

/* The remote's own words on one item; STR_NONE when it did not fail. */
static struct str item_fault(struct arena *a, const struct judging *judging,
                             const struct json *item)
{
    bool known;
    if (judging == NULL || item == NULL ||
        progress_of(first_text(item, "status"), &known) != PROGRESS_FAILED)
        return STR_NONE;
    struct str code = first_text(item, judging->fault_code);
    struct str text = first_text(item, judging->fault_text);
    return str_of(arena_printf(a, "%.*s%s%.*s", STR_PRINT(code),
                               code.len > 0 && text.len > 0 ? ": " : "", STR_PRINT(text)));
}

enum status purchase_save_items(struct licence *l, struct arena *a, const struct watched *w,
                                const struct outcome *outcomes, const struct json *item_answers,
                                struct error *err)
{
    static const char *const states[] = { "not-there", "verified", "different" };
    SCOPED(db_abandon) struct db *open = l->store->db;
    const struct judging *judging = w->sends == NULL ? NULL : w->sends->judging;
    TRY(db_begin(l->store->db, SYNCED, err));
    for (size_t i = 0; i < w->n_wanted; i++) {
        const struct wanted *x = &w->wanted[i];
        struct str fault = item_fault(a, judging, purchase_item_answer(item_answers, i));
        bool is_refused = fault.at != NULL && outcomes[i].fulfilment != FULFILLED;
        struct purchase_item_row row = {
            .number = (int)i + 1,
            .what = x->subscription.at != NULL ? x->subscription : STR("new"),
            .wanted = wanted_text(a, x),
            .found = is_refused ? fault : outcomes[i].found,
            .state = is_refused ? STR("refused") : str_of(states[outcomes[i].fulfilment]),
            .subscription_ref = outcomes[i].subscription,
        };
        TRY(purchase_item_save(l->store, l->store->db, w->row->id, &row, err));
    }
    TRY(db_commit(l->store->db, err));
    return ST_OK;
}
