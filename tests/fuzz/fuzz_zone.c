/* Time zone files: whatever their bytes, offsets are those of the transitions by a plain walk, and
 * what is printed is the moment moved by the offset. */
#include "fuzz.h"

#include "base/zone.h"

#include <string.h>

#define TRANSITIONS_MOST 64

/* The second block of a file, read on its own. */
struct file {
    struct str left;
    int64_t at_s[TRANSITIONS_MOST];
    int64_t offset_s[TRANSITIONS_MOST], first_offset_s;
    size_t n;
    bool ascends, is_known; /* else too long to compare */
};

static int64_t number(struct str *left, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (i < left->len ? (unsigned char)left->at[i] : 0);
    *left = str_from(*left, bytes);
    return bytes == 4 ? (int32_t)value : (int64_t)value;
}

static void header(struct str *left, size_t counts[6])
{
    *left = str_from(*left, 20);
    for (int i = 0; i < 6; i++)
        counts[i] = (size_t)(uint32_t)number(left, 4);
}

static void read_file(struct file *f, struct str text)
{
    size_t c[6]; /* ut, standard, leaps, times, types, chars */
    header(&text, c);
    text = str_from(text, c[3] * 5 + c[4] * 6 + c[5] + c[2] * 8 + c[1] + c[0]);
    header(&text, c);
    *f = (struct file){ .n = c[3], .ascends = true, .is_known = c[3] <= TRANSITIONS_MOST };
    if (!f->is_known)
        return;
    for (size_t i = 0; i < f->n; i++) {
        f->at_s[i] = number(&text, 8);
        f->ascends = f->ascends && (i == 0 || f->at_s[i] > f->at_s[i - 1]);
    }
    struct str kinds = text, types = str_from(text, f->n);
    for (size_t i = 0; i <= f->n; i++) {
        struct str type =
            i == f->n ? types : str_from(types, (size_t)(unsigned char)kinds.at[i] * 6);
        *(i == f->n ? &f->first_offset_s : &f->offset_s[i]) = number(&type, 4);
    }
}

static void offsets_are_those_of_the_file(const struct file *f, const struct zone *zone,
                                          int64_t utc_ms)
{
    int64_t utc_s = utc_ms / 1000 - (utc_ms % 1000 < 0), right = f->first_offset_s;
    if (!f->is_known || !f->ascends || f->n == 0 || utc_s >= f->at_s[f->n - 1])
        return; /* the rule behind the last transition has a say */
    for (size_t i = 0; i < f->n && f->at_s[i] <= utc_s; i++)
        right = f->offset_s[i];
    HOLDS(zone_offset_s(zone, utc_ms) == right);
}

static void what_is_printed_is_moved_by_the_offset(const struct zone *zone, int64_t utc_ms)
{
    SCOPED(buf_release) struct buf text = BUF(64), wanted = BUF(64);
    int64_t rest, local_ms = utc_ms + (int64_t)zone_offset_s(zone, utc_ms) * 1000;
    struct date date = moment_split(local_ms, &rest), told;
    zone_date(zone, utc_ms, &told);
    HOLDS(told.year == date.year && told.month == date.month && told.day == date.day);
    zone_print(zone, &text, utc_ms);
    moment_print(&wanted, local_ms);
    HOLDS(text.len == wanted.len - 8); /* without ":ss.mmmZ" */
    HOLDS(memcmp(text.at + text.len - 5, wanted.at + text.len - 5, 5) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    int64_t asked_ms = input_number(&in) % INT64_C(253402300800000); /* years 0 to 9999 */
    const struct zone *zone;
    struct error err;
    enum status s = zone_read(&a, in.rest, &zone, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        return 0;
    }
    struct file file;
    read_file(&file, in.rest);
    offsets_are_those_of_the_file(&file, zone, asked_ms);
    what_is_printed_is_moved_by_the_offset(zone, asked_ms);
    for (size_t i = 0; file.is_known && i < file.n; i++) {
        if (file.at_s[i] > INT64_C(253402300800) || file.at_s[i] < -INT64_C(62135596800))
            continue;
        offsets_are_those_of_the_file(&file, zone, file.at_s[i] * 1000);
        offsets_are_those_of_the_file(&file, zone, file.at_s[i] * 1000 - 1);
        what_is_printed_is_moved_by_the_offset(zone, file.at_s[i] * 1000);
    }
    return 0;
}
