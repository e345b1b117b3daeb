/* Reading JSON without building it: a strict check of the grammar (RFC 8259), and finding the
 * pieces of a page as views of the bytes as received.
 *
 * Why beside json-c: it lets through what we refuse (json.h lists it), and a sync wants the raw
 * bytes of each record, to see that nothing changed without parsing it. No recursion, no memory. */
#pragma once

#include "base/error.h"
#include "base/str.h"

struct json_scan {
    struct str text;     /* all of it */
    size_t at;           /* next byte */
    const char *problem; /* a sentence part, once something is wrong */
    size_t members;      /* members of objects seen so far, for the check on duplicate keys */
};

/* Passes white space and one value; false with `problem` set. */
bool json_scan_value(struct json_scan *s, struct str *ret_value);

/* The whole text is one value and white space. ST_UNREADABLE names the byte and shows nothing of
 * the content. `ret_members` may be NULL. */
enum status json_check(struct str text, size_t *ret_members, struct error *err);

/* Walks the members of an object or the elements of an array, in order:
 *
 *     struct json_walk walk = json_walk(object);
 *     while (json_walk_next(&walk)) use(walk.key, walk.value);
 *     if (walk.scan.problem != NULL) ...
 *
 * `key` is the raw text between the quotes (escapes not resolved), empty in arrays. Text that is
 * neither object nor array has no members. */
struct json_walk {
    struct json_scan scan;
    struct str key, value;
    bool is_object, started, ended;
};

struct json_walk json_walk(struct str text);
bool json_walk_next(struct json_walk *walk);

/* After the last member: nothing but white space follows. False also after a problem. */
bool json_walk_is_whole(const struct json_walk *walk);

/* The raw value of a member; STR_NONE when there is none (or `object` is no object). */
struct str json_member(struct str object, const char *key);

/* The same along a path of keys with dots: "data.records". "" is the text itself. */
struct str json_member_at(struct str text, const char *path);

enum json_shape { JSON_SHAPE_NONE, JSON_SHAPE_OBJECT, JSON_SHAPE_ARRAY, JSON_SHAPE_OTHER };

enum json_shape json_shape(struct str text); /* by the first byte */
