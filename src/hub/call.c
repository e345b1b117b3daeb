/* Running actions by name. */
#include "hub/hub.h"

#include "base/json_write.h"
#include "client/judge.h"
#include "client/page.h"
#include "hub/inside.h"
#include "review/decision.h"

enum status hub_connection_for(struct hub *hub, struct arena *a, const struct action *action,
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
    if (str_trim(reply.body).len == 0) { /* done, and nothing to say about it (ion 3.0: 204) */
        *ret_answer = STR("{}");
        return ST_OK;
    }
    TRY(json_parse(a, reply.body, &document, err));
    if (action_is_polled(action))
        return ST_OK;
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
    SCOPED(pages_close) struct page_walk walk = { .ended = true };
    TRY(pages_open(&walk, live_call(live), action, arguments, err));
    json_open_array(&w);
    enum status s = walk_pages(&walk, &w, err);
    json_close(&w);
    if (s == ST_OK)
        s = buf_status(&all, "the list of all records", err);
    if (s == ST_OK)
        *ret_answer = arena_copy(a, buf_str(&all));
    return s;
}

enum effect hub_effect(const struct hub *hub, const struct action *action,
                       const struct arguments *arguments)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    struct request_context any = { .account_id = STR("0"),
                                   .access_token = STR("-"),
                                   .overrides = hub->overrides };
    struct request request;
    struct error ignored;
    action = overrides_row(hub->overrides, action);
    if (!action_is_generic(action))
        return action->effect;
    if (request_build(&a, action, arguments, &any, &request, &ignored) != ST_OK)
        return EFFECT_READ;
    return request.effect;
}

static void close_database(struct db **db)
{
    db_close(*db);
}

enum status hub_may_change(const struct hub *hub, struct str connection, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    SCOPED(close_database) struct db *db = NULL;
    struct connection_row row;
    TRY(store_connect(hub->store, &db, err));
    TRY(connection_find(hub->store, db, &a, connection, &row, err));
    return review_may_change(hub->store, db, &row, err);
}

enum status hub_call(struct hub *hub, struct arena *a, const struct action *action,
                     const struct arguments *arguments, const struct hub_call_options *options,
                     struct str *ret_answer, struct error *err)
{
    struct connection_row row;
    struct live *live;
    action = overrides_row(hub->overrides, action);
    TRY(hub_connection_for(hub, a, action, options->connection, &row, err));
    if (hub_effect(hub, action, arguments) != EFFECT_READ)
        TRY(review_may_change(hub->store, hub->store->db, &row, err));
    TRY(live_open(hub, &row, &live, err));
    enum status s = options->all_pages
                        ? call_all_pages(live, a, action, arguments, ret_answer, err)
                        : call_once(live, a, action, arguments, options->raw, ret_answer, err);
    live_close(live);
    return s;
}

bool hub_records(struct arena *a, const struct action *action, struct str answer,
                 const struct str **ret_records, size_t *ret_n)
{
    const char *problem;
    return action->paging != NULL &&
           page_records(a, action->paging, answer, ret_records, ret_n, &problem);
}
