/* A purchase on every bad day: a marketplace in shared memory, a real store, and processes that die
 * at each step. Whatever happens, the marketplace carries out one change at most, and the store
 * tells what is known of it. Each row is a day. */
#include "../unit/test.h"
#include "market.h"
#include "review/decision.h"
#include "store/connections.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define BAD_SETUP 13

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
    { "a difference", ADDS, ST_MISMATCH, "mismatch", "mismatch", 1, 1, SEATS + WANTED },
    { "the operation fails", OPERATION_FAILS, ST_RULE, "refused", NULL, 1, 0, SEATS },
    { "an error inside 200", ERROR_INSIDE, ST_UNKNOWN, "unknown", "unknown", 1, 0, SEATS },
    { "an empty answer", EMPTY_ANSWER, ST_OK, "verified", NULL, 1, 1, WANTED },
    { "others change meanwhile", PORTAL_EDITS, ST_OK, "verified", NULL, 1, 1, WANTED },
    { "a proxy refuses in HTML after it was done", HTML_REFUSAL_AFTER, ST_OK, "inferred", NULL, 1,
      1, WANTED },
    { "a proxy says 401 in HTML after it was done", HTML_401_AFTER, ST_OK, "inferred", NULL, 1, 1,
      WANTED },
    { "somebody else changes these seats while we wait after a 429", EDITED_WHILE_429, ST_CONFLICT,
      "refused", NULL, 1, 0, 60 },
    { "the operation fails, and somebody else made the same change", FAILS_AND_EDITED, ST_RULE,
      "refused", NULL, 1, 0, WANTED },
    { "the poll answers another operation", OTHER_OPERATION, ST_UNKNOWN, "answered", NULL, 1, 0,
      SEATS },
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
    int n_bad = 0;
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
            n_bad++;
        }
        remove_folder(folder);
    }
    assert_int_equal(n_bad, 0);
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

static enum status plan_with(struct buyer *b, const char *action, const char *name,
                             const char *value, const char *body, struct plan *plan)
{
    struct arguments arguments = { .n = 0, .body = str_of(body) };
    struct plan_options options = { .is_proven = false };
    assert_ok(arguments_set(&arguments, STR("customerNo"), STR("700101"), &b->err), &b->err);
    assert_ok(arguments_set(&arguments, STR("subscriptionId"), STR("510020_1"), &b->err), &b->err);
    if (name != NULL)
        assert_ok(arguments_set(&arguments, str_of(name), str_of(value), &b->err), &b->err);
    return make_plan(b, action, &arguments, &options, plan);
}

/* What no reading can show is neither verified nor inferred. */
static const struct {
    const char *name, *action, *param, *value, *body;
    enum day day;
    const char *state;
} untold[] = {
    { "a plan by name, and the operation fails", "stellr.subscription.change-plan", "planName",
      "ANNUAL_YEARLY_PAY", NULL, OPERATION_FAILS, "refused" },
    { "a plan by name, and the request is lost", "stellr.subscription.change-plan", "planName",
      "ANNUAL_YEARLY_PAY", NULL, REQUEST_LOST, "unknown" },
    { "a body of another shape, and the operation fails", "stellr.subscription.change-seats", NULL,
      NULL, "{\"seats\":45}", OPERATION_FAILS, "refused" },
    { "a body of another shape, and the request is lost", "stellr.subscription.change-seats", NULL,
      NULL, "{\"seats\":45}", REQUEST_LOST, "unknown" },
    { "a number with a fraction of nothing, lost", "stellr.subscription.change-seats", NULL, NULL,
      "{\"quantity\":45.0}", REQUEST_LOST, "unknown" },
    { "a renewal whose operation nobody knows", "stellr.subscription.update-renewal", "renewType",
      "NOT_RENEW", NULL, FORGOTTEN, "needs-person" },
};

