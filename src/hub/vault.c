/* The adapter between the client's vault and the store's rows. */
#include "hub/vault.h"

#include "store/connections.h"
#include "store/leases.h"
#include "store/tokens.h"

static struct store_vault *of(struct token_vault *self)
{
    return (struct store_vault *)self;
}

static const char *const outcome_names[] = {
    [ATTEMPT_OPEN] = "open",         [ATTEMPT_ANSWERED] = "answered", [ATTEMPT_REFUSED] = "refused",
    [ATTEMPT_NOT_SENT] = "not-sent", [ATTEMPT_FAILED] = "failed",     [ATTEMPT_UNKNOWN] = "unknown",
};

static enum status load_access(struct token_vault *self, struct arena *a,
                               struct access_token *ret_access, struct error *err)
{
    struct store_vault *v = of(self);
    struct access_row row;
    TRY(access_load(v->store, v->db, a, v->connection_id, &row, err));
    *ret_access = (struct access_token){ row.token, row.born_at, row.expires_at };
    return ST_OK;
}

static enum status save_access(struct token_vault *self, const struct access_token *access,
                               struct error *err)
{
    struct store_vault *v = of(self);
    struct access_row row = { access->token, access->born_ms, access->expires_ms };
    return access_save(v->store, v->db, v->connection_id, &row, err);
}

static enum status lease(struct token_vault *self, int64_t ttl_ms, int64_t *ret_until_ms,
                         struct error *err)
{
    struct store_vault *v = of(self);
    return lease_take(v->store, v->db, v->lease, (int64_t)(intptr_t)v, ttl_ms, ret_until_ms, err);
}

static void release(struct token_vault *self)
{
    struct store_vault *v = of(self);
    struct error ignored;
    /* Should this fail, the lease ends by itself. */
    (void)lease_release(v->store, v->db, v->lease, (int64_t)(intptr_t)v, &ignored);
}

/* Read anew each time: another process may have paused the connection in between. */
static enum status check_state(struct store_vault *v, struct arena *a, struct error *err)
{
    const struct connection_row *rows;
    size_t n;
    TRY(connection_list(v->store, v->db, a, STR_NONE, &rows, &n, err));
    for (size_t i = 0; i < n; i++)
        if (rows[i].id == v->connection_id)
            return connection_refuse_paused(&rows[i], err);
    return ST_OK;
}

static enum status load_refresh(struct token_vault *self, struct arena *a,
                                struct refresh_state *ret_state, struct error *err)
{
    struct store_vault *v = of(self);
    struct refresh_row row;
    TRY(check_state(v, a, err));
    TRY(refresh_load(v->store, v->db, a, v->connection_id, &row, err));
    *ret_state = (struct refresh_state){
        .generation = row.generation,
        .token = row.token,
        .born_ms = row.born_at,
        .is_unclear = row.is_unclear,
        .unclear_at_ms = row.unclear_at,
    };
    return ST_OK;
}

static enum status begin_attempt(struct token_vault *self, int64_t generation, int64_t *ret_attempt,
                                 struct error *err)
{
    struct store_vault *v = of(self);
    return attempt_begin(v->store, v->db, v->connection_id, generation, ret_attempt, err);
}

static enum status end_attempt(struct token_vault *self, int64_t attempt,
                               enum attempt_outcome outcome, struct error *err)
{
    struct store_vault *v = of(self);
    return attempt_end(v->store, v->db, v->connection_id, attempt, outcome_names[outcome], err);
}

static enum status keep(struct token_vault *self, const struct kept_tokens *tokens,
                        struct error *err)
{
    struct store_vault *v = of(self);
    struct access_row access = { tokens->access.token, tokens->access.born_ms,
                                 tokens->access.expires_ms };
    return tokens_keep(v->store, v->db, v->connection_id, tokens->attempt, tokens->generation,
                       tokens->refresh, &access, err);
}

static enum status rescue(struct token_vault *self, const struct kept_tokens *tokens,
                          struct error *err)
{
    struct store_vault *v = of(self);
    return tokens_rescue(v->store, v->connection_id, tokens->generation, tokens->refresh, err);
}

enum status store_vault_open(struct store_vault *vault, struct store *store, int64_t connection_id,
                             struct error *err)
{
    *vault = (struct store_vault){
        .vault = { load_access, save_access, lease, release, load_refresh, begin_attempt,
                   end_attempt, keep, rescue },
        .store = store,
        .connection_id = connection_id,
    };
    (void)snprintf(vault->lease, sizeof vault->lease, "the token refresh of connection %lld",
                   (long long)connection_id);
    return store_connect(store, &vault->db, err);
}

void store_vault_close(struct store_vault *vault)
{
    db_close(vault->db);
    vault->db = NULL;
}

static enum status nothing_loaded(struct token_vault *self, struct arena *a,
                                  struct access_token *ret_access, struct error *err)
{
    (void)self, (void)a, (void)ret_access;
    return fail(err, ST_NOT_FOUND, "nothing is kept while credentials are tried");
}

static enum status nothing_saved(struct token_vault *self, const struct access_token *access,
                                 struct error *err)
{
    (void)self, (void)access, (void)err;
    return ST_OK;
}

struct token_vault vault_of_nothing(void)
{
    return (struct token_vault){ .load_access = nothing_loaded, .save_access = nothing_saved };
}
