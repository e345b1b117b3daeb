/* An HTTP server without a Stellion noun: a thread per connection, one handler for everything. The
 * handler blocks as it likes; a slow one holds up nobody else.
 *
 * What the library lets through and we do not: Content-Length together with Transfer-Encoding, two
 * Content-Lengths, and bodies beyond the limit are answered before the handler sees them. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

struct server;
struct exchange;

/* How the answer leaves. All but SEND_WHOLE are for the simulator's bad days. */
enum sending {
    SEND_WHOLE,
    SEND_CUT,    /* half of the body, then the connection ends */
    SEND_NOTHING /* the connection ends without a byte */
};

#define EXCHANGE_HEADERS_MAX 8

/* One request and its answer. */
struct exchange {
    struct arena *a; /* ends with the exchange */
    struct str method;
    struct str path;  /* as received, not decoded */
    struct str query; /* as received, without '?'; STR_NONE when there is none */
    struct str body;
    bool is_reused; /* not the first request of its connection */

    int status; /* of the answer; 500 until it is set */
    const char *content_type;
    struct buf reply;
    enum sending sending;
    struct {
        const char *name, *value;
    } headers[EXCHANGE_HEADERS_MAX]; /* further ones of the answer */
    size_t n_headers;

    void *connection; /* the library's */
};

/* A header of the request; STR_NONE when it is not there. */
struct str exchange_header(const struct exchange *x, const char *name);

/* Adds a header to the answer; the texts must live as long as the exchange. */
void exchange_add_header(struct exchange *x, const char *name, const char *value);

struct server_settings {
    const char *address; /* "127.0.0.1", "::1" */
    int port;            /* 0: a free one */
    size_t body_bytes_max;
    int connections_max;
    const char *tls_certificate, *tls_key; /* PEM texts that outlive the server; NULL: plain HTTP */
    void (*handle)(void *context, struct exchange *x); /* called by many threads at once */
    void *context;
};

/* ST_CONFLICT when the port is taken; ST_INVALID for an address that is none, or when TLS was asked
 * for with what is no certificate and key. */
enum status server_start(const struct server_settings *settings, struct server **ret_server,
                         struct error *err);
int server_port(const struct server *server);
void server_stop(struct server *server); /* waits for the exchanges under way; NULL is fine */

/* "127.0.0.1:8080", "[::1]:0", or a port alone. */
enum status server_parse_listen(struct arena *a, struct str text, const char **ret_address,
                                int *ret_port, struct error *err);
