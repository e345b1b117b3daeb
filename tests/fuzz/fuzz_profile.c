/* Profile files: what they say is what the import is told, line by line, the last one of a name
 * winning; nothing outside the known choices gets through. */
#include "fuzz.h"

#include "cli/bill_options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Sentences for people are not looked at here. */
void say(const char *format, ...)
{
    (void)format;
}

/* Name of a file in memory that holds the text. */
static const char *file_with(struct arena *a, struct str text)
{
    static int handle = -1;
    if (handle < 0)
        handle = memfd_create("profile", MFD_CLOEXEC);
    HOLDS(handle >= 0 && ftruncate(handle, 0) == 0);
    HOLDS(pwrite(handle, text.at, text.len, 0) == (ssize_t)text.len);
    return arena_printf(a, "/proc/self/fd/%d", handle);
}

/* The value of the last line of this name; STR_NONE when there is none. */
static struct str last_value(struct str text, const char *name)
{
    struct str line, found = STR_NONE;
    if (str_starts(text, "\xef\xbb\xbf"))
        text = str_from(text, 3);
    while (str_next(&text, '\n', &line)) {
        struct str value = str_trim(line), key;
        if (value.len == 0 || value.at[0] == '#')
            continue;
        (void)str_next(&value, '=', &key);
        if (value.at != NULL && str_is(str_trim(key), name))
            found = str_trim(value);
    }
    return found;
}

static char mark_of(struct str name, char otherwise)
{
    static const struct {
        const char *name;
        char mark;
    } rows[] = { { "comma", ',' }, { "semicolon", ';' },   { "tab", '\t' },  { "pipe", '|' },
                 { "point", '.' }, { "apostrophe", '\'' }, { "space", ' ' }, { "none", 0 } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_is(name, rows[i].name))
            return rows[i].mark;
    HOLDS(name.at == NULL);
    return otherwise;
}

static void the_import_is_told_what_the_file_says(struct arena *a, struct str text,
                                                  const struct bill_import_options *options)
{
    const struct bill_profile *p = &options->profile;
    HOLDS(p->delimiter == mark_of(last_value(text, "delimiter"), 0));
    HOLDS(p->decimal_mark == mark_of(last_value(text, "decimal-mark"), '.'));
    HOLDS(p->grouping == mark_of(last_value(text, "grouping"), p->decimal_mark == '.' ? ',' : '.'));
    HOLDS(p->grouping != p->decimal_mark);
    struct str encoding = last_value(text, "encoding"), rows = last_value(text, "skip-rows");
    HOLDS(encoding.at == NULL || str_is(encoding, "utf-8") || str_is(encoding, "cp1252"));
    HOLDS(p->is_cp1252 == str_is(encoding, "cp1252"));
    int64_t number = 0;
    HOLDS(rows.at == NULL || (str_integer(rows, &number) && number >= 0));
    HOLDS(p->skip_rows == number);
    HOLDS(options->skip_bad == str_is(last_value(text, "skip-bad"), "true"));
    struct str currency = last_value(text, "currency"), period = last_value(text, "period");
    HOLDS(str_equal(p->currency, currency) && (p->currency.at == NULL) == (currency.at == NULL));
    HOLDS(str_equal(p->period, period) && (p->period.at == NULL) == (period.at == NULL));
    for (enum bill_role role = 0; role < ROLES; role++) {
        struct str column = last_value(text, arena_printf(a, "%s-column", role_name(role)));
        HOLDS(str_equal(p->columns[role], column));
        HOLDS((p->columns[role].at == NULL) == (column.at == NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct str text = { (const char *)data, size };
    struct context context = { .a = &a };
    struct bill_settings settings = { .profile = str_of(file_with(&a, text)) };
    struct bill_import_options options;
    struct error err;
    bill_options_defaults(&settings);
    enum status s = bill_options_read(&context, &settings, "fuzz.csv", &options, &err);
    if (s != ST_OK)
        holds_error(s, &err);
    else
        the_import_is_told_what_the_file_says(&a, text, &options);
    return 0;
}
