/* stellion doctor: remarks as a list, what to do below it, and a bundle to hand on. */
#include "cli/commands.h"

#include "base/os.h"
#include "hub/doctor.h"

struct settings {
    struct str bundle;
    bool guesses;
};

static const struct option options[] = {
    { .name = "bundle",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, bundle),
      .argument = "FILE",
      .doc = "Write all of it as JSON, with the shapes of the answers and the request ids, and "
             "without secrets and customers' data: to hand on." },
    { .name = "guesses",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, guesses),
      .doc = "List every row and field that rests on a guess, each by its name; the table tells "
             "only how many there are. JSON and CSV have all of them anyway." },
    OPTION_END,
};

static const struct column columns[] = {
    { "connection", "CONNECTION", false, 0 },
    { "part", NULL, false, 0 },
    { "id", "ID", false, 0 },
    { "verdict", "VERDICT", false, 0 },
    { "sentence", "WHAT", false, 0 },
    { "how", NULL, false, 0 },
    { "evidence", "EVIDENCE", false, 1 },
    { "detail", NULL, false, 0 },
    { "advice", NULL, false, 0 },
    { "override", NULL, false, 0 },
};

static struct cell text_cell(const char *text)
{
    return cell_text(text[0] == '\0' ? STR_NONE : str_of(text));
}

static void put_remark(struct output *out, const struct remark *f)
{
    struct cell cells[] = {
        cell_text(f->connection),       cell_text(str_of(remark_part_name(f->part))),
        cell_text(str_of(f->id)),       cell_text(str_of(remark_verdict(f))),
        cell_text(str_of(f->sentence)), text_cell(f->how),
        text_cell(f->evidence),         text_cell(f->detail),
        text_cell(f->advice),           text_cell(f->snippet),
    };
    output_row(out, cells);
}

/* All guesses of one kind of connection in one remark. */
static struct remark sum_of_guesses(struct context *c, const struct checkup *checkup,
                                    const struct remark *first)
{
    struct remark sum = *first;
    int n = 0;
    for (size_t i = 0; i < checkup->n; i++) {
        const char *kind = checkup->remarks[i].guess_of;
        n += kind != NULL && strcmp(kind, first->guess_of) == 0;
    }
    sum.sentence =
        arena_printf(c->a,
                     n == 1 ? "%d row or field of %s rests on a guess; --guesses lists it."
                            : "%d rows and fields of %s rest on a guess; --guesses lists them.",
                     n, first->guess_of);
    sum.evidence = "";
    return sum;
}

/* Programs get all of it; people the guesses in sum, unless they ask. */
static enum status list_remarks(struct context *c, const struct settings *s,
                                const struct checkup *checkup, struct error *err)
{
    struct output out;
    const char *summed = NULL;
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    out.wraps = true;
    for (size_t i = 0; i < checkup->n; i++) {
        const struct remark *f = &checkup->remarks[i];
        if (f->guess_of == NULL || s->guesses || c->format != FORMAT_TABLE) {
            put_remark(&out, f);
        } else if (summed == NULL || strcmp(summed, f->guess_of) != 0) {
            struct remark sum = sum_of_guesses(c, checkup, f);
            summed = f->guess_of;
            put_remark(&out, &sum);
        }
    }
    return output_end(&out, ST_OK, err);
}

static void put_wrapped(struct buf *to, const char *text)
{
    buf_add_text(to, "  ");
    text_wrap(to, text, 2, 2, 100);
}

static void put_advice(struct context *c, struct buf *to, const struct remark *f)
{
    buf_printf(to, "\n%.*s%s%s: %s%s\n", STR_PRINT(f->connection),
               f->connection.len > 0 ? ", " : "", f->id, f->sentence,
               f->part != PART_ASSUMPTION  ? ""
               : f->verdict == VERDICT_BAD ? " This did not hold."
                                           : " Reading could not tell.");
    if (f->detail[0] != '\0')
        put_wrapped(to, printable(c->a, str_of(f->detail)).at);
    if (f->advice[0] != '\0')
        put_wrapped(to, f->advice);
    if (f->snippet[0] != '\0')
        buf_printf(to, "  %s, put into " OVERRIDES_FILE " of the data directory:\n  %s\n",
                   f->verdict == VERDICT_BAD ? "To correct it" : "If it turns out otherwise",
                   f->snippet);
}

