/* Overrides: whatever a file says, no action gets cheaper than it was built, no action reaches what
 * costs more, each corrected row makes requests of its own shape, and a wrong file is in force in
 * no part. */
#include "fuzz.h"

#include "remote/overrides.h"
#include "remote/request.h"

#include <string.h>

/* Every parameter with its example. */
static void fill(const struct action *x, struct arguments *arguments)
{
    struct error err;
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (p->source != FROM_TOKEN && p->example != NULL)
            HOLDS(arguments_set(arguments, str_of(p->name), str_of(p->example), &err) == ST_OK ||
                  arguments->n == ARGUMENTS_MAX);
}

static void the_row_makes_requests(struct arena *a, const struct action *x)
{
    struct arguments arguments = { .n = 0 };
    struct request_context context = { .account_id = STR("70001"), .access_token = STR("T") };
    struct request request;
    struct error err;
    fill(x, &arguments);
    enum status s = request_build(a, x, &arguments, &context, &request, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        return;
    }
    HOLDS(request.effect == x->effect && request.method == x->method);
    HOLDS(str_starts(request.target, "/") && !str_starts(request.target, "//"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct str text = { (const char *)data, size };
    const struct overrides *o = NULL;
    struct action_walk walk = { 0 };
    struct error err;
    enum status s = overrides_read(&a, exact_copy(&a, text), "overrides.json", &o, &err);
    if (s != ST_OK) {
        HOLDS(s == ST_INVALID && o == NULL);
        holds_error(s, &err);
        holds_printable_error(&err);
        return 0;
    }
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        const struct action *now = overrides_row(o, x);
        HOLDS(strcmp(now->name, x->name) == 0 && now->effect >= x->effect);
        HOLDS(now->scheme == x->scheme && now->made_of == x->made_of);
        HOLDS(now == x || (!action_is_generic(now) && !action_is_recipe(now)));
        if (now == x)
            continue;
        the_row_makes_requests(&a, now);
    }
    HOLDS(digest_equal(overrides_digest(o), overrides_digest(o)));
    return 0;
}
