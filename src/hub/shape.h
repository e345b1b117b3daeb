/* Shapes: what a document of a remote is made of, without a single value of it. Keys, kinds of
 * values, the forms of texts, and how often a member is there. Two uses: assumptions about a remote
 * are checked against them, and they may be handed on to others. */
#pragma once

#include "base/json.h"
#include "base/json_write.h"

enum shape_kind {
    SHAPE_NULL,
    SHAPE_BOOLEAN,
    SHAPE_WHOLE,
    SHAPE_DECIMAL,
    SHAPE_LIST,
    SHAPE_OBJECT,
    SHAPE_TEXT,         /* of no form that is named below */
    SHAPE_EMPTY,        /* "" */
    SHAPE_NUMBER,       /* a number in a text */
    SHAPE_DATE,         /* 2026-07-31 */
    SHAPE_MOMENT_Z,     /* 2026-07-31T10:00:00.000Z */
    SHAPE_MOMENT_COLON, /* ...-04:00 */
    SHAPE_MOMENT_PLAIN, /* ...-0400 */
    SHAPE_UUID,
    SHAPE_URL,
    SHAPE_KINDS,
};
#define KIND(name) (1u << SHAPE_##name)
#define KINDS_TEXT                                                                                 \
    (KIND(TEXT) | KIND(EMPTY) | KIND(NUMBER) | KIND(DATE) | KIND(MOMENT_Z) | KIND(MOMENT_COLON) |  \
     KIND(MOMENT_PLAIN) | KIND(UUID) | KIND(URL))

struct shape {
    const char *name; /* of the member; NULL for an element and at the top */
    unsigned kinds;   /* all that were seen */
    int n_seen;       /* how often; of members: in how many of the objects around it */
    int n_around;     /* objects around it that were seen */
    struct shape *members, *element, *next;
};

/* Of a document; elements of a list are one shape. Names of members that are no plain words are
 * told as "(other)". */
const struct shape *shape_of(struct arena *a, const struct json *document);

/* Along members; "[]" is the element of a list: "data.records.[].customerNo". NULL: not there. */
const struct shape *shape_at(const struct shape *shape, const char *path);

/* "a whole number", "a number in a text or null". */
void kinds_print(struct buf *to, unsigned kinds);

void shape_print(struct json_writer *w, const char *key, const struct shape *shape);
