/* Reading a file of overrides: member by member, each against its row. */
#include "remote/overrides_inside.h"

#include "base/options.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stddef.h>

#define MOST_TEXT_BYTES 2000

enum status refuse(struct reading *r, const char *format, ...)
{
    char text[LIMIT_ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fail(r->err, ST_INVALID, "%s%s%s: %s", r->file, r->place[0] != '\0' ? ", " : "", r->place,
         text);
    hint(r->err, "Nothing of the file is in force. Correct it, or move it away.");
    return ST_INVALID;
}

enum status refuse_name(struct reading *r, const char *what, struct str name,
                        const char *const *names, size_t n)
{
    const char *near = nearest_name(name, names, n);
    struct str shown = { name.at, name.len < 60 ? name.len : 60 };
    if (near != NULL)
        return refuse(r, "'%.*s' is not %s; did you mean '%s'?", STR_PRINT(shown), what, near);
    SCOPED(buf_release) struct buf all = BUF(LIMIT_ERROR_TEXT_BYTES / 2);
    for (size_t i = 0; i < n && n <= 24; i++)
        buf_printf(&all, "%s%s", i == 0 ? "; there is " : ", ", names[i]);
    return refuse(r, "'%.*s' is not %s%s", STR_PRINT(shown), what, all.at);
}

struct reading step_into(const struct reading *r, struct str name)
{
    struct reading inner = *r;
    name.len = name.len < 80 ? name.len : 80;
    inner.place =
        arena_printf(r->a, "%s%s%.*s", r->place, r->place[0] != '\0' ? "." : "", STR_PRINT(name));
    inner.member =
        arena_printf(r->a, "%s%s%.*s", r->member, r->member[0] != '\0' ? "." : "", STR_PRINT(name));
    return inner;
}

void note_fact(struct reading *r, const char *was, const char *is)
{
    struct overrides *o = r->o;
    was = was != NULL ? was : "none";
    is = is != NULL ? is : "none";
    if (strcmp(was, is) == 0)
        return;
    ARENA_GROW(r->a, o->facts, o->n_facts, o->facts_room);
    o->facts[o->n_facts++] = (struct override_fact){ r->subject, r->member, was, is };
}

/* Of one line, not empty, and printable: it goes into requests and sentences. */
static enum status check_text(struct reading *r, struct str text)
{
    if (text.len == 0 || text.len > MOST_TEXT_BYTES)
        return refuse(r, "a text of 1 to %d bytes is needed", MOST_TEXT_BYTES);
    for (struct str rest = text; rest.len > 0;) {
        uint32_t character = 0;
        size_t bytes = utf8_decode(rest, &character);
        if (bytes == 0 || utf8_is_unprintable(character))
            return refuse(r, "the text holds a character that cannot be printed");
        rest = str_from(rest, bytes);
    }
    return ST_OK;
}

enum status read_text(struct reading *r, const struct json *value, const char **ret_text)
{
    if (json_kind(value) != JSON_TEXT)
        return refuse(r, "a text is needed, not %s", json_kind_name(json_kind(value)));
    TRY(check_text(r, json_text(value)));
    *ret_text = arena_text(r->a, json_text(value));
    return ST_OK;
}

enum status read_paths(struct reading *r, const struct json *value, const char **ret_paths)
{
    SCOPED(buf_release) struct buf all = BUF(MOST_TEXT_BYTES + 1);
    if (json_kind(value) != JSON_ARRAY) {
        TRY(read_text(r, value, ret_paths));
        buf_add_text(&all, *ret_paths);
    }
    for (size_t i = 0; i < json_length(value); i++) {
        const char *one;
        TRY(read_text(r, json_at(value, i), &one));
        buf_printf(&all, "%s%s", i > 0 ? "|" : "", one);
    }
    struct str rest = buf_str(&all), one;
    while (str_next(&rest, '|', &one))
        if (one.len == 0 || one.len > 250)
            return refuse(r, "each of the texts must have 1 to 250 bytes");
    if (all.len == 0 || all.exceeded)
        return refuse(r, "a text, or a list of texts, is needed");
    *ret_paths = arena_text(r->a, buf_str(&all));
    return ST_OK;
}

static enum status read_value(struct reading *r, const struct json *value, const char **ret_text)
{
    bool truth;
    struct str number = json_number_text(value);
    if (json_boolean(value, &truth))
        *ret_text = truth ? "true" : "false";
    else if (number.at != NULL)
        *ret_text = arena_text(r->a, number);
    else
        return read_text(r, value, ret_text);
    return ST_OK;
}

static enum status read_word(struct reading *r, const struct slot *slot, const struct json *value,
                             unsigned *ret_word)
{
    const char *text;
    size_t n = 0;
    TRY(read_text(r, value, &text));
    for (; slot->words[n] != NULL; n++)
        if (strcmp(slot->words[n], text) == 0) {
            *ret_word = (unsigned)n;
            return ST_OK;
        }
    return refuse_name(r, "a value of it", str_of(text), slot->words, n);
}

static enum status read_whole(struct reading *r, const struct json *value, int *ret_whole)
{
    int64_t whole;
    if (!json_integer(value, &whole) || whole < 1 || whole > LIMIT_PAGE_RECORDS)
        return refuse(r, "a whole number from 1 to %d is needed", LIMIT_PAGE_RECORDS);
    *ret_whole = (int)whole;
    return ST_OK;
}

static enum status read_need(struct reading *r, const struct json *value, enum need *ret_need)
{
    bool truth;
    if (!json_boolean(value, &truth))
        return refuse(r, "true or false is needed");
    *ret_need = truth ? REQUIRED : OPTIONAL;
    return ST_OK;
}

static const char *word_of(const struct slot *slot, unsigned word)
{
    for (unsigned i = 0; slot->words[i] != NULL; i++)
        if (i == word)
            return slot->words[i];
    return "something else";
}

/* What a member holds, for the facts. */
static const char *slot_text(struct reading *r, const struct slot *slot, const void *member)
{
    switch (slot->kind) {
    case SLOT_TEXT:
    case SLOT_VALUE:
    case SLOT_PATHS:
        return *(const char *const *)member;
    case SLOT_WORD:
        return word_of(slot, *(const unsigned *)member);
    case SLOT_WHOLE:
        return arena_printf(r->a, "%d", *(const int *)member);
    case SLOT_NEED:
        return *(const enum need *)member == REQUIRED ? "true" : "false";
    case SLOT_OWN:
        break;
    }
    return NULL;
}

static enum status read_slot(struct reading *r, const struct slot *slot, const struct json *value,
                             void *target)
{
    void *member = (char *)target + slot->offset;
    if (slot->kind == SLOT_OWN)
        return slot->take(r, target, value);
    const char *was = slot_text(r, slot, member);
    bool may_go = slot->kind == SLOT_VALUE || slot->kind == SLOT_PATHS;
    enum status s = ST_OK;
    if (may_go && json_kind(value) == JSON_NULL)
        *(const char **)member = NULL;
    else if (slot->kind == SLOT_TEXT)
        s = read_text(r, value, (const char **)member);
    else if (slot->kind == SLOT_VALUE)
        s = read_value(r, value, (const char **)member);
    else if (slot->kind == SLOT_PATHS)
        s = read_paths(r, value, (const char **)member);
    else if (slot->kind == SLOT_WORD)
        s = read_word(r, slot, value, (unsigned *)member);
    else if (slot->kind == SLOT_WHOLE)
        s = read_whole(r, value, (int *)member);
    else
        s = read_need(r, value, (enum need *)member);
    if (s == ST_OK)
        note_fact(r, was, slot_text(r, slot, member));
    return s;
}

enum status read_slots(struct reading *r, const struct slot *slots, const struct json *object,
                       void *target)
{
    const char *names[32];
    size_t n = 0;
    if (json_kind(object) != JSON_OBJECT)
        return refuse(r, "an object is needed, not %s", json_kind_name(json_kind(object)));
    for (; slots[n].name != NULL && n < ARRAY_LEN(names); n++)
        names[n] = slots[n].name;
    struct json_members members = json_members(object);
    while (json_members_next(&members)) {
        const struct slot *slot = slots;
        while (slot->name != NULL && !str_is(members.key, slot->name))
            slot++;
        if (slot->name == NULL)
            return refuse_name(r, "something that can be corrected here", members.key, names, n);
        struct reading inner = step_into(r, members.key);
        TRY(read_slot(&inner, slot, members.value, target));
    }
    return ST_OK;
}

static const char *const methods[] = { "GET", "POST", "PUT", "DELETE", NULL };
static const char *const effects[] = { "READ", "WRITE", "MONEY", NULL };
static const char *const styles[] = { "number", "token", "offset", NULL };

#define AT(type, member) .offset = offsetof(struct type, member)

static const struct slot paging_slots[] = {
    { "style", SLOT_WORD, AT(paging, style), .words = styles },
    { "size_name", SLOT_TEXT, AT(paging, size_name) },
    { "place_name", SLOT_TEXT, AT(paging, place_name) },
    { "size", SLOT_WHOLE, AT(paging, size) },
    { "size_most", SLOT_WHOLE, AT(paging, size_most) },
    { "records", SLOT_PATHS, AT(paging, records) },
    { "total", SLOT_PATHS, AT(paging, total) },
    { "next", SLOT_PATHS, AT(paging, next) },
    { .name = NULL },
};

static const struct slot judging_slots[] = {
    { "id", SLOT_PATHS, AT(judging, id) },
    { "state", SLOT_PATHS, AT(judging, state) },
    { "poll", SLOT_VALUE, AT(judging, poll) },
    { "poll_param", SLOT_VALUE, AT(judging, poll_param) },
    { "items", SLOT_PATHS, AT(judging, items) },
    { "fault_code", SLOT_PATHS, AT(judging, fault_code) },
    { "fault_text", SLOT_PATHS, AT(judging, fault_text) },
    { .name = NULL },
};

static enum status take_paging(struct reading *r, void *target, const struct json *value)
{
    struct action *row = target;
    struct paging *paging = ARENA_NEW(r->a, struct paging);
    if (json_kind(value) == JSON_NULL) {
        note_fact(r, row->paging != NULL ? "a list in pages" : NULL, NULL);
        row->paging = NULL;
        return ST_OK;
    }
    if (row->paging != NULL)
        *paging = *row->paging;
    row->paging = paging;
    return read_slots(r, paging_slots, value, paging);
}

static enum status take_judging(struct reading *r, void *target, const struct json *value)
{
    struct action *row = target;
    struct judging *judging = ARENA_NEW(r->a, struct judging);
    if (row->judging != NULL)
        *judging = *row->judging;
    row->judging = judging;
    return read_slots(r, judging_slots, value, judging);
}

static enum status take_params(struct reading *r, void *target, const struct json *value)
{
    struct action *row = target;
    return read_params(r, row->params, value, &row->params);
}

static const struct slot action_slots[] = {
    { "method", SLOT_WORD, AT(action, method), .words = methods },
    { "path", SLOT_TEXT, AT(action, path) },
    { "path_spellings", SLOT_PATHS, AT(action, path_spellings) },
    { "effect", SLOT_WORD, AT(action, effect), .words = effects },
    { "consequence", SLOT_TEXT, AT(action, consequence) },
    { "doc", SLOT_TEXT, AT(action, doc) },
    { "parameters", SLOT_OWN, .take = take_params },
    { "paging", SLOT_OWN, .take = take_paging },
    { "judging", SLOT_OWN, .take = take_judging },
    { .name = NULL },
};

static enum status find_row(struct reading *r, struct str name, const struct action **ret_row)
{
    const char *names[512];
    size_t n = 0;
    struct action_walk walk = { 0 };
    for (const struct action *x; n < ARRAY_LEN(names) && (x = action_next(&walk)) != NULL;) {
        *ret_row = x;
        if (str_is(name, x->name))
            return ST_OK;
        names[n++] = x->name;
    }
    return refuse_name(r, "an action", name, names, n);
}

static enum status read_action(struct reading *r, const struct action *row,
                               const struct json *value)
{
    struct overrides *o = r->o;
    struct action *corrected = ARENA_NEW(r->a, struct action);
    *corrected = *row;
    r->subject = row->name;
    r->member = "";
    r->connector = connector_of_action(row);
    if (action_is_generic(row))
        return refuse(r, "the generic request has nothing that could be wrong");
    if (action_is_recipe(row))
        return refuse(r, "this is a recipe; correct %s, which it sends", row->made_of);
    TRY(read_slots(r, action_slots, value, corrected));
    TRY(check_row(r, row, corrected));
    ARENA_GROW(r->a, o->rows, o->n_rows, o->rows_room);
    o->rows[o->n_rows++] = corrected;
    return ST_OK;
}

static enum status take_actions(struct reading *r, void *target, const struct json *value)
{
    (void)target;
    if (json_kind(value) != JSON_OBJECT)
        return refuse(r, "an object is needed, with actions by their name");
    struct json_members members = json_members(value);
    while (json_members_next(&members)) {
        const struct action *row;
        TRY(find_row(r, members.key, &row));
        struct reading inner = step_into(r, members.key);
        TRY(read_action(&inner, row, members.value));
    }
    for (size_t i = 0; i < r->o->n_rows; i++) {
        struct reading inner = step_into(r, str_of(r->o->rows[i]->name));
        inner.connector = connector_of_action(r->o->rows[i]);
        TRY(check_against_others(&inner, action_find(str_of(r->o->rows[i]->name)), r->o->rows[i]));
    }
    return ST_OK;
}

static enum status take_fields(struct reading *r, void *target, const struct json *value)
{
    (void)target;
    return read_fields(r, value);
}

static enum status take_note(struct reading *r, void *target, const struct json *value)
{
    const char *unused;
    (void)target;
    return read_text(r, value, &unused);
}

static const struct slot file_slots[] = {
    { "actions", SLOT_OWN, .take = take_actions },
    { "fields", SLOT_OWN, .take = take_fields },
    { "note", SLOT_OWN, .take = take_note }, /* for people */
    { .name = NULL },
};

enum status overrides_read(struct arena *a, struct str text, const char *file,
                           const struct overrides **ret_overrides, struct error *err)
{
    const struct json *document;
    struct overrides *o = ARENA_NEW(a, struct overrides);
    struct reading r = {
        .a = a, .o = o, .file = file, .subject = "", .place = "", .member = "", .err = err
    };
    enum status s = json_parse(a, text, &document, err);
    if (s != ST_OK) {
        wrap(err, ST_INVALID, "%s", file);
        hint(err, "Nothing of the file is in force. Correct it, or move it away.");
        return ST_INVALID;
    }
    TRY(read_slots(&r, file_slots, document, o));
    *ret_overrides = o;
    return ST_OK;
}
