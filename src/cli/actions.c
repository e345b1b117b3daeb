/* stellion actions, and call: everything from the rows of the remote layer. */
#include "cli/commands.h"

#include "base/json_write.h"

struct list_settings {
    struct str api, category, effect;
};

static const struct option list_options[] = {
    { .name = "api",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct list_settings, api),
      .choices = "stellr|ion",
      .doc = "Only of this marketplace." },
    { .name = "category",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct list_settings, category),
      .argument = "TEXT",
      .doc = "Only of this category." },
    { .name = "effect",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct list_settings, effect),
      .choices = "READ|WRITE|MONEY",
      .doc = "Only of this effect." },
    OPTION_END,
};

static const struct column list_columns[] = {
    { "id", "ID", false, 0 },
    { "api", NULL, false, 0 },
    { "category", "CATEGORY", false, 4 },
    { "title", "TITLE", false, 3 },
    { "method", "METHOD", false, 2 },
    { "path", "PATH", false, 1 },
    { "effect", "EFFECT", false, 0 },
    { "trust", "TRUST", false, 0 },
    { "source", NULL, false, 0 },
};

static bool fits(const struct list_settings *s, const struct action *x)
{
    return (s->api.at == NULL || str_is(s->api, connector_of_action(x)->name)) &&
           (s->category.at == NULL || str_equal_nocase(s->category, str_of(x->category))) &&
           (s->effect.at == NULL || str_is(s->effect, effect_name(x->effect)));
}

static enum status list_actions(struct context *c, struct error *err)
{
    struct action_walk walk = { .only = NULL };
    struct output out;
    output_begin(&out, c->format, list_columns, ARRAY_LEN(list_columns));
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        struct cell cells[] = {
            cell_text(str_of(x->name)),
            cell_text(str_of(connector_of_action(x)->name)),
            cell_text(str_of(x->category)),
            cell_text(str_of(x->title)),
            cell_text(str_of(method_name(x->method))),
            cell_text(str_of(x->path)),
            cell_text(str_of(effect_name(x->effect))),
            cell_text(str_of(trust_name(x->trust))),
            cell_text(str_of(x->source)),
        };
        if (fits(c->settings, x))
            output_row(&out, cells);
    }
    return output_end(&out, ST_OK, err);
}

/* "One of A, B, C." behind the doc of a choice. */
static const char *doc_of(struct arena *a, const struct param *p)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    struct str rest = str_of(p->choices), choice;
    if (p->choices == NULL)
        return p->doc;
    buf_printf(&text, "%s One of", p->doc);
    for (const char *before = " "; str_next(&rest, '|', &choice); before = ", ")
        buf_printf(&text, "%s%.*s", before, STR_PRINT(choice));
    buf_add_char(&text, '.');
    return arena_text(a, buf_str(&text));
}

static void put_param(struct arena *a, struct buf *to, const struct param *p)
{
    size_t start = to->len;
    buf_printf(to, "  --%s %s", p->name, param_type_name(p->type));
    if (p->need == REQUIRED && p->source == FROM_CALLER)
        buf_add_text(to, " (required)");
    if (p->source == FROM_CONNECTION)
        buf_add_text(to, " (from the connection)");
    bool is_long = to->len - start > 40;
    buf_add_text(to, is_long ? "\n      " : "  ");
    text_wrap(to, doc_of(a, p), 6, is_long ? 6 : to->len - start, 100);
}

static void put_example(struct buf *to, const struct action *x)
{
    buf_printf(to, "\nExample:\n  stellion call %s", x->name);
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (p->need == REQUIRED && p->source == FROM_CALLER)
            buf_printf(to, " --%s %s", p->name, p->example);
    buf_add_char(to, '\n');
}

static enum status show_action(struct context *c, struct str name, struct error *err)
{
    static const char *const styles[] = { "page numbers", "page tokens", "offsets" };
    const struct action *x;
    TRY(action_require(name, &x, err));
    if (c->format == FORMAT_JSON)
        return output_text(action_json(c->a, x), err);
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    buf_printf(&text, "%s: %s (%s)\n\n", x->name, x->title, x->category);
    text_wrap(&text, x->doc, 0, 0, 100);
    buf_printf(&text, "\n%s %s\n", method_name(x->method),
               x->path[0] != '\0' ? x->path : "(the path that is given)");
    buf_printf(&text, "Effect %s. Trust %s (%s).\n", effect_name(x->effect), trust_name(x->trust),
               x->source);
    if (x->paging != NULL)
        buf_printf(&text, "A list in pages, by %s: --%s and --%s, or --all-pages.\n",
                   styles[x->paging->style], x->paging->place_name, x->paging->size_name);
    buf_add_text(&text, "\nParameters:\n");
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (p->source != FROM_TOKEN)
            put_param(c->a, &text, p);
    put_example(&text, x);
    return output_text(buf_str(&text), err);
}

