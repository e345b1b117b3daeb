/* TZif files: transitions, and the rule for the time after the last of them. */
#include "base/zone.h"

#include "base/os.h"

#define TRANSITIONS_MAX 4096
#define TYPES_MAX       256

/* "Mm.w.d/time": week w (5 = last) of month m, day d (0 = Sunday), seconds after midnight. */
struct turn {
    int month, week, day;
    int64_t seconds;
};

struct rule {
    bool known, has_summer;
    int offset_s, summer_offset_s;
    struct turn to_summer, to_winter;
};

struct zone {
    size_t n_transitions;
    int64_t *at_s; /* moments of change, ascending */
    int *offset_s; /* valid from that moment on */
    int first_offset_s;
    struct rule rule; /* behind the last transition */
};

struct reader {
    const unsigned char *at;
    size_t left;
    bool short_of;
};

static uint64_t take_bytes(struct reader *r, size_t bytes)
{
    if (r->left < bytes) {
        r->short_of = true;
        return 0;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | r->at[i];
    r->at += bytes;
    r->left -= bytes;
    return value;
}

static void skip_bytes(struct reader *r, uint64_t bytes)
{
    if (r->left < bytes)
        r->short_of = true;
    else {
        r->at += bytes;
        r->left -= (size_t)bytes;
    }
}

struct counts {
    uint64_t ut, standard, leaps, times, types, chars;
};

static bool take_header(struct reader *r, struct counts *c)
{
    if (take_bytes(r, 4) != 0x545a6966) /* "TZif" */
        return false;
    skip_bytes(r, 16);
    c->ut = take_bytes(r, 4);
    c->standard = take_bytes(r, 4);
    c->leaps = take_bytes(r, 4);
    c->times = take_bytes(r, 4);
    c->types = take_bytes(r, 4);
    c->chars = take_bytes(r, 4);
    return !r->short_of && c->times <= TRANSITIONS_MAX && c->types >= 1 && c->types <= TYPES_MAX;
}

static uint64_t block_bytes(const struct counts *c, uint64_t time_bytes)
{
    return c->times * (time_bytes + 1) + c->types * 6 + c->chars + c->leaps * (time_bytes + 4) +
           c->standard + c->ut;
}

/* "5", "-3:30", "2:00:00": [+-]h[:m[:s]] in seconds. */
static bool take_clock(struct str *text, int64_t *ret_seconds)
{
    int64_t seconds = 0, unit = 3600;
    bool negative = false;
    if (text->len > 0 && (text->at[0] == '-' || text->at[0] == '+')) {
        negative = text->at[0] == '-';
        *text = str_from(*text, 1);
    }
    for (int part = 0; part < 3; part++, unit /= 60) {
        int64_t value = 0;
        size_t digits = 0;
        while (digits < text->len && digits < 3 && text->at[digits] >= '0' &&
               text->at[digits] <= '9')
            value = value * 10 + (text->at[digits++] - '0');
        if (digits == 0)
            return false;
        seconds += value * unit;
        *text = str_from(*text, digits);
        if (text->len == 0 || text->at[0] != ':')
            break;
        *text = str_from(*text, 1);
    }
    *ret_seconds = negative ? -seconds : seconds;
    return true;
}

static bool take_zone_name(struct str *text)
{
    size_t n = 0;
    if (str_starts(*text, "<")) {
        while (n < text->len && text->at[n] != '>')
            n++;
        n++;
    } else {
        while (n < text->len && ((text->at[n] | 32) >= 'a' && (text->at[n] | 32) <= 'z'))
            n++;
    }
    if (n < 3 || n > text->len)
        return false;
    *text = str_from(*text, n);
    return true;
}

static bool take_turn(struct str text, struct turn *turn)
{
    turn->seconds = 7200;
    struct str parts[3], date_part;
    if (!str_starts(text, "M"))
        return false;
    struct str clock = str_from(text, 1);
    (void)str_next(&clock, '/', &date_part);
    for (int i = 0; i < 3; i++)
        if (!str_next(&date_part, '.', &parts[i]))
            return false;
    int64_t month, week, weekday;
    if (!str_integer(parts[0], &month) || !str_integer(parts[1], &week) ||
        !str_integer(parts[2], &weekday) || month < 1 || month > 12 || week < 1 || week > 5 ||
        weekday < 0 || weekday > 6)
        return false;
    turn->month = (int)month;
    turn->week = (int)week;
    turn->day = (int)weekday;
    return clock.at == NULL || take_clock(&clock, &turn->seconds);
}

/* "EST5EDT,M3.2.0,M11.1.0". Offsets there count west; here east. */
static void parse_rule(struct str text, struct rule *rule)
{
    int64_t west, summer_west;
    if (!take_zone_name(&text) || !take_clock(&text, &west))
        return;
    rule->offset_s = (int)-west;
    rule->known = true;
    if (text.len == 0 || !take_zone_name(&text))
        return;
    summer_west = west - 3600;
    if (text.len > 0 && text.at[0] != ',' && !take_clock(&text, &summer_west))
        return;
    struct str unused, start, end;
    if (!str_next(&text, ',', &unused) || !str_next(&text, ',', &start) ||
        !str_next(&text, ',', &end))
        return;
    rule->summer_offset_s = (int)-summer_west;
    rule->has_summer = take_turn(start, &rule->to_summer) && take_turn(end, &rule->to_winter);
}

static bool read_block(struct arena *a, struct reader *r, const struct counts *c, struct zone *zone)
{
    zone->n_transitions = (size_t)c->times;
    zone->at_s = ARENA_ARRAY(a, zone->n_transitions + 1, int64_t);
    zone->offset_s = ARENA_ARRAY(a, zone->n_transitions + 1, int);
    unsigned char kind[TRANSITIONS_MAX];
    int offsets[TYPES_MAX];
    for (size_t i = 0; i < zone->n_transitions; i++)
        zone->at_s[i] = (int64_t)take_bytes(r, 8);
    for (size_t i = 0; i < zone->n_transitions; i++)
        kind[i] = (unsigned char)take_bytes(r, 1);
    for (size_t i = 0; i < c->types; i++) {
        offsets[i] = (int)(int32_t)take_bytes(r, 4);
        skip_bytes(r, 2);
    }
    skip_bytes(r, c->chars + c->leaps * 12 + c->standard + c->ut);
    for (size_t i = 0; i < zone->n_transitions; i++) {
        if (kind[i] >= c->types)
            return false;
        zone->offset_s[i] = offsets[kind[i]];
    }
    zone->first_offset_s = offsets[0];
    return !r->short_of;
}

enum status zone_read(struct arena *a, struct str file, const struct zone **ret_zone,
                      struct error *err)
{
    struct reader r = { (const unsigned char *)file.at, file.len, false };
    struct counts c = { 0 };
    struct zone *zone = ARENA_NEW(a, struct zone);
    bool good = take_header(&r, &c);
    skip_bytes(&r, block_bytes(&c, 4));
    good = good && take_header(&r, &c) && read_block(a, &r, &c, zone);
    if (!good)
        return fail(err, ST_INVALID, "the time zone file is damaged or of an old form");
    struct str footer = str_trim((struct str){ (const char *)r.at, r.left });
    parse_rule(footer, &zone->rule);
    *ret_zone = zone;
    return ST_OK;
}

static bool name_is_safe(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        bool other = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
        if (!letter && !other && (c != '/' || i == 0))
            return false;
    }
    return name.len > 0 && name.len < 64;
}

