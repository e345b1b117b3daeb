/* The C library against the simulator, as its header promises. */
#include "../unit/test.h"
#include "hub/buy.h"
#include "hub/hub.h"
#include "world.h"

#include <unistd.h>

static struct remote remote;
static struct stellion_error err;

static stellion_client *open_stellr(void)
{
    struct stellion_options options = stellr_options(&remote);
    stellion_client *client;
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    return client;
}

static void a_call_gives_the_answer_as_it_came(void **state)
{
    (void)state;
    stellion_client *client = open_stellr();
    stellion_answer *answer;
    assert_ends(stellion_call(client, "stellr.customer.list", NULL, &answer, &err), STELLION_OK,
                &err);
    assert_int_equal(stellion_answer_http_status(answer), 200);
    assert_int_equal(stellion_answer_bytes(answer), strlen(stellion_answer_body(answer)));
    assert_non_null(strstr(stellion_answer_body(answer), "\"customerNo\":700101"));
    assert_true(strlen(stellion_answer_request_id(answer)) > 0);
    assert_string_equal(err.text, "");
    stellion_answer_free(answer);
    stellion_close(client);
}

static void arguments_come_typed_or_as_json(void **state)
{
    (void)state;
    stellion_client *client = open_stellr();
    stellion_answer *typed, *json;
    struct stellion_argument one[] = { stellion_integer("customerNo", 700101),
                                       stellion_text("nothing", NULL) };
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    arguments.at = one;
    arguments.n = 2;
    assert_ends(stellion_call(client, "stellr.customer.get", &arguments, &typed, &err), STELLION_OK,
                &err);
    struct stellion_arguments text = STELLION_ARGUMENTS_INIT;
    text.json = " {\"customerNo\": 700101, \"nothing\": null}";
    assert_ends(stellion_call(client, "stellr.customer.get", &text, &json, &err), STELLION_OK,
                &err);
    assert_non_null(strstr(stellion_answer_body(typed), "700101"));
    assert_int_equal(stellion_answer_bytes(typed), stellion_answer_bytes(json));
    stellion_answer_free(json);
    text.json = "{\"customerNo\": \"999999999\"}"; /* the typed ones win */
    text.at = one;
    text.n = 1;
    assert_ends(stellion_call(client, "stellr.customer.get", &text, &json, &err), STELLION_OK,
                &err);
    stellion_answer_free(json);
    stellion_answer_free(typed);
    stellion_close(client);
}

static void an_error_says_all_that_is_known(void **state)
{
    (void)state;
    stellion_client *client = open_stellr();
    stellion_answer *answer = NULL;
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    arguments.json = "{\"customerNo\": 999999999}";
    assert_ends(stellion_call(client, "stellr.customer.get", &arguments, &answer, &err),
                STELLION_NOT_FOUND, &err);
    assert_int_equal(err.http_status, 404);
    assert_true(strlen(err.request_id) > 0);
    assert_true(strlen(err.remote_words) > 0);
    assert_non_null(strstr(err.text, err.remote_words));
    assert_null(answer);
    assert_string_equal(stellion_status_name(err.code), "not-found");
    /* nobody needs to look */
    assert_int_equal(stellion_call(client, "stellr.customer.get", &arguments, &answer, NULL),
                     STELLION_NOT_FOUND);
    stellion_close(client);
}

static void assert_refused(stellion_client *client, const char *action, const char *json,
                           const char *words)
{
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    stellion_answer *answer;
    arguments.json = json;
    assert_ends(stellion_call(client, action, &arguments, &answer, &err), STELLION_INVALID, &err);
    if (strstr(err.text, words) == NULL)
        print_error("%s\n", err.text);
    assert_non_null(strstr(err.text, words));
}

static void wrong_arguments_are_told_before_anything_is_sent(void **state)
{
    (void)state;
    stellion_client *client = open_stellr();
    stellion_answer *answer;
    int before = remote_count(&remote, "", 0);
    assert_refused(client, "stellr.customer.get", "{\"customerNr\": 1}", "customerNr");
    assert_refused(client, "stellr.customer.get", "{\"customerNr\": 1}", "customerNo");
    assert_refused(client, "stellr.customer.get", "[700101]", "a list");
    assert_refused(client, "stellr.customer.get", "{\"customerNo\":", "the arguments");
    assert_refused(client, "stellr.customer.get", "{\"customerNo\":1,\"customerNo\":2}", "twice");
    assert_refused(client, "ion.customer.list", NULL, "StreamOne Stellr");
    assert_ends(stellion_call(client, "stellr.customer.gett", NULL, &answer, &err),
                STELLION_NOT_FOUND, &err);
    assert_non_null(strstr(err.hint, "stellr.customer.get"));
    assert_ends(stellion_call(client, NULL, NULL, &answer, &err), STELLION_INVALID, &err);
    struct stellion_argument odd[] = { { "customerNo", (enum stellion_type)9, "1", 0 } };
    struct stellion_arguments arguments = { sizeof arguments, odd, 1, NULL, NULL };
    assert_ends(stellion_call(client, "stellr.customer.get", &arguments, &answer, &err),
                STELLION_INVALID, &err);
    arguments.size = 4;
    assert_ends(stellion_call(client, "stellr.customer.get", &arguments, &answer, &err),
                STELLION_INVALID, &err);
    assert_int_equal(remote_count(&remote, "", 0), before);
    stellion_close(client);
}

