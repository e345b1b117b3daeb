/* Text: views, buffers, arenas, UTF-8, maps, errors, the status rows. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text_map.h"
#include "base/utf8.h"
#include "test.h"

static void integers_are_the_whole_text_or_nothing(void **state)
{
    (void)state;
    int64_t n;
    assert_true(str_integer(STR("-9223372036854775808"), &n) && n == INT64_MIN);
    assert_true(str_integer(STR("9223372036854775807"), &n) && n == INT64_MAX);
    static const char *const wrong[] = {
        "", "-", "1 ", " 1", "1x", "+1", "9223372036854775808", "-9223372036854775809", "1.0"
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(str_integer(str_of(wrong[i]), &n));
}

static void splitting_keeps_empty_parts(void **state)
{
    (void)state;
    struct str rest = STR("a,,b,"), part;
    static const char *const wanted[] = { "a", "", "b", "" };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        assert_true(str_next(&rest, ',', &part));
        assert_text(part, wanted[i]);
    }
    assert_false(str_next(&rest, ',', &part));
}

static void a_buffer_stops_at_its_ceiling_and_says_so(void **state)
{
    (void)state;
    SCOPED(buf_release) struct buf b = BUF(10);
    struct error err;
    buf_add_text(&b, "12345");
    assert_ok(buf_status(&b, "the text", &err), &err);
    buf_add_text(&b, "678901");
    buf_add_text(&b, "6");
    assert_fails(buf_status(&b, "the text", &err), ST_LIMIT, &err, "the text", "10 bytes");
    assert_string_equal(b.at, "12345");
    buf_clear(&b);
    buf_printf(&b, "%d", 1234567890);
    assert_string_equal(b.at, "1234567890");
}

static int released;

static void release_one(void *object)
{
    assert_int_equal(*(int *)object, released);
    released++;
}

static void an_arena_releases_in_reverse_order(void **state)
{
    (void)state;
    struct arena a = ARENA(1000);
    static int first = 1, second = 0;
    released = 0;
    arena_defer(&a, release_one, &first);
    arena_defer(&a, release_one, &second);
    arena_free(&a);
    assert_int_equal(released, 2);
}

static void an_arena_gives_zeroed_aligned_memory_and_remembers_its_ceiling(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(10000);
    struct error err;
    for (size_t round = 0; round < 3; round++) {
        for (size_t bytes = 1; bytes < 60; bytes += 7) {
            unsigned char *at = arena_alloc(&a, bytes);
            assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < bytes; i++)
                assert_int_equal(at[i], 0);
            memset(at, 0xff, bytes);
        }
        assert_ok(arena_status(&a, "work", &err), &err);
        arena_reset(&a);
    }
    (void)arena_alloc(&a, 20000);
    assert_fails(arena_status(&a, "the page", &err), ST_LIMIT, &err, "the page");
}

static void utf8_is_checked_and_cut_at_characters(void **state)
{
    (void)state;
    assert_true(utf8_valid(STR("na\xc3\xafve \xe2\x82\xac \xf0\x9f\x98\x80")));
    static const char *const wrong[] = { "\xc0\x80",         "\xe0\x80\x80", "\xed\xa0\x80",
                                         "\xf4\x90\x80\x80", "\x80",         "\xc3",
                                         "\xe2\x82",         "a\xff" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(utf8_valid(str_of(wrong[i])));
    assert_text(utf8_prefix(STR("a\xe2\x82\xac"), 3), "a");
    char cut[] = "ab\xe2\x82";
    utf8_cut_tail(cut);
    assert_string_equal(cut, "ab");
    assert_int_equal(utf8_columns(0x4e2d), 2);
    assert_int_equal(utf8_columns(0x301), 0);
    assert_true(utf8_is_unprintable(0x1b) && utf8_is_unprintable(0x202e));
    assert_false(utf8_is_unprintable('a'));
}

static void a_map_keeps_the_first_value_of_each_key(void **state)
{
    (void)state;
    SCOPED(text_map_release) struct text_map map = TEXT_MAP;
    char key[32];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++) {
            snprintf(key, sizeof key, "id-%d", i);
            assert_int_equal(text_map_add(&map, str_of(key), (size_t)(i + round)), round == 0);
        }
    size_t value;
    assert_true(text_map_get(&map, STR("id-4999"), &value) && value == 4999);
    assert_false(text_map_get(&map, STR("id-5000"), &value));
    assert_int_equal(map.n_keys, 5000);
}

static void errors_gather_context_and_never_overflow(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(fail(&err, ST_RULE, "quantity %d is below 1", 0), ST_RULE);
    hint(&err, "Ask for more.");
    assert_int_equal(wrap(&err, ST_RULE, "updating subscription %s", "510_1"), ST_RULE);
    assert_string_equal(err.text, "updating subscription 510_1: quantity 0 is below 1");
    assert_string_equal(err.hint, "Ask for more.");
    for (int i = 0; i < 200; i++)
        wrap(&err, ST_RULE, "n\xc3\xa4her %d", i);
    assert_true(strlen(err.text) < sizeof err.text);
    assert_true(utf8_valid(str_of(err.text)));
}

static void every_status_has_its_own_name_and_exit_code(void **state)
{
    (void)state;
    for (int i = 0; i < STATUS_COUNT; i++) {
        const struct status_row *row = status_row((enum status)i);
        assert_int_equal(row->sentence[strlen(row->sentence) - 1], '.');
        assert_true(row->exit >= 0 && row->exit < 126);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(row->name, status_row((enum status)j)->name);
            assert_int_not_equal(row->exit, status_row((enum status)j)->exit);
        }
    }
    assert_int_equal(status_row((enum status)999)->exit, status_row(ST_INTERNAL)->exit);
}

static void ids_grow(void **state)
{
    (void)state;
    int64_t last = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t id = id_new(clock_real());
        assert_true(id > last);
        last = id;
    }
}

int main(void)
{
    const struct CMUnitTest text_tests[] = {
        cmocka_unit_test(integers_are_the_whole_text_or_nothing),
        cmocka_unit_test(splitting_keeps_empty_parts),
        cmocka_unit_test(a_buffer_stops_at_its_ceiling_and_says_so),
        cmocka_unit_test(an_arena_releases_in_reverse_order),
        cmocka_unit_test(an_arena_gives_zeroed_aligned_memory_and_remembers_its_ceiling),
        cmocka_unit_test(utf8_is_checked_and_cut_at_characters),
        cmocka_unit_test(a_map_keeps_the_first_value_of_each_key),
        cmocka_unit_test(errors_gather_context_and_never_overflow),
        cmocka_unit_test(every_status_has_its_own_name_and_exit_code),
        cmocka_unit_test(ids_grow),
    };
    return RUN(text_tests);
}
