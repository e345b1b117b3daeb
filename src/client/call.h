/* Calling an action: token, pace, retries and judgement in one place, for every action alike. */
#pragma once

#include "client/pace.h"
#include "client/token.h"
#include "client/transport.h"
#include "remote/overrides.h"
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

    struct str basic_user; /* API key of the connection (Ion v1 and v2); STR_NONE: it has none */
    const struct secret *basic_secret;

    const struct overrides *overrides; /* corrections of rows by the user; NULL: none */
    const struct path_choice *paths;   /* spellings that this connection answers; may be NULL */
    size_t n_paths;
};

/* Which spelling of an action's path a remote was found to answer. */
struct path_choice {
    const struct action *action;
    const char *path;
};

/* The row of an action by name, as the user's overrides have it. NULL when there is none. */
const struct action *client_action(const struct client *client, const char *name);

/* One thread's way of asking. */
struct call {
    struct client *client;
    struct transport *transport;
    struct arena arena; /* of the token copy */
    const struct secret *token;
    uint64_t token_number;
    int64_t n_requests; /* sent by this call so far, for progress and tests */
    int read_attempts;  /* LIMIT_READ_ATTEMPTS, unless somebody would rather know soon */
    int64_t n_writes;   /* of these, those that go out once: counted before they are sent */
};

void call_init(struct call *call, struct client *client, struct transport *transport);
void call_release(struct call *call);

/* Builds, sends and judges. The reply lives in `a`. Reads are tried up to LIMIT_READ_ATTEMPTS times
 * when the way or the remote failed; a rejected token (401) is renewed once. What writes is sent
 * once: only a 401 with JSON, which is a refusal, lets it go again. What costs money is refused
 * (ST_RULE): only `call_spend` sends it. Expected besides ST_OK: every status of judge_reply and of
 * the transport. ST_UNKNOWN only for what writes: it was sent, and whether it was done is not
 * known; so is every answer but a 2xx and a clear refusal: 400, 401, 403, 404, 409, 412, 422 or 429
 * with JSON. */
enum status call_perform(struct call *call, struct arena *a, const struct action *action,
                         const struct arguments *arguments, struct wire_reply *ret_reply,
                         struct error *err);

/* Whether the connection has what the action's scheme needs, before anybody is asked to approve it.
 * ST_CREDENTIALS, with what to do, when not. */
enum status call_check(const struct call *call, const struct action *action, struct error *err);

/* Proof that the intent to send these very bytes is committed, and that somebody approved them.
 * Only src/licence makes one; tools/check_source.py sees to that. */
struct permit {
    int64_t purchase;
    struct digest bytes; /* request_digest */
};
struct digest request_digest(const struct request *request);

/* Sends what costs money: once, on a connection of its own. The caller has put a token in place by
 * `call_ready`, so that nothing else stands between the commit and the sending. Nothing is sent
 * again here, whatever the answer: 401 and 429 included. ST_INTERNAL when the permit is for other
 * bytes. ST_UNKNOWN when it was sent and no readable answer tells what became of it. */
enum status call_ready(struct call *call, struct error *err);
enum status call_spend(struct call *call, struct arena *a, const struct permit *permit,
                       const struct request *request, struct wire_reply *ret_reply,
                       struct error *err);

/* The token was refused (401): the next call_ready gets another. */
enum status call_reject_token(struct call *call, struct error *err);