static void pages_give_every_record_once(void **state)
{
    (void)state;
    stellion_client *client = open_stellr();
    stellion_pages *pages;
    const char *record;
    char last[64] = "";
    int n = 0;
    struct stellion_argument size[] = { stellion_integer("pageSize", 3) };
    struct stellion_arguments arguments = { sizeof arguments, size, 1, NULL, NULL };
    assert_ends(stellion_pages_open(client, "stellr.customer.list", &arguments, &pages, &err),
                STELLION_OK, &err);
    size[0] = stellion_text("gone", "the walk has its own copy");
    while (stellion_pages_next(pages, &record, &err) == STELLION_OK && record != NULL) {
        assert_int_equal(record[0], '{');
        assert_int_equal(record[strlen(record) - 1], '}');
        assert_string_not_equal(record, last);
        snprintf(last, sizeof last, "%.60s", record);
        n++;
        assert_int_equal(stellion_pages_complete(pages), n == 8);
    }
    assert_ends(err.code, STELLION_OK, &err);
    assert_int_equal(n, 8);
    assert_int_equal(stellion_pages_count(pages), 8);
    assert_int_equal(stellion_pages_total(pages), 8);
    assert_int_equal(stellion_pages_number(pages), 3);
    assert_true(stellion_pages_complete(pages));
    assert_ends(stellion_pages_next(pages, &record, &err), STELLION_OK, &err); /* and stays so */
    assert_null(record);
    stellion_pages_close(pages);
    assert_ends(stellion_pages_open(client, "stellr.customer.get", NULL, &pages, &err),
                STELLION_INVALID, &err);
    stellion_close(client);
}

static void nothing_that_costs_money_is_called(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "{\"method\": \"POST\", \"path\": \"/api/v1/cloud/customers/700101/subscriptions\"}",
        "{\"method\": \"PUT\", \"path\": \"/whatever\"}",
    };
    stellion_client *client = open_stellr();
    stellion_answer *answer;
    int before = remote_count(&remote, "P", 0);
    for (size_t i = 0; i < 2; i++) {
        struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
        arguments.json = requests[i];
        arguments.body = "{}";
        assert_ends(stellion_call(client, "stellr.request", &arguments, &answer, &err),
                    STELLION_RULE, &err);
        assert_non_null(strstr(err.hint, "data_directory"));
    }
    assert_int_equal(remote_count(&remote, "P", 0), before);
    stellion_close(client);
}

static void ion_saves_before_it_sends_and_before_it_answers(void **state)
{
    (void)state;
    static struct shelf shelf;
    struct stellion_token_keeper keeper = shelf_keeper(&shelf);
    struct stellion_options options = ion_options(&remote, &keeper);
    stellion_client *client;
    stellion_answer *answer;
    shelf = (struct shelf){ .fail_from = 1, .fail_to = 1 };
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    int before = remote_count(&remote, "POST /ion/oauth/token", 0);
    assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err), STELLION_STORE,
                &err);
    assert_int_equal(remote_count(&remote, "POST /ion/oauth/token", 0), before); /* not sent */
    /* the attempt can be saved, what comes cannot, twice: the token is held, not used */
    shelf.n_saves = 0;
    shelf.fail_from = 2;
    shelf.fail_to = 3;
    int asked = remote_count(&remote, "GET ", 0);
    assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err), STELLION_STORE,
                &err);
    assert_non_null(strstr(err.hint, "holds it"));
    assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err), STELLION_STORE,
                &err);
    assert_int_equal(remote_count(&remote, "GET ", 0), asked);
    assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err), STELLION_OK, &err);
    stellion_answer_free(answer);
    assert_int_equal(remote_count(&remote, "POST /ion/oauth/token", 0), before + 1);
    assert_false(shelf.is_locked);
    stellion_close(client);
    /* another client goes on from what was saved, without using up a token */
    options.refresh_token = NULL;
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err), STELLION_OK, &err);
    stellion_answer_free(answer);
    stellion_close(client);
    assert_int_equal(remote_count(&remote, "POST /ion/oauth/token", 0), before + 1);
}

