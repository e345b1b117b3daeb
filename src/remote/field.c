/* Field rows at work. */
#include "remote/field.h"

#include "base/moment.h"
#include "remote/record.h"

/* The first of the keys that holds something. NULL when none does. */
static const struct json *first_value(const struct json *document, struct str keys)
{
    struct str key;
    while (str_next(&keys, '|', &key)) {
        char path[96];
        if (key.len >= sizeof path)
            continue;
        memcpy(path, key.at, key.len);
        path[key.len] = '\0';
        const struct json *value = json_get_at(document, path);
        if (value != NULL)
            return value;
    }
    return NULL;
}

/* The text of a plain value, whatever its kind. STR_NONE for lists and objects. */
static struct str plain_text(const struct json *value)
{
    bool truth;
    if (json_boolean(value, &truth))
        return truth ? STR("true") : STR("false");
    struct str text = json_text(value);
    return text.at != NULL ? text : json_number_text(value);
}

static struct str tail_of(struct str name)
{
    const char *slash = name.len == 0 ? NULL : memrchr(name.at, '/', name.len);
    return slash == NULL ? name : str_from(name, (size_t)(slash - name.at) + 1);
}

static struct whole read_whole(struct str text)
{
    struct whole whole = { .text = text };
    struct decimal decimal;
    bool rounded;
    struct error ignored;
    whole.known = str_integer(str_trim(text), &whole.value);
    if (!whole.known && decimal_parse(str_trim(text), &decimal, &rounded, &ignored) == ST_OK &&
        !rounded && decimal.units % DECIMAL_ONE == 0) { /* "42.0" */
        whole.value = decimal.units / DECIMAL_ONE;
        whole.known = true;
    }
    return whole;
}

static struct amount read_amount(struct str text)
{
    struct amount amount = { .text = text };
    struct error ignored;
    amount.known = decimal_parse(str_trim(text), &amount.value, &amount.rounded, &ignored) == ST_OK;
    return amount;
}

static enum flag read_flag(struct str text)
{
    if (str_equal_nocase(text, STR("true")) || str_is(text, "1") || str_is(text, "Y"))
        return FLAG_YES;
    if (str_equal_nocase(text, STR("false")) || str_is(text, "0") || str_is(text, "N"))
        return FLAG_NO;
    return FLAG_UNKNOWN;
}

static void store(const struct field *field, struct str text, void *record)
{
    void *member = (char *)record + field->offset;
    struct moment moment = { .text = text };
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_TAIL:
        *(struct str *)member = text;
        break;
    case FIELD_WHOLE:
        *(struct whole *)member = read_whole(text);
        break;
    case FIELD_AMOUNT:
        *(struct amount *)member = read_amount(text);
        break;
    case FIELD_MOMENT:
        moment.known = moment_parse(str_trim(text), &moment.ms);
        *(struct moment *)member = moment;
        break;
    case FIELD_FLAG:
        *(enum flag *)member = read_flag(text);
        break;
    }
}

enum status fields_read(struct arena *a, const struct field *fields, const struct json *document,
                        void *record, struct error *err)
{
    if (json_kind(document) != JSON_OBJECT)
        return fail(err, ST_UNREADABLE, "expected an object, found %s",
                    json_kind_name(json_kind(document)));
    for (const struct field *f = fields; f->keys != NULL; f++) {
        const struct json *value = first_value(document, str_of(f->keys));
        struct str text = plain_text(value);
        if (f->kind == FIELD_TAIL)
            text = tail_of(text);
        if (text.at != NULL && (text.len > 0 || f->need == OPTIONAL)) {
            store(f, arena_copy(a, text), record);
            continue;
        }
        if (f->need == REQUIRED)
            return fail(err, ST_UNREADABLE, "/%s: expected a value, found %s", f->keys,
                        text.at != NULL ? "an empty text" : json_kind_name(json_kind(value)));
    }
    return ST_OK;
}
