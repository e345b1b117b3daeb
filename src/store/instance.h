/* One owner for the single-use tokens. A copy of the store is a second owner: whichever refreshes
 * first leaves the other with a dead token. So a store knows the machine and the file it lives in,
 * and when either changes, its connections pause until a person says which copy goes on. */
#pragma once

#include "store/store.h"

/* At start: pauses every connection when the store is not where it was. */
enum status instance_check(struct store *store, struct error *err);

/* This copy goes on: it remembers where it is, and the connections leave the pause. */
enum status instance_claim(struct store *store, struct error *err);

extern const struct statement instance_statements[];
