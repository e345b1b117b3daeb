/* What becomes due at Ion. */
#include "sim/inside.h"

void ion_settle(struct sim *sim)
{
    (void)sim; /* nothing of Ion's takes time yet */
}
