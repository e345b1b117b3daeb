/* The document, from top to bottom. The schemas of the parameters are in openapi_schema.c. */
#include "hub/openapi.h"

#include "base/json_write.h"
#include "hub/openapi_schema.h"
#include "remote/describe.h"

#include <string.h>

#define HTTP_CODES_MAX 64

static void put_ref(struct json_writer *w, const char *key, const char *to)
{
    json_put_object(w, key);
    json_put_text(w, "$ref", str_of(to));
    json_close(w);
}

static void put_info(struct json_writer *w)
{
    json_put_text(w, "openapi", STR("3.1.0"));
    json_put_object(w, "info");
    json_put_text(w, "title", STR("Stellion"));
    json_put_text(w, "version", STR(STELLION_VERSION));
    json_put_text(w, "summary", STR("Every operation of the marketplaces, by name."));
    json_put_text(
        w, "description",
        STR("Made from the table of actions. `x-stellion-effect` tells what a call may do "
            "at the marketplace: READ asks, WRITE changes something that costs nothing, "
            "MONEY buys, changes or ends what is paid for. `x-stellion-trust` tells how "
            "sure the shape is."));
    json_put_object(w, "license");
    json_put_text(w, "name", STR("Apache-2.0"));
    json_put_text(w, "identifier", STR("Apache-2.0"));
    json_close(w);
    json_close(w);
    json_put_array(w, "servers");
    json_open_object(w);
    json_put_text(w, "url", STR("/"));
    json_put_text(w, "description", STR("The server that gave this document."));
    json_close(w);
    json_close(w);
    json_put_array(w, "security");
    json_open_object(w);
    json_put_array(w, "bearer");
    json_close(w);
    json_close(w);
    json_close(w);
}

/* Whether the category stood in an earlier row, of any connector. */
static bool is_new_category(const struct action *x)
{
    struct action_walk walk = { .only = NULL };
    const struct action *y = action_next(&walk);
    while (y != x && strcmp(x->category, y->category) != 0)
        y = action_next(&walk);
    return y == x;
}

static void put_tag(struct json_writer *w, const char *name, const char *what)
{
    json_open_object(w);
    json_put_text(w, "name", str_of(name));
    if (what != NULL)
        json_put_text(w, "description", str_of(what));
    json_close(w);
}

static void put_tags(struct json_writer *w)
{
    struct action_walk walk = { .only = NULL };
    json_put_array(w, "tags");
    put_tag(w, "Action", "What there is to call.");
    put_tag(w, "Purchase", "What costs money, and how it stands.");
    for (const struct action *x; (x = action_next(&walk)) != NULL;)
        if (is_new_category(x))
            put_tag(w, x->category, NULL);
    json_close(w);
}

/* The HTTP codes of the status table, each once, ascending. */
static size_t problem_codes(int codes[static HTTP_CODES_MAX])
{
    size_t n = 0;
    for (int code = 400; code < 600; code++)
        for (enum status s = ST_INVALID; s < STATUS_COUNT; s++)
            if (status_row(s)->http == code) {
                codes[n++] = code;
                break;
            }
    return n;
}

static void put_problems(struct arena *a, struct json_writer *w)
{
    int codes[HTTP_CODES_MAX];
    size_t n = problem_codes(codes);
    for (size_t i = 0; i < n; i++)
        put_ref(w, arena_printf(a, "%d", codes[i]),
                arena_printf(a, "#/components/responses/Problem%d", codes[i]));
}

static void put_json_content(struct json_writer *w, const char *schema)
{
    json_put_object(w, "content");
    json_put_object(w, "application/json");
    put_ref(w, "schema", schema);
    json_close(w);
    json_close(w);
}

static void put_answer(struct json_writer *w, const char *code, const char *what,
                       const char *schema)
{
    json_put_object(w, code);
    json_put_text(w, "description", str_of(what));
    put_json_content(w, schema);
    json_close(w);
}

