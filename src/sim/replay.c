/* Recorded bodies instead of the world: <recording>.json of a folder answers the action whose row
 * names that recording. Lists are cut by customer and page without touching the bytes of a record;
 * the list of customers is derived from the recorded subscriptions. */
#include "sim/inside.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "base/os.h"
#include "remote/field.h"

struct replay {
    struct arena arena;
    const char *const *names;
    struct str *bodies;
    size_t n;
};

enum status replay_open(const char *directory, struct replay **ret_replay, struct error *err)
{
    struct replay *r = memory_new(sizeof *r);
    enum status s = os_list_directory(&r->arena, directory, ".json", &r->names, &r->n, err);
    r->bodies = ARENA_ARRAY(&r->arena, r->n + 1, struct str);
    for (size_t i = 0; s == ST_OK && i < r->n; i++)
        s = os_read_file(&r->arena, arena_printf(&r->arena, "%s/%s", directory, r->names[i]),
                         LIMIT_REPLY_BYTES, &r->bodies[i], err);
    if (s == ST_OK && r->n == 0)
        s = fail(err, ST_NOT_FOUND, "there is no recorded body (*.json) in %s", directory);
    if (s != ST_OK) {
        replay_free(r);
        return s;
    }
    *ret_replay = r;
    return ST_OK;
}

void replay_free(struct replay *replay)
{
    if (replay == NULL)
        return;
    arena_free(&replay->arena);
    memory_free(replay);
}

static struct str recorded(const struct replay *r, const char *recording)
{
    for (size_t i = 0; recording != NULL && i < r->n; i++) {
        struct str name = str_of(r->names[i]);
        name.len -= strlen(".json");
        if (str_is(name, recording))
            return r->bodies[i];
    }
    return STR_NONE;
}

/* The raw text of a plain member, without quotes. */
static struct str plain(struct str raw)
{
    return raw.len >= 2 && raw.at[0] == '"' ? (struct str){ raw.at + 1, raw.len - 2 } : raw;
}

static void give_body(struct ask *ask, struct str body)
{
    (void)ask_json(ask, 200);
    buf_add(&ask->x->reply, body);
}

/* The recorded records that the request's customer filter leaves. */
static size_t choose(struct str list, struct str wanted, struct str *chosen, size_t room)
{
    size_t n = 0;
    struct json_walk walk = json_walk(list);
    while (json_walk_next(&walk) && n < room)
        if (wanted.len == 0 || str_equal(plain(json_member(walk.value, "customerId")), wanted))
            chosen[n++] = walk.value;
    return n;
}

/* Subscriptions of Ion: whole as recorded when nothing is filtered or cut. */
static void give_subscriptions(struct ask *ask, struct str body)
{
    bool wrong;
    struct str items = json_member(body, "items"), chosen[1000];
    struct str customer = ask_query(ask, "customerId");
    int64_t limit = ask_number(ask, "pagination.limit", 100, &wrong);
    int64_t offset = ask_number(ask, "pagination.offset", 0, &wrong);
    size_t n = choose(items, customer, chosen, ARRAY_LEN(chosen));
    if (customer.len == 0 && offset == 0 && (int64_t)n <= limit) {
        give_body(ask, body);
        return;
    }
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "items");
    for (int64_t i = offset; i < (int64_t)n && i < offset + limit; i++)
        json_put_raw(&w, NULL, chosen[i]);
    json_close(&w);
    json_put_object(&w, "paginationResponse");
    json_put_integer(&w, "totalSize", (int64_t)n);
    json_close(&w);
    json_close(&w);
}

/* Each customer that a recorded subscription names, once. */
static void give_customers(struct ask *ask, struct str body)
{
    struct str seen[1000];
    size_t n = 0;
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_array(&w, "customers");
    struct json_walk walk = json_walk(json_member(body, "items"));
    while (json_walk_next(&walk) && n < ARRAY_LEN(seen)) {
        struct str id = plain(json_member(walk.value, "customerId"));
        bool is_known = id.len == 0;
        for (size_t i = 0; i < n; i++)
            is_known = is_known || str_equal(seen[i], id);
        if (is_known)
            continue;
        seen[n++] = id;
        json_open_object(&w);
        json_put_text(&w, "name",
                      str_of(arena_printf(ask->x->a, "accounts/%.*s/customers/%.*s",
                                          STR_PRINT(ask_path(ask, "accountId")), STR_PRINT(id))));
        struct str name = json_member(walk.value, "customerName");
        json_put_raw(&w, "customerOrganization", name.at != NULL ? name : STR("null"));
        json_put_text(&w, "customerStatus", STR("ACTIVE"));
        json_close(&w);
    }
    json_close(&w);
    json_close(&w);
}

/* The recorded detail when it is of this id, else the record from the list. */
static bool give_subscription(struct ask *ask, struct str list)
{
    struct str id = ask_path(ask, "id"),
               detail = recorded(ask->sim->replay, ask->action->recording);
    if (str_equal(plain(json_member(detail, "id")), id)) {
        give_body(ask, detail);
        return true;
    }
    struct json_walk walk = json_walk(json_member(list, "items"));
    while (json_walk_next(&walk))
        if (str_equal(plain(json_member(walk.value, "id")), id)) {
            give_body(ask, walk.value);
            return true;
        }
    return false;
}

bool replay_answer(struct ask *ask)
{
    const struct replay *replay = ask->sim->replay;
    if (ask->action == NULL || !str_is(ask->x->method, "GET"))
        return false;
    const char *name = ask->action->name;
    struct str list = recorded(replay, action_find(STR("ion.subscription.list"))->recording);
    struct str body = recorded(replay, ask->action->recording);
    if (list.at != NULL && strcmp(name, "ion.subscription.list") == 0)
        give_subscriptions(ask, list);
    else if (list.at != NULL && body.at == NULL && strcmp(name, "ion.customer.list") == 0)
        give_customers(ask, list);
    else if (list.at != NULL && strcmp(name, "ion.subscription.get") == 0)
        return give_subscription(ask, list) || (ask_refuse(ask, 404), true);
    else if (body.at != NULL)
        give_body(ask, body);
    else
        ask_refuse(ask, 404);
    return true;
}
