/* Queries into an answer: what paths lead to, and what is said where one leads nowhere. */
#include "base/json_query.h"
#include "test.h"

#define DOCUMENT                                                                                   \
    "{\"data\": {\"total\": 2, \"records\": [\n"                                                   \
    "  {\"id\": 1.50, \"odd.name\": \"x\\u00e9\", \"tags\": [\"a\", \"b\"]},\n"                    \
    "  {\"id\": 12345678901234567890.0, \"tags\": []}]}, \"\\u006eote\": null, \"list\": []}"

static struct json_found found_at(struct arena *a, const char *path)
{
    struct error err;
    struct json_found found;
    assert_ok(json_query(a, STR(DOCUMENT), str_of(path), &found, &err), &err);
    return found;
}

static void one_place_gives_its_bytes(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    static const char *const pairs[][2] = {
        { "data.total", "2" },
        { ".data.total", "2" },
        { "data.records[0].id", "1.50" },
        { "data.records[1].id", "12345678901234567890.0" },
        { "data.records[-1].id", "12345678901234567890.0" },
        { "data.records[0].\"odd.name\"", "\"x\\u00e9\"" },
        { "data.records[0][\"odd.name\"]", "\"x\\u00e9\"" },
        { "[\"data\"].records[0].tags[1]", "\"b\"" },
        { "\"data\".total", "2" },
        { "note", "null" },
        { "list", "[]" },
    };
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        struct json_found found = found_at(&a, pairs[i][0]);
        assert_false(found.is_list);
        assert_int_equal(found.n, 1);
        assert_text(found.values[0], pairs[i][1]);
    }
    assert_text(found_at(&a, ".").values[0], DOCUMENT);
    assert_text(found_at(&a, "").values[0], DOCUMENT);
}

static void every_element_gives_a_list(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct json_found found = found_at(&a, "data.records[*].\"odd.name\"");
    assert_true(found.is_list);
    assert_int_equal(found.n, 2);
    assert_text(found.values[0], "\"x\\u00e9\"");
    assert_text(found.values[1], "null"); /* so that several queries stand side by side */
    found = found_at(&a, "data.records[].tags[*]");
    assert_int_equal(found.n, 2);
    assert_text(found.values[1], "\"b\"");
    assert_int_equal(found_at(&a, "list[*]").n, 0);
    assert_int_equal(found_at(&a, "list[*].anything[3].at.all").n, 0);
}

static void a_path_that_fits_nothing_says_where_it_stopped(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    static const char *const rows[][3] = {
        { "dat.total", "stops at the answer itself: that is an object without a member 'dat'",
          "Did you mean data?" },
        { "data.records.id", "stops at 'data.records': that is a list of 2 without a member 'id'",
          "" },
        { "data.records[2]", "stops at 'data.records': that is a list of 2 without an element 2",
          "" },
        { "data.records[-3]", "without an element -3", "" },
        { "data[0]", "stops at 'data': that is an object without an element 0", "" },
        { "data[*]", "stops at 'data': that is an object, no list", "" },
        { "data.total.more", "stops at 'data.total': that is a single value", "" },
        { "note.more", "stops at 'note': that is null", "" },
        { "data.records[*].idd",
          "stops at 'data.records[*]': those are 2 values without a member 'idd'",
          "Did you mean id?" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        struct json_found found;
        assert_fails(json_query(&a, STR(DOCUMENT), str_of(rows[i][0]), &found, &err), ST_NOT_FOUND,
                     &err, rows[i][1], rows[i][2]);
    }
}

static void what_is_no_path_is_refused_with_its_place(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    static const char *const rows[][2] = {
        { "data..total", "character 6 of 'data..total': a name is missing" },
        { "data.", "character 6" },
        { "data[", "brackets take a number" },
        { "data[x]", "brackets take a number" },
        { "data.records[1", "a bracket does not close" },
        { "data.records[99999999999999999999]", "brackets take a number" },
        { "\"data", "a quoted name does not end" },
        { "data[\"x]", "a quoted name does not end" },
        { "data\"total\"", "a dot or a bracket is missing" },
        { "data[1]total", "a dot or a bracket is missing" },
        { "data]", "a dot or a bracket is missing" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        struct json_found found;
        assert_fails(json_query(&a, STR(DOCUMENT), str_of(rows[i][0]), &found, &err), ST_INVALID,
                     &err, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest queries[] = {
        cmocka_unit_test(one_place_gives_its_bytes),
        cmocka_unit_test(every_element_gives_a_list),
        cmocka_unit_test(a_path_that_fits_nothing_says_where_it_stopped),
        cmocka_unit_test(what_is_no_path_is_refused_with_its_place),
    };
    return RUN(queries);
}
