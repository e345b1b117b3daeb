/* Ways of looking at an answer. What they write as evidence holds kinds, counts and closed sets of
 * words, never a customer's value. */
#include "hub/doctor_inside.h"

#define MOST_WORDS 8

enum verdict untold(const struct answer *x, struct buf *evidence)
{
    if (x->problem != NULL)
        buf_add_text(evidence, x->problem);
    else if (x->http != 0)
        buf_printf(evidence, "HTTP %d (%s)", x->http, status_row(x->status)->name);
    else
        buf_printf(evidence, "no answer (%s)", status_row(x->status)->name);
    return VERDICT_UNTOLD;
}

LOOK(look_kinds)
{
    struct str rest = str_of(row->path), path;
    const struct shape *shape = NULL;
    (void)d;
    if (x->status != ST_OK || x->shape == NULL)
        return untold(x, evidence);
    while (shape == NULL && str_next(&rest, '|', &path))
        shape = shape_at(x->shape, arena_text(d->a, path));
    if (shape == NULL) {
        buf_printf(evidence, "%s is not there", row->path);
        return x->n_records == 0 ? VERDICT_UNTOLD : VERDICT_BAD;
    }
    buf_printf(evidence, "%s is ", row->path);
    kinds_print(evidence, shape->kinds);
    buf_printf(evidence, ", %d of %d", shape->n_seen,
               shape->n_around > 0 ? shape->n_around : shape->n_seen);
    unsigned kinds = shape->kinds & ~KIND(NULL);
    if (kinds == 0 && (row->kinds & KIND(NULL)) == 0)
        return VERDICT_UNTOLD;
    return (kinds & ~row->kinds) == 0 ? VERDICT_GOOD : VERDICT_BAD;
}

LOOK(look_members)
{
    struct str rest = str_of(row->words), name;
    const struct shape *around = x->shape == NULL ? NULL : shape_at(x->shape, row->path);
    int n_absent = 0, n_there = 0;
    if (x->status != ST_OK || x->shape == NULL)
        return untold(x, evidence);
    if (around == NULL || around->n_seen == 0) {
        buf_add_text(evidence, "no record came");
        return VERDICT_UNTOLD;
    }
    while (str_next(&rest, '|', &name)) {
        if (shape_at(around, arena_text(d->a, name)) != NULL)
            n_there++;
        else
            buf_printf(evidence, "%s%.*s", n_absent++ == 0 ? "absent: " : ", ", STR_PRINT(name));
    }
    if (n_absent == 0)
        buf_printf(evidence, "all %d are there", n_there);
    buf_printf(evidence, " (%d records)", around->n_seen);
    return n_absent == 0 ? VERDICT_GOOD : VERDICT_BAD;
}

/* A word of a closed set, and not a customer's text. */
static bool may_be_told(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-'))
            return false;
    }
    return word.len > 0 && word.len <= 24;
}

static bool is_among(const char *words, struct str word)
{
    struct str rest = str_of(words), one;
    while (str_next(&rest, '|', &one))
        if (str_equal_nocase(one, word))
            return true;
    return false;
}

/* `path` is "data.records.[].status": one list on the way. */
LOOK(look_words)
{
    struct str seen[MOST_WORDS];
    size_t n = 0;
    bool all_known = true;
    const char *inside = strstr(row->path, ".[].");
    if (x->status != ST_OK || x->document == NULL || inside == NULL)
        return untold(x, evidence);
    struct str before = { row->path, (size_t)(inside - row->path) };
    const struct json *list = json_get_at(x->document, arena_text(d->a, before));
    for (size_t i = 0; i < json_length(list); i++) {
        struct str word = json_text(json_get_at(json_at(list, i), inside + 4));
        bool is_new = word.len > 0 && n < MOST_WORDS;
        for (size_t j = 0; j < n; j++)
            is_new = is_new && !str_equal(seen[j], word);
        all_known = all_known && (word.len == 0 || is_among(row->words, word));
        if (is_new)
            seen[n++] = word;
    }
    buf_add_text(evidence, n == 0 ? "none was there" : "seen: ");
    for (size_t i = 0; i < n; i++)
        buf_printf(evidence, "%s%.*s", i > 0 ? ", " : "",
                   STR_PRINT(may_be_told(seen[i]) ? seen[i] : STR("(another)")));
    return n == 0 ? VERDICT_UNTOLD : all_known ? VERDICT_GOOD : VERDICT_BAD;
}

