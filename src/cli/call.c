/* stellion call: one operation of a marketplace, with options made from its row. */
#include "cli/actions.h"
#include "cli/answer.h"
#include "cli/buy.h"
#include "cli/commands.h"

#include "base/json_scan.h"
#include "base/os.h"
#include "hub/buy.h"

#define CALL_ARGUMENTS "ACTION [--PARAMETER VALUE ...]"
#define CALL_USAGE     "usage: stellion call " CALL_ARGUMENTS
#define OPTIONS_MAX    (ARGUMENTS_MAX * 2)

struct settings {
    struct buying_options buying;
    struct str connection, body, query;
    struct option_list set;
    bool all_pages, raw;
};

static const struct option options[] = {
    { .name = "connection",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, connection),
      .argument = "NAME",
      .doc = "Ask through this connection; needed when several fit." },
    { .name = "body",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, body),
      .argument = "@FILE|-|JSON",
      .doc = "The JSON body, whole, instead of the parameters that stand in it: from a file, from "
             "standard input, or as it stands here." },
    { .name = "set",
      .kind = OPTION_LIST,
      .offset = offsetof(struct settings, set),
      .argument = "NAME=VALUE",
      .doc = "A parameter by its name, for one that is called like an option of this command. May "
             "be given several times." },
    { .name = "all-pages",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, all_pages),
      .doc = "Walk a list to its end; gives all records as one JSON list." },
    { .name = "query",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, query),
      .argument = "PATH",
      .doc = "Only this part of the answer, such as data.records[*].name. Single values are "
             "printed bare, one on a line, unless --output says otherwise." },
    { .name = "raw",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, raw),
      .doc = "The answer as it came, without looking at its shape." },
    { .name = "yes",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, buying.yes),
      .doc = "What costs money: send it without asking." },
    { .name = "dry-run",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, buying.dry_run),
      .doc = "What costs money: show the plan and send nothing." },
    { .name = "again",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, buying.again),
      .doc = "What costs money: the same was bought a moment ago, and is wanted once more." },
    { .name = "reason",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, buying.reason),
      .argument = "TEXT",
      .doc = "Why it is bought, kept with the purchase." },
    { .name = "po",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, buying.purchase_order),
      .argument = "NUMBER",
      .doc = "Purchase order or ticket: kept with the purchase, and sent along where the request "
             "has a place for it." },
    { .name = "requester",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, buying.requester),
      .argument = "NAME",
      .doc = "Who asked for it, kept with the purchase." },
    { .name = "wait",
      .kind = OPTION_NUMBER,
      .offset = offsetof(struct settings, buying.wait_s),
      .argument = "SECONDS",
      .least = 0,
      .most = 86400,
      .doc = "How long to watch a purchase before leaving it open (300)." },
    OPTION_END,
};

/* One text option per parameter of the action, for the paging names, and for whatever else was
 * given: so that unknown names are told together with all other faults. */
struct dynamic {
    struct option rows[OPTIONS_MAX + 1];
    struct str values[OPTIONS_MAX];
    size_t n;
};

static bool is_known(const struct option *rows, struct str name)
{
    for (const struct option *o = rows; o->name != NULL; o++)
        if (str_is(name, o->name))
            return true;
    return false;
}

bool call_has_option(const char *name)
{
    return is_known(options, str_of(name)) || is_known(common_options, str_of(name));
}

static void add_option(struct dynamic *d, const char *name, const char *doc)
{
    if (d->n == OPTIONS_MAX || is_known(d->rows, str_of(name)))
        return;
    d->rows[d->n] = (struct option){ .name = name,
                                     .kind = OPTION_TEXT,
                                     .offset = d->n * sizeof(struct str),
                                     .argument = "VALUE",
                                     .doc = doc };
    d->n++;
}

static void add_parameters(struct dynamic *d, const struct action *x)
{
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (p->source != FROM_TOKEN)
            add_option(d, p->name, p->doc);
    if (x->paging == NULL)
        return;
    add_option(d, x->paging->size_name, "Records per page.");
    add_option(d, x->paging->place_name, "Which page.");
}

