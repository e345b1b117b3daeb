/* Shared by the answers of Ion's versions 1 and 2 (3.9). */
#pragma once

#include "sim/ion.h"

void ion_v1_refuse(struct ask *ask, int status, const char *message);

/* Opens the answer: success and message; the caller puts data and closes. */
struct json_writer ion_v1_envelope(struct ask *ask, const char *message);

/* Whether a field's value passes `filter[FIELD]` and `filter[FIELD:modifier]`. */
bool ion_v1_fits(struct ask *ask, const char *field, struct str value);

/* "m-05-2025"; the month with one digit or two. */
bool ion_v1_month(struct str text, struct ion_range *month);
