/* Reading the options of a bill. */
#include "cli/bill_options.h"

#include "base/os.h"

#define NOT_SAID (-1)

#define BILL_TEXT(option_name, member, option_argument, option_doc)                                \
    {                                                                                              \
        .name = option_name, .kind = OPTION_TEXT,                                                  \
        .offset = offsetof(struct bill_settings, member), .argument = option_argument,             \
        .doc = option_doc                                                                          \
    }
#define COLUMN(role_option, role)                                                                  \
    BILL_TEXT(role_option "-column", columns[role], "NAME|NUMBER",                                 \
              "Column of the " role_option ": its header, or its place from 1.")

const struct option bill_options[] = {
    BILL_TEXT("profile", profile, "PATH", "File of such options, one \"name = value\" per line."),
    { .name = "delimiter",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct bill_settings, delimiter),
      .choices = "comma|semicolon|tab|pipe",
      .doc = "Between the cells. Default: what the first line holds most of." },
    { .name = "encoding",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct bill_settings, encoding),
      .choices = "utf-8|cp1252",
      .doc = "Default: utf-8, with or without BOM." },
    { .name = "decimal-mark",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct bill_settings, decimal_mark),
      .choices = "point|comma",
      .doc = "Default: point." },
    { .name = "grouping",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct bill_settings, grouping),
      .choices = "none|point|comma|space|apostrophe",
      .doc = "Between groups of three digits. Default: the other one of point and comma." },
    COLUMN("account", ROLE_ACCOUNT),
    COLUMN("product", ROLE_PRODUCT),
    COLUMN("part", ROLE_PART),
    COLUMN("quantity", ROLE_QUANTITY),
    COLUMN("price", ROLE_PRICE),
    COLUMN("currency", ROLE_CURRENCY),
    COLUMN("period", ROLE_PERIOD),
    BILL_TEXT("currency", currency, "CODE", "Currency of lines that name none."),
    BILL_TEXT("period", period, "PERIOD",
              "What a price covers where a line does not say: monthly (default), annual, ..."),
    { .name = "skip-rows",
      .kind = OPTION_NUMBER,
      .offset = offsetof(struct bill_settings, skip_rows),
      .argument = "N",
      .doc = "Lines above the header." },
    { .name = "skip-bad",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct bill_settings, skip_bad),
      .doc = "Import the good lines and list the others. Without it one bad line stops all." },
    OPTION_END,
};

static bool is_flag(struct str name)
{
    for (const struct option *o = bill_options; o->name != NULL; o++)
        if (o->kind == OPTION_FLAG && str_is(name, o->name))
            return true;
    return false;
}

/* "name = value" as the option that it is; a flag is true or false. */
static enum status read_profile_line(struct context *c, struct str line,
                                     struct bill_settings *settings, struct error *err)
{
    const struct option *const tables[] = { bill_options, NULL };
    void *const targets[] = { settings };
    const char *const *words;
    size_t n_words;
    struct str value = line, name;
    (void)str_next(&value, '=', &name);
    if (value.at == NULL)
        return fail(err, ST_INVALID, "'%.*s' is not \"name = value\"", STR_PRINT(line));
    name = str_trim(name);
    value = str_trim(value);
    char *argument = arena_printf(c->a, "--%.*s=%.*s", STR_PRINT(name), STR_PRINT(value));
    if (is_flag(name) && (str_is(value, "true") || str_is(value, "false")))
        argument =
            arena_printf(c->a, "--%s%.*s", str_is(value, "true") ? "" : "no-", STR_PRINT(name));
    return options_parse(c->a, tables, targets, 1, &argument, &words, &n_words, err);
}

/* A profile file is read as if each of its lines were an option. */
static enum status read_profile(struct context *c, struct str path, struct bill_settings *settings,
                                struct error *err)
{
    struct str text, line;
    int number = 0;
    TRY(os_read_file(c->a, arena_text(c->a, path), LIMIT_SMALL_FILE_BYTES, &text, err));
    if (str_starts(text, "\xef\xbb\xbf"))
        text = str_from(text, 3);
    if (memchr(text.at, '\0', text.len) != NULL)
        return fail(err, ST_INVALID, "%.*s holds the character NUL", STR_PRINT(path));
    while (str_next(&text, '\n', &line)) {
        number++;
        line = str_trim(line);
        if (line.len == 0 || line.at[0] == '#')
            continue;
        enum status s = read_profile_line(c, line, settings, err);
        if (s != ST_OK)
            return wrap(err, s, "%.*s, line %d", STR_PRINT(path), number);
    }
    return ST_OK;
}

