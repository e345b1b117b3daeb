/* The program: finds the command, parses its options, opens the hub, runs it, and says what went
 * wrong. The only place where errors are printed and the process gets its exit code. */
#include "base/log.h"
#include "base/os.h"
#include "cli/command.h"
#include "cli/commands.h"

#include <signal.h>

static atomic_bool cancelled;

static void on_signal(int number)
{
    if (atomic_exchange(&cancelled, true) && !os_is_critical())
        _exit(128 + number); /* asked twice: now */
}

const struct option common_options[] = {
    { .name = "data",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct common_options, data),
      .argument = "DIR",
      .doc = "Where store and key lie. Default: STELLION_DATA, else ~/.local/share/stellion." },
    { .name = "output",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct common_options, output),
      .choices = "table|json|csv",
      .doc = "Form of lists on standard output. Default: table." },
    { .name = "log-level",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct common_options, log_level),
      .choices = "debug|info|warning|error|nothing",
      .doc = "What is logged on standard error. Default: STELLION_LOG, else warning." },
    { .name = "help",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct common_options, help),
      .doc = "Help on the program or on a command." },
    OPTION_END,
};

static void tell(void *context, const char *sentence)
{
    (void)context;
    say("stellion: %s\n", sentence);
}

static int report(const struct error *err)
{
    if (err->text[0] == '\0')
        return status_row(err->code)->exit;
    say("stellion: %s", err->text);
    if (err->request_id[0] != '\0')
        say(" (request id %s)", err->request_id);
    say("\n");
    if (err->hint[0] != '\0')
        say("  %s\n", err->hint);
    return status_row(err->code)->exit;
}

