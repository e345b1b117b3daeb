/* A mutex that is let go on every way out, giving up included:
 *
 *     SCOPED(lock_release) pthread_mutex_t *held = lock_take(&source->lock); */
#pragma once

#include "base/attributes.h"

#include <pthread.h>
#include <stddef.h>

static inline pthread_mutex_t *lock_take(pthread_mutex_t *lock)
{
    (void)pthread_mutex_lock(lock); /* cannot fail for one that was initialised */
    return lock;
}

static inline void lock_release(pthread_mutex_t **lock)
{
    if (*lock != NULL)
        (void)pthread_mutex_unlock(*lock);
}