static void what_no_reading_shows_is_not_taken_for_done(void **unused)
{
    (void)unused;
    int n_bad = 0;
    for (size_t i = 0; i < ARRAY_LEN(untold); i++) {
        char folder[64];
        struct buyer b;
        struct purchase_row row;
        struct plan plan;
        new_market(untold[i].day);
        new_folder(folder);
        buyer_open(&b, folder, 0);
        assert_ok(plan_with(&b, untold[i].action, untold[i].param, untold[i].value, untold[i].body,
                            &plan),
                  &b.err);
        enum status s = approve_and_run(&b, &plan, &row);
        if (!str_is(row.state, untold[i].state)) {
            print_error("%s: status %d, state %.*s, wanted %s\n", untold[i].name, s,
                        STR_PRINT(row.state), untold[i].state);
            n_bad++;
        }
        buyer_close(&b);
        remove_folder(folder);
    }
    assert_int_equal(n_bad, 0);
}

static void what_is_new_has_one_explanation_or_is_left_open(void **unused)
{
    (void)unused;
    static const struct {
        const char *name, *items;
        enum day day;
        int n_many;
        const char *state;
    } rows[] = {
        { "results in another order",
          "[{\"skuNo\":9100300,\"quantity\":3},"
          "{\"skuNo\":9100400,\"quantity\":4}]",
          BATCH, 0, "partial" },
        { "two new ones", "[{\"skuNo\":9100300,\"quantity\":3}]", TWO_NEW, 0, "unknown" },
        { "two new ones and many changes", "[{\"skuNo\":9100300,\"quantity\":3}]", TWO_NEW, 60,
          "unknown" },
        { "by product", "[{\"productId\":80999,\"quantity\":3}]", OTHER_NEW, 0, "unknown" },
    };
    int n_bad = 0;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char folder[64];
        struct buyer b;
        struct purchase_row row;
        struct plan plan;
        struct arguments arguments = { .n = 0 };
        struct plan_options options = { .is_proven = false };
        new_market(rows[i].day);
        market->n_many = rows[i].n_many;
        new_folder(folder);
        buyer_open(&b, folder, 0);
        assert_ok(arguments_set(&arguments, STR("customerNo"), STR("700101"), &b.err), &b.err);
        assert_ok(arguments_set(&arguments, STR("vendorId"), STR("Microsoft"), &b.err), &b.err);
        assert_ok(arguments_set(&arguments, STR("subscriptions"), str_of(rows[i].items), &b.err),
                  &b.err);
        assert_ok(make_plan(&b, "stellr.subscription.create", &arguments, &options, &plan), &b.err);
        enum status s = approve_and_run(&b, &plan, &row);
        if (!str_is(row.state, rows[i].state)) {
            print_error("%s: status %d (%s), state %.*s, wanted %s\n", rows[i].name, s,
                        s == ST_OK ? "" : b.err.text, STR_PRINT(row.state), rows[i].state);
            n_bad++;
        }
        buyer_close(&b);
        remove_folder(folder);
    }
    assert_int_equal(n_bad, 0);
}

static void a_list_with_one_of_them_twice_is_incomplete(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct plan plan;
    new_market(DOUBLED);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    assert_fails(plan_seats(&b, WANTED, &plan), ST_UNREADABLE, &b.err, "incomplete");
    buyer_close(&b);
    remove_folder(folder);
}

/* A clock that is set back makes no reading young. */
static void a_clock_that_goes_back_makes_no_reading_fresh(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct purchase_row row;
    struct plan plan;
    new_market(GOOD);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    assert_ok(plan_seats(&b, WANTED, &plan), &b.err);
    market->seats = 60; /* in the portal, while the person thinks */
    b.fake.clock.at_ms -= MINUTES(5);
    assert_int_equal(approve_and_run(&b, &plan, &row), ST_CONFLICT);
    assert_int_equal(market->n_posts, 0);
    assert_int_equal(market->seats, 60);
    buyer_close(&b);
    remove_folder(folder);
}

