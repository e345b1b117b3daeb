/* What the parts of the simulator share. Not for others. */
#pragma once

#include "base/json_write.h"
#include "base/zone.h"
#include "remote/connector.h"
#include "remote/route.h"
#include "sim/credentials.h"
#include "sim/knobs.h"
#include "sim/sim.h"
#include "sim/state.h"

#include <stdatomic.h>

#define SIM_CLIENT_ID     "sim-client"
#define SIM_CLIENT_SECRET "sim-secret-7f3a9c"
#define SIM_API_KEY       "sim-api-key"
#define SIM_API_SECRET    "sim-api-secret-51d2"

struct state;    /* state.c */
struct journal;  /* journal.c */
struct replay;   /* replay.c */
struct scenario; /* scenario.c */

struct listener {
    struct sim *sim;
    struct server *server;
    bool serves[2]; /* by marketplace */
    bool is_at_root, has_control;
    struct str address; /* with the scheme: "http://127.0.0.1:8790" */
    const char *host;   /* as it was told to listen on */
};

/* Requests of this minute. */
struct rate {
    int64_t since_ms, n;
};

struct sim {
    struct arena arena;
    struct world world;
    struct faults faults;
    struct state *state;
    struct knobs knobs;
    struct rate rates[2];
    struct listener listeners[4];
    size_t n_listeners;
    struct str addresses[2], stellr_token_url, control_url;
    struct str control_token;
    int64_t told_account;            /* the Ion account of the credentials file */
    const struct scenario *scenario; /* NULL: none */
    struct str tls_certificate, tls_key;
    int64_t latency_ms;
    struct tokens *tokens;
    struct replay *replay; /* NULL: the world answers */
    const struct zone *eastern;
    struct journal *journal;
    FILE *journal_file; /* a line per request; NULL: none */
    atomic_int_least64_t n_requests;
    struct clock *clock;
};

struct query_value {
    struct str name, value; /* decoded; a value that cannot be is STR_NONE */
};

/* One request on its way through the simulator. */
struct ask {
    struct sim *sim;
    struct exchange *x;
    enum marketplace at;
    const struct connector *connector;
    struct str path; /* below the marketplace's prefix */
    const struct action *action;
    struct query_value *query;
    size_t n_query;
    bool is_other_method;       /* no action, but there is one for another method */
    struct arguments arguments; /* of the path */
    enum fault_kind fault;
    bool is_carried_out; /* it was answered with success, whatever then becomes of the answer */
};

/* An answer per action. A test checks that every row of the action tables has one. */
struct answer {
    const char *action;
    void (*give)(struct ask *ask);
};
extern const struct answer stellr_answers[], ion_answers[];
const struct answer *answer_find(const struct action *action);

/* Path parameter, or query parameter in camelCase or snake_case (ion 2 SPEC, CLIENT). */
struct str ask_path(const struct ask *ask, const char *name);
struct str ask_query(const struct ask *ask, const char *name); /* STR_NONE when absent */
int64_t ask_number(const struct ask *ask, const char *name, int64_t otherwise, bool *ret_wrong);

/* Starts the JSON of an answer with this status. */
struct json_writer ask_json(struct ask *ask, int status);

/* Errors in the words and shape of each marketplace (stellr 8 A-60; ion 6.1). */
void stellr_error(struct ask *ask, int status, const char *code, const char *message);
void ion_error(struct ask *ask, int status, const char *error, const char *message);
void ask_refuse(struct ask *ask, int status); /* the usual words of this marketplace */

/* Request ids in the form of each marketplace. */
struct str stellr_request_id(struct ask *ask);
struct str ion_request_id(struct ask *ask);

struct state *state_new(struct clock *clock);
void state_free(struct state *state);

/* OAuth of both marketplaces. `oauth_answer` is true when the path was one of OAuth's. */
bool oauth_answer(struct ask *ask);
bool oauth_allows(struct ask *ask); /* the bearer token is good; else the refusal is written */
void oauth_validate(struct ask *ask);
/* Refuses in OAuth's own shape (stellr 1.1, ion 1.1); false when the path is none of OAuth's, or a
 * gateway would speak in its place. */
bool oauth_refuse(struct ask *ask, int status);

/* Files of Ion that are fetched by a signed address, without authorisation. True when the path was
 * one of theirs. */
bool ion_file_answer(struct ask *ask);

/* Recorded bodies. */
enum status replay_open(const char *directory, struct replay **ret_replay, struct error *err);
void replay_free(struct replay *replay);
bool replay_answer(struct ask *ask); /* false: nothing recorded fits */

/* A price with the decimals that the marketplace would send. */
void put_price(struct json_writer *w, const char *key, struct decimal price, bool with_point);

/* Answers an exchange of a listener (answering.c). */
void sim_handle(void *context, struct exchange *x);
