/* Addresses: path templates of actions, queries, and the base address of a connection. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

/* Appends text percent-encoded for one path segment or one query value: all but the unreserved
 * characters of RFC 3986. `keep` names further characters to leave as they are. */
void uri_encode(struct buf *to, struct str text, const char *keep);

/* Decodes %xx (and '+' as a space, in queries and forms). False on a broken escape or a NUL. */
bool uri_decode(struct arena *a, struct str text, bool plus_is_space, struct str *ret_text);

/* "/a/{customerNo}/b:{verb}": walks the placeholders. False when there is none left; then
 * `literal` is the rest. A '{' that is never closed ends the walk with `broken` set. */
struct uri_template {
    struct str rest;
    struct str literal, name;
    bool broken;
};

struct uri_template uri_template(const char *template);
bool uri_template_next(struct uri_template *t);

/* The parts of an http or https address. */
struct uri {
    struct str scheme, host, path; /* path starts with '/' or is empty; query excluded */
    struct str query;              /* without '?'; STR_NONE when there is none */
    int port;                      /* of the scheme when not given */
};

/* ST_INVALID, naming the fault, unless it is http:// or https:// with a host and without user,
 * password, fragment, white space or control characters. */
enum status uri_parse(struct str text, struct uri *ret_uri, struct error *err);

/* 127.0.0.0/8, ::1 or the name localhost. */
bool uri_is_loopback(const struct uri *uri);

/* A base address as a person typed it: checked, without trailing slashes or query. Plain http only
 * to loopback. The result lives in the arena. */
enum status uri_base(struct arena *a, struct str text, struct str *ret_base, struct error *err);

/* The value of a name in a query or form body, decoded; false when it is not there. */
bool uri_query_value(struct arena *a, struct str query, const char *name, struct str *ret_value);
