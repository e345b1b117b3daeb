/* Sending, once. */
#include "licence/inside.h"

#include "base/json.h"
#include "base/log.h"
#include "base/os.h"
#include "client/judge.h"
#include "remote/progress.h"
#include "remote/redact.h"

#define SENDING_MOST_MS     INT64_C(600000) /* that a step of a sending takes, waits included */
#define BEGIN_ATTEMPTS_MOST 3
#define SEND_ATTEMPTS_MOST  3 /* after refusals that say "again": 401 once, 429 */

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

static enum status write_step(struct licence *l, struct purchase_row *row, struct str from,
                              struct error *err)
{
    SCOPED(db_abandon) struct db *open = l->store->db;
    TRY(db_begin(l->store->db, SYNCED, err));
    TRY(purchase_step(l->store, l->store->db, row, from, err));
    return db_commit(l->store->db, err);
}

enum status purchase_move(struct licence *l, struct purchase_row *row, enum purchase_state state,
                          struct str note, struct error *err)
{
    struct purchase_row before = *row;
    row->state = str_of(states[state].name);
    row->is_open = states[state].is_open;
    row->note = note;
    enum status s = write_step(l, row, before.state, err);
    if (s != ST_OK) {
        *row = before;
        return s;
    }
    log_write(LOG_PURCHASE, LOG_I("purchase", row->id), LOG_T("state", row->state));
    return ST_OK;
}

static enum status refuse_open(const struct purchase_row *row, struct error *err)
{
    fail(err, ST_CONFLICT, "purchase %lld on the same %.*s is still open (%.*s: %s)",
         (long long)row->id, STR_PRINT(row->scope), STR_PRINT(row->state),
         states[purchase_state_of(row->state)].doc);
    hint(err, "Nothing was sent. See how it stands: stellion purchases check %lld",
         (long long)row->id);
    return ST_CONFLICT;
}

/* What of a plan decides over what stands in its way. */
static struct purchase_row intent_of(const struct licence *l, const struct plan *plan)
{
    return (struct purchase_row){
        .connection_id = l->connection.id,
        .place = plan->place,
        .scope = str_of(plan->scope),
        .subject = plan->subject,
        .owner = l->store->process,
        .machine = l->store->machine,
        .state = str_of(states[PURCHASE_INTENT].name),
        .mark = plan->mark,
        .action = str_of(plan->action->name),
        .summary = plan->summary,
        .account_ref = plan->account,
        .subscription_ref = plan->subscription,
    };
}

enum status purchase_activity_of(struct licence *l, struct str account, int64_t *ret_activity,
                                 struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    return purchase_activity(l->store, l->store->db, plan_place(&a, l->call->client), account,
                             ret_activity, err);
}

