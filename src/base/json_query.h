/* A path into a JSON document: what `--query` takes.
 *
 *     data.records[0].name      members by dot, elements by number from 0; [-1] is the last
 *     data.records[*].name      of every element ([] is the same): gives a list
 *     "odd.name"[2], ["odd.name"][2]   names with dots, brackets or quotes in them, as JSON texts
 *     .                         the document itself
 *
 * Works on the bytes as received: what it gives are views of them, so that no digit changes. Behind
 * a [*], an element that has no such place gives null, so that lists of several queries stand side
 * by side; a place that none of them has is an error. */
#pragma once

#include "base/arena.h"

struct json_found {
    const struct str *values; /* raw JSON; "null" where an element had nothing */
    size_t n;
    bool is_list; /* the path has a [*] */
};

/* Whether it is a path at all: ST_INVALID says where it is not. */
enum status json_query_check(struct arena *a, struct str path, struct error *err);

/* `document` is JSON that json_check takes. ST_INVALID: the path is none, and why. ST_NOT_FOUND: it
 * fits nothing, and where it stopped. ST_LIMIT: more than LIMIT_QUERY_VALUES. */
enum status json_query(struct arena *a, struct str document, struct str path,
                       struct json_found *ret_found, struct error *err);

/* The text of a raw JSON text, escapes resolved; STR_NONE for anything else. */
struct str json_raw_text(struct arena *a, struct str raw);
