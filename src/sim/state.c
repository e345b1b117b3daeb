/* The tables and their copies, the lock and the clock. */
#include "sim/inside.h"

#include "sim/state_inside.h"

static const size_t row_bytes[] = {
#define X(id, row) sizeof(row),
    STATE_ROWS(X)
#undef X
};

struct state *state_new(struct clock *clock)
{
    struct state *state = memory_new(sizeof *state);
    state->clock = clock;
    (void)pthread_mutex_init(&state->lock, NULL);
    return state;
}

static void drop_tables(struct table *tables)
{
    for (size_t k = 0; k < STATE_KINDS; k++)
        memory_free(tables[k].rows);
}

static void drop_snapshot(struct snapshot *s)
{
    drop_tables(s->tables);
    memory_free(s);
}

static void drop_index(struct place_index *index)
{
    memory_free(index->keys);
    memory_free(index->rows);
    *index = (struct place_index){ 0 };
}

static void drop_indexes(struct state *state)
{
    drop_index(&state->customer_rows);
    drop_index(&state->subscription_rows);
    drop_index(&state->new_of_customer);
}

void state_free(struct state *state)
{
    if (state == NULL)
        return;
    while (state->snapshots != NULL) {
        struct snapshot *next = state->snapshots->next;
        drop_snapshot(state->snapshots);
        state->snapshots = next;
    }
    drop_tables(state->tables);
    drop_indexes(state);
    (void)pthread_mutex_destroy(&state->lock);
    memory_free(state);
}

void state_lock(struct sim *sim)
{
    (void)pthread_mutex_lock(&sim->state->lock);
}

void state_unlock(struct sim **sim)
{
    (void)pthread_mutex_unlock(&(*sim)->state->lock);
}

void *state_add(struct sim *sim, enum state_kind kind)
{
    struct table *table = &sim->state->tables[kind];
    if (table->n == table->room) {
        table->room = table->room == 0 ? 64 : table->room * 2;
        table->rows = memory_grow(table->rows, table->room * row_bytes[kind]);
    }
    char *row = (char *)table->rows + table->n++ * row_bytes[kind];
    memset(row, 0, row_bytes[kind]);
    return row;
}

void *state_rows(struct sim *sim, enum state_kind kind, size_t *ret_n)
{
    *ret_n = sim->state->tables[kind].n;
    return sim->state->tables[kind].rows;
}

struct str state_text(struct sim *sim, struct str text)
{
    return text.at == NULL ? STR_NONE : arena_copy(&sim->arena, text);
}

/* --- where the row of a place is --- */

static size_t slot_of(const struct place_index *index, uint64_t key)
{
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (index->room - 1);
    while (index->keys[at] != 0 && index->keys[at] != key)
        at = (at + 1) & (index->room - 1);
    return at;
}

static uint64_t key_of(enum marketplace at, int64_t place)
{
    return (uint64_t)place * 2 + (uint64_t)at + 1;
}

size_t *index_find(struct place_index *index, enum marketplace at, int64_t place)
{
    if (index->n == 0)
        return NULL;
    size_t slot = slot_of(index, key_of(at, place));
    return index->keys[slot] == 0 ? NULL : &index->rows[slot];
}

static void index_grow(struct place_index *index)
{
    struct place_index old = *index;
    index->room = old.room == 0 ? 256 : old.room * 2;
    index->keys = memory_new(index->room * sizeof *index->keys);
    index->rows = memory_new(index->room * sizeof *index->rows);
    for (size_t i = 0; i < old.room; i++) {
        if (old.keys[i] == 0)
            continue;
        size_t slot = slot_of(index, old.keys[i]);
        index->keys[slot] = old.keys[i];
        index->rows[slot] = old.rows[i];
    }
    drop_index(&old);
}

void index_put(struct place_index *index, enum marketplace at, int64_t place, size_t row)
{
    if (index->n * 2 >= index->room)
        index_grow(index);
    size_t slot = slot_of(index, key_of(at, place));
    index->n += index->keys[slot] == 0;
    index->keys[slot] = key_of(at, place);
    index->rows[slot] = row;
}

/* --- copies --- */

static void copy_tables(struct table *to, const struct table *from)
{
    for (size_t k = 0; k < STATE_KINDS; k++) {
        size_t bytes = from[k].n * row_bytes[k];
        to[k] = (struct table){ .n = from[k].n, .room = from[k].n };
        if (bytes == 0)
            continue;
        to[k].rows = memory_grow(NULL, bytes);
        memcpy(to[k].rows, from[k].rows, bytes);
    }
}

bool state_keep(struct sim *sim, struct str name)
{
    struct snapshot *s = state_snapshot(sim, name);
    size_t n = 0;
    for (const struct snapshot *other = sim->state->snapshots; other != NULL; other = other->next)
        n++;
    if (s == NULL && n == SNAPSHOTS_MAX)
        return false;
    if (s == NULL) {
        s = memory_new(sizeof *s);
        s->next = sim->state->snapshots;
        s->name = state_text(sim, name);
        sim->state->snapshots = s;
    }
    drop_tables(s->tables);
    copy_tables(s->tables, sim->state->tables);
    s->now_ms = sim_now(sim);
    s->is_frozen = sim->state->is_frozen;
    return true;
}

struct snapshot *state_snapshot(struct sim *sim, struct str name)
{
    struct snapshot *s = sim->state->snapshots;
    while (s != NULL && !str_equal(s->name, name))
        s = s->next;
    return s;
}

bool state_restore(struct sim *sim, struct str name)
{
    const struct snapshot *s = state_snapshot(sim, name);
    if (s == NULL)
        return false;
    drop_tables(sim->state->tables);
    drop_indexes(sim->state);
    copy_tables(sim->state->tables, s->tables);
    state_index_rows(sim);
    state_set_clock(sim, s->now_ms);
    state_freeze(sim, s->is_frozen);
    return true;
}

/* --- the clock --- */

int64_t sim_now(struct sim *sim)
{
    const struct state *state = sim->state;
    return state->is_frozen ? state->frozen_ms
                            : state->clock->now_ms(state->clock) + state->offset_ms;
}

void state_set_clock(struct sim *sim, int64_t now_ms)
{
    struct state *state = sim->state;
    state->frozen_ms = now_ms;
    state->offset_ms = now_ms - state->clock->now_ms(state->clock);
}

void state_freeze(struct sim *sim, bool freeze)
{
    state_set_clock(sim, sim_now(sim));
    sim->state->is_frozen = freeze;
}
