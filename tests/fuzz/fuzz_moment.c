/* Moments and dates: what is read is what the text says by another calculation, and what is printed
 * is read back. */
#include "fuzz.h"
#include "oracle.h"

#include "base/moment.h"

static void moments_are_those_of_the_text(struct str text)
{
    int64_t ms = 77, right = 0;
    bool good = moment_parse(text, &ms);
    HOLDS(good == oracle_moment(text, &right));
    if (!good) {
        HOLDS(ms == 77);
        return;
    }
    HOLDS(ms == right);
    char at[32];
    int64_t again;
    HOLDS(moment_parse(str_of(moment_text(ms, at)), &again));
    HOLDS(again == ms);
}

static void dates_are_days(struct str text)
{
    struct date date = { 7, 7, 7 };
    int64_t ms, right;
    bool good = date_parse(text, &date);
    HOLDS(good == (moment_parse(text, &ms) && text.len == 10));
    if (!good) {
        HOLDS(date.year == 7 && date.month == 7 && date.day == 7);
        return;
    }
    HOLDS(oracle_day(date.year, date.month, date.day, &right));
    HOLDS(date_to_ms(date) == right && right == ms);
    SCOPED(buf_release) struct buf printed = BUF(32);
    date_print(&printed, date);
    HOLDS(str_equal(buf_str(&printed), text));
}

static void any_moment_splits(int64_t ms)
{
    int64_t rest;
    struct date date = moment_split(ms, &rest);
    HOLDS(rest >= 0 && rest < 86400000);
    HOLDS(date.month >= 1 && date.month <= 12);
    HOLDS(date.day >= 1 && date.day <= date_days_in_month(date.year, date.month));
    bool has_four_digits = date.year >= 1 && date.year <= 9999;
    HOLDS(!has_four_digits || date_to_ms(date) == ms - rest);
    char at[32];
    int64_t again;
    bool is_read = moment_parse(str_of(moment_text(ms, at)), &again);
    HOLDS(is_read == has_four_digits);
    HOLDS(!is_read || again == ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    switch (input_choice(&in, 3)) {
    case 0:
        moments_are_those_of_the_text(in.rest);
        break;
    case 1:
        dates_are_days(in.rest);
        break;
    default:
        any_moment_splits(input_number(&in));
        SCOPED(buf_release) struct buf text = BUF(100);
        duration_print(&text, input_number(&in));
        HOLDS(text.len > 0);
    }
    return 0;
}
