/* How far something is that goes on at a remote, by its words. */
#pragma once

#include "base/json.h"
#include "base/str.h"

enum progress {
    PROGRESS_WAITING,
    PROGRESS_RUNNING,
    PROGRESS_DONE,
    PROGRESS_FAILED,
    PROGRESS_PARTIAL
};
const char *progress_name(enum progress progress); /* "waiting", ... */

/* Words are compared without regard to case. An unknown word counts as waiting (stellr 7). */
enum progress progress_of(struct str word, bool *ret_known);

/* The text at the first of several paths that holds a text, number or boolean; STR_NONE when none
 * does. A number gives its text. */
struct str first_text(const struct json *document, const char *paths);

/* The last segment of a resource name: "accounts/1/orders/2" gives "2". */
struct str last_segment(struct str name);
