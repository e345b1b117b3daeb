/* What Stellr remembers beyond the world: rows of the simulator's state. */
#pragma once

#include "sim/world.h"

/*  kind        row */
#define STELLR_STATE_ROWS(X)
