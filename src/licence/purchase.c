/* Sending, once. */
#include "licence/inside.h"

#include "base/json.h"
#include "base/log.h"
#include "base/os.h"
#include "client/judge.h"
#include "remote/progress.h"
#include "remote/redact.h"

#define SEND_ATTEMPTS_MOST 3 /* after refusals that say "again": 401 once, 429 */

static const struct purchase_state_row states[] = {
#define X(id, name, open, doc) { name, open, doc },
    PURCHASE_ROWS(X)
#undef X
};

const struct purchase_state_row *purchase_state_row(enum purchase_state state)
{
    return &states[state];
}

enum purchase_state purchase_state_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(states); i++)
        if (str_is(name, states[i].name))
            return (enum purchase_state)i;
    return PURCHASE_NEEDS_PERSON;
}

enum status purchase_move(struct licence *l, struct purchase_row *row, enum purchase_state state,
                          struct str note, struct error *err)
{
    SCOPED(db_abandon) struct db *open = l->store->db;
    row->state = str_of(states[state].name);
    row->is_open = states[state].is_open;
    row->note = note;
    TRY(db_begin(l->store->db, SYNCED, err));
    TRY(purchase_step(l->store, l->store->db, row, err));
    TRY(db_commit(l->store->db, err));
    log_write(LOG_PURCHASE, LOG_I("purchase", row->id), LOG_T("state", row->state));
    return ST_OK;
}

static enum status refuse_open(const struct purchase_row *row, struct error *err)
{
    fail(err, ST_CONFLICT, "purchase %lld on the same %s is still open (%.*s: %s)",
         (long long)row->id,
         str_starts(row->subject, "subscription/") ? "subscription" : "customer",
         STR_PRINT(row->state), states[purchase_state_of(row->state)].doc);
    hint(err, "Nothing was sent. See how it stands: stellion purchases check %lld",
         (long long)row->id);
    return ST_CONFLICT;
}

enum status purchase_may_start(struct licence *l, const struct plan *plan, bool again,
                               struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    struct store *store = l->store;
    struct purchase_row row;
    struct error why;
    enum status s =
        purchase_find_open(store, store->db, &a, l->connection.id, plan->subject, &row, &why);
    if (s == ST_OK)
        return refuse_open(&row, err);
    if (s != ST_NOT_FOUND) {
        *err = why;
        return s;
    }
    s = purchase_find_same(store, store->db, &a, plan->likeness,
                           store_now(store) - PURCHASE_REPEAT_MS, &row, &why);
    if (s == ST_NOT_FOUND || (s == ST_OK && again))
        return ST_OK;
    if (s != ST_OK) {
        *err = why;
        return s;
    }
    fail(err, ST_CONFLICT, "the same was bought a moment ago: purchase %lld is %.*s",
         (long long)row.id, STR_PRINT(row.state));
    hint(err, "Nothing was sent. If it is wanted once more, say --again.");
    return ST_CONFLICT;
}

static enum status commit_intent(struct licence *l, struct arena *a,
                                 const struct decision *decision, const struct plan *plan,
                                 struct purchase_row *row, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES);
    struct json_writer w = JSON_WRITER(&text);
    struct store *store = l->store;
    snapshot_put(&w, NULL, &plan->before);
    TRY(buf_status(&text, "the snapshot of the customer", err));
    struct purchase_row intent = {
        .proposal_id = decision_proposal(decision),
        .decision_id = decision_id(decision),
        .connection_id = l->connection.id,
        .subject = plan->subject,
        .state = str_of(states[PURCHASE_INTENT].name),
        .mark = plan->mark,
        .snapshot = arena_copy(a, buf_str(&text)),
        .action = str_of(plan->action->name),
        .summary = plan->summary,
        .account_ref = plan->account,
        .subscription_ref = plan->subscription,
    };
    SCOPED(db_abandon) struct db *open = store->db;
    TRY(db_begin(store->db, SYNCED, err));
    enum status s = purchase_add(store, store->db, &intent, err);
    if (s == ST_CONFLICT) {
        fail(err, ST_CONFLICT, "another purchase on the same subject was begun just now");
        hint(err, "Nothing was sent. `stellion purchases` lists them.");
    }
    TRY(s);
    TRY(db_commit(store->db, err));
    *row = intent;
    log_write(LOG_PURCHASE, LOG_I("purchase", row->id), LOG_T("state", row->state));
    return ST_OK;
}

