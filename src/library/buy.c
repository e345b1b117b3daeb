/* Buying: what the command line does, without its questions. Each plan has a hub of its own, so
 * that plans of one client may be made and approved in several threads. */
#include "library/inside.h"

#include "hub/buy.h"

struct stellion_plan {
    struct arena arena;
    struct hub *hub;
    struct buying *buying;
    const char *summary, *json, *answer;
    int64_t purchase;
    bool is_approved;
};

static void plan_free(struct stellion_plan *plan)
{
    buying_close(plan->buying);
    hub_close(plan->hub);
    arena_free(&plan->arena);
    memory_free(plan);
}

static void abandon(struct stellion_plan **plan)
{
    if (*plan != NULL)
        plan_free(*plan);
}

/* The store of the client, opened once more. */
static enum status open_hub(const struct stellion_client *c, struct hub **ret_hub,
                            struct error *err)
{
    if (c->hub == NULL)
        return fail(err, ST_RULE,
                    "a purchase is kept in a store: open the client with "
                    "`data_directory`");
    return hub_open(c->directory, clock_real(), &c->cancelled, ret_hub, err);
}

struct planning {
    struct entry entry;
    const char *action;
    const struct stellion_arguments *arguments;
    const struct stellion_approval *approval;
    struct stellion_plan *made;
};

static struct str text_of(struct arena *a, const char *text)
{
    return text != NULL ? arena_copy(a, str_of(text)) : STR_NONE;
}

static enum status run_plan(struct entry *entry, struct error *err)
{
    struct planning *p = (struct planning *)entry;
    struct stellion_approval approval = STELLION_APPROVAL_INIT;
    SCOPED(abandon) struct stellion_plan *plan = memory_new(sizeof *plan);
    struct arena *a = &plan->arena;
    struct arguments *arguments = ARENA_NEW(a, struct arguments);
    const struct action *action;
    if (p->approval != NULL)
        TRY(take_struct(&approval, sizeof approval, sizeof approval, p->approval,
                        "stellion_approval", err));
    struct plan_options options = {
        .reason = text_of(a, approval.reason),
        .purchase_order = text_of(a, approval.purchase_order),
        .requester = text_of(a, approval.requester),
    };
    TRY(open_hub(entry->client, &plan->hub, err));
    TRY(read_call(entry->client, a, p->action, p->arguments, &action, arguments, err));
    for (size_t i = 0; i < arguments->n; i++) { /* the plan borrows them */
        arguments->at[i].name = arena_copy(a, arguments->at[i].name);
        arguments->at[i].value = arena_copy(a, arguments->at[i].value);
    }
    if (arguments->body.at != NULL)
        arguments->body = arena_copy(a, arguments->body);
    if (!action_is_recipe(action) && !hub_costs_money(plan->hub, action, arguments))
        return fail(err, ST_INVALID, "%s costs no money with these arguments: call it",
                    action->name);
    TRY(buying_plan(plan->hub, a, action, arguments, entry->client->client->connection, &options,
                    &plan->buying, err));
    const struct plan *shown = buying_shown(plan->buying);
    plan->summary = arena_text(a, shown->summary);
    plan->json = arena_text(a, shown->json);
    p->made = TAKE(plan);
    return ST_OK;
}

enum stellion_status stellion_plan_make(stellion_client *client, const char *action,
                                        const struct stellion_arguments *arguments,
                                        const struct stellion_approval *approval,
                                        stellion_plan **ret_plan, struct stellion_error *error)
{
    struct planning p = {
        .entry = { .run = run_plan, .client = client },
        .action = action,
        .arguments = arguments,
        .approval = approval,
    };
    enum stellion_status s = enter(&p.entry, error);
    if (s == STELLION_OK)
        *ret_plan = p.made;
    return s;
}

const char *stellion_plan_summary(const stellion_plan *plan)
{
    return plan->summary;
}

const char *stellion_plan_json(const stellion_plan *plan)
{
    return plan->json;
}

int stellion_plan_is_done_already(const stellion_plan *plan)
{
    return buying_shown(plan->buying)->is_done_already;
}

int64_t stellion_plan_purchase(const stellion_plan *plan)
{
    return plan->purchase;
}

const char *stellion_plan_answer(const stellion_plan *plan)
{
    return plan->answer;
}

void stellion_plan_free(stellion_plan *plan)
{
    if (plan != NULL)
        plan_free(plan);
}

struct approving {
    struct entry entry;
    struct stellion_plan *plan;
    int flags, wait_s;
};

/* On every way out: what was sent, for the guard, and the number of the purchase. */
struct approval_end {
    struct approving *approving;
    struct purchase_row row;
};

static void note_end(struct approval_end *end)
{
    struct approving *x = end->approving;
    x->entry.n_writes = buying_sent(x->plan->buying);
    x->plan->purchase = end->row.id;
}

static enum status run_approve(struct entry *entry, struct error *err)
{
    struct approving *x = (struct approving *)entry;
    struct stellion_plan *plan = x->plan;
    bool again = (x->flags & STELLION_AGAIN) != 0;
    if (plan->is_approved)
        return fail(err, ST_INVALID, "this plan was approved already; make another");
    if (buying_shown(plan->buying)->is_done_already && !again)
        return fail(err, ST_CONFLICT, "there is nothing to do: it is so already");
    TRY(buying_check(plan->buying, again, err));
    plan->is_approved = true;
    SCOPED(note_end) struct approval_end end = { .approving = x };
    enum status s = buying_approve(plan->buying, again, (int64_t)x->wait_s * 1000, &end.row, err);
    plan->purchase = end.row.id;
    struct str answer = buying_answer(plan->buying);
    plan->answer = answer.len > 0 ? answer.at : NULL;
    return s;
}

enum stellion_status stellion_plan_approve(stellion_plan *plan, int flags, int wait_s,
                                           struct stellion_error *error)
{
    struct approving x = {
        .entry = { .run = run_approve },
        .plan = plan,
        .flags = flags,
        .wait_s = wait_s > 0 ? wait_s : 0,
    };
    return enter(&x.entry, error);
}

/* Purchases */

struct looking {
    struct entry entry;
    int64_t id;
    int wait_s;
    struct stellion_answer *purchase;
};

static void close_hub(struct hub **hub)
{
    hub_close(*hub);
}

static enum status run_look(struct entry *entry, struct error *err)
{
    struct looking *x = (struct looking *)entry;
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    SCOPED(close_hub) struct hub *hub = NULL;
    struct purchase_whole whole;
    struct purchase_row row;
    struct str shown_once = STR_NONE;
    TRY(open_hub(entry->client, &hub, err));
    if (x->wait_s >= 0)
        TRY(hub_purchase_check(hub, &a, x->id, (int64_t)x->wait_s * 1000, &row, &shown_once, err));
    TRY(hub_purchase(hub, &a, x->id, &whole, err));
    if (shown_once.at != NULL)
        whole.row.answer = shown_once;
    x->purchase = answer_new(purchase_json(&a, &whole), 0, STR(""));
    return ST_OK;
}

enum stellion_status stellion_purchase_look(stellion_client *client, int64_t purchase, int wait_s,
                                            stellion_answer **ret_purchase,
                                            struct stellion_error *error)
{
    struct looking x = {
        .entry = { .run = run_look, .client = client },
        .id = purchase,
        .wait_s = wait_s,
    };
    enum stellion_status s = enter(&x.entry, error);
    if (s == STELLION_OK)
        *ret_purchase = x.purchase;
    return s;
}
