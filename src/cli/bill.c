/* stellion bill: preview and import. */
#include "cli/bill_options.h"
#include "cli/commands.h"

#include "base/currency.h"

static const struct column columns[] = {
    { "line", "LINE", true, 0 },          { "customer", "CUSTOMER", false, 0 },
    { "product", "PRODUCT", false, 0 },   { "part_number", "PART NUMBER", false, 1 },
    { "quantity", "SEATS", true, 0 },     { "price", "PRICE", true, 0 },
    { "currency", "CURRENCY", false, 0 }, { "period", "PERIOD", false, 2 },
};

static struct cell exact_cell(struct arena *a, struct decimal value)
{
    return cell_number(decimal_exact(value, arena_alloc(a, 32)));
}

static enum status show_preview(struct context *c, const struct bill_import_result *result,
                                struct error *err)
{
    struct output out;
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < result->n_preview; i++) {
        const struct bill_entry *e = &result->preview[i];
        struct cell cells[] = {
            cell_integer(c->a, (int64_t)e->line),
            cell_text(e->account),
            cell_text(e->product),
            cell_text(e->part.len > 0 ? e->part : STR_NONE),
            exact_cell(c->a, e->quantity),
            e->has_price ? exact_cell(c->a, e->price) : cell_text(STR_NONE),
            cell_text(e->has_price ? e->currency : STR_NONE),
            cell_text(e->period),
        };
        output_row(&out, cells);
    }
    return output_end(&out, ST_OK, err);
}

static enum status preview(struct context *c, const char *path,
                           const struct bill_import_options *options, struct error *err)
{
    struct bill_import_result result = { .bill_id = 0 };
    struct error wrong;
    struct str file;
    TRY(bill_file(c->a, path, &file, err));
    enum status s = bill_read(c->a, file, options, &result, &wrong);
    if (s != ST_OK && result.n_wrong == 0) {
        *err = wrong;
        return s;
    }
    TRY(show_preview(c, &result, err));
    say("%lld lines can be read", (long long)result.n_lines);
    if (result.n_lines > (int64_t)result.n_preview)
        say(" (the first %zu are shown)", result.n_preview);
    say(", %lld cannot. Nothing was stored.\n", (long long)result.n_wrong);
    bill_say_problems(c, &result);
    if (s != ST_OK)
        *err = wrong;
    return s;
}

static enum status run_bill(struct context *c, struct error *err)
{
    struct bill_import_options options;
    const char *path = c->words[1];
    TRY(bill_options_read(c, c->settings, path, &options, err));
    if (strcmp(c->words[0], "preview") == 0)
        return preview(c, path, &options, err);
    if (strcmp(c->words[0], "import") == 0)
        return bill_import_told(c, path, &options, err);
    return fail(err, ST_INVALID, "a bill can be previewed or imported, not '%s'", c->words[0]);
}

const struct command command_bill = {
    .name = "bill",
    .arguments = "preview|import FILE",
    .summary = "Import what your PSA bills, from CSV.",
    .doc = "Reads a CSV export of billed quantities. A preview shows how the lines are understood "
           "and stores nothing. An import stores all lines or none; the newest import is what "
           "`stellion reconcile` compares with. \"-\" is standard input.",
    .options = bill_options,
    .settings_bytes = sizeof(struct bill_settings),
    .set_defaults = bill_options_defaults,
    .least_words = 2,
    .most_words = 2,
    .flags = NEEDS_HUB,
    .run = run_bill,
};
