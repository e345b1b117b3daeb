/* Addresses, templates, options and CSV: what people and files give us. */
#include "base/csv.h"
#include "base/options.h"
#include "base/uri.h"
#include "test.h"

static void templates_give_literals_and_names(void **state)
{
    (void)state;
    struct uri_template t = uri_template("/c/{customerNo}/s/{id}:cancel");
    assert_true(uri_template_next(&t));
    assert_text(t.literal, "/c/");
    assert_text(t.name, "customerNo");
    assert_true(uri_template_next(&t));
    assert_text(t.literal, "/s/");
    assert_text(t.name, "id");
    assert_false(uri_template_next(&t));
    assert_text(t.literal, ":cancel");
    assert_false(t.broken);
    struct uri_template wrong = uri_template("/a/{b");
    assert_false(uri_template_next(&wrong));
    assert_true(wrong.broken);
}

static void values_are_encoded_whatever_they_hold(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    SCOPED(buf_release) struct buf b = BUF(1000);
    uri_encode(&b, STR("a/b?c#d e&f=g%h:\xc3\xa9..~"), "");
    assert_string_equal(b.at, "a%2Fb%3Fc%23d%20e%26f%3Dg%25h%3A%C3%A9..~");
    struct str back;
    assert_true(uri_decode(&a, buf_str(&b), false, &back));
    assert_text(back, "a/b?c#d e&f=g%h:\xc3\xa9..~");
    assert_false(uri_decode(&a, STR("%4"), false, &back));
    assert_false(uri_decode(&a, STR("%zz"), false, &back));
    assert_false(uri_decode(&a, STR("%00"), false, &back));
    assert_true(uri_query_value(&a, STR("x=1&page+No=2%203&y"), "page No", &back));
    assert_text(back, "2 3");
    assert_false(uri_query_value(&a, STR("x=1"), "y", &back));
}

static void base_addresses_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *text, *base; /* NULL: refused */
    } rows[] = {
        { "https://api.us.tdsynnex.com/", "https://api.us.tdsynnex.com" },
        { " https://api.us.tdsynnex.com ", "https://api.us.tdsynnex.com" },
        { "https://x.example:8443/a/b//", "https://x.example:8443/a/b" },
        { "http://127.0.0.1:8080/stellr/", "http://127.0.0.1:8080/stellr" },
        { "http://localhost:1", "http://localhost:1" },
        { "http://[::1]:80/ion", "http://[::1]:80/ion" },
        { "http://127.8.9.10/", "http://127.8.9.10" },
        { "http://api.us.tdsynnex.com", NULL },
        { "http://127.0.0.1.evil.example", NULL },
        { "http://127.evil.example", NULL },
        { "http://localhost.evil.example", NULL },
        { "ftp://x", NULL },
        { "api.us.tdsynnex.com", NULL },
        { "https://", NULL },
        { "https://user:pw@x.example", NULL },
        { "https://x.example/?token=1", NULL },
        { "https://x.example/#a", NULL },
        { "https://x.example:0", NULL },
        { "https://x.example:99999", NULL },
        { "https://x example", NULL },
        { "https://x.example\r\nHost: y", NULL },
        { "", NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct error err;
        struct str base;
        enum status s = uri_base(&a, str_of(rows[i].text), &base, &err);
        if (rows[i].base == NULL) {
            assert_fails(s, ST_INVALID, &err, "cannot be used");
            assert_null(strstr(err.text, "pw"));
        } else {
            assert_ok(s, &err);
            assert_text(base, rows[i].base);
        }
    }
}

struct settings {
    bool loud;
    struct str name, mode;
    int64_t number;
    struct option_list faults;
};

static const struct option rows_of_options[] = {
    { "loud", OPTION_FLAG, offsetof(struct settings, loud), NULL, "Be loud.", NULL, 0, 0 },
    { "name", OPTION_TEXT, offsetof(struct settings, name), "NAME", "A name.", NULL, 0, 0 },
    { "mode", OPTION_CHOICE, offsetof(struct settings, mode), NULL, "A mode.", "a|bc", 0, 0 },
    { "number", OPTION_NUMBER, offsetof(struct settings, number), "N", "A number.", NULL, 1, 64 },
    { "fault", OPTION_LIST, offsetof(struct settings, faults), "F", "A fault.", NULL, 0, 0 },
    { NULL, OPTION_FLAG, 0, NULL, NULL, NULL, 0, 0 },
};

static enum status parse(struct arena *a, struct settings *settings, const char *line,
                         const char *const **words, size_t *n_words, struct error *err)
{
    char *arguments[32];
    int n = 0;
    struct str rest = str_of(line), part;
    while (str_next(&rest, ' ', &part))
        arguments[n++] = arena_text(a, part);
    const struct option *const tables[] = { rows_of_options, NULL };
    void *const targets[] = { settings };
    return options_parse(a, tables, targets, n, arguments, words, n_words, err);
}

