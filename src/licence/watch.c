/* Watching a purchase to its end, and finding out about one without an answer. Only reads. */
#include "licence/inside.h"

#include "base/buf.h"
#include "base/json.h"
#include "client/judge.h"
#include "remote/progress.h"

#define READINGS_MOST    4     /* of what is there, until it counts as different */
#define ORDER_PAGES_MOST 10    /* of a customer, newest first, that a mark is looked for in */
#define UNCLEAR_LOOK_MS  45000 /* how long to look at once, when no answer came */

struct polled {
    enum progress progress;
    struct str word, fault;
    const struct json *items; /* or NULL */
    bool is_forgotten;        /* the service does not know it any more: how it ended is not told */
};

static void tell(const struct licence *l, const char *sentence)
{
    if (l->tell != NULL)
        l->tell(l->tell_context, sentence);
}

static bool is_stopped(const struct licence *l)
{
    return l->cancelled != NULL && atomic_load(l->cancelled);
}

static void read_state(struct arena *a, const struct judging *judging, const struct json *document,
                       struct polled *polled)
{
    bool known;
    polled->word = arena_copy(a, first_text(document, judging->state));
    polled->progress = progress_of(polled->word, &known);
    struct str code = first_text(document, judging->fault_code);
    struct str text = first_text(document, judging->fault_text);
    polled->fault = str_of(arena_printf(a, "%.*s%s%.*s", STR_PRINT(code),
                                        code.len > 0 && text.len > 0 ? ": " : "", STR_PRINT(text)));
    struct str rest = str_of(judging->items), path;
    polled->items = NULL;
    while (judging->items != NULL && polled->items == NULL && str_next(&rest, '|', &path))
        polled->items = json_get_at(document, arena_text(a, path));
}

/* ST_CONFLICT: the answer is about something else. */
static enum status poll_once(struct licence *l, struct arena *a, const struct watched *w,
                             struct polled *polled, struct error *err)
{
    const struct judging *judging = w->sends->judging;
    const struct action *poll = client_action(l->call->client, judging->poll);
    const struct param *customer = action_param_meaning(poll, MEANS_CUSTOMER);
    struct arguments arguments = { .n = 0 };
    struct wire_reply reply;
    const struct json *document;
    TRY(arguments_set(&arguments, str_of(judging->poll_param), w->row->remote_ref, err));
    if (customer != NULL && w->row->account_ref.at != NULL)
        TRY(arguments_set(&arguments, str_of(customer->name), w->row->account_ref, err));
    TRY(call_perform(l->call, a, poll, &arguments, &reply, err));
    (void)purchase_hide(a, l, reply.body);
    TRY(json_parse(a, reply.body, &document, err));
    struct str id = last_segment(first_text(document, judging->id));
    if (id.len > 0 && !str_equal(id, w->row->remote_ref))
        return fail(err, ST_CONFLICT, "the service was asked for %.*s and answered %.*s",
                    STR_PRINT(w->row->remote_ref), STR_PRINT(id));
    read_state(a, judging, document, polled);
    return ST_OK;
}

static bool is_settled(enum progress progress)
{
    return progress != PROGRESS_WAITING && progress != PROGRESS_RUNNING;
}

static enum status still_running(const struct watched *w, struct str word, struct error *err)
{
    fail(err, ST_UNKNOWN, "purchase %lld was taken by the service and is not done yet%s%.*s",
         (long long)w->row->id, word.len > 0 ? ": " : "", STR_PRINT(word));
    hint(err, "Look again: stellion purchases check %lld. Nothing is sent twice.",
         (long long)w->row->id);
    return ST_UNKNOWN;
}

/* What the answer itself said counts as the first look. */
static void look_at_answer(struct arena *a, const struct watched *w, struct polled *polled)
{
    const struct json *answer;
    struct error ignored;
    polled->progress = PROGRESS_WAITING;
    if (w->row->answer.at != NULL && json_parse(a, w->row->answer, &answer, &ignored) == ST_OK)
        read_state(a, w->sends->judging, answer, polled);
    /* How the items of a batch ended stands in what is polled, not always in the answer. */
    bool wants_items = w->n_wanted > 1 && polled->items == NULL;
    if (is_settled(polled->progress) && wants_items && w->sends->judging->items != NULL)
        polled->progress = PROGRESS_RUNNING;
}

