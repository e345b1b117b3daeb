/* The Ion refresh, step by step, with every way that a step can end. */
#include "fake.h"
#include "test.h"

#define DAY_MS INT64_C(86400000)

static int set_up(void **state)
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

static enum status get(struct fake_client *fake, struct error *err)
{
    return token_get(&fake->tokens, &fake->transport.transport, &fake->arena,
                     &fake->call.token_number, &fake->call.token, err);
}

static const struct fake_request *last_request(const struct fake_client *fake)
{
    return &fake->transport.requests[fake->transport.n_requests - 1];
}

static void a_refresh_keeps_the_next_token_before_the_access_token_is_used(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    assert_ok(get(fake, &err), &err);
    assert_string_equal(last_request(fake)->body, "grant_type=refresh_token&refresh_token=first");
    assert_true(last_request(fake)->once);
    assert_int_equal(fake->vault.generation, 2);
    assert_string_equal(fake->vault.refresh, "next");
    assert_int_equal(fake->vault.attempts[0].outcome, ATTEMPT_ANSWERED);
    assert_int_equal(fake->vault.lease_until_ms, 0);
    assert_ok(get(fake, &err), &err);
    assert_int_equal(fake->transport.n_token, 1);
}

static void a_token_in_the_vault_is_used_without_asking(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    strcpy(fake->vault.access, "kept");
    fake->vault.access_times = (struct access_token){ .born_ms = fake->clock.at_ms - 1000,
                                                      .expires_ms = fake->clock.at_ms + 3600000 };
    assert_ok(get(fake, &err), &err);
    assert_text(secret_reveal(fake->call.token), "kept");
    assert_int_equal(fake->transport.n_token, 0);
}

static void nothing_is_sent_when_the_attempt_cannot_be_written(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.fail_attempt = ST_FULL;
    assert_fails(get(fake, &err), ST_FULL, &err, "cannot be written");
    assert_int_equal(fake->transport.n_token, 0);
    assert_int_equal(fake->vault.lease_until_ms, 0);
}

static void a_store_that_fails_after_the_answer_leaves_a_rescue_file(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.fail_keep = ST_FULL;
    assert_ok(get(fake, &err), &err);
    assert_string_equal(fake->vault.rescued, "next");
    assert_text(secret_reveal(fake->call.token), "access-1");
}

static void losing_both_store_and_rescue_is_said_aloud(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.fail_keep = fake->vault.fail_rescue = ST_FULL;
    assert_fails(get(fake, &err), ST_FULL, &err, "neither in the store nor in a rescue file",
                 "Request New Credentials");
}

static void without_an_answer_the_token_is_tried_once_more_after_the_lease(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct fake_answer good = fake->transport.token;
    fake->transport.token = (struct fake_answer){ .status = ST_UNKNOWN };
    assert_fails(get(fake, &err), ST_UNKNOWN, &err, "connection test", "tried once more");
    assert_int_equal(fake->vault.attempts[0].outcome, ATTEMPT_UNKNOWN);
    fake->transport.token = good;
    int64_t before = fake->clock.at_ms;
    assert_ok(get(fake, &err), &err);
    assert_true(fake->clock.at_ms - before >= LIMIT_TOKEN_LEASE_MS - 1000);
    assert_non_null(strstr(fake->told, "Waiting up to"));
    assert_string_equal(last_request(fake)->body, "grant_type=refresh_token&refresh_token=first");
    assert_int_equal(fake->vault.generation, 2);
}

static void an_attempt_that_a_crash_left_open_counts_as_unanswered(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.attempts[0] = (struct fake_attempt){ 1, fake->clock.at_ms - 10000, ATTEMPT_OPEN };
    fake->vault.n_attempts = 1;
    fake->transport.token =
        (struct fake_answer){ .http = 400,
                              .body = "{\"error\":\"cannot validate token: redis: "
                                      "nil\"}" };
    assert_fails(get(fake, &err), ST_TOKEN_LOST, &err, "no clear answer came back",
                 "stellion connect ion --name test");
    assert_true(fake->clock.slept_ms >= LIMIT_TOKEN_LEASE_MS - 11000);
}

