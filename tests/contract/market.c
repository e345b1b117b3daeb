/* The marketplace's answers, and a buyer's client. */
#include "market.h"

#include "../unit/test.h"
#include "base/buf.h"
#include "review/decision.h"
#include "store/connections.h"

#include <unistd.h>

struct market *market;

static void reply_with(struct arena *a, struct wire_reply *reply, int http, const char *format, ...)
    PRINTF_LIKE(4, 5);

static void reply_with(struct arena *a, struct wire_reply *reply, int http, const char *format, ...)
{
    char text[40000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    *reply = (struct wire_reply){ .http_status = http,
                                  .body = arena_copy(a, str_of(text)),
                                  .content_type = STR("application/json"),
                                  .retry_after_ms = -1 };
}

static void put_lines(struct arena *a, struct wire_reply *reply)
{
    static const char line[] = "{\"subscriptionId\":\"%s\",\"quantity\":%lld,\"skuNo\":9100231,"
                               "\"productName\":\"NCE Office 365 E1 (Annual)\",\"unitPrice\":8.61,"
                               "\"currency\":\"USD\",\"billingFrequency\":\"month\","
                               "\"status\":\"Active\"}";
    char first[500], second[500];
    snprintf(first, sizeof first, line, "510020_1", (long long)market->seats);
    snprintf(second, sizeof second, line, market->day == DOUBLED ? "510020_1" : "510020_2",
             (long long)market->others);
    SCOPED(buf_release) struct buf more = BUF(36000);
    for (int i = 0; i < market->n_many; i++)
        buf_printf(&more, ",{\"subscriptionId\":\"600%03d_1\",\"quantity\":%lld,\"skuNo\":9}", i,
                   10 + (long long)market->n_new);
    for (int i = 0; i < market->n_new; i++)
        buf_printf(&more, ",{\"subscriptionId\":\"700%03d_1\",\"quantity\":3,\"skuNo\":9100300}",
                   i);
    reply_with(a, reply, 200,
               "{\"requestId\":\"r-1\",\"data\":{\"total\":%d,\"records\":[%s,%s%s]}}",
               2 + market->n_many + market->n_new, first, second, more.len > 0 ? more.at : "");
}

static void put_one(struct arena *a, struct wire_reply *reply)
{
    reply_with(a, reply, 200,
               "{\"requestId\":\"r-2\",\"data\":{\"subscriptionId\":\"510020_1\",\"quantity\":%lld,"
               "\"skuNo\":9100231,\"unitPrice\":8.61,\"currency\":\"USD\",\"billingFrequency\":"
               "\"month\",\"productName\":\"NCE Office 365 E1 (Annual)\",\"status\":\"Active\"}}",
               (long long)market->seats);
}

static void carry_out(int64_t number)
{
    market->n_done++;
    market->seats = market->day == ADDS ? market->seats + number : number;
}

/* Refused, in the service's own words, with nothing done. False: it is not. */
static bool refuses(struct arena *a, struct wire_reply *reply)
{
    static const struct {
        enum day day;
        int http;
        bool only_first;
        const char *code;
    } refusals[] = {
        { TOKEN_REFUSED, 401, true, "UNAUTHORIZED" },
        { TOO_MANY, 429, true, "TOO_MANY_REQUESTS" },
        { EDITED_WHILE_429, 429, true, "TOO_MANY_REQUESTS" },
        { REFUSED_422, 422, false, "NO" },
        { REFUSED_409, 409, false, "NO" },
        { ERROR_INSIDE, 200, false, "NO" },
    };
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        if (refusals[i].day != market->day || (refusals[i].only_first && market->n_posts > 1))
            continue;
        reply_with(a, reply, refusals[i].http,
                   "{\"data\":{\"errorCode\":\"%s\",\"errorMessage\":\"Not today.\"}}",
                   refusals[i].code);
        if (market->day == EDITED_WHILE_429) {
            market->seats = 60; /* in the portal, by somebody else */
            reply->retry_after_ms = 90000;
        }
        return true;
    }
    return false;
}

