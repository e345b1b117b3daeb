/* stellion reconcile: the comparison, for people and for programs. */
#include "cli/bill_options.h"
#include "cli/commands.h"
#include "cli/reconcile_print.h"

struct settings {
    struct bill_settings bill; /* first: bill_options point into it */
    struct str bill_path, customer;
    bool only_differences;
};

static const struct option options[] = {
    { .name = "bill",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, bill_path),
      .argument = "FILE",
      .doc = "Import this bill first. Default: the one imported last." },
    { .name = "customer",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, customer),
      .argument = "TEXT",
      .doc = "Show only customers with this in their name; the totals stay whole." },
    { .name = "only-differences",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, only_differences),
      .doc = "Leave out what agrees." },
    OPTION_END,
};

struct printing {
    struct position_sink sink;
    struct report report;
    struct str customer;
    bool only_differences;
    struct arena arena;
};

static enum status take(struct position_sink *self, const struct position *p, struct error *err)
{
    struct printing *printing = (struct printing *)self;
    (void)err;
    arena_reset(&printing->arena);
    bool fits =
        printing->customer.at == NULL ||
        str_contains_nocase(p->organisation, arena_text(&printing->arena, printing->customer));
    if (fits && !(position_agrees(p) && printing->only_differences))
        report_position(&printing->report, p);
    return ST_OK;
}

static enum status run_reconcile(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    if (s->bill_path.at != NULL) {
        struct bill_import_options how;
        const char *path = arena_text(c->a, s->bill_path);
        TRY(bill_options_read(c, &s->bill, path, &how, err));
        TRY(bill_import_told(c, path, &how, err));
    }
    struct printing printing = { .sink = { take },
                                 .customer = s->customer,
                                 .only_differences = s->only_differences };
    struct reconciliation sum;
    report_begin(&printing.report, c);
    enum status status = hub_reconcile(c->hub, c->a, &printing.sink, &sum, err);
    status = report_end(&printing.report, status, &sum, err);
    arena_free(&printing.arena);
    return status;
}

const struct command command_reconcile = {
    .name = "reconcile",
    .arguments = "",
    .summary = "Find the differences between what you pay and what you bill.",
    .doc = "Compares, per customer and service, what the distributor charges with what the bill "
           "says, in seats and in money per month, and names every difference with its evidence. "
           "The options that say how a bill is to be read count with --bill only.",
    .options = options,
    .shared_options = bill_options,
    .settings_bytes = sizeof(struct settings),
    .set_defaults = bill_options_defaults,
    .flags = NEEDS_HUB,
    .run = run_reconcile,
};
