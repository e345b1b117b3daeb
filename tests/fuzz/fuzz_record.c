/* Records: a document of a remote and the field rows give a record whose every member is the value
 * of the text that was sent, or is marked as not understood and keeps that text. */
#include "fuzz.h"
#include "oracle.h"

#include "base/json.h"
#include "remote/connector.h"
#include "remote/part_number.h"

#include <stdlib.h>
#include <string.h>

/* The first key that holds something, as the row says it. */
static struct str sent_text(struct arena *a, const struct field *field, const struct json *document)
{
    struct str keys = str_of(field->keys), key;
    while (str_next(&keys, '|', &key)) {
        const struct json *value = json_get_at(document, arena_text(a, key));
        bool truth;
        if (json_boolean(value, &truth))
            return truth ? STR("true") : STR("false");
        if (json_kind(value) == JSON_TEXT)
            return json_text(value);
        if (json_kind(value) != JSON_NULL)
            return json_number_text(value); /* STR_NONE for lists and objects */
    }
    return STR_NONE;
}

static void the_same_text(struct str text, struct str sent)
{
    HOLDS(str_equal(text, sent) && (text.at == NULL) == (sent.at == NULL));
}

static void whole_is_the_text(const struct whole *whole, struct str sent)
{
    the_same_text(whole->text, sent);
    struct str trimmed = str_trim(sent);
    struct oracle_number right = oracle_number(trimmed);
    int64_t value = 0;
    if (str_integer(trimmed, &value))
        HOLDS(whole->known && whole->value == value);
    else if (whole->known)
        HOLDS(right.is_number && !right.rounded && right.units == (wide)whole->value * 100000000);
}

static void amount_is_the_text(const struct amount *amount, struct str sent)
{
    the_same_text(amount->text, sent);
    struct oracle_number right = oracle_number(str_trim(sent));
    if (!amount->known) {
        HOLDS(!right.is_number || !right.fits || right.far_exponent || right.whole_digits > 30);
        return;
    }
    HOLDS(right.is_number && right.fits);
    HOLDS(amount->value.units == right.units && amount->rounded == right.rounded);
}

static void moment_is_the_text(const struct moment *moment, struct str sent)
{
    int64_t right = 0;
    the_same_text(moment->text, sent);
    HOLDS(moment->known == oracle_moment(str_trim(sent), &right));
    HOLDS(!moment->known || moment->ms == right);
}

static void flag_is_the_text(enum flag flag, struct str sent)
{
    bool yes = str_equal_nocase(sent, STR("true")) || str_is(sent, "1") || str_is(sent, "Y");
    bool no = str_equal_nocase(sent, STR("false")) || str_is(sent, "0") || str_is(sent, "N");
    HOLDS(flag == (yes ? FLAG_YES : no ? FLAG_NO : FLAG_UNKNOWN));
}

/* Rows that share a member overwrite each other; there are none such. */
static void member_is_what_was_sent(const struct field *field, const void *record, struct str sent)
{
    const void *member = (const char *)record + field->offset;
    struct str tail = sent;
    switch (field->kind) {
    case FIELD_TEXT:
        the_same_text(*(const struct str *)member, sent);
        break;
    case FIELD_TAIL:
        for (size_t i = 0; i < sent.len; i++)
            tail = sent.at[i] == '/' ? str_from(sent, i + 1) : tail;
        the_same_text(*(const struct str *)member, tail);
        HOLDS(field->need == OPTIONAL || tail.len > 0);
        break;
    case FIELD_WHOLE:
        whole_is_the_text(member, sent);
        break;
    case FIELD_AMOUNT:
        amount_is_the_text(member, sent);
        break;
    case FIELD_MOMENT:
        moment_is_the_text(member, sent);
        break;
    case FIELD_FLAG:
        flag_is_the_text(*(const enum flag *)member, sent);
        break;
    }
}

static void record_is_what_was_sent(struct arena *a, const struct field *fields,
                                    const struct json *document, const void *record)
{
    for (const struct field *f = fields; f->keys != NULL; f++) {
        struct str sent = sent_text(a, f, document);
        if (sent.at != NULL)
            member_is_what_was_sent(f, record, sent);
        HOLDS(f->need == OPTIONAL || sent.len > 0);
    }
}

static void settled_members_are_in_their_sets(const struct subscription_record *r)
{
    struct part_number part;
    HOLDS(r->standing <= STANDING_ENDED && r->measure <= MEASURE_ONE_TIME);
    HOLDS(r->cycle_months >= -1 && r->cycle_months <= 36);
    HOLDS(standing_of(str_of(standing_name(r->standing))) == r->standing);
    HOLDS(measure_of(str_of(measure_name(r->measure))) == r->measure);
    HOLDS(r->status_known || r->standing == STANDING_LIVE);
    if (r->part_key[0] == '\0')
        return;
    HOLDS(strlen(r->part_key) == 17 && r->part_key[12] == ':');
    HOLDS(part_number_parse(str_of(r->part_key), &part) && !part.is_weak);
    HOLDS(str_contains_nocase(r->part_number, part.product));
    char again[18];
    HOLDS(part_number_key(str_of(r->part_key), again) && strcmp(again, r->part_key) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct account_record account = { .is_active = true };
    struct subscription_record subscription = { .cycle_months = -1 };
    const struct json *document;
    struct error err;
    size_t choice = input_choice(&in, 4);
    const struct connector *connector = connectors()[choice / 2];
    bool is_account = choice % 2 == 0;
    const struct field *fields =
        is_account ? connector->accounts.fields : connector->subscriptions.fields;
    void *record = is_account ? (void *)&account : (void *)&subscription;
    if (json_parse(&a, in.rest, &document, &err) != ST_OK)
        return 0;
    enum status s = fields_read(&a, fields, document, record, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        HOLDS(s == ST_UNREADABLE);
        return 0;
    }
    record_is_what_was_sent(&a, fields, document, record);
    if (is_account)
        return 0;
    record_settle(&subscription);
    settled_members_are_in_their_sets(&subscription);
    return 0;
}
