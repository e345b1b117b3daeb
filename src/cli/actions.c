/* stellion actions: the rows of the remote layer, listed and shown. */
#include "cli/actions.h"

#include "cli/commands.h"
#include "remote/describe.h"

#define COLUMNS 100

struct settings {
    struct str api, category, effect;
};

static const struct option options[] = {
    { .name = "api",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct settings, api),
      .choices = "stellr|ion",
      .doc = "Only of this marketplace." },
    { .name = "category",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, category),
      .argument = "TEXT",
      .doc = "Only of this category." },
    { .name = "effect",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct settings, effect),
      .choices = "READ|WRITE|MONEY",
      .doc = "Only of this effect." },
    OPTION_END,
};

static const struct column columns[] = {
    { "id", "ID", false, 0 },
    { "api", NULL, false, 0 },
    { "category", "CATEGORY", false, 4 },
    { "title", "TITLE", false, 3 },
    { "method", "METHOD", false, 2 },
    { "path", "PATH", false, 1 },
    { "effect", "EFFECT", false, 0 },
    { "trust", "TRUST", false, 0 },
    { "source", NULL, false, 0 },
    { "made_of", NULL, false, 0 },
};

static bool fits(const struct settings *s, const struct action *x)
{
    return (s->api.at == NULL || str_is(s->api, connector_of_action(x)->name)) &&
           (s->category.at == NULL || str_equal_nocase(s->category, str_of(x->category))) &&
           (s->effect.at == NULL || str_is(s->effect, effect_name(x->effect)));
}

/* A category that no action has is a typing error, not an empty list. */
static enum status check_category(struct str category, struct error *err)
{
    struct action_walk walk = { .only = NULL };
    const char *names[ARGUMENTS_MAX];
    size_t n = 0;
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        if (category.at == NULL || str_equal_nocase(category, str_of(x->category)))
            return ST_OK;
        if (n < ARRAY_LEN(names))
            names[n++] = x->category;
    }
    const char *near = nearest_name(category, names, n);
    fail(err, ST_NOT_FOUND, "there is no category '%.*s'", STR_PRINT(category));
    if (near != NULL)
        hint(err, "Did you mean '%s'?", near);
    return ST_NOT_FOUND;
}

/* A recipe has neither method nor path. */
static struct cell request_cell(const char *text)
{
    return cell_text(text[0] == '\0' ? STR_NONE : str_of(text));
}

static enum status list_actions(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    struct action_walk walk = { .only = NULL };
    struct output out;
    TRY(check_category(s->category, err));
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        x = overrides_row(c->overrides, x);
        struct cell cells[] = {
            cell_text(str_of(x->name)),
            cell_text(str_of(connector_of_action(x)->name)),
            cell_text(str_of(x->category)),
            cell_text(str_of(x->title)),
            request_cell(action_method_text(x)),
            request_cell(action_path_text(x)),
            cell_text(str_of(effect_name(x->effect))),
            cell_text(str_of(trust_name(x->trust))),
            cell_text(str_of(x->source)),
            cell_text(str_of(x->made_of)),
        };
        if (fits(s, x))
            output_row(&out, cells);
    }
    return output_end(&out, ST_OK, err);
}

/* A parameter, or a member of one, indented by its depth. */
static void put_param(struct arena *a, struct buf *to, const struct param *p, int depth)
{
    size_t start = to->len;
    bool is_wanted = depth == 0 ? param_is_wanted(p) : p->need == REQUIRED;
    const char *dashes = depth > 0 ? "" : call_has_option(p->name) ? "--set " : "--";
    buf_printf(to, "%*s%s%s%s%s", 2 + 2 * depth, "", dashes, p->name,
               depth == 0 && call_has_option(p->name) ? "=" : " ", param_type_name(p->type));
    if (is_wanted)
        buf_add_text(to, " (required)");
    if (p->source == FROM_CONNECTION)
        buf_add_text(to, " (from the connection)");
    size_t indent = 6 + 2 * (size_t)depth;
    bool is_long = to->len - start > 40;
    if (is_long)
        buf_printf(to, "\n%*s", (int)indent, "");
    else
        buf_add_text(to, "  ");
    text_wrap(to, param_words(a, p).at, indent, is_long ? indent : to->len - start, COLUMNS);
    if (p->members != NULL && p->type == PARAM_LIST)
        buf_printf(to, "%*sEach element:\n", 4 + 2 * depth, "");
    for (const struct param *m = p->members; m != NULL && m->name != NULL; m++)
        put_param(a, to, m, depth + 1);
}

static void put_request(struct arena *a, struct buf *to, const struct action *x)
{
    struct str rest = str_of(x->path_spellings), path;
    if (action_is_recipe(x))
        buf_printf(to, "A procedure around %s.\n", x->made_of);
    else
        buf_printf(to, "%s %s\n", action_method_text(x), action_path_text(x));
    while (str_next(&rest, '|', &path))
        buf_printf(to, "  or %.*s\n", STR_PRINT(path));
    if (x->scheme == WITH_BASIC)
        buf_add_text(to, "With the API key of the connection (Basic authorisation).\n");
    buf_printf(to, "Effect %s. Trust %s (%s).\n", effect_name(x->effect), trust_name(x->trust),
               x->source);
    if (action_is_generic(x))
        text_wrap(to,
                  "What it may do is that of the row that its method and path fit; any other "
                  "request but GET counts as MONEY.",
                  0, 0, COLUMNS);
    if (x->consequence != NULL)
        text_wrap(to, x->consequence, 0, 0, COLUMNS);
    text_wrap(to, action_judging_words(a, x).at, 0, 0, COLUMNS);
    if (x->paging != NULL)
        buf_printf(to, "%s\n", action_paging_words(a, x));
}

enum status show_action(struct context *c, const struct action *x, struct error *err)
{
    if (c->format == FORMAT_JSON)
        return output_text(action_json(c->a, x, c->overrides), err);
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    buf_printf(&text, "%s: %s (%s)\n\n", x->name, x->title, x->category);
    text_wrap(&text, x->doc, 0, 0, COLUMNS);
    buf_add_char(&text, '\n');
    put_request(c->a, &text, x);
    SCOPED(buf_release) struct buf corrections = BUF(LIMIT_SMALL_FILE_BYTES);
    if (overrides_describe(c->overrides, x, &corrections))
        buf_printf(&text, "\nCorrected by " OVERRIDES_FILE ":\n%s", corrections.at);
    buf_add_text(&text, "\nParameters:\n");
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (param_is_told(p))
            put_param(c->a, &text, p, 0);
    if (x->params->name == NULL)
        buf_add_text(&text, "  none\n");
    buf_printf(&text, "\nExample:\n  %.*s\n", STR_PRINT(action_example(c->a, x)));
    return output_text(buf_str(&text), err);
}

static enum status run_actions(struct context *c, struct error *err)
{
    const struct action *x;
    TRY(load_overrides(c, err));
    if (c->n_words == 0)
        return list_actions(c, err);
    if (strcmp(c->words[0], "show") != 0 || c->n_words != 2)
        return fail(err, ST_INVALID, "usage: stellion actions [show ACTION]");
    TRY(action_require(str_of(c->words[1]), &x, err));
    return show_action(c, overrides_row(c->overrides, x), err);
}

const struct command command_actions = {
    .name = "actions",
    .arguments = "[show ACTION]",
    .summary = "List what the marketplaces offer.",
    .doc = "Lists every operation of both marketplaces, or shows one with its parameters.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .most_words = 2,
    .run = run_actions,
};