struct str purchase_hide(struct arena *a, struct licence *l, struct str body)
{
    struct str hidden = redact(a, body);
    if (hidden.at != NULL && memmem(hidden.at, hidden.len, "\"***\"", 5) != NULL)
        l->shown_once = arena_copy(a, body);
    return hidden;
}

void purchase_take_answer(struct arena *a, struct licence *l, const struct action *sends,
                          const struct wire_reply *reply, struct purchase_row *row)
{
    const struct json *document = NULL;
    struct error ignored;
    row->http_status = reply->http_status;
    if (!body_is_json(reply->body) || json_parse(a, reply->body, &document, &ignored) != ST_OK)
        return;
    row->answer = purchase_hide(a, l, reply->body);
    row->request_id = first_text(document, l->call->client->connector->complaint.request_id);
    const struct judging *judging = sends == NULL ? NULL : sends->judging;
    if (judging != NULL)
        row->remote_ref = last_segment(first_text(document, judging->id));
}

/* A refusal that is clear: nothing was done. 401 and 429 may go again, each as a step of its own in
 * the journal. */
static enum status go_again(struct licence *l, struct purchase_row *row, enum status s,
                            const struct wire_reply *reply, int n_sent, bool *ret_again,
                            struct error *err)
{
    bool is_token = s == ST_CREDENTIALS && reply->http_status == 401 && n_sent == 1;
    bool is_rate = s == ST_RATE && n_sent < SEND_ATTEMPTS_MOST;
    *ret_again = is_token || is_rate;
    if (!*ret_again)
        return ST_OK;
    struct error refusal = *err;
    TRY(purchase_move(l, row, PURCHASE_INTENT,
                      is_token ? STR("refused with 401; goes again with a new token")
                               : STR("refused with 429; goes again"),
                      err));
    if (is_token)
        TRY(call_reject_token(l->call, err));
    else
        sleep_unless(l->clock, l->cancelled,
                     reply->retry_after_ms >= 0 ? reply->retry_after_ms : PURCHASE_POLL_LEAST_MS);
    TRY(call_ready(l->call, err));
    *err = refusal;
    return ST_OK;
}

/* From the committed intent to a committed answer, without a stop in between. */
static enum status send(struct licence *l, struct arena *a, const struct plan *plan,
                        struct purchase_row *row, struct wire_reply *reply, struct error *err)
{
    struct permit permit = { row->id, request_digest(&plan->request) };
    enum status s = ST_OK;
    bool again = true;
    for (int n_sent = 1; again; n_sent++) {
        s = call_spend(l->call, a, &permit, &plan->request, reply, err);
        again = false;
        if (s == ST_CREDENTIALS || s == ST_RATE) {
            enum status moved = go_again(l, row, s, reply, n_sent, &again, err);
            if (moved != ST_OK)
                return moved;
        }
    }
    return s;
}

static enum status close_refused(struct licence *l, struct arena *a, struct purchase_row *row,
                                 enum status s, struct error *err)
{
    struct error refusal = *err;
    bool was_sent = s != ST_UNREACHABLE && s != ST_CANCELLED && s != ST_INTERNAL;
    TRY(purchase_move(l, row, was_sent ? PURCHASE_REFUSED : PURCHASE_NOT_SENT,
                      arena_copy(a, str_of(refusal.text)), err));
    *err = refusal;
    return s;
}

/* A 200 may hold an error inside (stellr 8 DOC); whether anything was done is then found out by
 * reading. */
static enum status look_inside(const struct licence *l, struct arena *a,
                               const struct wire_reply *reply, struct error *err)
{
    const struct json *document;
    struct error ignored;
    if (!body_is_json(reply->body) || json_parse(a, reply->body, &document, &ignored) != ST_OK)
        return ST_OK;
    return judge_document(l->call->client->connector, document, NULL, err);
}

/* Commits how the sending ended. */
static enum status settle_answer(struct licence *l, struct arena *a, struct watched *w,
                                 const struct wire_reply *reply, enum status s, struct error *err)
{
    struct purchase_row *row = w->row;
    purchase_take_answer(a, l, w->sends, reply, row);
    if (s != ST_OK && s != ST_UNKNOWN)
        return close_refused(l, a, row, s, err);
    if (s == ST_OK && row->remote_ref.len == 0)
        s = look_inside(l, a, reply, err);
    if (s != ST_OK)
        return purchase_move(l, row, PURCHASE_UNKNOWN, arena_copy(a, str_of(err->text)), err);
    return purchase_move(l, row, PURCHASE_ANSWERED, STR_NONE, err);
}

