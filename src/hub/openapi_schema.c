/* Parameters as JSON Schema (2020-12, as OpenAPI 3.1 has it), and the schemas that all paths
 * share. */
#include "hub/openapi_schema.h"

#include "base/status.h"
#include "licence/purchase.h"
#include "remote/describe.h"

/* A value of a row in its JSON type. */
static void put_value(struct json_writer *w, const char *key, const struct param *p,
                      const char *value)
{
    switch (p->type) {
    case PARAM_WHOLE:
    case PARAM_NUMBER:
        json_put_number(w, key, str_of(value));
        break;
    case PARAM_BOOLEAN:
    case PARAM_OBJECT:
    case PARAM_LIST:
        json_put_raw(w, key, str_of(value));
        break;
    case PARAM_TEXT:
    case PARAM_DATE:
    case PARAM_MONTH:
    case PARAM_CHOICE:
        json_put_text(w, key, str_of(value));
        break;
    }
}

static void put_choices(struct json_writer *w, const char *choices)
{
    struct str rest = str_of(choices), choice;
    json_put_array(w, "enum");
    while (str_next(&rest, '|', &choice))
        json_put_text(w, NULL, choice);
    json_close(w);
}

static void put_members(struct json_writer *w, const struct param *rows);

static void put_type(struct json_writer *w, const struct param *p)
{
    static const char *const types[] = { "string", "integer", "number", "boolean", "string",
                                         "string", "string",  "object", "array" };
    json_put_text(w, "type", str_of(types[p->type]));
    if (p->type == PARAM_WHOLE)
        json_put_text(w, "format", STR("int64"));
    else if (p->type == PARAM_DATE)
        json_put_text(w, "format", STR("date"));
    else if (p->type == PARAM_MONTH)
        json_put_text(w, "pattern", STR("^[0-9]{4}-[0-9]{2}$"));
    else if (p->type == PARAM_CHOICE)
        put_choices(w, p->choices);
    else if (p->type == PARAM_TEXT && p->need == REQUIRED)
        json_put_integer(w, "minLength", 1);
    else if (p->type == PARAM_OBJECT && p->members != NULL)
        put_members(w, p->members);
    if (p->type != PARAM_LIST || p->members == NULL)
        return;
    if (p->need == REQUIRED)
        json_put_integer(w, "minItems", 1);
    json_put_object(w, "items");
    json_put_text(w, "type", STR("object"));
    put_members(w, p->members);
    json_close(w);
}

static void put_param(struct json_writer *w, const char *name, const struct param *p)
{
    json_put_object(w, name);
    put_type(w, p);
    json_put_text(w, "description", str_of(p->doc));
    if (p->fallback != NULL)
        put_value(w, "default", p, p->fallback);
    json_put_array(w, "examples");
    put_value(w, NULL, p, p->example);
    json_close(w);
    json_close(w);
}

/* Of an object in an argument: by the names that go out. */
static void put_members(struct json_writer *w, const struct param *rows)
{
    json_put_object(w, "properties");
    for (const struct param *p = rows; p->name != NULL; p++)
        put_param(w, param_key(p), p);
    json_close(w);
    json_put_array(w, "required");
    for (const struct param *p = rows; p->name != NULL; p++)
        if (p->need == REQUIRED)
            json_put_text(w, NULL, str_of(param_key(p)));
    json_close(w);
    json_put_boolean(w, "additionalProperties", false);
}

static bool takes_body(const struct action *x)
{
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (p->place == IN_BODY)
            return true;
    return action_is_generic(x);
}

static bool stands(const struct param *p, bool raw_body)
{
    return param_is_told(p) && !(raw_body && p->place == IN_BODY);
}

static void put_paging_arguments(struct json_writer *w, const struct action *x)
{
    if (x->paging == NULL)
        return;
    if (action_param(x, str_of(x->paging->place_name)) == NULL)
        json_put_raw(w, x->paging->place_name,
                     x->paging->style == PAGING_TOKEN
                         ? STR("{ \"type\": \"string\", \"description\": \"Which page.\" }")
                         : STR("{ \"type\": \"integer\", \"description\": \"Which page.\" }"));
    if (action_param(x, str_of(x->paging->size_name)) == NULL)
        json_put_raw(w, x->paging->size_name,
                     STR("{ \"type\": \"integer\", \"description\": \"Records per page.\" }"));
}

