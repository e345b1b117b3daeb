/* A purchase on every bad day: a marketplace in shared memory, a real store, and processes that die
 * at each step. Whatever happens, the marketplace carries out one change at most, and the store
 * tells what is known of it. Each row is a day. */
#include "../unit/fake.h"
#include "../unit/test.h"
#include "licence/purchase.h"
#include "review/decision.h"
#include "store/connections.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW_MS     INT64_C(1790000000000)
#define SEATS      42
#define WANTED     45
#define DIED       9
#define BAD_SETUP  13
#define MINUTES(n) (INT64_C(60000) * (n))

/* What happens to the sending. */
enum day {
    GOOD,
    DIES_BEFORE_SENDING, /* after the intent is committed */
    DIES_AFTER_SENDING,  /* carried out, and the process dies before the answer is read */
    DIES_BEFORE_ARRIVAL, /* the process dies, and the request with it */
    ANSWER_LOST,         /* carried out, no answer */
    REQUEST_LOST,        /* not carried out, no answer */
    FAULT_AFTER,         /* carried out, HTTP 500 */
    HTML_AFTER,          /* carried out, HTML with 200 */
    REFUSED_422,
    REFUSED_409,
    TOKEN_REFUSED,      /* 401 once, then good */
    TOO_MANY,           /* 429 once, then good */
    UNREACHABLE,        /* nothing is sent */
    ADDS,               /* the service takes the number as a difference */
    OPERATION_FAILS,    /* taken, then Failed */
    ERROR_INSIDE,       /* 200 with an error in it, nothing done */
    EMPTY_ANSWER,       /* 204, done at once */
    PORTAL_EDITS,       /* somebody changes other seats meanwhile */
    PORTAL_EDITS_FIRST, /* somebody changes these seats after the plan was shown */
};

/* The marketplace, shared by all processes of a test. */
struct market {
    enum day day;
    int64_t seats, others;
    int n_posts, n_done; /* requests that arrived, and changes carried out */
    int n_polls;
    bool has_failed;
};

static struct market *market;

static void reply_with(struct arena *a, struct wire_reply *reply, int http, const char *format, ...)
    PRINTF_LIKE(4, 5);