/* Two were looked at and let through; the first is done before the second writes its intent. */
static void what_was_done_between_the_look_and_the_intent_is_not_done_again(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer first, second;
    struct purchase_row row;
    struct plan one, two;
    const struct decision *decision;
    new_market(EMPTY_ANSWER);
    new_folder(folder);
    buyer_open(&first, folder, 0);
    buyer_open(&second, folder, 0);
    assert_ok(plan_seats(&first, WANTED, &one), &first.err);
    assert_ok(plan_seats(&second, WANTED, &two), &second.err);
    struct proposal_row proposal = { .connection_id = 77,
                                     .action = STR("stellr.subscription.change-seats"),
                                     .subject = two.subject,
                                     .method = STR("POST"),
                                     .target = two.request.target,
                                     .plan = two.json,
                                     .plan_hash = two.hash,
                                     .likeness = two.likeness,
                                     .summary = two.summary };
    assert_ok(purchase_may_start(&second.licence, &two, false, &second.err), &second.err);
    assert_ok(approve_and_run(&first, &one, &row), &first.err);
    assert_ok(review_approve(second.store, second.store->db, &second.a, &second.licence.connection,
                             &proposal, STR("tester"), &decision, &second.err),
              &second.err);
    enum status s =
        purchase_run(&second.licence, &second.a, decision, &two, false, &row, &second.err);
    assert_int_equal(market->n_posts, 1);
    assert_int_equal(s, ST_CONFLICT);
    buyer_close(&first);
    buyer_close(&second);
    remove_folder(folder);
}

static const char *sleeping_folder;
static void (*real_sleep)(struct clock *clock, int64_t ms);

/* In another terminal somebody looks, wants to settle it, and to buy anew. */
static void sleep_while_settled(struct clock *clock, int64_t ms)
{
    struct buyer b;
    const struct purchase_row *rows;
    struct purchase_row row;
    size_t n;
    const char *folder = sleeping_folder;
    real_sleep(clock, ms);
    if (folder == NULL || market->n_posts != 1)
        return;
    sleeping_folder = NULL;
    buyer_open(&b, folder, 1000);
    assert_ok(purchase_list(b.store, b.store->db, &b.a, true, &rows, &n, &b.err), &b.err);
    assert_int_equal(n, 1);
    row = rows[0];
    assert_fails(purchase_resume(&b.licence, &b.a, &row, &b.err), ST_BUSY, &b.err, "being sent");
    assert_fails(purchase_settle(&b.licence, &b.a, &row, STR("ada"), STR("nothing came"), &b.err),
                 ST_BUSY, &b.err, "being sent");
    assert_fails(buy(&b, WANTED + 1, &row), ST_CONFLICT, &b.err, "still open");
    buyer_close(&b);
}

static void what_is_being_sent_is_left_alone_by_others(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct purchase_row row;
    new_market(TOO_MANY);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    real_sleep = b.fake.clock.clock.sleep_ms;
    b.fake.clock.clock.sleep_ms = sleep_while_settled;
    sleeping_folder = folder;
    enum status s = buy(&b, WANTED, &row);
    assert_int_equal(s, ST_OK);
    assert_int_equal(market->n_posts, 2);
    assert_int_equal(market->n_done, 1);
    assert_int_equal(market->seats, WANTED);
    buyer_close(&b);
    remove_folder(folder);
}

/* Told to stop between the yes and the sending. */
static void a_stop_before_the_sending_sends_nothing(void **unused)
{
    (void)unused;
    char folder[64];
    struct buyer b;
    struct purchase_row row;
    struct plan plan;
    atomic_bool cancelled = false;
    new_market(GOOD);
    new_folder(folder);
    buyer_open(&b, folder, 0);
    assert_ok(plan_seats(&b, WANTED, &plan), &b.err);
    b.licence.cancelled = &cancelled;
    atomic_store(&cancelled, true);
    assert_fails(approve_and_run(&b, &plan, &row), ST_CANCELLED, &b.err, "before it was sent");
    assert_text(row.state, "not-sent");
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
        cmocka_unit_test(what_no_reading_shows_is_not_taken_for_done),
        cmocka_unit_test(what_is_new_has_one_explanation_or_is_left_open),
        cmocka_unit_test(a_list_with_one_of_them_twice_is_incomplete),
        cmocka_unit_test(a_clock_that_goes_back_makes_no_reading_fresh),
        cmocka_unit_test(what_was_done_between_the_look_and_the_intent_is_not_done_again),
        cmocka_unit_test(what_is_being_sent_is_left_alone_by_others),
        cmocka_unit_test(a_stop_before_the_sending_sends_nothing),
    };
    return RUN(tests);
}
