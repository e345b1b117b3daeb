/* Corrections of rows. */
#include "remote/overrides.h"

const struct action *overrides_row(const struct overrides *overrides, const struct action *row)
{
    (void)overrides;
    return row;
}
