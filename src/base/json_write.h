/* Writing JSON: into a buffer, member by member, always well-formed.
 *
 *     struct json_writer w = JSON_WRITER(&body);
 *     json_open_object(&w);
 *     json_put_text(&w, "name", STR("Acme"));
 *     json_close(&w);
 *
 * `key` is NULL inside arrays and for the outermost value. Text that is not UTF-8 is written with
 * U+FFFD in the place of each wrong byte. Nothing here fails; the buffer remembers. */
#pragma once

#include "base/buf.h"

struct json_writer {
    struct buf *to;
    uint64_t objects;   /* bit per open bracket: 1 for an object */
    uint64_t not_first; /* bit per open bracket: something was written in it */
    unsigned depth;
    unsigned indent; /* spaces per level; 0 for one line */
};

#define JSON_WRITER(buffer)                                                                        \
    {                                                                                              \
        .to = (buffer)                                                                             \
    }
#define JSON_WRITER_PRETTY(buffer)                                                                 \
    {                                                                                              \
        .to = (buffer), .indent = 2                                                                \
    }

void json_open_object(struct json_writer *w);
void json_open_array(struct json_writer *w);
void json_put_object(struct json_writer *w, const char *key); /* opens one as a member */
void json_put_array(struct json_writer *w, const char *key);
void json_close(struct json_writer *w);

void json_put_text(struct json_writer *w, const char *key, struct str text);
void json_put_integer(struct json_writer *w, const char *key, int64_t value);
void json_put_boolean(struct json_writer *w, const char *key, bool value);
void json_put_null(struct json_writer *w, const char *key);

/* A number by its text, exactly; written as a text where it is not a JSON number. */
void json_put_number(struct json_writer *w, const char *key, struct str number);

/* JSON that is known to be well-formed, as it is. */
void json_put_raw(struct json_writer *w, const char *key, struct str json);

/* A text, or null where it is STR_NONE. */
void json_put_text_or_null(struct json_writer *w, const char *key, struct str text);

/* Appends a JSON string, quotes included. */
void json_quote(struct buf *to, struct str text);
