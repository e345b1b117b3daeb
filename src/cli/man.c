/* Manual pages (man(7) macros), from the rows of commands, statuses and actions. */
#include "cli/docs.h"

#include "cli/commands.h"
#include "remote/describe.h"

#define COLUMNS 60 /* escapes make them longer */

/* Text in roff: nothing in it is a request or an escape, and a dash can be copied. */
static void put_text(struct buf *to, struct str text)
{
    bool at_line_start = to->len == 0 || to->at[to->len - 1] == '\n';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (at_line_start && (c == '.' || c == '\''))
            buf_add_text(to, "\\&");
        if (c == '\\')
            buf_add_text(to, "\\e");
        else if (c == '"')
            buf_add_text(to, "\\(dq");
        else if (c == '-')
            buf_add_text(to, "\\-");
        else
            buf_add_char(to, c);
        at_line_start = c == '\n';
    }
}

/* A paragraph goes on, in lines that an editor and a checker like. */
static void put_line(struct buf *to, const char *text)
{
    SCOPED(buf_release) struct buf wrapped = BUF(LIMIT_SMALL_FILE_BYTES);
    text_wrap(&wrapped, text, 0, 0, COLUMNS);
    put_text(to, buf_str(&wrapped));
}

/* A macro with its argument, as one. */
static void put_macro(struct buf *to, const char *macro, const char *text)
{
    buf_printf(to, ".%s ", macro);
    put_text(to, str_of(text));
    buf_add_char(to, '\n');
}

static void put_header(struct buf *to, const char *title, const char *name, const char *what)
{
    buf_printf(to, ".TH %s 1 \"\" \"stellion %s\" \"User Commands\"\n.SH NAME\n%s \\- %s\n", title,
               STELLION_VERSION, name, what);
}

static void put_options(struct arena *a, struct buf *to, const struct option *rows)
{
    for (const struct option *o = rows; rows != NULL && o->name != NULL; o++) {
        const char *value = o->kind == OPTION_CHOICE ? o->choices : o->argument;
        buf_add_text(to, ".TP\n");
        put_macro(to, "B",
                  arena_printf(a, "--%s%s%s", o->name, value != NULL ? " " : "",
                               value != NULL ? value : ""));
        put_line(to, o->doc);
    }
}

static void put_command(struct arena *a, struct buf *to, const struct command *command)
{
    put_macro(to, "SS",
              arena_printf(a, "%s %s", command->name,
                           command->arguments[0] != '\0' ? command->arguments : "[OPTIONS]"));
    put_line(to, command->doc);
    put_options(a, to, command->options);
    put_options(a, to, command->shared_options);
}

static void put_statuses(struct arena *a, struct buf *to)
{
    buf_add_text(to, ".SH EXIT STATUS\n");
    for (enum status s = ST_OK; s < STATUS_COUNT; s++) {
        const struct status_row *row = status_row(s);
        const char *advice = status_advice(s);
        buf_add_text(to, ".TP\n");
        put_macro(to, "B", arena_printf(a, "%d", row->exit));
        put_line(to, row->sentence);
        if (advice[0] != '\0')
            put_line(to, arena_printf(a, "What to do: %s.", advice));
    }
}

static void put_environment(struct buf *to)
{
    static const char *const rows[][2] = {
        { "STELLION_DATA", "Where store and key lie, unless --data says otherwise." },
        { "STELLION_LOG", "What is logged, unless --log-level says otherwise." },
        { "XDG_DATA_HOME", "Where the store lies when neither is given: in stellion below it." },
        { "https_proxy, no_proxy", "Obeyed for connections to the marketplaces." },
    };
    buf_add_text(to, ".SH ENVIRONMENT\n");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_add_text(to, ".TP\n");
        put_macro(to, "B", rows[i][0]);
        put_line(to, rows[i][1]);
    }
}

