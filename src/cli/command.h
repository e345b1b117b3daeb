/* Commands as rows, one file each (or a family): name, arguments, options, help and the function.
 * `stellion --help`, the help of each command, the dispatch and "did you mean" come from them. */
#pragma once

#include "base/options.h"
#include "cli/output.h"
#include "hub/hub.h"

/* Options that every command takes. */
struct common_options {
    struct str data, output, log_level;
    bool help;
};
extern const struct option common_options[];

struct command;

struct context {
    struct arena *a;
    const struct command *command;
    struct common_options common;
    void *settings;           /* of the command's own options, zeroed before parsing */
    const char *const *words; /* what is no option */
    size_t n_words;
    int n_arguments; /* all behind the command's name, for PARSES_ITSELF */
    char *const *arguments;
    enum format format;
    struct hub *hub;                   /* NULL unless the row says NEEDS_HUB */
    const struct overrides *overrides; /* after load_overrides; NULL: none */
    const atomic_bool *cancelled;
};

enum {
    NEEDS_HUB = 1,     /* the store is opened before, and old tokens are kept alive */
    PARSES_ITSELF = 2, /* its options depend on its words */
    HIDDEN = 8,        /* for programs: in no help */
    NO_KEEP_ALIVE = 4, /* ...but tokens are this command's own business */
};

struct command {
    const char *name;
    const char *arguments; /* "stellr|ion", "" */
    const char *summary;   /* one line, for the list */
    const char *doc;       /* sentences, for its own help */
    const struct option *options;
    const struct option *shared_options; /* of several commands, in the same struct; or NULL */
    size_t settings_bytes;
    void (*set_defaults)(void *settings); /* before parsing; NULL: all zero */
    size_t least_words, most_words;
    unsigned flags;
    enum status (*run)(struct context *c, struct error *err);
};

/* All of them; NULL ends. */
extern const struct command *const commands[];

/* Parses the arguments; a command that does it itself may add a table of its own. */
enum status parse_arguments(struct context *c, const struct option *more, void *more_settings,
                            struct error *err);

/* Opens the store and what is built on it; for NEEDS_HUB it is open already. */
enum status open_hub(struct context *c, struct error *err);

/* The corrections of rows in the data directory, for commands that show rows. They need no store,
 * and may ask before the options are parsed. */
enum status load_overrides(struct context *c, struct error *err);

/* A secret from a file or standard input ("-"), without its line end. */
enum status secret_from_file(struct arena *a, struct str path, const struct secret **ret_secret,
                             struct error *err);

/* "2026-11-20 14:05" in the workspace's zone; "-" for 0. */
struct str time_text(struct context *c, int64_t ms);

/* A day of a moment, as people write it: 2027-01-14 (UTC). */
struct str day_text(struct arena *a, int64_t ms);

#define OPTION_END                                                                                 \
    {                                                                                              \
        .name = NULL                                                                               \
    }
