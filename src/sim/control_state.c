/* Clock, knobs, faults, snapshots. */
#include "sim/control_inside.h"
#include "sim/scenario.h"
#include "sim/state_inside.h"

#define SECOND_MS  INT64_C(1000)
#define CENTURY_MS (INT64_C(36525) * 86400 * SECOND_MS)

enum status control_index(struct control *c, struct error *err)
{
    (void)err;
    json_open_object(&c->w);
    json_put_array(&c->w, "control");
    for (const struct control_route *row = control_routes; row->method != NULL; row++) {
        json_open_object(&c->w);
        json_put_text(&c->w, "method", str_of(row->method));
        json_put_text(&c->w, "path", str_of(arena_printf(c->a, "/_sim/%s", row->path)));
        json_put_text_or_null(&c->w, "body", str_of(row->body));
        json_put_text_or_null(&c->w, "query", str_of(row->query));
        json_put_text(&c->w, "doc", str_of(row->doc));
        json_close(&c->w);
    }
    json_close(&c->w);
    json_close(&c->w);
    return ST_OK;
}

/* --- clock --- */

enum status control_clock(struct control *c, struct error *err)
{
    (void)err;
    char at[32];
    json_open_object(&c->w);
    json_put_text(&c->w, "now", str_of(moment_text(sim_now(c->sim), at)));
    json_put_integer(&c->w, "now_ms", sim_now(c->sim));
    json_put_boolean(&c->w, "frozen", c->sim->state->is_frozen);
    json_close(&c->w);
    return ST_OK;
}

/* Within a century of the machine's own day: what is further is a slip of the keyboard. */
static enum status move_clock(struct control *c, int64_t now_ms, struct error *err)
{
    int64_t real = c->sim->clock->now_ms(c->sim->clock);
    if (now_ms < real - CENTURY_MS || now_ms > real + CENTURY_MS)
        return fail(err, ST_INVALID, "the clock can be moved within a hundred years of today");
    state_set_clock(c->sim, now_ms);
    return ST_OK;
}

static enum status move_to_wanted(struct control *c, struct error *err)
{
    struct str text;
    int64_t now;
    TRY(want_text(c, "now", &text, err));
    if (!moment_parse(text, &now))
        return fail(err, ST_INVALID, "`now` is a moment such as 2026-07-01T09:00:00Z, or a date");
    return move_clock(c, now, err);
}

enum status control_set_clock(struct control *c, struct error *err)
{
    TRY(move_to_wanted(c, err));
    return control_clock(c, err);
}

enum status control_advance(struct control *c, struct error *err)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = { { "seconds", SECOND_MS },
                  { "minutes", 60 * SECOND_MS },
                  { "hours", 3600 * SECOND_MS },
                  { "days", 86400 * SECOND_MS } };
    int64_t by = 0, n;
    bool is_told = false;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (!json_has(c->body, units[i].name))
            continue;
        TRY(want_integer(c, units[i].name, 0, CENTURY_MS / units[i].ms, &n, err));
        by += n * units[i].ms;
        is_told = true;
    }
    if (!is_told)
        return fail(err, ST_INVALID,
                    "the body must tell by how much: seconds, minutes, hours, days");
    TRY(move_clock(c, sim_now(c->sim) + by, err));
    return control_clock(c, err);
}

enum status control_freeze(struct control *c, struct error *err)
{
    if (json_has(c->body, "now"))
        TRY(move_to_wanted(c, err));
    state_freeze(c->sim, true);
    return control_clock(c, err);
}

enum status control_run(struct control *c, struct error *err)
{
    state_freeze(c->sim, false);
    return control_clock(c, err);
}

/* --- knobs --- */

