/* Reading the path and walking it, step by step over all values found so far. */
#include "base/json_query.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "base/options.h"

#define SHOWN_BYTES    60 /* of a path or a name, quoted in an error */
#define NAMES_COMPARED 256

enum step_kind { STEP_END, STEP_MEMBER, STEP_ELEMENT, STEP_EVERY };

struct step {
    enum step_kind kind;
    struct str name;
    int64_t place; /* from the end when negative */
};

struct query {
    struct arena *a;
    struct str path;
    size_t at;
};

static size_t shown(size_t len)
{
    return len > SHOWN_BYTES ? SHOWN_BYTES : len;
}

static enum status wrong(const struct query *q, const char *why, struct error *err)
{
    fail(err, ST_INVALID, "the query stops making sense at character %zu of '%.*s': %s", q->at + 1,
         (int)shown(q->path.len), q->path.at, why);
    hint(err, "Such as data.records[0].name, data.records[*].name or \"name.with.dots\".");
    return ST_INVALID;
}

static char peek(const struct query *q)
{
    return q->at < q->path.len ? q->path.at[q->at] : '\0';
}

struct str json_raw_text(struct arena *a, struct str raw)
{
    const struct json *value;
    struct error ignored;
    if (raw.len < 2 || raw.at[0] != '"' || json_parse(a, raw, &value, &ignored) != ST_OK)
        return STR_NONE;
    return json_text(value);
}

/* A JSON text in the path. */
static enum status take_quoted(struct query *q, struct str *ret_name, struct error *err)
{
    struct json_scan scan = { .text = q->path, .at = q->at };
    struct str raw;
    if (!json_scan_value(&scan, &raw))
        return wrong(q, "a quoted name does not end", err);
    *ret_name = json_raw_text(q->a, raw);
    if (ret_name->at == NULL)
        return wrong(q, "a quoted name is no JSON text", err);
    q->at = scan.at;
    return ST_OK;
}

static enum status take_name(struct query *q, struct step *step, struct error *err)
{
    step->kind = STEP_MEMBER;
    if (peek(q) == '"')
        return take_quoted(q, &step->name, err);
    size_t start = q->at;
    while (q->at < q->path.len && strchr(".[]\"", q->path.at[q->at]) == NULL)
        q->at++;
    step->name = (struct str){ q->path.at + start, q->at - start };
    if (step->name.len == 0)
        return wrong(q, "a name is missing", err);
    return ST_OK;
}

/* Behind the opening bracket. */
static enum status take_bracket(struct query *q, struct step *step, struct error *err)
{
    if (peek(q) == '"') {
        step->kind = STEP_MEMBER;
        TRY(take_quoted(q, &step->name, err));
    } else if (peek(q) == '*' || peek(q) == ']') {
        step->kind = STEP_EVERY;
        q->at += peek(q) == '*';
    } else {
        size_t start = q->at;
        while (peek(q) == '-' || (peek(q) >= '0' && peek(q) <= '9'))
            q->at++;
        struct str number = { q->path.at + start, q->at - start };
        step->kind = STEP_ELEMENT;
        if (!str_integer(number, &step->place))
            return wrong(q, "brackets take a number, * or a quoted name", err);
    }
    if (peek(q) != ']')
        return wrong(q, "a bracket does not close", err);
    q->at++;
    return ST_OK;
}

static enum status next_step(struct query *q, struct step *step, struct error *err)
{
    *step = (struct step){ .kind = STEP_END };
    if (q->at == q->path.len || str_is(q->path, "."))
        return ST_OK;
    if (peek(q) == '[') {
        q->at++;
        return take_bracket(q, step, err);
    }
    if (peek(q) == '.') {
        q->at++;
        if (q->at == 1 && peek(q) == '[') /* ".[0]" is "[0]" */
            return next_step(q, step, err);
    } else if (q->at > 0) {
        return wrong(q, "a dot or a bracket is missing", err);
    }
    return take_name(q, step, err);
}

/* Escapes are rare in names: only a name that holds some is resolved. */
static bool is_named(struct arena *a, struct str key, struct str name)
{
    if (memchr(key.at, '\\', key.len) == NULL)
        return str_equal(key, name);
    const char *quoted = arena_printf(a, "\"%.*s\"", STR_PRINT(key));
    return str_equal(json_raw_text(a, str_of(quoted)), name);
}

static struct str one_value(struct arena *a, struct str value, const struct step *step)
{
    struct json_walk walk = json_walk(value);
    enum json_shape wanted = step->kind == STEP_MEMBER ? JSON_SHAPE_OBJECT : JSON_SHAPE_ARRAY;
    int64_t n = 0;
    if (json_shape(value) != wanted)
        return STR_NONE;
    if (step->kind == STEP_ELEMENT && step->place < 0)
        for (struct json_walk count = walk; json_walk_next(&count);)
            n--;
    for (; json_walk_next(&walk); n++)
        if (step->kind == STEP_MEMBER ? is_named(a, walk.key, step->name) : n == step->place)
            return walk.value;
    return STR_NONE;
}

