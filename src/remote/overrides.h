/* Corrections of rows by the user, without rebuilding: a file of JSON in the data directory. The
 * rows about the remotes rest on what others have shown of them; where one is wrong, or a service
 * changes, whoever runs Stellion puts the right one here. */
#pragma once

#include "base/arena.h"
#include "remote/connector.h"

struct overrides;

/* The row as the overrides have it; the same row when there are none for it. NULL is fine. */
const struct action *overrides_row(const struct overrides *overrides, const struct action *row);