static bool put_arguments(struct json_writer *w, const struct action *x, bool raw_body)
{
    bool any_wanted = false;
    json_put_object(w, "arguments");
    json_put_text(w, "type", STR("object"));
    json_put_object(w, "properties");
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (stands(p, raw_body))
            put_param(w, p->name, p);
    put_paging_arguments(w, x);
    json_close(w);
    json_put_array(w, "required");
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (stands(p, raw_body) && param_is_wanted(p)) {
            json_put_text(w, NULL, str_of(p->name));
            any_wanted = true;
        }
    json_close(w);
    json_put_boolean(w, "additionalProperties", false);
    json_close(w);
    return any_wanted;
}

static void put_text_member(struct json_writer *w, const char *name, const char *what)
{
    json_put_object(w, name);
    json_put_text(w, "type", STR("string"));
    json_put_text(w, "description", str_of(what));
    json_close(w);
}

static void put_flag_member(struct json_writer *w, const char *name, const char *what)
{
    json_put_object(w, name);
    json_put_text(w, "type", STR("boolean"));
    json_put_boolean(w, "default", false);
    json_put_text(w, "description", str_of(what));
    json_close(w);
}

static void put_buying_members(struct json_writer *w)
{
    put_flag_member(w, "dry_run", "Show the exact request and its effect; send nothing.");
    put_flag_member(w, "again", "The same was bought a moment ago, and is wanted once more.");
    put_text_member(w, "reason", "Why, for whoever approves it and for the history.");
    put_text_member(w, "purchase_order", "Purchase order number that travels with the order.");
    put_text_member(w, "requester", "Who asked for it.");
}

static void put_call_object(struct json_writer *w, const char *key, const struct action *x,
                            bool raw_body)
{
    json_put_object(w, key);
    json_put_text(w, "type", STR("object"));
    json_put_object(w, "properties");
    put_text_member(w, "connection", "Ask through this connection; needed when several fit.");
    bool any_wanted = put_arguments(w, x, raw_body);
    if (raw_body)
        json_put_raw(w, "body",
                     STR("{ \"description\": \"The JSON body, whole, as it goes out.\" }"));
    if (x->paging != NULL)
        put_flag_member(w, "all_pages", "Walk the list to its end; gives all records.");
    if (x->effect != EFFECT_MONEY)
        put_text_member(w, "query", "Only this part of the answer, such as data.records[*].name.");
    if (x->effect == EFFECT_MONEY || action_is_generic(x))
        put_buying_members(w);
    json_close(w);
    json_put_array(w, "required");
    if (any_wanted)
        json_put_text(w, NULL, STR("arguments"));
    if (raw_body)
        json_put_text(w, NULL, STR("body"));
    json_close(w);
    json_put_boolean(w, "additionalProperties", false);
    json_close(w);
}

void openapi_put_call_schema(struct json_writer *w, const char *key, const struct action *x)
{
    if (!takes_body(x)) {
        put_call_object(w, key, x, false);
        return;
    }
    json_put_object(w, key);
    json_put_array(w, "oneOf");
    put_call_object(w, NULL, x, false);
    put_call_object(w, NULL, x, true);
    json_close(w);
    json_close(w);
}

