/* Working out what would be. */
#include "licence/plan.h"

#include "base/buf.h"
#include "base/os.h"
#include "licence/inside.h"
#include "remote/route.h"
#include "store/purchases.h"

/* What is being planned, step by step. */
struct planner {
    struct call *call;
    struct arena *a;
    struct plan *plan;
    struct arguments arguments; /* of what goes out */
    const struct action *means; /* the row that tells what the arguments mean; NULL: none */
    struct arguments meant;     /* the arguments by that row */
};

/* "stl-" and 16 letters and digits: found again at the remote after an answer that got lost. */
static struct str new_mark(struct arena *a)
{
    static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    char *at = arena_alloc(a, 24);
    uint64_t high = os_random_u64(), low = os_random_u64();
    memcpy(at, "stl-", 4);
    for (int i = 0; i < 16; i++, i < 8 ? (high >>= 5) : (low >>= 5))
        at[4 + i] = digits[(i < 8 ? high : low) & 31];
    return str_of(at);
}

static struct str meant_value(struct planner *p, enum meaning meaning)
{
    struct str value = STR_NONE;
    const struct param *param = p->means == NULL ? NULL : action_param_meaning(p->means, meaning);
    if (param != NULL && request_argument(p->a, param, &p->meant, &value))
        return arena_copy(p->a, value);
    return STR_NONE;
}

/* A generic request means what the row means that its method and path fit. */
static enum status read_generic(struct planner *p, struct error *err)
{
    struct request request;
    struct request_context context = { .account_id = p->call->client->account_id,
                                       .overrides = p->call->client->overrides };
    TRY(request_build(p->a, p->plan->action, &p->arguments, &context, &request, err));
    struct str rest = request.target, path;
    (void)str_next(&rest, '?', &path);
    p->means = route_find_meant(p->a, p->call->client->connector, request.method, path, &p->meant);
    if (p->means != NULL)
        p->means = overrides_row(p->call->client->overrides, p->means);
    p->meant.body = p->arguments.body;
    return ST_OK;
}

static enum status put_purchase_order(struct planner *p, struct error *err)
{
    const struct param *po = action_param_meaning(p->plan->action, MEANS_PURCHASE_ORDER);
    struct str given, order = p->plan->options.purchase_order;
    if (order.at == NULL || (po != NULL && arguments_get(&p->arguments, po->name, &given)))
        return ST_OK;
    if (po != NULL && p->arguments.body.at == NULL)
        return arguments_set(&p->arguments, str_of(po->name), order, err);
    return ST_OK; /* kept with the purchase, though the request has no place for it */
}

/* Our own mark in a request that has a place for it and none yet. */
static enum status put_mark(struct planner *p, struct error *err)
{
    const char *name = p->call->client->connector->order_mark;
    const struct param *param = name == NULL ? NULL : action_param(p->plan->action, str_of(name));
    struct str given = STR_NONE;
    if (param == NULL)
        return ST_OK;
    /* A reference of the caller's own may stand in other orders too: it finds nothing again. */
    if (request_argument(p->a, param, &p->arguments, &given) || p->arguments.body.at != NULL)
        return ST_OK;
    p->plan->mark = new_mark(p->a);
    return arguments_set(&p->arguments, str_of(name), p->plan->mark, err);
}

/* `quantity` is always the seats that there shall be; where the service wants the difference, as an
 * override says, it is worked out here (stellr A-43 GUESS). A raw body goes out as it is. */
static enum status put_difference(struct planner *p, struct error *err)
{
    const struct param *added = action_param_meaning(p->plan->action, MEANS_SEATS_ADDED);
    struct str text;
    int64_t seats;
    if (added == NULL || p->arguments.body.at != NULL || p->plan->affected == NULL ||
        !arguments_get(&p->arguments, added->name, &text) || !str_integer(text, &seats))
        return ST_OK;
    if (!p->plan->affected->has_seats)
        return fail(err, ST_UNREADABLE,
                    "the service does not tell how many seats there are, so that the difference "
                    "cannot be worked out");
    if (__builtin_sub_overflow(seats, p->plan->affected->seats, &seats))
        return fail(err, ST_INVALID, "%s is out of range", added->name);
    text = str_of(arena_printf(p->a, "%lld", (long long)seats));
    return arguments_set(&p->arguments, str_of(added->name), text, err);
}

