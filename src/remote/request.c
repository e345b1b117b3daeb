/* Building requests: arguments, path, query and form. The JSON body is in request_body.c. */
#include "remote/request.h"

#include "base/decimal.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/moment.h"
#include "base/options.h"
#include "base/uri.h"
#include "remote/inside.h"
#include "remote/overrides.h"
#include "remote/route.h"

#include <stdarg.h>

enum status arguments_set(struct arguments *arguments, struct str name, struct str value,
                          struct error *err)
{
    for (size_t i = 0; i < arguments->n; i++)
        if (str_equal(arguments->at[i].name, name)) {
            arguments->at[i].value = value;
            return ST_OK;
        }
    if (arguments->n == ARGUMENTS_MAX)
        return fail(err, ST_LIMIT, "more than %d arguments were given", ARGUMENTS_MAX);
    arguments->at[arguments->n++] = (struct argument){ name, value };
    return ST_OK;
}

bool arguments_get(const struct arguments *arguments, const char *name, struct str *ret_value)
{
    for (size_t i = 0; i < arguments->n; i++)
        if (str_is(arguments->at[i].name, name)) {
            *ret_value = arguments->at[i].value;
            return true;
        }
    return false;
}

void builder_fault(struct builder *b, const char *format, ...)
{
    char text[300];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (b->faults.len > 0)
        buf_add_text(&b->faults, "; ");
    buf_add_text(&b->faults, text);
}

static bool in_choices(const char *choices, struct str value)
{
    struct str rest = str_of(choices), choice;
    while (str_next(&rest, '|', &choice))
        if (str_equal(choice, value))
            return true;
    return false;
}

static bool is_month(struct str value)
{
    struct date date;
    char day[16];
    if (value.len != 7)
        return false;
    (void)snprintf(day, sizeof day, "%.*s-01", STR_PRINT(value));
    return date_parse(str_of(day), &date);
}

/* Well-formed JSON of the wanted shape, and its members where the row knows them. */
static bool is_json(struct builder *b, const char *name, const struct param *p, struct str value)
{
    struct error why;
    enum json_shape wanted = p->type == PARAM_LIST ? JSON_SHAPE_ARRAY : JSON_SHAPE_OBJECT;
    const struct json *ignored; /* stricter than json_check: no key twice */
    if (json_parse(b->a, value, &ignored, &why) != ST_OK) {
        builder_fault(b, "%s is not JSON: %s", name, why.text);
        return true; /* told already */
    }
    if (json_shape(value) != wanted)
        return false;
    builder_check_members(b, name, p, value);
    return true;
}

static bool fits(struct builder *b, const char *name, const struct param *p, struct str value)
{
    int64_t whole;
    struct date date;
    struct decimal decimal;
    struct error ignored;
    switch (p->type) {
    case PARAM_TEXT:
        return p->need == OPTIONAL || value.len > 0;
    case PARAM_WHOLE:
        return str_integer(value, &whole);
    case PARAM_NUMBER:
        return decimal_parse(value, &decimal, NULL, &ignored) == ST_OK;
    case PARAM_BOOLEAN:
        return str_is(value, "true") || str_is(value, "false");
    case PARAM_DATE:
        return date_parse(value, &date);
    case PARAM_MONTH:
        return is_month(value);
    case PARAM_CHOICE:
        return in_choices(p->choices, value);
    case PARAM_OBJECT:
    case PARAM_LIST:
        return is_json(b, name, p, value);
    }
    return false;
}

void builder_check(struct builder *b, const char *name, const struct param *p, struct str value)
{
    if (fits(b, name, p, value))
        return;
    if (p->type == PARAM_CHOICE)
        builder_fault(b, "%s must be one of %s, not '%.*s'", name, p->choices, STR_PRINT(value));
    else
        builder_fault(b, "%s must be a %s such as %s, not '%.*s'", name, param_type_name(p->type),
                      p->example, STR_PRINT(value));
}

bool builder_value(struct builder *b, const struct param *p, struct str *ret_value)
{
    if (p->source == FROM_TOKEN) {
        *ret_value = b->context->access_token;
        return b->context->access_token.at != NULL;
    }
    if (arguments_get(b->arguments, p->name, ret_value)) {
        builder_check(b, p->name, p, *ret_value);
        return true;
    }
    if (p->source == FROM_CONNECTION && b->context->account_id.at != NULL) {
        *ret_value = b->context->account_id;
        return true;
    }
    if (p->fallback != NULL) {
        *ret_value = str_of(p->fallback);
        return true;
    }
    if (p->need == REQUIRED)
        builder_fault(b, "%s is missing", p->name);
    return false;
}

