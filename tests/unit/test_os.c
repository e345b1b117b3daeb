/* Files, locks, secrets: what must survive, and what must not be seen. */
#include "base/buf.h"
#include "base/os.h"
#include "base/secret.h"
#include "test.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/stellion-os-XXXXXX";

static const char *in_directory(struct arena *a, const char *name)
{
    return arena_printf(a, "%s/%s", directory, name);
}

static void files_are_written_whole_private_and_replaced_at_once(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const char *path = in_directory(&a, "file");
    assert_ok(os_write_file(path, STR("one"), &err), &err);
    assert_ok(os_write_file(path, STR("two"), &err), &err);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    struct str text;
    assert_ok(os_read_file(&a, path, 100, &text, &err), &err);
    assert_text(text, "two");
    assert_fails(os_read_file(&a, path, 2, &text, &err), ST_LIMIT, &err, path);
    assert_fails(os_create_file(path, STR("x"), &err), ST_CONFLICT, &err, "exists already");
    const char *const *names;
    size_t n_names;
    assert_ok(os_list_directory(&a, directory, "", &names, &n_names, &err), &err);
    assert_int_equal(n_names, 1); /* no temporary file was left */
    assert_fails(os_read_file(&a, in_directory(&a, "none"), 9, &text, &err), ST_NOT_FOUND, &err,
                 "none");
    assert_ok(os_remove_file(path, &err), &err);
    assert_ok(os_remove_file(path, &err), &err);
}

static void a_private_directory_is_closed_to_others(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const char *path = in_directory(&a, "deep/er");
    assert_ok(os_make_private_directory(path, &err), &err);
    assert_int_equal(chmod(path, 0755), 0);
    assert_ok(os_make_private_directory(path, &err), &err);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    assert_ok(os_write_file(in_directory(&a, "plain"), STR(""), &err), &err);
    assert_int_not_equal(os_make_private_directory(in_directory(&a, "plain/x"), &err), ST_OK);
}

static void locks_exclude_each_other(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const char *path = in_directory(&a, "lock");
    int first, second, third;
    assert_ok(os_lock(path, OS_LOCK_SHARED, &first, &err), &err);
    assert_ok(os_lock(path, OS_LOCK_SHARED, &second, &err), &err);
    assert_fails(os_lock(path, OS_LOCK_EXCLUSIVE, &third, &err), ST_BUSY, &err, "locked");
    os_unlock(second);
    assert_ok(os_lock_change(first, OS_LOCK_EXCLUSIVE, &err), &err);
    assert_fails(os_lock(path, OS_LOCK_SHARED, &third, &err), ST_BUSY, &err, "locked");
    os_unlock(first);
}

static void a_process_that_ended_is_known_to_be_gone(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct str mark = os_process_mark(&a), here = mark;
    (void)str_next(&here, ':', &(struct str){ 0 });
    (void)str_next(&here, ':', &(struct str){ 0 });
    const char *gone = arena_printf(&a, "999999999:1:%.*s", STR_PRINT(here));
    const char *other = arena_printf(&a, "1:1:%.*s", STR_PRINT(here)); /* has that number now */
    const char *elsewhere = arena_printf(&a, "999999999:1:%.*s1", STR_PRINT(here));
    assert_int_equal(os_process_life(mark), OS_ALIVE);
    assert_int_equal(os_process_life(str_of(gone)), OS_GONE);
    assert_int_equal(os_process_life(str_of(other)), OS_GONE);
    assert_int_equal(os_process_life(str_of(elsewhere)), OS_UNTOLD); /* another container's */
    assert_int_equal(os_process_life(STR("no mark")), OS_UNTOLD);
}

static void sealed_values_open_only_where_they_belong(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const struct seal_key *key = seal_key_make(&a), *other = seal_key_make(&a), *same;
    assert_ok(seal_key_read(&a, seal_key_text(&a, key), &same, &err), &err);
    const struct secret *secret = secret_new(&a, STR("hunter2")), *back = NULL;
    struct str sealed = seal(&a, key, STR("connection/1/token"), secret);
    assert_null(memmem(sealed.at, sealed.len, "hunter2", 7));
    assert_ok(seal_open(&a, same, STR("connection/1/token"), sealed, &back, &err), &err);
    assert_true(secret_equal(secret, back));
    back = NULL;
    assert_fails(seal_open(&a, key, STR("connection/2/token"), sealed, &back, &err), ST_KEY, &err,
                 "moved here");
    assert_fails(seal_open(&a, other, STR("connection/1/token"), sealed, &back, &err), ST_KEY, &err,
                 "another key");
    assert_fails(seal_open(&a, key, STR("connection/1/token"), STR("short"), &back, &err), ST_KEY,
                 &err, "damaged");
    char *flipped = arena_text(&a, sealed);
    flipped[sealed.len - 1] = (char)(flipped[sealed.len - 1] ^ 1);
    assert_fails(seal_open(&a, key, STR("connection/1/token"), (struct str){ flipped, sealed.len },
                           &back, &err),
                 ST_KEY, &err, "damaged");
    assert_null(back);
    assert_fails(seal_key_read(&a, STR("0123"), &same, &err), ST_KEY, &err, "64 hexadecimal");
    assert_true(secret_is_empty(NULL));
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", directory);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest os_tests[] = {
        cmocka_unit_test(files_are_written_whole_private_and_replaced_at_once),
        cmocka_unit_test(a_private_directory_is_closed_to_others),
        cmocka_unit_test(locks_exclude_each_other),
        cmocka_unit_test(a_process_that_ended_is_known_to_be_gone),
        cmocka_unit_test(sealed_values_open_only_where_they_belong),
    };
    return cmocka_run_group_tests_name("os_tests", os_tests, make_directory, remove_directory);
}
