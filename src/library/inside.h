/* Shared by the files of the library. Not for others. */
#pragma once

#include <stellion.h>

#include "base/error.h"
#include "client/page.h"
#include "hub/hub.h"

struct keeper_vault;

/* A transport with its call, for one use at a time. */
struct seat {
    struct seat *next;
    struct stellion_client *owner;
    struct transport *transport;
    struct call call;
};

struct stellion_client {
    struct arena arena;
    atomic_bool cancelled;
    struct client *client; /* of the connection in the store, or `own` */

    const char *directory; /* of the store */
    struct hub *hub;       /* with a store; else NULL */
    struct live *live;

    struct client own; /* without one */
    struct token_vault nothing;
    struct keeper_vault *keeper; /* Ion */
    struct token_source tokens;
    struct pace pace;
    bool has_own;

    pthread_mutex_t lock; /* guards the list of free seats */
    struct seat *free_seats;
};

/* One function of the library at work: runs in a guard, and its error becomes the caller's. */
struct entry {
    enum status (*run)(struct entry *entry, struct error *err);
    struct stellion_client *client; /* NULL: needs none */
    int64_t n_writes;               /* that were sent, or were about to be */
    enum status status;
    struct error err;
};

enum stellion_status enter(struct entry *entry, struct stellion_error *ret_error);

/* The caller's struct as far as it goes: `size` is its first member. ST_INVALID: it is smaller than
 * any version's. */
enum status take_struct(void *ret, size_t size, size_t least, const void *given, const char *what,
                        struct error *err);

/* A seat that nobody uses, or a new one; counts what it writes for the entry. */
struct seat_use {
    struct seat *seat;
    struct entry *entry;
    int64_t n_writes_before;
};
void seat_take(struct stellion_client *client, struct entry *entry, struct seat_use *ret_use);
void seat_leave(struct seat_use *use); /* for SCOPED: counts, and gives the seat back */
void seat_count(struct seat_use *use); /* only counts: the seat stays the user's */
void seat_free(struct seat *seat);

/* The action of this name, of the client's marketplace, with all arguments. */
enum status read_call(const struct stellion_client *client, struct arena *a, const char *name,
                      const struct stellion_arguments *given, const struct action **ret_action,
                      struct arguments *ret_arguments, struct error *err);

/* An answer of its own memory. */
struct stellion_answer {
    struct arena arena;
    struct str body;
    int http_status;
    const char *request_id;
};
struct stellion_answer *answer_new(struct str body, int http_status, struct str request_id);

/* The vault over the callbacks; its memory is in the arena, freed with it. A token that could not
 * be saved yet is offered once more by keeper_vault_settle. */
enum status keeper_vault_open(struct arena *a, const struct stellion_token_keeper *keeper,
                              struct str first_token, struct clock *clock,
                              struct keeper_vault **ret_vault, struct error *err);
struct token_vault *keeper_vault_of(struct keeper_vault *vault);
enum status keeper_vault_settle(struct keeper_vault *vault, struct error *err);