/* Continues with what the test before left on its shelf. */
static void a_token_that_was_used_elsewhere_is_told(void **state)
{
    (void)state;
    static struct shelf shelf;
    struct stellion_token_keeper keeper = shelf_keeper(&shelf);
    struct stellion_options options = ion_options(&remote, &keeper); /* the first one: used up */
    stellion_client *client;
    stellion_answer *answer;
    keeper.load = NULL;
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err),
                STELLION_CREDENTIALS, &err);
    assert_non_null(strstr(err.hint, "Ion portal"));
    assert_null(strstr(err.hint, "stellion connect"));
    assert_null(strstr(shelf.text, "unclear_at")); /* refused is clear */
    stellion_close(client);
}

static void damaged_texts_and_failing_callbacks_send_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = { "{", "{\"stellion\":1}", "{\"stellion\":9}", "" };
    static const enum stellion_status wanted[] = { STELLION_STORE, STELLION_STORE,
                                                   STELLION_STORE_VERSION, STELLION_CREDENTIALS };
    static struct shelf shelf;
    int before = remote_count(&remote, "POST /ion/oauth/token", 0);
    for (size_t i = 0; i < 4; i++) {
        struct stellion_token_keeper keeper = shelf_keeper(&shelf);
        struct stellion_options options = ion_options(&remote, &keeper);
        stellion_client *client;
        stellion_answer *answer;
        options.refresh_token = NULL;
        strcpy(shelf.text, texts[i]);
        assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
        assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err), wanted[i],
                    &err);
        shelf.fails_to_load = true;
        assert_ends(stellion_call(client, "ion.customer.list", NULL, &answer, &err), STELLION_STORE,
                    &err);
        shelf.fails_to_load = false;
        stellion_close(client);
    }
    assert_int_equal(remote_count(&remote, "POST /ion/oauth/token", 0), before);
}

static void assert_not_opened(const struct stellion_options *options, const char *words)
{
    stellion_client *client = NULL;
    assert_ends(stellion_open(options, &client, &err), STELLION_INVALID, &err);
    if (strstr(err.text, words) == NULL && strstr(err.hint, words) == NULL)
        print_error("%s (%s)\n", err.text, err.hint);
    assert_true(strstr(err.text, words) != NULL || strstr(err.hint, words) != NULL);
    assert_null(client);
}

static void wrong_options_are_told(void **state)
{
    (void)state;
    static struct shelf shelf;
    struct stellion_token_keeper keeper = shelf_keeper(&shelf);
    struct stellion_options o = STELLION_OPTIONS_INIT;
    assert_not_opened(NULL, "options");
    assert_not_opened(&o, "marketplace");
    o.marketplace = "amazon";
    assert_not_opened(&o, "stellr and ion");
    o.marketplace = "stellr";
    assert_not_opened(&o, "us, ");
    o.region = "us";
    assert_not_opened(&o, "client_id");
    o.base_url = "http://example.com";
    assert_not_opened(&o, "http");
    o.data_directory = "/tmp";
    assert_not_opened(&o, "not both");
    o = ion_options(&remote, NULL);
    assert_not_opened(&o, "keeper");
    keeper.save = NULL;
    o.keeper = &keeper;
    assert_not_opened(&o, "save");
    keeper = shelf_keeper(&shelf);
    keeper.unlock = NULL;
    assert_not_opened(&o, "together");
    o.account_id = "ours";
    assert_not_opened(&o, "account_id");
    o.size = 8;
    assert_not_opened(&o, "_INIT");
}

static void a_client_that_was_cancelled_asks_no_more(void **state)
{
    (void)state;
    stellion_client *client = open_stellr();
    stellion_answer *answer;
    stellion_cancel(client);
    assert_ends(stellion_call(client, "stellr.customer.list", NULL, &answer, &err),
                STELLION_CANCELLED, &err);
    stellion_close(client);
    stellion_close(NULL);
    stellion_answer_free(NULL);
    stellion_pages_close(NULL);
}

/* The command line's `connect`, from the core. */
static void connect_store(const char *directory, const char *name)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct connect_request request = {
        .connector = &connector_stellr,
        .name = str_of(name),
        .client_id = STR("sim-client"),
        .secret = secret_new(&a, STR("sim-secret-7f3a9c")),
        .base_url = str_of(remote.stellr_url),
    };
    struct connect_result result;
    struct error error;
    struct hub *hub;
    assert_ok(hub_open(directory, clock_real(), NULL, &hub, &error), &error);
    assert_ok(hub_connect(hub, &a, &request, &result, &error), &error);
    hub_close(hub);
}

