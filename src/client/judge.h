/* What an answer means: from HTTP status, content type and the remote's own words to one status and
 * a sentence. */
#pragma once

#include "base/arena.h"
#include "base/secret.h"
#include "client/transport.h"
#include "remote/connector.h"

/* ST_OK for 2xx. Everything else fails, quoting the remote's own message (cut, made printable, and
 * without `secret` should the remote echo it) and its request id.
 * 400 INVALID, 401 CREDENTIALS, 403 FORBIDDEN, 404 NOT_FOUND, 409 CONFLICT, 412 and 422 RULE,
 * 429 RATE, 408 and 5xx REMOTE, redirects and the rest UNREADABLE. */
enum status judge_reply(const struct connector *connector, const struct wire_reply *reply,
                        const struct secret *secret, struct error *err);

/* For an answer of 2xx whose document was parsed: fails when the remote complains inside it. */
enum status judge_document(const struct connector *connector, const struct json *document,
                           const struct secret *secret, struct error *err);

/* "an HTML page", "an empty body", "JSON", "text": by the first bytes. */
const char *body_kind(struct str body);
bool body_is_json(struct str body); /* its first byte could start an object or a list */
