/* What people and programs are told about an action, all of it from its row: `actions show`, help,
 * completion, the pages in docs/ and man, OpenAPI. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "remote/connector.h"
#include "remote/overrides.h"

/* Whether somebody may give it: all but the access token. */
bool param_is_told(const struct param *param);
/* Whether the caller has to give it: neither the connection nor the row has a value. */
bool param_is_wanted(const struct param *param);

const char *param_place_name(enum place place); /* "path" */

/* Its doc, with what a choice may be and what is sent when nobody gives it. */
struct str param_words(struct arena *a, const struct param *param);

/* How it pages, in a sentence. NULL: the answer is one document. */
const char *action_paging_words(struct arena *a, const struct action *action);

/* How its answer is judged, in sentences. */
struct str action_judging_words(struct arena *a, const struct action *action);

/* "stellion call stellr.customer.get --customerNo 700101", as one types it into a shell; where it
 * gets long, on several lines. */
struct str action_example(struct arena *a, const struct action *action);

/* Everything about it, as JSON, and what the overrides correct of it; `overrides` may be NULL. */
struct str action_json(struct arena *a, const struct action *action,
                       const struct overrides *overrides);
