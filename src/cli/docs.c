/* stellion docs: what is made from the tables, on standard output. */
#include "cli/docs.h"

#include "cli/commands.h"
#include "hub/openapi.h"

static const struct option no_options[] = { OPTION_END };

static const char *const advice[STATUS_COUNT] = {
    [ST_INVALID] = "read the sentence",
    [ST_CREDENTIALS] = "check id, secret, region, sandbox; a new one needs up to ten minutes",
    [ST_RATE] = "later",
    [ST_UNREACHABLE] = "later",
    [ST_REMOTE] = "later",
    [ST_UNREADABLE] = "the error names action and request id",
    [ST_UNKNOWN] = "look at the marketplace before doing it again",
    [ST_BUSY] = "later",
    [ST_VERSION] = "use the newer version",
    [ST_KEY] = "put the key back",
    [ST_PAUSED] = "`stellion connections` says why",
    [ST_PARTIAL] = "what failed is listed",
    [ST_EMPTY] = "right login, no customers: check the reseller and the environment",
    [ST_VANISHED] = "look, then `stellion sync --accept-vanished`",
    [ST_TOKEN_LOST] = "`stellion connect ion --name NAME` with a new one",
    [ST_CANCELLED] = "run it again",
    [ST_MISMATCH] = "look at the marketplace; `stellion purchases` shows both numbers",
    [ST_NO_MEMORY] = "from the C library only: the program itself ends with a sentence",
    [ST_INTERNAL] = "report it",
};

const char *status_advice(enum status status)
{
    return advice[status] != NULL ? advice[status] : "";
}

void docs_exit_codes(struct buf *to)
{
    buf_add_text(to, "| code | name | means | so |\n|---|---|---|---|\n");
    for (enum status s = ST_OK; s < STATUS_COUNT; s++)
        buf_printf(to, "| %d | `%s` | %s | %s |\n", status_row(s)->exit, status_row(s)->name,
                   status_row(s)->sentence, status_advice(s));
    buf_add_text(to, "| 130, 143 | | Told twice to stop: ended at once. | run it again |\n");
}

static void exit_codes(struct arena *a, struct buf *to)
{
    (void)a;
    docs_exit_codes(to);
}

static const struct {
    const char *name;
    void (*write)(struct arena *a, struct buf *to);
} pages[] = {
    { "actions", docs_actions },    { "exit-codes", exit_codes }, { "man", man_program },
    { "man-actions", man_actions }, { "openapi", openapi_write },
};

static enum status run_docs(struct context *c, struct error *err)
{
    const char *names[ARRAY_LEN(pages)];
    SCOPED(buf_release) struct buf text = BUF(LIMIT_REPLY_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        names[i] = pages[i].name;
        if (strcmp(c->words[0], names[i]) != 0)
            continue;
        pages[i].write(c->a, &text);
        TRY(buf_status(&text, "the page", err));
        return output_text(buf_str(&text), err);
    }
    const char *near = nearest_name(str_of(c->words[0]), names, ARRAY_LEN(names));
    fail(err, ST_INVALID, "there is no page '%s'", c->words[0]);
    hint(err, near != NULL ? "Did you mean %s?" : "`stellion docs --help` lists them.", near);
    return ST_INVALID;
}

const struct command command_docs = {
    .name = "docs",
    .arguments = "actions|exit-codes|man|man-actions|openapi",
    .summary = "Print pages that are made from the tables.",
    .doc = "Prints the list of all actions or of the exit codes (Markdown), a manual page, or the "
           "OpenAPI 3.1 document of the actions as the HTTP API will offer them.",
    .options = no_options,
    .settings_bytes = 1,
    .least_words = 1,
    .most_words = 1,
    .run = run_docs,
};
