/* Shared by the files of purchases. Not for others. */
#pragma once

#include "licence/purchase.h"

/* Puts a plan into words: summary, price, dates, JSON and hashes. May ask what a SKU costs. */
enum status plan_tell(struct call *call, struct arena *a, struct plan *plan, struct error *err);

/* Of the bytes that would go out, as the plan's JSON has it. */
struct str plan_request_digest(struct arena *a, const struct plan *plan);

/* What watching needs to know of a purchase: from the plan, or out of the store. */
struct watched {
    struct purchase_row *row;
    const struct action *sends; /* or NULL */
    struct arguments arguments; /* of the action that polls: customer and account */
    struct wanted *wanted;
    size_t n_wanted;
    struct snapshot before;
};

/* Commits a step: state, note and all that the row holds. */
enum status purchase_move(struct licence *l, struct purchase_row *row, enum purchase_state state,
                          struct str note, struct error *err);

/* Notes an answer that is to be shown to the person who asked, and hidden from the store. */
struct str purchase_hide(struct arena *a, struct licence *l, struct str body);

/* Keeps what an answer says: reference, request id, the answer with its passwords hidden. */
void purchase_take_answer(struct arena *a, struct licence *l, const struct action *sends,
                          const struct wire_reply *reply, struct purchase_row *row);

/* After an answer: polls what goes on at the remote, reads back, and closes or leaves open. */
enum status purchase_watch(struct licence *l, struct arena *a, struct watched *w,
                           struct error *err);

/* After no answer: looks whether it was done. */
enum status purchase_find_out(struct licence *l, struct arena *a, struct watched *w,
                              struct error *err);

/* Reads back and fills `outcomes`; *ret_all tells whether everything is as wanted. The rest of what
 * the customer holds is compared, too: what changed there, in words. */
enum status purchase_read_back(struct licence *l, struct arena *a, const struct watched *w,
                               struct outcome *outcomes, bool *ret_all, struct str *ret_rest,
                               struct error *err);

/* Keeps one line per wanted thing. `item_answers` is the remote's own list of results, or NULL. */
enum status purchase_save_items(struct licence *l, struct arena *a, const struct watched *w,
                                const struct outcome *outcomes, const struct json *item_answers,
                                struct error *err);
