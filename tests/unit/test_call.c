/* Calling and paging, against scripted answers: every bad day of the way there and back. */
#include "client/judge.h"
#include "client/page.h"
#include "fake.h"
#include "test.h"

#define EMPTY_LIST "{\"requestId\":\"r-1\",\"data\":{\"total\":0,\"records\":[]}}"

static int set_up(void **state)
{
    struct fake_client *fake = calloc(1, sizeof *fake);
    fake_client_init(fake, &connector_stellr);
    *state = fake;
    return 0;
}

static int set_up_ion(void **state)
{
    struct fake_client *fake = calloc(1, sizeof *fake);
    fake_client_init(fake, &connector_ion);
    fake->vault.generation = 1;
    strcpy(fake->vault.refresh, "first");
    fake->vault.born_ms = fake->clock.at_ms;
    *state = fake;
    return 0;
}

static int tear_down(void **state)
{
    fake_client_release(*state);
    free(*state);
    return 0;
}

static enum status call_customers(struct fake_client *fake, struct wire_reply *reply,
                                  struct error *err)
{
    struct arguments none = { .n = 0 };
    return call_perform(&fake->call, &fake->arena, action_find(STR("stellr.customer.list")), &none,
                        reply, err);
}

static void a_call_brings_its_token_and_keeps_it(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    fake->transport.answers[0] = (struct fake_answer){ .http = 200, .body = EMPTY_LIST };
    assert_ok(call_customers(fake, &reply, &err), &err);
    assert_ok(call_customers(fake, &reply, &err), &err);
    assert_int_equal(fake->transport.n_token, 1);
    const struct fake_request *token = &fake->transport.requests[0];
    assert_string_equal(token->body,
                        "grant_type=client_credentials&client_id=id&client_secret=s3cr%26t");
    assert_true(token->once);
    assert_string_equal(fake->transport.requests[1].bearer, "access-1");
    assert_string_equal(fake->transport.requests[1].url,
                        "https://api.example/api/v1/cloud/customers?pageNo=1&pageSize=100");
    assert_false(fake->transport.requests[1].once);
    clock_manual_advance(&fake->clock, 7200 * 1000 - 60 * 1000); /* inside the skew of 120 s */
    assert_ok(call_customers(fake, &reply, &err), &err);
    assert_int_equal(fake->transport.n_token, 2);
}

static void a_rejected_token_is_renewed_once(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    fake->transport.answers[0] = (struct fake_answer){ .http = 401, .body = "{}" };
    fake->transport.answers[1] = (struct fake_answer){ .http = 200, .body = EMPTY_LIST };
    assert_ok(call_customers(fake, &reply, &err), &err);
    assert_int_equal(fake->transport.n_token, 2);
}

static void a_token_that_is_never_accepted_is_not_renewed_in_a_circle(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    fake->transport.answers[0] = (struct fake_answer){
        .http = 401,
        .body = "{\"requestId\":\"r-9\",\"data\":{\"errorCode\":\"UNAUTHORIZED\"}}",
    };
    assert_fails(call_customers(fake, &reply, &err), ST_CREDENTIALS, &err, "HTTP 401");
    assert_int_equal(fake->transport.n_token, 2);
    assert_string_equal(err.request_id, "r-9");
    assert_fails(call_customers(fake, &reply, &err), ST_CREDENTIALS, &err, "then refuses them");
    assert_true(fake->transport.n_token <= 3);
}

static void faults_of_the_way_are_tried_again_and_retry_after_is_obeyed(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    struct fake_answer *answers = fake->transport.answers;
    answers[0] = (struct fake_answer){ .http = 429, .body = "", .retry_after_ms = 7000 };
    answers[1] = (struct fake_answer){ .status = ST_UNKNOWN };
    answers[2] = (struct fake_answer){ .http = 503, .body = "<html>busy</html>" };
    answers[3] = (struct fake_answer){ .http = 200, .body = EMPTY_LIST };
    assert_ok(call_customers(fake, &reply, &err), &err);
    assert_int_equal(fake->transport.n_api, 4);
    assert_true(fake->clock.slept_ms >= 7000 + 2000 + 4000);
    assert_true(fake->clock.slept_ms < 20000);
}

