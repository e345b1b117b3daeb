/* stellion doctor: remarks as a list, what to do below it, and a bundle to hand on. */
#include "cli/commands.h"

#include "base/os.h"
#include "hub/doctor.h"

struct settings {
    struct str bundle;
};

static const struct option options[] = {
    { .name = "bundle",
      .kind = OPTION_TEXT,
      .offset = offsetof(struct settings, bundle),
      .argument = "FILE",
      .doc = "Write all of it as JSON, with the shapes of the answers and the request ids, and "
             "without secrets and customers' data: to hand on." },
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

static enum status list_remarks(struct context *c, const struct checkup *checkup, struct error *err)
{
    struct output out;
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < checkup->n; i++) {
        const struct remark *f = &checkup->remarks[i];
        struct cell cells[] = {
            cell_text(f->connection),       cell_text(str_of(remark_part_name(f->part))),
            cell_text(str_of(f->id)),       cell_text(str_of(remark_verdict(f))),
            cell_text(str_of(f->sentence)), text_cell(f->how),
            text_cell(f->evidence),         text_cell(f->detail),
            text_cell(f->advice),           text_cell(f->snippet),
        };
        output_row(&out, cells);
    }
    return output_end(&out, ST_OK, err);
}

static void put_advice(struct context *c, struct buf *to, const struct remark *f)
{
    buf_printf(to, "\n%.*s%s%s: %s\n", STR_PRINT(f->connection), f->connection.len > 0 ? ", " : "",
               f->id, f->sentence);
    if (f->detail[0] != '\0')
        buf_printf(to, "  %.*s\n", STR_PRINT(printable(c->a, str_of(f->detail))));
    if (f->advice[0] != '\0') {
        buf_add_text(to, "  ");
        text_wrap(to, f->advice, 2, 2, 100);
    }
    if (f->snippet[0] != '\0')
        buf_printf(to,
                   "  To correct it, put into " OVERRIDES_FILE " of the data directory:\n"
                   "  %s\n",
                   f->snippet);
}

/* For people: below the list, whatever is not as it should be. */
static enum status tell_what_to_do(struct context *c, const struct checkup *checkup,
                                   struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(8 * LIMIT_SMALL_FILE_BYTES);
    for (size_t i = 0; i < checkup->n; i++) {
        const struct remark *f = &checkup->remarks[i];
        bool is_possible = f->part == PART_LOGIN && f->verdict == VERDICT_NOTE;
        if (f->verdict == VERDICT_BAD || is_possible)
            put_advice(c, &text, f);
    }
    return text.len > 0 ? output_text(buf_str(&text), err) : ST_OK;
}

static enum status run_doctor(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    struct checkup checkup;
    struct error worst;
    struct str connection = c->n_words > 0 ? str_of(c->words[0]) : STR_NONE;
    TRY(hub_doctor(c->hub, c->a, connection, &checkup, &worst, err));
    TRY(list_remarks(c, &checkup, err));
    if (c->format == FORMAT_TABLE)
        TRY(tell_what_to_do(c, &checkup, err));
    say("%lld requests were sent to the marketplaces, all of them reading.\n",
        (long long)checkup.n_requests);
    if (s->bundle.at != NULL) {
        TRY(os_write_file(arena_text(c->a, s->bundle), checkup.bundle, err));
        say("The bundle is in %.*s.\n", STR_PRINT(s->bundle));
    }
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
        " where one does not. It changes nothing at the remote and sends at most 90 requests a "
        "connection. On Ion it may have to use the refresh token, whose successor is kept; it "
        "says so. Ends with the status of the first connection that does not work.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .most_words = 1,
    .flags = NEEDS_HUB | NO_KEEP_ALIVE,
    .run = run_doctor,
};