/* A plan is what was approved only as long as its parts are what its hash was made of. */
static enum status check_approved(struct arena *a, const struct decision *decision,
                                  const struct plan *plan, struct error *err)
{
    const struct json *document;
    TRY(json_parse(a, plan->json, &document, err));
    struct str digest = json_text(json_get_at(document, "request.digest"));
    if (decision_covers(decision, plan->hash) &&
        str_equal(plan->hash, checksum_of(a, plan->json)) &&
        str_equal(digest, plan_request_digest(a, plan)))
        return ST_OK;
    return fail(err, ST_INTERNAL, "the decision is about another plan");
}

static void watch_of(const struct plan *plan, struct purchase_row *row, struct watched *ret_watched)
{
    *ret_watched = (struct watched){
        .row = row,
        .sends = plan->sends,
        .wanted = plan->wanted,
        .n_wanted = plan->n_wanted,
        .before = plan->before,
    };
}

/* What the state asks for next. */
static enum status go_on(struct licence *l, struct arena *a, struct watched *w, struct error *err)
{
    if (str_is(w->row->state, states[PURCHASE_ANSWERED].name))
        return purchase_watch(l, a, w, err);
    return w->row->is_open ? purchase_find_out(l, a, w, err) : ST_OK;
}

enum status purchase_run(struct licence *l, struct arena *a, const struct decision *decision,
                         struct plan *plan, struct purchase_row *ret_row, struct error *err)
{
    struct wire_reply reply = { .retry_after_ms = -1 };
    struct watched w;
    *ret_row = (struct purchase_row){ .id = 0 };
    TRY(check_approved(a, decision, plan, err));
    TRY(review_may_change(l->store, l->store->db, &l->connection, err));
    if (l->clock->now_ms(l->clock) - plan->before.read_at_ms > PURCHASE_FRESH_MS)
        TRY(plan_check(l->call, a, plan, err));
    TRY(call_ready(l->call, err));
    os_critical_begin(); /* a person who stops the program now would not know what was sent */
    enum status s = commit_intent(l, a, decision, plan, ret_row, err);
    if (s == ST_OK) {
        watch_of(plan, ret_row, &w);
        s = send(l, a, plan, ret_row, &reply, err);
        s = settle_answer(l, a, &w, &reply, s, err);
    }
    os_critical_end();
    return s == ST_OK ? go_on(l, a, &w, err) : s;
}

static enum status read_watched(struct licence *l, struct arena *a, struct purchase_row *row,
                                struct watched *ret_watched, struct error *err)
{
    struct proposal_row proposal;
    const struct json *plan;
    *ret_watched = (struct watched){ .row = row };
    TRY(proposal_find(l->store, l->store->db, a, row->proposal_id, &proposal, err));
    TRY(json_parse(a, proposal.plan, &plan, err));
    TRY(snapshot_parse(a, row->snapshot, &ret_watched->before, err));
    TRY(wanted_parse(a, json_get(plan, "wanted"), &ret_watched->wanted, &ret_watched->n_wanted,
                     err));
    struct str sends = json_text(json_get(plan, "sends"));
    if (sends.len > 0)
        ret_watched->sends = client_action(l->call->client, arena_text(a, sends));
    return ST_OK;
}

enum status purchase_resume(struct licence *l, struct arena *a, struct purchase_row *row,
                            struct error *err)
{
    struct watched w;
    if (!row->is_open)
        return ST_OK;
    TRY(read_watched(l, a, row, &w, err));
    if (str_is(row->state, states[PURCHASE_INTENT].name))
        TRY(purchase_move(l, row, PURCHASE_UNKNOWN,
                          STR("the program died while it may have been sent"), err));
    return go_on(l, a, &w, err);
}

enum status purchase_settle(struct licence *l, struct arena *a, struct purchase_row *row,
                            struct str actor, struct str words, struct error *err)
{
    if (!row->is_open)
        return fail(err, ST_CONFLICT, "purchase %lld is closed already (%.*s)", (long long)row->id,
                    STR_PRINT(row->state));
    struct str note =
        str_of(arena_printf(a, "%.*s says: %.*s", STR_PRINT(actor), STR_PRINT(words)));
    return purchase_move(l, row, PURCHASE_SETTLED, note, err);
}