/* Options that are nobody's: misspelt ones of this command are left to the parser, which says so;
 * the others are misspelt parameters, of which request_build tells all. */
static void add_unknown(struct context *c, struct dynamic *d)
{
    const char *names[OPTIONS_MAX + 32];
    size_t n = 0, n_own;
    for (const struct option *o = options; o->name != NULL; o++)
        names[n++] = o->name;
    for (const struct option *o = common_options; o->name != NULL; o++)
        names[n++] = o->name;
    n_own = n;
    for (size_t i = 0; i < d->n; i++)
        names[n++] = d->rows[i].name;
    for (int i = 0; i < c->n_arguments && strcmp(c->arguments[i], "--") != 0; i++) {
        struct str rest = str_of(c->arguments[i]), name;
        if (!str_starts(rest, "--"))
            continue;
        rest = str_from(rest, 2);
        (void)str_next(&rest, '=', &name);
        const char *near = nearest_name(name, names, n);
        bool is_own = str_starts(name, "no-");
        for (size_t k = 0; k < n_own; k++)
            is_own = is_own || near == names[k];
        if (!is_own)
            add_option(d, arena_text(c->a, name), "");
    }
}

static enum status set_by_name(const struct option_list *set, struct arguments *arguments,
                               struct error *err)
{
    for (size_t i = 0; i < set->n; i++) {
        struct str value = set->at[i], name;
        if (!str_next(&value, '=', &name) || value.at == NULL || name.len == 0)
            return fail(err, ST_INVALID, "--set needs NAME=VALUE, not '%.*s'",
                        STR_PRINT(set->at[i]));
        TRY(arguments_set(arguments, name, value, err));
    }
    return ST_OK;
}

static enum status take_body(struct context *c, struct str given, struct str *ret_body,
                             struct error *err)
{
    struct error why;
    bool is_file = str_starts(given, "@");
    *ret_body = given;
    if (is_file)
        TRY(os_read_file(c->a, arena_text(c->a, str_from(given, 1)), LIMIT_BODY_BYTES, ret_body,
                         err));
    else if (str_is(given, "-"))
        TRY(os_read_file(c->a, "-", LIMIT_BODY_BYTES, ret_body, err));
    if (json_check(*ret_body, NULL, &why) == ST_OK)
        return ST_OK;
    fail(err, ST_INVALID, "the body is not JSON: %s", why.text);
    if (!is_file && os_exists(arena_text(c->a, given)))
        hint(err, "A file is named with an @ before it: --body @%.*s", STR_PRINT(given));
    return ST_INVALID;
}

static enum status gather_arguments(struct context *c, const struct dynamic *d,
                                    struct arguments *arguments, struct error *err)
{
    const struct settings *s = c->settings;
    for (size_t i = 0; i < d->n; i++)
        if (d->values[i].at != NULL)
            TRY(arguments_set(arguments, str_of(d->rows[i].name), d->values[i], err));
    TRY(set_by_name(&s->set, arguments, err));
    if (s->body.at != NULL)
        TRY(take_body(c, s->body, &arguments->body, err));
    return ST_OK;
}

/* All faults of the arguments at once, before a connection is looked for. */
static enum status check_arguments(struct context *c, const struct action *x,
                                   const struct arguments *arguments, struct error *err)
{
    const struct settings *s = c->settings;
    struct request_context any = { .account_id = STR("0"),
                                   .access_token = STR("-"),
                                   .overrides = c->overrides };
    struct answer_options how = { s->query, s->raw };
    struct request request;
    struct str query;
    if (s->all_pages && x->paging == NULL)
        return fail(err, ST_INVALID, "%s gives one document: there are no pages to walk", x->name);
    TRY(request_build(c->a, x, arguments, &any, &request, err));
    enum status status = answer_check(c, &how, err);
    if (status == ST_INVALID && action_param(x, STR("query")) != NULL &&
        !arguments_get(arguments, "query", &query))
        hint(err, "The query of the request itself is given as --set query=...");
    return status;
}

/* --dry-run must not send because the action happens to be free; and what is kept with a purchase
 * is kept nowhere without one. */