static void only_a_refusal_tells_that_a_token_is_lost(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct fake_answer good = fake->transport.token;
    fake->transport.token = (struct fake_answer){ .status = ST_UNKNOWN };
    for (int i = 0; i < 3; i++)
        assert_fails(get(fake, &err), ST_UNKNOWN, &err, "");
    assert_true(fake->clock.slept_ms >= 2 * (LIMIT_TOKEN_LEASE_MS - 1000));
    fake->transport.token = good;
    assert_ok(get(fake, &err), &err);
    assert_int_equal(fake->vault.generation, 2);
}

static void a_clock_that_was_set_back_makes_nobody_wait_for_days(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.attempts[0] =
        (struct fake_attempt){ 1, fake->clock.at_ms + 86400000, ATTEMPT_UNKNOWN };
    fake->vault.n_attempts = 1;
    int64_t before = fake->clock.at_ms;
    assert_ok(get(fake, &err), &err);
    assert_true(fake->clock.at_ms - before <= 3 * LIMIT_TOKEN_LEASE_MS);
}

static void a_successor_without_a_useful_access_token_is_kept(void **state)
{
    static const char *const bodies[] = {
        "{\"refresh_token\":\"second\"}",
        "{\"access_token\":\"a\\nb\",\"refresh_token\":\"second\"}",
    };
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        struct fake_client *fake = *state;
        struct error err;
        fake->vault.generation = 1;
        fake->transport.token = (struct fake_answer){ .http = 200, .body = bodies[i] };
        assert_fails(get(fake, &err), ST_UNREADABLE, &err, "access_token");
        assert_int_equal(fake->vault.generation, 2);
        assert_string_equal(fake->vault.refresh, "second");
    }
}

static void a_stop_before_sending_sends_nothing(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    static const atomic_bool stopped = true;
    fake->tokens.cancelled = &stopped;
    assert_fails(get(fake, &err), ST_CANCELLED, &err, "stopped");
    assert_int_equal(fake->transport.n_token, 0);
    assert_int_equal(fake->vault.n_attempts, 0);
}

static void what_never_left_this_machine_costs_nothing(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->transport.token = (struct fake_answer){ .status = ST_UNREACHABLE };
    for (int i = 0; i < 5; i++)
        assert_fails(get(fake, &err), ST_UNREACHABLE, &err, "connection test");
    assert_int_equal(fake->vault.attempts[4].outcome, ATTEMPT_NOT_SENT);
    assert_int_equal(fake->clock.slept_ms, 0);
}

static void an_outage_of_the_service_does_not_lose_the_token(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    struct fake_answer good = fake->transport.token;
    fake->transport.token = (struct fake_answer){ .http = 503, .body = "<html>down</html>" };
    for (int i = 0; i < 4; i++)
        assert_fails(get(fake, &err), ST_UNKNOWN, &err, "503");
    fake->transport.token = good;
    assert_ok(get(fake, &err), &err);
    assert_int_equal(fake->vault.generation, 2);
}

static void a_refused_token_is_explained_by_its_age(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->transport.token =
        (struct fake_answer){ .http = 400, .body = "{\"error\":\"cannot validate token\"}" };
    assert_fails(get(fake, &err), ST_CREDENTIALS, &err, "was refused", "It works once",
                 "Request New Credentials");
    clock_manual_advance(&fake->clock, 33 * DAY_MS);
    assert_fails(get(fake, &err), ST_CREDENTIALS, &err, "not used for 33 days and lives for 32");
    assert_int_equal(fake->vault.attempts[0].outcome, ATTEMPT_REFUSED);
}

static void another_process_at_it_is_waited_for_and_its_token_used(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    int64_t until = fake->vault.lease_until_ms = fake->clock.at_ms + 5000;
    fake->vault.theirs_after = 3;
    assert_ok(get(fake, &err), &err);
    assert_text(secret_reveal(fake->call.token), "theirs");
    assert_int_equal(fake->transport.n_token, 0);
    assert_int_equal(fake->vault.lease_until_ms, until); /* not ours to give back */
}

