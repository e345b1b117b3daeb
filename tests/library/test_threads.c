/* One client, many threads. The thread sanitizer looks on. */
#include "../unit/test.h"
#include "world.h"

#include <pthread.h>

#define THREADS 6
#define ROUNDS  5

static struct remote remote;

static void walk(stellion_client *client, const char *list)
{
    struct stellion_error err;
    stellion_pages *pages;
    const char *record = NULL;
    assert_ends(stellion_pages_open(client, list, NULL, &pages, &err), STELLION_OK, &err);
    do
        assert_ends(stellion_pages_next(pages, &record, &err), STELLION_OK, &err);
    while (record != NULL);
    assert_int_equal(stellion_pages_count(pages), 8);
    stellion_pages_close(pages);
}

struct work {
    stellion_client *client;
    const char *list;
};

static void *ask_and_walk(void *context)
{
    const struct work *work = context;
    struct stellion_error err;
    stellion_answer *answer;
    for (int i = 0; i < ROUNDS; i++) {
        assert_ends(stellion_call(work->client, work->list, NULL, &answer, &err), STELLION_OK,
                    &err);
        stellion_answer_free(answer);
        walk(work->client, work->list);
    }
    return NULL;
}

static void share(const struct stellion_options *options, const char *list)
{
    struct stellion_error err;
    struct work work = { .list = list };
    pthread_t threads[THREADS];
    assert_ends(stellion_open(options, &work.client, &err), STELLION_OK, &err);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_and_walk, &work), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    stellion_close(work.client);
}

static void threads_share_a_client_of_stellr(void **state)
{
    (void)state;
    struct stellion_options options = stellr_options(&remote);
    share(&options, "stellr.customer.list");
    assert_int_equal(remote_count(&remote, "POST /stellr", 0), 1); /* one token for all */
}

static void threads_share_a_client_of_ion(void **state)
{
    (void)state;
    static struct shelf shelf;
    struct stellion_token_keeper keeper = shelf_keeper(&shelf);
    struct stellion_options options = ion_options(&remote, &keeper);
    share(&options, "ion.customer.list");
    assert_int_equal(remote_count(&remote, "POST /ion/oauth/token", 0), 1);
    assert_int_equal(shelf.n_saves, 2);
}

static void *cancel_soon(void *context)
{
    const struct timespec soon = { .tv_nsec = 50000000 };
    nanosleep(&soon, NULL);
    stellion_cancel(context);
    return NULL;
}

static void another_thread_may_cancel(void **state)
{
    (void)state;
    struct stellion_options options = stellr_options(&remote);
    struct stellion_error err;
    enum stellion_status s = STELLION_OK;
    stellion_client *client;
    pthread_t thread;
    assert_ends(stellion_open(&options, &client, &err), STELLION_OK, &err);
    assert_int_equal(pthread_create(&thread, NULL, cancel_soon, client), 0);
    while (s == STELLION_OK) {
        stellion_answer *answer = NULL;
        s = stellion_call(client, "stellr.customer.list", NULL, &answer, &err);
        stellion_answer_free(answer);
    }
    assert_ends(s, STELLION_CANCELLED, &err);
    assert_int_equal(pthread_join(thread, NULL), 0);
    stellion_close(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_a_client_of_stellr),
        cmocka_unit_test(threads_share_a_client_of_ion),
        cmocka_unit_test(another_thread_may_cancel),
    };
    remote_start(&remote, NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remote_stop(&remote);
    return failed;
}
