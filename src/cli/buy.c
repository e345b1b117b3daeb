/* The plan, the question, the result. */
#include "cli/buy.h"

#include "base/buf.h"
#include "base/json_scan.h"
#include "base/options.h"
#include "base/os.h"
#include "hub/buy.h"
#include "remote/redact.h"

/* Where the values of a plan begin, and how wide its sentences run. */
enum { PLAN_INDENT = 19, PLAN_COLUMNS = 80 };

static void add_line(struct buf *to, struct arena *a, const char *label, struct str text)
{
    if (text.len > 0)
        buf_printf(to, "  %-16s %.*s\n", label, STR_PRINT(printable(a, text)));
}

/* Sentences, one below the other on a narrow terminal. */
static void add_sentences(struct buf *to, struct arena *a, const char *label, struct str text)
{
    if (text.len == 0)
        return;
    buf_printf(to, "  %-16s ", label);
    text_wrap(to, arena_text(a, printable(a, text)), PLAN_INDENT, PLAN_INDENT, PLAN_COLUMNS);
}

static void add_request(struct context *c, struct buf *to, const struct plan *plan)
{
    const struct request *r = &plan->request;
    struct str body = r->body.len > 0 ? redact(c->a, r->body) : STR_NONE;
    add_line(to, c->a, "request",
             str_of(arena_printf(c->a, "%s %.*s", method_name(r->method), STR_PRINT(r->target))));
    add_line(to, c->a, "body", body);
}

static struct str trust_words(struct arena *a, const struct plan *plan)
{
    const struct action *x = plan->sends;
    if (x == NULL)
        return STR("no known operation: what it does cannot be told");
    if (x->trust != TRUST_GUESS)
        return STR_NONE;
    return str_of(arena_printf(
        a,
        "GUESS: nobody public has shown this call (%s). Should it be wrong, " OVERRIDES_FILE
        " corrects it (docs/operations.md).",
        x->source));
}

/* What a person sees before they say yes. */
static void show_plan(struct context *c, const struct buying *b)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_BODY_BYTES * 2);
    const struct plan *plan = buying_shown(b);
    struct arena *a = c->a;
    buf_printf(&text, "Plan: %.*s\n", STR_PRINT(printable(a, plan->summary)));
    add_line(&text, a, "connection", buying_connection(b));
    add_request(c, &text, plan);
    for (size_t i = 0; i < plan->n_wanted; i++) {
        const struct wanted *w = &plan->wanted[i];
        const struct holding *h = snapshot_find(&plan->before, w->subscription);
        int64_t more;
        if (h != NULL && h->has_seats && w->has_seats &&
            !__builtin_sub_overflow(w->seats, h->seats, &more))
            add_line(&text, a, "seats",
                     str_of(arena_printf(a, "%lld -> %lld (%+lld)", (long long)h->seats,
                                         (long long)w->seats, (long long)more)));
        if (plan->n_wanted > 1)
            add_line(&text, a, arena_printf(a, "price of %zu", i + 1), plan->prices[i].text);
    }
    bool is_sum = plan->price.len > 0 || plan->n_wanted < 2;
    add_line(&text, a, "price",
             plan->price.len > 0 ? plan->price
             : is_sum            ? STR("not known before")
                                 : STR("no one sum of these"));
    add_line(&text, a, "binds until", plan->until);
    add_line(&text, a, "cancel until", plan->undo_until);
    add_sentences(&text, a, "consequence", plan->consequence);
    for (size_t i = 0; i < plan->n_bewares; i++)
        add_sentences(&text, a, "beware", plan->bewares[i]);
    add_sentences(&text, a, "trust", trust_words(a, plan));
    add_line(&text, a, "purchase order", plan->options.purchase_order);
    add_line(&text, a, "requester", plan->options.requester);
    add_line(&text, a, "reason", plan->options.reason);
    say("%.*s", STR_PRINT(buf_str(&text)));
}

static enum status ask(struct context *c, const struct buying_options *how, struct error *err)
{
    struct str line;
    if (how->yes)
        return ST_OK;
    enum status s = os_ask(c->a, "Send this? [y/N] ", false, &line, err);
    if (s == ST_INVALID)
        hint(err, "Without a terminal nobody can be asked: say --yes to send, or --dry-run to see "
                  "the plan only.");
    TRY(s);
    line = str_trim(line);
    if (str_equal_nocase(line, STR("y")) || str_equal_nocase(line, STR("yes")))
        return ST_OK;
    return fail(err, ST_CANCELLED, "nothing was sent");
}

static enum status print_plan(const struct plan *plan, struct error *err)
{
    struct str line = plan->json;
    TRY(output_text(line, err));
    return output_text(STR("\n"), err);
}

enum status print_shown_once(struct str answer, struct error *err)
{
    if (answer.len == 0)
        return ST_OK;
    say("The answer holds a password. It is shown this once, and kept nowhere:\n");
    TRY(output_text(answer, err));
    return output_text(STR("\n"), err);
}

static enum status send(struct context *c, struct buying *b, const struct buying_options *how,
                        struct error *err)
{
    struct purchase_row row;
    struct error outcome;
    enum status s = buying_approve(b, how->again, how->wait_s * 1000, &row, &outcome);
    if (row.id != 0) {
        struct error ignored;
        if (s == ST_OK)
            TRY(print_purchase(c, row.id, err));
        else
            (void)print_purchase(c, row.id, &ignored); /* the failure itself is told after it */
        TRY(print_shown_once(buying_answer(b), err));
    }
    if (s != ST_OK)
        *err = outcome;
    return s;
}

static enum status offer(struct context *c, struct buying *b, const struct buying_options *how,
                         struct error *err)
{
    const struct plan *plan = buying_shown(b);
    bool is_shown = c->format == FORMAT_TABLE;
    if (is_shown || !how->yes)
        show_plan(c, b);
    if (plan->is_done_already && !how->again) {
        say("Nothing to do: it is so already.\n");
        return how->dry_run && !is_shown ? print_plan(plan, err) : ST_OK;
    }
    if (how->dry_run) {
        TRY(buying_check(b, how->again, err));
        if (is_shown)
            say("Nothing was sent.\n");
        return is_shown ? ST_OK : print_plan(plan, err);
    }
    TRY(buying_check(b, how->again, err));
    TRY(ask(c, how, err));
    return send(c, b, how, err);
}

enum status call_money(struct context *c, const struct action *action,
                       const struct arguments *arguments, const struct buying_options *how,
                       struct error *err)
{
    struct plan_options options = { .reason = how->reason,
                                    .purchase_order = how->purchase_order,
                                    .requester = how->requester };
    struct buying *b;
    TRY(buying_plan(c->hub, c->a, action, arguments, how->connection, &options, &b, err));
    enum status s = offer(c, b, how, err);
    buying_close(b);
    return s;
}