/* What changes, by the request or by somebody else. */
static void change(bool has_number, int64_t number)
{
    bool is_done = market->day != OPERATION_FAILS && market->day != OTHER_OPERATION &&
                   market->day != FAILS_AND_EDITED;
    market->n_new += market->day == BATCH;
    market->others += market->day == PORTAL_EDITS;
    if (market->day == FAILS_AND_EDITED)
        market->seats = number; /* in the portal */
    if (has_number && is_done)
        carry_out(number);
}

static void answer_done(struct arena *a, struct wire_reply *reply)
{
    bool is_second_401 = market->day == HTML_401_AFTER && market->n_posts > 1;
    int http = market->day == HTML_REFUSAL_AFTER ? 404
               : market->day == HTML_401_AFTER   ? 401
               : market->day == FAULT_AFTER      ? 500
                                                 : 200;
    bool is_html = market->day == HTML_AFTER || http == 404 || http == 401;
    if (market->day == EMPTY_ANSWER || is_second_401)
        reply_with(a, reply, 204, "%s", "");
    else if (is_html || http == 500)
        reply_with(a, reply, http, "%s", is_html ? "<html>no</html>" : "{}");
    else
        reply_with(a, reply, 200,
                   "{\"requestId\":\"r-3\",\"data\":{\"operationId\":\"OP-1\",\"status\":"
                   "\"Pending\"}}");
}

static enum status answer_post(struct arena *a, const struct wire_request *request,
                               struct wire_reply *reply, struct error *err)
{
    const struct json *body;
    int64_t number = 0;
    assert_ok(json_parse(a, request->body, &body, err), err);
    bool has_number = json_integer(json_get(body, "quantity"), &number);
    assert_true(request->once);
    if (market->day == DIES_BEFORE_SENDING || market->day == DIES_BEFORE_ARRIVAL)
        _exit(DIED);
    if (market->day == UNREACHABLE)
        return fail(err, ST_UNREACHABLE, "no way there");
    market->n_posts++;
    if (market->day == TWO_NEW || market->day == OTHER_NEW)
        market->n_new = market->day == TWO_NEW ? 2 : 1;
    if (market->n_new > 0 || market->day == REQUEST_LOST)
        return fail(err, ST_UNKNOWN, "no answer came");
    if (refuses(a, reply))
        return ST_OK;
    change(has_number, number);
    if (market->day == DIES_AFTER_SENDING)
        _exit(DIED);
    if (market->day == ANSWER_LOST)
        return fail(err, ST_UNKNOWN, "no answer came");
    answer_done(a, reply);
    return ST_OK;
}

static void put_operation(struct arena *a, struct wire_reply *reply)
{
    bool is_ended = ++market->n_polls >= 2;
    if (market->day == BATCH) {
        reply_with(a, reply, 200,
                   "{\"data\":{\"operationId\":\"OP-1\",\"status\":\"Partial\",\"items\":["
                   "{\"index\":1,\"skuNo\":9100400,\"status\":\"Failed\",\"errorCode\":\"NO\"},"
                   "{\"index\":0,\"skuNo\":9100300,\"status\":\"Success\","
                   "\"subscriptionId\":\"700000_1\"}]}}");
        return;
    }
    if (market->day == FORGOTTEN) {
        reply_with(a, reply, 404, "{\"data\":{\"errorCode\":\"NOT_FOUND\"}}");
        return;
    }
    if (market->day == OTHER_OPERATION) {
        reply_with(a, reply, 200,
                   "{\"data\":{\"operationId\":\"OP-77\",\"status\":\"Failed\","
                   "\"errorCode\":\"NO_STOCK\"}}");
        return;
    }
    bool fails = is_ended && (market->day == OPERATION_FAILS || market->day == FAILS_AND_EDITED);
    reply_with(a, reply, 200,
               "{\"data\":{\"operationId\":\"OP-1\",\"status\":\"%s\",\"errorCode\":%s}}",
               fails      ? "Failed"
               : is_ended ? "Success"
                          : "Processing",
               fails ? "\"NO_STOCK\"" : "null");
}