static enum status read_before(struct planner *p, struct error *err)
{
    struct plan *plan = p->plan;
    struct call *call = p->call;
    if (plan->account.at == NULL)
        return ST_OK;
    TRY(snapshot_read(call, p->a, plan->account, &plan->before, err));
    plan->affected = snapshot_find(&plan->before, plan->subscription);
    if (plan->subscription.at == NULL)
        return ST_OK;
    if (plan->affected == NULL) {
        fail(err, ST_NOT_FOUND, "customer %.*s holds no subscription %.*s",
             STR_PRINT(plan->account), STR_PRINT(plan->subscription));
        hint(err, "`stellion subscriptions` lists them; `stellion sync` brings news.");
        return ST_NOT_FOUND;
    }
    return snapshot_refresh(call, p->a, plan->account, &plan->before, plan->affected->id, err);
}

static enum status expand(struct planner *p, struct error *err)
{
    struct plan *plan = p->plan;
    if (!action_is_recipe(plan->action))
        return put_mark(p, err);
    if (plan->affected == NULL)
        return fail(err, ST_INTERNAL, "%s names no subscription", plan->action->name);
    plan->mark = new_mark(p->a);
    struct arguments given = p->arguments;
    TRY(recipe_expand(p->a, p->call->client, plan->action, &given, plan->affected, plan->mark,
                      &plan->sends, &p->arguments, err));
    p->means = plan->sends;
    p->meant = p->arguments;
    return ST_OK;
}

static enum status build(struct planner *p, struct error *err)
{
    struct plan *plan = p->plan;
    struct client *client = p->call->client;
    struct request_context context = { .account_id = client->account_id,
                                       .overrides = client->overrides };
    const struct action *sends = action_is_recipe(plan->action) ? plan->sends : plan->action;
    return request_build(p->a, sends, &p->arguments, &context, &plan->request, err);
}

static void settle_subject(struct planner *p)
{
    struct plan *plan = p->plan;
    const struct wanted *first = plan->n_wanted > 0 ? &plan->wanted[0] : NULL;
    if (plan->n_wanted == 1 && first->subscription.at != NULL)
        plan->subscription = first->subscription;
    if (plan->affected == NULL)
        plan->affected = snapshot_find(&plan->before, plan->subscription);
    struct str id = plan->subscription.at != NULL ? plan->subscription : plan->account;
    plan->scope = plan->subscription.at != NULL ? SCOPE_SUBSCRIPTION
                  : plan->account.at != NULL    ? SCOPE_CUSTOMER
                                                : SCOPE_SERVICE;
    plan->subject = id.at == NULL
                        ? str_of(plan->scope)
                        : str_of(arena_printf(p->a, "%s/%.*s", plan->scope, STR_PRINT(id)));
}

static void compare_before(struct planner *p)
{
    struct plan *plan = p->plan;
    struct clues none = { .named = NULL };
    size_t n_new;
    struct outcome *now = ARENA_ARRAY(p->a, plan->n_wanted + 1, struct outcome);
    wanted_compare(p->a, plan->wanted, plan->n_wanted, &plan->before, &plan->before, &none, now,
                   &n_new);
    plan->is_done_already = plan->n_wanted > 0;
    for (size_t i = 0; i < plan->n_wanted; i++)
        if (now[i].fulfilment != FULFILLED || plan->wanted[i].is_unproved)
            plan->is_done_already = false;
}

/* More than this many seats are a slip of the hand, or no number of seats at all. */
#define SEATS_MOST 1000000

