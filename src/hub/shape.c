/* Shapes of documents. */
#include "hub/shape.h"

#include "base/decimal.h"
#include "base/moment.h"

#define MOST_ELEMENTS 200
#define MOST_MEMBERS  200
#define MOST_NAME     60

static const char *const kind_names[SHAPE_KINDS] = {
    [SHAPE_NULL] = "null",
    [SHAPE_BOOLEAN] = "true or false",
    [SHAPE_WHOLE] = "a whole number",
    [SHAPE_DECIMAL] = "a decimal number",
    [SHAPE_LIST] = "a list",
    [SHAPE_OBJECT] = "an object",
    [SHAPE_TEXT] = "a text",
    [SHAPE_EMPTY] = "an empty text",
    [SHAPE_NUMBER] = "a number in a text",
    [SHAPE_DATE] = "a date",
    [SHAPE_MOMENT_Z] = "a moment in UTC (Z)",
    [SHAPE_MOMENT_COLON] = "a moment with an offset (-04:00)",
    [SHAPE_MOMENT_PLAIN] = "a moment with an offset without colon (-0400)",
    [SHAPE_UUID] = "a UUID",
    [SHAPE_URL] = "an address",
};

static bool is_uuid(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (is_dash ? c != '-' : !is_digit)
            return false;
    }
    return text.len == 36;
}

static enum shape_kind kind_of_text(struct str text)
{
    struct date date;
    struct decimal decimal;
    struct error ignored;
    int64_t ms;
    bool rounded;
    if (text.len == 0)
        return SHAPE_EMPTY;
    if (date_parse(text, &date))
        return SHAPE_DATE;
    if (text.len > 11 && text.at[10] == 'T' && moment_parse(text, &ms)) {
        char mark = text.len >= 6 ? text.at[text.len - 3] : ' ';
        return str_ends(text, "Z") || str_ends(text, "z") ? SHAPE_MOMENT_Z
               : mark == ':'                              ? SHAPE_MOMENT_COLON
                                                          : SHAPE_MOMENT_PLAIN;
    }
    if (decimal_parse(text, &decimal, &rounded, &ignored) == ST_OK)
        return SHAPE_NUMBER;
    if (is_uuid(text))
        return SHAPE_UUID;
    return str_starts(text, "https://") || str_starts(text, "http://") ? SHAPE_URL : SHAPE_TEXT;
}

static enum shape_kind kind_of(const struct json *value)
{
    switch (json_kind(value)) {
    case JSON_NULL:
        return SHAPE_NULL;
    case JSON_BOOLEAN:
        return SHAPE_BOOLEAN;
    case JSON_INTEGER:
        return SHAPE_WHOLE;
    case JSON_DECIMAL:
        return SHAPE_DECIMAL;
    case JSON_ARRAY:
        return SHAPE_LIST;
    case JSON_OBJECT:
        return SHAPE_OBJECT;
    case JSON_TEXT:
        break;
    }
    return kind_of_text(json_text(value));
}

/* A map may have customers' own words as keys: only plain words of a programmer are told. */
static const char *safe_name(struct arena *a, struct str name)
{
    bool is_plain = name.len > 0 && name.len <= MOST_NAME;
    bool has_digits_only = true;
    for (size_t i = 0; i < name.len && is_plain; i++) {
        char c = name.at[i];
        bool is_digit = c >= '0' && c <= '9';
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
        is_plain = is_digit || is_letter || (i == 0 && c == '@');
        has_digits_only = has_digits_only && is_digit;
    }
    return is_plain && !has_digits_only ? arena_text(a, name) : "(other)";
}

static struct shape *member_of(struct arena *a, struct shape *shape, const char *name)
{
    struct shape **at = &shape->members;
    size_t n = 0;
    for (; *at != NULL; at = &(*at)->next, n++)
        if (strcmp((*at)->name, name) == 0)
            return *at;
    if (n >= MOST_MEMBERS)
        return NULL;
    *at = ARENA_NEW(a, struct shape);
    (*at)->name = name;
    return *at;
}

static void look(struct arena *a, struct shape *shape, const struct json *value)
{
    shape->kinds |= 1u << kind_of(value);
    shape->n_seen++;
    struct json_members members = json_members(value);
    while (json_members_next(&members)) {
        struct shape *member = member_of(a, shape, safe_name(a, members.key));
        if (member != NULL)
            look(a, member, members.value);
    }
    size_t n = json_length(value) < MOST_ELEMENTS ? json_length(value) : MOST_ELEMENTS;
    if (n > 0 && shape->element == NULL)
        shape->element = ARENA_NEW(a, struct shape);
    for (size_t i = 0; i < n; i++)
        look(a, shape->element, json_at(value, i));
}

static void count_around(struct shape *shape)
{
    for (struct shape *m = shape->members; m != NULL; m = m->next) {
        m->n_around = shape->n_seen;
        count_around(m);
    }
    if (shape->element != NULL)
        count_around(shape->element);
}

const struct shape *shape_of(struct arena *a, const struct json *document)
{
    struct shape *shape = ARENA_NEW(a, struct shape);
    look(a, shape, document);
    count_around(shape);
    return shape;
}

const struct shape *shape_at(const struct shape *shape, const char *path)
{
    struct str rest = str_of(path), part;
    while (shape != NULL && rest.len > 0 && str_next(&rest, '.', &part)) {
        if (str_is(part, "[]")) {
            shape = shape->element;
            continue;
        }
        const struct shape *member = shape->members;
        while (member != NULL && !str_is(part, member->name))
            member = member->next;
        shape = member;
    }
    return shape;
}

void kinds_print(struct buf *to, unsigned kinds)
{
    const char *before = "";
    for (unsigned i = 0; i < SHAPE_KINDS; i++) {
        if ((kinds & (1u << i)) == 0)
            continue;
        buf_printf(to, "%s%s", before, kind_names[i]);
        before = " or ";
    }
}

void shape_print(struct json_writer *w, const char *key, const struct shape *shape)
{
    SCOPED(buf_release) struct buf kinds = BUF(1000);
    if (w->depth > LIMIT_JSON_DEPTH - 4) {
        json_put_null(w, key);
        return;
    }
    kinds_print(&kinds, shape->kinds);
    if (key == NULL)
        json_open_object(w);
    else
        json_put_object(w, key);
    json_put_text(w, "is", buf_str(&kinds));
    json_put_integer(w, "seen", shape->n_seen);
    if (shape->n_around > 0)
        json_put_integer(w, "of", shape->n_around);
    if (shape->members != NULL) {
        json_put_object(w, "members");
        for (const struct shape *m = shape->members; m != NULL; m = m->next)
            shape_print(w, m->name, m);
        json_close(w);
    }
    if (shape->element != NULL)
        shape_print(w, "element", shape->element);
    json_close(w);
}
