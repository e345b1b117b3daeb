/* How bytes get to a remote and back: a struct of one function, so that a test, a folder of
 * recorded answers or the network can stand behind it. */
#pragma once

#include "base/arena.h"
#include "base/secret.h"
#include "remote/action.h"

struct wire_request {
    enum method method;
    struct str url;
    const char *content_type; /* NULL: no body */
    struct str body;
    const struct secret *bearer;       /* Authorization: Bearer; or NULL */
    struct str basic_user;             /* Authorization: Basic; STR_NONE: not so */
    const struct secret *basic_secret; /* its password */
    bool once; /* never repeated nor stopped on the way: a connection of its own, closed after */
    int timeout_ms; /* connect, send and whole answer */
};

struct wire_reply {
    int http_status;
    struct str body; /* in the arena of the call */
    struct str content_type;
    int64_t retry_after_ms; /* -1: not said */
    int64_t date_ms;        /* the Date header; -1: none */
    bool unknown_host;      /* set together with ST_UNREACHABLE: the name does not exist */
};

struct transport {
    /* ST_OK: an answer came, whatever its HTTP status.
     * ST_UNREACHABLE: nothing was sent (name, connection, TLS).
     * ST_UNKNOWN: it was sent, at least in part, and no whole answer came.
     * ST_LIMIT: the answer is larger than LIMIT_REPLY_BYTES. ST_CANCELLED: told to stop.
     * Not to be used by two threads at once. */
    enum status (*send)(struct transport *self, struct arena *a, const struct wire_request *request,
                        struct wire_reply *ret_reply, struct error *err);
    void (*free)(struct transport *self);
};

void transport_free(struct transport **transport); /* for SCOPED; NULL is fine */