static void put_knob(struct control *c, enum knob k)
{
    static const char *const kinds[] = { "flag", "number", "share", "text" };
    const struct knob_row *row = knob_row(k);
    SCOPED(buf_release) struct buf value = BUF(LIMIT_BODY_BYTES);
    knobs_print(&c->sim->knobs, k, &value);
    json_open_object(&c->w);
    json_put_text(&c->w, "name", str_of(row->name));
    if (row->kind == KNOB_TEXT)
        json_put_text(&c->w, "value", buf_str(&value));
    else
        json_put_raw(&c->w, "value", buf_str(&value));
    json_put_text(&c->w, "default", str_of(row->standard));
    json_put_text(&c->w, "kind", str_of(kinds[row->kind]));
    json_put_text_or_null(&c->w, "choices", str_of(row->choices));
    json_put_text(&c->w, "doc", str_of(row->doc));
    json_close(&c->w);
}

enum status control_knobs(struct control *c, struct error *err)
{
    (void)err;
    json_open_object(&c->w);
    json_put_array(&c->w, "knobs");
    for (enum knob k = 0; k < KNOBS; k++)
        put_knob(c, k);
    json_close(&c->w);
    json_close(&c->w);
    return ST_OK;
}

static enum status knob_text(const struct json *value, struct str *ret_text, struct error *err)
{
    bool yes;
    if (json_kind(value) == JSON_TEXT)
        *ret_text = json_text(value);
    else if (json_boolean(value, &yes))
        *ret_text = yes ? STR("true") : STR("false");
    else
        *ret_text = json_number_text(value);
    return ret_text->at != NULL
               ? ST_OK
               : fail(err, ST_INVALID, "the value of a knob is a text, a number, true or false");
}

/* On a copy first: one that is wrong leaves all as they were. */
enum status control_turn(struct control *c, struct error *err)
{
    struct knobs turned = c->sim->knobs;
    struct json_members m = json_members(c->body);
    struct str value;
    while (json_members_next(&m)) {
        TRY(knob_text(m.value, &value, err));
        TRY(knobs_set(&turned, &c->sim->arena, m.key, value, err));
    }
    c->sim->knobs = turned;
    return control_knobs(c, err);
}

enum status control_reset_knobs(struct control *c, struct error *err)
{
    knobs_reset(&c->sim->knobs);
    return control_knobs(c, err);
}

/* --- faults --- */

static void put_set_faults(struct control *c)
{
    const struct faults *faults = &c->sim->faults;
    json_put_array(&c->w, "faults");
    for (size_t i = 0; i < faults->n; i++) {
        json_open_object(&c->w);
        json_put_text(&c->w, "fault", faults->at[i].written);
        json_put_integer(&c->w, "could_strike", faults->at[i].n_matching);
        json_put_integer(&c->w, "struck", faults->at[i].n_struck);
        json_close(&c->w);
    }
    json_close(&c->w);
}

enum status control_faults(struct control *c, struct error *err)
{
    (void)err;
    json_open_object(&c->w);
    put_set_faults(c);
    json_put_array(&c->w, "known");
    for (enum fault_kind k = 0; k < FAULT_KINDS; k++) {
        json_open_object(&c->w);
        json_put_text(&c->w, "name", str_of(fault_row(k)->name));
        json_put_text(&c->w, "doc", str_of(fault_row(k)->doc));
        json_close(&c->w);
    }
    json_close(&c->w);
    json_close(&c->w);
    return ST_OK;
}

/* What changes them answers with what is on now, and without what there could be. */
static enum status answer_set_faults(struct control *c)
{
    json_open_object(&c->w);
    put_set_faults(c);
    json_close(&c->w);
    return ST_OK;
}

enum status control_put_faults(struct control *c, struct error *err)
{
    const struct json *list = json_get(c->body, "faults");
    struct faults faults = { .seed = c->sim->faults.seed };
    if (json_kind(list) != JSON_ARRAY)
        return fail(err, ST_INVALID, "the body must tell `faults`, as a list of texts");
    for (size_t i = 0; i < json_length(list); i++) {
        if (json_kind(json_at(list, i)) != JSON_TEXT)
            return fail(err, ST_INVALID, "a fault is a text, such as \"500:0.1\"");
        TRY(fault_parse(&c->sim->arena, json_text(json_at(list, i)), &faults, err));
    }
    c->sim->faults = faults;
    return answer_set_faults(c);
}

