/* Text of a row outlives its cursor only when it is copied. */
#pragma once

#include "base/arena.h"

/* Copies each text into the arena; STR_NONE stays. */
void texts_keep(struct arena *a, struct str *const *texts, size_t n);
struct str text_keep(struct arena *a, struct str text);
