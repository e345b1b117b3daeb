/* stellion customers, subscriptions, history. */
#include "cli/commands.h"

#include "base/currency.h"
#include "base/moment.h"
#include "hub/lists.h"

struct settings {
    struct str connection, customer, status;
    bool gone;
};

#define CONNECTION_OPTION                                                                          \
    {                                                                                              \
        .name = "connection", .kind = OPTION_TEXT,                                                 \
        .offset = offsetof(struct settings, connection), .argument = "NAME",                       \
        .doc = "Only of this connection."                                                          \
    }
#define CUSTOMER_OPTION                                                                            \
    {                                                                                              \
        .name = "customer", .kind = OPTION_TEXT, .offset = offsetof(struct settings, customer),    \
        .argument = "TEXT", .doc = "Only customers with this in their name, or of this id."        \
    }
#define GONE_OPTION                                                                                \
    {                                                                                              \
        .name = "gone", .kind = OPTION_FLAG, .offset = offsetof(struct settings, gone),            \
        .doc = "Also what is gone at the marketplace."                                             \
    }

static const struct option customer_options[] = { CONNECTION_OPTION, CUSTOMER_OPTION, GONE_OPTION,
                                                  OPTION_END };
static const struct option subscription_options[] = {
    CONNECTION_OPTION,
    CUSTOMER_OPTION,
    { .name = "status",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, status),
      .argument = "TEXT",
      .doc = "Only of this status, as the marketplace calls it, or: live, suspended, pending, "
             "ended, gone." },
    GONE_OPTION,
    OPTION_END,
};
static const struct option no_options[] = { OPTION_END };

static struct list_filter filter_of(const struct settings *s)
{
    return (struct list_filter){ .connection = s->connection,
                                 .customer = s->customer,
                                 .status = s->status,
                                 .with_gone = s->gone };
}

static const struct column customer_columns[] = {
    { "connection", "CONNECTION", false, 3 },
    { "id", "ID", false, 0 },
    { "name", "NAME", false, 0 },
    { "company_name", "COMPANY", false, 0 },
    { "domain", "DOMAIN", false, 3 },
    { "country", "COUNTRY", false, 4 },
    { "status", "STATUS", false, 0 },
    { "subscriptions", "SUBSCRIPTIONS", true, 0 },
    { "is_active", NULL, false, 0 },
    { "is_gone", NULL, false, 0 },
    { "tenant_id", NULL, false, 0 },
    { "first_seen_at", NULL, false, 0 },
};

struct customer_list {
    struct account_sink sink;
    struct output out;
};

static struct str moment_of(struct arena *a, int64_t ms)
{
    return str_of(moment_text(ms, arena_alloc(a, 32)));
}

static enum status take_customer(struct account_sink *self, const struct account_row *row,
                                 struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    (void)err;
    const struct account_record *r = &row->record;
    struct cell cells[] = {
        cell_text(row->connection), cell_text(r->remote_id),
        cell_text(r->name),         cell_text(r->company_name),
        cell_text(r->domain),       cell_text(r->country),
        cell_text(r->status),       cell_integer(&a, row->n_subscriptions),
        cell_boolean(r->is_active), cell_boolean(row->is_gone),
        cell_text(r->tenant_id),    cell_text(moment_of(&a, row->first_seen_at)),
    };
    output_row(&((struct customer_list *)self)->out, cells);
    return ST_OK;
}

static void say_if_empty(const struct output *out, const char *what)
{
    if (out->n_rows == 0 && out->format == FORMAT_TABLE)
        say("No %s here. `stellion sync` brings them.\n", what);
}

static enum status run_customers(struct context *c, struct error *err)
{
    struct list_filter filter = filter_of(c->settings);
    struct customer_list list = { .sink = { take_customer } };
    output_begin(&list.out, c->format, customer_columns, ARRAY_LEN(customer_columns));
    enum status s = hub_accounts(c->hub, &filter, &list.sink, err);
    if (s == ST_OK)
        say_if_empty(&list.out, "customers");
    return output_end(&list.out, s, err);
}

