/* Open addressing with linear probing; the hash is seeded per process against crafted ids. */
#include "base/text_map.h"

#include "base/arena.h"
#include "base/os.h"

#include <stdatomic.h>

struct text_map_slot {
    char *key; /* NULL: free */
    size_t len, value;
    uint64_t hash;
};

static uint64_t seed(void)
{
    static atomic_uint_least64_t value;
    uint64_t current = atomic_load(&value);
    if (current != 0)
        return current;
    uint64_t fresh = os_random_u64() | 1;
    return atomic_compare_exchange_strong(&value, &current, fresh) ? fresh : current;
}

static uint64_t hash_of(struct str key)
{
    uint64_t hash = seed();
    for (size_t i = 0; i < key.len; i++) {
        hash ^= (unsigned char)key.at[i];
        hash *= UINT64_C(0x100000001b3);
        hash ^= hash >> 29;
    }
    return hash;
}

/* The slot of the key, or the free one where it would go. There is always a free one. */
static struct text_map_slot *find(struct text_map_slot *slots, size_t n_slots, struct str key,
                                  uint64_t hash)
{
    for (size_t i = hash & (n_slots - 1);; i = (i + 1) & (n_slots - 1)) {
        struct text_map_slot *slot = &slots[i];
        if (slot->key == NULL ||
            (slot->hash == hash && str_equal((struct str){ slot->key, slot->len }, key)))
            return slot;
    }
}

static void grow(struct text_map *map)
{
    size_t n_slots = map->n_slots == 0 ? 64 : map->n_slots * 2;
    struct text_map_slot *slots = memory_new(n_slots * sizeof *slots);
    for (size_t i = 0; i < map->n_slots; i++) {
        struct text_map_slot *old = &map->slots[i];
        if (old->key != NULL)
            *find(slots, n_slots, (struct str){ old->key, old->len }, old->hash) = *old;
    }
    memory_free(map->slots);
    map->slots = slots;
    map->n_slots = n_slots;
}

bool text_map_add(struct text_map *map, struct str key, size_t value)
{
    if (map->n_keys * 4 >= map->n_slots * 3)
        grow(map);
    uint64_t hash = hash_of(key);
    struct text_map_slot *slot = find(map->slots, map->n_slots, key, hash);
    if (slot->key != NULL)
        return false;
    slot->key = memory_new(key.len + 1);
    if (key.len > 0)
        memcpy(slot->key, key.at, key.len);
    slot->len = key.len;
    slot->value = value;
    slot->hash = hash;
    map->n_keys++;
    return true;
}

void text_map_set(struct text_map *map, struct str key, size_t value)
{
    if (!text_map_add(map, key, value))
        find(map->slots, map->n_slots, key, hash_of(key))->value = value;
}

bool text_map_get(const struct text_map *map, struct str key, size_t *ret_value)
{
    if (map->n_slots == 0)
        return false;
    struct text_map_slot *slot = find(map->slots, map->n_slots, key, hash_of(key));
    if (slot->key == NULL)
        return false;
    *ret_value = slot->value;
    return true;
}

void text_map_release(struct text_map *map)
{
    for (size_t i = 0; i < map->n_slots; i++)
        memory_free(map->slots[i].key);
    memory_free(map->slots);
    *map = (struct text_map){ 0 };
}
