/* Who may call, and the tokens given out: Stellr's client credentials (stellr 1.1), Ion's
 * single-use refresh tokens (ion 1.1), and the API keys of Ion's v1 and v2 (ion 1.4). Guarded by
 * the lock of the state; not part of a snapshot, since a token that was used up stays used up.
 *
 * Tokens carry a number and a hash over it and the seed, so that a simulator that was started anew
 * with the same seed knows its own first refresh tokens again, as the real service would. */
#pragma once

#include "sim/world.h"

struct sim;
struct tokens;

#define TOKEN_BYTES 96

enum credential_kind { CREDENTIAL_CLIENT, CREDENTIAL_REFRESH, CREDENTIAL_KEY, CREDENTIAL_KINDS };
extern const char *const credential_kinds[]; /* "client", "refresh-token", "api-key" */

struct credential {
    enum credential_kind kind;
    char id[TOKEN_BYTES];       /* client id, API key; of a refresh token the one to be used next */
    char secret[TOKEN_BYTES];   /* "" for refresh tokens */
    int64_t works_from_ms;      /* a new one sleeps first */
    int64_t works_until_ms;     /* 0: no end; a revoked one works on for a while */
    int64_t generation;         /* refresh tokens: of the one to be used next */
    int64_t refresh_expires_ms; /* refresh tokens */
};

#define CREDENTIALS_MAX 200

struct tokens *tokens_new(struct sim *sim);
void tokens_free(struct tokens *tokens);

/* The credentials that exist; the first of each kind are there from the start. */
size_t credentials_count(const struct tokens *tokens);
const struct credential *credential_at(const struct tokens *tokens, size_t i);
struct str tokens_first_refresh(const struct tokens *tokens);

/* A new one, which sleeps as the knob credential_delay_s says. NULL when there are too many. */
const struct credential *credential_make(struct sim *sim, enum credential_kind kind);
void credential_sleep(struct sim *sim, size_t i, int64_t delay_s); /* as if made just now */
void credential_keep_fresh(struct sim *sim, size_t i); /* a refresh token's life starts anew */
void credential_revoke(struct sim *sim, size_t i);     /* works on for revoke_delay_s */
void credential_expire(struct sim *sim, size_t i);     /* its access tokens end now */
void credential_lose(struct sim *sim, size_t i);       /* somebody else uses the refresh token up */

bool credential_works(struct sim *sim, size_t i); /* now */

/* The credential that this pair is, if it works now; -1 otherwise. */
int64_t credential_find(struct sim *sim, enum credential_kind kind, struct str id,
                        struct str secret);

/* A new access token of a credential; lives until the next is given. */
const char *token_give(struct sim *sim, enum marketplace at, int64_t credential);
/* Seconds that it still lives; below 1 when it is none. */
int64_t token_life_s(struct sim *sim, enum marketplace at, struct str text,
                     int64_t *ret_credential);
/* Uses a refresh token up; `refresh` is its successor. -1 when it is none, used, or too old. */
int64_t token_rotate(struct sim *sim, struct str text, char refresh[TOKEN_BYTES]);
