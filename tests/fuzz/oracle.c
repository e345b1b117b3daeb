/* Answers by the long way. */
#include "oracle.h"

#include <stdlib.h>
#include <string.h>

#define FRACTION      8
#define EXPONENT_MOST 5000

/* A number as written: digits without the point, and how many of them stand in front of it. */
struct written {
    const char *digits[2]; /* in front, behind */
    size_t lengths[2];
    long exponent;
    bool negative;
    char skip; /* a mark among the digits that counts for nothing; 0: none */
};

/* The digit at a place, counted from the first one; 0 beyond both ends. */
static int digit_at(const char *digits, long n, long place)
{
    return place < 0 || place >= n ? 0 : digits[place] - '0';
}

static struct oracle_number settle(const struct written *w)
{
    struct oracle_number number = { .is_number = true, .fits = true };
    char *digits = malloc(w->lengths[0] + w->lengths[1] + 1);
    long n = 0, point = 0;
    for (int side = 0; side < 2; side++) {
        for (size_t i = 0; i < w->lengths[side]; i++)
            if (w->skip == 0 || w->digits[side][i] != w->skip)
                digits[n++] = w->digits[side][i];
        if (side == 0)
            point = n;
    }
    for (long i = 0; i < point; i++)
        if (digits[i] != '0') {
            number.whole_digits = (size_t)(point - i);
            break;
        }
    long end = point + w->exponent + FRACTION; /* the first place that is cut off */
    for (long i = 0; i < end && number.fits; i++) {
        number.units = number.units * 10 + digit_at(digits, n, i);
        number.fits = number.units <= (wide)INT64_MAX;
    }
    for (long i = end < 0 ? 0 : end; i < n; i++)
        number.rounded = number.rounded || digits[i] != '0';
    if (number.fits && digit_at(digits, n, end) >= 5)
        number.units++;
    number.fits = number.fits && number.units <= (wide)INT64_MAX;
    number.units = w->negative ? -number.units : number.units;
    number.far_exponent = w->exponent > 64 || w->exponent < -64;
    free(digits);
    return number;
}

static size_t take_digits(struct str *text)
{
    size_t n = 0;
    while (n < text->len && text->at[n] >= '0' && text->at[n] <= '9')
        n++;
    *text = str_from(*text, n);
    return n;
}

static bool take(struct str *text, const char *any)
{
    if (text->len == 0 || text->at[0] == '\0' || strchr(any, text->at[0]) == NULL)
        return false;
    *text = str_from(*text, 1);
    return true;
}

struct oracle_number oracle_number(struct str text)
{
    struct oracle_number none = { .is_number = false };
    struct written w = { .negative = take(&text, "-") };
    w.digits[0] = w.digits[1] = text.at;
    w.lengths[0] = take_digits(&text);
    if (w.lengths[0] == 0)
        return none;
    if (take(&text, ".")) {
        w.digits[1] = text.at;
        w.lengths[1] = take_digits(&text);
    }
    if (take(&text, "eE")) {
        bool below = text.len > 0 && text.at[0] == '-';
        (void)take(&text, "+-");
        const char *at = text.at;
        size_t n = take_digits(&text);
        if (n == 0)
            return none;
        for (size_t i = 0; i < n; i++)
            if (w.exponent < EXPONENT_MOST)
                w.exponent = w.exponent * 10 + (at[i] - '0');
        w.exponent = below ? -w.exponent : w.exponent;
    }
    return text.len == 0 ? settle(&w) : none;
}

static struct str without_blanks(struct str text)
{
    static const char blanks[] = " \t\n\v\f\r";
    while (take(&text, blanks))
        continue;
    while (text.len > 0 && text.at[text.len - 1] != '\0' &&
           strchr(blanks, text.at[text.len - 1]) != NULL)
        text.len--;
    return text;
}

