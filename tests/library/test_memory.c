/* No memory: each allocation of ours fails in turn, alone or with all that follow. Whatever fails,
 * the library gives a status, keeps nothing, holds no lock, and works again afterwards. */
#include "../unit/test.h"
#include "world.h"

#include "hub/buy.h"

#include <unistd.h>

static struct remote remote;

/* Counted in this thread alone, and only while `is_on`. */
static _Thread_local struct {
    bool is_on, all_after;
    long at, n; /* the n-th fails; 0: none */
} fate;

static bool fails(void)
{
    if (!fate.is_on)
        return false;
    fate.n++;
    return fate.at != 0 && (fate.n == fate.at || (fate.all_after && fate.n > fate.at));
}

void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_sodium_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_sodium_malloc(size_t size);

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *block, size_t size)
{
    return fails() ? NULL : __real_realloc(block, size);
}

void *__wrap_sodium_malloc(size_t size)
{
    return fails() ? NULL : __real_sodium_malloc(size);
}

/* What is tried with failing memory. Gives its status; STELLION_OK: it came to its end. */
typedef enum stellion_status deed_function(void *context, struct stellion_error *err);

/* Runs the deed with each allocation failing in turn, until none of them is left. */
static long fail_each(deed_function *deed, void *context, bool all_after)
{
    struct stellion_error err;
    for (long at = 1;; at++) {
        fate.at = at;
        fate.n = 0;
        fate.all_after = all_after;
        fate.is_on = true;
        enum stellion_status s = deed(context, &err);
        fate.is_on = false;
        if (fate.n < at) { /* nothing failed any more */
            assert_ends(s, STELLION_OK, &err);
            return at - 1;
        }
        if (s != STELLION_OK) /* some are asked for once more and come; all others are told */
            assert_ends(s, STELLION_NO_MEMORY, &err);
    }
}

static enum stellion_status open_call_close(void *context, struct stellion_error *err)
{
    stellion_client *client;
    stellion_answer *answer;
    enum stellion_status s = stellion_open(context, &client, err);
    if (s != STELLION_OK)
        return s;
    s = stellion_call(client, "stellr.customer.list", NULL, &answer, err);
    if (s == STELLION_OK)
        stellion_answer_free(answer);
    stellion_close(client);
    return s;
}

static void a_client_opens_calls_and_closes(void **state)
{
    (void)state;
    struct stellion_options options = stellr_options(&remote);
    assert_true(fail_each(open_call_close, &options, false) > 20);
    assert_true(fail_each(open_call_close, &options, true) > 20);
}

static enum stellion_status call_json(void *context, struct stellion_error *err)
{
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    stellion_answer *answer;
    arguments.json = "{\"customerNo\": 700101}";
    enum stellion_status s =
        stellion_call(context, "stellr.customer.get", &arguments, &answer, err);
    if (s == STELLION_OK)
        stellion_answer_free(answer);
    return s;
}

static enum stellion_status walk(void *context, struct stellion_error *err)
{
    struct stellion_argument size[] = { stellion_integer("pageSize", 3) };
    struct stellion_arguments arguments = { sizeof arguments, size, 1, NULL, NULL };
    stellion_pages *pages;
    const char *record = NULL;
    enum stellion_status s =
        stellion_pages_open(context, "stellr.customer.list", &arguments, &pages, err);
    if (s != STELLION_OK)
        return s;
    do
        s = stellion_pages_next(pages, &record, err);
    while (s == STELLION_OK && record != NULL);
    if (s == STELLION_OK)
        assert_int_equal(stellion_pages_count(pages), 8);
    if (s == STELLION_NO_MEMORY) /* and says so again, with memory or without */
        assert_int_equal(stellion_pages_next(pages, &record, err), STELLION_NO_MEMORY);
    stellion_pages_close(pages);
    return s;
}

/* The same client goes through all of it, and is whole at the end. */
static void a_client_survives(void **state)
{
    (void)state;
    struct stellion_options options = stellr_options(&remote);
    struct stellion_error err;
    stellion_client *client;
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    assert_true(fail_each(call_json, client, false) > 5);
    assert_true(fail_each(call_json, client, true) > 5);
    assert_true(fail_each(walk, client, false) > 5);
    assert_true(fail_each(walk, client, true) > 5);
    assert_ends(call_json(client, &err), STELLION_OK, &err);
    stellion_close(client);
}

static enum stellion_status describe(void *context, struct stellion_error *err)
{
    stellion_answer *description;
    enum stellion_status s = stellion_action_describe(NULL, context, &description, err);
    if (s == STELLION_OK)
        stellion_answer_free(description);
    return s;
}