const struct command command_customers = {
    .name = "customers",
    .arguments = "",
    .summary = "List the customers of the marketplaces.",
    .doc =
        "Lists the customers as each marketplace knows them; --connection bill lists those of the "
        "imported bill.",
    .options = customer_options,
    .settings_bytes = sizeof(struct settings),
    .flags = NEEDS_HUB,
    .run = run_customers,
};

static const struct column subscription_columns[] = {
    { "connection", "CONNECTION", false, 3 },
    { "customer", "CUSTOMER", false, 0 },
    { "customer_id", "CUSTOMER ID", false, 8 }, /* `call` asks for it */
    { "id", "ID", false, 0 },
    { "product", "PRODUCT", false, 0 },
    { "part_number", "PART NUMBER", false, 7 },
    { "quantity", "SEATS", true, 0 },
    { "cost", "COST", true, 0 },
    { "price", "PRICE", true, 4 },
    { "currency", "CURRENCY", false, 0 },
    { "term", "TERM", false, 5 },
    { "billing_cycle", "BILLED", false, 6 },
    { "renewal_date", "RENEWS", false, 2 },
    { "status", "STATUS", false, 0 },
    { "standing", NULL, false, 0 },
    { "measure", NULL, false, 0 },
    { "total", NULL, true, 0 },
    { "name", NULL, false, 0 },
    { "commerce_subscription_id", NULL, false, 0 },
    { "vendor", NULL, false, 0 },
    { "start_date", NULL, false, 0 },
    { "end_date", NULL, false, 0 },
    { "cancellable_until", NULL, false, 0 },
    { "auto_renew", NULL, false, 0 },
    { "parent_id", NULL, false, 0 },
    { "offer_id", NULL, false, 0 },
    { "sku", NULL, false, 0 },
    { "product_id", NULL, false, 0 },
    { "plan_id", NULL, false, 0 },
    { "is_gone", NULL, false, 0 },
    { "first_seen_at", NULL, false, 0 },
    { "changed_at", NULL, false, 0 },
};

struct subscription_list {
    struct subscription_sink sink;
    struct output out;
    struct arena arena; /* of one row */
};

/* The exact text for programs; two decimals or more for people. */
static struct cell money_cell(struct arena *a, const struct amount *amount, struct str currency)
{
    SCOPED(buf_release) struct buf shown = BUF(64);
    if (!amount->known)
        return cell_text(amount->text);
    total_print_grouped(&shown, total_of(amount->value), currency_decimals(currency));
    return cell_shown(cell_number(amount->text), arena_copy(a, buf_str(&shown)));
}

static struct cell moment_cell(struct arena *a, const struct moment *moment)
{
    if (!moment->known)
        return cell_text(moment->text);
    return cell_shown(cell_text(moment_of(a, moment->ms)), day_text(a, moment->ms));
}

static struct cell flag_cell(enum flag flag)
{
    return flag == FLAG_UNKNOWN ? cell_text(STR_NONE) : cell_boolean(flag == FLAG_YES);
}

static struct cell quantity_cell(struct arena *a, const struct whole *quantity)
{
    return quantity->known ? cell_integer(a, quantity->value) : cell_text(quantity->text);
}

