/* Option rows at work. */
#include "base/options.h"

#include "base/buf.h"

#define HELP_COLUMN  30
#define HELP_COLUMNS 100
#define NAMES_MAX    512
#define NAME_BYTES   64

static size_t edit_distance(struct str a, struct str b)
{
    size_t row[NAME_BYTES + 1];
    if (a.len > NAME_BYTES || b.len > NAME_BYTES)
        return NAME_BYTES;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = diagonal + (a.at[i - 1] != b.at[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b.len];
}

const char *nearest_name(struct str typed, const char *const *names, size_t n_names)
{
    const char *nearest = NULL;
    size_t least = 1 + (typed.len + 2) / 3;
    for (size_t i = 0; i < n_names; i++) {
        size_t distance = edit_distance(typed, str_of(names[i]));
        if (distance < least) {
            least = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

struct match {
    const struct option *option;
    void *settings;
    bool negated;
};

static bool find(const struct option *const *tables, struct str name, size_t *ret_table,
                 struct match *ret_match)
{
    for (size_t t = 0; tables[t] != NULL; t++) {
        for (const struct option *o = tables[t]; o->name != NULL; o++) {
            bool negated = o->kind == OPTION_FLAG && str_starts(name, "no-") &&
                           str_is(str_from(name, 3), o->name);
            if (negated || str_is(name, o->name)) {
                *ret_match = (struct match){ .option = o, .negated = negated };
                *ret_table = t;
                return true;
            }
        }
    }
    return false;
}

static enum status unknown_option(const struct option *const *tables, struct str name,
                                  struct error *err)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (size_t t = 0; tables[t] != NULL; t++)
        for (const struct option *o = tables[t]; o->name != NULL && n < NAMES_MAX; o++)
            names[n++] = o->name;
    const char *near = nearest_name(name, names, n);
    fail(err, ST_INVALID, "there is no option --%.*s here", STR_PRINT(name));
    if (near != NULL)
        hint(err, "Did you mean --%s?", near);
    return ST_INVALID;
}

static enum status set_number(const struct option *o, struct str value, int64_t *to,
                              struct error *err)
{
    int64_t most = o->least == 0 && o->most == 0 ? INT64_MAX : o->most;
    int64_t number;
    if (!str_integer(value, &number))
        return fail(err, ST_INVALID, "--%s needs a whole number, not '%.*s'", o->name,
                    STR_PRINT(value));
    if (number < o->least || number > most)
        return fail(err, ST_INVALID, "--%s must be from %lld to %lld, not %lld", o->name,
                    (long long)o->least, (long long)most, (long long)number);
    *to = number;
    return ST_OK;
}

static enum status set_choice(const struct option *o, struct str value, struct str *to,
                              struct error *err)
{
    struct str rest = str_of(o->choices), choice;
    while (str_next(&rest, '|', &choice))
        if (str_equal(choice, value)) {
            *to = value;
            return ST_OK;
        }
    return fail(err, ST_INVALID, "--%s must be one of %s, not '%.*s'", o->name, o->choices,
                STR_PRINT(value));
}

static enum status set_value(const struct match *m, struct str value, struct error *err)
{
    const struct option *o = m->option;
    void *to = (char *)m->settings + o->offset;
    struct option_list *list = to;
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)to = !m->negated;
        return ST_OK;
    case OPTION_TEXT:
        *(struct str *)to = value;
        return ST_OK;
    case OPTION_NUMBER:
        return set_number(o, value, to, err);
    case OPTION_CHOICE:
        return set_choice(o, value, to, err);
    case OPTION_LIST:
        if (list->n == OPTION_LIST_MAX)
            return fail(err, ST_INVALID, "--%s was given more than %d times", o->name,
                        OPTION_LIST_MAX);
        list->at[list->n++] = value;
        return ST_OK;
    }
    return fail(err, ST_INTERNAL, "option --%s has no kind", o->name);
}

/* At "--name", "--name=value" or "--name value"; moves *i past what it used. */
static enum status take_option(const struct option *const *tables, void *const *settings,
                               int n_arguments, char *const *arguments, int *i, struct error *err)
{
    struct str value = str_of(arguments[*i] + 2), name;
    (void)str_next(&value, '=', &name);
    struct match m;
    size_t table;
    if (!find(tables, name, &table, &m))
        return unknown_option(tables, name, err);
    m.settings = settings[table];
    ++*i;
    if (m.option->kind == OPTION_FLAG) {
        if (value.at != NULL)
            return fail(err, ST_INVALID, "--%s takes no value", m.option->name);
    } else if (value.at == NULL) {
        if (*i >= n_arguments)
            return fail(err, ST_INVALID, "--%s needs a value: %s", m.option->name,
                        m.option->choices != NULL ? m.option->choices : m.option->argument);
        value = str_of(arguments[(*i)++]);
    }
    return set_value(&m, value, err);
}

enum status options_parse(struct arena *a, const struct option *const *tables,
                          void *const *settings, int n_arguments, char *const *arguments,
                          const char *const **ret_words, size_t *ret_n_words, struct error *err)
{
    const char **words = ARENA_ARRAY(a, (size_t)n_arguments + 1, const char *);
    size_t n_words = 0;
    bool only_words = false;
    for (int i = 0; i < n_arguments;) {
        const char *argument = arguments[i];
        if (!only_words && strcmp(argument, "--") == 0) {
            only_words = true;
            i++;
        } else if (!only_words && strncmp(argument, "--", 2) == 0) {
            TRY(take_option(tables, settings, n_arguments, arguments, &i, err));
        } else {
            words[n_words++] = argument;
            i++;
        }
    }
    *ret_words = words;
    *ret_n_words = n_words;
    return ST_OK;
}

int options_first_word(const struct option *const *tables, int from, int n_arguments,
                       char *const *arguments)
{
    int i = from;
    while (i < n_arguments && strncmp(arguments[i], "--", 2) == 0) {
        struct match m;
        size_t table;
        bool takes_value =
            find(tables, str_of(arguments[i] + 2), &table, &m) && m.option->kind != OPTION_FLAG;
        i += takes_value ? 2 : 1;
    }
    return i < n_arguments ? i : n_arguments;
}

void text_wrap(struct buf *to, const char *text, size_t indent, size_t at_column, size_t columns)
{
    struct str rest = str_of(text), word;
    bool first = true;
    while (str_next(&rest, ' ', &word)) {
        if (!first && at_column + 1 + word.len > columns) {
            buf_printf(to, "\n%*s", (int)indent, "");
            at_column = indent;
            first = true;
        }
        if (!first) {
            buf_add_char(to, ' ');
            at_column++;
        }
        buf_add(to, word);
        at_column += word.len;
        first = false;
    }
    buf_add_char(to, '\n');
}

void options_help(struct buf *to, const struct option *table)
{
    for (const struct option *o = table; o->name != NULL; o++) {
        size_t start = to->len;
        buf_printf(to, "  --%s", o->name);
        if (o->kind == OPTION_CHOICE)
            buf_printf(to, " %s", o->choices);
        else if (o->argument != NULL)
            buf_printf(to, " %s", o->argument);
        size_t used = to->len - start;
        if (used + 2 > HELP_COLUMN) {
            buf_add_char(to, '\n');
            used = 0;
        }
        buf_printf(to, "%*s", (int)(HELP_COLUMN - used), "");
        text_wrap(to, o->doc, HELP_COLUMN, HELP_COLUMN, HELP_COLUMNS);
    }
}
