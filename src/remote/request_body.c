/* The JSON body of a request, and looking into one. Parameters whose keys share a beginning
 * ("primaryContact.email", "primaryContact.phone") stand next to each other in the rows, so that
 * one pass writes the body. */
#include "remote/inside.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/options.h"

static const struct param *member_row(const struct param *members, struct str name)
{
    for (const struct param *p = members; p->name != NULL; p++)
        if (str_is(name, param_key(p)))
            return p;
    return NULL;
}

static void unknown_member(struct builder *b, const char *where, const struct param *members,
                           struct str name)
{
    const char *names[ARGUMENTS_MAX];
    size_t n = 0;
    for (const struct param *p = members; p->name != NULL && n < ARGUMENTS_MAX; p++)
        names[n++] = p->name;
    const char *near = nearest_name(name, names, n);
    if (near != NULL)
        builder_fault(b, "%s has no member %.*s (did you mean %s?)", where, STR_PRINT(name), near);
    else
        builder_fault(b, "%s has no member %.*s", where, STR_PRINT(name));
}

/* Whether a JSON value is of the kind that a row wants; its text is what the checks look at. */
static bool is_of_kind(const struct param *p, const struct json *value)
{
    enum json_kind kind = json_kind(value);
    switch (p->type) {
    case PARAM_WHOLE:
        return kind == JSON_INTEGER;
    case PARAM_NUMBER:
        return kind == JSON_INTEGER || kind == JSON_DECIMAL;
    case PARAM_BOOLEAN:
        return kind == JSON_BOOLEAN;
    case PARAM_OBJECT:
        return kind == JSON_OBJECT;
    case PARAM_LIST:
        return kind == JSON_ARRAY;
    case PARAM_TEXT:
    case PARAM_DATE:
    case PARAM_MONTH:
    case PARAM_CHOICE:
        return kind == JSON_TEXT;
    }
    return false;
}

static void check_object(struct builder *b, const char *where, const struct param *members,
                         struct str object);

static void check_member(struct builder *b, const char *where, const struct param *p,
                         struct str raw)
{
    const struct json *value;
    struct error ignored;
    const char *name = arena_printf(b->a, "%s.%s", where, p->name);
    if (json_parse(b->a, raw, &value, &ignored) != ST_OK || !is_of_kind(p, value)) {
        builder_fault(b, "%s must be a %s such as %s", name, param_type_name(p->type), p->example);
        return;
    }
    bool is_text = json_kind(value) == JSON_TEXT;
    builder_check(b, name, p, is_text ? json_text(value) : raw);
}

static void check_object(struct builder *b, const char *where, const struct param *members,
                         struct str object)
{
    struct json_walk walk = json_walk(object);
    if (!walk.is_object) {
        builder_fault(b, "%s must be a JSON object", where);
        return;
    }
    while (json_walk_next(&walk)) {
        const struct param *p = member_row(members, walk.key);
        if (p == NULL)
            unknown_member(b, where, members, walk.key);
        else
            check_member(b, where, p, walk.value);
    }
    for (const struct param *p = members; p->name != NULL; p++)
        if (p->need == REQUIRED && json_member(object, param_key(p)).at == NULL)
            builder_fault(b, "%s.%s is missing", where, p->name);
}

void builder_check_members(struct builder *b, const char *name, const struct param *p,
                           struct str value)
{
    if (p->members == NULL)
        return;
    if (p->type == PARAM_OBJECT) {
        check_object(b, name, p->members, value);
        return;
    }
    int n = 0;
    struct json_walk walk = json_walk(value);
    while (json_walk_next(&walk))
        check_object(b, arena_printf(b->a, "%s.%d", name, n++), p->members, walk.value);
    if (n == 0 && p->need == REQUIRED)
        builder_fault(b, "%s must not be empty", name);
}

/* Objects of the body that are open: the beginning of the key that led into them. */
struct body {
    struct json_writer w;
    struct str open;
};

static bool lies_in(struct str key, struct str object)
{
    return object.len == 0 || (key.len > object.len && key.at[object.len] == '.' &&
                               memcmp(key.at, object.at, object.len) == 0);
}