/* For people: below the list, whatever is not as it should be, and what may turn out not to be. */
static enum status tell_what_to_do(struct context *c, const struct checkup *checkup,
                                   struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(8 * LIMIT_SMALL_FILE_BYTES);
    for (size_t i = 0; i < checkup->n; i++) {
        const struct remark *f = &checkup->remarks[i];
        bool is_possible = f->part == PART_LOGIN && f->verdict == VERDICT_NOTE;
        bool may_be_mended = f->verdict == VERDICT_UNTOLD && f->snippet[0] != '\0';
        if (f->verdict == VERDICT_BAD || is_possible || may_be_mended)
            put_advice(c, &text, f);
    }
    return text.len > 0 ? output_text(buf_str(&text), err) : ST_OK;
}

static void say_what_was_found(const struct checkup *checkup)
{
    size_t n_working = 0;
    for (size_t i = 0; i < checkup->n_connections; i++) {
        const struct examined *x = &checkup->connections[i];
        int n = x->n_held + x->n_not_held + x->n_untold;
        n_working += x->works;
        if (n == 0) {
            say("%.*s does not work; what is assumed was not looked at.\n", STR_PRINT(x->name));
            continue;
        }
        say("%.*s %s: of %d assumptions %d held, %d did not hold, %d could not be told.\n",
            STR_PRINT(x->name), x->works ? "works" : "does not work", n, x->n_held, x->n_not_held,
            x->n_untold);
    }
    if (checkup->n_requests == 1)
        say("1 request was sent to the marketplaces, a reading one.\n");
    else
        say("%lld requests were sent to the marketplaces, all of them reading.\n",
            (long long)checkup->n_requests);
    if (checkup->n_connections == 0)
        return;
    if (n_working == checkup->n_connections)
        say(n_working == 1 ? "%zu connection works.\n" : "%zu connections work.\n", n_working);
    else
        say("%zu of %zu connections %s.\n", n_working, checkup->n_connections,
            n_working == 1 ? "works" : "work");
}

static enum status run_doctor(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    struct checkup checkup;
    struct error worst;
    struct str connection = c->n_words > 0 ? str_of(c->words[0]) : STR_NONE;
    TRY(hub_doctor(c->hub, c->a, connection, &checkup, &worst, err));
    TRY(list_remarks(c, s, &checkup, err));
    if (c->format == FORMAT_TABLE)
        TRY(tell_what_to_do(c, &checkup, err));
    if (s->bundle.at != NULL) {
        TRY(os_write_file(arena_text(c->a, s->bundle), checkup.bundle, err));
        say("The bundle is in %.*s.\n", STR_PRINT(s->bundle));
    }
    say_what_was_found(&checkup);
    if (worst.code == ST_OK)
        return ST_OK;
    *err = worst;
    return err->code;
}

const struct command command_doctor = {
    .name = "doctor",
    .arguments = "[CONNECTION]",
    .summary = "Find out what is wrong, and which assumptions hold.",
    .doc =
        "Looks at this machine, the store and the rows, then at every connection or at one: says "
        "which thing is wrong when it fails, and when it works, which of the assumptions about "
        "the marketplace hold, with the correction for " OVERRIDES_FILE
        " where one does not or may turn out not to. It changes nothing at the remote and sends at "
        "most 90 requests a "
        "connection. On Ion it may have to use the refresh token, whose successor is kept; it "
        "says so. Ends with the status of the first connection that does not work.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .most_words = 1,
    .flags = NEEDS_HUB | NO_KEEP_ALIVE,
    .run = run_doctor,
};
