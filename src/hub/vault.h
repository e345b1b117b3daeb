/* The token vault of one connection, over the store: what the client's token protocol writes down
 * goes through here. */
#pragma once

#include "client/token.h"
#include "store/store.h"

struct store_vault {
    struct token_vault vault;
    struct store *store;
    struct db *db; /* of its own, since any thread of the client may come */
    int64_t connection_id;
    char lease[64];
};

enum status store_vault_open(struct store_vault *vault, struct store *store, int64_t connection_id,
                             struct error *err);
void store_vault_close(struct store_vault *vault);

/* A vault that forgets: for trying credentials that may turn out to be wrong. */
struct token_vault vault_of_nothing(void);