static enum status refuse_buying_options(const struct settings *s, const struct action *x,
                                         struct error *err)
{
    const struct buying_options *b = &s->buying;
    bool is_kept = b->reason.at != NULL || b->purchase_order.at != NULL || b->requester.at != NULL;
    if (!b->dry_run && !b->again && !is_kept)
        return ST_OK;
    fail(err, ST_INVALID,
         "%s costs no money: there is no plan to show and no purchase to keep "
         "--reason, --po or --requester with",
         x->name);
    hint(err,
         "Nothing was sent. Without these options, --dry-run and --again it is sent at once. A "
         "parameter of that name is given as --set NAME=VALUE.");
    return ST_INVALID;
}

/* Of what costs money the purchase is printed, not the answer. */
static enum status refuse_answer_options(const struct settings *s, const struct action *x,
                                         struct error *err)
{
    const char *option = s->query.at != NULL ? "query" : s->raw ? "raw" : NULL;
    if (option == NULL)
        return ST_OK;
    fail(err, ST_INVALID, "%s costs money, and tells how its purchase stands: --%s has no use",
         x->name, option);
    hint(err, "Nothing was sent. --output json prints all of it.");
    return ST_INVALID;
}

static void set_defaults(void *settings)
{
    ((struct settings *)settings)->buying.wait_s = 300;
}

static enum status run(struct context *c, const struct action *x, const struct arguments *arguments,
                       struct error *err)
{
    const struct settings *s = c->settings;
    struct hub_call_options how = { s->connection, s->all_pages, s->raw };
    struct answer_options print = { s->query, s->raw };
    struct str answer;
    TRY(check_arguments(c, x, arguments, err));
    TRY(open_hub(c, err));
    if (hub_costs_money(c->hub, x, arguments)) {
        struct buying_options buying = s->buying;
        TRY(refuse_answer_options(s, x, err));
        buying.connection = s->connection;
        return call_money(c, x, arguments, &buying, err);
    }
    TRY(refuse_buying_options(s, x, err));
    TRY(hub_call(c->hub, c->a, x, arguments, &how, &answer, err));
    return answer_print(c, x, answer, &print, err);
}

static enum status run_call(struct context *c, struct error *err)
{
    struct dynamic *d = ARENA_NEW(c->a, struct dynamic);
    struct arguments *arguments = ARENA_NEW(c->a, struct arguments);
    const struct option *const before[] = { common_options, options, NULL };
    const struct action *x = NULL;
    int place = options_first_word(before, 0, c->n_arguments, c->arguments);
    if (place == c->n_arguments)
        return fail(err, ST_INVALID, CALL_USAGE);
    TRY(action_require(str_of(c->arguments[place]), &x, err));
    TRY(load_overrides(c, err));
    x = overrides_row(c->overrides, x);
    add_parameters(d, x);
    add_unknown(c, d);
    TRY(parse_arguments(c, d->rows, d->values, err));
    if (c->common.help)
        return show_action(c, x, err);
    if (c->n_words > 1 && x->params->name != NULL) {
        fail(err, ST_INVALID, "'%s' stands alone; values go with their names, such as --%s %s",
             c->words[1], x->params->name, c->words[1]);
        hint(err, "`stellion call %s --help` tells the parameters.", x->name);
        return ST_INVALID;
    }
    if (c->n_words != 1)
        return fail(err, ST_INVALID, CALL_USAGE);
    TRY(gather_arguments(c, d, arguments, err));
    return run(c, x, arguments, err);
}

const struct command command_call = {
    .name = "call",
    .arguments = CALL_ARGUMENTS,
    .summary = "Run one operation of a marketplace.",
    .doc = "Runs an action and prints its answer. `stellion actions` lists them, `stellion call "
           "ACTION --help` tells the parameters. Without --output the answer is JSON as it came; "
           "table "
           "and csv make rows of its records. What costs money is shown first with its effect, and "
           "asked about; it is sent once, watched, and read back.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .set_defaults = set_defaults,
    .flags = PARSES_ITSELF,
    .run = run_call,
};
