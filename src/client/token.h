/* Tokens: where they come from, who keeps them, and the one rule that costs money when broken: an
 * Ion refresh token works once, so its successor must be kept before anything else happens.
 *
 * The client knows no store. What must outlive it goes through a vault that is handed in. */
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "client/transport.h"
#include "remote/connector.h"

#include <pthread.h>
#include <stdatomic.h>

struct access_token {
    const struct secret *token; /* NULL: none */
    int64_t born_ms, expires_ms;
};

/* How an attempt to refresh ended. OPEN is what a crash leaves behind. */
enum attempt_outcome {
    ATTEMPT_OPEN,
    ATTEMPT_ANSWERED, /* a new token came and was kept */
    ATTEMPT_REFUSED,  /* the service refused, readably */
    ATTEMPT_NOT_SENT, /* nothing left this machine: the token is as good as before */
    ATTEMPT_FAILED,   /* answered with a fault (5xx, HTML): the token may be used up */
    ATTEMPT_UNKNOWN,  /* sent, no answer: the token may be used up */
};

struct refresh_state {
    int64_t generation;         /* of the newest token; 0: there is none */
    const struct secret *token; /* the newest one */
    int64_t born_ms;
    bool is_unclear;       /* there is one that is OPEN, UNKNOWN or FAILED: it may be used up */
    int64_t unclear_at_ms; /* when the last of those was begun */
};

struct kept_tokens {
    int64_t attempt;    /* that brought them */
    int64_t generation; /* that was used up */
    const struct secret *refresh;
    struct access_token access; /* its token is NULL when none of use came with it */
};

/* What outlives the client. Every function that changes something is durable when it returns ST_OK
 * (synced to disk). Called from one thread at a time. */
struct token_vault {
    /* ST_NOT_FOUND when there is none. */
    enum status (*load_access)(struct token_vault *self, struct arena *a,
                               struct access_token *ret_access, struct error *err);
    enum status (*save_access)(struct token_vault *self, const struct access_token *access,
                               struct error *err);

    /* One refresher over all threads and processes. ST_BUSY: somebody else holds it, until
     * `ret_until_ms`. A holder that is known to have died counts as gone. */
    enum status (*lease)(struct token_vault *self, int64_t ttl_ms, int64_t *ret_until_ms,
                         struct error *err);
    void (*release)(struct token_vault *self);

    /* The newest generation. ST_PAUSED when this copy of the store may not own the token. */
    enum status (*load_refresh)(struct token_vault *self, struct arena *a,
                                struct refresh_state *ret_state, struct error *err);

    /* A row for an attempt with this generation, before anything is sent; room is made for a rescue
     * file, too. ST_CONFLICT: there is a newer generation. */
    enum status (*begin_attempt)(struct token_vault *self, int64_t generation, int64_t *ret_attempt,
                                 struct error *err);
    enum status (*end_attempt)(struct token_vault *self, int64_t attempt,
                               enum attempt_outcome outcome, struct error *err);

    /* Adds the next generation and the access token, and ends the attempt, all at once. Never
     * overwrites a generation. When a person entered a newer token in between, that one holds, and
     * what came is let go. */
    enum status (*keep)(struct token_vault *self, const struct kept_tokens *tokens,
                        struct error *err);

    /* When `keep` failed: a sealed file beside the store, taken in at the next start. NULL: there
     * is no such place, and `keep` says itself what became of the token. */
    enum status (*rescue)(struct token_vault *self, const struct kept_tokens *tokens,
                          struct error *err);
};

/* Where and as whom to ask. All text outlives the source. */
struct token_settings {
    const struct connector *connector;
    struct str connection;    /* its name, for sentences */
    struct str token_urls[2]; /* the second is STR_NONE or asked only if the first is not there */
    struct str client_id;     /* client credentials only */
    const struct secret *client_secret;
    struct str region; /* for sentences; "" when there is none */
    bool sandbox;
};

struct token_source {
    struct token_settings settings;
    struct token_vault *vault;
    struct clock *clock;
    const atomic_bool *cancelled;                      /* may be NULL */
    void (*tell)(void *context, const char *sentence); /* something worth waiting for; or NULL */
    void *tell_context;

    pthread_mutex_t lock; /* guards what follows, and the vault */
    struct arena arena;   /* of the token in use */
    struct access_token current;
    uint64_t number;          /* counts the tokens, so that a thread sees that its copy is old */
    int64_t rejected_ms;      /* when a fresh token was last rejected */
    int64_t rejected_born_ms; /* and when that one was born */
    bool by_second_url;       /* the last token came from the second address */
};

void token_source_init(struct token_source *source, const struct token_settings *settings,
                       struct token_vault *vault, struct clock *clock);
void token_source_release(struct token_source *source);

/* A token that is good for at least the connector's skew, from memory, vault or remote.
 * `*number` is the caller's; the copy in `a` is made only when it is out of date. */
enum status token_get(struct token_source *source, struct transport *transport, struct arena *a,
                      uint64_t *number, const struct secret **token, struct error *err);

/* The service answered 401 to the token of this number: it is forgotten, unless a newer one is in
 * use already. ST_CREDENTIALS when a fresh one was rejected a moment ago: a new one would not
 * help, and refreshing in a circle would burn tokens. */
enum status token_reject(struct token_source *source, uint64_t number, struct error *err);

/* Refreshes when the refresh token is older than `age_ms`, so that it does not die of disuse. Does
 * nothing for other grants. */
enum status token_keep_alive(struct token_source *source, struct transport *transport,
                             int64_t age_ms, struct error *err);

/* The two grants, each in its file. Called with the lock held; put a token into `source->current`.
 * A refresh is spared when another process keeps a token that was born at `since_ms` or later. */
enum status token_by_credentials(struct token_source *source, struct transport *transport,
                                 struct error *err);
enum status token_by_refresh(struct token_source *source, struct transport *transport,
                             int64_t since_ms, struct error *err);

/* Takes a token out of the vault that is good and was born at `since_ms` or later, if there is
 * one. */
enum status token_take_kept(struct token_source *source, int64_t since_ms, bool *ret_found,
                            struct error *err);

/* Common to both: makes this the token in use. */
void token_use(struct token_source *source, const struct access_token *access);

/* Reads {access_token, expires_in, refresh_token}. ST_UNREADABLE names what is missing or of no
 * use;
 * `*ret_refresh` is set whenever there is one, since no other may ever come. It may be NULL where
 * none is expected. */
enum status token_read(struct arena *a, const struct token_source *source, struct str body,
                       struct access_token *ret_access, const struct secret **ret_refresh,
                       struct error *err);
