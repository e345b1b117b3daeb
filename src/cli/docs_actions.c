/* docs/actions.md: every action, from its row. */
#include "cli/docs.h"

#include "remote/describe.h"

#include <string.h>

/* Text in Markdown, in a table or not: nothing in it is markup. */
static void put_text(struct buf *to, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr("|<*`\\", *c) != NULL)
            buf_add_char(to, '\\');
        buf_add_char(to, *c);
    }
}

static void put_code(struct buf *to, const char *text)
{
    buf_add_char(to, '`');
    for (const char *c = text; *c != '\0'; c++)
        buf_add_text(to, *c == '|' ? "\\|" : (char[]){ *c, '\0' });
    buf_add_char(to, '`');
}

/* "items[].sku" */
static void put_rows(struct arena *a, struct buf *to, const struct param *rows, const char *before)
{
    bool is_member = before[0] != '\0';
    for (const struct param *p = rows; p->name != NULL; p++) {
        if (!param_is_told(p))
            continue;
        const char *name = arena_printf(a, "%s%s", before, p->name);
        bool is_wanted = is_member ? p->need == REQUIRED : param_is_wanted(p);
        buf_add_text(to, "| ");
        put_code(to, name);
        buf_printf(to, " | %s | %s | ", param_type_name(p->type),
                   is_member ? "" : param_place_name(p->place));
        buf_add_text(to, is_wanted ? "yes | " : "| ");
        put_code(to, p->example);
        buf_add_text(to, " | ");
        put_text(to, param_words(a, p).at);
        buf_add_text(to, p->source == FROM_CONNECTION ? " From the connection. |\n" : " |\n");
        if (p->members != NULL)
            put_rows(a, to, p->members,
                     arena_printf(a, "%s%s.", name, p->type == PARAM_LIST ? "[]" : ""));
    }
}

static void put_params(struct arena *a, struct buf *to, const struct action *x)
{
    if (x->params->name == NULL)
        return;
    buf_add_text(to,
                 "| parameter | type | in | required | example | |\n|---|---|---|---|---|---|\n");
    put_rows(a, to, x->params, "");
    buf_add_char(to, '\n');
}

static void put_request(struct buf *to, const struct action *x)
{
    struct str rest = str_of(x->path_spellings), path;
    if (action_is_recipe(x)) {
        buf_printf(to, "A procedure around [`%s`](#%s).", x->made_of, x->made_of);
    } else {
        buf_printf(to, "`%s %s`", action_method_text(x), action_path_text(x));
        while (str_next(&rest, '|', &path))
            buf_printf(to, " or `%.*s`", STR_PRINT(path));
    }
    buf_printf(to, " · effect **%s** · trust **%s** (%s)%s\n\n", effect_name(x->effect),
               trust_name(x->trust), x->source,
               x->scheme == WITH_BASIC ? " · with the API key (Basic)" : "");
}

static void put_action(struct arena *a, struct buf *to, const struct action *x)
{
    buf_printf(to, "<a id=\"%s\"></a>\n\n#### %s\n\n", x->name, x->name);
    buf_printf(to, "%s. ", x->title);
    put_text(to, x->doc);
    buf_add_text(to, "\n\n");
    put_request(to, x);
    if (x->consequence != NULL) {
        buf_add_text(to, "**Consequence:** ");
        put_text(to, x->consequence);
        buf_add_text(to, "\n\n");
    }
    put_text(to, action_judging_words(a, x).at);
    if (x->paging != NULL) {
        buf_add_char(to, ' ');
        put_text(to, action_paging_words(a, x));
    }
    buf_add_text(to, "\n\n");
    put_params(a, to, x);
    buf_printf(to, "```sh\n%.*s\n```\n\n", STR_PRINT(action_example(a, x)));
}

/* Whether a category of a connector stood before this row already. */
static bool is_first_of_category(const struct connector *c, const struct action *x)
{
    struct action_walk walk = { .only = c };
    const struct action *y = action_next(&walk);
    while (y != x && strcmp(y->category, x->category) != 0)
        y = action_next(&walk);
    return y == x;
}

static void put_connector(struct arena *a, struct buf *to, const struct connector *c)
{
    struct action_walk walk = { .only = c };
    buf_printf(to, "## %s\n\n", c->title);
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        if (!is_first_of_category(c, x))
            continue;
        struct action_walk same = { .only = c };
        buf_printf(to, "### %s: %s\n\n", c->title, x->category);
        for (const struct action *y; (y = action_next(&same)) != NULL;)
            if (strcmp(x->category, y->category) == 0)
                put_action(a, to, y);
    }
}

static void put_summary(struct buf *to, const struct connector *c)
{
    struct action_walk walk = { .only = c };
    buf_printf(to, "| %s | category | effect | trust |\n|---|---|---|---|\n", c->title);
    for (const struct action *x; (x = action_next(&walk)) != NULL;)
        buf_printf(to, "| [`%s`](#%s) | %s | %s | %s |\n", x->name, x->name, x->category,
                   effect_name(x->effect), trust_name(x->trust));
    buf_add_char(to, '\n');
}

void docs_actions(struct arena *a, struct buf *to)
{
    buf_add_text(
        to,
        "# Actions\n\n"
        "Made from the rows by `stellion docs actions` (tools/update-docs); not edited by hand.\n\n"
        "Each is called with `stellion call ACTION --PARAMETER VALUE ...`, shown with `stellion\n"
        "actions show ACTION`, and listed for programs by `stellion actions --output json`.\n\n"
        "**Effect**: READ asks, WRITE changes something that costs nothing, MONEY buys, changes "
        "or\n"
        "ends what is paid for. **Trust** tells how sure the shape of a row is, strongest "
        "first:\n\n"
        "| trust | where it was seen |\n|---|---|\n");
    for (enum trust trust = 0; trust <= TRUST_GUESS; trust++)
        buf_printf(to, "| %s | %s |\n", trust_name(trust), trust_meaning(trust));
    buf_add_text(to, "\n`stellion doctor` tells which guesses hold for a connection.\n\n");
    for (size_t i = 0; connectors()[i] != NULL; i++)
        put_summary(to, connectors()[i]);
    for (size_t i = 0; connectors()[i] != NULL; i++)
        put_connector(a, to, connectors()[i]);
    to->len--; /* one line end at the end */
    to->at[to->len] = '\0';
}
