/* Shared by the files of purchases. Not for others. */
#pragma once

#include "licence/purchase.h"

/* Prices each wanted thing and their sum, as far as that is known. May ask the catalogue. */
void plan_price(struct call *call, struct arena *a, struct plan *plan);

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

/* What reading showed: one outcome per wanted thing, how many new subscriptions there are that
 * nobody else brought, and what else changed, in words. */
struct reading {
    struct outcome *outcomes;
    bool is_all; /* everything is as wanted, as far as a reading shows */
    size_t n_new;
    struct str rest;
};

/* `named`: per wanted thing, the id that the remote gave for it; or NULL. */
enum status purchase_read_back(struct licence *l, struct arena *a, const struct watched *w,
                               const struct str *named, struct reading *ret_reading,
                               struct error *err);

/* What the remote says of wanted thing `i`: by its own `index` (stellr 6.10 GUESS), else in order.
 */
const struct json *purchase_item_answer(const struct json *items, size_t i);

/* Keeps one line per wanted thing. `item_answers` is the remote's own list of results, or NULL. */
enum status purchase_save_items(struct licence *l, struct arena *a, const struct watched *w,
                                const struct outcome *outcomes, const struct json *item_answers,
                                struct error *err);