static void add_pair(struct buf *to, const char *name, struct str value)
{
    if (to->len > 0)
        buf_add_char(to, '&');
    uri_encode(to, str_of(name), "");
    buf_add_char(to, '=');
    uri_encode(to, value, "");
}

#define KEPT_IN_PATHS "/:@!$&'()*+,;="

/* A path as the person gave it, for the generic request: no address, no climbing, no query. */
static void put_whole_path(struct builder *b, struct str path)
{
    struct str rest = path, segment, plain;
    if (!str_starts(path, "/"))
        builder_fault(b, "the path must start with /");
    else if (!uri_decode(b->a, path, false, &plain))
        builder_fault(b, "the path has a broken %%-escape");
    else if (memchr(path.at, '?', path.len) != NULL || memchr(path.at, '#', path.len) != NULL)
        builder_fault(b, "the query goes into its own argument, not into the path");
    else
        for (rest = str_from(plain, 1); str_next(&rest, '/', &segment);)
            if (str_is(segment, "..") || str_is(segment, ".") || (segment.len == 0 && rest.at))
                builder_fault(b, "the path must not hold '//', '/./' or '/../'");
    uri_encode(&b->path, path, KEPT_IN_PATHS "%");
}

/* Behind an escape the service may see another path than the rows do, and what costs money would go
 * out as something else. So a change by hand has only escapes that it cannot do without. */
static void check_escapes(struct builder *b)
{
    struct str rest = buf_str(&b->path), plain;
    bool is_needless = false;
    for (size_t i = 0; i + 2 < rest.len && !is_needless; i++) {
        SCOPED(buf_release) struct buf again = BUF(8);
        if (rest.at[i] != '%' || !uri_decode(b->a, (struct str){ rest.at + i, 3 }, false, &plain))
            continue;
        uri_encode(&again, plain, KEPT_IN_PATHS "\\");
        is_needless = again.len == 1;
    }
    if (is_needless && b->method != METHOD_GET)
        builder_fault(b, "a request that changes something is looked up by its path: write the "
                         "path without needless escapes, and without / and \\ inside a segment");
}

