/* Field rows: which JSON keys become which member of a record. One row per member: keys to try in
 * order (aliases from the reference), kind, need, where the fact comes from. */
#pragma once

#include "base/json.h"
#include "remote/action.h"

enum field_kind {
    FIELD_TEXT,   /* struct str: a text; a number's or boolean's text as well */
    FIELD_TAIL,   /* struct str: the last segment of a resource name, "a/1/b/2" gives "2" */
    FIELD_WHOLE,  /* struct whole */
    FIELD_AMOUNT, /* struct amount */
    FIELD_MOMENT, /* struct moment */
    FIELD_FLAG,   /* enum flag */
};

struct field {
    const char *keys; /* "subscriptionId|id"; with dots into objects; NULL ends the rows */
    enum field_kind kind;
    size_t offset; /* of the member */
    enum need need;
    enum trust trust;
    const char *source;
    const char *doc;
};

/* Fills the members that the rows name; members whose keys are all absent or null are left as they
 * were. ST_UNREADABLE names the key of a required member that is missing or is no plain value
 * ("/subscriptionId: expected a text, found a list"). Numbers may come as text and text as
 * numbers. */
enum status fields_read(struct arena *a, const struct field *fields, const struct json *document,
                        void *record, struct error *err);
