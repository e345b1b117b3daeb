/* The status rows as data. */
#include "base/status.h"

static const struct status_row rows[] = {
#define X(id, name, http, exit, retry, sentence) { #id, name, http, exit, retry, sentence },
    STATUS_ROWS(X)
#undef X
};

_Static_assert(sizeof rows / sizeof rows[0] == STATUS_COUNT, "one row per status");

const struct status_row *status_row(enum status status)
{
    if ((unsigned)status >= STATUS_COUNT)
        return &rows[ST_INTERNAL];
    return &rows[status];
}