/* 2, 4, 8 ... 30 s apart (stellr 7). */
static enum status poll(struct licence *l, struct arena *a, const struct watched *w,
                        struct polled *polled, struct error *err)
{
    const struct judging *judging = w->sends == NULL ? NULL : w->sends->judging;
    struct error why;
    int64_t waited_ms = 0, pause_ms = PURCHASE_POLL_LEAST_MS;
    *polled = (struct polled){ .progress = PROGRESS_DONE };
    if (judging == NULL || w->row->remote_ref.len == 0)
        return ST_OK; /* the changed object, or 2xx with nothing: reading shows it */
    look_at_answer(a, w, polled);
    while (!is_settled(polled->progress)) {
        if (waited_ms >= l->wait_ms || is_stopped(l) || judging->poll == NULL)
            return still_running(w, polled->word, err);
        sleep_unless(l->clock, l->cancelled, pause_ms);
        waited_ms += pause_ms;
        pause_ms = pause_ms * 2 < PURCHASE_POLL_MOST_MS ? pause_ms * 2 : PURCHASE_POLL_MOST_MS;
        enum status s = poll_once(l, a, w, polled, &why);
        if (s == ST_OK)
            continue;
        *polled = (struct polled){ .progress = PROGRESS_WAITING };
        polled->is_forgotten = s == ST_NOT_FOUND;
        if (polled->is_forgotten) /* reading shows what it did */
            return ST_OK;
        tell(l, why.text);
    }
    return ST_OK;
}

struct tally {
    size_t n_fulfilled, n_refused, n_else;
    size_t n_untold;   /* nothing of it can be read */
    size_t n_unproved; /* asked for more than can be read */
};

static struct tally count(const struct watched *w, const struct outcome *outcomes,
                          const struct polled *polled)
{
    struct tally t = { 0 };
    bool known;
    for (size_t i = 0; i < w->n_wanted; i++) {
        struct str word = first_text(purchase_item_answer(polled->items, i), "status");
        bool refused = progress_of(word, &known) == PROGRESS_FAILED;
        if (outcomes[i].fulfilment == FULFILLED && !refused)
            t.n_fulfilled++;
        else if (refused && outcomes[i].fulfilment != ELSE_FULFILLED)
            t.n_refused++;
        else if (outcomes[i].fulfilment == UNFULFILLED && w->wanted[i].is_unproved &&
                 !wanted_tells(&w->wanted[i]))
            t.n_untold++;
        else
            t.n_else++;
        t.n_unproved += w->wanted[i].is_unproved;
    }
    return t;
}

static enum status end_mismatch(struct licence *l, struct arena *a, const struct watched *w,
                                const struct outcome *outcomes, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES - 100);
    for (size_t i = 0; i < w->n_wanted; i++)
        if (outcomes[i].fulfilment != FULFILLED)
            buf_printf(&text, "%swanted %.*s, found %.*s", text.len > 0 ? "; " : "",
                       STR_PRINT(wanted_text(a, &w->wanted[i])), STR_PRINT(outcomes[i].found));
    TRY(purchase_move(l, w->row, PURCHASE_MISMATCH, arena_copy(a, buf_str(&text)), err));
    fail(err, ST_MISMATCH, "purchase %lld is not as wanted: %s", (long long)w->row->id, text.at);
    hint(err,
         "Nothing more is sent. Look at the marketplace's own pages; then set it right by a new "
         "change, and close this one: stellion purchases settle %lld --reason TEXT. Should the "
         "service have taken the number of seats as a difference, an override of %s says so for "
         "next time (overrides.json, \"seats-added\": docs/operations.md).",
         (long long)w->row->id, w->sends != NULL ? w->sends->name : "the action");
    return ST_MISMATCH;
}

/* The service says that it failed: that holds, whatever a reading shows. */
static enum status end_refused(struct licence *l, struct arena *a, const struct watched *w,
                               const struct polled *polled, const struct reading *reading,
                               struct error *err)
{
    struct str why = polled->fault.len > 0 ? polled->fault : polled->word;
    bool changed = false;
    for (size_t i = 0; reading != NULL && i < w->n_wanted; i++)
        changed = changed || (w->wanted[i].subscription.at != NULL &&
                              reading->outcomes[i].fulfilment != UNFULFILLED);
    const char *also = changed ? "; what was found is another's doing" : "";
    struct str note = str_of(arena_printf(a, "%.*s%s", STR_PRINT(why), also));
    TRY(purchase_move(l, w->row, PURCHASE_REFUSED, note, err));
    return fail(err, ST_RULE, "purchase %lld was refused by the service: %.*s. Nothing was bought",
                (long long)w->row->id, STR_PRINT(note));
}

