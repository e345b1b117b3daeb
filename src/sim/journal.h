/* The journal: every write that was received, in memory, for whoever wants to know what a client
 * really sent, and how often. Token requests are writes. Secrets are replaced.
 *
 * A request whose kept-alive connection the fault `close` ended is in it as well, as not carried
 * out: its bytes had come, and what counts against a client that sends a write twice is that they
 * came twice. */
#pragma once

#include "net/server.h"

struct sim;
struct ask;
struct json_writer;
struct journal;

#define JOURNAL_ENTRIES_MAX 20000 /* the oldest go first */
#define JOURNAL_BODY_BYTES  16384 /* of a body that is kept; longer ones are cut */

struct journal *journal_new(void);
void journal_free(struct journal *journal);

/* After the answer was made and before it is sent. Reads are passed over. */
void journal_note(struct journal *journal, const struct ask *ask);
void journal_clear(struct journal *journal);

struct journal_filter {
    int64_t since; /* entries above this number */
    int64_t limit;
    struct str marketplace, method, action, path; /* STR_NONE: any; path: a part of it */
};

/* {"last": N, "entries": [...]}: N is the number of the newest, for `since` of the next look. */
void journal_put(const struct journal *journal, const struct journal_filter *filter,
                 struct json_writer *w);

/* A body or a query with what is secret in it replaced. */
struct str journal_clean(struct arena *a, struct str content_type, struct str text);
