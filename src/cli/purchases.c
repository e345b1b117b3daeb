/* stellion purchases: what was bought, how it stands, and how it got there. */
#include "cli/buy.h"
#include "cli/commands.h"

#include "base/moment.h"
#include "hub/buy.h"

struct settings {
    bool open;
    int64_t wait_s;
    struct str reason;
};

static const struct option options[] = {
    { .name = "open",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, open),
      .doc = "Only those that are not finished." },
    { .name = "reason",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, reason),
      .argument = "TEXT",
      .doc = "For settle: what was found, and what was done about it." },
    { .name = "wait",
      .kind = OPTION_NUMBER,
      .offset = offsetof(struct settings, wait_s),
      .argument = "SECONDS",
      .doc = "For check: how long to look (60).",
      .most = 86400 },
    OPTION_END,
};

static void set_defaults(void *settings)
{
    ((struct settings *)settings)->wait_s = 60;
}

static const struct column columns[] = {
    { "id", "ID", false, 0 },         { "at", "AT", false, 2 },
    { "state", "STATE", false, 0 },   { "what", "WHAT", false, 0 },
    { "actor", "BY", false, 3 },      { "purchase_order", "PO", false, 4 },
    { "note", "NOTE", false, 1 },     { "action", NULL, false, 0 },
    { "customer", NULL, false, 0 },   { "subscription", NULL, false, 0 },
    { "remote_ref", NULL, false, 0 }, { "request_id", NULL, false, 0 },
    { "is_open", NULL, false, 0 },    { "reason", NULL, false, 0 },
    { "requester", NULL, false, 0 },
};

static struct cell moment_cell(struct context *c, int64_t ms)
{
    char text[32];
    return cell_shown(cell_text(arena_copy(c->a, str_of(moment_text(ms, text)))), time_text(c, ms));
}

static enum status list(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    const struct purchase_row *rows;
    struct output out;
    size_t n;
    TRY(hub_purchases(c->hub, c->a, s->open, &rows, &n, err));
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < n; i++) {
        const struct purchase_row *r = &rows[i];
        struct cell cells[] = {
            cell_text(str_of(arena_printf(c->a, "%lld", (long long)r->id))),
            moment_cell(c, r->created_at),
            cell_text(r->state),
            cell_text(r->summary),
            cell_text(r->proposed_by),
            cell_text(r->purchase_order),
            cell_text(r->note),
            cell_text(r->action),
            cell_text(r->account_ref),
            cell_text(r->subscription_ref),
            cell_text(r->remote_ref),
            cell_text(r->request_id),
            cell_boolean(r->is_open),
            cell_text(r->reason),
            cell_text(r->requester),
        };
        output_row(&out, cells);
    }
    if (n == 0 && c->format == FORMAT_TABLE)
        say("No purchase %s.\n", s->open ? "is open" : "yet");
    return output_end(&out, ST_OK, err);
}

static enum status print_text(struct context *c, const struct purchase_whole *p, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES);
    const struct purchase_row *r = &p->row;
    struct arena *a = c->a;
    buf_printf(&text, "Purchase %lld: %.*s. %s\n  %.*s\n", (long long)r->id, STR_PRINT(r->state),
               purchase_state_row(purchase_state_of(r->state))->doc,
               STR_PRINT(printable(a, r->summary)));
    const struct {
        const char *label;
        struct str text;
    } facts[] = {
        { "note", r->note },
        { "purchase order", r->purchase_order },
        { "requester", r->requester },
        { "reason", r->reason },
        { "by", r->proposed_by },
        { "service", r->place },
        { "reference", r->remote_ref },
        { "request id", r->request_id },
    };
    for (size_t i = 0; i < ARRAY_LEN(facts); i++)
        if (facts[i].text.len > 0)
            buf_printf(&text, "  %-15s %.*s\n", facts[i].label,
                       STR_PRINT(printable(a, facts[i].text)));
    for (size_t i = 0; i < p->n_items; i++) {
        const struct purchase_item_row *x = &p->items[i];
        struct str ref = x->subscription_ref.len > 0 ? x->subscription_ref : x->what;
        buf_printf(&text, "  %d. %.*s: wanted %.*s, found %.*s (%.*s)\n", x->number,
                   STR_PRINT(printable(a, ref)), STR_PRINT(printable(a, x->wanted)),
                   STR_PRINT(printable(a, x->found)), STR_PRINT(x->state));
    }
    for (size_t i = 0; i < p->n_steps; i++)
        buf_printf(&text, "  %.*s  %-12.*s %.*s\n", STR_PRINT(time_text(c, p->steps[i].at)),
                   STR_PRINT(p->steps[i].state), STR_PRINT(printable(a, p->steps[i].note)));
    return output_text(buf_str(&text), err);
}

enum status print_purchase(struct context *c, int64_t id, struct error *err)
{
    struct purchase_whole p;
    TRY(hub_purchase(c->hub, c->a, id, &p, err));
    return c->format == FORMAT_TABLE ? print_text(c, &p, err)
                                     : output_text(purchase_json(c->a, &p), err);
}

static enum status check(struct context *c, int64_t id, struct error *err)
{
    const struct settings *s = c->settings;
    struct purchase_row row;
    struct error outcome, ignored;
    struct str shown_once;
    enum status status =
        hub_purchase_check(c->hub, c->a, id, s->wait_s * 1000, &row, &shown_once, &outcome);
    if (status == ST_OK)
        TRY(print_purchase(c, id, err));
    else
        (void)print_purchase(c, id, &ignored); /* how it stands; the failure is told after it */
    TRY(print_shown_once(shown_once, err));
    if (status == ST_OK)
        return ST_OK;
    *err = outcome;
    return status;
}

static enum status settle(struct context *c, int64_t id, struct error *err)
{
    const struct settings *s = c->settings;
    struct purchase_row row;
    if (str_trim(s->reason).len == 0)
        return fail(err, ST_INVALID,
                    "settle needs --reason: what was found, and what was done "
                    "about it");
    TRY(hub_purchase_settle(c->hub, c->a, id, s->reason, &row, err));
    return print_purchase(c, id, err);
}

static enum status run(struct context *c, struct error *err)
{
    int64_t id;
    if (c->n_words == 0)
        return list(c, err);
    struct str verb = str_of(c->words[0]);
    if (c->n_words != 2)
        return fail(err, ST_INVALID, "usage: stellion purchases [show|check|settle ID]");
    if (!str_integer(str_of(c->words[1]), &id))
        return fail(err, ST_INVALID, "'%s' is no number of a purchase", c->words[1]);
    if (str_is(verb, "show"))
        return print_purchase(c, id, err);
    if (str_is(verb, "check"))
        return check(c, id, err);
    if (str_is(verb, "settle"))
        return settle(c, id, err);
    return fail(err, ST_INVALID, "usage: stellion purchases [show|check|settle ID]");
}

const struct command command_purchases = {
    .name = "purchases",
    .arguments = "[show|check|settle ID]",
    .summary = "List what was bought, and how it stands.",
    .doc = "Lists purchases, or shows one with every step. `check` looks at an open one again and "
           "closes it when reading tells what became of it; nothing is ever sent twice. `settle` "
           "closes one that only a person can judge.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .set_defaults = set_defaults,
    .most_words = 2,
    .flags = NEEDS_HUB,
    .run = run,
};
