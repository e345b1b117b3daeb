/* JSON as values: the facade over json-c, and the only door to it (json.c).
 *
 * Refused although json-c would take it: whole numbers outside int64 (it saturates), "12x" as 12,
 * true as 1, NaN and Infinity, a name twice in one object (it keeps the last), nesting beyond
 * LIMIT_JSON_DEPTH, a NUL inside text, halves of surrogate pairs, comments, single quotes, leading
 * zeros, trailing commas and anything after the value. Kept although it would be lost: the text of
 * a decimal number, exactly as sent.
 *
 * Missing and null are the same to readers (json_get gives NULL for both; json_has tells them
 * apart), because the remotes mean the same by them. All values live in the arena that parsed
 * them. */
#pragma once

#include "base/arena.h"

struct json;

enum json_kind {
    JSON_NULL, /* also: not there */
    JSON_BOOLEAN,
    JSON_INTEGER, /* whole, inside int64 */
    JSON_DECIMAL, /* with a fraction or an exponent; its text is kept */
    JSON_TEXT,
    JSON_ARRAY,
    JSON_OBJECT,
};

/* ST_UNREADABLE names the byte and what is wrong there, and shows nothing of the content. */
enum status json_parse(struct arena *a, struct str text, const struct json **ret_value,
                       struct error *err);

/* All of these take NULL for "not there". */
enum json_kind json_kind(const struct json *value);
const char *json_kind_name(enum json_kind kind); /* "a text", "a number": for sentences */

const struct json *json_get(const struct json *object, const char *key);
/* Along a path of members and element numbers: "details.0.requestId". */
const struct json *json_get_at(const struct json *value, const char *path);
bool json_has(const struct json *object, const char *key);

size_t json_length(const struct json *array); /* 0 for anything else */
const struct json *json_at(const struct json *array, size_t i);

struct str json_text(const struct json *value);        /* STR_NONE unless a text */
struct str json_number_text(const struct json *value); /* as sent; STR_NONE unless a number */
bool json_integer(const struct json *value, int64_t *ret_value); /* JSON_INTEGER only */
bool json_boolean(const struct json *value, bool *ret_value);    /* JSON_BOOLEAN only */

/* The members of an object in the order received. Any other value has none. */
struct json_members {
    const void *next;
    struct str key;
    const struct json *value;
};

struct json_members json_members(const struct json *object);
bool json_members_next(struct json_members *members);