static void put_query(struct json_writer *w, const char *name, const char *what,
                      const char *const *values)
{
    json_open_object(w);
    json_put_text(w, "name", str_of(name));
    json_put_text(w, "in", STR("query"));
    json_put_text(w, "description", str_of(what));
    json_put_object(w, "schema");
    json_put_text(w, "type", STR("string"));
    if (values != NULL) {
        json_put_array(w, "enum");
        for (; *values != NULL; values++)
            json_put_text(w, NULL, str_of(*values));
        json_close(w);
    }
    json_close(w);
    json_close(w);
}

static void put_list(struct arena *a, struct json_writer *w)
{
    static const char *const effects[] = { "READ", "WRITE", "MONEY", NULL };
    const char *apis[8];
    size_t n = 0;
    for (; connectors()[n] != NULL; n++)
        apis[n] = connectors()[n]->name;
    apis[n] = NULL;
    json_put_object(w, "/api/v1/actions");
    json_put_object(w, "get");
    json_put_text(w, "operationId", STR("actions"));
    json_put_text(w, "summary", STR("List what can be called"));
    json_put_raw(w, "tags", STR("[\"Action\"]"));
    json_put_array(w, "parameters");
    put_query(w, "api", "Only of this marketplace.", apis);
    put_query(w, "category", "Only of this category.", NULL);
    put_query(w, "effect", "Only of this effect.", effects);
    json_close(w);
    json_put_object(w, "responses");
    put_answer(w, "200", "The actions.", "#/components/schemas/ActionList");
    put_problems(a, w);
    json_close(w);
    json_close(w);
    json_close(w);
}

/* A path that gives one thing by its id. */
static void put_one(struct arena *a, struct json_writer *w, const char *path, const char *operation,
                    const char *summary, const char *tag, const char *example)
{
    json_put_object(w, path);
    json_put_object(w, "get");
    json_put_text(w, "operationId", str_of(operation));
    json_put_text(w, "summary", str_of(summary));
    json_put_array(w, "tags");
    json_put_text(w, NULL, str_of(tag));
    json_close(w);
    json_put_array(w, "parameters");
    json_open_object(w);
    json_put_text(w, "name", STR("id"));
    json_put_text(w, "in", STR("path"));
    json_put_boolean(w, "required", true);
    json_put_raw(w, "schema", STR("{ \"type\": \"string\" }"));
    json_put_text(w, "example", str_of(example));
    json_close(w);
    json_close(w);
    json_put_object(w, "responses");
    put_answer(w, "200", "This is it.", arena_printf(a, "#/components/schemas/%s", tag));
    put_problems(a, w);
    json_close(w);
    json_close(w);
    json_close(w);
}

static void put_extensions(struct json_writer *w, const struct action *x)
{
    json_put_text(w, "x-stellion-effect", str_of(effect_name(x->effect)));
    json_put_text(w, "x-stellion-trust", str_of(trust_name(x->trust)));
    json_put_text(w, "x-stellion-source", str_of(x->source));
    if (x->consequence != NULL)
        json_put_text(w, "x-stellion-consequence", str_of(x->consequence));
    if (action_is_recipe(x)) {
        json_put_text(w, "x-stellion-made-of", str_of(x->made_of));
    } else {
        json_put_text(w, "x-stellion-method", str_of(action_method_text(x)));
        json_put_text(w, "x-stellion-path", str_of(action_path_text(x)));
    }
}