enum status zone_open(struct arena *a, struct str name, const struct zone **ret_zone,
                      struct error *err)
{
    if (str_is(name, "UTC")) {
        *ret_zone = ARENA_NEW(a, struct zone);
        return ST_OK;
    }
    if (!name_is_safe(name))
        return fail(err, ST_INVALID, "'%.*s' is not a time zone name such as Europe/Stockholm",
                    STR_PRINT(name));
    struct str file;
    const char *path = arena_printf(a, "/usr/share/zoneinfo/%.*s", STR_PRINT(name));
    enum status s = os_read_file(a, path, LIMIT_SMALL_FILE_BYTES, &file, err);
    if (s != ST_OK)
        return fail(err, ST_INVALID, "this machine knows no time zone '%.*s'", STR_PRINT(name));
    s = zone_read(a, file, ret_zone, err);
    return s == ST_OK ? ST_OK : wrap(err, s, "%s", path);
}

/* Seconds since 1970 of a turn in a year, in the local time before it. */
static int64_t turn_in_year(const struct turn *turn, int year)
{
    struct date first = { year, turn->month, 1 };
    int64_t days = date_to_ms(first) / 86400000;
    int64_t weekday = ((days + 4) % 7 + 7) % 7; /* 1970-01-01 was a Thursday */
    int64_t day = (turn->day - weekday + 7) % 7 + (turn->week - 1) * 7;
    while (day >= date_days_in_month(year, turn->month))
        day -= 7;
    return (days + day) * 86400 + turn->seconds;
}

static int rule_offset(const struct rule *rule, int64_t utc_s)
{
    if (!rule->has_summer)
        return rule->offset_s;
    struct date today = date_of_ms((utc_s + rule->offset_s) * 1000);
    int64_t summer = turn_in_year(&rule->to_summer, today.year) - rule->offset_s;
    int64_t winter = turn_in_year(&rule->to_winter, today.year) - rule->summer_offset_s;
    bool is_summer =
        summer < winter ? utc_s >= summer && utc_s < winter : utc_s >= summer || utc_s < winter;
    return is_summer ? rule->summer_offset_s : rule->offset_s;
}

int zone_offset_s(const struct zone *zone, int64_t utc_ms)
{
    int64_t utc_s = utc_ms >= 0 ? utc_ms / 1000 : (utc_ms - 999) / 1000;
    size_t n = zone->n_transitions;
    if (n == 0 || utc_s < zone->at_s[0])
        return n == 0 && zone->rule.known ? rule_offset(&zone->rule, utc_s) : zone->first_offset_s;
    if (utc_s >= zone->at_s[n - 1] && zone->rule.known)
        return rule_offset(&zone->rule, utc_s);
    size_t low = 0, high = n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (zone->at_s[middle] <= utc_s)
            low = middle;
        else
            high = middle;
    }
    return zone->offset_s[low];
}

void zone_print(const struct zone *zone, struct buf *to, int64_t utc_ms)
{
    int64_t rest;
    date_print(to, moment_split(utc_ms + (int64_t)zone_offset_s(zone, utc_ms) * 1000, &rest));
    buf_printf(to, " %02d:%02d", (int)(rest / 3600000), (int)(rest / 60000 % 60));
}

void zone_date(const struct zone *zone, int64_t utc_ms, struct date *ret_date)
{
    *ret_date = date_of_ms(utc_ms + (int64_t)zone_offset_s(zone, utc_ms) * 1000);
}
