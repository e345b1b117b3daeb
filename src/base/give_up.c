/* Unwinding in C: the compiler makes landing pads for SCOPED() releases (-fexceptions), libgcc's
 * forced unwinding visits them, and the guard's own frame is entered by longjmp. */
#include "base/give_up.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unwind.h>

struct guard {
    struct guard *outer;
    const char *frame; /* of the function that called the work */
    jmp_buf back;
    enum status code;
    const char *sentence;
    bool is_unwinding;
    struct _Unwind_Exception unwinding;
};

static _Thread_local struct guard *innermost;

/* Called for each frame before its releases run. The address is the stack pointer of the frame in
 * question, so that the first one above `frame` is give_up_guard's. */
static _Unwind_Reason_Code visit_frame(int version, _Unwind_Action actions,
                                       _Unwind_Exception_Class class,
                                       struct _Unwind_Exception *unwinding,
                                       struct _Unwind_Context *context, void *to)
{
    (void)version, (void)class, (void)unwinding;
    struct guard *guard = to;
    const char *frame = (const char *)_Unwind_GetCFA(context); /* NOLINT: an address */
    if ((actions & _UA_END_OF_STACK) != 0 || frame > guard->frame)
        longjmp(guard->back, 1);
    return _URC_NO_REASON;
}

void give_up(enum status code, const char *sentence)
{
    struct guard *guard = innermost;
    if (guard != NULL) {
        guard->code = code;
        guard->sentence = sentence;
        if (guard->is_unwinding) /* a release gave up: clang ends the program on a second one */
            longjmp(guard->back, 1);
        guard->is_unwinding = true;
        (void)_Unwind_ForcedUnwind(&guard->unwinding, visit_frame, guard);
    }
    (void)fprintf(stderr, "stellion: %s\n", sentence);
    abort();
}

bool give_up_is_guarded(void)
{
    return innermost != NULL;
}

static void leave(struct guard **guard)
{
    innermost = (*guard)->outer;
}

/* A frame of its own, whose address tells where to stop. It also closes the guard when somebody
 * else unwinds through it: a C++ exception of a callback, pthread_exit. */
__attribute__((noinline)) static void run(struct guard *guard, void (*work)(void *context),
                                          void *context)
{
    SCOPED(leave) struct guard *open = guard;
    open->frame = __builtin_frame_address(0);
    innermost = open;
    work(context);
}

enum status give_up_guard(void (*work)(void *context), void *context, struct error *err)
{
    struct guard guard = { .outer = innermost };
    if (setjmp(guard.back) != 0)
        return fail(err, guard.code, "%s", guard.sentence);
    run(&guard, work, context);
    return ST_OK;
}