static void put_call(struct arena *a, struct json_writer *w, const struct action *x)
{
    json_put_object(w, arena_printf(a, "/api/v1/actions/%s/call", x->name));
    json_put_object(w, "post");
    json_put_text(w, "operationId", str_of(x->name));
    json_put_text(w, "summary", str_of(x->title));
    json_put_text(w, "description",
                  str_of(arena_printf(a, "%s %s", x->doc, action_judging_words(a, x).at)));
    json_put_array(w, "tags");
    json_put_text(w, NULL, str_of(x->category));
    json_close(w);
    put_extensions(w, x);
    if (x->effect != EFFECT_READ || action_is_generic(x)) {
        json_put_array(w, "parameters");
        put_ref(w, NULL,
                action_is_generic(x) ? "#/components/parameters/IdempotencyKeyOfWrites"
                                     : "#/components/parameters/IdempotencyKey");
        json_close(w);
    }
    json_put_object(w, "requestBody");
    json_put_boolean(w, "required", true);
    json_put_object(w, "content");
    json_put_object(w, "application/json");
    openapi_put_call_schema(w, "schema", x);
    json_close(w);
    json_close(w);
    json_close(w);
    json_put_object(w, "responses");
    if (x->effect != EFFECT_MONEY)
        put_answer(w, "200", "What the marketplace answered.", "#/components/schemas/Answer");
    if (x->effect == EFFECT_MONEY || action_is_generic(x))
        put_answer(w, "202", "It waits for its decision, or is on its way.",
                   "#/components/schemas/Purchase");
    put_problems(a, w);
    json_close(w);
    json_close(w);
    json_close(w);
}

static void put_key(struct json_writer *w, const char *name, bool required, const char *what)
{
    json_put_object(w, name);
    json_put_text(w, "name", STR("Idempotency-Key"));
    json_put_text(w, "in", STR("header"));
    json_put_boolean(w, "required", required);
    json_put_text(w, "description", str_of(what));
    json_put_raw(w, "schema",
                 STR("{ \"type\": \"string\", \"minLength\": 1, \"maxLength\": 255 }"));
    json_close(w);
}

static void put_problem_responses(struct arena *a, struct json_writer *w)
{
    int codes[HTTP_CODES_MAX];
    size_t n = problem_codes(codes);
    json_put_object(w, "responses");
    for (size_t i = 0; i < n; i++) {
        SCOPED(buf_release) struct buf what = BUF(LIMIT_SMALL_FILE_BYTES);
        for (enum status s = ST_INVALID; s < STATUS_COUNT; s++)
            if (status_row(s)->http == codes[i])
                buf_printf(&what, "%s`%s`: %s", what.len > 0 ? " " : "", status_row(s)->name,
                           status_row(s)->sentence);
        json_put_object(w, arena_printf(a, "Problem%d", codes[i]));
        json_put_text(w, "description", buf_str(&what));
        json_put_object(w, "content");
        json_put_object(w, "application/problem+json");
        put_ref(w, "schema", "#/components/schemas/Problem");
        json_close(w);
        json_close(w);
        json_close(w);
    }
    json_close(w);
}

static void put_components(struct arena *a, struct json_writer *w)
{
    json_put_object(w, "components");
    json_put_object(w, "securitySchemes");
    json_put_raw(w, "bearer", STR("{ \"type\": \"http\", \"scheme\": \"bearer\" }"));
    json_close(w);
    json_put_object(w, "parameters");
    put_key(w, "IdempotencyKey", true,
            "The caller's own mark of this change, kept for seven days: the same key and body give "
            "the first answer again, the same key with another body is refused (422), and while "
            "the first still runs so is the second (409).");
    put_key(w, "IdempotencyKeyOfWrites", false,
            "As for any change; needed unless the request only reads.");
    json_close(w);
    put_problem_responses(a, w);
    openapi_put_schemas(w);
    json_close(w);
}

void openapi_write(struct arena *a, struct buf *to)
{
    struct json_writer w = JSON_WRITER_PRETTY(to);
    struct action_walk walk = { .only = NULL };
    json_open_object(&w);
    put_info(&w);
    put_tags(&w);
    json_put_object(&w, "paths");
    put_list(a, &w);
    put_one(a, &w, "/api/v1/actions/{id}", "action", "Show one action with its parameters",
            "Action", "stellr.customer.list");
    put_one(a, &w, "/api/v1/purchases/{id}", "purchase", "Show how a purchase stands", "Purchase",
            "17");
    for (const struct action *x; (x = action_next(&walk)) != NULL;)
        put_call(a, &w, x);
    json_close(&w);
    put_components(a, &w);
    json_close(&w);
    buf_add_char(to, '\n');
}