enum status purchase_may_start(struct licence *l, const struct plan *plan, bool again,
                               struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    struct store *store = l->store;
    struct purchase_row row, intent = intent_of(l, plan);
    struct error why;
    enum status s = purchase_find_open(store, store->db, &a, &intent, &row, &why);
    if (s == ST_OK)
        return refuse_open(&row, err);
    if (s == ST_NOT_FOUND)
        s = again ? s
                  : purchase_find_same(store, store->db, &a, plan->likeness,
                                       store_now(store) - PURCHASE_REPEAT_MS, &row, &why);
    if (s == ST_NOT_FOUND)
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

/* In one transaction: nothing stands in the way, nothing went on since the reading, and the intent
 * is there. *ret_moved: something went on; nothing was written. */
static enum status commit_intent(struct licence *l, struct arena *a,
                                 const struct decision *decision, const struct plan *plan,
                                 bool again, struct purchase_row *row, bool *ret_moved,
                                 struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES);
    struct json_writer w = JSON_WRITER(&text);
    struct store *store = l->store;
    int64_t activity;
    snapshot_put(&w, NULL, &plan->before);
    TRY(buf_status(&text, "the snapshot of the customer", err));
    struct purchase_row intent = intent_of(l, plan);
    intent.proposal_id = decision_proposal(decision);
    intent.decision_id = decision_id(decision);
    intent.snapshot = arena_copy(a, buf_str(&text));
    SCOPED(db_abandon) struct db *open = store->db;
    TRY(db_begin(store->db, SYNCED, err));
    TRY(purchase_may_start(l, plan, again, err));
    TRY(purchase_activity_of(l, plan->account, &activity, err));
    *ret_moved = activity != plan->activity;
    if (*ret_moved)
        return ST_OK;
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

/* A refusal that is clear, and that lets the same be sent once more: 401 with another token, 429
 * after a while. The world may have moved on while we waited, and somebody may have gone on with
 * the purchase: both are looked at, and the journal is told, before it goes. */
static enum status prepare_again(struct licence *l, struct arena *a, struct plan *plan,
                                 struct purchase_row *row, enum status s,
                                 const struct wire_reply *reply, struct error *err)
{
    int64_t wait_ms = reply->retry_after_ms >= 0 ? reply->retry_after_ms : PURCHASE_POLL_LEAST_MS;
    if (s == ST_CREDENTIALS)
        TRY(call_reject_token(l->call, err));
    else
        sleep_unless(l->clock, l->cancelled, wait_ms);
    if (l->cancelled != NULL && atomic_load(l->cancelled))
        return fail(err, ST_CANCELLED, "stopped while waiting to send it again");
    TRY(call_ready(l->call, err));
    TRY(plan_check(l->call, a, plan, err));
    return purchase_move(l, row, PURCHASE_INTENT,
                         s == ST_CREDENTIALS ? STR("refused with 401; goes again with a new token")
                                             : STR("refused with 429; goes again"),
                         err);
}

/* From the committed intent to an answer. `ret_n_sent`: how often it was sent. */
static enum status send(struct licence *l, struct arena *a, struct plan *plan,
                        struct purchase_row *row, struct wire_reply *reply, int *ret_n_sent,
                        struct error *err)
{
    struct permit permit = { row->id, request_digest(&plan->request) };
    if (l->cancelled != NULL && atomic_load(l->cancelled))
        return fail(err, ST_CANCELLED, "stopped before it was sent");
    for (int n = 1;; n++) {
        enum status s = call_spend(l->call, a, &permit, &plan->request, reply, err);
        bool was_refused = reply->http_status == 401 || reply->http_status == 429;
        *ret_n_sent += reply->http_status != 0 || s == ST_UNKNOWN;
        /* A new token mends nothing where an API key was refused, and costs one. */
        bool by_token = plan->request.action->scheme == WITH_BEARER;
        bool again = was_refused && ((s == ST_CREDENTIALS && by_token && n == 1) ||
                                     (s == ST_RATE && n < SEND_ATTEMPTS_MOST));
        if (!again)
            return s;
        s = prepare_again(l, a, plan, row, s, reply, err);
        if (s != ST_OK)
            return s;
    }
}

static enum status close_refused(struct licence *l, struct arena *a, struct purchase_row *row,
                                 int n_sent, enum status s, struct error *err)
{
    struct error refusal = *err;
    TRY(purchase_move(l, row, n_sent > 0 ? PURCHASE_REFUSED : PURCHASE_NOT_SENT,
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
                                 const struct wire_reply *reply, int n_sent, enum status s,
                                 struct error *err)
{
    struct purchase_row *row = w->row;
    purchase_take_answer(a, l, w->sends, reply, row);
    if (s != ST_OK && s != ST_UNKNOWN)
        return close_refused(l, a, row, n_sent, s, err);
    if (s == ST_OK && row->remote_ref.len == 0)
        s = look_inside(l, a, reply, err);
    if (s != ST_OK)
        return purchase_move(l, row, PURCHASE_UNKNOWN, arena_copy(a, str_of(err->text)), err);
    return purchase_move(l, row, PURCHASE_ANSWERED, STR_NONE, err);
}

/* It was sent, and the store could not keep what came of it: that it was sent is the news. */
static enum status sent_and_not_kept(const struct purchase_row *row, struct error *err)
{
    wrap(err, ST_UNKNOWN,
         "purchase %lld was sent (reference at the service: %.*s), and how it "
         "ended could not be stored",
         (long long)row->id, STR_PRINT(row->remote_ref.len > 0 ? row->remote_ref : STR("none")));
    hint(err,
         "Mend the store, then look: stellion purchases check %lld. It is never sent again by "
         "itself.",
         (long long)row->id);
    return ST_UNKNOWN;
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

/* A reading is fresh when it is young and nothing of ours went on since. Reads again until it is,
 * then commits the intent. */
static enum status begin(struct licence *l, struct arena *a, const struct decision *decision,
                         struct plan *plan, bool again, struct purchase_row *row, struct error *err)
{
    bool moved = false;
    for (int n_tried = 0; n_tried < BEGIN_ATTEMPTS_MOST; n_tried++) {
        TRY(call_ready(l->call, err));
        int64_t age_ms = l->clock->monotonic_ms(l->clock) - plan->before.read_mono_ms;
        int64_t gone_ms = l->clock->now_ms(l->clock) - plan->before.read_at_ms;
        if (moved || age_ms > PURCHASE_FRESH_MS || gone_ms < 0 || gone_ms > PURCHASE_FRESH_MS) {
            TRY(purchase_activity_of(l, plan->account, &plan->activity, err));
            TRY(plan_check(l->call, a, plan, err));
            TRY(call_ready(l->call, err));
        }
        TRY(commit_intent(l, a, decision, plan, again, row, &moved, err));
        if (!moved)
            return ST_OK;
    }
    return fail(err, ST_CONFLICT,
                "other purchases of this customer go on all the time; nothing "
                "was sent");
}

enum status purchase_run(struct licence *l, struct arena *a, const struct decision *decision,
                         struct plan *plan, bool again, struct purchase_row *ret_row,
                         struct error *err)
{
    struct wire_reply reply = { .retry_after_ms = -1 };
    struct watched w;
    int n_sent = 0;
    *ret_row = (struct purchase_row){ .id = 0 };
    TRY(check_approved(a, decision, plan, err));
    TRY(review_may_change(l->store, l->store->db, &l->connection, err));
    os_critical_begin(); /* a person who stops the program now would not know what was sent */
    enum status s = begin(l, a, decision, plan, again, ret_row, err);
    if (s == ST_OK) {
        watch_of(plan, ret_row, &w);
        s = send(l, a, plan, ret_row, &reply, &n_sent, err);
        s = settle_answer(l, a, &w, &reply, n_sent, s, err);
        if (n_sent > 0 && str_is(ret_row->state, states[PURCHASE_INTENT].name))
            s = sent_and_not_kept(ret_row, err);
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

/* Whether the process that sends it may still be at it. A process may live on when its sending was
 * given up for lack of memory: no sending takes longer than SENDING_MOST_MS. */
static bool is_being_sent(const struct licence *l, const struct purchase_row *row)
{
    int64_t age_ms = l->clock->now_ms(l->clock) - row->changed_at;
    if (!str_is(row->state, states[PURCHASE_INTENT].name) || age_ms > SENDING_MOST_MS)
        return false;
    return !str_equal(row->machine, l->store->machine) || os_process_life(row->owner) != OS_GONE;
}

static enum status refuse_being_sent(const struct purchase_row *row, struct error *err)
{
    fail(err, ST_BUSY, "purchase %lld is being sent by another process right now",
         (long long)row->id);
    hint(err, "Look again when that one has ended.");
    return ST_BUSY;
}

enum status purchase_resume(struct licence *l, struct arena *a, struct purchase_row *row,
                            struct error *err)
{
    struct watched w;
    if (!row->is_open)
        return ST_OK;
    if (is_being_sent(l, row))
        return refuse_being_sent(row, err);
    struct str place = plan_place(a, l->call->client);
    if (!str_equal(place, row->place)) {
        fail(err, ST_RULE, "purchase %lld went to %.*s, and its connection leads to %.*s now",
             (long long)row->id, STR_PRINT(row->place), STR_PRINT(place));
        hint(err,
             "What another service holds proves nothing. Lead the connection back, or look at "
             "the marketplace's own pages and close it: stellion purchases settle %lld "
             "--reason TEXT",
             (long long)row->id);
        return ST_RULE;
    }
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
    if (is_being_sent(l, row))
        return refuse_being_sent(row, err);
    struct str note =
        str_of(arena_printf(a, "%.*s says: %.*s", STR_PRINT(actor), STR_PRINT(words)));
    return purchase_move(l, row, PURCHASE_SETTLED, note, err);
}
