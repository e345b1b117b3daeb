/* The one file that includes json-c. json_scan checks the grammar first, so that what json-c sees
 * is strict JSON; this file adds what a grammar cannot say: names must not repeat. */
#include "base/json.h"

#include "base/give_up.h"
#include "base/json_scan.h"
#include "base/utf8.h"

#include <json-c/json.h>
#include <json-c/json_visit.h>

static const struct json_object *object_of(const struct json *value)
{
    return (const struct json_object *)value;
}

static const struct json *value_of(const struct json_object *object)
{
    return (const struct json *)object;
}

static void release_document(void *object)
{
    (void)json_object_put(object);
}

static int count_one(struct json_object *object, int flags, struct json_object *parent,
                     const char *key, size_t *index, void *members)
{
    (void)parent, (void)key, (void)index;
    if (!(flags & JSON_C_VISIT_SECOND) && json_object_is_type(object, json_type_object))
        *(size_t *)members += (size_t)json_object_object_length(object);
    return JSON_C_VISIT_RETURN_CONTINUE;
}

/* Members in the tree. json-c's visitor recurses, at most LIMIT_JSON_DEPTH deep. */
static size_t count_members(struct json_object *root)
{
    size_t members = 0;
    (void)json_c_visit(root, 0, count_one, &members);
    return members;
}

static enum status refuse(struct json_object *root, struct error *err, const char *problem)
{
    (void)json_object_put(root);
    return fail(err, ST_UNREADABLE, "not JSON that can be trusted: %s", problem);
}

/* Four hexadecimal digits that json_check has seen. */
static uint32_t hex_of(const char *at)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value * 16 + (uint32_t)(at[i] <= '9' ? at[i] - '0' : (at[i] | 32) - 'a' + 10);
    return value;
}

/* The text with escaped surrogate pairs as UTF-8: json-c 0.16 reads some of them as U+FFFD. The
 * text was checked, so that each high half has its low one behind it. */
static struct str without_pairs(struct arena *a, struct str text)
{
    if (memmem(text.at, text.len, "\\u", 2) == NULL)
        return text;
    char *at = arena_alloc(a, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool is_escape = text.at[i] == '\\';
        uint32_t high = is_escape && text.at[i + 1] == 'u' ? hex_of(text.at + i + 2) : 0;
        if (high >= 0xd800 && high <= 0xdbff) {
            uint32_t low = hex_of(text.at + i + 8);
            len += utf8_encode(0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff), at + len);
            i += 11;
            continue;
        }
        at[len++] = text.at[i];
        if (is_escape)
            at[len++] = text.at[++i];
    }
    return (struct str){ at, len };
}

/* json-c 0.16 falls over when it has no memory for a name. A library's host must not, so room for
 * the whole tree is tried for first: about this much per byte of text. */
#define TREE_BYTES 32

static void try_for_room(struct str text)
{
    if (!give_up_is_guarded())
        return;
    void *room = memory_try_grow(NULL, text.len * TREE_BYTES + LIMIT_HEADER_BYTES);
    if (room == NULL)
        give_up(ST_NO_MEMORY, "out of memory for a JSON document");
    memory_free(room);
}

enum status json_parse(struct arena *a, struct str text, const struct json **ret_value,
                       struct error *err)
{
    size_t members;
    TRY(json_check(text, &members, err));
    if (text.len > INT32_MAX)
        return fail(err, ST_LIMIT, "a JSON text of %zu bytes is too large", text.len);
    text = without_pairs(a, text);
    try_for_room(text);
    struct json_tokener *tokener = json_tokener_new_ex(LIMIT_JSON_DEPTH + 1);
    if (tokener == NULL)
        give_up(ST_NO_MEMORY, "out of memory for the JSON parser");
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    /* One byte more: the NUL (or white space) behind a bare number ends it for json-c. */
    struct json_object *root = json_tokener_parse_ex(tokener, text.at, (int)text.len);
    if (json_tokener_get_error(tokener) == json_tokener_continue)
        root = json_tokener_parse_ex(tokener, "", 1);
    enum json_tokener_error parse_error = json_tokener_get_error(tokener);
    json_tokener_free(tokener);
    if (parse_error != json_tokener_success)
        return refuse(root, err, json_tokener_error_desc(parse_error));
    if (count_members(root) != members)
        return refuse(root, err, "a name stands twice in one object");
    if (root != NULL)
        arena_defer(a, release_document, root);
    *ret_value = value_of(root);
    return ST_OK;
}

