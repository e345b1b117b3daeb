/* Running actions by name, and telling about them. */
#include "hub/hub.h"

#include "base/json_write.h"
#include "client/judge.h"
#include "client/page.h"

/* The connection to ask through: the one that is named, or the only one of the marketplace. */
static enum status choose(struct hub *hub, struct arena *a, const struct action *action,
                          struct str name, struct connection_row *ret_row, struct error *err)
{
    const struct connector *connector = connector_of_action(action);
    const struct connection_row *rows;
    size_t n;
    if (name.at != NULL) {
        TRY(connection_find(hub->store, hub->store->db, a, name, ret_row, err));
        if (!str_is(ret_row->kind, connector->name))
            return fail(err, ST_INVALID, "connection %.*s is one of %.*s; %s asks %s",
                        STR_PRINT(name), STR_PRINT(ret_row->kind), action->name, connector->title);
        return ST_OK;
    }
    TRY(connection_list(hub->store, hub->store->db, a, str_of(connector->name), &rows, &n, err));
    if (n == 1) {
        *ret_row = rows[0];
        return ST_OK;
    }
    if (n == 0) {
        fail(err, ST_NOT_FOUND, "there is no connection to %s yet", connector->title);
        hint(err, "Make one: stellion connect %s", connector->name);
        return ST_NOT_FOUND;
    }
    fail(err, ST_INVALID, "%zu connections go to %s", n, connector->title);
    hint(err, "Say which, for example --connection %.*s", STR_PRINT(rows[0].name));
    return ST_INVALID;
}

static enum status call_once(struct live *live, struct arena *a, const struct action *action,
                             const struct arguments *arguments, bool raw, struct str *ret_answer,
                             struct error *err)
{
    struct wire_reply reply;
    const struct json *document;
    TRY(call_perform(live_call(live), a, action, arguments, &reply, err));
    *ret_answer = reply.body;
    if (raw)
        return ST_OK;
    TRY(json_parse(a, reply.body, &document, err));
    return judge_document(live_client(live)->connector, document, NULL, err);
}

static enum status walk_pages(struct page_walk *walk, struct json_writer *w, struct error *err)
{
    bool more = true;
    while (more) {
        SCOPED(arena_free) struct arena a = ARENA(LIMIT_PAGE_BYTES);
        struct page page = { .n_records = 0 };
        TRY(pages_next(walk, &a, &page, &more, err));
        for (size_t i = 0; more && i < page.n_records; i++)
            json_put_raw(w, NULL, page.records[i]);
    }
    return ST_OK;
}

static enum status call_all_pages(struct live *live, struct arena *a, const struct action *action,
                                  const struct arguments *arguments, struct str *ret_answer,
                                  struct error *err)
{
    SCOPED(buf_release) struct buf all = BUF(LIMIT_COMMAND_BYTES);
    struct json_writer w = JSON_WRITER_PRETTY(&all);
    struct page_walk walk;
    TRY(pages_open(&walk, live_call(live), action, arguments, err));
    json_open_array(&w);
    enum status s = walk_pages(&walk, &w, err);
    json_close(&w);
    pages_close(&walk);
    if (s == ST_OK)
        s = buf_status(&all, "the list of all records", err);
    if (s == ST_OK)
        *ret_answer = arena_copy(a, buf_str(&all));
    return s;
}

enum status hub_call(struct hub *hub, struct arena *a, const struct action *action,
                     const struct arguments *arguments, const struct hub_call_options *options,
                     struct str *ret_answer, struct error *err)
{
    struct connection_row row;
    struct live *live;
    TRY(choose(hub, a, action, options->connection, &row, err));
    TRY(live_open(hub, &row, &live, err));
    enum status s = options->all_pages
                        ? call_all_pages(live, a, action, arguments, ret_answer, err)
                        : call_once(live, a, action, arguments, options->raw, ret_answer, err);
    live_close(live);
    return s;
}

static void put_param(struct json_writer *w, const struct param *p)
{
    static const char *const places[] = { "path",   "query", "form",  "body",
                                          "recipe", "path",  "query", "method" };
    json_open_object(w);
    json_put_text(w, "name", str_of(p->name));
    json_put_text(w, "place", str_of(places[p->place]));
    json_put_text(w, "type", str_of(param_type_name(p->type)));
    json_put_boolean(w, "required", p->need == REQUIRED && p->source == FROM_CALLER);
    json_put_text_or_null(w, "default", str_of(p->fallback));
    json_put_text_or_null(w, "choices", str_of(p->choices));
    json_put_text(w, "example", str_of(p->example));
    json_put_text(w, "doc", str_of(p->doc));
    json_close(w);
}

struct str action_json(struct arena *a, const struct action *x)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    struct json_writer w = JSON_WRITER_PRETTY(&text);
    json_open_object(&w);
    json_put_text(&w, "id", str_of(x->name));
    json_put_text(&w, "api", str_of(connector_of_action(x)->name));
    json_put_text(&w, "category", str_of(x->category));
    json_put_text(&w, "title", str_of(x->title));
    json_put_text(&w, "method", str_of(method_name(x->method)));
    json_put_text(&w, "path", str_of(x->path));
    json_put_text(&w, "effect", str_of(effect_name(x->effect)));
    json_put_text(&w, "trust", str_of(trust_name(x->trust)));
    json_put_text(&w, "source", str_of(x->source));
    json_put_text(&w, "doc", str_of(x->doc));
    json_put_boolean(&w, "is_list", x->paging != NULL);
    json_put_array(&w, "parameters");
    for (const struct param *p = x->params; p->name != NULL; p++)
        if (p->source != FROM_TOKEN)
            put_param(&w, p);
    json_close(&w);
    json_close(&w);
    buf_add_char(&text, '\n');
    return arena_copy(a, buf_str(&text));
}
