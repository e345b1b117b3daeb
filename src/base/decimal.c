/* Exact decimal arithmetic. */
#include "base/decimal.h"

#include "base/utf8.h"

#define FRACTION_DIGITS 8
#define EXPONENT_LIMIT  64

struct digits {
    int128 value; /* digits so far, as many as fit */
    int scale;    /* digits behind the point among them */
    bool dropped; /* a digit other than 0 was left out: the value is not exact */
    bool overflow;
    bool any;
};

/* Takes one digit; beyond 30 significant ones only remembers whether something was lost. */
static void take_digit(struct digits *d, int digit, bool behind_point)
{
    static const int128 full = (int128)1000000000000000 * 1000000000000000;
    d->any = true;
    if (d->value < full) {
        d->value = d->value * 10 + digit;
        d->scale += behind_point;
        return;
    }
    if (!behind_point)
        d->overflow = true;
    else if (digit != 0)
        d->dropped = true;
}

/* Brings digits to units of 10^-8. False when it does not fit. */
static bool settle(struct digits *d, int exponent, bool negative, struct decimal *ret_value,
                   bool *ret_rounded)
{
    int shift = FRACTION_DIGITS - d->scale + exponent;
    int128 units = d->value;
    bool rounded = d->dropped;
    static const int128 top = (int128)INT64_MAX * 1000;
    for (; shift > 0 && units != 0; shift--) {
        if (units > top)
            return false;
        units *= 10;
    }
    int last = 0;
    for (; shift < 0; shift++) {
        last = (int)(units % 10);
        rounded = rounded || last != 0;
        units /= 10;
        if (units == 0 && last == 0)
            break;
    }
    if (last >= 5)
        units++;
    if (d->overflow || units > INT64_MAX)
        return false;
    ret_value->units = negative ? -(int64_t)units : (int64_t)units;
    if (ret_rounded != NULL)
        *ret_rounded = rounded;
    return true;
}

static bool parse_exponent(struct str text, int *ret_exponent)
{
    if (str_starts(text, "+") && !str_starts(text, "+-"))
        text = str_from(text, 1);
    int64_t value;
    if (!str_integer(text, &value) || value > EXPONENT_LIMIT || value < -EXPONENT_LIMIT)
        return false;
    *ret_exponent = (int)value;
    return true;
}

static enum status refuse(struct str text, struct error *err, const char *why)
{
    text = utf8_prefix(text, 60);
    return fail(err, ST_INVALID, "'%.*s' is not an amount: %s", STR_PRINT(text), why);
}

enum status decimal_parse(struct str text, struct decimal *ret_value, bool *ret_rounded,
                          struct error *err)
{
    struct digits d = { 0 };
    bool negative = str_starts(text, "-");
    bool behind_point = false;
    int exponent = 0;
    for (size_t i = negative ? 1 : 0; i < text.len; i++) {
        char c = text.at[i];
        if (c >= '0' && c <= '9') {
            take_digit(&d, c - '0', behind_point);
        } else if (c == '.' && !behind_point && d.any) {
            behind_point = true;
        } else if ((c == 'e' || c == 'E') && d.any) {
            if (!parse_exponent(str_from(text, i + 1), &exponent))
                return refuse(text, err, "its exponent cannot be used");
            break;
        } else {
            return refuse(text, err, "it has a character that is no digit");
        }
    }
    if (!d.any)
        return refuse(text, err, "it has no digits");
    if (!settle(&d, exponent, negative, ret_value, ret_rounded))
        return refuse(text, err, "it is too large");
    return ST_OK;
}

/* "1,234,567" has its groups right; "12,34" has not: it may mean 12.34. */
static bool groups_are_right(struct str whole, char grouping)
{
    size_t run = 0;
    bool first = true;
    for (size_t i = 0; i < whole.len; i++) {
        if (whole.at[i] != grouping) {
            run++;
            continue;
        }
        if (first ? run < 1 || run > 3 : run != 3)
            return false;
        first = false;
        run = 0;
    }
    return first || run == 3;
}