static void put_method(struct builder *b, struct str value)
{
    static const enum method all[] = { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (str_is(value, method_name(all[i])))
            b->method = all[i];
}

static void put_param(struct builder *b, const struct param *p)
{
    struct str value;
    if (p->place == IN_PATH || p->place == IN_BODY || !builder_value(b, p, &value))
        return;
    if (p->place == IN_QUERY)
        add_pair(&b->query, param_key(p), value);
    else if (p->place == IN_FORM)
        add_pair(&b->form, param_key(p), value);
    else if (p->place == IN_METHOD)
        put_method(b, value);
    else if (p->place == IN_WHOLE_PATH)
        put_whole_path(b, value);
    else if (p->place == IN_WHOLE_QUERY && value.len > 0)
        uri_encode(&b->query, value, "%=&+:@/?!$'()*,;");
}

/* Ids go into the path whole, encoded: none may add a segment or climb. */
static void put_path(struct builder *b)
{
    const char *path = b->context->path != NULL ? b->context->path : b->action->path;
    struct uri_template t = uri_template(path);
    while (uri_template_next(&t)) {
        buf_add(&b->path, t.literal);
        const struct param *p = action_param(b->action, t.name);
        struct str value;
        if (p == NULL || !builder_value(b, p, &value))
            continue;
        if (value.len == 0 || str_is(value, ".") || str_is(value, ".."))
            builder_fault(b, "%s cannot be '%.*s'", p->name, STR_PRINT(value));
        uri_encode(&b->path, value, "");
    }
    buf_add(&b->path, t.literal);
}

static bool is_paging_name(const struct action *action, struct str name)
{
    return action->paging != NULL &&
           (str_is(name, action->paging->size_name) || str_is(name, action->paging->place_name));
}

/* A list is always asked for with a size and, where pages have numbers, with a number: without them
 * Stellr answers an empty list and Ion refuses (stellr 3.2 REAL, ion 3.1 SPEC). */
static void put_paging(struct builder *b)
{
    const struct paging *paging = b->action->paging;
    if (paging == NULL)
        return;
    static const char *const first_place[] = { "1", NULL, "0" };
    struct str place = str_of(first_place[paging->style]);
    struct str size = str_of(arena_printf(b->a, "%d", paging->size));
    (void)arguments_get(b->arguments, paging->place_name, &place);
    (void)arguments_get(b->arguments, paging->size_name, &size);
    if (place.at != NULL)
        add_pair(&b->query, paging->place_name, place);
    add_pair(&b->query, paging->size_name, size);
}

static void check_names(struct builder *b)
{
    const char *names[ARGUMENTS_MAX];
    size_t n = 0;
    for (const struct param *p = b->action->params; p->name != NULL && n < ARGUMENTS_MAX; p++)
        if (p->source != FROM_TOKEN)
            names[n++] = p->name;
    for (size_t i = 0; i < b->arguments->n; i++) {
        struct str name = b->arguments->at[i].name;
        const struct param *p = action_param(b->action, name);
        if ((p != NULL && p->source != FROM_TOKEN) || is_paging_name(b->action, name))
            continue;
        const char *near = nearest_name(name, names, n);
        if (near != NULL)
            builder_fault(b, "there is no parameter %.*s (did you mean %s?)", STR_PRINT(name),
                          near);
        else
            builder_fault(b, "there is no parameter %.*s", STR_PRINT(name));
    }
}

static enum effect effect_by_hand(const struct builder *b)
{
    struct str path = buf_str(&b->path);
    return overrides_effect(b->context->overrides, connector_of_action(b->action), b->method, path,
                            request_effect(b->action, b->method, path));
}

static void settle(struct builder *b, struct request *ret_request)
{
    SCOPED(buf_release) struct buf target = BUF(LIMIT_URL_BYTES);
    buf_add(&target, buf_str(&b->path));
    if (b->query.len > 0) {
        buf_add_char(&target, '?');
        buf_add(&target, buf_str(&b->query));
    }
    if (target.exceeded || b->path.exceeded || b->query.exceeded)
        builder_fault(b, "the address would be longer than %d bytes", LIMIT_URL_BYTES);
    struct str body = builder_body(b);
    bool is_form = b->form.len > 0;
    *ret_request = (struct request){
        .action = b->action,
        .method = b->method,
        .effect = action_is_generic(b->action) ? effect_by_hand(b) : b->action->effect,
        .target = arena_copy(b->a, buf_str(&target)),
        .content_type = is_form           ? "application/x-www-form-urlencoded"
                        : body.at != NULL ? "application/json"
                                          : NULL,
        .body = is_form ? arena_copy(b->a, buf_str(&b->form)) : body,
    };
}

enum effect request_effect(const struct action *generic, enum method method, struct str path)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct arguments arguments = { .n = 0 };
    bool is_escaped = path.len > 0 && memchr(path.at, '%', path.len) != NULL;
    const struct action *row =
        route_find_meant(&a, connector_of_action(generic), method, path, &arguments);
    if (row != NULL && (!is_escaped || row->effect == EFFECT_MONEY))
        return row->effect;
    return method == METHOD_GET ? EFFECT_READ : EFFECT_MONEY;
}

const struct param *action_param_meaning(const struct action *action, enum meaning meaning)
{
    for (const struct param *p = action->params; p->name != NULL; p++)
        if (p->meaning == meaning)
            return p;
    return NULL;
}

static void builder_release(struct builder *b)
{
    buf_release(&b->faults);
    buf_release(&b->path);
    buf_release(&b->query);
    buf_release(&b->form);
}

enum status request_build(struct arena *a, const struct action *action,
                          const struct arguments *arguments, const struct request_context *context,
                          struct request *ret_request, struct error *err)
{
    SCOPED(builder_release)
    struct builder b = {
        .a = a,
        .action = action,
        .arguments = arguments,
        .context = context,
        .faults = BUF(LIMIT_ERROR_TEXT_BYTES),
        .path = BUF(LIMIT_URL_BYTES),
        .query = BUF(LIMIT_URL_BYTES),
        .form = BUF(LIMIT_SECRET_BYTES * 4),
        .method = action->method,
    };
    struct request request;
    check_names(&b);
    put_path(&b);
    for (const struct param *p = action->params; p->name != NULL; p++)
        put_param(&b, p);
    put_paging(&b);
    if (action_is_generic(action))
        check_escapes(&b);
    settle(&b, &request);
    enum status s = ST_OK;
    if (b.faults.len > 0 || b.faults.exceeded) {
        s = fail(err, ST_INVALID, "%s: %s", action->name, b.faults.at);
        hint(err, "`stellion actions show %s` lists its parameters.", action->name);
    } else {
        *ret_request = request;
    }
    return s;
}
