/* Giving up: releases on the way run, once, in order; without memory or with it. */
#include "base/arena.h"
#include "base/give_up.h"
#include "base/lock.h"
#include "test.h"

struct story {
    char told[64];
    size_t n;
    pthread_mutex_t lock;
    struct arena arena;
};

static void tell(struct story *story, char what)
{
    if (story->n + 1 < sizeof story->told)
        story->told[story->n++] = what;
}

struct scope {
    struct story *story;
    char name;
};

static void leave(struct scope *scope)
{
    tell(scope->story, scope->name);
}

static __attribute__((noinline)) void deepest(struct story *story)
{
    SCOPED(leave) struct scope scope = { story, 'c' };
    give_up(ST_NO_MEMORY, "nothing left");
}

static __attribute__((noinline)) void deeper(struct story *story)
{
    SCOPED(leave) struct scope first = { story, 'a' }, second = { story, 'b' };
    deepest(story);
    tell(story, '!'); /* nobody comes back here */
}

static void descend(void *context)
{
    deeper(context);
}

static void every_release_on_the_way_runs(void **state)
{
    (void)state;
    struct story story = { .n = 0 };
    struct error err;
    assert_int_equal(give_up_guard(descend, &story, &err), ST_NO_MEMORY);
    assert_string_equal(story.told, "cba");
    assert_string_equal(err.text, "nothing left");
}

static void inner(void *context)
{
    struct story *story = context;
    struct error err;
    SCOPED(leave) struct scope scope = { story, 'o' };
    assert_int_equal(give_up_guard(descend, story, &err), ST_NO_MEMORY);
    tell(story, '+');
    give_up(ST_INTERNAL, "again");
}

static void guards_nest(void **state)
{
    (void)state;
    struct story story = { .n = 0 };
    struct error err;
    assert_int_equal(give_up_guard(inner, &story, &err), ST_INTERNAL);
    assert_string_equal(story.told, "cba+o");
}

static void relapse(struct scope *scope)
{
    tell(scope->story, scope->name);
    give_up(ST_INTERNAL, "the release gave up as well");
}

static void give_up_twice(void *context)
{
    SCOPED(leave) struct scope outer = { context, '1' };
    SCOPED(relapse) struct scope scope = { context, '2' };
    give_up(ST_NO_MEMORY, "first");
}

static void protected(struct scope *scope)
{
    struct error ignored;
    (void)give_up_guard(descend, scope->story, &ignored);
    tell(scope->story, scope->name);
}

static void release_under_guard(void *context)
{
    SCOPED(leave) struct scope outer = { context, '1' };
    SCOPED(protected) struct scope scope = { context, '2' };
    give_up(ST_NO_MEMORY, "first");
}

static void a_release_may_give_up_in_a_guard_of_its_own(void **state)
{
    (void)state;
    struct story story = { .n = 0 };
    struct error err;
    assert_int_equal(give_up_guard(release_under_guard, &story, &err), ST_NO_MEMORY);
    assert_string_equal(story.told, "cba21");
}

static void a_release_that_gives_up_does_not_end_the_program(void **state)
{
    (void)state;
    struct story story = { .n = 0 };
    struct error err;
    assert_int_equal(give_up_guard(give_up_twice, &story, &err), ST_INTERNAL);
    assert_string_equal(story.told, "2"); /* the rest is lost, the program is not */
}

static void lock_and_want_too_much(void *context)
{
    struct story *story = context;
    SCOPED(lock_release) pthread_mutex_t *held = lock_take(&story->lock);
    SCOPED(arena_free) struct arena local = ARENA(0);
    (void)arena_text(&local, STR("freed with the frame"));
    (void)arena_text(&story->arena, STR("freed by its owner"));
    (void)arena_array(&story->arena, SIZE_MAX / 2, 16);
}

static void locks_and_arenas_are_let_go(void **state)
{
    (void)state;
    struct story story = { .lock = PTHREAD_MUTEX_INITIALIZER };
    struct error err;
    for (int i = 0; i < 3; i++)
        assert_int_equal(give_up_guard(lock_and_want_too_much, &story, &err), ST_NO_MEMORY);
    assert_int_equal(pthread_mutex_trylock(&story.lock), 0);
    (void)pthread_mutex_unlock(&story.lock);
    arena_free(&story.arena);
}

static void finish(void *context)
{
    tell(context, 'f');
}

static void without_a_fault_nothing_happens(void **state)
{
    (void)state;
    struct story story = { .n = 0 };
    struct error err;
    assert_int_equal(give_up_guard(finish, &story, &err), ST_OK);
    assert_string_equal(story.told, "f");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_release_on_the_way_runs),
        cmocka_unit_test(guards_nest),
        cmocka_unit_test(a_release_may_give_up_in_a_guard_of_its_own),
        cmocka_unit_test(a_release_that_gives_up_does_not_end_the_program),
        cmocka_unit_test(locks_and_arenas_are_let_go),
        cmocka_unit_test(without_a_fault_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
