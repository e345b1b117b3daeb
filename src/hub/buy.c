/* Putting plan, decision and purchase together. */
#include "hub/buy.h"

#include "base/os.h"
#include "hub/inside.h"
#include "remote/redact.h"
#include "store/accounts.h"

struct buying {
    struct hub *hub;
    struct arena *a;
    struct live *live;
    struct connection_row connection;
    struct plan plan;
    struct str answer;
};

bool hub_costs_money(const struct hub *hub, const struct action *action,
                     const struct arguments *arguments)
{
    return hub_effect(hub, action, arguments) == EFFECT_MONEY;
}

static void abandon(struct buying **buying)
{
    buying_close(*buying);
}

static struct str customer_name(struct buying *b, struct str account)
{
    struct account_row row;
    struct error ignored;
    struct store *store = b->hub->store;
    if (account.len == 0 ||
        account_find(store, store->db, b->a, b->connection.id, account, &row, &ignored) != ST_OK)
        return STR_NONE;
    return row.record.company_name.len > 0 ? row.record.company_name : row.record.name;
}

/* The reading that a plan rests on is known to be old when other purchases go on after this. */
static enum status make_plan(struct buying *b, const struct action *action,
                             const struct arguments *arguments, const struct plan_options *options,
                             struct error *err)
{
    struct licence l = { .store = b->hub->store, .call = live_call(b->live) };
    const struct param *customer = action_param_meaning(action, MEANS_CUSTOMER);
    struct str account = STR_NONE;
    int64_t activity;
    if (customer != NULL)
        (void)request_argument(b->a, customer, arguments, &account);
    struct plan_options more = *options;
    TRY(purchase_activity_of(&l, account, &activity, err));
    TRY(purchase_proven(l.store, l.store->db, plan_place(b->a, live_client(b->live)),
                        str_of(action->name), &more.is_proven, err));
    more.customer_name = customer_name(b, account);
    TRY(plan_make(live_call(b->live), b->a, action, arguments, &more, &b->plan, err));
    b->plan.activity = activity;
    /* Of a request by hand the customer is known only now: then the first reading counts as old. */
    if (!str_equal(account, b->plan.account))
        b->plan.activity = -1;
    return ST_OK;
}

enum status buying_plan(struct hub *hub, struct arena *a, const struct action *action,
                        const struct arguments *arguments, struct str connection,
                        const struct plan_options *options, struct buying **ret_buying,
                        struct error *err)
{
    SCOPED(abandon) struct buying *b = ARENA_NEW(a, struct buying);
    b->hub = hub;
    b->a = a;
    action = overrides_row(hub->overrides, action);
    TRY(hub_connection_for(hub, a, action, connection, &b->connection, err));
    TRY(live_open(hub, &b->connection, &b->live, err));
    TRY(make_plan(b, action, arguments, options, err));
    *ret_buying = TAKE(b);
    return ST_OK;
}

void buying_close(struct buying *buying)
{
    if (buying == NULL)
        return;
    live_close(buying->live);
    buying->live = NULL;
}

const struct plan *buying_shown(const struct buying *buying)
{
    return &buying->plan;
}

struct str buying_connection(const struct buying *buying)
{
    return buying->connection.name;
}

static struct licence licence_of(struct hub *hub, struct live *live,
                                 const struct connection_row *connection, int64_t wait_ms)
{
    return (struct licence){
        .store = hub->store,
        .call = live_call(live),
        .connection = *connection,
        .clock = hub->clock,
        .cancelled = hub->cancelled,
        .tell = hub->tell,
        .tell_context = hub->tell_context,
        .wait_ms = wait_ms,
    };
}

enum status buying_check(struct buying *b, bool again, struct error *err)
{
    struct licence l = licence_of(b->hub, b->live, &b->connection, 0);
    TRY(review_may_change(b->hub->store, b->hub->store->db, &b->connection, err));
    return purchase_may_start(&l, &b->plan, again, err);
}

static struct str method_text(const struct plan *plan)
{
    return str_of(method_name(plan->request.method));
}

