/* Requests: whatever the arguments, a request is refused with all its faults, or its address is
 * sound, stays below its template and leads back to the same action and arguments. */
#include "fuzz.h"

#include "base/uri.h"
#include "remote/connector.h"
#include "remote/route.h"

#include <string.h>

static const struct action *any_action(size_t n)
{
    for (;;) {
        struct action_walk walk = { .only = NULL };
        for (const struct action *x; (x = action_next(&walk)) != NULL;)
            if (n-- == 0)
                return x;
    }
}

/* Lines of the input as values of the parameters, in order; "-" leaves one out, "+" takes its
 * example. What is left over is a parameter of a free name. */
static void read_arguments(struct input *in, struct arena *a, const struct action *action,
                           struct arguments *arguments)
{
    struct error err;
    struct str value;
    arguments->n = 0;
    for (const struct param *p = action->params; p->name != NULL; p++) {
        if (!input_part(in, a, '\n', &value) || str_is(value, "-"))
            continue;
        if (str_is(value, "+"))
            value = str_of(p->example);
        HOLDS(arguments_set(arguments, str_of(p->name), value, &err) == ST_OK);
    }
    const struct paging *paging = action->paging;
    if (paging != NULL && input_part(in, a, '\n', &value))
        HOLDS(arguments_set(arguments, str_of(paging->place_name), value, &err) == ST_OK);
    if (in->rest.len > 0 && input_part(in, a, '\n', &value))
        HOLDS(arguments_set(arguments, value, STR("x"), &err) == ST_OK);
}

static void target_is_sound(struct str target, struct str *ret_path, struct str *ret_query)
{
    struct uri uri;
    struct error err;
    SCOPED(buf_release) struct buf url = BUF(LIMIT_URL_BYTES + 100);
    HOLDS(target.len > 0 && target.at[0] == '/' && target.len <= LIMIT_URL_BYTES);
    buf_add_text(&url, "https://api.example");
    buf_add(&url, target);
    HOLDS(uri_parse(buf_str(&url), &uri, &err) == ST_OK);
    HOLDS(str_is(uri.host, "api.example") && uri.port == 443);
    *ret_query = target;
    (void)str_next(ret_query, '?', ret_path);
}

static void segments_do_not_climb(struct str path)
{
    struct str segment;
    while (str_next(&path, '/', &segment))
        HOLDS(!str_is(segment, "..") && !str_is(segment, "."));
}

/* No segment climbs, decoded or not. Where the caller gives the whole path, not even one that a
 * server would get by decoding before it cuts. */
static void path_does_not_climb(struct arena *a, const struct action *action, struct str path)
{
    struct str rest = path, segment, decoded;
    segments_do_not_climb(path);
    while (str_next(&rest, '/', &segment)) {
        HOLDS(uri_decode(a, segment, false, &decoded));
        HOLDS(!str_is(decoded, "..") && !str_is(decoded, "."));
    }
    if (action->path[0] == '\0' && uri_decode(a, path, false, &decoded))
        segments_do_not_climb(decoded);
}

static void arguments_come_back(struct arena *a, const struct request *request,
                                const struct arguments *arguments, struct str path,
                                struct str query)
{
    const struct action *action = request->action, *found;
    const struct connector *connector = connector_of_action(action);
    struct arguments back;
    bool other_method;
    if (action->path[0] == '\0')
        return;
    found = route_find(a, connector, request->method, path, &back, &other_method);
    HOLDS(found != NULL);
    for (const struct param *p = action->params; p->name != NULL; p++) {
        struct str value, sent;
        if (!arguments_get(arguments, p->name, &value) || p->source == FROM_TOKEN)
            continue;
        if (p->place == IN_QUERY) {
            HOLDS(uri_query_value(a, query, p->name, &sent));
            HOLDS(str_equal(sent, value));
        } else if (p->place == IN_PATH && found == action) {
            HOLDS(arguments_get(&back, p->name, &sent));
            HOLDS(str_equal(sent, value));
        }
    }
}

/* Each required argument is there and each value is of its type. */
static void arguments_are_right(const struct action *action, const struct arguments *arguments)
{
    for (size_t i = 0; i < arguments->n; i++) {
        struct str name = arguments->at[i].name;
        const struct paging *paging = action->paging;
        HOLDS(action_param(action, name) != NULL ||
              (paging != NULL &&
               (str_is(name, paging->place_name) || str_is(name, paging->size_name))));
    }
    for (const struct param *p = action->params; p->name != NULL; p++) {
        struct str value;
        int64_t whole;
        bool is_given = arguments_get(arguments, p->name, &value);
        HOLDS(!is_given || p->source != FROM_TOKEN);
        HOLDS(is_given || p->need == OPTIONAL || p->source != FROM_CALLER || p->fallback != NULL);
        if (!is_given)
            continue;
        HOLDS(p->need == OPTIONAL || value.len > 0);
        HOLDS(p->type != PARAM_WHOLE || str_integer(value, &whole));
        HOLDS(p->type != PARAM_BOOLEAN || str_is(value, "true") || str_is(value, "false"));
    }
}

/* What a path leads to can be asked for, and leads there again. */
static void a_route_leads_back(struct arena *a, struct str path)
{
    struct request_context context = { .account_id = STR("70001"), .access_token = STR("t") };
    struct arguments arguments = { .n = 0 };
    struct request request;
    struct error err;
    struct str there, here;
    bool other_method;
    for (size_t i = 0; connectors()[i] != NULL; i++) {
        const struct action *found =
            route_find(a, connectors()[i], METHOD_GET, path, &arguments, &other_method);
        if (found == NULL || request_build(a, found, &arguments, &context, &request, &err) != ST_OK)
            continue;
        struct str target = request.target;
        HOLDS(str_next(&target, '?', &there));
        HOLDS(uri_decode(a, path, false, &here) && uri_decode(a, there, false, &there));
        HOLDS(str_starts(here, arena_text(a, there)) && here.len <= there.len + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    unsigned choice = input_byte(&in);
    if (choice >= 128) {
        a_route_leads_back(&a, in.rest);
        return 0;
    }
    const struct action *action = any_action(choice);
    struct request_context context = { .account_id = STR("70001"), .access_token = STR("t&ken") };
    struct arguments arguments = { .n = 0 };
    struct request request;
    struct error err;
    struct str path, query;
    read_arguments(&in, &a, action, &arguments);
    enum status s = request_build(&a, action, &arguments, &context, &request, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        HOLDS(s == ST_INVALID && str_starts(str_of(err.text), action->name));
        return 0;
    }
    HOLDS(request.action == action);
    HOLDS(action_is_generic(action) || request.method == action->method);
    arguments_are_right(action, &arguments);
    if (action_is_recipe(action)) /* no request of its own */
        return 0;
    target_is_sound(request.target, &path, &query);
    bool has_nul = size > 0 && memchr(data, '\0', size) != NULL;
    if (has_nul) /* it is sent as %00, and no decoder of ours takes that */
        return 0;
    path_does_not_climb(&a, action, path);
    arguments_come_back(&a, &request, &arguments, path, query);
    return 0;
}
