/* A remote that answers from the input: reply after reply, each a byte that says how it ends and
 * the body, up to the byte 0x1e. */
#pragma once

#include "../unit/fake.h"
#include "fuzz.h"

struct script {
    struct transport transport;
    struct clock_manual *clock;
    struct input *in;
    bool tokens_are_given;               /* token requests are answered by itself */
    size_t n_requests, n_token_requests; /* that were made */
    size_t most_requests;                /* the rest is unreachable */
    struct wire_reply last;              /* what the last request was answered, body borrowed */
    enum status last_status;             /* of the transport */

    /* Sees each request before it is answered; may be NULL. */
    void (*see)(struct script *script, const struct wire_request *request);
    void *context;
};

void script_init(struct script *script, struct input *in, struct clock_manual *clock);

/* What stands for all secrets, so that they are looked for where none may be. */
#define SCRIPT_SECRET "s3cr&t/+="
#define SCRIPT_ACCESS "~access-token"
void holds_no_secret(const struct error *err, struct str secret);

/* Whether a text that the input brought can be told from our own words: it starts with a tilde and
 * is made of what tokens are made of. */
bool is_unmistakable(struct str secret);
