/* Dates and moments in the proleptic Gregorian calendar. */
#include "base/moment.h"

#define DAY_MS   INT64_C(86400000)
#define FIRST_MS INT64_C(-62135596800000) /* 0001-01-01T00:00:00.000Z */
#define LAST_MS  INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

/* Days since 1970-01-01, for years 1 to 9999. Counts from 0000-03-01, so that the leap day ends a
 * year. */
static int64_t days_of(struct date date)
{
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t month = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

static struct date date_of_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct date date = {
        .year = (int)(year_of_era + era * 400),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    date.year += date.month <= 2;
    return date;
}

int date_days_in_month(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

struct date moment_split(int64_t ms, int64_t *ret_ms_of_day)
{
    int64_t days = ms / DAY_MS;
    int64_t rest = ms % DAY_MS;
    if (rest < 0) {
        rest += DAY_MS;
        days--;
    }
    *ret_ms_of_day = rest;
    return date_of_days(days);
}

struct date date_of_ms(int64_t ms)
{
    int64_t rest;
    return moment_split(ms, &rest);
}

int64_t date_to_ms(struct date date)
{
    return days_of(date) * DAY_MS;
}

/* Takes exactly `digits` digits off the front. */
static bool take_number(struct str *text, size_t digits, int *ret_value)
{
    if (text->len < digits)
        return false;
    int64_t value;
    struct str part = { text->at, digits };
    if (part.at[0] == '-' || !str_integer(part, &value))
        return false;
    *ret_value = (int)value;
    *text = str_from(*text, digits);
    return true;
}

static bool take_char(struct str *text, char c)
{
    if (text->len == 0 || text->at[0] != c)
        return false;
    *text = str_from(*text, 1);
    return true;
}

static bool take_date(struct str *text, struct date *ret_date)
{
    struct date d;
    if (!take_number(text, 4, &d.year) || !take_char(text, '-') ||
        !take_number(text, 2, &d.month) || !take_char(text, '-') || !take_number(text, 2, &d.day))
        return false;
    if (d.year < 1 || d.month < 1 || d.month > 12 || d.day < 1 ||
        d.day > date_days_in_month(d.year, d.month))
        return false;
    *ret_date = d;
    return true;
}

bool date_parse(struct str text, struct date *ret_date)
{
    struct date date;
    if (!take_date(&text, &date) || text.len != 0)
        return false;
    *ret_date = date;
    return true;
}

/* Milliseconds of the digits behind a decimal point; finer ones are cut. */
static int take_fraction(struct str *text)
{
    int ms = 0, scale = 100;
    while (text->len > 0 && text->at[0] >= '0' && text->at[0] <= '9') {
        ms += (text->at[0] - '0') * scale;
        scale /= 10;
        *text = str_from(*text, 1);
    }
    return ms;
}

/* "Z", "+hh:mm", "-hhmm"; minutes east of UTC. */
static bool take_offset(struct str *text, int *ret_minutes)
{
    if (take_char(text, 'Z') || take_char(text, 'z')) {
        *ret_minutes = 0;
        return true;
    }
    bool west = take_char(text, '-');
    int hours, minutes;
    if (!west && !take_char(text, '+'))
        return false;
    if (!take_number(text, 2, &hours))
        return false;
    (void)take_char(text, ':');
    if (!take_number(text, 2, &minutes) || hours > 18 || minutes > 59)
        return false;
    *ret_minutes = (hours * 60 + minutes) * (west ? -1 : 1);
    return true;
}

bool moment_parse(struct str text, int64_t *ret_ms)
{
    struct date date;
    int hour, minute, second, ms = 0, offset_minutes;
    if (!take_date(&text, &date))
        return false;
    if (text.len == 0) {
        *ret_ms = date_to_ms(date);
        return true;
    }
    if (!take_char(&text, 'T') && !take_char(&text, ' '))
        return false;
    if (!take_number(&text, 2, &hour) || !take_char(&text, ':') ||
        !take_number(&text, 2, &minute) || !take_char(&text, ':') ||
        !take_number(&text, 2, &second) || hour > 23 || minute > 59 || second > 60)
        return false;
    if (take_char(&text, '.'))
        ms = take_fraction(&text);
    if (!take_offset(&text, &offset_minutes) || text.len != 0)
        return false;
    int64_t seconds = (int64_t)hour * 3600 + minute * 60 + second - (int64_t)offset_minutes * 60;
    int64_t at_ms = date_to_ms(date) + seconds * 1000 + ms;
    if (at_ms < FIRST_MS || at_ms > LAST_MS) /* an offset led out of the years that have a form */
        return false;
    *ret_ms = at_ms;
    return true;
}

void date_print(struct buf *to, struct date date)
{
    buf_printf(to, "%04d-%02d-%02d", date.year, date.month, date.day);
}

void moment_print(struct buf *to, int64_t ms)
{
    int64_t rest;
    date_print(to, moment_split(ms, &rest));
    buf_printf(to, "T%02d:%02d:%02d.%03dZ", (int)(rest / 3600000), (int)(rest / 60000 % 60),
               (int)(rest / 1000 % 60), (int)(rest % 1000));
}

char *moment_text(int64_t ms, char at[32])
{
    SCOPED(buf_release) struct buf text = BUF(31);
    moment_print(&text, ms);
    memcpy(at, text.at, text.len + 1);
    return at;
}

void duration_print(struct buf *to, int64_t ms)
{
    int64_t s = ms / 1000;
    if (ms < 1000)
        buf_printf(to, "%lld ms", (long long)ms);
    else if (s < 60)
        buf_printf(to, "%lld s", (long long)s);
    else if (s < 3600)
        buf_printf(to, "%lld min", (long long)(s / 60));
    else if (s < 86400)
        buf_printf(to, "%lld h %lld min", (long long)(s / 3600), (long long)(s / 60 % 60));
    else
        buf_printf(to, "%lld d %lld h", (long long)(s / 86400), (long long)(s / 3600 % 24));
}