enum status decimal_parse_written(struct str text, char mark, char grouping,
                                  struct decimal *ret_value, bool *ret_rounded, struct error *err)
{
    struct str rest = str_trim(text);
    bool negative = str_starts(rest, "-");
    struct str number = str_from(rest, negative ? 1 : 0), whole;
    struct str tail = number;
    (void)str_next(&tail, mark, &whole);
    if (grouping != 0 && !groups_are_right(whole, grouping))
        return refuse(text, err, "its groups of digits are not groups of three");
    struct digits d = { 0 };
    for (size_t i = 0; i < whole.len; i++) {
        if (whole.at[i] >= '0' && whole.at[i] <= '9')
            take_digit(&d, whole.at[i] - '0', false);
        else if (grouping == 0 || whole.at[i] != grouping)
            return refuse(text, err, "it has a character that is no digit");
    }
    for (size_t i = 0; i < tail.len; i++) {
        if (tail.at[i] < '0' || tail.at[i] > '9')
            return refuse(text, err, "it has a character that is no digit");
        take_digit(&d, tail.at[i] - '0', true);
    }
    if (!d.any)
        return refuse(text, err, "it has no digits");
    if (!settle(&d, 0, negative, ret_value, ret_rounded))
        return refuse(text, err, "it is too large");
    return ST_OK;
}

struct total total_of(struct decimal value)
{
    return (struct total){ value.units };
}

struct total total_add(struct total a, struct total b)
{
    return (struct total){ a.units + b.units };
}

struct total total_subtract(struct total a, struct total b)
{
    return (struct total){ a.units - b.units };
}

struct total total_negate(struct total a)
{
    return (struct total){ -a.units };
}

struct total total_times(struct decimal value, int64_t count)
{
    return (struct total){ (int128)value.units * count };
}

int total_sign(struct total a)
{
    return (a.units > 0) - (a.units < 0);
}

int total_compare(struct total a, struct total b)
{
    return (a.units > b.units) - (a.units < b.units);
}

static int128 divide_rounded(int128 a, int128 divisor)
{
    int128 half = divisor / 2;
    int128 rest = a % divisor;
    int128 quotient = a / divisor;
    int128 size = rest < 0 ? -rest : rest;
    if (size > half || (divisor % 2 == 0 && size == half))
        quotient += a < 0 ? -1 : 1;
    return quotient;
}

struct total total_divide(struct total a, int64_t divisor)
{
    return (struct total){ divide_rounded(a.units, divisor) };
}

struct total total_product(struct decimal a, struct decimal b, int64_t divisor)
{
    return (
        struct total){ divide_rounded((int128)a.units * b.units, (int128)DECIMAL_ONE * divisor) };
}

struct total total_share(struct total a, int64_t count, int64_t of)
{
    return (struct total){ divide_rounded(a.units * count, of) };
}

static void print_whole(struct buf *to, int128 whole, char grouping)
{
    char digits[64];
    size_t at = sizeof digits, n = 0;
    do {
        if (grouping != 0 && n != 0 && n % 3 == 0)
            digits[--at] = grouping;
        digits[--at] = (char)('0' + (int)(whole % 10));
        whole /= 10;
        n++;
    } while (whole != 0);
    buf_add(to, (struct str){ digits + at, sizeof digits - at });
}

static void print(struct buf *to, struct total value, int decimals, char grouping)
{
    int128 unit = 1;
    for (int i = decimals; i < FRACTION_DIGITS; i++)
        unit *= 10;
    int128 scaled = divide_rounded(value.units, unit);
    int128 one = DECIMAL_ONE / unit;
    if (scaled < 0) {
        buf_add_char(to, '-');
        scaled = -scaled;
    }
    print_whole(to, scaled / one, grouping);
    if (decimals > 0)
        buf_printf(to, ".%0*lld", decimals, (long long)(scaled % one));
}

void total_print(struct buf *to, struct total value, int decimals)
{
    print(to, value, decimals, 0);
}

void total_print_grouped(struct buf *to, struct total value, int decimals)
{
    print(to, value, decimals, ',');
}

void total_print_exact(struct buf *to, struct total value)
{
    int decimals = FRACTION_DIGITS;
    int128 units = value.units;
    while (decimals > 0 && units % 10 == 0) {
        units /= 10;
        decimals--;
    }
    print(to, value, decimals, 0);
}

struct str decimal_exact(struct decimal value, char at[32])
{
    SCOPED(buf_release) struct buf text = BUF(31);
    total_print_exact(&text, total_of(value));
    memcpy(at, text.at, text.len + 1);
    return (struct str){ at, text.len };
}
