/* A map from text to a number, for ids seen in a run. Keys are copied; grows without limit of its
 * own, so the owner bounds what goes in. Not thread-safe. */
#pragma once

#include "base/str.h"

struct text_map_slot;

struct text_map {
    struct text_map_slot *slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t n_keys;
};

#define TEXT_MAP                                                                                   \
    {                                                                                              \
        0                                                                                          \
    }

/* Puts a key; true when it was not there. An existing key keeps its value. */
bool text_map_add(struct text_map *map, struct str key, size_t value);
void text_map_set(struct text_map *map, struct str key, size_t value); /* adds or replaces */
bool text_map_get(const struct text_map *map, struct str key, size_t *ret_value);
void text_map_release(struct text_map *map);
