/* The OpenAPI 3.1 document of the actions as the HTTP API offers them, from the rows of actions and
 * statuses:
 *
 *     GET  /api/v1/actions                what there is
 *     GET  /api/v1/actions/{id}           all about one, as `actions show --output json`
 *     POST /api/v1/actions/ID/call        one path for each action, operationId = its id
 *     GET  /api/v1/purchases/{id}         how a purchase stands, as `purchases show --output json`
 *
 * A call is a POST whatever it does at the remote, so that arguments are typed JSON; its effect
 * stands in x-stellion-effect. What writes needs an Idempotency-Key. What costs money is not done
 * at once: the answer is 202 with the purchase that now waits for its decision. Every failure is a
 * problem (RFC 9457) with the status table's name as `code`. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

void openapi_write(struct arena *a, struct buf *to);