static struct str parent_of(struct str key)
{
    const char *dot = key.len == 0 ? NULL : memrchr(key.at, '.', key.len);
    return dot == NULL ? STR("") : (struct str){ key.at, (size_t)(dot - key.at) };
}

/* Closes and opens objects until the one that a key stands in is the open one. */
static const char *go_to(struct builder *b, struct body *body, struct str key)
{
    while (!lies_in(key, body->open)) {
        json_close(&body->w);
        body->open = parent_of(body->open);
    }
    for (;;) {
        struct str rest = body->open.len == 0 ? key : str_from(key, body->open.len + 1), part;
        if (memchr(rest.at, '.', rest.len) == NULL)
            return arena_text(b->a, rest);
        (void)str_next(&rest, '.', &part);
        json_put_object(&body->w, arena_text(b->a, part));
        body->open = (struct str){ key.at, (size_t)(part.at + part.len - key.at) };
    }
}

static void put_value(struct json_writer *w, const char *key, const struct param *p,
                      struct str value)
{
    switch (p->type) {
    case PARAM_WHOLE:
    case PARAM_NUMBER:
        json_put_number(w, key, value);
        break;
    case PARAM_BOOLEAN:
        json_put_boolean(w, key, str_is(value, "true"));
        break;
    case PARAM_OBJECT:
    case PARAM_LIST:
        json_put_raw(w, key, value);
        break;
    case PARAM_TEXT:
    case PARAM_DATE:
    case PARAM_MONTH:
    case PARAM_CHOICE:
        json_put_text(w, key, value);
        break;
    }
}

static bool takes_body(const struct builder *b)
{
    for (const struct param *p = b->action->params; p->name != NULL; p++)
        if (p->place == IN_BODY)
            return true;
    return false;
}

/* The person's own bytes. A key that stands in an object twice is refused: which one counts would
 * be the service's choice, not what was approved. What stands in the body may then not be given
 * beside it. */
static struct str raw_body(struct builder *b)
{
    struct error why;
    const struct json *ignored;
    if (action_is_recipe(b->action))
        builder_fault(b, "a recipe makes its own body");
    else if (b->method == METHOD_GET)
        builder_fault(b, "a GET has no body");
    else if (json_parse(b->a, b->arguments->body, &ignored, &why) != ST_OK)
        builder_fault(b, "the body is not JSON: %s", why.text);
    for (const struct param *p = b->action->params; p->name != NULL; p++) {
        struct str value;
        if (p->place == IN_BODY && arguments_get(b->arguments, p->name, &value))
            builder_fault(b, "%s stands in the body, which is given whole", p->name);
    }
    return b->arguments->body;
}

struct str builder_body(struct builder *b)
{
    if (b->arguments->body.at != NULL)
        return raw_body(b);
    if (!takes_body(b))
        return STR_NONE;
    SCOPED(buf_release) struct buf text = BUF(LIMIT_BODY_BYTES);
    struct body body = { .w = JSON_WRITER(&text), .open = STR("") };
    json_open_object(&body.w);
    for (const struct param *p = b->action->params; p->name != NULL; p++) {
        struct str value;
        if (p->place == IN_BODY && builder_value(b, p, &value)) {
            const char *key = go_to(b, &body, str_of(param_key(p)));
            if (b->faults.len == 0)
                put_value(&body.w, key, p, value);
        }
    }
    while (body.open.len > 0) {
        json_close(&body.w);
        body.open = parent_of(body.open);
    }
    json_close(&body.w);
    if (text.exceeded)
        builder_fault(b, "the body would be longer than %d bytes", LIMIT_BODY_BYTES);
    return arena_copy(b->a, buf_str(&text));
}

bool request_argument(struct arena *a, const struct param *param, const struct arguments *arguments,
                      struct str *ret_value)
{
    if (param->place != IN_BODY || arguments->body.at == NULL)
        return arguments_get(arguments, param->name, ret_value);
    const struct json *body;
    struct error ignored;
    if (json_parse(a, arguments->body, &body, &ignored) != ST_OK)
        return false;
    const struct json *value = json_get_at(body, param_key(param));
    *ret_value = json_kind(value) == JSON_TEXT ? json_text(value)
                                               : json_member_at(arguments->body, param_key(param));
    return ret_value->at != NULL && json_kind(value) != JSON_NULL;
}