static enum status check_seats(const struct plan *plan, struct error *err)
{
    for (size_t i = 0; i < plan->n_wanted; i++)
        if (plan->wanted[i].has_seats &&
            (plan->wanted[i].seats < 1 || plan->wanted[i].seats > SEATS_MOST))
            return fail(err, ST_INVALID, "there cannot be %lld seats: from 1 to %d are possible",
                        (long long)plan->wanted[i].seats, SEATS_MOST);
    return ST_OK;
}

/* Where several in one request are known not to work, they are not sent (stellr 5.18 DOC). */
static enum status check_batch(const struct planner *p, struct error *err)
{
    struct str rest = str_of(p->means != NULL ? p->means->one_at_a_time : NULL), name, value;
    if (rest.at == NULL || p->plan->n_wanted < 2 || !str_next(&rest, '=', &name))
        return ST_OK;
    const struct param *param = action_param(p->means, name);
    if (param == NULL || !request_argument(p->a, param, &p->meant, &value) ||
        !str_equal_nocase(value, rest))
        return ST_OK;
    fail(err, ST_RULE, "%.*s sells one at a time, and %zu are ordered", STR_PRINT(value),
         p->plan->n_wanted);
    hint(err, "Nothing was sent. Order them one by one.");
    return ST_RULE;
}

enum status plan_make(struct call *call, struct arena *a, const struct action *action,
                      const struct arguments *arguments, const struct plan_options *options,
                      struct plan *ret_plan, struct error *err)
{
    struct plan *plan = ret_plan;
    *plan = (struct plan){ .action = action, .options = *options };
    struct planner p = {
        .call = call, .a = a, .plan = plan, .arguments = *arguments, .means = action
    };
    struct request checked; /* all faults of the arguments at once, before anything is asked */
    struct request_context context = { .account_id = call->client->account_id,
                                       .overrides = call->client->overrides };
    TRY(put_purchase_order(&p, err));
    plan->place = plan_place(a, call->client);
    TRY(request_build(a, action, &p.arguments, &context, &checked, err));
    TRY(call_check(call, action_is_recipe(action) ? action : checked.action, err));
    p.meant = p.arguments;
    if (action_is_generic(action))
        TRY(read_generic(&p, err));
    plan->account = meant_value(&p, MEANS_CUSTOMER);
    plan->subscription = meant_value(&p, MEANS_SUBSCRIPTION);
    TRY(read_before(&p, err));
    plan->sends = p.means;
    TRY(expand(&p, err));
    TRY(put_difference(&p, err));
    if (!action_is_generic(action))
        p.meant = p.arguments;
    if (p.means != NULL)
        TRY(wanted_of(a, p.means, &p.meant, &plan->before, &plan->wanted, &plan->n_wanted, err));
    TRY(check_seats(plan, err));
    TRY(check_batch(&p, err));
    settle_subject(&p);
    TRY(build(&p, err));
    compare_before(&p);
    return plan_tell(call, a, plan, err);
}

enum status plan_check(struct call *call, struct arena *a, struct plan *plan, struct error *err)
{
    struct snapshot now;
    if (plan->account.at == NULL)
        return ST_OK;
    TRY(snapshot_read(call, a, plan->account, &now, err));
    if (plan->subscription.at != NULL)
        TRY(snapshot_refresh(call, a, plan->account, &now, plan->subscription, err));
    struct str difference = snapshot_difference(a, &plan->before, &now, NULL, NULL);
    if (difference.len > 0) {
        fail(err, ST_CONFLICT, "something changed at the service since the plan was made: %.*s",
             STR_PRINT(difference));
        hint(err, "Nothing was sent. Look at the new plan, and approve that.");
        return ST_CONFLICT;
    }
    plan->before = now;
    plan->affected = snapshot_find(&plan->before, plan->subscription);
    return ST_OK;
}

struct str plan_place(struct arena *a, const struct client *client)
{
    return str_of(arena_printf(a, "%s %.*s", client->connector->name, STR_PRINT(client->base_url)));
}
