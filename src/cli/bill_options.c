/* Reading the options of a bill. */
#include "cli/bill_options.h"

#include "base/os.h"

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

/* A profile file is read as if each of its lines were an option. */
static enum status read_profile(struct context *c, struct str path, struct bill_settings *settings,
                                struct error *err)
{
    struct str text, line;
    char *arguments[64];
    int n = 0;
    TRY(os_read_file(c->a, arena_text(c->a, path), LIMIT_SMALL_FILE_BYTES, &text, err));
    while (str_next(&text, '\n', &line)) {
        struct str value = str_trim(line), name;
        if (value.len == 0 || value.at[0] == '#')
            continue;
        (void)str_next(&value, '=', &name);
        if (value.at == NULL || n == (int)ARRAY_LEN(arguments))
            return fail(err, ST_INVALID, "%.*s: '%.*s' is not \"name = value\"", STR_PRINT(path),
                        STR_PRINT(line));
        arguments[n++] = arena_printf(c->a, "--%.*s=%.*s", STR_PRINT(str_trim(name)),
                                      STR_PRINT(str_trim(value)));
    }
    const struct option *const tables[] = { bill_options, NULL };
    void *const targets[] = { settings };
    const char *const *words;
    size_t n_words;
    enum status s = options_parse(c->a, tables, targets, n, arguments, &words, &n_words, err);
    return s == ST_OK ? ST_OK : wrap(err, s, "%.*s", STR_PRINT(path));
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
    if (above->skip_rows != 0)
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
    *ret_options = (struct bill_import_options){ p, file_name, s.skip_bad };
    return ST_OK;
}

static void list_problems(const struct bill_import_result *result)
{
    for (size_t i = 0; i < result->n_problems; i++) {
        const struct bill_problem *p = &result->problems[i];
        say("  line %zu, column %zu: %s\n", p->line, p->column, p->text);
    }
    if (result->n_wrong > (int64_t)result->n_problems)
        say("  and %lld more\n", (long long)(result->n_wrong - (int64_t)result->n_problems));
}

enum status bill_import_told(struct context *c, const char *path,
                             const struct bill_import_options *options, struct error *err)
{
    struct bill_import_result result = { .bill_id = 0 };
    enum status s = hub_import_bill(c->hub, c->a, path, options, &result, err);
    if (result.n_wrong > 0) {
        say("%lld lines of %s cannot be read:\n", (long long)result.n_wrong, path);
        list_problems(&result);
    }
    if (s == ST_OK)
        say("Imported %s: %lld lines, %lld customers, %lld products%s.\n", path,
            (long long)result.n_lines, (long long)result.n_accounts, (long long)result.n_services,
            result.n_wrong > 0 ? "; the lines above were skipped" : "");
    return s;
}