/* It is not known what became of it, and reading does not show it. */
static enum status end_open(struct licence *l, const struct watched *w, const char *why,
                            struct error *err)
{
    TRY(purchase_move(l, w->row, PURCHASE_NEEDS_PERSON, str_of(why), err));
    fail(err, ST_UNKNOWN, "purchase %lld was taken by the service, and %s", (long long)w->row->id,
         why);
    hint(err,
         "Look at the marketplace's own pages, then close it: stellion purchases settle %lld "
         "--reason TEXT.",
         (long long)w->row->id);
    return ST_UNKNOWN;
}

static struct str meanwhile(struct arena *a, struct str rest)
{
    if (rest.len == 0)
        return STR_NONE;
    return str_of(arena_printf(a, "meanwhile, and not by this purchase: %.*s", STR_PRINT(rest)));
}

static enum status judge_reading(struct licence *l, struct arena *a, const struct watched *w,
                                 const struct polled *polled, const struct reading *reading,
                                 struct error *err)
{
    struct tally t = count(w, reading->outcomes, polled);
    TRY(purchase_save_items(l, a, w, reading->outcomes, polled->items, err));
    if (polled->progress == PROGRESS_FAILED)
        return end_refused(l, a, w, polled, reading, err);
    if (t.n_fulfilled + t.n_untold == w->n_wanted && t.n_unproved > 0)
        return polled->progress == PROGRESS_DONE
                   ? purchase_move(l, w->row, PURCHASE_ACCEPTED, meanwhile(a, reading->rest), err)
                   : end_open(l, w, "no reading shows what became of it", err);
    if (t.n_fulfilled == w->n_wanted)
        return purchase_move(l, w->row, PURCHASE_VERIFIED, meanwhile(a, reading->rest), err);
    if (t.n_refused == w->n_wanted)
        return end_refused(l, a, w, polled, reading, err);
    if (t.n_else > 0 || t.n_untold > 0)
        return end_mismatch(l, a, w, reading->outcomes, err);
    TRY(purchase_move(l, w->row, PURCHASE_PARTIAL, meanwhile(a, reading->rest), err));
    return fail(err, ST_PARTIAL, "purchase %lld: %zu of %zu items were bought, %zu refused",
                (long long)w->row->id, t.n_fulfilled, w->n_wanted, t.n_refused);
}

/* The ids that the remote gave for what is new. */
static const struct str *names_of(struct arena *a, const struct watched *w,
                                  const struct polled *polled)
{
    struct str *names = ARENA_ARRAY(a, w->n_wanted + 1, struct str);
    for (size_t i = 0; i < w->n_wanted; i++)
        if (w->wanted[i].subscription.at == NULL)
            names[i] =
                first_text(purchase_item_answer(polled->items, i), "subscriptionId|resourceId");
    return names;
}

/* Lists may lag behind what was done: they are read a few times before a difference counts. */
static enum status read_until(struct licence *l, struct arena *a, const struct watched *w,
                              const struct polled *polled, struct reading *reading,
                              struct error *err)
{
    int64_t pause_ms = PURCHASE_POLL_LEAST_MS;
    const struct str *names = names_of(a, w, polled);
    for (int n = 1;; n++, pause_ms *= 2) {
        TRY(purchase_read_back(l, a, w, names, reading, err));
        bool may_lag = polled->progress != PROGRESS_FAILED;
        if (reading->is_all || !may_lag || count(w, reading->outcomes, polled).n_else == 0 ||
            n == READINGS_MOST || is_stopped(l))
            return ST_OK;
        sleep_unless(l->clock, l->cancelled, pause_ms);
    }
}

static enum status unread(const struct watched *w, enum status s, struct error *err)
{
    wrap(err, s, "purchase %lld was taken by the service, and could not be read back",
         (long long)w->row->id);
    hint(err, "Look again: stellion purchases check %lld. Nothing is sent twice.",
         (long long)w->row->id);
    return s;
}