static void put_problem_schema(struct json_writer *w)
{
    json_put_object(w, "Problem");
    json_put_text(w, "description", STR("What went wrong (RFC 9457)."));
    json_put_text(w, "type", STR("object"));
    json_put_object(w, "properties");
    json_put_raw(w, "type", STR("{ \"type\": \"string\", \"format\": \"uri-reference\" }"));
    put_text_member(w, "title", "What kind of thing happened.");
    json_put_raw(w, "status", STR("{ \"type\": \"integer\", \"minimum\": 400, \"maximum\": 599 }"));
    put_text_member(w, "detail", "What failed, on what and why, for the person who can act.");
    json_put_object(w, "code");
    json_put_text(w, "type", STR("string"));
    json_put_array(w, "enum");
    for (enum status s = ST_INVALID; s < STATUS_COUNT; s++)
        json_put_text(w, NULL, str_of(status_row(s)->name));
    json_close(w);
    json_close(w);
    put_text_member(w, "hint", "What to do.");
    json_put_raw(w, "remote_status",
                 STR("{ \"type\": \"integer\", \"description\": \"HTTP status of the "
                     "marketplace.\" }"));
    put_text_member(w, "request_id", "The marketplace's own name for the request.");
    json_close(w);
    json_put_raw(w, "required", STR("[\"type\", \"title\", \"status\", \"detail\", \"code\"]"));
    json_close(w);
}

static void put_texts(struct json_writer *w, const char *const *names, size_t n, const char *schema)
{
    for (size_t i = 0; i < n; i++)
        json_put_raw(w, names[i], str_of(schema));
}

static void put_summary_members(struct json_writer *w)
{
    static const char *const texts[] = { "id",     "api",   "category", "title",
                                         "effect", "trust", "source" };
    static const char *const maybe[] = { "method", "path", "made_of" };
    put_texts(w, texts, ARRAY_LEN(texts), "{ \"type\": \"string\" }");
    put_texts(w, maybe, ARRAY_LEN(maybe), "{ \"type\": [\"string\", \"null\"] }");
}

/* As purchase_json writes it. */
static void put_purchase_schema(struct json_writer *w)
{
    static const char *const texts[] = { "id", "what", "action", "actor" };
    static const char *const maybe[] = { "customer",       "subscription", "note",
                                         "mark",           "remote_ref",   "request_id",
                                         "purchase_order", "reason",       "requester" };
    json_put_object(w, "Purchase");
    json_put_text(w, "type", STR("object"));
    json_put_object(w, "properties");
    put_texts(w, texts, ARRAY_LEN(texts), "{ \"type\": \"string\" }");
    put_texts(w, maybe, ARRAY_LEN(maybe), "{ \"type\": [\"string\", \"null\"] }");
    json_put_object(w, "state");
    json_put_text(w, "type", STR("string"));
    json_put_array(w, "enum");
    for (enum purchase_state s = 0; s < PURCHASE_STATES; s++)
        json_put_text(w, NULL, str_of(purchase_state_row(s)->name));
    json_close(w);
    json_close(w);
    json_put_raw(w, "is_open", STR("{ \"type\": \"boolean\" }"));
    json_put_raw(w, "items", STR("{ \"type\": \"array\", \"items\": { \"type\": \"object\" } }"));
    json_put_raw(w, "steps", STR("{ \"type\": \"array\", \"items\": { \"type\": \"object\" } }"));
    json_put_raw(w, "answer", STR("{ \"description\": \"What the marketplace answered.\" }"));
    json_close(w);
    json_put_raw(w, "required", STR("[\"id\", \"state\", \"is_open\", \"action\"]"));
    json_close(w);
}

void openapi_put_schemas(struct json_writer *w)
{
    json_put_object(w, "schemas");
    put_problem_schema(w);
    json_put_raw(w, "Answer",
                 STR("{ \"type\": \"object\", \"required\": [\"connection\", \"answer\"], "
                     "\"properties\": { \"connection\": { \"type\": \"string\" }, \"answer\": "
                     "{ \"description\": \"JSON, as the marketplace sent it.\" } } }"));
    put_purchase_schema(w);
    json_put_object(w, "Action");
    json_put_text(w, "type", STR("object"));
    json_put_object(w, "properties");
    put_summary_members(w);
    json_put_raw(w, "parameters",
                 STR("{ \"type\": \"array\", \"items\": { \"type\": \"object\" } }"));
    json_close(w);
    json_put_raw(w, "required",
                 STR("[\"id\", \"api\", \"category\", \"title\", \"effect\", \"trust\"]"));
    json_close(w);
    json_put_raw(w, "ActionList",
                 STR("{ \"type\": \"array\", \"items\": "
                     "{ \"$ref\": \"#/components/schemas/Action\" } }"));
    json_close(w);
}
