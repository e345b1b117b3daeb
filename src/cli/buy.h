/* Buying on the command line: the plan, the question, the result. */
#pragma once

#include "cli/command.h"

struct buying_options {
    struct str connection;
    bool yes, dry_run, again;
    struct str reason, purchase_order, requester;
    int64_t wait_s;
};

/* Shows what would be sent and what it would do, asks, sends, and tells how it ended. */
enum status call_money(struct context *c, const struct action *action,
                       const struct arguments *arguments, const struct buying_options *how,
                       struct error *err);

/* An answer with a password in it, to the person who asked; STR_NONE prints nothing. */
enum status print_shown_once(struct str answer, struct error *err);

/* How a purchase stands, whole: state, items, steps. */
enum status print_purchase(struct context *c, int64_t id, struct error *err);
