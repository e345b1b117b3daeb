/* Every SQL statement of the program, for the tests that prepare each of them on both databases. */
#pragma once

#include "store/db.h"

/* One table per noun, each ended by a row without name; NULL ends the list. */
extern const struct statement *const all_statements[];
