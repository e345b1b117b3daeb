/* Pages that are made from the tables, each written into a buffer. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

/* Markdown: every action with all that its row tells (docs/actions.md). */
void docs_actions(struct arena *a, struct buf *to);

/* Markdown: the table of exit codes (in docs/operations.md). */
void docs_exit_codes(struct buf *to);

/* What to do about a status, where there is something to do; else "". */
const char *status_advice(enum status status);

/* Manual pages: stellion(1), stellion-actions(1). */
void man_program(struct arena *a, struct buf *to);
void man_actions(struct arena *a, struct buf *to);
