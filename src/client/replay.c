/* Answers from recorded files. */
#include "client/replay.h"

#include "base/os.h"
#include "base/uri.h"
#include "remote/route.h"

struct replay {
    struct transport transport;
    const struct connector *connector;
    struct str base_url;
    struct arena arena;
    const char *const *names;
    struct str *bodies;
    size_t n;
};

static bool find_body(const struct replay *r, const char *recording, struct str *ret_body)
{
    for (size_t i = 0; recording != NULL && i < r->n; i++) {
        struct str name = str_of(r->names[i]);
        name.len -= strlen(".json");
        if (str_is(name, recording)) {
            *ret_body = r->bodies[i];
            return true;
        }
    }
    return false;
}

static enum status replay_send(struct transport *self, struct arena *a,
                               const struct wire_request *request, struct wire_reply *ret_reply,
                               struct error *err)
{
    const struct replay *r = (const struct replay *)self;
    struct str path = request->url, query;
    if (!str_starts(path, arena_text(a, r->base_url)))
        return fail(err, ST_UNREACHABLE, "the recordings answer for %.*s only",
                    STR_PRINT(r->base_url));
    query = str_from(path, r->base_url.len);
    (void)str_next(&query, '?', &path);
    struct arguments arguments;
    bool other_method;
    const struct action *action =
        route_find(a, r->connector, request->method, path, &arguments, &other_method);
    *ret_reply = (struct wire_reply){
        .http_status = 200,
        .content_type = STR("application/json"),
        .retry_after_ms = -1,
        .date_ms = -1,
    };
    if (str_is(path, r->connector->auth.token_path))
        ret_reply->body = STR("{\"access_token\":\"replay-access\",\"expires_in\":7200,"
                              "\"refresh_token\":\"replay-refresh\",\"token_type\":\"Bearer\"}");
    else if (action == NULL || !find_body(r, action->recording, &ret_reply->body))
        ret_reply->http_status = 404;
    return ST_OK;
}

static void replay_free(struct transport *self)
{
    struct replay *r = (struct replay *)self;
    arena_free(&r->arena);
    memory_free(r);
}

enum status transport_replay(const struct connector *connector, struct str base_url,
                             const char *directory, struct transport **ret_transport,
                             struct error *err)
{
    struct replay *r = memory_new(sizeof *r);
    r->transport = (struct transport){ replay_send, replay_free };
    r->connector = connector;
    r->base_url = arena_copy(&r->arena, base_url);
    enum status s = os_list_directory(&r->arena, directory, ".json", &r->names, &r->n, err);
    r->bodies = ARENA_ARRAY(&r->arena, r->n + 1, struct str);
    for (size_t i = 0; s == ST_OK && i < r->n; i++)
        s = os_read_file(&r->arena, arena_printf(&r->arena, "%s/%s", directory, r->names[i]),
                         LIMIT_REPLY_BYTES, &r->bodies[i], err);
    if (s != ST_OK) {
        replay_free(&r->transport);
        return s;
    }
    *ret_transport = &r->transport;
    return ST_OK;
}
