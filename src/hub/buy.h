/* Buying: a plan that is shown, a yes, and a purchase that is sent once and watched. */
#pragma once

#include "hub/hub.h"
#include "licence/purchase.h"
#include "store/policies.h"

/* A plan with the connection that it was made on. */
struct buying;

/* Whether an action goes this way. */
bool hub_costs_money(const struct hub *hub, const struct action *action,
                     const struct arguments *arguments);

/* Reads, and works out what would be sent and what it would do. Changes nothing. */
enum status buying_plan(struct hub *hub, struct arena *a, const struct action *action,
                        const struct arguments *arguments, struct str connection,
                        const struct plan_options *options, struct buying **ret_buying,
                        struct error *err);
void buying_close(struct buying *buying); /* NULL is fine */
const struct plan *buying_shown(const struct buying *buying);
struct str buying_connection(const struct buying *buying);

/* Whether it could be bought now, before a person is asked: policy, open purchases, the same bought
 * a moment ago. */
enum status buying_check(struct buying *buying, bool again, struct error *err);

/* The yes of the operating system's user: commits it, sends once, watches for at most `wait_ms`.
 * Status and row as purchase_run has them. */
enum status buying_approve(struct buying *buying, bool again, int64_t wait_ms,
                           struct purchase_row *ret_row, struct error *err);

/* Requests that this buying has sent, or was about to send, and that change something. */
int64_t buying_sent(const struct buying *buying);

/* An answer with a password in it, to be shown once; STR_NONE: there was none. */
struct str buying_answer(const struct buying *buying);

/* Purchases, newest first. Texts in the arena. */
enum status hub_purchases(struct hub *hub, struct arena *a, bool open_only,
                          const struct purchase_row **ret_rows, size_t *ret_n, struct error *err);

/* One with all that is known of it. */
struct purchase_whole {
    struct purchase_row row;
    const struct purchase_step_row *steps;
    const struct purchase_item_row *items;
    size_t n_steps, n_items;
};
enum status hub_purchase(struct hub *hub, struct arena *a, int64_t id,
                         struct purchase_whole *ret_purchase, struct error *err);

/* The same as JSON, for programs; in the arena. */
struct str purchase_json(struct arena *a, const struct purchase_whole *purchase);

/* Looks at an open purchase again, and closes it when it can be told what became of it.
 * *ret_shown_once: an answer with a password in it, as it came; STR_NONE when there is none. */
enum status hub_purchase_check(struct hub *hub, struct arena *a, int64_t id, int64_t wait_ms,
                               struct purchase_row *ret_row, struct str *ret_shown_once,
                               struct error *err);

/* A person's word on an open purchase. */
enum status hub_purchase_settle(struct hub *hub, struct arena *a, int64_t id, struct str words,
                                struct purchase_row *ret_row, struct error *err);

/* Whether a connection may buy, and who said so. */
enum status hub_buying_policy(struct hub *hub, struct arena *a, const struct connection_row *row,
                              struct buying_policy_row *ret_policy, bool *ret_is_on,
                              struct error *err);

/* Switches buying on a connection on or off, in the name of the operating system's user. */
enum status hub_set_buying(struct hub *hub, struct arena *a, struct str connection, bool is_on,
                           struct error *err);
