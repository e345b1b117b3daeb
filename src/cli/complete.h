/* What may stand at the end of an unfinished command line: from the rows of commands, options and
 * actions. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "remote/overrides.h"

enum shell { SHELL_BASH, SHELL_ZSH, SHELL_FISH };

/* `overrides` may be NULL. `words` are those behind the program's name, the last being the
 * unfinished one ("" at a new word). One candidate a line, with what it is where the shell shows
 * that; or the line ":files" where a file is wanted. */
void complete_words(struct arena *a, struct buf *to, enum shell shell,
                    const struct overrides *overrides, const char *const *words, size_t n);