static void tries_have_an_end_and_the_error_says_how_many(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    fake->transport.answers[0] = (struct fake_answer){ .http = 500, .body = "" };
    assert_fails(call_customers(fake, &reply, &err), ST_REMOTE, &err, "after 4 tries", "HTTP 500",
                 "an empty body", "Try again later");
    fake->transport.answers[fake->transport.n_api] = (struct fake_answer){ .status = ST_UNKNOWN };
    assert_fails(call_customers(fake, &reply, &err), ST_REMOTE, &err, "after 4 tries");
}

static void html_with_200_is_no_answer(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    fake->transport.answers[0] =
        (struct fake_answer){ .http = 200, .body = "<html>Sign in</html>" };
    assert_fails(call_customers(fake, &reply, &err), ST_UNREADABLE, &err, "an HTML page", "proxy");
}

static void refusals_are_told_in_the_remote_s_words_without_secrets(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    static const struct {
        int http;
        enum status status;
        const char *body, *why;
    } rows[] = {
        { 400, ST_INVALID,
          "{\"data\":{\"errorCode\":\"INVALID_PARAMETER\",\"errorMessage\":\"no\"}}",
          "INVALID_PARAMETER: \"no\"" },
        { 403, ST_FORBIDDEN, "{\"data\":{\"errorMessage\":\"not you\"}}", "permit" },
        { 404, ST_NOT_FOUND, "not JSON", "HTTP 404 with text" },
        { 409, ST_CONFLICT, "{}", "HTTP 409" },
        { 422, ST_RULE, "{\"message\":\"\\u001b[31mred\\u202e\"}", "\" [31mred \"" },
        { 302, ST_UNREADABLE, "", "Redirects are not followed" },
        { 418, ST_UNREADABLE, "", "HTTP 418" },
        { 400, ST_INVALID, "{\"message\":\"bad token access-1 given\"}", "bad token *** given" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        fake->transport.answers[fake->transport.n_api] =
            (struct fake_answer){ .http = rows[i].http, .body = rows[i].body };
        assert_fails(call_customers(fake, &reply, &err), rows[i].status, &err, rows[i].why);
        assert_null(strstr(err.text, "access-1"));
        assert_int_equal(err.http_status, rows[i].http);
    }
}

/* What writes, with a scripted answer to it. */
static enum status write_once(struct fake_client *fake, int http, const char *body,
                              struct error *err)
{
    struct arguments arguments = { .body = STR("{\"dateAgreed\":\"2026-07-31\"}") };
    struct wire_reply reply;
    assert_ok(arguments_set(&arguments, STR("customerNo"), STR("1"), err), err);
    assert_ok(arguments_set(&arguments, STR("agreementType"), STR("MCA"), err), err);
    fake->transport.answers[fake->transport.n_api] =
        (struct fake_answer){ .http = http, .body = body };
    return call_perform(&fake->call, &fake->arena, action_find(STR("stellr.agreement.accept")),
                        &arguments, &reply, err);
}

/* Once it is out, only the service's own "no" says that nothing was done. */
static void after_a_write_only_a_refusal_in_json_is_clear(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    static const struct {
        int http;
        const char *body;
        enum status status;
    } rows[] = {
        { 200, "{}", ST_OK },
        { 204, "", ST_OK },
        { 400, "{}", ST_INVALID },
        { 403, "{\"message\":\"no\"}", ST_FORBIDDEN },
        { 404, "{}", ST_NOT_FOUND },
        { 409, "{}", ST_CONFLICT },
        { 412, "{}", ST_RULE },
        { 422, "{}", ST_RULE },
        { 429, "{}", ST_RATE },
        { 200, "<html>Sign in</html>", ST_UNKNOWN },
        { 302, "", ST_UNKNOWN },
        { 400, "<html>Bad Request</html>", ST_UNKNOWN },
        { 401, "", ST_UNKNOWN },
        { 403, "blocked", ST_UNKNOWN },
        { 404, "<html>Not Found</html>", ST_UNKNOWN },
        { 404, "", ST_UNKNOWN },
        { 408, "{}", ST_UNKNOWN },
        { 413, "{}", ST_UNKNOWN },
        { 425, "{}", ST_UNKNOWN },
        { 429, "", ST_UNKNOWN },
        { 499, "{}", ST_UNKNOWN },
        { 500, "{}", ST_UNKNOWN },
        { 503, "{}", ST_UNKNOWN },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t n_before = fake->transport.n_api;
        enum status s = write_once(fake, rows[i].http, rows[i].body, &err);
        if (s != rows[i].status)
            print_error("HTTP %d, %s: %s\n", rows[i].http, rows[i].body, status_row(s)->name);
        assert_int_equal(s, rows[i].status);
        assert_int_equal(fake->transport.n_api, n_before + 1);
        if (s == ST_UNKNOWN)
            assert_non_null(strstr(err.text, "whether it was done is not known"));
    }
}

static void a_write_with_a_rejected_token_goes_out_again_once(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->transport.answers[1] = (struct fake_answer){ .http = 200, .body = "{}" };
    assert_ok(write_once(fake, 401, "{}", &err), &err);
    assert_int_equal(fake->transport.n_api, 2);
    assert_int_equal(fake->transport.n_token, 2);
    /* Whose 401 an empty one is, nobody knows: it is not sent again, but the token is new. */
    assert_fails(write_once(fake, 401, "", &err), ST_UNKNOWN, &err, "not known");
    assert_int_equal(fake->transport.n_api, 3);
    assert_ok(write_once(fake, 200, "{}", &err), &err);
    assert_int_equal(fake->transport.n_token, 3);
}

static void a_missing_api_key_is_told_before_anything_is_sent(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    const struct action *with_key = NULL;
    struct action_walk walk = { .only = &connector_ion };
    for (const struct action *x; with_key == NULL && (x = action_next(&walk)) != NULL;)
        if (x->scheme == WITH_BASIC)
            with_key = x;
    assert_non_null(with_key);
    assert_fails(call_check(&fake->call, with_key, &err), ST_CREDENTIALS, &err, "API key",
                 "--api-key");
    fake->client.basic_user = STR("key");
    assert_ok(call_check(&fake->call, with_key, &err), &err);
    assert_ok(call_check(&fake->call, action_find(STR("ion.customer.list")), &err), &err);
    assert_int_equal(fake->transport.n_requests, 0);
}

static void refused_credentials_say_what_to_check(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    fake->transport.token =
        (struct fake_answer){ .http = 401,
                              .body = "{\"error\":\"invalid_client\",\"error_description\":"
                                      "\"no s3cr&t here nor s3cr%26t\"}" };
    assert_fails(call_customers(fake, &reply, &err), ST_CREDENTIALS, &err, "connection test",
                 "no *** here nor ***", "10 minutes", "sandbox", "another region than us");
    assert_int_equal(fake->transport.n_token, 1);
    assert_int_equal(fake->transport.n_api, 0);
}

static void the_second_token_address_is_asked_only_where_the_first_is_absent(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct wire_reply reply;
    fake->tokens.settings.token_urls[1] = STR("https://sso2.example/token");
    fake->transport.token = (struct fake_answer){ .http = 404, .body = "<html/>" };
    assert_fails(call_customers(fake, &reply, &err), ST_NOT_FOUND, &err, "404");
    assert_int_equal(fake->transport.n_token, 2);
    assert_string_equal(fake->transport.requests[1].url, "https://sso2.example/token");
    fake->transport.token = (struct fake_answer){ .http = 400, .body = "{}" };
    assert_fails(call_customers(fake, &reply, &err), ST_CREDENTIALS, &err, "400");
    assert_int_equal(fake->transport.n_token, 3);
}

/* Pages */

static enum status walk_all(struct fake_client *fake, const char *action, struct page_walk *walk,
                            int64_t *records, struct error *err)
{
    struct arguments arguments = { .n = 0 };
    const struct action *row = action_find(str_of(action));
    if (action_param(row, STR("customerNo")) != NULL)
        TRY(arguments_set(&arguments, STR("customerNo"), STR("1"), err));
    TRY(pages_open(walk, &fake->call, row, &arguments, err));
    *records = 0;
    bool more = true;
    enum status s = ST_OK;
    while (s == ST_OK && more) {
        struct page page = { .n_records = 0 };
        s = pages_next(walk, &fake->arena, &page, &more, err);
        if (s == ST_OK && more)
            *records += (int64_t)page.n_records;
    }
    pages_close(walk);
    return s;
}

#define PAGE(total, records) "{\"data\":{\"total\":" #total ",\"records\":[" records "]}}"

static void numbered_pages_go_on_until_the_total(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct page_walk walk;
    int64_t records;
    struct fake_answer *answers = fake->transport.answers;
    answers[0] = (struct fake_answer){ .http = 200, .body = PAGE(5, "{\"a\":1},{\"a\":2}") };
    answers[1] = (struct fake_answer){ .http = 200, .body = PAGE(5, "{\"a\":3},{\"a\":4}") };
    answers[2] = (struct fake_answer){ .http = 200, .body = PAGE(5, "{\"a\":5}") };
    assert_ok(walk_all(fake, "stellr.subscription.list", &walk, &records, &err), &err);
    assert_int_equal(records, 5);
    assert_int_equal(fake->transport.n_api, 3);
    assert_non_null(strstr(fake->transport.requests[3].url, "pageNo=3&pageSize=100"));
    assert_true(pages_complete(&walk, 5));
    assert_false(pages_complete(&walk, 4)); /* one id came twice */
}

static void a_page_that_vanishes_leaves_the_list_incomplete(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct page_walk walk;
    int64_t records;
    fake->transport.answers[0] =
        (struct fake_answer){ .http = 200, .body = PAGE(5, "{\"a\":1},{\"a\":2}") };
    fake->transport.answers[1] = (struct fake_answer){ .http = 200, .body = PAGE(5, "") };
    assert_ok(walk_all(fake, "stellr.subscription.list", &walk, &records, &err), &err);
    assert_int_equal(records, 2);
    assert_false(pages_complete(&walk, 2));
}

static void a_total_that_moves_leaves_the_list_incomplete(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct page_walk walk;
    int64_t records;
    fake->transport.answers[0] =
        (struct fake_answer){ .http = 200, .body = PAGE(3, "{\"a\":1},{\"a\":2}") };
    fake->transport.answers[1] = (struct fake_answer){ .http = 200, .body = PAGE(4, "{\"a\":3}") };
    assert_ok(walk_all(fake, "stellr.subscription.list", &walk, &records, &err), &err);
    assert_false(pages_complete(&walk, 3));
}

static void a_page_that_repeats_stops_the_walk(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct page_walk walk;
    int64_t records;
    fake->transport.answers[0] =
        (struct fake_answer){ .http = 200, .body = PAGE(9, "{\"a\":1},{\"a\":2}") };
    assert_fails(walk_all(fake, "stellr.subscription.list", &walk, &records, &err), ST_UNREADABLE,
                 &err, "over again");
    assert_int_equal(fake->transport.n_api, 2);
}

static void other_envelopes_are_understood(void **state)
{
    struct fake_client *fake = *state;
    static const char *const bodies[] = {
        "{\"data\":{\"content\":[{\"a\":1}]}}",
        "{\"records\":[{\"a\":1}],\"total\":\"1\"}",
        "[{\"a\":1}]",
        "{\"data\":[{\"a\":1}]}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct error err;
        struct page_walk walk;
        int64_t records;
        fake->transport.answers[fake->transport.n_api] =
            (struct fake_answer){ .http = 200, .body = bodies[i] };
        assert_ok(walk_all(fake, "stellr.subscription.list", &walk, &records, &err), &err);
        assert_int_equal(records, 1);
    }
}

static void unknown_shapes_cut_bodies_and_hidden_errors_are_told(void **state)
{
    struct fake_client *fake = *state;
    static const struct {
        const char *body;
        enum status status;
        const char *why;
    } rows[] = {
        { "{\"data\":{\"rows\":[]}}", ST_UNREADABLE, "there is no list" },
        { "{\"data\":{\"total\":1,\"records\":[{\"a\":1}", ST_UNREADABLE, "ends too early" },
        { "{\"data\":{\"total\":1,\"records\":[{\"a\":1}]}} x", ST_UNREADABLE, "follows the JSON" },
        { "{\"data\":{\"total\":1,\"records\":{\"a\":1}}}", ST_UNREADABLE, "there is no list" },
        { "{\"data\":{\"errorCode\":\"X1\",\"errorMessage\":\"closed\"}}", ST_RULE, "closed" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        struct page_walk walk;
        int64_t records;
        fake->transport.answers[fake->transport.n_api] =
            (struct fake_answer){ .http = 200, .body = rows[i].body };
        assert_fails(walk_all(fake, "stellr.subscription.list", &walk, &records, &err),
                     rows[i].status, &err, rows[i].why);
    }
}

/* Ion 3.1 REAL: the vendor's SDK takes a list that is empty, or not there. */
static void an_empty_list_may_be_left_out_by_ion_and_by_nobody_else(void **state)
{
    struct fake_client *fake = *state;
    static const struct {
        const char *list, *body;
        enum status status;
    } rows[] = {
        { "ion.order.list", "{}", ST_OK },
        { "ion.order.list", "{\"orders\":null,\"nextPageToken\":\"\"}", ST_OK },
        { "ion.subscription.list", "{\"paginationResponse\":{\"totalSize\":0}}", ST_OK },
        { "ion.order.list", "{\"orders\":{}}", ST_UNREADABLE },
        { "ion.order.list", "{\"Orders\":[]}", ST_UNREADABLE },
        { "ion.order.list", "{\"status\":\"ok\"}", ST_UNREADABLE },
        { "ion.order.list", "null", ST_UNREADABLE },
        { "stellr.subscription.list", "{}", ST_UNREADABLE },
        { "stellr.subscription.list", "{\"data\":null}", ST_UNREADABLE },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        struct page_walk walk;
        int64_t records;
        fake->transport.answers[fake->transport.n_api] =
            (struct fake_answer){ .http = 200, .body = rows[i].body };
        enum status s = walk_all(fake, rows[i].list, &walk, &records, &err);
        if (s != rows[i].status)
            print_error("%s: %s\n", rows[i].list, rows[i].body);
        assert_int_equal(s, rows[i].status);
        assert_true(s != ST_OK || records == 0);
    }
}

static void token_pages_follow_the_token_and_stop_without_one(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct page_walk walk;
    int64_t records;
    struct fake_answer *answers = fake->transport.answers;
    answers[0] = (struct fake_answer){
        .http = 200, .body = "{\"customers\":[{\"a\":1}],\"nextPageToken\":\"M\\u0067==\"}"
    };
    answers[1] =
        (struct fake_answer){ .http = 200,
                              .body = "{\"customers\":[{\"a\":2}],\"nextPageToken\":\"\"}" };
    assert_ok(walk_all(fake, "ion.customer.list", &walk, &records, &err), &err);
    assert_int_equal(records, 2);
    assert_true(pages_complete(&walk, 2));
    assert_non_null(strstr(fake->transport.requests[2].url, "pageToken=Mg%3D%3D&pageSize=200"));
}

static void offset_pages_count_what_came(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct page_walk walk;
    int64_t records;
    struct fake_answer *answers = fake->transport.answers;
    answers[0] = (struct fake_answer){
        .http = 200,
        .body = "{\"items\":[{\"a\":1},{\"a\":2}],\"paginationResponse\":{\"totalSize\":3}}",
    };
    answers[1] = (struct fake_answer){
        .http = 200, .body = "{\"items\":[{\"a\":3}],\"paginationResponse\":{\"totalSize\":3}}"
    };
    assert_ok(walk_all(fake, "ion.subscription.list", &walk, &records, &err), &err);
    assert_int_equal(records, 3);
    assert_non_null(strstr(fake->transport.requests[2].url, "pagination.offset=2"));
    assert_true(pages_complete(&walk, 3));
}

int main(void)
{
    const struct CMUnitTest call_tests[] = {
        cmocka_unit_test_setup_teardown(a_call_brings_its_token_and_keeps_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_rejected_token_is_renewed_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_token_that_is_never_accepted_is_not_renewed_in_a_circle,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(faults_of_the_way_are_tried_again_and_retry_after_is_obeyed,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(tries_have_an_end_and_the_error_says_how_many, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(html_with_200_is_no_answer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals_are_told_in_the_remote_s_words_without_secrets,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_a_write_only_a_refusal_in_json_is_clear, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_write_with_a_rejected_token_goes_out_again_once, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_missing_api_key_is_told_before_anything_is_sent,
                                        set_up_ion, tear_down),
        cmocka_unit_test_setup_teardown(refused_credentials_say_what_to_check, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_second_token_address_is_asked_only_where_the_first_is_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbered_pages_go_on_until_the_total, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_that_vanishes_leaves_the_list_incomplete, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_total_that_moves_leaves_the_list_incomplete, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_page_that_repeats_stops_the_walk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_envelopes_are_understood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_shapes_cut_bodies_and_hidden_errors_are_told,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_list_may_be_left_out_by_ion_and_by_nobody_else,
                                        set_up_ion, tear_down),
        cmocka_unit_test_setup_teardown(token_pages_follow_the_token_and_stop_without_one,
                                        set_up_ion, tear_down),
        cmocka_unit_test_setup_teardown(offset_pages_count_what_came, set_up_ion, tear_down),
    };
    return RUN(call_tests);
}
