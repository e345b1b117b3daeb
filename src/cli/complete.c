/* Completion: walks the words as the parser would, then offers what fits the last. */
#include "cli/complete.h"

#include "cli/commands.h"
#include "remote/describe.h"

#include <string.h>

struct completion {
    struct arena *a;
    struct buf *to;
    enum shell shell;
    const struct overrides *overrides;
    struct str before, typed; /* "--api=" and "i" of "--api=i" */
    const struct command *command;
    const struct action *action; /* of call and actions show */
    size_t n_words;              /* positional ones behind the command, before the last */
};

static void offer(struct completion *c, struct str text, const char *what)
{
    if (text.len < c->typed.len || memcmp(text.at, c->typed.at, c->typed.len) != 0)
        return;
    for (size_t part = 0; part < 2; part++) {
        struct str piece = part == 0 ? c->before : text;
        for (size_t i = 0; i < piece.len; i++) {
            if (c->shell == SHELL_ZSH && (piece.at[i] == ':' || piece.at[i] == '\\'))
                buf_add_char(c->to, '\\'); /* a colon ends the candidate */
            buf_add_char(c->to, piece.at[i]);
        }
    }
    if (c->shell != SHELL_BASH && what != NULL)
        buf_printf(c->to, "%c%s", c->shell == SHELL_ZSH ? ':' : '\t', what);
    buf_add_char(c->to, '\n');
}

static void offer_words(struct completion *c, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_next(&rest, '|', &word))
        offer(c, word, NULL);
}

static void offer_commands(struct completion *c)
{
    for (size_t i = 0; commands[i] != NULL; i++)
        if (!(commands[i]->flags & HIDDEN))
            offer(c, str_of(commands[i]->name), commands[i]->summary);
}

static void offer_actions(struct completion *c)
{
    struct action_walk walk = { .only = NULL };
    for (const struct action *x; (x = action_next(&walk)) != NULL;)
        offer(c, str_of(x->name), x->title);
}

static void offer_files(struct completion *c)
{
    buf_add_text(c->to, ":files\n");
}

static bool is_file(struct str what)
{
    return str_is(what, "FILE") || str_is(what, "DIR") || str_starts(what, "PATH|");
}

/* The tables of options that hold now; n of them. */
static size_t tables_of(const struct completion *c, const struct option *tables[3])
{
    size_t n = 0;
    tables[n++] = common_options;
    if (c->command != NULL)
        tables[n++] = c->command->options;
    if (c->command != NULL && c->command->shared_options != NULL)
        tables[n++] = c->command->shared_options;
    return n;
}

static const struct option *find_option(const struct completion *c, struct str name)
{
    const struct option *tables[3];
    size_t n = tables_of(c, tables);
    for (size_t i = 0; i < n; i++)
        for (const struct option *o = tables[i]; o->name != NULL; o++)
            if (str_is(name, o->name))
                return o;
    return NULL;
}

static bool is_call(const struct completion *c)
{
    return c->command == &command_call && c->action != NULL;
}

static bool is_paging_name(const struct action *x, struct str name)
{
    return x->paging != NULL &&
           (str_is(name, x->paging->place_name) || str_is(name, x->paging->size_name));
}

/* Whether the word after this one is its value. */
static bool takes_value(const struct completion *c, struct str word)
{
    struct str name = str_from(word, 2);
    if (!str_starts(word, "--") || memchr(word.at, '=', word.len) != NULL)
        return false;
    const struct option *o = find_option(c, name);
    if (o != NULL)
        return o->kind != OPTION_FLAG;
    return is_call(c) && (action_param(c->action, name) != NULL || is_paging_name(c->action, name));
}

static void offer_value(struct completion *c, struct str name)
{
    const struct option *o = find_option(c, name);
    const struct param *p = is_call(c) ? action_param(c->action, name) : NULL;
    if (o != NULL && o->choices != NULL)
        offer_words(c, o->choices);
    else if (o != NULL && o->argument != NULL && is_file(str_of(o->argument)))
        offer_files(c);
    else if (o == NULL && p != NULL && p->choices != NULL)
        offer_words(c, p->choices);
    else if (o == NULL && p != NULL && p->type == PARAM_BOOLEAN)
        offer_words(c, "true|false");
}

static void offer_options(struct completion *c)
{
    const struct option *tables[3];
    for (size_t i = tables_of(c, tables); i-- > 0;)
        for (const struct option *o = tables[i]; o->name != NULL; o++)
            offer(c, str_of(arena_printf(c->a, "--%s", o->name)), o->doc);
    if (!is_call(c))
        return;
    for (const struct param *p = c->action->params; p->name != NULL; p++)
        if (param_is_told(p) && find_option(c, str_of(p->name)) == NULL)
            offer(c, str_of(arena_printf(c->a, "--%s", p->name)), p->doc);
    if (c->action->paging == NULL)
        return;
    offer(c, str_of(arena_printf(c->a, "--%s", c->action->paging->place_name)), "Which page.");
    offer(c, str_of(arena_printf(c->a, "--%s", c->action->paging->size_name)), "Records per page.");
}

/* What the row of the command names at this place: "preview|import FILE", "[show ACTION]". */
static void offer_word(struct completion *c)
{
    struct str rest = str_of(c->command->arguments), word = STR("");
    for (size_t i = 0; i <= c->n_words; i++)
        if (!str_next(&rest, ' ', &word))
            return;
    while (str_starts(word, "["))
        word = str_from(word, 1);
    while (str_ends(word, "]"))
        word.len--;
    if (str_is(word, "ACTION"))
        offer_actions(c);
    else if (is_file(word))
        offer_files(c);
    else if (word.len > 0 && word.at[0] >= 'a' && word.at[0] <= 'z')
        offer_words(c, arena_text(c->a, word));
}

static const struct command *command_of(const char *name)
{
    for (size_t i = 0; commands[i] != NULL; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* One word before the last; true when the next is its value. */
static bool pass(struct completion *c, const char *word, bool *is_help)
{
    if (strncmp(word, "--", 2) == 0)
        return takes_value(c, str_of(word));
    if (c->command == NULL) {
        *is_help = *is_help || strcmp(word, "help") == 0;
        c->command = command_of(word);
        return false;
    }
    c->n_words++;
    const struct action *x = c->action == NULL ? action_find(str_of(word)) : NULL;
    if (x != NULL)
        c->action = overrides_row(c->overrides, x);
    return false;
}

void complete_words(struct arena *a, struct buf *to, enum shell shell,
                    const struct overrides *overrides, const char *const *words, size_t n)
{
    struct completion c = {
        .a = a, .to = to, .shell = shell, .overrides = overrides, .before = STR("")
    };
    bool is_value = false, is_help = false;
    for (size_t i = 0; i + 1 < n; i++)
        is_value = is_value ? false : pass(&c, words[i], &is_help);
    c.typed = n > 0 ? str_of(words[n - 1]) : STR("");
    struct str value = c.typed, name;
    bool is_option = str_starts(c.typed, "-");
    if (is_value) {
        offer_value(&c, str_from(str_of(words[n - 2]), 2));
    } else if (is_option && str_next(&value, '=', &name) && value.at != NULL) {
        c.before = (struct str){ c.typed.at, name.len + 1 };
        c.typed = value;
        offer_value(&c, str_from(name, 2));
    } else if (is_option) {
        offer_options(&c);
    } else if (c.command == NULL) {
        offer_commands(&c);
    } else if (!is_help) {
        offer_word(&c);
    }
}
