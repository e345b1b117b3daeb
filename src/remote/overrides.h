/* Corrections of rows by the user, without rebuilding: a file of JSON in the data directory. The
 * rows about the remotes rest on what others have shown of them; where one is wrong, or a service
 * changes, whoever runs Stellion puts the right one here. docs/operations.md shows the form.
 *
 * What cannot be corrected: the scheme of the login, and the effect but upwards, so that nothing
 * that costs money can be made to look as if it did not. There are no new actions: what a row does
 * not know goes through the generic request. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/secret.h"
#include "remote/connector.h"

struct overrides;

/* One correction that is in force. */
struct override_fact {
    const char *subject; /* "stellr.subscription.change-seats", "stellr subscriptions" */
    const char *member;  /* "parameters.quantity.meaning", "quantity" */
    const char *was, *is;
};

/* Reads the text of a file; `file` is its name for sentences. Everything lives in the arena.
 * ST_INVALID names the place, what is wrong there and the nearest known name; then nothing of the
 * file is in force. */
enum status overrides_read(struct arena *a, struct str text, const char *file,
                           const struct overrides **ret_overrides, struct error *err);

/* All of the following take NULL for "none". */

/* The row as the overrides have it; the same row when there are none for it. */
const struct action *overrides_row(const struct overrides *overrides, const struct action *row);

/* The same for field rows of an entity (connector.h). */
const struct field *overrides_fields(const struct overrides *overrides, const struct field *rows);

/* The digest of a record: of its bytes, and of how its fields are read, so that a correction makes
 * the next sync read again what it has stored. */
struct digest overrides_record_digest(const struct overrides *overrides, const struct field *rows,
                                      struct str raw);

/* In the order of the file. */
const struct override_fact *overrides_facts(const struct overrides *overrides, size_t *ret_n);

/* A line for each correction of this row: "quantity.meaning: seats-added (built in: seats)". False
 * when there is none. */
bool overrides_describe(const struct overrides *overrides, const struct action *row,
                        struct buf *to);

/* What a request by hand may do when corrected rows raise it: at least `least`. */
enum effect overrides_effect(const struct overrides *overrides, const struct connector *connector,
                             enum method method, struct str path, enum effect least);

/* For the hash of a plan: equal when the same corrections are in force. */
struct digest overrides_digest(const struct overrides *overrides);