/* Nothing can be read back: the service's word is all there is. */
static enum status watch_blindly(struct licence *l, struct arena *a, const struct watched *w,
                                 const struct polled *polled, struct error *err)
{
    if (polled->progress == PROGRESS_FAILED)
        return end_refused(l, a, w, polled, NULL, err);
    if (polled->is_forgotten)
        return end_open(l, w, "the service does not know it any more", err);
    if (polled->progress == PROGRESS_PARTIAL)
        return end_open(l, w, "only a part of it was done", err);
    if (w->sends == NULL && w->row->answer.len > 0)
        return end_open(l, w, "nothing is known of this request, or how to follow it", err);
    return purchase_move(l, w->row, PURCHASE_ACCEPTED, STR_NONE, err);
}

enum status purchase_watch(struct licence *l, struct arena *a, struct watched *w, struct error *err)
{
    struct polled polled;
    struct reading reading;
    TRY(poll(l, a, w, &polled, err));
    if (w->n_wanted == 0 || w->row->account_ref.at == NULL)
        return watch_blindly(l, a, w, &polled, err);
    enum status s = read_until(l, a, w, &polled, &reading, err);
    if (s != ST_OK)
        return unread(w, s, err);
    return judge_reading(l, a, w, &polled, &reading, err);
}

static enum status look_for_mark(struct arena *a, const struct watched *w,
                                 const struct connector *connector, struct str record,
                                 bool *ret_found, struct error *err)
{
    const struct json *order;
    TRY(json_parse(a, record, &order, err));
    if (!str_equal(first_text(order, connector->order_mark), w->row->mark))
        return ST_OK;
    w->row->remote_ref = last_segment(first_text(order, w->sends->judging->id));
    *ret_found = w->row->remote_ref.len > 0;
    return ST_OK;
}

/* Looks for our own mark among the customer's newest orders (ion 5: no idempotency key). */
static enum status find_by_mark(struct licence *l, struct arena *a, const struct watched *w,
                                bool *ret_found, struct error *err)
{
    const struct connector *connector = l->call->client->connector;
    struct arguments arguments = { .n = 0 };
    struct page_walk walk;
    struct page page = { .n_records = 0 };
    bool more;
    *ret_found = false;
    if (w->row->mark.len == 0 || connector->orders == NULL || w->sends == NULL ||
        w->sends->judging == NULL)
        return ST_OK;
    const struct action *orders = client_action(l->call->client, connector->orders);
    const struct param *customer = action_param_meaning(orders, MEANS_CUSTOMER);
    if (customer != NULL)
        TRY(arguments_set(&arguments, str_of(customer->name), w->row->account_ref, err));
    TRY(pages_open(&walk, l->call, orders, &arguments, err));
    enum status s = ST_OK;
    for (more = true; s == ST_OK && more && !*ret_found && walk.n_pages < ORDER_PAGES_MOST;) {
        s = pages_next(&walk, a, &page, &more, err);
        for (size_t i = 0; s == ST_OK && more && i < page.n_records && !*ret_found; i++)
            s = look_for_mark(a, w, connector, page.records[i], ret_found, err);
    }
    pages_close(&walk);
    return s;
}

/* Whether what is there has one explanation: every wanted thing as wanted, and no more that is new
 * than was wanted. */
static bool is_unambiguous(const struct licence *l, const struct watched *w,
                           const struct reading *reading)
{
    size_t n_wanted_new = 0;
    for (size_t i = 0; i < w->n_wanted; i++) {
        n_wanted_new += w->wanted[i].subscription.at == NULL;
        if (reading->outcomes[i].fulfilment != FULFILLED || w->wanted[i].is_unproved)
            return false;
    }
    /* A number that is reached is reached. What adds, or is new, may still be on its way when
     * somebody else has done the same: then only time tells. */
    bool adds = w->sends != NULL && action_param_meaning(w->sends, MEANS_SEATS_ADDED) != NULL;
    int64_t age_ms = l->clock->now_ms(l->clock) - w->row->created_at;
    bool is_settled_down = (!adds && n_wanted_new == 0) || age_ms > PURCHASE_UNCLEAR_MS;
    return w->n_wanted > 0 && is_settled_down &&
           (n_wanted_new == 0 || reading->n_new == n_wanted_new);
}

