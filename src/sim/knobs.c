/* Turning knobs. */
#include "sim/inside.h"

#include "base/decimal.h"
#include "base/options.h"
#include "sim/chance.h"

#define MILLION INT64_C(1000000)

static const struct knob_row rows[] = {
#define X(name, kind, standard, least, most, choices, doc)                                         \
    { #name, KNOB_##kind, standard, least, most, choices, doc },
    KNOB_ROWS(X)
#undef X
};

const struct knob_row *knob_row(enum knob knob)
{
    return &rows[knob];
}

void knobs_reset(struct knobs *knobs)
{
    struct error err;
    for (enum knob k = 0; k < KNOBS; k++)
        if (rows[k].kind == KNOB_TEXT)
            knobs->texts[k] = str_of(rows[k].standard);
        else
            (void)knobs_set(knobs, NULL, str_of(rows[k].name), str_of(rows[k].standard), &err);
}

static bool is_choice(const char *choices, struct str value)
{
    struct str rest = str_of(choices), choice;
    while (str_next(&rest, '|', &choice))
        if (str_equal(choice, value))
            return true;
    return choices == NULL;
}

static bool read_share(struct str text, int64_t *ret_parts)
{
    struct decimal share;
    struct error ignored;
    if (decimal_parse(text, &share, NULL, &ignored) != ST_OK || share.units < 0 ||
        share.units > DECIMAL_ONE)
        return false;
    *ret_parts = share.units / (DECIMAL_ONE / MILLION);
    return true;
}

static enum status set_row(struct knobs *knobs, struct arena *a, enum knob k, struct str value,
                           struct error *err)
{
    const struct knob_row *row = &rows[k];
    bool yes = str_equal_nocase(value, STR("true")) || str_is(value, "1") || str_is(value, "on");
    bool no = str_equal_nocase(value, STR("false")) || str_is(value, "0") || str_is(value, "off");
    int64_t number;
    switch (row->kind) {
    case KNOB_FLAG:
        if (!yes && !no)
            return fail(err, ST_INVALID, "the knob %s is true or false", row->name);
        knobs->values[k] = yes;
        return ST_OK;
    case KNOB_NUMBER:
        if (!str_integer(value, &number) || number < row->least || number > row->most)
            return fail(err, ST_INVALID, "the knob %s is a whole number from %lld to %lld",
                        row->name, (long long)row->least, (long long)row->most);
        knobs->values[k] = number;
        return ST_OK;
    case KNOB_SHARE:
        if (!read_share(value, &knobs->values[k]))
            return fail(err, ST_INVALID, "the knob %s is a share from 0 to 1", row->name);
        return ST_OK;
    case KNOB_TEXT:
    default:
        if (!is_choice(row->choices, value))
            return fail(err, ST_INVALID, "the knob %s is one of %s", row->name, row->choices);
        knobs->texts[k] = arena_copy(a, value);
        return ST_OK;
    }
}

enum status knobs_set(struct knobs *knobs, struct arena *a, struct str name, struct str value,
                      struct error *err)
{
    const char *names[KNOBS];
    for (enum knob k = 0; k < KNOBS; k++) {
        if (str_is(name, rows[k].name))
            return set_row(knobs, a, k, value, err);
        names[k] = rows[k].name;
    }
    const char *near = nearest_name(name, names, KNOBS);
    fail(err, ST_INVALID, "there is no knob '%.*s'", STR_PRINT(name));
    hint(err, "%s%s%s`stellion simulate --knob list` lists all.",
         near != NULL ? "Did you mean " : "", near != NULL ? near : "", near != NULL ? "? " : "");
    return ST_INVALID;
}

enum status knobs_set_pair(struct knobs *knobs, struct arena *a, struct str pair, struct error *err)
{
    struct str value = pair, name;
    (void)str_next(&value, '=', &name);
    if (value.at == NULL)
        return fail(err, ST_INVALID, "a knob is written NAME=VALUE, not '%.*s'", STR_PRINT(pair));
    return knobs_set(knobs, a, str_trim(name), str_trim(value), err);
}

void knobs_print(const struct knobs *knobs, enum knob knob, struct buf *to)
{
    char text[32];
    int64_t value = knobs->values[knob];
    switch (rows[knob].kind) {
    case KNOB_FLAG:
        buf_add_text(to, value != 0 ? "true" : "false");
        break;
    case KNOB_NUMBER:
        buf_printf(to, "%lld", (long long)value);
        break;
    case KNOB_SHARE:
        buf_add(to, decimal_exact((struct decimal){ value * (DECIMAL_ONE / MILLION) }, text));
        break;
    case KNOB_TEXT:
    default:
        buf_add(to, knobs->texts[knob]);
    }
}

int64_t sim_knob_integer(struct sim *sim, enum knob knob)
{
    return sim->knobs.values[knob];
}

bool sim_knob_flag(struct sim *sim, enum knob knob)
{
    return sim->knobs.values[knob] != 0;
}

struct str sim_knob_text(struct sim *sim, enum knob knob)
{
    return sim->knobs.texts[knob];
}

bool sim_knob_strikes(struct sim *sim, enum knob knob, int64_t place)
{
    uint64_t bits = chance(sim->world.seed, 800, (uint64_t)knob, (uint64_t)place);
    return chance_below(bits, MILLION) < sim->knobs.values[knob];
}

bool sim_knob_take(struct sim *sim, enum knob knob)
{
    if (sim->knobs.values[knob] == 0)
        return false;
    sim->knobs.values[knob]--;
    return true;
}
