/* The doctor: machine, rows, then each connection; and the bundle of all of it. */
#include "hub/doctor_inside.h"

#include "base/moment.h"

const char *remark_verdict(const struct remark *remark)
{
    static const char *const names[] = { "ok", "wrong", "could not tell", "note" };
    static const char *const of_assumptions[] = { "held", "did not hold", "could not tell",
                                                  "note" };
    return remark->part == PART_ASSUMPTION ? of_assumptions[remark->verdict]
                                           : names[remark->verdict];
}

const char *remark_part_name(enum remark_part part)
{
    static const char *const names[PARTS] = { "machine", "rows", "login", "assumption" };
    return names[part];
}

struct remark *add_remark(struct doctor *d, enum remark_part part, const char *id,
                          enum verdict verdict, const char *sentence)
{
    struct remark *f;
    ARENA_GROW(d->a, d->remarks, d->n, d->room);
    f = &d->remarks[d->n++];
    *f = (struct remark){
        .part = part,
        .connection = d->row != NULL ? d->row->name : STR_NONE,
        .id = id,
        .verdict = verdict,
        .sentence = sentence,
        .how = "",
        .evidence = "",
        .detail = "",
        .advice = "",
        .snippet = "",
    };
    return f;
}

static void put_connection(struct doctor *d, struct json_writer *w)
{
    const struct connection_row *row = d->row;
    json_open_object(w);
    json_put_text(w, "name", row->name);
    json_put_text(w, "kind", row->kind);
    json_put_text(w, "environment", row->environment);
    json_put_text(w, "region", row->region);
    json_put_text(w, "base_url", row->base_url);
    json_put_text(w, "token_url", row->token_url);
    json_put_text(w, "state", row->state);
    json_put_boolean(w, "is_paused", row->paused_because.at != NULL);
    bundle_answers(d, w);
    json_close(w);
}

static enum status examine_connection(struct doctor *d, struct json_writer *w, struct error *err)
{
    struct error why;
    d->connector = connector_find(d->row->kind);
    d->examination = d->connector == &connector_ion ? &examination_ion : &examination_stellr;
    d->answers = NULL;
    d->n_given = 0;
    d->has_clock = false;
    d->clock_off_ms = 0;
    enum status s = live_open_any(d->hub, d->row, &d->live, &why);
    if (s != ST_OK) {
        add_remark(d, PART_LOGIN, "store", VERDICT_BAD, "The connection cannot be opened.")
            ->detail = arena_text(d->a, str_of(why.text));
        if (d->worst->code == ST_OK)
            *d->worst = why;
        return ST_OK;
    }
    d->requests_before = live_call(d->live)->n_requests;
    live_call(d->live)->read_attempts = 2; /* a service that fails is told, not waited for */
    if (examine_login(d))
        examine_assumptions(d);
    d->n_requests += live_call(d->live)->n_requests - d->requests_before;
    put_connection(d, w);
    live_close(d->live);
    d->live = NULL;
    if (d->hub->cancelled != NULL && atomic_load(d->hub->cancelled))
        return fail(err, ST_CANCELLED, "stopped while looking at connection %.*s",
                    STR_PRINT(d->row->name));
    return ST_OK;
}

static void put_remarks(const struct doctor *d, struct json_writer *w)
{
    json_put_array(w, "remarks");
    for (size_t i = 0; i < d->n; i++) {
        const struct remark *f = &d->remarks[i];
        json_open_object(w);
        json_put_text_or_null(w, "connection", f->connection);
        json_put_text(w, "part", str_of(remark_part_name(f->part)));
        json_put_text(w, "id", str_of(f->id));
        json_put_text(w, "verdict", str_of(remark_verdict(f)));
        json_put_text(w, "sentence", str_of(f->sentence));
        json_put_text(w, "how", str_of(f->how));
        json_put_text(w, "evidence", str_of(f->evidence));
        json_close(w);
    }
    json_close(w);
}

/* Counts what was found, and keeps the first connection's failure. */
static void note_connection(struct doctor *d, size_t first_remark, const struct error *failure,
                            struct error *worst)
{
    struct examined x = { .name = d->row->name, .works = failure->code == ST_OK };
    for (size_t i = first_remark; i < d->n; i++) {
        if (d->remarks[i].part != PART_ASSUMPTION)
            continue;
        x.n_held += d->remarks[i].verdict == VERDICT_GOOD;
        x.n_not_held += d->remarks[i].verdict == VERDICT_BAD;
        x.n_untold += d->remarks[i].verdict == VERDICT_UNTOLD;
    }
    ARENA_GROW(d->a, d->connections, d->n_connections, d->room_connections);
    d->connections[d->n_connections++] = x;
    if (worst->code == ST_OK)
        *worst = *failure;
}

static enum status examine_all(struct doctor *d, struct str connection, struct json_writer *w,
                               struct error *err)
{
    const struct connection_row *rows;
    size_t n;
    enum status s = hub_remotes(d->hub, d->a, connection, &rows, &n, err);
    if (s == ST_NOT_FOUND && connection.at == NULL) {
        add_remark(d, PART_LOGIN, "connections", VERDICT_NOTE,
                   "There is no connection to a marketplace yet.")
            ->advice = "stellion connect stellr or stellion connect ion makes one.";
        n = 0;
    } else if (s != ST_OK) {
        return s;
    }
    json_put_array(w, "connections");
    for (size_t i = 0; i < n; i++) {
        struct error failure, *worst = d->worst;
        size_t first_remark = d->n;
        error_clear(&failure);
        d->row = &rows[i];
        d->worst = &failure;
        TRY(examine_connection(d, w, err));
        d->worst = worst;
        note_connection(d, first_remark, &failure, worst);
    }
    d->row = NULL;
    json_close(w);
    return ST_OK;
}

enum status hub_doctor(struct hub *hub, struct arena *a, struct str connection,
                       struct checkup *ret_checkup, struct error *ret_worst, struct error *err)
{
    SCOPED(buf_release) struct buf bundle = BUF(32 * LIMIT_SMALL_FILE_BYTES);
    struct json_writer w = JSON_WRITER_PRETTY(&bundle);
    struct doctor d = { .hub = hub, .a = a, .worst = ret_worst };
    char now[32];
    error_clear(ret_worst);
    json_open_object(&w);
    json_put_text(&w, "program", STR("stellion " STELLION_VERSION));
    json_put_text(&w, "made_at", str_of(moment_text(hub->clock->now_ms(hub->clock), now)));
    examine_machine(&d);
    examine_rows(&d);
    TRY(examine_all(&d, connection, &w, err));
    put_remarks(&d, &w);
    json_close(&w);
    buf_add_char(&bundle, '\n');
    TRY(buf_status(&bundle, "the bundle", err));
    *ret_checkup = (struct checkup){
        .remarks = d.remarks,
        .n = d.n,
        .connections = d.connections,
        .n_connections = d.n_connections,
        .n_requests = d.n_requests,
        .bundle = arena_copy(a, buf_str(&bundle)),
    };
    return ST_OK;
}
