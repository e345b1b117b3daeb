/* Options that say how a bill file is to be read; shared by `bill` and `reconcile`. The same names
 * stand in a profile file, one "name = value" per line. */
#pragma once

#include "cli/command.h"

struct bill_settings {
    struct str profile, delimiter, encoding, decimal_mark, grouping;
    struct str columns[ROLES];
    struct str currency, period;
    int64_t skip_rows;
    bool skip_bad;
};

extern const struct option bill_options[];

/* Before parsing. `settings` is a struct bill_settings, or begins with one. */
void bill_options_defaults(void *settings);

/* The import options of file, profile file and command line; the latter wins. */
enum status bill_options_read(struct context *c, const struct bill_settings *settings,
                              const char *file_name, struct bill_import_options *ret_options,
                              struct error *err);

/* The lines that are wrong, and what was rounded. */
void bill_say_problems(struct context *c, const struct bill_import_result *result);

/* Imports a bill and tells what came of it. */
enum status bill_import_told(struct context *c, const char *path,
                             const struct bill_import_options *options, struct error *err);
