/* The doctor's questions: each is a row, sent once, and its answer is kept. */
#include "hub/doctor_inside.h"

#include "base/uri.h"
#include "client/judge.h"
#include "client/page.h"

#define MOST_LOOKED_AT                                                                             \
    (INT64_C(4) << 20) /* bytes of one answer: all that are looked at are kept                     \
                        */

void doctor_give(struct doctor *d, const char *name, struct str value)
{
    if (d->n_given < ARRAY_LEN(d->given)) {
        d->given[d->n_given].name = name;
        d->given[d->n_given++].value = arena_copy(d->a, value);
    }
}

/* A plain value of a document as text. */
static struct str plain(struct arena *a, const struct json *value)
{
    struct str text = json_text(value);
    if (text.at == NULL)
        text = json_number_text(value);
    return text.len > 0 ? arena_copy(a, text) : STR_NONE;
}

bool doctor_learnt(struct doctor *d, struct str name, struct str *ret_value)
{
    for (size_t i = 0; i < d->n_given; i++)
        if (str_is(name, d->given[i].name)) {
            *ret_value = d->given[i].value;
            return true;
        }
    for (const struct lesson *l = d->examination->lessons; l->name != NULL; l++) {
        struct str rest = str_of(l->paths), path;
        if (!str_is(name, l->name))
            continue;
        const struct answer *x = ask_probe(d, l->probe);
        while (str_next(&rest, '|', &path)) {
            *ret_value = plain(d->a, json_get_at(x->document, arena_text(d->a, path)));
            const char *slash =
                ret_value->len == 0 ? NULL : memrchr(ret_value->at, '/', ret_value->len);
            if (slash != NULL) /* a resource name counts by its last segment */
                *ret_value = str_from(*ret_value, (size_t)(slash - ret_value->at) + 1);
            if (ret_value->len > 0)
                return true;
        }
    }
    return false;
}

/* "a=b&c={customer}" into arguments. False, with the lesson's name, when one was not learnt. */
static bool fill(struct doctor *d, const char *text, struct arguments *arguments,
                 struct str *ret_missing)
{
    struct str rest = str_of(text), pair;
    struct error ignored;
    while (str_next(&rest, '&', &pair)) {
        struct str name, value = pair;
        if (pair.len == 0)
            continue;
        (void)str_next(&value, '=', &name);
        if (str_starts(value, "{")) {
            *ret_missing = (struct str){ value.at + 1, value.len - 2 };
            if (!doctor_learnt(d, *ret_missing, &value))
                return false;
        }
        if (arguments_set(arguments, name, value, &ignored) != ST_OK)
            return false;
    }
    return true;
}

static const struct action *twist(struct doctor *d, const struct action *row, enum twist twist)
{
    struct action *x = ARENA_NEW(d->a, struct action);
    struct str path = str_of(row->path);
    size_t n = 0;
    *x = *row;
    if (twist == WITHOUT_PAGES)
        x->paging = NULL;
    if (twist == WITHOUT_TOKEN)
        x->scheme = WITHOUT;
    if (twist == WITH_CLOUD && str_starts(path, "/api/v1/"))
        x->path = arena_printf(d->a, "/api/v1/cloud/%s", row->path + strlen("/api/v1/"));
    if (twist != IN_SMALL)
        return x;
    while (row->params[n].name != NULL)
        n++;
    struct param *params = ARENA_ARRAY(d->a, n + 1, struct param);
    for (size_t i = 0; i < n; i++) {
        params[i] = row->params[i];
        if (params[i].type == PARAM_CHOICE)
            params[i].type = PARAM_TEXT;
    }
    x->params = params;
    return x;
}

/* Takes over what is needed of a reply that lives shorter. */
static void read_answer(struct doctor *d, struct arena *scratch, struct answer *x,
                        const struct wire_reply *reply)
{
    const struct str *records;
    const char *problem;
    size_t n;
    struct error ignored;
    x->http = reply->http_status != 0 ? reply->http_status : x->error.http_status;
    x->n_bytes = (int64_t)reply->body.len;
    if (reply->date_ms >= 0) {
        d->clock_off_ms = d->hub->clock->now_ms(d->hub->clock) - reply->date_ms;
        d->has_clock = true;
    }
    if (x->n_bytes > MOST_LOOKED_AT)
        x->problem = "the answer is larger than is looked at";
    if (x->problem != NULL || json_parse(d->a, reply->body, &x->document, &ignored) != ST_OK) {
        x->document = NULL;
        return;
    }
    x->shape = shape_of(d->a, x->document);
    if (x->status == ST_OK)
        x->status = judge_document(d->connector, x->document, NULL, &x->error);
    const struct action *row = action_find(str_of(x->probe->action));
    row = row == NULL ? NULL : overrides_row(d->hub->overrides, row);
    if (row == NULL || row->paging == NULL ||
        !page_records(scratch, row->paging, reply->body, &records, &n, &problem))
        return;
    x->n_records = (int64_t)n;
    struct str rest = str_of(row->paging->total), path;
    int64_t total;
    while (x->total < 0 && rest.at != NULL && str_next(&rest, '|', &path))
        if (str_integer(plain(d->a, json_get_at(x->document, arena_text(d->a, path))), &total))
            x->total = total;
}

