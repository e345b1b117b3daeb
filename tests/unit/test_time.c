/* Moments, dates and zones. */
#include "base/clock.h"
#include "base/moment.h"
#include "base/zone.h"
#include "test.h"

static void moments_are_read_in_every_form_the_remotes_send(void **state)
{
    (void)state;
    static const struct {
        const char *text, *utc; /* NULL: refused */
    } rows[] = {
        { "2026-07-09T11:21:25.733-0400", "2026-07-09T15:21:25.733Z" },
        { "2026-01-15T00:00:00.000-0500", "2026-01-15T05:00:00.000Z" },
        { "2024-08-05T11:21:07.900Z", "2024-08-05T11:21:07.900Z" },
        { "2024-01-08T08:50:50Z", "2024-01-08T08:50:50.000Z" },
        { "2024-02-29T23:30:00+01:00", "2024-02-29T22:30:00.000Z" },
        { "2026-07-09", "2026-07-09T00:00:00.000Z" },
        { "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" },
        { "2000-01-01T00:00:00.123456789Z", "2000-01-01T00:00:00.123Z" },
        { "2026-07-09T11:21:25", NULL },
        { "2026-02-29", NULL },
        { "2026-13-01", NULL },
        { "2026-00-10", NULL },
        { "2026-7-9", NULL },
        { "2026-07-09T24:00:00Z", NULL },
        { "2026-07-09T11:21:25+25:00", NULL },
        { "2026-07-09T11:21:25Zx", NULL },
        { "0000-00-00", NULL },
        { "", NULL },
        { "XXXXXX", NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t ms = 0;
        char at[32];
        bool good = moment_parse(str_of(rows[i].text), &ms);
        assert_int_equal(good, rows[i].utc != NULL);
        if (good)
            assert_string_equal(moment_text(ms, at), rows[i].utc);
    }
}

static void every_day_of_four_centuries_comes_back(void **state)
{
    (void)state;
    struct date d = { 1800, 1, 1 };
    int64_t ms = date_to_ms(d);
    while (d.year < 2200) {
        struct date back = date_of_ms(ms);
        assert_true(back.year == d.year && back.month == d.month && back.day == d.day);
        assert_int_equal(date_to_ms(d), ms);
        ms += 86400000;
        if (++d.day > date_days_in_month(d.year, d.month)) {
            d.day = 1;
            if (++d.month > 12) {
                d.month = 1;
                d.year++;
            }
        }
    }
}

static void zones_know_their_summers(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *utc, *local;
    } rows[] = {
        { "Europe/Stockholm", "2026-07-09T15:21:25Z", "2026-07-09 17:21" },
        { "Europe/Stockholm", "2026-12-31T23:30:00Z", "2027-01-01 00:30" },
        { "Europe/Stockholm", "2026-03-29T00:59:59Z", "2026-03-29 01:59" },
        { "Europe/Stockholm", "2026-03-29T01:00:00Z", "2026-03-29 03:00" },
        { "America/New_York", "2060-07-01T12:00:00Z", "2060-07-01 08:00" },
        { "America/New_York", "2060-01-01T12:00:00Z", "2060-01-01 07:00" },
        { "America/New_York", "2060-11-07T05:59:59Z", "2060-11-07 01:59" },
        { "America/New_York", "2060-11-07T06:00:00Z", "2060-11-07 01:00" },
        { "Australia/Sydney", "2050-01-01T00:00:00Z", "2050-01-01 11:00" },
        { "Australia/Sydney", "2050-07-01T00:00:00Z", "2050-07-01 10:00" },
        { "Asia/Kolkata", "2026-01-01T00:00:00Z", "2026-01-01 05:30" },
        { "UTC", "2026-01-01T00:00:00Z", "2026-01-01 00:00" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        SCOPED(buf_release) struct buf text = BUF(100);
        struct error err;
        const struct zone *zone;
        int64_t ms;
        assert_ok(zone_open(&a, str_of(rows[i].zone), &zone, &err), &err);
        assert_true(moment_parse(str_of(rows[i].utc), &ms));
        zone_print(zone, &text, ms);
        assert_string_equal(text.at, rows[i].local);
    }
}

static void a_zone_that_is_none_is_refused(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const struct zone *zone;
    assert_fails(zone_open(&a, STR("../../etc/passwd"), &zone, &err), ST_INVALID, &err,
                 "is not a time zone name");
    assert_fails(zone_open(&a, STR("Mars/Base"), &zone, &err), ST_INVALID, &err,
                 "knows no time zone 'Mars/Base'");
    assert_fails(zone_read(&a, STR("TZif2 but no more"), &zone, &err), ST_INVALID, &err, "damaged");
}

static void a_manual_clock_moves_only_when_told(void **state)
{
    (void)state;
    struct clock_manual m;
    clock_manual_init(&m, 1000);
    m.clock.sleep_ms(&m.clock, 500);
    clock_manual_advance(&m, 1);
    assert_int_equal(m.clock.now_ms(&m.clock), 1501);
    assert_int_equal(m.slept_ms, 500);
}

int main(void)
{
    const struct CMUnitTest time_tests[] = {
        cmocka_unit_test(moments_are_read_in_every_form_the_remotes_send),
        cmocka_unit_test(every_day_of_four_centuries_comes_back),
        cmocka_unit_test(zones_know_their_summers),
        cmocka_unit_test(a_zone_that_is_none_is_refused),
        cmocka_unit_test(a_manual_clock_moves_only_when_told),
    };
    return RUN(time_tests);
}
