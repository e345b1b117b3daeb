/* The hub: store, clients, sync, matching and comparison put together. What the command line does
 * is a function here, so that other faces can do the same.
 *
 * A hub belongs to one thread. */
#pragma once

#include "billing/bill_import.h"
#include "client/call.h"
#include "match/match.h"
#include "reconcile/reconcile.h"
#include "remote/connector.h"
#include "store/connections.h"
#include "store/store.h"
#include "sync/sync.h"

struct zone;

struct hub {
    struct store *store;
    struct arena arena;                /* as long as the hub */
    const struct zone *zone;           /* of the workspace */
    const struct overrides *overrides; /* of the data directory; NULL: none */
    struct clock *clock;
    const atomic_bool *cancelled;                      /* may be NULL */
    void (*tell)(void *context, const char *sentence); /* something worth waiting for; or NULL */
    void *tell_context;
};

enum status hub_open(const char *directory, struct clock *clock, const atomic_bool *cancelled,
                     struct hub **ret_hub, struct error *err);
void hub_close(struct hub *hub); /* NULL is fine */

/* The corrections of rows in a data directory (remote/overrides.h), into the arena; NULL when there
 * is no such file. ST_INVALID: it is not ours, others may write it, or it cannot be read. hub_open
 * has done it already. */
#define OVERRIDES_FILE "overrides.json"
enum status hub_overrides(struct arena *a, const char *directory,
                          const struct overrides **ret_overrides, struct error *err);

/* A connection that can be asked. */
struct live;

/* ST_PAUSED and ST_INVALID (incomplete) say what to do. */
enum status live_open(struct hub *hub, const struct connection_row *row, struct live **ret_live,
                      struct error *err);
void live_close(struct live *live); /* NULL is fine */
struct call *live_call(struct live *live);
struct client *live_client(struct live *live);

/* What a person gives to connect. Texts that were not given are STR_NONE. */
struct connect_request {
    const struct connector *connector;
    struct str name;   /* else made of kind, region and environment */
    struct str region; /* Stellr: us, ca, br, mx */
    bool sandbox;
    struct str account_id;       /* Ion */
    struct str client_id;        /* Stellr */
    const struct secret *secret; /* Stellr's client secret, Ion's initial refresh token; or NULL */
    struct str api_key;          /* Ion, for its v1 and v2; or STR_NONE */
    const struct secret *api_secret; /* with the key; or NULL */
    struct str base_url, token_url;
};

struct connect_result {
    struct str name;
    bool was_known;      /* the connection existed and was changed or completed */
    bool only_keys;      /* nothing but API keys was new */
    bool is_loopback;    /* the address is this machine */
    struct str same_as;  /* another connection that leads to the same; STR_NONE: none does */
    int64_t n_customers; /* that the probe saw on its first page */
    bool has_total;
    int64_t total;
};

/* Checks what can be checked before a secret is asked for: name, region, account, addresses. */
enum status hub_connect_check(struct hub *hub, struct arena *a,
                              const struct connect_request *request, struct error *err);

/* Whether this request needs a secret: false when an incomplete connection of that name is to be
 * taken up with the token that it has, and when one that works gets API keys only. */
enum status hub_connect_needs_secret(struct hub *hub, struct arena *a,
                                     const struct connect_request *request, bool *ret_needs,
                                     struct error *err);

/* Tries the credentials and stores the connection. Refused credentials store nothing; a rotated Ion
 * token is kept at once, whatever comes after. API keys are tried on their own, at last. ST_EMPTY:
 * connected, and the remote lists no customer. */
enum status hub_connect(struct hub *hub, struct arena *a, const struct connect_request *request,
                        struct connect_result *ret_result, struct error *err);

/* The remote connections to work on: the one of this name, or all. ST_NOT_FOUND when there is
 * none. */
enum status hub_remotes(struct hub *hub, struct arena *a, struct str name,
                        const struct connection_row **ret_rows, size_t *ret_n, struct error *err);

enum status hub_sync(struct hub *hub, struct arena *a, const struct connection_row *row,
                     const struct sync_options *options, struct sync_result *ret_result,
                     struct error *err);

/* This copy of the store owns the tokens: paused connections work again. */
enum status hub_claim(struct hub *hub, struct error *err);

/* The workspace's time zone. */
const struct zone *hub_zone(const struct hub *hub);

/* Matches what is new (match.h). */
enum status hub_match(struct hub *hub, struct arena *a, struct match_result *ret_result,
                      struct error *err);

/* A bill file for reading; "-" is standard input. */
enum status bill_file(struct arena *a, const char *path, struct str *ret_file, struct error *err);
enum status hub_import_bill(struct hub *hub, struct arena *a, const char *path,
                            const struct bill_import_options *options,
                            struct bill_import_result *ret_result, struct error *err);

/* Matches what is new, then compares (reconcile.h). */
enum status hub_reconcile(struct hub *hub, struct arena *a, struct position_sink *sink,
                          struct reconciliation *ret_sum, struct error *err);

struct hub_call_options {
    struct str connection; /* STR_NONE: the only one of the action's marketplace */
    bool all_pages;        /* all records of a list as one JSON list */
    bool raw;              /* the body as it came, whatever it is */
};

/* What an action with these arguments may do, by its row or by its final bytes, the user's
 * overrides included. EFFECT_READ when the arguments are wrong: whoever sends them says so. */
enum effect hub_effect(const struct hub *hub, const struct action *action,
                       const struct arguments *arguments);

/* Whether anything may be changed through a connection (review/decision.h), asked over a database
 * connection of its own: for any thread. */
enum status hub_may_change(const struct hub *hub, struct str connection, struct error *err);

/* Runs an action. The answer is JSON, in the arena. */
enum status hub_call(struct hub *hub, struct arena *a, const struct action *action,
                     const struct arguments *arguments, const struct hub_call_options *options,
                     struct str *ret_answer, struct error *err);

/* The records of one page of a list, as the row says where they stand. False: it is no such page.
 */
bool hub_records(struct arena *a, const struct action *action, struct str answer,
                 const struct str **ret_records, size_t *ret_n);

/* Refreshes single-use tokens that grow old, so that they do not die of disuse; best effort, each
 * fault is told through `tell`. Cheap when there is nothing to do. */
#define KEEP_ALIVE_AGE_MS INT64_C(604800000) /* seven days */
enum status hub_keep_alive(struct hub *hub, int64_t age_ms, struct error *err);