static void a_store_holds_the_credentials(void **state)
{
    (void)state;
    char directory[] = "/tmp/stellion-library-XXXXXX", command[64];
    struct stellion_options options = STELLION_OPTIONS_INIT;
    stellion_client *client;
    stellion_answer *answer;
    assert_non_null(mkdtemp(directory));
    options.data_directory = directory;
    assert_ends(stellion_open(&options, &client, &err), STELLION_NOT_FOUND, &err);
    connect_store(directory, "one");
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    assert_ends(stellion_call(client, "stellr.customer.list", NULL, &answer, &err), STELLION_OK,
                &err);
    stellion_answer_free(answer);
    stellion_close(client);
    connect_store(directory, "two");
    assert_ends(stellion_open(&options, &client, &err), STELLION_INVALID, &err);
    options.connection = "two";
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    stellion_close(client);
    snprintf(command, sizeof command, "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

static void what_is_read_only_is_not_changed(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    char directory[] = "/tmp/stellion-library-XXXXXX", command[64];
    struct stellion_options options = STELLION_OPTIONS_INIT;
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    stellion_client *client;
    stellion_answer *answer;
    struct error error;
    struct hub *hub;
    arguments.json =
        "{\"vendorId\": \"Microsoft\", \"accountType\": \"Reseller\", \"domain\": \"a.example\"}";
    assert_non_null(mkdtemp(directory));
    options.data_directory = directory;
    connect_store(directory, "one");
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    assert_ok(hub_open(directory, clock_real(), NULL, &hub, &error), &error);
    assert_ok(hub_set_buying(hub, &a, STR("one"), false, &error), &error);
    int before = remote_count(&remote, "POST /stellr/api", 0);
    assert_ends(stellion_call(client, "stellr.vendor-account.upsert", &arguments, &answer, &err),
                STELLION_RULE, &err);
    assert_non_null(strstr(err.text, "read-only"));
    assert_non_null(strstr(err.hint, "policy buying on"));
    assert_int_equal(remote_count(&remote, "POST /stellr/api", 0), before);
    assert_ends(stellion_call(client, "stellr.customer.list", NULL, &answer, &err), STELLION_OK,
                &err);
    stellion_answer_free(answer);
    assert_ok(hub_set_buying(hub, &a, STR("one"), true, &error), &error);
    assert_ends(stellion_call(client, "stellr.vendor-account.upsert", &arguments, &answer, &err),
                STELLION_OK, &err);
    stellion_answer_free(answer);
    assert_int_equal(remote_count(&remote, "POST /stellr/api", 0), before + 1);
    hub_close(hub);
    stellion_close(client);
    snprintf(command, sizeof command, "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

static void every_action_is_described(void **state)
{
    (void)state;
    size_t n = 0;
    for (const char *name; (name = stellion_action_name(n)) != NULL; n++) {
        stellion_answer *description;
        assert_ends(stellion_action_describe(NULL, name, &description, &err), STELLION_OK, &err);
        assert_non_null(strstr(stellion_answer_body(description), name));
        assert_int_equal(stellion_answer_http_status(description), 0);
        stellion_answer_free(description);
    }
    assert_true(n >= 60);
    stellion_answer *description;
    assert_ends(stellion_action_describe(NULL, "stellr.nothing", &description, &err),
                STELLION_NOT_FOUND, &err);
}

static void version_and_statuses_are_the_headers(void **state)
{
    (void)state;
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", STELLION_VERSION_MAJOR, STELLION_VERSION_MINOR,
             STELLION_VERSION_PATCH);
    assert_string_equal(stellion_version(), version);
    assert_string_equal(stellion_status_name(STELLION_STORE_VERSION), "version");
    assert_string_equal(stellion_status_name(STELLION_NO_MEMORY), "no-memory");
    assert_string_equal(stellion_status_name((enum stellion_status)99), "internal");
    for (int i = 0; i < STATUS_COUNT; i++) {
        const struct status_row *row = status_row((enum status)i);
        assert_string_equal(stellion_status_name((enum stellion_status)row->exit), row->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_gives_the_answer_as_it_came),
        cmocka_unit_test(arguments_come_typed_or_as_json),
        cmocka_unit_test(an_error_says_all_that_is_known),
        cmocka_unit_test(wrong_arguments_are_told_before_anything_is_sent),
        cmocka_unit_test(pages_give_every_record_once),
        cmocka_unit_test(nothing_that_costs_money_is_called),
        cmocka_unit_test(ion_saves_before_it_sends_and_before_it_answers),
        cmocka_unit_test(a_token_that_was_used_elsewhere_is_told),
        cmocka_unit_test(damaged_texts_and_failing_callbacks_send_nothing),
        cmocka_unit_test(wrong_options_are_told),
        cmocka_unit_test(a_client_that_was_cancelled_asks_no_more),
        cmocka_unit_test(a_store_holds_the_credentials),
        cmocka_unit_test(what_is_read_only_is_not_changed),
        cmocka_unit_test(every_action_is_described),
        cmocka_unit_test(version_and_statuses_are_the_headers),
    };
    remote_start(&remote, NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remote_stop(&remote);
    return failed;
}
