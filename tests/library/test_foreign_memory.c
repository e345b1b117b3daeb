/* No memory for the libraries that we stand on: each allocation of the whole process fails in turn,
 * those of libcurl, json-c, SQLite and the C library included. Nothing crashes; what comes is whole
 * or is an error; and everything works again afterwards. (Not under the sanitizers, which have
 * allocators of their own.) */
#include "../unit/test.h"
#include "hub/hub.h"
#include "world.h"

#include <errno.h>
#include <unistd.h>

static struct remote remote;
static char whole[65536]; /* the answer, when nothing fails */

static _Thread_local struct {
    bool is_on;
    long at, n; /* the n-th fails */
} fate;

static bool fails(void)
{
    if (!fate.is_on || ++fate.n != fate.at)
        return false;
    errno = ENOMEM;
    return true;
}

/* In front of glibc's, for all that is loaded. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *block, size_t size);
__attribute__((visibility("default"))) void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}
__attribute__((visibility("default"))) void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : __libc_calloc(n, size);
}
__attribute__((visibility("default"))) void *realloc(void *block, size_t size)
{
    return fails() ? NULL : __libc_realloc(block, size);
}

/* json-c 0.16 takes a name that it could not copy for a text: it falls over, and nothing outside of
 * it can help (decision 13). */
struct json_tokener;
struct json_object;
struct json_object *__real_json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
                                                 int len);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
                                                 int len);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text,
                                                 int len)
{
    bool was_on = fate.is_on;
    fate.is_on = false;
    struct json_object *root = __real_json_tokener_parse_ex(tokener, text, len);
    fate.is_on = was_on;
    return root;
}

/* The request id differs from answer to answer. */
static void assert_whole(const char *body)
{
    const char *data = strstr(body, "\"data\"");
    assert_non_null(data);
    if (whole[0] == '\0')
        snprintf(whole, sizeof whole, "%s", data);
    assert_string_equal(data, whole);
}

static enum stellion_status open_call_close(const struct stellion_options *options,
                                            struct stellion_error *err)
{
    stellion_client *client;
    stellion_answer *answer;
    enum stellion_status s = stellion_open(options, &client, err);
    if (s != STELLION_OK)
        return s;
    s = stellion_call(client, "stellr.customer.list", NULL, &answer, err);
    bool was_on = fate.is_on;
    fate.is_on = false; /* the test's own */
    if (s == STELLION_OK) {
        assert_whole(stellion_answer_body(answer));
        stellion_answer_free(answer);
    }
    fate.is_on = was_on;
    stellion_close(client);
    return s;
}

/* What may be told when somebody else had no memory: never that something was refused or is not
 * there. */
static bool is_honest(enum stellion_status s)
{
    return s == STELLION_OK || s == STELLION_NO_MEMORY || s == STELLION_UNREACHABLE ||
           s == STELLION_REMOTE || s == STELLION_UNREADABLE || s == STELLION_STORE ||
           s == STELLION_INTERNAL;
}

static void fail_each(const struct stellion_options *options)
{
    struct stellion_error err;
    long n_failed = 0;
    assert_ends(open_call_close(options, &err), STELLION_OK, &err);
    for (fate.at = 1;; fate.at++) {
        fate.n = 0;
        fate.is_on = true;
        enum stellion_status s = open_call_close(options, &err);
        fate.is_on = false;
        if (!is_honest(s))
            print_error("allocation %ld: %s: %s\n", fate.at, stellion_status_name(s), err.text);
        assert_true(is_honest(s));
        n_failed += s != STELLION_OK;
        if (fate.n < fate.at)
            break;
    }
    assert_true(n_failed > 20);
    assert_ends(open_call_close(options, &err), STELLION_OK, &err);
}

static void credentials_and_calls(void **state)
{
    (void)state;
    struct stellion_options options = stellr_options(&remote);
    fail_each(&options);
}

static void stores(void **state)
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
    fail_each(&options);
    snprintf(command, sizeof command, "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credentials_and_calls),
        cmocka_unit_test(stores),
    };
    remote_start(&remote, NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remote_stop(&remote);
    return failed;
}