static enum status take_subscription(struct subscription_sink *self,
                                     const struct subscription_row *row, struct error *err)
{
    (void)err;
    struct subscription_list *list = (struct subscription_list *)self;
    struct arena *a = &list->arena;
    const struct subscription_record *r = &row->record;
    arena_reset(a);
    struct cell cells[] = {
        cell_text(row->connection),
        cell_text(row->account_name),
        cell_text(row->account_remote_id),
        cell_text(r->remote_id),
        cell_text(r->product_name),
        cell_text(r->part_number),
        quantity_cell(a, &r->quantity),
        money_cell(a, &r->cost, r->currency),
        money_cell(a, &r->price, r->currency),
        cell_text(r->currency),
        cell_text(r->term),
        cell_text(r->billing_cycle),
        moment_cell(a, &r->renews_at),
        cell_shown(cell_text(r->status), row->is_gone ? STR("gone") : r->status),
        cell_text(str_of(standing_name(r->standing))),
        cell_text(str_of(measure_name(r->measure))),
        money_cell(a, &r->total, r->currency),
        cell_text(r->name),
        cell_text(r->commerce_id),
        cell_text(r->vendor),
        moment_cell(a, &r->started_at),
        moment_cell(a, &r->ends_at),
        moment_cell(a, &r->cancellable_until),
        flag_cell(r->auto_renew),
        cell_text(r->parent_id),
        cell_text(r->offer_id),
        cell_text(r->sku),
        cell_text(r->product_id),
        cell_text(r->plan_id),
        cell_boolean(row->is_gone),
        cell_text(moment_of(a, row->first_seen_at)),
        cell_text(moment_of(a, row->changed_at)),
    };
    output_row(&list->out, cells);
    return ST_OK;
}

static enum status run_subscriptions(struct context *c, struct error *err)
{
    struct list_filter filter = filter_of(c->settings);
    struct subscription_list list = { .sink = { take_subscription } };
    output_begin(&list.out, c->format, subscription_columns, ARRAY_LEN(subscription_columns));
    enum status s = hub_subscriptions(c->hub, &filter, &list.sink, err);
    if (s == ST_OK)
        say_if_empty(&list.out, "subscriptions");
    s = output_end(&list.out, s, err);
    arena_free(&list.arena);
    return s;
}

const struct command command_subscriptions = {
    .name = "subscriptions",
    .arguments = "",
    .summary = "List the subscriptions of the marketplaces.",
    .doc = "Lists the subscriptions as the last sync saw them. JSON and CSV carry every column and "
           "amounts to the last digit that was sent.",
    .options = subscription_options,
    .settings_bytes = sizeof(struct settings),
    .flags = NEEDS_HUB,
    .run = run_subscriptions,
};

static const struct column change_columns[] = {
    { "noticed_at", "NOTICED", false, 0 }, { "source", "SOURCE", false, 0 },
    { "field", "WHAT", false, 0 },         { "before", "BEFORE", false, 0 },
    { "after", "AFTER", false, 0 },
};

struct change_listing {
    struct change_sink sink;
    struct output out;
    struct context *context;
};

static enum status take_change(struct change_sink *self, const struct change_row *row,
                               struct error *err)
{
    (void)err;
    struct change_listing *list = (struct change_listing *)self;
    struct arena *a = list->context->a;
    struct cell cells[] = {
        cell_shown(cell_text(moment_of(a, row->noticed_at)),
                   time_text(list->context, row->noticed_at)),
        cell_text(row->source),
        cell_text(row->field),
        cell_text(row->before),
        cell_text(row->after),
    };
    output_row(&list->out, cells);
    return ST_OK;
}

static enum status run_history(struct context *c, struct error *err)
{
    struct subscription_row row;
    struct change_listing list = { .sink = { take_change }, .context = c };
    TRY(hub_subscription(c->hub, c->a, str_of(c->words[0]), &row, err));
    if (c->format == FORMAT_TABLE)
        say("%.*s of %.*s (%.*s), first seen %.*s\n",
            STR_PRINT(printable(c->a, row.record.product_name)),
            STR_PRINT(printable(c->a, row.account_name)), STR_PRINT(row.connection),
            STR_PRINT(time_text(c, row.first_seen_at)));
    output_begin(&list.out, c->format, change_columns, ARRAY_LEN(change_columns));
    return output_end(&list.out, hub_history(c->hub, row.id, &list.sink, err), err);
}

const struct command command_history = {
    .name = "history",
    .arguments = "SUBSCRIPTION",
    .summary = "Show what changed in a subscription, and when.",
    .doc = "Shows every change of seats, price, cost, status, term and renewal that a sync "
           "noticed. The subscription is told by its id, by connection/id, or by its Microsoft "
           "subscription id.",
    .options = no_options,
    .settings_bytes = 1,
    .least_words = 1,
    .most_words = 1,
    .flags = NEEDS_HUB,
    .run = run_history,
};