/* What one sees instead, in words. */
static const char *what_is(struct arena *a, struct str value)
{
    struct json_walk walk = json_walk(value);
    size_t n = 0;
    switch (json_shape(value)) {
    case JSON_SHAPE_ARRAY:
        while (json_walk_next(&walk))
            n++;
        return arena_printf(a, "a list of %zu", n);
    case JSON_SHAPE_OBJECT:
        return "an object";
    case JSON_SHAPE_NONE:
    case JSON_SHAPE_OTHER:
        break;
    }
    return value.len > 0 && value.at[0] == '"' ? "a text"
           : str_is(value, "null")             ? "null"
                                               : "a single value";
}

static const char *near_name(struct arena *a, struct str object, struct str name)
{
    const char *names[NAMES_COMPARED];
    size_t n = 0;
    struct json_walk walk = json_walk(object);
    while (json_shape(object) == JSON_SHAPE_OBJECT && json_walk_next(&walk) && n < ARRAY_LEN(names))
        names[n++] = arena_text(a, walk.key);
    return nearest_name(name, names, n);
}

/* Says where it stopped: `start` is where the step begins in the path. */
static enum status stopped(const struct query *q, const struct step *step, size_t start,
                           const struct str *values, size_t n, struct error *err)
{
    struct str before = { q->path.at, start };
    const char *near = step->kind == STEP_MEMBER ? near_name(q->a, values[0], step->name) : NULL;
    const char *where = start == 0 || str_is(before, ".")
                            ? "the answer itself"
                            : arena_printf(q->a, "'%.*s'", STR_PRINT(before));
    const char *is = n == 1 ? arena_printf(q->a, "that is %s", what_is(q->a, values[0]))
                            : arena_printf(q->a, "those are %zu values", n);
    if (step->kind == STEP_MEMBER)
        fail(err, ST_NOT_FOUND, "the query stops at %s: %s without a member '%.*s'", where, is,
             (int)shown(step->name.len), step->name.at);
    else if (step->kind == STEP_ELEMENT)
        fail(err, ST_NOT_FOUND, "the query stops at %s: %s without an element %lld", where, is,
             (long long)step->place);
    else
        fail(err, ST_NOT_FOUND, "the query stops at %s: %s, no list", where, is);
    if (near != NULL)
        hint(err, "Did you mean %s?", near);
    return ST_NOT_FOUND;
}

/* The values that one step leads to. */
struct values {
    struct str *at;
    size_t n, room;
    bool any; /* a real one among them */
};

static enum status add_value(struct query *q, struct values *to, struct str value,
                             struct error *err)
{
    if (to->n == LIMIT_QUERY_VALUES)
        return fail(err, ST_LIMIT, "the query gives more than %d values", LIMIT_QUERY_VALUES);
    to->any = to->any || value.at != NULL;
    ARENA_GROW(q->a, to->at, to->n, to->room);
    to->at[to->n++] = value.at != NULL ? value : STR("null");
    return ST_OK;
}

static enum status add_elements(struct query *q, struct values *to, struct str list,
                                struct error *err)
{
    struct json_walk walk = json_walk(list);
    if (json_shape(list) != JSON_SHAPE_ARRAY)
        return ST_OK;
    to->any = true; /* an empty list is one, too */
    while (json_walk_next(&walk))
        TRY(add_value(q, to, walk.value, err));
    return ST_OK;
}

enum status json_query_check(struct arena *a, struct str path, struct error *err)
{
    struct query q = { .a = a, .path = path };
    struct step step;
    do
        TRY(next_step(&q, &step, err));
    while (step.kind != STEP_END);
    return ST_OK;
}

enum status json_query(struct arena *a, struct str document, struct str path,
                       struct json_found *ret_found, struct error *err)
{
    struct query q = { .a = a, .path = path };
    struct values now = { .n = 0 };
    bool is_list = false;
    TRY(json_query_check(a, path, err));
    TRY(add_value(&q, &now, str_trim(document), err));
    for (;;) {
        struct values next = { .n = 0 };
        struct step step;
        size_t start = q.at;
        TRY(next_step(&q, &step, err));
        if (step.kind == STEP_END)
            break;
        for (size_t i = 0; i < now.n; i++)
            if (step.kind == STEP_EVERY)
                TRY(add_elements(&q, &next, now.at[i], err));
            else
                TRY(add_value(&q, &next, one_value(a, now.at[i], &step), err));
        if (!next.any && now.n > 0)
            return stopped(&q, &step, start, now.at, now.n, err);
        is_list = is_list || step.kind == STEP_EVERY;
        now = next;
    }
    *ret_found = (struct json_found){ now.at, now.n, is_list };
    return ST_OK;
}
