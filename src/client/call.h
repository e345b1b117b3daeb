/* Calling an action: token, pace, retries and judgement in one place, for every action alike. */
#pragma once

#include "client/pace.h"
#include "client/token.h"
#include "client/transport.h"
#include "remote/request.h"

/* One connection as the client sees it. Shared by threads; everything outlives it. */
struct client {
    const struct connector *connector;
    struct str connection; /* its name, for sentences */
    struct str base_url;   /* without trailing slash */
    struct str account_id; /* STR_NONE where the connector has none */
    struct token_source *tokens;
    struct pace *pace;
    struct clock *clock;
    const atomic_bool *cancelled; /* may be NULL */
};

/* One thread's way of asking. */
struct call {
    struct client *client;
    struct transport *transport;
    struct arena arena; /* of the token copy */
    const struct secret *token;
    uint64_t token_number;
    int64_t n_requests; /* sent by this call so far, for progress and tests */
};

void call_init(struct call *call, struct client *client, struct transport *transport);
void call_release(struct call *call);

/* Builds, sends and judges. The reply lives in `a`. Reads are tried up to LIMIT_READ_ATTEMPTS times
 * when the way or the remote failed; a rejected token (401) is renewed once. Actions that write are
 * refused: nothing but a purchase may send them, and purchases do not exist yet.
 * Expected besides ST_OK: every status of judge_reply and of the transport. */
enum status call_perform(struct call *call, struct arena *a, const struct action *action,
                         const struct arguments *arguments, struct wire_reply *ret_reply,
                         struct error *err);
