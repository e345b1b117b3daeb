/* Amounts: what is read is the value of the text, rounded once and said so; what is written is read
 * back; sums, shares and products are the nearest ones. */
#include "fuzz.h"
#include "oracle.h"

#include "base/decimal.h"

#include <string.h>

static void parsing_gives_the_value_of_the_text(struct str text)
{
    struct error err;
    struct decimal value = { 77 };
    bool rounded = false;
    enum status s = decimal_parse(text, &value, &rounded, &err);
    struct oracle_number right = oracle_number(text);
    if (s != ST_OK) {
        holds_error(s, &err);
        HOLDS(value.units == 77);
        /* More digits than any amount has may be refused. */
        HOLDS(!right.is_number || !right.fits || right.far_exponent || right.whole_digits > 30);
        return;
    }
    HOLDS(right.is_number && right.fits);
    HOLDS(value.units == right.units);
    HOLDS(rounded == right.rounded);
    char at[32];
    struct str exact = decimal_exact(value, at);
    struct decimal again;
    HOLDS(decimal_parse(exact, &again, &rounded, &err) == ST_OK);
    HOLDS(again.units == value.units && !rounded);
    HOLDS(exact.at[exact.len] == '\0' && exact.at[exact.len - 1] != '.');
    HOLDS(memchr(exact.at, '.', exact.len) == NULL || exact.at[exact.len - 1] != '0');
}

static void written_amounts_are_read_as_meant(struct str text, char mark, char grouping)
{
    struct error err;
    struct decimal value = { 77 };
    bool rounded = false;
    enum status s = decimal_parse_written(text, mark, grouping, &value, &rounded, &err);
    struct oracle_number right = oracle_written(text, mark, grouping);
    if (s != ST_OK) {
        holds_error(s, &err);
        HOLDS(value.units == 77);
        HOLDS(!right.is_number || !right.fits || right.whole_digits > 30);
    } else {
        HOLDS(right.is_number && right.fits);
        HOLDS(value.units == right.units && rounded == right.rounded);
    }
}

/* |a - quotient x divisor| is at most half of the divisor, and a half goes away from zero. */
static void holds_nearest(wide a, wide divisor, wide quotient)
{
    wide rest = a - quotient * divisor;
    wide twice = 2 * (rest < 0 ? -rest : rest);
    HOLDS(twice <= divisor);
    HOLDS(twice < divisor || (a >= 0 ? rest < 0 : rest > 0));
}

static wide units_of(struct str text, int decimals)
{
    wide units = 0;
    bool negative = str_starts(text, "-");
    for (size_t i = negative ? 1 : 0; i < text.len; i++)
        if (text.at[i] != '.' && text.at[i] != ',')
            units = units * 10 + (text.at[i] - '0');
    for (int i = decimals; i < 8; i++)
        units *= 10;
    return negative ? -units : units;
}

static void totals_print_as_they_are(struct total total, int decimals)
{
    SCOPED(buf_release) struct buf plain = BUF(200), grouped = BUF(200), exact = BUF(200);
    total_print(&plain, total, decimals);
    total_print_grouped(&grouped, total, decimals);
    total_print_exact(&exact, total);
    wide unit = 1;
    for (int i = decimals; i < 8; i++)
        unit *= 10;
    HOLDS(units_of(buf_str(&plain), decimals) == units_of(buf_str(&grouped), decimals));
    holds_nearest(total.units, unit, units_of(buf_str(&plain), decimals) / unit);
    HOLDS(memchr(plain.at, ',', plain.len) == NULL);
    const char *point = memchr(exact.at, '.', exact.len);
    int behind = point == NULL ? 0 : (int)(exact.len - (size_t)(point - exact.at) - 1);
    HOLDS(behind <= 8 && units_of(buf_str(&exact), behind) == total.units);
    HOLDS(behind == 0 || exact.at[exact.len - 1] != '0');
}

static void arithmetic_is_exact_or_nearest(struct decimal a, struct decimal b, int64_t count,
                                           int64_t divisor, int decimals)
{
    struct total x = total_of(a), y = total_times(b, count);
    HOLDS(x.units == a.units && y.units == (wide)b.units * count);
    HOLDS(total_subtract(total_add(x, y), y).units == x.units);
    HOLDS(total_compare(x, y) == -total_compare(y, x));
    HOLDS(total_compare(x, y) == total_sign(total_subtract(x, y)));
    HOLDS(total_negate(y).units == -y.units);
    holds_nearest(y.units, divisor, total_divide(y, divisor).units);
    holds_nearest((wide)a.units * count, divisor, total_share(x, count, divisor).units);
    wide whole = (wide)DECIMAL_ONE * divisor;
    holds_nearest((wide)a.units * b.units, whole, total_product(a, b, divisor).units);
    totals_print_as_they_are(x, decimals);
    totals_print_as_they_are(y, decimals);
}

static void any_arithmetic(struct input *in)
{
    struct decimal a = { input_number(in) }, b = { input_number(in) };
    int64_t count = input_number(in), divisor = input_number(in);
    a.units = a.units == INT64_MIN ? 0 : a.units; /* no amount is that small */
    b.units = b.units == INT64_MIN ? 0 : b.units;
    divisor = divisor == INT64_MIN ? 1 : divisor < 0 ? -divisor : divisor;
    arithmetic_is_exact_or_nearest(a, b, count, divisor == 0 ? 1 : divisor,
                                   (int)input_choice(in, 9));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char marks[][2] = { { '.', ',' }, { ',', '.' }, { '.', 0 },
                                     { ',', ' ' }, { '.', ' ' }, { ',', '\'' } };
    struct input in = input_of(data, size);
    size_t way = input_choice(&in, 2 + ARRAY_LEN(marks));
    if (way == 0)
        parsing_gives_the_value_of_the_text(in.rest);
    else if (way == 1)
        any_arithmetic(&in);
    else
        written_amounts_are_read_as_meant(in.rest, marks[way - 2][0], marks[way - 2][1]);
    return 0;
}