const struct answer *ask_twisted(struct doctor *d, const struct probe *probe,
                                 const struct action *action)
{
    struct answer *x = ARENA_NEW(d->a, struct answer);
    struct arguments *arguments = ARENA_NEW(d->a, struct arguments);
    struct wire_reply reply = { .date_ms = -1 };
    SCOPED(arena_free) struct arena scratch = ARENA(0);
    struct call *call = live_call(d->live);
    struct clock *clock = d->hub->clock;
    struct str missing = STR("");
    *x = (struct answer){ .probe = probe,
                          .action = action,
                          .status = ST_NOT_FOUND,
                          .n_records = -1,
                          .total = -1,
                          .next = d->answers };
    d->answers = x;
    if (d->hub->cancelled != NULL && atomic_load(d->hub->cancelled)) {
        x->problem = "it was told to stop";
    } else if (call->n_requests - d->requests_before >= DOCTOR_REQUESTS_MOST) {
        x->problem = "the most that is asked of one connection was asked";
    } else if (action == NULL || action->effect != EFFECT_READ) {
        x->problem = "this program has no such reading action";
    } else if (!fill(d, probe->arguments, arguments, &missing)) {
        x->problem = arena_printf(d->a, "there is no %.*s to ask about", STR_PRINT(missing));
    } else {
        int64_t started_ms = clock->monotonic_ms(clock);
        x->status = call_perform(call, &scratch, action, arguments, &reply, &x->error);
        x->ms = clock->monotonic_ms(clock) - started_ms;
        read_answer(d, &scratch, x, &reply);
        if (x->status == ST_INVALID && x->http == 0)
            x->problem = "the action's row takes no such question";
    }
    return x;
}

const struct answer *ask_probe(struct doctor *d, const char *name)
{
    for (const struct answer *x = d->answers; x != NULL; x = x->next)
        if (strcmp(x->probe->name, name) == 0)
            return x;
    const struct probe *probe = d->examination->probes;
    while (strcmp(probe->name, name) != 0) /* a name of another table is a fault of ours */
        probe++;
    const struct action *row = client_action(live_client(d->live), probe->action);
    return ask_twisted(d, probe, row == NULL ? NULL : twist(d, row, probe->twist));
}

void examine_assumptions(struct doctor *d)
{
    if (d->examination->prepare != NULL)
        d->examination->prepare(d);
    const struct answer *list = ask_probe(d, "subscriptions"); /* what every sync needs as well */
    if (list->problem == NULL && list->status == ST_FORBIDDEN)
        diagnose_call(d, list);
    for (const struct assumption *row = d->examination->assumptions; row->id != NULL; row++) {
        SCOPED(buf_release) struct buf evidence = BUF(1000);
        enum verdict verdict = VERDICT_UNTOLD;
        if (row->probe == NULL) {
            buf_add_text(&evidence, row->how);
        } else {
            const struct answer *x = ask_probe(d, row->probe);
            verdict = x->problem != NULL ? untold(x, &evidence) : row->look(d, row, x, &evidence);
        }
        struct remark *f = add_remark(d, PART_ASSUMPTION, row->id, verdict, row->sentence);
        f->how = row->how;
        f->evidence = arena_text(d->a, buf_str(&evidence));
        if (verdict != VERDICT_GOOD && row->snippet != NULL)
            f->snippet = row->snippet;
    }
}

static void put_answer(struct json_writer *w, const struct answer *x)
{
    struct str id = str_of(x->error.request_id);
    json_open_object(w);
    json_put_text(w, "question", str_of(x->probe->name));
    json_put_text(w, "action", str_of(x->probe->action));
    json_put_text_or_null(w, "method",
                          x->action == NULL ? STR_NONE : str_of(method_name(x->action->method)));
    json_put_text_or_null(w, "path", x->action == NULL ? STR_NONE : str_of(x->action->path));
    json_put_text_or_null(w, "not_asked", str_of(x->problem));
    json_put_integer(w, "http_status", x->http);
    json_put_text(w, "status", str_of(status_row(x->status)->name));
    json_put_integer(w, "ms", x->ms);
    json_put_integer(w, "bytes", x->n_bytes);
    if (id.len == 0)
        id = json_text(json_get(x->document, "requestId"));
    json_put_text_or_null(w, "request_id", id.len > 0 ? id : STR_NONE);
    if (x->shape != NULL)
        shape_print(w, "shape", x->shape);
    json_close(w);
}

void bundle_answers(struct doctor *d, struct json_writer *w)
{
    json_put_array(w, "answers");
    for (const struct answer *x = d->answers; x != NULL; x = x->next)
        put_answer(w, x);
    json_close(w);
}
