/* Printing what a remote answered: as it came, the part that a query names, or as rows. */
#pragma once

#include "cli/command.h"

struct answer_options {
    struct str query; /* STR_NONE: all of it */
    bool raw;         /* the bytes as they came */
};

/* Faults of the command line that can be told before anything is sent. */
enum status answer_check(const struct context *c, const struct answer_options *options,
                         struct error *err);

/* `answer` is JSON unless `raw`; `action` tells where the records of a list stand. */
enum status answer_print(struct context *c, const struct action *action, struct str answer,
                         const struct answer_options *options, struct error *err);
