/* The JSON facade: what it reads exactly, and one by one what it refuses. */
#include "base/json.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "test.h"

static const struct json *parse(struct arena *a, const char *text)
{
    struct error err;
    const struct json *value;
    assert_ok(json_parse(a, str_of(text), &value, &err), &err);
    return value;
}

static void integers_are_exact_to_64_bits(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct json *v =
        parse(&a, "[9223372036854775807,-9223372036854775808,0,9007199254740993]");
    static const int64_t wanted[] = { INT64_MAX, INT64_MIN, 0, 9007199254740993 };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        int64_t n = 1;
        assert_true(json_integer(json_at(v, i), &n));
        assert_int_equal(n, wanted[i]);
    }
}

static void decimals_keep_their_text(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    static const char *const texts[] = {
        "63.8452759", "811.94534500000009", "0.10",        "1e-7",   "22.0", "-0.0", "1E400",
        "5",          "495.494843",         "6721.285648", "1.5e+10"
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        assert_text(json_number_text(parse(&a, texts[i])), texts[i]);
}

static void kinds_are_never_mixed(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct json *v = parse(&a, "{\"t\":\"12x\",\"b\":true,\"n\":null,\"i\":3,\"d\":3.0}");
    int64_t n;
    bool b;
    assert_false(json_integer(json_get(v, "t"), &n));
    assert_false(json_integer(json_get(v, "b"), &n));
    assert_false(json_integer(json_get(v, "d"), &n));
    assert_false(json_integer(json_get(v, "missing"), &n));
    assert_false(json_boolean(json_get(v, "i"), &b));
    assert_int_equal(json_text(json_get(v, "i")).len, 0);
    assert_true(json_has(v, "n"));
    assert_false(json_has(v, "missing"));
    assert_int_equal(json_kind(json_get(v, "n")), JSON_NULL);
}

/* Each of these json-c 0.16 takes, at least without its strict flag. */
static const struct {
    const char *text, *why;
} refused[] = {
    { "9223372036854775808", "64 bits" },
    { "-9223372036854775809", "64 bits" },
    { "18446744073709551616", "64 bits" },
    { "{\"a\":99999999999999999999}", "64 bits" },
    { "12x", "follows the value" },
    { "{\"a\":12x}", "comma or bracket" },
    { "NaN", "no value" },
    { "-Infinity", "no digits" },
    { "Infinity", "no value" },
    { "TRUE", "no value" },
    { "True", "no value" },
    { "nul", "not true, false or null" },
    { "{\"a\":1,\"a\":2}", "twice" },
    { "{\"a\":{\"b\":1,\"b\":1}}", "twice" },
    { "[{\"x\":1},{\"x\":1,\"x\":2}]", "twice" },
    { "{'a':1}", "no name in quotes" },
    { "['a']", "no value" },
    { "[1,]", "no value" },
    { "{\"a\":1,}", "no name in quotes" },
    { "[1 2]", "comma or bracket" },
    { "[1]]", "follows the value" },
    { "{} {}", "follows the value" },
    { "/* c */ 1", "no value" },
    { "1 // c", "follows the value" },
    { "01", "starts with 0" },
    { "-01", "starts with 0" },
    { "+1", "no value" },
    { ".5", "no value" },
    { "1.", "decimal point" },
    { "1e", "exponent" },
    { "-", "no digits" },
    { "0x10", "follows the value" },
    { "", "ends where a value" },
    { "   ", "ends where a value" },
    { "[", "ends where a value" },
    { "{\"a\"", "colon" },
    { "{\"a\":", "ends where a value" },
    { "\"abc", "ends inside a text" },
    { "\"a\\q\"", "escape" },
    { "\"\\u12\"", "hexadecimal" },
    { "\"\\u0000\"", "NUL" },
    { "\"\\ud800\"", "surrogate" },
    { "\"\\ud800\\u0041\"", "surrogate" },
    { "\"\\udc00\"", "surrogate" },
    { "\"tab\there\"", "control" },
    { "\"\xff\"", "UTF-8" },
    { "\"\xc0\xaf\"", "UTF-8" },
    { "\"\xed\xa0\x80\"", "UTF-8" },
    { "\xef\xbb\xbf{}", "no value" },
    { "<html>", "no value" },
};

static void what_json_c_lets_through_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct error err;
        const struct json *value = NULL;
        assert_fails(json_parse(&a, str_of(refused[i].text), &value, &err), ST_UNREADABLE, &err,
                     refused[i].why);
        assert_null(value);
    }
}

static void no_byte_is_named_that_is_not_there(void **state)
{
    static const struct {
        const char *text, *why;
    } rows[] = {
        { "{\"a\": [1, true", "not JSON at its end, after byte 14: it ends too early" },
        { "", "not JSON at its end, after byte 0: it ends where a value should be" },
        { "[1 2]", "not JSON at byte 4 of 5" },
        { "x", "not JSON at byte 1 of 1" },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        assert_fails(json_check(str_of(rows[i].text), NULL, &err), ST_UNREADABLE, &err,
                     rows[i].why);
    }
}

static void a_nul_byte_is_refused(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const struct json *value;
    assert_fails(json_parse(&a, (struct str){ "\"a\0b\"", 5 }, &value, &err), ST_UNREADABLE, &err,
                 "control");
    assert_fails(json_parse(&a, (struct str){ "1\0", 2 }, &value, &err), ST_UNREADABLE, &err,
                 "follows");
}