static enum status run_actions(struct context *c, struct error *err)
{
    if (c->n_words == 0)
        return list_actions(c, err);
    if (strcmp(c->words[0], "show") != 0 || c->n_words != 2)
        return fail(err, ST_INVALID, "usage: stellion actions [show ACTION]");
    return show_action(c, str_of(c->words[1]), err);
}

const struct command command_actions = {
    .name = "actions",
    .arguments = "[show ACTION]",
    .summary = "List what the marketplaces offer.",
    .doc = "Lists every operation of both marketplaces, or shows one with its parameters.",
    .options = list_options,
    .settings_bytes = sizeof(struct list_settings),
    .most_words = 2,
    .run = run_actions,
};

#define CALL_ARGUMENTS "ACTION [--PARAMETER VALUE ...]"
#define CALL_USAGE     "usage: stellion call " CALL_ARGUMENTS

struct call_settings {
    struct str connection;
    bool all_pages, raw;
};

static const struct option call_options[] = {
    { .name = "connection",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct call_settings, connection),
      .argument = "NAME",
      .doc = "Ask through this connection; needed when several fit." },
    { .name = "all-pages",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct call_settings, all_pages),
      .doc = "Walk a list to its end; gives all records as one JSON list." },
    { .name = "raw",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct call_settings, raw),
      .doc = "The answer as it came, without looking at its shape." },
    OPTION_END,
};

/* One text option per parameter of the action, and for the paging names. */
struct dynamic {
    struct option rows[ARGUMENTS_MAX + 3];
    struct str values[ARGUMENTS_MAX + 2];
    size_t n;
};

static void add_option(struct dynamic *d, const char *name, const char *doc)
{
    d->rows[d->n] = (struct option){ .name = name,
                                     .kind = OPTION_TEXT,
                                     .offset = d->n * sizeof(struct str),
                                     .argument = "VALUE",
                                     .doc = doc };
    d->n++;
}

static void make_options(struct dynamic *d, const struct action *x)
{
    for (const struct param *p = x->params; p->name != NULL && d->n < ARGUMENTS_MAX; p++)
        if (p->source != FROM_TOKEN)
            add_option(d, p->name, p->doc);
    if (x->paging == NULL)
        return;
    add_option(d, x->paging->size_name, "Records per page.");
    add_option(d, x->paging->place_name, "Which page.");
}

static enum status gather_arguments(const struct dynamic *d, struct arguments *arguments,
                                    struct error *err)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->values[i].at != NULL)
            TRY(arguments_set(arguments, str_of(d->rows[i].name), d->values[i], err));
    return ST_OK;
}

static enum status run_call(struct context *c, struct error *err)
{
    struct dynamic *d = ARENA_NEW(c->a, struct dynamic);
    struct arguments arguments = { .n = 0 };
    const struct option *const before[] = { common_options, call_options, NULL };
    const struct action *x = NULL;
    struct str answer;
    int place = options_first_word(before, 0, c->n_arguments, c->arguments);
    if (place == c->n_arguments)
        return fail(err, ST_INVALID, CALL_USAGE);
    TRY(action_require(str_of(c->arguments[place]), &x, err));
    make_options(d, x);
    TRY(parse_arguments(c, d->rows, d->values, err));
    if (c->common.help)
        return show_action(c, str_of(x->name), err);
    if (c->n_words != 1)
        return fail(err, ST_INVALID, CALL_USAGE);
    TRY(gather_arguments(d, &arguments, err));
    TRY(open_hub(c, err));
    const struct call_settings *s = c->settings;
    struct hub_call_options how = { s->connection, s->all_pages, s->raw };
    TRY(hub_call(c->hub, c->a, x, &arguments, &how, &answer, err));
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES);
    buf_add(&text, answer);
    if (!str_ends(answer, "\n"))
        buf_add_char(&text, '\n');
    return output_text(buf_str(&text), err);
}

const struct command command_call = {
    .name = "call",
    .arguments = CALL_ARGUMENTS,
    .summary = "Run one operation of a marketplace.",
    .doc = "Runs an action and prints its answer. `stellion actions` lists them, `stellion call "
           "ACTION --help` tells the parameters. This version only reads.",
    .options = call_options,
    .settings_bytes = sizeof(struct call_settings),
    .flags = PARSES_ITSELF,
    .run = run_call,
};