static enum status answer(struct transport *self, struct arena *a,
                          const struct wire_request *request, struct wire_reply *reply,
                          struct error *err)
{
    (void)self;
    char *url = arena_text(a, request->url);
    if (strstr(url, "/token") != NULL)
        reply_with(a, reply, 200, "{\"access_token\":\"T\",\"expires_in\":7200}");
    else if (request->method == METHOD_POST || request->method == METHOD_PUT)
        return answer_post(a, request, reply, err);
    else if (strstr(url, "/operations/") != NULL)
        put_operation(a, reply);
    else if (strstr(url, "/subscriptions/510020_1") != NULL)
        put_one(a, reply);
    else if (strstr(url, "/subscriptions?") != NULL)
        put_lines(a, reply);
    else
        reply_with(a, reply, 404, "{}");
    return ST_OK;
}

struct connection_row connection_row_of(void)
{
    return (struct connection_row){ .id = 77,
                                    .name = STR("shop"),
                                    .kind = STR("stellr"),
                                    .environment = STR("production"),
                                    .region = STR(""),
                                    .base_url = STR("http://127.0.0.1:1"),
                                    .token_url = STR("http://127.0.0.1:1/token"),
                                    .state = STR(CONNECTION_READY) };
}

void buyer_open(struct buyer *b, const char *folder, int64_t later_ms)
{
    memset(b, 0, sizeof *b);
    fake_client_init(&b->fake, &connector_stellr);
    clock_manual_advance(&b->fake.clock, later_ms);
    assert_ok(store_open(folder, &b->fake.clock.clock, &b->store, &b->err), &b->err);
    b->transport.send = answer;
    call_init(&b->call, &b->fake.client, &b->transport);
    b->licence = (struct licence){ .store = b->store,
                                   .call = &b->call,
                                   .connection = connection_row_of(),
                                   .clock = &b->fake.clock.clock,
                                   .wait_ms = MINUTES(5) };
}

void buyer_close(struct buyer *b)
{
    call_release(&b->call);
    store_close(b->store);
    arena_free(&b->a);
    fake_client_release(&b->fake);
}

/* As the hub does it: the journal is looked at before the reading. */
enum status make_plan(struct buyer *b, const char *action, const struct arguments *arguments,
                      const struct plan_options *options, struct plan *plan)
{
    int64_t activity;
    TRY(purchase_activity_of(&b->licence, STR("700101"), &activity, &b->err));
    TRY(plan_make(&b->call, &b->a, action_find(str_of(action)), arguments, options, plan, &b->err));
    plan->activity = activity;
    return ST_OK;
}

enum status plan_seats(struct buyer *b, int64_t seats, struct plan *plan)
{
    struct arguments arguments = { .n = 0 };
    struct plan_options options = { .reason = STR("because"), .requester = STR("ada") };
    char *number = arena_printf(&b->a, "%lld", (long long)seats);
    assert_ok(arguments_set(&arguments, STR("customerNo"), STR("700101"), &b->err), &b->err);
    assert_ok(arguments_set(&arguments, STR("subscriptionId"), STR("510020_1"), &b->err), &b->err);
    assert_ok(arguments_set(&arguments, STR("quantity"), str_of(number), &b->err), &b->err);
    return make_plan(b, "stellr.subscription.change-seats", &arguments, &options, plan);
}

enum status approve_and_run(struct buyer *b, struct plan *plan, struct purchase_row *row)
{
    const struct decision *decision;
    struct proposal_row proposal = {
        .connection_id = 77,
        .action = str_of(plan->action->name),
        .subject = plan->subject,
        .account_ref = plan->account,
        .subscription_ref = plan->subscription,
        .method = STR("POST"),
        .target = plan->request.target,
        .body = secret_new(&b->a, plan->request.body),
        .plan = plan->json,
        .plan_hash = plan->hash,
        .likeness = plan->likeness,
        .summary = plan->summary,
    };
    row->id = 0;
    TRY(purchase_may_start(&b->licence, plan, false, &b->err));
    TRY(review_approve(b->store, b->store->db, &b->a, &b->licence.connection, &proposal,
                       STR("tester"), &decision, &b->err));
    return purchase_run(&b->licence, &b->a, decision, plan, false, row, &b->err);
}