enum status control_add_fault(struct control *c, struct error *err)
{
    struct str text;
    TRY(want_text(c, "fault", &text, err));
    TRY(fault_parse(&c->sim->arena, text, &c->sim->faults, err));
    return answer_set_faults(c);
}

enum status control_clear_faults(struct control *c, struct error *err)
{
    (void)err;
    c->sim->faults.n = 0;
    return answer_set_faults(c);
}

/* --- snapshots --- */

enum status control_snapshots(struct control *c, struct error *err)
{
    (void)err;
    char at[32];
    json_open_object(&c->w);
    json_put_array(&c->w, "snapshots");
    for (const struct snapshot *s = c->sim->state->snapshots; s != NULL; s = s->next) {
        json_open_object(&c->w);
        json_put_text(&c->w, "name", s->name);
        json_put_text(&c->w, "now", str_of(moment_text(s->now_ms, at)));
        json_close(&c->w);
    }
    json_close(&c->w);
    json_close(&c->w);
    return ST_OK;
}

enum status control_keep(struct control *c, struct error *err)
{
    if (!state_keep(c->sim, c->name))
        return fail(err, ST_INVALID, "there are %d snapshots already; use one of their names",
                    SNAPSHOTS_MAX);
    return control_snapshots(c, err);
}

enum status control_restore(struct control *c, struct error *err)
{
    if (!state_restore(c->sim, c->name))
        return fail(err, ST_NOT_FOUND, "there is no snapshot `%.*s`", STR_PRINT(c->name));
    return control_world(c, err);
}

/* --- world --- */

static void put_counts(struct control *c, const char *key, int64_t stellr, int64_t ion)
{
    json_put_object(&c->w, key);
    json_put_integer(&c->w, "stellr", stellr);
    json_put_integer(&c->w, "ion", ion);
    json_close(&c->w);
}

enum status control_world(struct control *c, struct error *err)
{
    (void)err;
    struct sim *sim = c->sim;
    char at[32];
    json_open_object(&c->w);
    json_put_integer(&c->w, "seed", (int64_t)sim->world.seed);
    json_put_text(&c->w, "started_on", str_of(moment_text(sim->world.today_ms, at)));
    json_put_text(&c->w, "now", str_of(moment_text(sim_now(sim), at)));
    json_put_integer(&c->w, "requests", sim_requests(sim));
    put_counts(c, "customers", sim_customers(sim, AT_STELLR), sim_customers(sim, AT_ION));
    put_counts(c, "subscriptions", sim_subscriptions(sim, AT_STELLR),
               sim_subscriptions(sim, AT_ION));
    put_counts(c, "new_customers", sim->state->n_new_customers[AT_STELLR],
               sim->state->n_new_customers[AT_ION]);
    put_counts(c, "new_subscriptions", sim->state->n_new_subscriptions[AT_STELLR],
               sim->state->n_new_subscriptions[AT_ION]);
    json_put_integer(&c->w, "touched_subscriptions",
                     (int64_t)sim->state->tables[STATE_SUBSCRIPTION].n);
    json_put_integer(&c->w, "events", (int64_t)sim->state->tables[STATE_EVENT].n);
    json_close(&c->w);
    return ST_OK;
}

enum status control_scenario(struct control *c, struct error *err)
{
    (void)err;
    const struct scenario *now = c->sim->scenario;
    json_open_object(&c->w);
    json_put_text_or_null(&c->w, "scenario", now == NULL ? STR_NONE : str_of(now->name));
    json_put_array(&c->w, "known");
    for (const struct scenario *s = scenarios; s->name != NULL; s++) {
        json_open_object(&c->w);
        json_put_text(&c->w, "name", str_of(s->name));
        json_put_text(&c->w, "doc", str_of(s->doc));
        json_close(&c->w);
    }
    json_close(&c->w);
    json_close(&c->w);
    return ST_OK;
}