static void descriptions_need_memory_too(void **state)
{
    (void)state;
    char name[] = "stellr.subscription.list";
    assert_true(fail_each(describe, name, false) > 0);
    assert_true(fail_each(describe, name, true) > 0);
}

static enum stellion_status write_once(void *context, struct stellion_error *err)
{
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    stellion_answer *answer;
    arguments.json = "{\"method\": \"POST\", \"path\": \"/api/v1/cloud/customers\"}";
    arguments.body = "{}";
    enum stellion_status s = stellion_call(context, "stellr.request", &arguments, &answer, err);
    if (s == STELLION_OK)
        stellion_answer_free(answer);
    return s;
}

/* What writes: no memory before it is sent, and "unknown" from then on, never "no memory". */
static void a_write_that_was_sent_is_never_called_unsent(void **state)
{
    (void)state;
    struct stellion_options options = stellr_options(&remote);
    struct stellion_error err;
    stellion_client *client;
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    enum stellion_status whole = write_once(client, &err); /* whatever the simulator thinks of it */
    int n_no_memory = 0;
    for (long at = 1;; at++) {
        int before = remote_count(&remote, "POST /stellr/api", 0);
        fate.at = at;
        fate.n = 0;
        fate.all_after = true;
        fate.is_on = true;
        enum stellion_status s = write_once(client, &err);
        fate.is_on = false;
        int n_sent = remote_count(&remote, "POST /stellr/api", 0) - before;
        if (s == STELLION_NO_MEMORY)
            assert_int_equal(n_sent, 0);
        n_no_memory += s == STELLION_NO_MEMORY;
        assert_true(n_sent <= 1);
        if (fate.n < at) {
            assert_int_equal(s, whole);
            break;
        }
    }
    assert_true(n_no_memory > 5);
    stellion_close(client);
}

struct ion {
    struct stellion_options options;
    struct stellion_token_keeper keeper;
    struct shelf shelf;
};

static enum stellion_status ask_ion(struct ion *ion, struct stellion_error *err)
{
    stellion_client *client;
    stellion_answer *answer;
    enum stellion_status s = stellion_open(&ion->options, &client, err);
    if (s != STELLION_OK)
        return s;
    s = stellion_call(client, "ion.customer.list", NULL, &answer, err);
    if (s == STELLION_OK)
        stellion_answer_free(answer);
    stellion_close(client);
    return s;
}

/* However memory ends during a refresh: either the token on the shelf is good, or the shelf says
 * that one was sent and not answered. A token that was used up is never taken for a good one. */
static void a_refresh_leaves_a_good_token_or_says_that_it_may_be_lost(void **state)
{
    (void)state;
    static struct ion ion;
    struct stellion_error err;
    int n_lost = 0, n_tried = 0;
    for (long at = 1;; at++, n_tried++) {
        struct remote fresh; /* a simulator of its own: its token has not been used */
        remote_start(&fresh, NULL);
        ion.shelf = (struct shelf){ .n_saves = 0 };
        ion.keeper = shelf_keeper(&ion.shelf);
        ion.options = ion_options(&fresh, &ion.keeper);
        fate.at = at;
        fate.n = 0;
        fate.all_after = false;
        fate.is_on = true;
        enum stellion_status s = ask_ion(&ion, &err);
        fate.is_on = false;
        bool is_over = fate.n < at;
        assert_false(ion.shelf.is_locked);
        int n_sent = remote_count(&fresh, "POST /ion/oauth/token", 0);
        bool is_unclear = strstr(ion.shelf.text, "unclear_at") != NULL;
        if (s != STELLION_OK)
            assert_ends(s, STELLION_NO_MEMORY, &err);
        if (!is_unclear && s != STELLION_OK) { /* it goes on from the shelf */
            assert_ends(ask_ion(&ion, &err), STELLION_OK, &err);
            assert_int_equal(remote_count(&fresh, "POST /ion/oauth/token", 0), 1);
        }
        n_lost += is_unclear && n_sent > 0;
        remote_stop(&fresh);
        if (is_over)
            break;
    }
    assert_true(n_tried > 20);
    assert_int_equal(n_lost, 0); /* one failure is waited out (decision 13) */
}

static char subscription[64];

/* The first one of the first customer. */
static void find_subscription(stellion_client *client)
{
    struct stellion_error err;
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    stellion_pages *pages;
    const char *record, *at;
    arguments.json = "{\"customerNo\": 700101}";
    assert_ends(stellion_pages_open(client, "stellr.subscription.list", &arguments, &pages, &err),
                STELLION_OK, &err);
    assert_ends(stellion_pages_next(pages, &record, &err), STELLION_OK, &err);
    assert_non_null(record);
    at = strstr(record, "\"subscriptionId\":\"");
    if (at == NULL)
        print_error("%s\n", record);
    assert_non_null(at);
    assert_int_equal(sscanf(at, "\"subscriptionId\":\"%63[^\"]", subscription), 1);
    stellion_pages_close(pages);
}

