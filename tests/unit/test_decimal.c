/* Money: exact from text to text. */
#include "base/currency.h"
#include "base/decimal.h"
#include "test.h"

static struct decimal parse(const char *text)
{
    struct error err;
    struct decimal d;
    assert_ok(decimal_parse(str_of(text), &d, NULL, &err), &err);
    return d;
}

static void amounts_come_back_to_the_last_digit(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        { "63.8452759", "63.8452759" },
        { "191.5358277", "191.5358277" },
        { "495.494843", "495.494843" },
        { "22.0", "22" },
        { "0", "0" },
        { "-0.00000001", "-0.00000001" },
        { "1e-7", "0.0000001" },
        { "6.38E1", "63.8" },
        { "1E+2", "100" },
        { "92233720368.54775807", "92233720368.54775807" },
        { "-92233720368.54775807", "-92233720368.54775807" },
        { "0.000000000000000000000000000000000000000000001e45", "1" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char at[32];
        assert_text(decimal_exact(parse(rows[i][0]), at), rows[i][1]);
    }
}

static void finer_input_is_rounded_once_and_flagged(void **state)
{
    (void)state;
    static const struct {
        const char *text, *exact;
        bool rounded;
    } rows[] = {
        { "811.94534500000009", "811.945345", true },
        { "0.000000005", "0.00000001", true },
        { "-0.000000005", "-0.00000001", true },
        { "0.0000000049", "0", true },
        { "1.999999999", "2", true },
        { "1.100000000000", "1.1", false },
        { "1e-64", "0", true },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        struct decimal d;
        bool rounded = !rows[i].rounded;
        assert_ok(decimal_parse(str_of(rows[i].text), &d, &rounded, &err), &err);
        char at[32];
        assert_text(decimal_exact(d, at), rows[i].exact);
        assert_int_equal(rounded, rows[i].rounded);
    }
}

static void what_is_no_amount_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = { "",
                                        "-",
                                        "abc",
                                        "1,5",
                                        "1.2.3",
                                        ".5",
                                        "1e",
                                        "1e99",
                                        "0x1",
                                        " 1",
                                        "1 ",
                                        "--1",
                                        "92233720368.54775808",
                                        "1e11",
                                        "123456789012345678901234567890123",
                                        "NaN" };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        struct decimal d = { 77 };
        assert_fails(decimal_parse(str_of(rows[i]), &d, NULL, &err), ST_INVALID, &err,
                     "is not an amount");
        assert_int_equal(d.units, 77);
    }
}

static void people_write_amounts_in_their_own_way(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char mark, grouping;
        const char *exact; /* NULL: refused */
    } rows[] = {
        { "1,234.50", '.', ',', "1234.5" },
        { "1.234,50", ',', '.', "1234.5" },
        { "1234,5", ',', 0, "1234.5" },
        { " 12 ", '.', ',', "12" },
        { "-1,234", '.', ',', "-1234" },
        { "12,34", '.', ',', NULL },
        { "1,23,456", '.', ',', NULL },
        { "1,234,56", '.', ',', NULL },
        { ",123", '.', ',', NULL },
        { "12.5", ',', 0, NULL },
        { "$5", '.', ',', NULL },
        { "1e3", '.', ',', NULL },
        { "", '.', ',', NULL },
        { "1.234.567,8", ',', '.', "1234567.8" },
        { "1.5.2", '.', 0, NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err;
        struct decimal d;
        enum status s = decimal_parse_written(str_of(rows[i].text), rows[i].mark, rows[i].grouping,
                                              &d, NULL, &err);
        assert_int_equal(s, rows[i].exact == NULL ? ST_INVALID : ST_OK);
        char at[32];
        if (s == ST_OK)
            assert_text(decimal_exact(d, at), rows[i].exact);
    }
}

static void sums_do_not_overflow_and_round_in_one_way(void **state)
{
    (void)state;
    struct total sum = { 0 };
    for (int i = 0; i < 1000; i++)
        sum = total_add(sum, total_times(parse("92233720368.54775807"), 1000000));
    SCOPED(buf_release) struct buf text = BUF(200);
    total_print(&text, sum, 2);
    assert_string_equal(text.at, "92233720368547758070.00");
    static const struct {
        const char *amount;
        int64_t divisor;
        const char *exact;
    } rows[] = {
        { "72", 12, "6" },
        { "100", 12, "8.33333333" },
        { "0.0000001", 12, "0.00000001" },
        { "-100", 12, "-8.33333333" },
        { "0.00000006", 12, "0.00000001" },
        { "-0.00000006", 12, "-0.00000001" },
        { "0.00000005", 12, "0" },
        { "200", 36, "5.55555556" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_clear(&text);
        total_print_exact(&text, total_divide(total_of(parse(rows[i].amount)), rows[i].divisor));
        assert_string_equal(text.at, rows[i].exact);
    }
}

static void people_see_the_currency_s_own_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *amount, *currency, *shown;
    } rows[] = {
        { "1234.505", "USD", "1,234.51 USD" }, { "-1234567.004", "EUR", "-1,234,567.00 EUR" },
        { "1234.5", "JPY", "1,235 JPY" },      { "0.0005", "KWD", "0.001 KWD" },
        { "999.999", "SEK", "1,000.00 SEK" },  { "5", "XQZ", "5.00 XQZ" },
        { "-0.004", "USD", "0.00 USD" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        SCOPED(buf_release) struct buf text = BUF(100);
        currency_print(&text, total_of(parse(rows[i].amount)), str_of(rows[i].currency));
        assert_string_equal(text.at, rows[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest decimal_tests[] = {
        cmocka_unit_test(amounts_come_back_to_the_last_digit),
        cmocka_unit_test(finer_input_is_rounded_once_and_flagged),
        cmocka_unit_test(what_is_no_amount_is_refused),
        cmocka_unit_test(people_write_amounts_in_their_own_way),
        cmocka_unit_test(sums_do_not_overflow_and_round_in_one_way),
        cmocka_unit_test(people_see_the_currency_s_own_decimals),
    };
    return RUN(decimal_tests);
}