static void depth_has_a_limit_at_both_kinds_of_bracket(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    char deep[2 * (LIMIT_JSON_DEPTH + 1) + 1];
    for (int extra = 0; extra < 2; extra++) {
        size_t n = LIMIT_JSON_DEPTH + (size_t)extra;
        memset(deep, '[', n);
        memset(deep + n, ']', n);
        deep[2 * n] = '\0';
        struct error err;
        const struct json *value;
        if (extra == 0)
            assert_ok(json_parse(&a, str_of(deep), &value, &err), &err);
        else
            assert_fails(json_parse(&a, str_of(deep), &value, &err), ST_UNREADABLE, &err, "deeply");
    }
}

static void errors_name_the_byte_and_show_no_content(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const struct json *value;
    assert_fails(json_parse(&a, STR("{\"secret\":\"hunter2\" x}"), &value, &err), ST_UNREADABLE,
                 &err, "byte 21 of 22");
    assert_null(strstr(err.text, "hunter2"));
}

static void a_walk_gives_raw_pieces_in_order(void **state)
{
    (void)state;
    struct str body =
        STR(" {\"data\" : { \"total\":2, \"records\": [ {\"a\":1 },\n{\"b\":[2]} ] }, "
            "\"requestId\":\"x\"} ");
    struct str records = json_member_at(body, "data.records");
    struct json_walk walk = json_walk(records);
    assert_true(json_walk_next(&walk));
    assert_text(walk.value, "{\"a\":1 }");
    assert_true(json_walk_next(&walk));
    assert_text(walk.value, "{\"b\":[2]}");
    assert_false(json_walk_next(&walk));
    assert_null(walk.scan.problem);
    assert_true(json_walk_is_whole(&walk));
    assert_text(json_member_at(body, "data.total"), "2");
    assert_null(json_member_at(body, "data.nothing").at);
    assert_null(json_member_at(body, "total.records").at);
}

static void a_walk_notices_a_cut(void **state)
{
    (void)state;
    static const char *const cuts[] = { "{\"a\":1,\"b\":[1,2", "{\"a\":1,", "{\"a\":1", "{\"a\"",
                                        "{" };
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
        struct json_walk walk = json_walk(str_of(cuts[i]));
        while (json_walk_next(&walk))
            continue;
        assert_non_null(walk.scan.problem);
        assert_false(json_walk_is_whole(&walk));
    }
    struct json_walk trailing = json_walk(STR("{\"a\":1} x"));
    while (json_walk_next(&trailing))
        continue;
    assert_false(json_walk_is_whole(&trailing));
}

static void what_the_writer_writes_reads_back(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    SCOPED(buf_release) struct buf body = BUF(100000);
    struct json_writer w = JSON_WRITER(&body);
    json_open_object(&w);
    json_put_text(&w, "hostile", STR("\"\\\b\f\n\r\t\x01</script>\xe2\x80\xae\xff"));
    json_put_integer(&w, "i", INT64_MIN);
    json_put_number(&w, "exact", STR("811.94534500000009"));
    json_put_number(&w, "odd", STR("12x"));
    json_put_array(&w, "list");
    json_put_boolean(&w, NULL, true);
    json_put_null(&w, NULL);
    json_put_object(&w, NULL);
    json_close(&w);
    json_close(&w);
    json_close(&w);
    const struct json *v = parse(&a, body.at);
    assert_text(json_text(json_get(v, "hostile")),
                "\"\\\b\f\n\r\t\x01</script>\xe2\x80\xae\xef\xbf\xbd");
    assert_text(json_number_text(json_get(v, "exact")), "811.94534500000009");
    assert_text(json_text(json_get(v, "odd")), "12x");
    assert_int_equal(json_length(json_get(v, "list")), 3);
    int64_t n;
    assert_true(json_integer(json_get(v, "i"), &n));
    assert_int_equal(n, INT64_MIN);
}

static void members_come_in_the_order_received(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct json_members m = json_members(parse(&a, "{\"z\":1,\"a\":2}"));
    assert_true(json_members_next(&m));
    assert_text(m.key, "z");
    assert_true(json_members_next(&m));
    assert_text(m.key, "a");
    assert_false(json_members_next(&m));
}

int main(void)
{
    const struct CMUnitTest json_tests[] = {
        cmocka_unit_test(integers_are_exact_to_64_bits),
        cmocka_unit_test(decimals_keep_their_text),
        cmocka_unit_test(kinds_are_never_mixed),
        cmocka_unit_test(what_json_c_lets_through_is_refused),
        cmocka_unit_test(no_byte_is_named_that_is_not_there),
        cmocka_unit_test(a_nul_byte_is_refused),
        cmocka_unit_test(depth_has_a_limit_at_both_kinds_of_bracket),
        cmocka_unit_test(errors_name_the_byte_and_show_no_content),
        cmocka_unit_test(a_walk_gives_raw_pieces_in_order),
        cmocka_unit_test(a_walk_notices_a_cut),
        cmocka_unit_test(what_the_writer_writes_reads_back),
        cmocka_unit_test(members_come_in_the_order_received),
    };
    return RUN(json_tests);
}
