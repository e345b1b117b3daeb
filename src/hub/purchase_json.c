/* A purchase as programs get it. */
#include "hub/buy.h"

#include "base/json_write.h"
#include "base/moment.h"

struct str purchase_json(struct arena *a, const struct purchase_whole *p)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES);
    struct json_writer w = JSON_WRITER_PRETTY(&text);
    const struct purchase_row *r = &p->row;
    char at[32];
    json_open_object(&w);
    json_put_text(&w, "id", str_of(arena_printf(a, "%lld", (long long)r->id)));
    json_put_text(&w, "state", r->state);
    json_put_boolean(&w, "is_open", r->is_open);
    json_put_text(&w, "what", r->summary);
    json_put_text(&w, "action", r->action);
    json_put_text_or_null(&w, "customer", r->account_ref);
    json_put_text_or_null(&w, "subscription", r->subscription_ref);
    json_put_text_or_null(&w, "note", r->note);
    json_put_text_or_null(&w, "mark", r->mark);
    json_put_text_or_null(&w, "remote_ref", r->remote_ref);
    json_put_text_or_null(&w, "request_id", r->request_id);
    json_put_text_or_null(&w, "reason", r->reason);
    json_put_text_or_null(&w, "purchase_order", r->purchase_order);
    json_put_text_or_null(&w, "requester", r->requester);
    json_put_text(&w, "actor", r->proposed_by);
    json_put_array(&w, "items");
    for (size_t i = 0; i < p->n_items; i++) {
        json_open_object(&w);
        json_put_text(&w, "what", p->items[i].what);
        json_put_text(&w, "wanted", p->items[i].wanted);
        json_put_text_or_null(&w, "found", p->items[i].found);
        json_put_text(&w, "state", p->items[i].state);
        json_put_text_or_null(&w, "subscription", p->items[i].subscription_ref);
        json_close(&w);
    }
    json_close(&w);
    json_put_array(&w, "steps");
    for (size_t i = 0; i < p->n_steps; i++) {
        json_open_object(&w);
        json_put_text(&w, "at", str_of(moment_text(p->steps[i].at, at)));
        json_put_text(&w, "state", p->steps[i].state);
        json_put_text_or_null(&w, "note", p->steps[i].note);
        json_close(&w);
    }
    json_close(&w);
    json_put_raw(&w, "answer", r->answer.at != NULL ? r->answer : STR("null"));
    json_close(&w);
    buf_add_char(&text, '\n');
    return arena_copy(a, buf_str(&text));
}
