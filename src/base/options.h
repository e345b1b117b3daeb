/* Command-line options as rows: parsing, --no-x, --x=value, help text and "did you mean" all come
 * from them. */
#pragma once

#include "base/arena.h"

enum option_kind {
    OPTION_FLAG,   /* bool: --x, --no-x */
    OPTION_TEXT,   /* struct str */
    OPTION_NUMBER, /* int64_t, within least and most */
    OPTION_CHOICE, /* struct str, one of `choices` ("a|b|c") */
    OPTION_LIST,   /* struct option_list: may be given several times */
};

#define OPTION_LIST_MAX 32

struct option_list {
    struct str at[OPTION_LIST_MAX];
    size_t n;
};

struct option {
    const char *name; /* without dashes; NULL ends the rows */
    enum option_kind kind;
    size_t offset;        /* of the member in the settings struct */
    const char *argument; /* what the value is, for the help: "DIR" */
    const char *doc;
    const char *choices;
    int64_t least, most; /* numbers; both 0: any that is not negative */
};

/* Parses into the settings struct at `settings`. Rows of all the given tables are known (a NULL
 * table ends them). What is no option is left in `ret_words`, in order; "--" ends options.
 * ST_INVALID names the option and, for an unknown one, the nearest known. */
enum status options_parse(struct arena *a, const struct option *const *tables,
                          void *const *settings, int n_arguments, char *const *arguments,
                          const char *const **ret_words, size_t *ret_n_words, struct error *err);

/* The place of the first word that is neither an option nor the value of one of these rows;
 * n_arguments when there is none. Options that are not in the tables count as flags. */
int options_first_word(const struct option *const *tables, int from, int n_arguments,
                       char *const *arguments);

/* The rows as help text, wrapped at 100 columns. */
struct buf;
void options_help(struct buf *to, const struct option *table);

/* Text wrapped at `columns`, each line after the first indented. */
void text_wrap(struct buf *to, const char *text, size_t indent, size_t at_column, size_t columns);

/* The name nearest to a mistyped one, by edit distance; NULL when none is near. */
const char *nearest_name(struct str typed, const char *const *names, size_t n_names);
