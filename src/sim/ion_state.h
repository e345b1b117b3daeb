/* What Ion remembers beyond the world: rows of the simulator's state. */
#pragma once

#include "sim/world.h"

/*  kind        row */
#define ION_STATE_ROWS(X)