/* Digits in groups: the last ones of three, the first of one to three. */
static bool groups_hold(const char *at, size_t n, char grouping)
{
    size_t since = 0;
    bool any = false;
    for (size_t i = n; i > 0; i--) {
        if (at[i - 1] != grouping) {
            since++;
            continue;
        }
        if (since != 3)
            return false;
        any = true;
        since = 0;
    }
    return !any || (since >= 1 && since <= 3);
}

struct oracle_number oracle_written(struct str text, char mark, char grouping)
{
    struct oracle_number none = { .is_number = false };
    text = without_blanks(text);
    struct written w = { .negative = take(&text, "-"), .skip = grouping };
    const char marks[] = { mark, '\0' }, groups[] = { grouping, '\0' };
    w.digits[0] = text.at;
    const char *start = text.at;
    size_t n_digits = 0;
    for (;;) {
        n_digits += take_digits(&text);
        if (grouping == 0 || !take(&text, groups))
            break;
    }
    w.lengths[0] = (size_t)(text.at - start);
    w.digits[1] = text.at;
    if (!groups_hold(start, w.lengths[0], grouping))
        return none;
    if (take(&text, marks)) {
        w.digits[1] = text.at;
        w.lengths[1] = take_digits(&text);
        n_digits += w.lengths[1];
    }
    return text.len == 0 && n_digits > 0 ? settle(&w) : none;
}

/* Counts years and months one by one. */
bool oracle_day(int year, int month, int day, int64_t *ret_ms)
{
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    int lengths[] = { 31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > lengths[month - 1])
        return false;
    int64_t days = (int64_t)(year - 1) * 365;
    for (int y = 1; y < year; y++)
        days += y % 400 == 0 || (y % 4 == 0 && y % 100 != 0);
    for (int m = 1; m < month; m++)
        days += lengths[m - 1];
    *ret_ms = (days + day - 1 - 719162) * 86400000; /* 0001-01-01 to 1970-01-01 */
    return true;
}

/* As many digits as the picture has of a letter: "YYYY-MM-DD". Other characters stand as they are.
 */
static bool take_picture(struct str *text, const char *picture, int values[128])
{
    for (; *picture != '\0'; picture++) {
        if (text->len == 0)
            return false;
        char c = text->at[0];
        *text = str_from(*text, 1);
        if (*picture >= 'A' && *picture <= 'Z') {
            if (c < '0' || c > '9')
                return false;
            values[(int)*picture] = values[(int)*picture] * 10 + (c - '0');
        } else if (c != *picture) {
            return false;
        }
    }
    return true;
}

bool oracle_moment(struct str text, int64_t *ret_ms)
{
    int v[128] = { 0 };
    int64_t ms = 0;
    if (!take_picture(&text, "YYYY-MM-DD", v) || !oracle_day(v['Y'], v['M'], v['D'], ret_ms))
        return false;
    if (text.len == 0)
        return true;
    if (!take(&text, "T ") || !take_picture(&text, "HH:II:SS", v))
        return false;
    if (take(&text, ".")) {
        const char *at = text.at;
        size_t n = take_digits(&text);
        for (size_t i = 0; i < 3; i++)
            ms = ms * 10 + (i < n ? at[i] - '0' : 0);
    }
    int sign = text.len > 0 && text.at[0] == '-' ? -1 : 1;
    if (!take(&text, "Zz")) {
        if (!take(&text, "+-") || !take_picture(&text, "PP", v))
            return false;
        (void)take(&text, ":");
        if (!take_picture(&text, "QQ", v))
            return false;
    }
    if (text.len != 0 || v['H'] > 23 || v['I'] > 59 || v['S'] > 60 || v['P'] > 18 || v['Q'] > 59)
        return false;
    int64_t minutes = v['H'] * 60 + v['I'] - sign * (v['P'] * 60 + v['Q']);
    *ret_ms += (minutes * 60 + v['S']) * 1000 + ms;
    int64_t first, last; /* days that can be written again, as UTC */
    (void)oracle_day(1, 1, 1, &first);
    (void)oracle_day(9999, 12, 31, &last);
    return *ret_ms >= first && *ret_ms < last + 86400000;
}