static enum status stay_unclear(struct licence *l, struct arena *a, const struct watched *w,
                                const struct outcome *outcomes, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES - 200);
    struct purchase_row *row = w->row;
    bool is_late = l->clock->now_ms(l->clock) - row->created_at > PURCHASE_UNCLEAR_MS;
    for (size_t i = 0; outcomes != NULL && i < w->n_wanted; i++)
        buf_printf(&text, "%swanted %.*s, found %.*s", text.len > 0 ? "; " : "",
                   STR_PRINT(wanted_text(a, &w->wanted[i])), STR_PRINT(outcomes[i].found));
    if (is_late && str_is(row->state, purchase_state_row(PURCHASE_UNKNOWN)->name))
        TRY(purchase_move(l, row, PURCHASE_NEEDS_PERSON, arena_copy(a, buf_str(&text)), err));
    fail(err, ST_UNKNOWN, "purchase %lld was sent, and what became of it is not known%s%s",
         (long long)row->id, text.len > 0 ? ": " : "", text.at);
    if (is_late)
        hint(err,
             "Look at the marketplace's own pages, then close it: stellion purchases settle "
             "%lld --reason TEXT. It is never sent again by itself.",
             (long long)row->id);
    else
        hint(err,
             "Look again in a few minutes: stellion purchases check %lld. It is never sent "
             "again by itself.",
             (long long)row->id);
    return ST_UNKNOWN;
}

static enum status find_out(struct licence *l, struct arena *a, struct watched *w,
                            struct error *err)
{
    bool was_mismatch = str_is(w->row->state, purchase_state_row(PURCHASE_MISMATCH)->name);
    bool needs_person = str_is(w->row->state, purchase_state_row(PURCHASE_NEEDS_PERSON)->name);
    int64_t waited_ms = 0, pause_ms = PURCHASE_POLL_LEAST_MS;
    for (;;) {
        bool found = false;
        struct reading reading = { .outcomes = NULL };
        if (!was_mismatch && !needs_person)
            TRY(find_by_mark(l, a, w, &found, err));
        if (found) {
            TRY(purchase_move(l, w->row, PURCHASE_ANSWERED, STR("found by its mark"), err));
            return purchase_watch(l, a, w, err);
        }
        if (w->n_wanted == 0 || w->row->account_ref.at == NULL)
            return stay_unclear(l, a, w, NULL, err);
        TRY(purchase_read_back(l, a, w, NULL, &reading, err));
        TRY(purchase_save_items(l, a, w, reading.outcomes, NULL, err));
        if (!needs_person && (was_mismatch ? reading.is_all : is_unambiguous(l, w, &reading)))
            return purchase_move(l, w->row, was_mismatch ? PURCHASE_VERIFIED : PURCHASE_INFERRED,
                                 meanwhile(a, reading.rest), err);
        if (was_mismatch)
            return end_mismatch(l, a, w, reading.outcomes, err);
        if (waited_ms >= UNCLEAR_LOOK_MS || waited_ms >= l->wait_ms || is_stopped(l) ||
            needs_person)
            return stay_unclear(l, a, w, reading.outcomes, err);
        if (waited_ms == 0)
            tell(l, "No answer came. Looking whether it was done, for up to a minute.");
        sleep_unless(l->clock, l->cancelled, pause_ms);
        waited_ms += pause_ms;
        pause_ms = pause_ms * 2 < PURCHASE_POLL_MOST_MS ? pause_ms * 2 : PURCHASE_POLL_MOST_MS;
    }
}

enum status purchase_find_out(struct licence *l, struct arena *a, struct watched *w,
                              struct error *err)
{
    enum status s = find_out(l, a, w, err);
    bool is_told = s == ST_OK || s == ST_UNKNOWN || !w->row->is_open ||
                   str_is(w->row->state, purchase_state_row(PURCHASE_MISMATCH)->name);
    if (is_told)
        return s;
    wrap(err, ST_UNKNOWN, "purchase %lld was sent, and could not be looked after",
         (long long)w->row->id);
    hint(err, "Look again: stellion purchases check %lld. It is never sent again by itself.",
         (long long)w->row->id);
    return ST_UNKNOWN;
}