void bill_options_defaults(void *settings)
{
    ((struct bill_settings *)settings)->skip_rows = NOT_SAID;
}

/* Members that the command line gave win over the profile's. */
static void overlay(struct bill_settings *below, const struct bill_settings *above)
{
    for (const struct option *o = bill_options; o->name != NULL; o++) {
        const struct str *from =
            (const struct str *)(const void *)((const char *)above + o->offset);
        bool is_text = o->kind == OPTION_TEXT || o->kind == OPTION_CHOICE;
        if (is_text && from->at != NULL)
            *(struct str *)(void *)((char *)below + o->offset) = *from;
    }
    if (above->skip_rows != NOT_SAID)
        below->skip_rows = above->skip_rows;
    below->skip_bad = below->skip_bad || above->skip_bad;
}

static char grouping_of(const struct bill_settings *s, char decimal_mark)
{
    static const struct {
        const char *name;
        char mark;
    } rows[] = {
        { "none", 0 }, { "point", '.' }, { "comma", ',' }, { "space", ' ' }, { "apostrophe", '\'' }
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_is(s->grouping, rows[i].name))
            return rows[i].mark;
    return decimal_mark == '.' ? ',' : '.';
}

enum status bill_options_read(struct context *c, const struct bill_settings *settings,
                              const char *file_name, struct bill_import_options *ret_options,
                              struct error *err)
{
    struct bill_settings s = { .skip_rows = 0 };
    if (settings->profile.at != NULL)
        TRY(read_profile(c, settings->profile, &s, err));
    overlay(&s, settings);
    struct bill_profile p = {
        .delimiter = str_is(s.delimiter, "comma")       ? ','
                     : str_is(s.delimiter, "semicolon") ? ';'
                     : str_is(s.delimiter, "tab")       ? '\t'
                     : str_is(s.delimiter, "pipe")      ? '|'
                                                        : 0,
        .is_cp1252 = str_is(s.encoding, "cp1252"),
        .decimal_mark = str_is(s.decimal_mark, "comma") ? ',' : '.',
        .skip_rows = s.skip_rows,
        .currency = s.currency,
        .period = s.period,
    };
    p.grouping = grouping_of(&s, p.decimal_mark);
    if (p.grouping == p.decimal_mark)
        return fail(err, ST_INVALID, "--decimal-mark and --grouping cannot be the same");
    memcpy(p.columns, s.columns, sizeof p.columns);
    *ret_options = (struct bill_import_options){ p, file_name, s.skip_bad, c->cancelled };
    return ST_OK;
}

void bill_say_problems(struct context *c, const struct bill_import_result *result)
{
    for (size_t i = 0; i < result->n_problems; i++)
        say("  %s\n", bill_problem_text(c->a, &result->problems[i]));
    if (result->n_wrong > (int64_t)result->n_problems)
        say("  and %lld more\n", (long long)(result->n_wrong - (int64_t)result->n_problems));
    if (result->n_rounded > 0)
        say("Rounded to 8 decimals: %lld lines, the first %s.\n", (long long)result->n_rounded,
            bill_problem_text(c->a, &result->rounded));
}

enum status bill_import_told(struct context *c, const char *path,
                             const struct bill_import_options *options, struct error *err)
{
    struct bill_import_result result = { .bill_id = 0 };
    enum status s = hub_import_bill(c->hub, c->a, path, options, &result, err);
    if (result.n_wrong > 0)
        say("%lld lines of %s cannot be read:\n", (long long)result.n_wrong, path);
    bill_say_problems(c, &result);
    if (s == ST_OK)
        say("Imported %s: %lld lines, %lld customers, %lld products%s.\n", path,
            (long long)result.n_lines, (long long)result.n_accounts, (long long)result.n_services,
            result.n_wrong > 0 ? "; the lines above were skipped" : "");
    return s;
}