LOOK(look_answered)
{
    (void)d, (void)row;
    if (x->status == ST_OK && x->document != NULL) {
        buf_printf(evidence, "HTTP %d", x->http);
        if (x->n_records >= 0)
            buf_printf(evidence, ", %lld records", (long long)x->n_records);
        return VERDICT_GOOD;
    }
    (void)untold(x, evidence);
    bool is_answer = x->http != 0 && (x->status == ST_NOT_FOUND || x->status == ST_INVALID ||
                                      x->status == ST_UNREADABLE || x->status == ST_RULE);
    return is_answer ? VERDICT_BAD : VERDICT_UNTOLD;
}

LOOK(look_refused)
{
    int64_t wanted = 0;
    (void)d;
    (void)str_integer(str_of(row->words), &wanted);
    if (x->http == 0 || x->status == ST_RATE || x->status == ST_REMOTE)
        return untold(x, evidence);
    buf_printf(evidence, "HTTP %d", x->http);
    if (x->n_records >= 0)
        buf_printf(evidence, ", %lld records", (long long)x->n_records);
    return x->http == wanted ? VERDICT_GOOD : VERDICT_BAD;
}

LOOK(look_fault)
{
    const struct shape *shape = x->shape == NULL ? NULL : shape_at(x->shape, row->path);
    (void)d;
    if (x->http < 400 || x->status == ST_REMOTE)
        return untold(x, evidence);
    buf_printf(evidence, "HTTP %d, %s is ", x->http, row->path);
    if (shape == NULL) {
        buf_add_text(evidence, "not there");
        return VERDICT_BAD;
    }
    kinds_print(evidence, shape->kinds);
    return (shape->kinds & KINDS_TEXT) != 0 ? VERDICT_GOOD : VERDICT_BAD;
}

LOOK(look_empty)
{
    if (x->status != ST_OK || x->n_records < 0)
        return untold(x, evidence);
    const struct answer *whole = ask_probe(d, "customers");
    buf_printf(evidence, "%lld records, total %lld", (long long)x->n_records, (long long)x->total);
    if (row->words == NULL)
        return x->n_records == 0 ? VERDICT_GOOD : VERDICT_BAD;
    int64_t wanted = strcmp(row->words, "true") == 0 ? whole->total : 0;
    return x->n_records == 0 && x->total == wanted ? VERDICT_GOOD : VERDICT_BAD;
}

LOOK(look_filtered)
{
    const struct answer *whole = ask_probe(d, row->words);
    if (x->status != ST_OK || whole->status != ST_OK || x->n_records < 0)
        return untold(x->status != ST_OK ? x : whole, evidence);
    buf_printf(evidence, "%lld with the filter, %lld without", (long long)x->n_records,
               (long long)whole->n_records);
    if (whole->n_records == 0)
        return VERDICT_UNTOLD;
    return x->n_records < whole->n_records ? VERDICT_GOOD : VERDICT_BAD;
}

LOOK(look_same)
{
    const struct answer *other = ask_probe(d, row->words);
    if (other->status != ST_OK || other->n_records < 0)
        return untold(other, evidence);
    if (x->status == ST_OK)
        buf_printf(evidence, "%lld records here, %lld there", (long long)x->n_records,
                   (long long)other->n_records);
    else
        (void)untold(x, evidence);
    return x->status == ST_OK && x->n_records == other->n_records ? VERDICT_GOOD : VERDICT_BAD;
}
