/* Purchases: the only way by which something that costs money is sent. Every step is committed
 * before the next is taken, so that whatever kills the program, the store tells what may have been
 * sent; and nothing is ever sent again because an answer is missing.
 *
 *     intent -> answered -> verified | mismatch        the answer came, then it was read back
 *            -> unknown  -> inferred | needs-person    no answer: found out by reading alone
 *            -> refused | not-sent
 *
 * An open purchase keeps every other one away from its subject. */
#pragma once

#include "licence/plan.h"
#include "review/decision.h"
#include "store/purchases.h"

/*  id            name            open   what it means */
#define PURCHASE_ROWS(X)                                                                           \
    X(INTENT, "intent", true,                                                                      \
      "About to be sent; it may have been, if the program died just then.")                        \
    X(ANSWERED, "answered", true, "The service took it; whether it is done is being watched.")     \
    X(UNKNOWN, "unknown", true, "It was sent, and no answer tells what became of it.")             \
    X(NEEDS_PERSON, "needs-person", true, "Reading alone cannot tell what became of it.")          \
    X(MISMATCH, "mismatch", true, "What was read back is not what was wanted.")                    \
    X(VERIFIED, "verified", false, "Done, and read back.")                                         \
    X(INFERRED, "inferred", false, "No answer came, and what was read shows that it is done.")     \
    X(PARTIAL, "partial", false, "Some items were bought and some refused; each is listed.")       \
    X(ACCEPTED, "accepted", false,                                                                 \
      "The service says it is done, and no reading can show all of it.")                           \
    X(REFUSED, "refused", false, "The service refused it; nothing was bought.")                    \
    X(NOT_SENT, "not-sent", false, "It never left this machine.")                                  \
    X(SETTLED, "settled", false, "A person looked and closed it.")

enum purchase_state {
#define X(id, ...) PURCHASE_##id,
    PURCHASE_ROWS(X)
#undef X
        PURCHASE_STATES
};

struct purchase_state_row {
    const char *name;
    bool is_open;
    const char *doc;
};
const struct purchase_state_row *purchase_state_row(enum purchase_state state);
enum purchase_state purchase_state_of(struct str name);

#define PURCHASE_FRESH_MS      INT64_C(10000)  /* how old a reading may be when something is sent */
#define PURCHASE_REPEAT_MS     INT64_C(600000) /* within this the same thing again is a question */
#define PURCHASE_UNCLEAR_MS    INT64_C(1800000) /* after this a person is asked */
#define PURCHASE_POLL_LEAST_MS 2000
#define PURCHASE_POLL_MOST_MS  30000

/* One connection and the store: what sending needs. */
struct licence {
    struct store *store;
    struct call *call;
    struct connection_row connection;
    struct clock *clock;
    const atomic_bool *cancelled;                      /* may be NULL */
    void (*tell)(void *context, const char *sentence); /* how it goes on; or NULL */
    void *tell_context;
    int64_t wait_ms; /* how long to watch before leaving it open */

    /* The last answer with a password in it, as it came: for the person who asked, to be shown once
     * and kept nowhere. STR_NONE: there was none. Lives in the arena of the call. */
    struct str shown_once;
};

/* How many steps purchases have taken where this plan would: for `plan->activity`, before the
 * reading that the plan rests on. `account` is STR_NONE when none is known. */
enum status purchase_activity_of(struct licence *l, struct str account, int64_t *ret_activity,
                                 struct error *err);

/* ST_CONFLICT: a purchase that touches the same is open, or the same was bought a moment ago and
 * `again` is not set; the error says which. Asked again when the intent is committed. */
enum status purchase_may_start(struct licence *l, const struct plan *plan, bool again,
                               struct error *err);

/* Sends the plan that the decision covers, once, and watches it to its end. The purchase is in the
 * store from before the sending on; `ret_row` tells how it stands, also on failure (id 0: nothing
 * was begun).
 * ST_OK: done as wanted. ST_PARTIAL: some items. ST_UNKNOWN: sent, and not known what became of it.
 * ST_CONFLICT: the world moved on before it was sent, or a mismatch after. Refusals as judge_reply
 * has them. ST_CANCELLED: stopped while watching; `purchase_resume` goes on. */
enum status purchase_run(struct licence *l, struct arena *a, const struct decision *decision,
                         struct plan *plan, bool again, struct purchase_row *ret_row,
                         struct error *err);

/* Takes an open purchase up again: polls, reads, and closes it when that is possible. Never sends
 * what costs money. ST_BUSY: a living process is sending it right now. */
enum status purchase_resume(struct licence *l, struct arena *a, struct purchase_row *row,
                            struct error *err);

/* A person's word on what became of it. */
enum status purchase_settle(struct licence *l, struct arena *a, struct purchase_row *row,
                            struct str actor, struct str words, struct error *err);
