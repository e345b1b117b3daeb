/* Calls and walks over pages. */
#include "library/inside.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "client/judge.h"
#include "remote/progress.h"

/* A value of JSON as the text that an argument is. False: null, which leaves it out. */
static bool argument_of(struct str raw, const struct json *value, struct str *ret_text)
{
    switch (json_kind(value)) {
    case JSON_NULL:
        return false;
    case JSON_TEXT:
        *ret_text = json_text(value);
        return true;
    case JSON_BOOLEAN:
    case JSON_INTEGER:
    case JSON_DECIMAL:
    case JSON_ARRAY:
    case JSON_OBJECT:
    default:
        *ret_text = raw;
        return true;
    }
}

static enum status read_json(struct arena *a, const char *text, struct arguments *arguments,
                             struct error *err)
{
    const struct json *object;
    enum status s = json_parse(a, str_of(text), &object, err);
    if (s != ST_OK)
        return wrap(err, ST_INVALID, "the arguments");
    if (json_kind(object) != JSON_OBJECT)
        return fail(err, ST_INVALID, "the arguments are %s, not an object of JSON",
                    json_kind_name(json_kind(object)));
    struct json_members members = json_members(object); /* both in the order received */
    struct json_walk raw = json_walk(str_trim(str_of(text)));
    struct str value;
    while (json_members_next(&members) && json_walk_next(&raw))
        if (argument_of(raw.value, members.value, &value))
            TRY(arguments_set(arguments, members.key, value, err));
    return ST_OK;
}

static enum status read_typed(struct arena *a, const struct stellion_argument *given,
                              struct arguments *arguments, struct error *err)
{
    struct str value;
    if (given->name == NULL)
        return fail(err, ST_INVALID, "an argument has no name");
    switch (given->type) {
    case STELLION_TEXT:
        if (given->text == NULL)
            return ST_OK;
        value = str_of(given->text);
        break;
    case STELLION_INTEGER:
        value = str_of(arena_printf(a, "%lld", (long long)given->integer));
        break;
    case STELLION_BOOLEAN:
        value = given->integer != 0 ? STR("true") : STR("false");
        break;
    default:
        return fail(err, ST_INVALID, "the argument %s is of no known type", given->name);
    }
    return arguments_set(arguments, str_of(given->name), value, err);
}

static enum status read_arguments(struct arena *a, const struct stellion_arguments *given,
                                  struct arguments *arguments, struct error *err)
{
    struct stellion_arguments g;
    *arguments = (struct arguments){ .body = STR_NONE };
    if (given == NULL)
        return ST_OK;
    TRY(take_struct(&g, sizeof g, sizeof g, given, "stellion_arguments", err));
    if (g.json != NULL)
        TRY(read_json(a, g.json, arguments, err));
    for (size_t i = 0; i < g.n; i++)
        TRY(read_typed(a, &g.at[i], arguments, err));
    if (g.body != NULL)
        arguments->body = str_of(g.body);
    return ST_OK;
}

enum status read_call(const struct stellion_client *client, struct arena *a, const char *name,
                      const struct stellion_arguments *given, const struct action **ret_action,
                      struct arguments *ret_arguments, struct error *err)
{
    const struct client *c = client->client;
    const struct action *action;
    if (name == NULL)
        return fail(err, ST_INVALID, "a call needs the name of an action");
    enum status s = action_require(str_of(name), &action, err);
    if (s != ST_OK)
        return s;
    if (connector_of_action(action) != c->connector)
        return fail(err, ST_INVALID, "%s is an action of %s, and this client is one of %s", name,
                    connector_of_action(action)->title, c->connector->title);
    *ret_action = client_action(c, action->name);
    return read_arguments(a, given, ret_arguments, err);
}

/* MONEY and recipes: call_perform refuses them; this says what to do instead. */
static enum status advise(const struct stellion_client *client, enum status s, struct error *err)
{
    if (s != ST_RULE || err->http_status != 0)
        return s;
    if (client->hub == NULL)
        hint(err, "What costs money goes through a purchase, which is kept in a store: open the "
                  "client with `data_directory`.");
    else
        hint(err, "Make a plan of it with stellion_plan_make, and approve that.");
    return s;
}

/* With a store, what its policy forbids is not sent. */
static enum status check_policy(const struct stellion_client *client, const struct action *action,
                                const struct arguments *arguments, struct error *err)
{
    if (client->hub == NULL || hub_effect(client->hub, action, arguments) == EFFECT_READ)
        return ST_OK;
    return hub_may_change(client->hub, client->client->connection, err);
}

struct calling {
    struct entry entry;
    const char *action;
    const struct stellion_arguments *arguments;
    struct stellion_answer *answer;
};

/* What stands in an answer of 2xx. After a write, one that cannot be read tells nothing. */
static enum status look_into(struct calling *calling, struct arena *a, const struct action *action,
                             const struct wire_reply *reply, bool was_write,
                             struct str *ret_request_id, struct error *err)
{
    const struct connector *connector = calling->entry.client->client->connector;
    const struct json *document = NULL;
    *ret_request_id = STR("");
    if (reply->body.len == 0)
        return ST_OK;
    enum status s = json_parse(a, reply->body, &document, err);
    if (s != ST_OK) {
        err->http_status = reply->http_status;
        return was_write
                   ? wrap(err, ST_UNKNOWN, "it was sent, and whether it was done is not known")
                   : s;
    }
    struct str id = first_text(document, connector->complaint.request_id);
    *ret_request_id = id.at != NULL ? id : STR("");
    if (action_is_polled(action))
        return ST_OK;
    return judge_document(connector, document, NULL, err);
}

static enum status run_call(struct entry *entry, struct error *err)
{
    struct calling *calling = (struct calling *)entry;
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    SCOPED(seat_leave) struct seat_use use = { .seat = NULL };
    const struct action *action;
    struct arguments arguments;
    struct wire_reply reply = { .http_status = 0 };
    struct str request_id;
    TRY(read_call(entry->client, &a, calling->action, calling->arguments, &action, &arguments,
                  err));
    TRY(check_policy(entry->client, action, &arguments, err));
    seat_take(entry->client, entry, &use);
    enum status s = call_perform(&use.seat->call, &a, action, &arguments, &reply, err);
    seat_count(&use);
    if (s != ST_OK)
        return advise(entry->client, s, err);
    TRY(look_into(calling, &a, action, &reply, entry->n_writes > 0, &request_id, err));
    TRY(arena_status(&a, calling->action, err));
    calling->answer = answer_new(reply.body, reply.http_status, request_id);
    return ST_OK;
}

enum stellion_status stellion_call(stellion_client *client, const char *action,
                                   const struct stellion_arguments *arguments,
                                   stellion_answer **ret_answer, struct stellion_error *error)
{
    struct calling calling = {
        .entry = { .run = run_call, .client = client },
        .action = action,
        .arguments = arguments,
    };
    enum stellion_status s = enter(&calling.entry, error);
    if (s == STELLION_OK)
        *ret_answer = calling.answer;
    return s;
}