enum status buying_approve(struct buying *b, bool again, int64_t wait_ms,
                           struct purchase_row *ret_row, struct error *err)
{
    struct licence l = licence_of(b->hub, b->live, &b->connection, wait_ms);
    struct plan *plan = &b->plan;
    const struct decision *decision;
    struct proposal_row proposal = {
        .connection_id = b->connection.id,
        .action = str_of(plan->action->name),
        .subject = plan->subject,
        .account_ref = plan->account,
        .subscription_ref = plan->subscription,
        .method = method_text(plan),
        .target = redact_target(b->a, plan->request.target),
        .content_type = str_of(plan->request.content_type),
        .body = plan->request.body.len > 0 ? secret_new(b->a, plan->request.body) : NULL,
        .plan = plan->json,
        .plan_hash = plan->hash,
        .likeness = plan->likeness,
        .summary = plan->summary,
        .reason = plan->options.reason,
        .purchase_order = plan->options.purchase_order,
        .requester = plan->options.requester,
    };
    *ret_row = (struct purchase_row){ .id = 0 };
    TRY(purchase_may_start(&l, plan, again, err));
    TRY(review_approve(b->hub->store, b->hub->store->db, b->a, &b->connection, &proposal,
                       os_user_name(b->a), &decision, err));
    enum status s = purchase_run(&l, b->a, decision, plan, again, ret_row, err);
    b->answer = l.shown_once;
    if (ret_row->id != 0 && s != ST_UNKNOWN)
        live_sync_account(b->live, b->a, &b->connection, plan->account);
    return s;
}

int64_t buying_sent(const struct buying *buying)
{
    return live_call(buying->live)->n_writes;
}

struct str buying_answer(const struct buying *buying)
{
    return buying->answer;
}

enum status hub_purchases(struct hub *hub, struct arena *a, bool open_only,
                          const struct purchase_row **ret_rows, size_t *ret_n, struct error *err)
{
    return purchase_list(hub->store, hub->store->db, a, open_only, ret_rows, ret_n, err);
}

enum status hub_purchase(struct hub *hub, struct arena *a, int64_t id, struct purchase_whole *p,
                         struct error *err)
{
    struct store *store = hub->store;
    TRY(purchase_find(store, store->db, a, id, &p->row, err));
    TRY(purchase_steps(store, store->db, a, id, &p->steps, &p->n_steps, err));
    return purchase_items(store, store->db, a, id, &p->items, &p->n_items, err);
}

static enum status connection_of(struct hub *hub, struct arena *a, int64_t id,
                                 struct connection_row *ret_row, struct error *err)
{
    const struct connection_row *rows;
    size_t n;
    TRY(connection_list(hub->store, hub->store->db, a, STR_NONE, &rows, &n, err));
    for (size_t i = 0; i < n; i++)
        if (rows[i].id == id) {
            *ret_row = rows[i];
            return ST_OK;
        }
    return fail(err, ST_NOT_FOUND, "the connection of this purchase is not there any more");
}

static void abandon_live(struct live **live)
{
    live_close(*live);
}

enum status hub_purchase_check(struct hub *hub, struct arena *a, int64_t id, int64_t wait_ms,
                               struct purchase_row *ret_row, struct str *ret_shown_once,
                               struct error *err)
{
    struct connection_row connection;
    SCOPED(abandon_live) struct live *live = NULL;
    *ret_shown_once = STR_NONE;
    TRY(purchase_find(hub->store, hub->store->db, a, id, ret_row, err));
    if (!ret_row->is_open)
        return ST_OK;
    TRY(connection_of(hub, a, ret_row->connection_id, &connection, err));
    TRY(live_open(hub, &connection, &live, err));
    struct licence l = licence_of(hub, live, &connection, wait_ms);
    enum status s = purchase_resume(&l, a, ret_row, err);
    *ret_shown_once = l.shown_once;
    TRY(s);
    live_sync_account(live, a, &connection, ret_row->account_ref);
    return ST_OK;
}

enum status hub_purchase_settle(struct hub *hub, struct arena *a, int64_t id, struct str words,
                                struct purchase_row *ret_row, struct error *err)
{
    struct licence l = { .store = hub->store, .clock = hub->clock };
    TRY(purchase_find(hub->store, hub->store->db, a, id, ret_row, err));
    return purchase_settle(&l, a, ret_row, os_user_name(a), words, err);
}

enum status hub_buying_policy(struct hub *hub, struct arena *a, const struct connection_row *row,
                              struct buying_policy_row *ret_policy, bool *ret_is_on,
                              struct error *err)
{
    struct error why;
    TRY(buying_policy_load(hub->store, hub->store->db, a, row->id, ret_policy, err));
    *ret_is_on = review_may_change(hub->store, hub->store->db, row, &why) == ST_OK;
    return ST_OK;
}

enum status hub_set_buying(struct hub *hub, struct arena *a, struct str connection, bool is_on,
                           struct error *err)
{
    struct db *db = hub->store->db;
    struct connection_row row;
    TRY(connection_find(hub->store, db, a, connection, &row, err));
    SCOPED(db_abandon) struct db *open = db;
    TRY(db_begin(db, SYNCED, err));
    TRY(buying_policy_save(hub->store, db, row.id, row.base_url, is_on, os_user_name(a), err));
    return db_commit(db, err);
}