/* It was done in the moment between looking and taking the lease. */
static void a_token_kept_a_moment_ago_spares_a_refresh(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.theirs_after = 1;
    assert_ok(get(fake, &err), &err);
    assert_text(secret_reveal(fake->call.token), "theirs");
    assert_int_equal(fake->transport.n_token, 0);
    assert_int_equal(fake->vault.lease_until_ms, 0);
}

/* An attempt that is open under somebody's lease is under way, and not unclear. */
static void an_attempt_of_a_living_process_is_not_waited_for_as_if_it_had_died(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.lease_until_ms = fake->clock.at_ms + 100000;
    fake->vault.attempts[0] = (struct fake_attempt){ 1, fake->clock.at_ms, ATTEMPT_OPEN };
    fake->vault.n_attempts = 1;
    fake->vault.theirs_after = 4;
    int64_t before = fake->clock.at_ms;
    assert_ok(get(fake, &err), &err);
    assert_text(secret_reveal(fake->call.token), "theirs");
    assert_true(fake->clock.at_ms - before < 5000);
}

static void a_lease_that_ends_is_taken_over(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.lease_until_ms = fake->clock.at_ms + 5000;
    assert_ok(get(fake, &err), &err);
    assert_int_equal(fake->vault.generation, 2);
    assert_non_null(strstr(fake->told, "Another process"));
}

static void an_answer_without_tokens_is_unclear(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    static const char *const bodies[] = { "{}",
                                          "{\"access_token\":\"a\"}",
                                          "[]",
                                          "{\"access_token\":7,\"refresh_token\":8}",
                                          "<html/>",
                                          "",
                                          "{\"access_token\":\"a\",\"refresh_tok" };
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        fake->transport.token = (struct fake_answer){ .http = 200, .body = bodies[i] };
        assert_fails(get(fake, &err), ST_UNKNOWN, &err, "token");
        assert_int_equal(fake->vault.attempts[i].outcome, ATTEMPT_FAILED);
        assert_null(strstr(err.text, "refresh_tok\""));
    }
}

static void old_tokens_are_refreshed_before_they_die_of_disuse(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    assert_ok(token_keep_alive(&fake->tokens, &fake->transport.transport, 7 * DAY_MS, &err), &err);
    assert_int_equal(fake->transport.n_token, 0);
    clock_manual_advance(&fake->clock, 8 * DAY_MS);
    assert_ok(token_keep_alive(&fake->tokens, &fake->transport.transport, 7 * DAY_MS, &err), &err);
    assert_int_equal(fake->vault.generation, 2);
}

static void a_paused_vault_sends_nothing(void **state)
{
    struct fake_client *fake = *state;
    struct error err;
    fake->vault.fail_load = ST_PAUSED;
    assert_fails(get(fake, &err), ST_PAUSED, &err, "closed");
    assert_int_equal(fake->transport.n_token, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest token_tests[] = {
        T(a_refresh_keeps_the_next_token_before_the_access_token_is_used),
        T(a_token_in_the_vault_is_used_without_asking),
        T(nothing_is_sent_when_the_attempt_cannot_be_written),
        T(a_store_that_fails_after_the_answer_leaves_a_rescue_file),
        T(losing_both_store_and_rescue_is_said_aloud),
        T(without_an_answer_the_token_is_tried_once_more_after_the_lease),
        T(an_attempt_that_a_crash_left_open_counts_as_unanswered),
        T(only_a_refusal_tells_that_a_token_is_lost),
        T(a_clock_that_was_set_back_makes_nobody_wait_for_days),
        T(a_successor_without_a_useful_access_token_is_kept),
        T(a_stop_before_sending_sends_nothing),
        T(what_never_left_this_machine_costs_nothing),
        T(an_outage_of_the_service_does_not_lose_the_token),
        T(a_refused_token_is_explained_by_its_age),
        T(another_process_at_it_is_waited_for_and_its_token_used),
        T(a_token_kept_a_moment_ago_spares_a_refresh),
        T(an_attempt_of_a_living_process_is_not_waited_for_as_if_it_had_died),
        T(a_lease_that_ends_is_taken_over),
        T(an_answer_without_tokens_is_unclear),
        T(old_tokens_are_refreshed_before_they_die_of_disuse),
        T(a_paused_vault_sends_nothing),
    };
    return RUN(token_tests);
}
