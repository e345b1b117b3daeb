/* The way out where there is no way on: no memory, no random bytes, a library that does not start.
 *
 * The program ends, with a sentence. A library must not end its host: whoever runs its work through
 * `give_up_guard` gets a status instead. The stack is unwound as pthread_exit does it: each
 * SCOPED() release between the fault and the guard runs. So what must end in any case, whatever
 * happens below, is SCOPED; what is merely freed with something longer-lived needs nothing.
 * (docs/decisions/13-a-library-gives-up-by-unwinding.md)
 *
 * Callbacks that a foreign library calls must not give up: its frames know no unwinding. */
#pragma once

#include "base/error.h"

#include <stdbool.h>

/* Does not return. The sentence is without values: nothing can be made of them any more. */
_Noreturn void give_up(enum status code, const char *sentence);

/* Whether there is one, in this thread. */
bool give_up_is_guarded(void);

/* Releases must not give up: the rest of them would not run. One that takes memory stands in a
 * guard of its own.
 *
 * Runs `work(context)`. ST_OK when it came to its end; else what it gave up with. Guards may nest,
 * and belong to one thread. */
enum status give_up_guard(void (*work)(void *context), void *context, struct error *err);