struct purchase {
    stellion_client *client;
    const char *directory;
    long seats;
};

static enum stellion_status plan(const struct purchase *p, stellion_plan **ret_plan,
                                 struct stellion_error *error)
{
    struct stellion_argument given[] = {
        stellion_text("customerNo", "700101"),
        stellion_text("subscriptionId", subscription),
        stellion_integer("quantity", p->seats),
    };
    struct stellion_arguments arguments = { sizeof arguments, given, 3, NULL, NULL };
    return stellion_plan_make(p->client, "stellr.subscription.change-seats", &arguments, NULL,
                              ret_plan, error);
}

static enum stellion_status plan_only(void *context, struct stellion_error *error)
{
    stellion_plan *made;
    enum stellion_status s = plan(context, &made, error);
    if (s == STELLION_OK)
        stellion_plan_free(made);
    return s;
}

/* A person looks at what was left open, so that the next one may begin. */
static void settle_all(const char *directory)
{
    struct clock_manual later; /* a sending that was given up counts as being sent for a while */
    clock_manual_init(&later, clock_real()->now_ms(clock_real()) + INT64_C(660000));
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct purchase_row *rows;
    struct purchase_row row;
    struct error error;
    struct hub *hub;
    size_t n;
    assert_ok(hub_open(directory, &later.clock, NULL, &hub, &error), &error);
    assert_ok(hub_purchases(hub, &a, true, &rows, &n, &error), &error);
    for (size_t i = 0; i < n; i++)
        assert_ok(hub_purchase_settle(hub, &a, rows[i].id, STR("looked"), &row, &error), &error);
    hub_close(hub);
}

/* Each allocation of an approval fails in turn: nothing is sent twice, and what was sent is never
 * told as if it were not. */
static void approve_with_each_failing(struct purchase *p)
{
    struct stellion_error error;
    int n_no_memory = 0;
    for (long at = 1;; at++, p->seats++) {
        stellion_plan *made;
        assert_ends(plan(p, &made, &error), STELLION_OK, &error);
        int before = remote_count(&remote, "POST /stellr/api", 0);
        fate.at = at;
        fate.n = 0;
        fate.all_after = false;
        fate.is_on = true;
        enum stellion_status s = stellion_plan_approve(made, STELLION_AGAIN, 0, &error);
        fate.is_on = false;
        bool is_over = fate.n < at;
        int n_sent = remote_count(&remote, "POST /stellr/api", 0) - before;
        assert_true(n_sent <= 1);
        if (s == STELLION_NO_MEMORY)
            assert_int_equal(n_sent, 0);
        n_no_memory += s == STELLION_NO_MEMORY;
        stellion_plan_free(made);
        settle_all(p->directory);
        if (is_over)
            break;
    }
    assert_true(n_no_memory > 5);
}

static void a_store_is_left_whole(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    char directory[] = "/tmp/stellion-library-XXXXXX", command[64];
    struct stellion_options options = STELLION_OPTIONS_INIT;
    struct connect_request request = {
        .connector = &connector_stellr,
        .client_id = STR("sim-client"),
        .secret = secret_new(&a, STR("sim-secret-7f3a9c")),
        .name = STR("one"),
        .base_url = str_of(remote.stellr_url),
    };
    struct connect_result result;
    struct error error;
    struct hub *hub;
    assert_non_null(mkdtemp(directory));
    assert_ok(hub_open(directory, clock_real(), NULL, &hub, &error), &error);
    assert_ok(hub_connect(hub, &a, &request, &result, &error), &error);
    hub_close(hub);
    options.data_directory = directory;
    assert_true(fail_each(open_call_close, &options, false) > 20);
    assert_true(fail_each(open_call_close, &options, true) > 20);
    struct stellion_error err;
    struct purchase purchase = { .directory = directory, .seats = 20 };
    assert_ends(stellion_open(&options, &purchase.client, &err), STELLION_OK, &err);
    find_subscription(purchase.client);
    assert_true(fail_each(plan_only, &purchase, false) > 20);
    approve_with_each_failing(&purchase);
    stellion_close(purchase.client);
    snprintf(command, sizeof command, "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_opens_calls_and_closes),
        cmocka_unit_test(a_client_survives),
        cmocka_unit_test(descriptions_need_memory_too),
        cmocka_unit_test(a_write_that_was_sent_is_never_called_unsent),
        cmocka_unit_test(a_refresh_leaves_a_good_token_or_says_that_it_may_be_lost),
        cmocka_unit_test(a_store_is_left_whole),
    };
    remote_start(&remote, NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remote_stop(&remote);
    return failed;
}