static void reply_with(struct arena *a, struct wire_reply *reply, int http, const char *format, ...)
{
    char text[4000];
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
    snprintf(second, sizeof second, line, "510020_2", (long long)market->others);
    reply_with(a, reply, 200, "{\"requestId\":\"r-1\",\"data\":{\"total\":2,\"records\":[%s,%s]}}",
               first, second);
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

static enum status answer_post(struct arena *a, const struct wire_request *request,
                               struct wire_reply *reply, struct error *err)
{
    const struct json *body;
    int64_t number = 0;
    assert_ok(json_parse(a, request->body, &body, err), err);
    assert_true(json_integer(json_get(body, "quantity"), &number));
    assert_true(request->once);
    if (market->day == DIES_BEFORE_SENDING || market->day == DIES_BEFORE_ARRIVAL)
        _exit(DIED);
    if (market->day == UNREACHABLE)
        return fail(err, ST_UNREACHABLE, "no way there");
    market->n_posts++;
    if (market->day == REQUEST_LOST)
        return fail(err, ST_UNKNOWN, "no answer came");
    if (market->day == TOKEN_REFUSED && market->n_posts == 1) {
        reply_with(a, reply, 401, "{\"data\":{\"errorCode\":\"UNAUTHORIZED\"}}");
        return ST_OK;
    }
    if (market->day == TOO_MANY && market->n_posts == 1) {
        reply_with(a, reply, 429, "{\"data\":{\"errorCode\":\"TOO_MANY_REQUESTS\"}}");
        return ST_OK;
    }
    if (market->day == REFUSED_422 || market->day == REFUSED_409) {
        reply_with(a, reply, market->day == REFUSED_422 ? 422 : 409,
                   "{\"data\":{\"errorCode\":\"NO\",\"errorMessage\":\"Not today.\"}}");
        return ST_OK;
    }
    if (market->day == ERROR_INSIDE) {
        reply_with(a, reply, 200, "{\"data\":{\"errorCode\":\"NO\",\"errorMessage\":\"No.\"}}");
        return ST_OK;
    }
    if (market->day != OPERATION_FAILS)
        carry_out(number);
    if (market->day == DIES_AFTER_SENDING)
        _exit(DIED);
    if (market->day == ANSWER_LOST)
        return fail(err, ST_UNKNOWN, "no answer came");
    if (market->day == PORTAL_EDITS)
        market->others++;
    if (market->day == FAULT_AFTER)
        reply_with(a, reply, 500, "{}");
    else if (market->day == HTML_AFTER)
        reply_with(a, reply, 200, "<html>");
    else if (market->day == EMPTY_ANSWER)
        reply_with(a, reply, 204, "%s", "");
    else
        reply_with(a, reply, 200,
                   "{\"requestId\":\"r-3\",\"data\":{\"operationId\":\"OP-1\",\"status\":"
                   "\"Pending\"}}");
    return ST_OK;
}

static void put_operation(struct arena *a, struct wire_reply *reply)
{
    bool is_ended = ++market->n_polls >= 2;
    bool fails = is_ended && market->day == OPERATION_FAILS;
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
    else if (request->method == METHOD_POST)
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

/* One process's view: a client over the market, and the store of the folder. */
struct buyer {
    struct fake_client fake;
    struct transport transport;
    struct call call;
    struct store *store;
    struct licence licence;
    struct arena a;
    struct error err;
};

static struct connection_row connection_row_of(void)
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

static void buyer_open(struct buyer *b, const char *folder, int64_t later_ms)
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

static void buyer_close(struct buyer *b)
{
    call_release(&b->call);
    store_close(b->store);
    arena_free(&b->a);
    fake_client_release(&b->fake);
}

static enum status plan_seats(struct buyer *b, int64_t seats, struct plan *plan)
{
    struct arguments arguments = { .n = 0 };
    struct plan_options options = { STR("because"), STR("PO-1"), STR("ada") };
    char *number = arena_printf(&b->a, "%lld", (long long)seats);
    assert_ok(arguments_set(&arguments, STR("customerNo"), STR("700101"), &b->err), &b->err);
    assert_ok(arguments_set(&arguments, STR("subscriptionId"), STR("510020_1"), &b->err), &b->err);
    assert_ok(arguments_set(&arguments, STR("quantity"), str_of(number), &b->err), &b->err);
    return plan_make(&b->call, &b->a, action_find(STR("stellr.subscription.change-seats")),
                     &arguments, &options, plan, &b->err);
}

static enum status approve_and_run(struct buyer *b, struct plan *plan, struct purchase_row *row)
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
    return purchase_run(&b->licence, &b->a, decision, plan, row, &b->err);
}

static enum status buy(struct buyer *b, int64_t seats, struct purchase_row *row)
{
    struct plan plan;
    row->id = 0;
    TRY(plan_seats(b, seats, &plan));
    if (market->day == PORTAL_EDITS_FIRST) { /* a person thought about the plan for a while */
        market->seats++;
        clock_manual_advance(&b->fake.clock, PURCHASE_FRESH_MS + 1);
    }
    return approve_and_run(b, &plan, row);
}

/* Buys in a process of its own. Its exit code is its status, or DIED. */
static int buy_in_process(const char *folder)
{
    int code = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct buyer b;
        struct purchase_row row;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        buyer_open(&b, folder, 0);
        enum status s = buy(&b, WANTED, &row);
        buyer_close(&b);
        _exit(50 + (int)s);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_true(WIFEXITED(code));
    return WEXITSTATUS(code);
}

/* Looks again in another process's place, as `purchases check` does. */
static enum status look_again(const char *folder, int64_t later_ms, char state[static 32])
{
    struct buyer b;
    const struct purchase_row *rows;
    size_t n;
    buyer_open(&b, folder, later_ms);
    assert_ok(purchase_list(b.store, b.store->db, &b.a, false, &rows, &n, &b.err), &b.err);
    assert_int_equal(n, 1);
    struct purchase_row row = rows[0];
    enum status s = purchase_resume(&b.licence, &b.a, &row, &b.err);
    assert_ok(purchase_find(b.store, b.store->db, &b.a, rows[0].id, &row, &b.err), &b.err);
    snprintf(state, 32, "%.*s", STR_PRINT(row.state));
    buyer_close(&b);
    return s;
}

static const struct {
    const char *name;
    enum day day;
    int exit;            /* of the process that buys: DIED, or its status */
    const char *state;   /* as it left it */
    const char *later;   /* as a look again leaves it; NULL: the same */
    int n_posts, n_done; /* at the marketplace, in the end */
    int64_t seats;
} days[] = {
    { "good", GOOD, ST_OK, "verified", NULL, 1, 1, WANTED },
    { "dies before sending", DIES_BEFORE_SENDING, DIED, "intent", "unknown", 0, 0, SEATS },
    { "dies after sending", DIES_AFTER_SENDING, DIED, "intent", "inferred", 1, 1, WANTED },
    { "dies before arrival", DIES_BEFORE_ARRIVAL, DIED, "intent", "unknown", 0, 0, SEATS },
    { "the answer is lost", ANSWER_LOST, ST_OK, "inferred", NULL, 1, 1, WANTED },
    { "the request is lost", REQUEST_LOST, ST_UNKNOWN, "unknown", "unknown", 1, 0, SEATS },
    { "a fault after it was done", FAULT_AFTER, ST_OK, "inferred", NULL, 1, 1, WANTED },
    { "HTML after it was done", HTML_AFTER, ST_OK, "inferred", NULL, 1, 1, WANTED },
    { "refused by a rule", REFUSED_422, ST_RULE, "refused", NULL, 1, 0, SEATS },
    { "refused by a conflict", REFUSED_409, ST_CONFLICT, "refused", NULL, 1, 0, SEATS },
    { "the token is refused once", TOKEN_REFUSED, ST_OK, "verified", NULL, 2, 1, WANTED },
    { "too many requests once", TOO_MANY, ST_OK, "verified", NULL, 2, 1, WANTED },
    { "no way there", UNREACHABLE, ST_UNREACHABLE, "not-sent", NULL, 0, 0, SEATS },
    { "a difference", ADDS, ST_CONFLICT, "mismatch", "mismatch", 1, 1, SEATS + WANTED },
    { "the operation fails", OPERATION_FAILS, ST_RULE, "refused", NULL, 1, 0, SEATS },
    { "an error inside 200", ERROR_INSIDE, ST_UNKNOWN, "unknown", "unknown", 1, 0, SEATS },
    { "an empty answer", EMPTY_ANSWER, ST_OK, "verified", NULL, 1, 1, WANTED },
    { "others change meanwhile", PORTAL_EDITS, ST_OK, "verified", NULL, 1, 1, WANTED },
};

static void new_market(enum day day)
{
    *market = (struct market){ .day = day, .seats = SEATS, .others = 7 };
}

static void new_folder(char folder[static 64])
{
    struct buyer b;
    strcpy(folder, "/tmp/stellion-purchase-XXXXXX");
    assert_non_null(mkdtemp(folder));
    buyer_open(&b, folder, 0);
    struct connection_row row = connection_row_of();
    assert_ok(connection_save(b.store, b.store->db, &row, &b.err), &b.err);
    buyer_close(&b);
}

static void remove_folder(const char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void state_of_only(const char *folder, char state[static 32])
{
    struct buyer b;
    const struct purchase_row *rows;
    size_t n;
    buyer_open(&b, folder, 0);
    assert_ok(purchase_list(b.store, b.store->db, &b.a, false, &rows, &n, &b.err), &b.err);
    assert_int_equal(n, 1);
    snprintf(state, 32, "%.*s", STR_PRINT(rows[0].state));
    buyer_close(&b);
}

static void every_day_ends_with_one_change_at_most(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        char folder[64], state[32];
        new_market(days[i].day);
        new_folder(folder);
        int code = buy_in_process(folder);
        state_of_only(folder, state);
        int wanted = days[i].exit == DIED ? DIED : 50 + days[i].exit;
        bool good = code == wanted && strcmp(state, days[i].state) == 0;
        if (good && days[i].later != NULL) {
            (void)look_again(folder, MINUTES(1), state);
            good = strcmp(state, days[i].later) == 0;
        }
        good = good && market->n_posts == days[i].n_posts && market->n_done == days[i].n_done &&
               market->seats == days[i].seats;
        if (!good) {
            print_error("%s: exit %d, state %s, %d posts, %d done, %lld seats\n", days[i].name,
                        code - 50, state, market->n_posts, market->n_done,
                        (long long)market->seats);
            _fail(__FILE__, __LINE__);
        }
        remove_folder(folder);
    }
}

static void what_stays_unclear_is_left_to_a_person_and_never_sent_again(void **unused)
{
    (void)unused;
    char folder[64], state[32];
    struct buyer b;
    struct purchase_row row;
    new_market(REQUEST_LOST);
    new_folder(folder);
    assert_int_equal(buy_in_process(folder), 50 + ST_UNKNOWN);
    market->day = GOOD;
    assert_int_equal(look_again(folder, MINUTES(31), state), ST_UNKNOWN);
    assert_string_equal(state, "needs-person");

    buyer_open(&b, folder, MINUTES(32)); /* the subject stays closed to others */
    assert_fails(buy(&b, WANTED, &row), ST_CONFLICT, &b.err, "still open", "purchases check");
    assert_fails(buy(&b, WANTED + 1, &row), ST_CONFLICT, &b.err, "still open");
    const struct purchase_row *rows;
    size_t n;
    assert_ok(purchase_list(b.store, b.store->db, &b.a, true, &rows, &n, &b.err), &b.err);
    assert_int_equal(n, 1);
    row = rows[0];
    assert_ok(purchase_settle(&b.licence, &b.a, &row, STR("ada"), STR("it never arrived"), &b.err),
              &b.err);
    assert_ok(buy(&b, WANTED, &row), &b.err);
    assert_text(row.state, "verified");
    buyer_close(&b);
    assert_int_equal(market->n_posts, 2);
    assert_int_equal(market->n_done, 1);
    remove_folder(folder);
}

static void a_world_that_moved_on_is_not_sent_to(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct purchase_row row;
    new_market(PORTAL_EDITS_FIRST);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    assert_fails(buy(&b, WANTED, &row), ST_CONFLICT, &b.err, "42 -> 43", "Nothing was sent");
    assert_int_equal(row.id, 0);
    assert_int_equal(market->n_posts, 0);
    buyer_close(&b);
    remove_folder(folder);
}

static void the_second_press_of_the_key_buys_nothing(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct purchase_row row;
    struct plan plan;
    new_market(GOOD);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    assert_ok(buy(&b, WANTED, &row), &b.err);
    assert_ok(plan_seats(&b, WANTED, &plan), &b.err);
    assert_true(plan.is_done_already);
    assert_fails(approve_and_run(&b, &plan, &row), ST_CONFLICT, &b.err, "a moment ago", "--again");
    assert_int_equal(market->n_posts, 1);
    buyer_close(&b);
    remove_folder(folder);
}

/* Two processes press at the same moment: the unique index lets one in. */
static void two_at_once_send_one(void **unused)
{
    (void)unused;
    char folder[64];
    new_market(GOOD);
    new_folder(folder);
    pid_t children[4];
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0) {
            struct buyer b;
            struct purchase_row row;
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            buyer_open(&b, folder, 0);
            _exit(50 + (int)buy(&b, WANTED, &row));
        }
    }
    int n_good = 0;
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        int code;
        assert_int_equal(waitpid(children[i], &code, 0), children[i]);
        n_good += WIFEXITED(code) && WEXITSTATUS(code) == 50 + ST_OK;
    }
    assert_int_equal(market->n_done, 1);
    assert_int_equal(market->n_posts, 1);
    assert_int_equal(n_good, 1);
    remove_folder(folder);
}