static enum status print_help(struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    buf_add_text(&text,
                 "stellion compares what TD SYNNEX charges with what you bill, and finds the "
                 "difference.\n\nUsage: stellion COMMAND [OPTIONS]\n\nCommands:\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        if (!(commands[i]->flags & HIDDEN))
            buf_printf(&text, "  %-15s %s\n", commands[i]->name, commands[i]->summary);
    buf_add_text(&text, "\nOptions of every command:\n");
    options_help(&text, common_options);
    buf_add_text(&text, "  --version                   The version of the program.\n\n"
                        "`stellion COMMAND --help` tells more about one.\n");
    return output_text(buf_str(&text), err);
}

static enum status print_command_help(const struct command *command, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    buf_printf(&text, "Usage: stellion %s%s%s%s\n\n", command->name,
               command->arguments[0] != '\0' ? " " : "", command->arguments,
               command->options[0].name != NULL ? " [OPTIONS]" : "");
    text_wrap(&text, command->doc, 0, 0, 100);
    if (command->options[0].name != NULL) {
        buf_add_text(&text, "\nOptions:\n");
        options_help(&text, command->options);
        if (command->shared_options != NULL)
            options_help(&text, command->shared_options);
    }
    buf_add_text(&text, "\nOptions of every command:\n");
    options_help(&text, common_options);
    return output_text(buf_str(&text), err);
}

static enum status find_command(struct str name, const struct command **ret_command,
                                struct error *err)
{
    const char *names[64];
    size_t n = 0;
    for (; commands[n] != NULL && n < ARRAY_LEN(names); n++) {
        names[n] = commands[n]->name;
        if (str_is(name, names[n])) {
            *ret_command = commands[n];
            return ST_OK;
        }
    }
    const char *near = nearest_name(name, names, n);
    fail(err, ST_INVALID, "there is no command '%.*s'", STR_PRINT(name));
    if (near != NULL)
        hint(err, "Did you mean `stellion %s`?", near);
    else
        hint(err, "`stellion --help` lists the commands.");
    return ST_INVALID;
}

static enum status apply_common(struct context *c, struct error *err)
{
    const char *level_name = os_environment("STELLION_LOG");
    struct str level_text =
        c->common.log_level.at != NULL ? c->common.log_level : str_of(level_name);
    enum log_level level = LOG_WARNING;
    if (level_text.at != NULL && !log_level_of(level_text, &level))
        return fail(err, ST_INVALID, "STELLION_LOG must be debug, info, warning, error or nothing");
    log_set_level(level);
    c->format = str_is(c->common.output, "json")  ? FORMAT_JSON
                : str_is(c->common.output, "csv") ? FORMAT_CSV
                                                  : FORMAT_TABLE;
    return ST_OK;
}

enum status parse_arguments(struct context *c, const struct option *more, void *more_settings,
                            struct error *err)
{
    static const struct option none[] = { OPTION_END };
    const struct option *shared = c->command->shared_options;
    const struct option *const tables[] = { common_options, c->command->options,
                                            shared != NULL ? shared : none, more, NULL };
    void *const settings[] = { &c->common, c->settings, c->settings, more_settings };
    TRY(options_parse(c->a, tables, settings, c->n_arguments, c->arguments, &c->words, &c->n_words,
                      err));
    return apply_common(c, err);
}

static enum status check_words(const struct context *c, struct error *err)
{
    const struct command *command = c->command;
    if (c->n_words >= command->least_words && c->n_words <= command->most_words)
        return ST_OK;
    fail(err, ST_INVALID, "usage: stellion %s %s", command->name, command->arguments);
    hint(err, "`stellion %s --help` tells more.", command->name);
    return ST_INVALID;
}

static enum status data_directory(struct context *c, const char **ret_directory, struct error *err)
{
    const char *environment = os_environment("STELLION_DATA");
    const char *xdg = os_environment("XDG_DATA_HOME"), *home = os_home();
    if (c->common.data.len > 0)
        *ret_directory = arena_text(c->a, c->common.data);
    else if (environment != NULL)
        *ret_directory = environment;
    else if (xdg != NULL)
        *ret_directory = arena_printf(c->a, "%s/stellion", xdg);
    else if (home != NULL)
        *ret_directory = arena_printf(c->a, "%s/.local/share/stellion", home);
    else
        return fail(err, ST_INVALID, "there is no home directory; say --data DIR");
    return ST_OK;
}

enum status load_overrides(struct context *c, struct error *err)
{
    const char *directory = NULL;
    for (int i = 0; c->common.data.at == NULL && i < c->n_arguments; i++) {
        const char *argument = c->arguments[i];
        if (strncmp(argument, "--data=", 7) == 0)
            c->common.data = str_of(argument + 7);
        else if (strcmp(argument, "--data") == 0 && i + 1 < c->n_arguments)
            c->common.data = str_of(c->arguments[i + 1]);
    }
    TRY(data_directory(c, &directory, err));
    return hub_overrides(c->a, directory, &c->overrides, err);
}

enum status open_hub(struct context *c, struct error *err)
{
    const char *directory = NULL;
    struct error ignored;
    TRY(data_directory(c, &directory, err));
    TRY(hub_open(directory, clock_real(), &cancelled, &c->hub, err));
    c->hub->tell = tell;
    if (!(c->command->flags & NO_KEEP_ALIVE)) /* its faults are told, and do not stop a command */
        (void)hub_keep_alive(c->hub, KEEP_ALIVE_AGE_MS, &ignored);
    return ST_OK;
}

/* The command's own help is asked for with --help before any of its words. */
static bool asks_for_help(const struct context *c)
{
    const struct option *const before[] = { common_options, c->command->options, NULL };
    int place = options_first_word(before, 0, c->n_arguments, c->arguments);
    bool asks = false;
    for (int i = 0; i < place; i++)
        asks = asks || strcmp(c->arguments[i], "--help") == 0;
    return asks && place == c->n_arguments;
}

static enum status run_command(struct context *c, struct error *err)
{
    c->settings = arena_alloc(c->a, c->command->settings_bytes);
    if (c->command->set_defaults != NULL)
        c->command->set_defaults(c->settings);
    bool parses_itself = (c->command->flags & PARSES_ITSELF) != 0;
    if (parses_itself) /* help on its words is its own business */
        c->common.help = asks_for_help(c);
    else
        TRY(parse_arguments(c, NULL, NULL, err));
    if (c->common.help)
        return print_command_help(c->command, err);
    if (!parses_itself) {
        TRY(check_words(c, err));
        if (c->command->flags & NEEDS_HUB)
            TRY(open_hub(c, err));
    }
    enum status s = c->command->run(c, err);
    hub_close(c->hub);
    return s;
}

/* Help, unless an option is wrong. */
static enum status run_without_command(struct context *c, int n_arguments, char *const *arguments,
                                       struct error *err)
{
    const struct option *const tables[] = { common_options, NULL };
    void *const settings[] = { &c->common };
    TRY(options_parse(c->a, tables, settings, n_arguments, arguments, &c->words, &c->n_words, err));
    return print_help(err);
}

static enum status run(struct arena *a, int n_arguments, char *const *arguments, struct error *err)
{
    const struct option *const before[] = { common_options, NULL };
    int place = options_first_word(before, 1, n_arguments, arguments);
    for (int i = 1; i < place && i < n_arguments; i++)
        if (strcmp(arguments[i], "--version") == 0)
            return output_text(STR("stellion " STELLION_VERSION "\n"), err);
    struct context c = { .a = a, .cancelled = &cancelled };
    if (place < n_arguments && strcmp(arguments[place], "help") == 0) {
        if (++place >= n_arguments)
            return print_help(err);
        TRY(find_command(str_of(arguments[place]), &c.command, err));
        return print_command_help(c.command, err);
    }
    if (place >= n_arguments)
        return run_without_command(&c, n_arguments - 1, arguments + 1, err);
    TRY(find_command(str_of(arguments[place]), &c.command, err));
    char **rest = ARENA_ARRAY(a, (size_t)n_arguments, char *);
    for (int i = 1; i < n_arguments; i++)
        if (i != place)
            rest[c.n_arguments++] = arguments[i];
    c.arguments = rest;
    return run_command(&c, err);
}

int main(int n_arguments, char **arguments)
{
    os_keep_standard_descriptors();
    struct sigaction action = { .sa_handler = on_signal };
    (void)sigaction(SIGINT, &action, NULL); /* cannot fail for these */
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    struct error err;
    error_clear(&err);
    enum status s = run(&a, n_arguments, arguments, &err);
    int exit_code = s == ST_OK ? 0 : report(&err);
    arena_free(&a);
    return exit_code;
}
