/* A remote of our own making for unit tests: a transport that answers from a script, a vault in
 * memory, a clock that we move. The real ones are met in tests/contract. */
#pragma once

#include "client/call.h"

struct fake_answer {
    enum status status; /* of the transport; ST_OK: the HTTP answer below */
    int http;
    const char *body;
    int64_t retry_after_ms; /* 0: not said */
};

struct fake_request {
    char url[512];
    char body[512];
    char bearer[64];
    enum method method;
    bool once;
};

#define FAKE_MOST 64

struct fake_transport {
    struct transport transport;
    struct clock_manual *clock;
    struct fake_answer answers[FAKE_MOST]; /* ended by http 0 and ST_OK; the last one repeats */
    struct fake_answer token;              /* answers every token request */
    struct fake_request requests[FAKE_MOST];
    size_t n_requests, n_api, n_token;
    int64_t takes_ms; /* that every request lets pass */
};

struct fake_attempt {
    int64_t generation, at_ms;
    enum attempt_outcome outcome;
};

struct fake_vault {
    struct token_vault vault;
    struct clock_manual *clock;
    char access[64], refresh[64], rescued[64];
    struct access_token access_times;
    int64_t generation, born_ms, lease_until_ms;
    struct fake_attempt attempts[FAKE_MOST];
    size_t n_attempts;
    enum status fail_attempt, fail_keep, fail_rescue, fail_load;
    int n_leases;
    int theirs_after; /* leases that were asked for; then somebody else has kept a token */
    bool is_ours;
};

void fake_transport_init(struct fake_transport *fake, struct clock_manual *clock);
void fake_vault_init(struct fake_vault *fake, struct clock_manual *clock);

/* A whole client over both. */
struct fake_client {
    struct clock_manual clock;
    struct fake_transport transport;
    struct fake_vault vault;
    struct token_source tokens;
    struct pace pace;
    struct client client;
    struct call call;
    struct arena arena;
    char told[256];
};

void fake_client_init(struct fake_client *fake, const struct connector *connector);
void fake_client_release(struct fake_client *fake);