enum json_kind json_kind(const struct json *value)
{
    switch (json_object_get_type(object_of(value))) {
    case json_type_boolean:
        return JSON_BOOLEAN;
    case json_type_int:
        return JSON_INTEGER;
    case json_type_double:
        return JSON_DECIMAL;
    case json_type_string:
        return JSON_TEXT;
    case json_type_array:
        return JSON_ARRAY;
    case json_type_object:
        return JSON_OBJECT;
    case json_type_null:
    default:
        return JSON_NULL;
    }
}

const char *json_kind_name(enum json_kind kind)
{
    static const char *const names[] = {
        [JSON_NULL] = "nothing",     [JSON_BOOLEAN] = "true or false",
        [JSON_INTEGER] = "a number", [JSON_DECIMAL] = "a number with a fraction",
        [JSON_TEXT] = "a text",      [JSON_ARRAY] = "a list",
        [JSON_OBJECT] = "an object",
    };
    return names[kind];
}

bool json_has(const struct json *object, const char *key)
{
    return json_kind(object) == JSON_OBJECT &&
           json_object_object_get_ex(object_of(object), key, NULL);
}

const struct json *json_get(const struct json *object, const char *key)
{
    struct json_object *found = NULL;
    if (json_kind(object) == JSON_OBJECT)
        (void)json_object_object_get_ex(object_of(object), key, &found);
    return value_of(found);
}

/* One step of a path: a member of an object, or an element of a list by its number. */
static const struct json *step_into(const struct json *value, struct str step)
{
    char key[64];
    int64_t i;
    if (step.len >= sizeof key)
        return NULL;
    if (json_kind(value) == JSON_ARRAY)
        return str_integer(step, &i) && i >= 0 ? json_at(value, (size_t)i) : NULL;
    memcpy(key, step.at, step.len);
    key[step.len] = '\0';
    return json_get(value, key);
}

const struct json *json_get_at(const struct json *value, const char *path)
{
    struct str rest = str_of(path), step;
    while (value != NULL && str_next(&rest, '.', &step))
        value = step_into(value, step);
    return value;
}

size_t json_length(const struct json *array)
{
    return json_kind(array) == JSON_ARRAY ? json_object_array_length(object_of(array)) : 0;
}

const struct json *json_at(const struct json *array, size_t i)
{
    return i < json_length(array) ? value_of(json_object_array_get_idx(object_of(array), i)) : NULL;
}

struct str json_text(const struct json *value)
{
    if (json_kind(value) != JSON_TEXT)
        return STR_NONE;
    struct json_object *object = (struct json_object *)object_of(value);
    return (struct str){ json_object_get_string(object),
                         (size_t)json_object_get_string_len(object) };
}

struct str json_number_text(const struct json *value)
{
    enum json_kind kind = json_kind(value);
    if (kind != JSON_INTEGER && kind != JSON_DECIMAL)
        return STR_NONE;
    /* json-c keeps the source text of a decimal and prints that */
    return str_of(json_object_to_json_string((struct json_object *)object_of(value)));
}

bool json_integer(const struct json *value, int64_t *ret_value)
{
    if (json_kind(value) != JSON_INTEGER)
        return false;
    *ret_value = json_object_get_int64(object_of(value));
    return true;
}

bool json_boolean(const struct json *value, bool *ret_value)
{
    if (json_kind(value) != JSON_BOOLEAN)
        return false;
    *ret_value = json_object_get_boolean(object_of(value)) != 0;
    return true;
}

struct json_members json_members(const struct json *object)
{
    struct json_members members = { .next = NULL };
    if (json_kind(object) == JSON_OBJECT)
        members.next = json_object_get_object(object_of(object))->head;
    return members;
}

bool json_members_next(struct json_members *members)
{
    const struct lh_entry *entry = members->next;
    if (entry == NULL)
        return false;
    const char *key = entry->k;
    members->key = str_of(key);
    members->value = value_of(entry->v);
    members->next = entry->next;
    return true;
}