static void options_are_parsed_from_their_rows(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct settings s = { 0 };
    const char *const *words;
    size_t n_words;
    assert_ok(parse(&a, &s,
                    "one --loud --name=x=y --mode bc --number 64 --fault a --fault b -- --two",
                    &words, &n_words, &err),
              &err);
    assert_true(s.loud);
    assert_text(s.name, "x=y");
    assert_text(s.mode, "bc");
    assert_int_equal(s.number, 64);
    assert_int_equal(s.faults.n, 2);
    assert_int_equal(n_words, 2);
    assert_string_equal(words[1], "--two");
    assert_ok(parse(&a, &s, "--no-loud", &words, &n_words, &err), &err);
    assert_false(s.loud);
}

static void wrong_options_are_refused_with_help(void **state)
{
    (void)state;
    static const struct {
        const char *line, *why;
    } rows[] = {
        { "--nmae x", "Did you mean --name?" },
        { "--name", "needs a value" },
        { "--mode d", "one of a|bc" },
        { "--number 65", "from 1 to 64" },
        { "--number 5x", "whole number" },
        { "--loud=yes", "takes no value" },
        { "--zzzzzzzz", "no option --zzzzzzzz" },
        { "--no-name x", "no option --no-name" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct error err;
        struct settings s = { 0 };
        const char *const *words;
        size_t n_words;
        assert_fails(parse(&a, &s, rows[i].line, &words, &n_words, &err), ST_INVALID, &err,
                     rows[i].why);
    }
}

static void csv_is_read_as_programs_write_it(void **state)
{
    (void)state;
    struct csv_reader r;
    struct error err;
    csv_open(&r, STR("a;\"b \"\"q\"\"\r\n2\";c\r\n\r\n\n;;\nlast;it\"s"), ';');
    assert_int_equal(csv_next(&r, &err), CSV_ROW);
    assert_int_equal(r.n_cells, 3);
    assert_text(csv_cell(&r, 1), "b \"q\"\r\n2");
    assert_text(csv_cell(&r, 2), "c");
    assert_int_equal(csv_next(&r, &err), CSV_ROW);
    assert_int_equal(r.line, 5);
    assert_int_equal(r.n_cells, 3);
    assert_text(csv_cell(&r, 0), "");
    assert_text(csv_cell(&r, 7), "");
    assert_int_equal(csv_next(&r, &err), CSV_ROW);
    assert_text(csv_cell(&r, 1), "it\"s");
    assert_int_equal(csv_next(&r, &err), CSV_END);
    csv_close(&r);
}

static void a_wrong_csv_line_is_named_and_passed(void **state)
{
    (void)state;
    struct csv_reader r;
    struct error err;
    csv_open(&r, STR("a,b\nx,\"y\"z\ngood,line\n\"open"), ',');
    assert_int_equal(csv_next(&r, &err), CSV_ROW);
    assert_int_equal(csv_next(&r, &err), CSV_WRONG);
    assert_string_equal(err.text, "something follows the closing quote of a cell");
    assert_int_equal(r.problem_line, 2);
    assert_int_equal(r.problem_column, 2);
    assert_int_equal(csv_next(&r, &err), CSV_ROW);
    assert_text(csv_cell(&r, 0), "good");
    assert_int_equal(csv_next(&r, &err), CSV_WRONG);
    assert_non_null(strstr(err.text, "no closing quote"));
    assert_int_equal(csv_next(&r, &err), CSV_END);
    csv_close(&r);
}

static void written_csv_runs_nothing_in_a_spreadsheet(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "plain", "plain" },
        { "a,b", "\"a,b\"" },
        { "say \"x\"", "\"say \"\"x\"\"\"" },
        { "=1+1", "\"'=1+1\"" },
        { "@SUM(A1)", "\"'@SUM(A1)\"" },
        { "-5.25", "-5.25" },
        { "-2+3", "\"'-2+3\"" },
        { "+49 1", "\"'+49 1\"" },
        { "two\nlines", "\"two\nlines\"" },
        { "", "" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        SCOPED(buf_release) struct buf b = BUF(1000);
        csv_put(&b, str_of(rows[i][0]), ',');
        assert_string_equal(b.at, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest input_tests[] = {
        cmocka_unit_test(templates_give_literals_and_names),
        cmocka_unit_test(values_are_encoded_whatever_they_hold),
        cmocka_unit_test(base_addresses_are_checked),
        cmocka_unit_test(options_are_parsed_from_their_rows),
        cmocka_unit_test(wrong_options_are_refused_with_help),
        cmocka_unit_test(csv_is_read_as_programs_write_it),
        cmocka_unit_test(a_wrong_csv_line_is_named_and_passed),
        cmocka_unit_test(written_csv_runs_nothing_in_a_spreadsheet),
    };
    return RUN(input_tests);
}
