/* The closed set of outcomes. One row each; from the rows come the enum, the wire name, the HTTP
 * status of our own API, the exit code of the command line, whether the engine may try a read
 * again, and a sentence for people. A code says what kind of thing happened; the error object
 * (error.h) says to what. */
#pragma once

#include <stdbool.h>

/*  id           wire name              http exit retry  sentence */
#define STATUS_ROWS(X)                                                                             \
    X(OK, "ok", 200, 0, false, "Done.")                                                            \
    X(INVALID, "invalid", 400, 2, false, "The command or its input is wrong.")                     \
    X(NOT_FOUND, "not-found", 404, 3, false, "What was asked for does not exist.")                 \
    X(CREDENTIALS, "credentials-refused", 401, 4, false, "The remote refused the credentials.")    \
    X(FORBIDDEN, "forbidden", 403, 5, false, "The credentials are good but lack the permission.")  \
    X(CONFLICT, "conflict", 409, 6, false, "Something else is being done to the same thing.")      \
    X(RULE, "rule", 422, 7, false, "A rule of the remote or of the policy forbids it.")            \
    X(RATE, "rate-limited", 503, 8, true, "The remote asked us to slow down.")                     \
    X(UNREACHABLE, "unreachable", 502, 9, true, "The remote could not be reached.")                \
    X(REMOTE, "remote-failed", 502, 10, true, "The remote failed.")                                \
    X(UNREADABLE, "unreadable", 502, 11, false, "The remote sent something we cannot read.")       \
    X(UNKNOWN, "outcome-unknown", 502, 12, false, "It was sent, and no answer tells what became.") \
    X(LIMIT, "limit", 413, 13, false, "Something is larger than a limit allows.")                  \
    X(BUSY, "busy", 409, 14, false, "Another process is doing this right now.")                    \
    X(STORE, "store", 500, 15, false, "The local store failed.")                                   \
    X(FULL, "full", 507, 16, false, "The disk of the local store is full.")                        \
    X(VERSION, "version", 500, 17, false, "The store was written by another version.")             \
    X(KEY, "key", 500, 18, false, "The key that seals the secrets is missing or wrong.")           \
    X(PAUSED, "paused", 409, 19, false, "The connection waits for an administrator.")              \
    X(PARTIAL, "partial", 500, 20, false, "Some of it worked and some did not.")                   \
    X(EMPTY, "empty", 404, 21, false, "The remote answered, with nothing in it.")                  \
    X(VANISHED, "vanished", 409, 22, false, "Too much is missing at the remote to believe it.")    \
    X(TOKEN_LOST, "token-lost", 401, 23, false, "A person must create a new token.")               \
    X(CANCELLED, "cancelled", 499, 24, false, "Stopped before the end.")                           \
    X(NO_MEMORY, "no-memory", 503, 25, false, "This machine has no memory left for it.")           \
    X(MISMATCH, "mismatch", 409, 26, false, "What was read back is not what was wanted.")          \
    X(INTERNAL, "internal", 500, 70, false, "A fault of this program.")

enum status {
#define X(id, ...) ST_##id,
    STATUS_ROWS(X)
#undef X
        STATUS_COUNT
};

struct status_row {
    const char *id;       /* "NOT_FOUND" */
    const char *name;     /* "not-found": in JSON, never renamed */
    int http;             /* of our own API */
    int exit;             /* of the command line */
    bool retry;           /* a read may be sent again */
    const char *sentence; /* for people */
};

/* The row of a status; any value outside the set gives the row of ST_INTERNAL. */
const struct status_row *status_row(enum status status);