static void a_decision_is_about_one_plan(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct purchase_row row;
    struct plan plan, other;
    new_market(GOOD);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    assert_ok(plan_seats(&b, WANTED, &plan), &b.err);
    assert_ok(plan_seats(&b, 450, &other), &b.err);
    plan.request = other.request; /* the bytes are exchanged behind the approval */
    assert_fails(approve_and_run(&b, &plan, &row), ST_INTERNAL, &b.err, "another plan");
    assert_int_equal(market->n_posts, 0);
    buyer_close(&b);
    remove_folder(folder);
}

static void a_live_connection_is_read_only_until_somebody_says_otherwise(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct purchase_row row;
    new_market(GOOD);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    b.licence.connection.base_url = STR("https://api.us.tdsynnex.com");
    assert_fails(buy(&b, WANTED, &row), ST_RULE, &b.err, "read-only", "stellion policy buying on");
    assert_int_equal(market->n_posts, 0);
    buyer_close(&b);
    remove_folder(folder);
}

int main(void)
{
    market = mmap(NULL, sizeof *market, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (market == MAP_FAILED)
        return BAD_SETUP;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_ends_with_one_change_at_most),
        cmocka_unit_test(what_stays_unclear_is_left_to_a_person_and_never_sent_again),
        cmocka_unit_test(a_world_that_moved_on_is_not_sent_to),
        cmocka_unit_test(the_second_press_of_the_key_buys_nothing),
        cmocka_unit_test(two_at_once_send_one),
        cmocka_unit_test(a_decision_is_about_one_plan),
        cmocka_unit_test(a_live_connection_is_read_only_until_somebody_says_otherwise),
    };
    return RUN(tests);
}
