/* What becomes due at Stellr. */
#include "sim/inside.h"

void stellr_settle(struct sim *sim)
{
    (void)sim; /* nothing of Stellr's takes time yet */
}