void man_program(struct arena *a, struct buf *to)
{
    put_header(to, "STELLION", "stellion", "compare and manage cloud licences of TD SYNNEX");
    buf_add_text(to, ".SH SYNOPSIS\n.B stellion\n.I COMMAND\n[\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n");
    put_line(to, "Stellion connects a managed service provider with TD SYNNEX's marketplaces "
                 "StreamOne Stellr and StreamOne Ion: it keeps what they hold, compares it with "
                 "what is billed, and runs every operation that they offer.");
    buf_add_text(to, ".SH COMMANDS\n");
    for (size_t i = 0; commands[i] != NULL; i++)
        if (!(commands[i]->flags & HIDDEN))
            put_command(a, to, commands[i]);
    buf_add_text(to, ".SH OPTIONS OF EVERY COMMAND\n");
    put_options(a, to, common_options);
    put_environment(to);
    put_statuses(a, to);
    buf_add_text(to, ".SH SEE ALSO\n.BR stellion\\-actions (1)\n");
}

static void put_params(struct arena *a, struct buf *to, const struct param *rows,
                       const char *before)
{
    for (const struct param *p = rows; p->name != NULL; p++) {
        bool is_member = before[0] != '\0';
        bool is_wanted = is_member ? p->need == REQUIRED : param_is_wanted(p);
        const char *name = arena_printf(a, "%s%s", before, p->name);
        if (!param_is_told(p))
            continue;
        buf_add_text(to, ".TP\n");
        put_macro(to, "B",
                  arena_printf(a, "%s%s %s%s", is_member ? "" : "--", name,
                               param_type_name(p->type), is_wanted ? " (required)" : ""));
        put_line(to, param_words(a, p).at);
        if (p->members != NULL)
            put_params(a, to, p->members,
                       arena_printf(a, "%s%s.", name, p->type == PARAM_LIST ? "[]" : ""));
    }
}

static void put_action(struct arena *a, struct buf *to, const struct action *x)
{
    put_macro(to, "SS", x->name);
    put_line(to, arena_printf(a, "%s: %s", x->title, x->doc));
    buf_add_text(to, ".PP\n");
    if (action_is_recipe(x))
        put_line(to, arena_printf(a, "A procedure around %s.", x->made_of));
    else
        put_line(to, arena_printf(a, "%s %s", action_method_text(x), action_path_text(x)));
    put_line(to, arena_printf(a, "(effect %s, trust %s: %s)", effect_name(x->effect),
                              trust_name(x->trust), x->source));
    if (x->consequence != NULL) {
        buf_add_text(to, ".PP\n");
        put_line(to, x->consequence);
    }
    if (x->paging != NULL) {
        buf_add_text(to, ".PP\n");
        put_line(to, action_paging_words(a, x));
    }
    put_params(a, to, x->params, "");
    buf_add_text(to, ".PP\n.nf\n.RS\n");
    put_text(to, action_example(a, x));
    buf_add_text(to, "\n.RE\n.fi\n");
}

void man_actions(struct arena *a, struct buf *to)
{
    put_header(to, "STELLION-ACTIONS", "stellion\\-actions", "what the marketplaces offer");
    buf_add_text(to, ".SH SYNOPSIS\n.B stellion call\n.I ACTION\n[\\fB\\-\\-\\fIPARAMETER "
                     "VALUE\\fR]\n.SH DESCRIPTION\n");
    put_line(to, "The effect READ asks, WRITE changes something that costs nothing, MONEY buys, "
                 "changes or ends what is paid for. The trust mark tells how sure the shape is, "
                 "strongest first: REAL, REAL-w, SPEC, CLIENT, DOC, GUESS.");
    for (size_t i = 0; connectors()[i] != NULL; i++) {
        struct action_walk walk = { .only = connectors()[i] };
        put_macro(to, "SH", connectors()[i]->title);
        for (const struct action *x; (x = action_next(&walk)) != NULL;)
            put_action(a, to, x);
    }
    buf_add_text(to, ".SH SEE ALSO\n.BR stellion (1)\n");
}
