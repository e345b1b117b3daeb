/* The one file that includes microhttpd.h. */
#include "net/server.h"

#include "base/limits.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>

#define STACK_BYTES  (512u << 10)
#define IDLE_S       60
#define MEMORY_BYTES (64u << 10) /* of a connection: headers must fit */

struct server {
    struct server_settings settings;
    struct MHD_Daemon *daemon;
    int port;
};

/* What a connection carries between the library's calls for one request. */
struct request_state {
    struct arena arena;
    struct str uri; /* path and query as received */
    struct buf body;
    bool too_large;
    struct exchange exchange;
};

struct str exchange_header(const struct exchange *x, const char *name)
{
    return str_of(MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND, name));
}

void exchange_add_header(struct exchange *x, const char *name, const char *value)
{
    if (x->n_headers == EXCHANGE_HEADERS_MAX)
        return;
    x->headers[x->n_headers].name = name;
    x->headers[x->n_headers++].value = value;
}

/* First call for a request: before the library decodes anything. */
static void *see_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)connection;
    const struct server *server = context;
    struct request_state *r = memory_new(sizeof *r);
    r->uri = arena_copy(&r->arena, str_of(uri));
    r->body = (struct buf)BUF(server->settings.body_bytes_max);
    return r;
}

static void forget(void *context, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode code)
{
    (void)context, (void)connection, (void)code;
    struct request_state *r = *state;
    if (r == NULL)
        return;
    buf_release(&r->body);
    buf_release(&r->exchange.reply);
    arena_free(&r->arena);
    memory_free(r);
    *state = NULL;
}

static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context, (void)connection;
    return strlen(text);
}

struct length_headers {
    int n_lengths, n_encodings;
};

static enum MHD_Result count_length_headers(void *context, enum MHD_ValueKind kind,
                                            const char *name, const char *value)
{
    (void)kind, (void)value;
    struct length_headers *seen = context;
    seen->n_lengths += strcasecmp(name, "Content-Length") == 0;
    seen->n_encodings += strcasecmp(name, "Transfer-Encoding") == 0;
    return MHD_YES;
}

/* Two ways to tell where a body ends are one too many: a proxy in front may believe the other. */
static bool framing_is_clear(struct MHD_Connection *connection)
{
    struct length_headers seen = { 0, 0 };
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, count_length_headers, &seen);
    return seen.n_lengths <= 1 && (seen.n_lengths == 0 || seen.n_encodings == 0);
}

static enum MHD_Result answer_plain(struct MHD_Connection *connection, unsigned status,
                                    const char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_PERSISTENT);
    (void)MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
    (void)MHD_add_response_header(response, "Connection", "close");
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* Gives the first half of the body, then ends the connection. */
static ssize_t give_half(void *context, uint64_t at, char *to, size_t room)
{
    const struct exchange *x = context;
    size_t half = x->reply.len / 2;
    if (at >= half)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t n = half - (size_t)at < room ? half - (size_t)at : room;
    memcpy(to, x->reply.at + at, n);
    return (ssize_t)n;
}

static enum MHD_Result answer(struct MHD_Connection *connection, struct exchange *x)
{
    if (x->sending == SEND_NOTHING)
        return MHD_NO;
    struct MHD_Response *response =
        x->sending == SEND_CUT
            ? MHD_create_response_from_callback(x->reply.len, 4096, give_half, x, NULL)
            : MHD_create_response_from_buffer(x->reply.len, x->reply.at, MHD_RESPMEM_PERSISTENT);
    if (response == NULL)
        return MHD_NO;
    if (x->content_type != NULL)
        (void)MHD_add_response_header(response, "Content-Type", x->content_type);
    for (size_t i = 0; i < x->n_headers; i++)
        (void)MHD_add_response_header(response, x->headers[i].name, x->headers[i].value);
    enum MHD_Result result = MHD_queue_response(connection, (unsigned)x->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result take_body(struct request_state *r, const char *bytes, size_t *n)
{
    buf_add(&r->body, (struct str){ bytes, *n });
    r->too_large = r->too_large || r->body.exceeded;
    *n = 0;
    return MHD_YES;
}

static bool note_reuse(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    bool *mark = info != NULL ? info->socket_context : NULL;
    if (mark == NULL)
        return false;
    bool was_used = *mark;
    *mark = true;
    return was_used;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *bytes,
                              size_t *n_bytes, void **state)
{
    (void)url, (void)version;
    const struct server *server = context;
    struct request_state *r = *state;
    struct exchange *x = &r->exchange;
    if (x->a == NULL) { /* the headers are here, the body is not yet */
        *x = (struct exchange){ .a = &r->arena, .connection = connection, .status = 500 };
        return framing_is_clear(connection)
                   ? MHD_YES
                   : answer_plain(connection, 400, "The length of the body is told twice.\n");
    }
    if (*n_bytes > 0)
        return take_body(r, bytes, n_bytes);
    if (r->too_large)
        return answer_plain(connection, 413, "The body is too large.\n");
    x->method = arena_copy(x->a, str_of(method));
    x->query = r->uri;
    (void)str_next(&x->query, '?', &x->path);
    x->body = buf_str(&r->body);
    x->reply = (struct buf)BUF(LIMIT_REPLY_BYTES);
    x->is_reused = note_reuse(connection);
    server->settings.handle(server->settings.context, x);
    return answer(connection, x);
}

/* A flag per connection: whether it has carried a request already. */
static void note_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                            enum MHD_ConnectionNotificationCode code)
{
    (void)context, (void)connection;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *socket_context = memory_new(sizeof(bool));
    else
        memory_free(*socket_context);
}

static enum status parse_address(const struct server_settings *s, struct sockaddr_storage *address,
                                 struct error *err)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, s->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)s->port);
    } else if (inet_pton(AF_INET6, s->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)s->port);
    } else {
        return fail(err, ST_INVALID, "'%s' is no IP address to listen on", s->address);
    }
    return ST_OK;
}

static enum status say_why_not(const struct server_settings *s, int number, struct error *err)
{
    char reason[128];
    bool is_of_port = number == EADDRINUSE || number == EACCES || number == EADDRNOTAVAIL;
    if (s->tls_certificate != NULL && !is_of_port) {
        fail(err, ST_INVALID, "the TLS certificate and its key cannot be used");
        hint(err,
             "Both are PEM files; the key is that of the first certificate, without a password.");
        return ST_INVALID;
    }
    fail(err, ST_CONFLICT, "cannot listen on %s port %d: %s", s->address, s->port,
         strerror_r(number, reason, sizeof reason));
    hint(err, "Another program may be using the port; port 0 takes a free one.");
    return ST_CONFLICT;
}

enum status server_start(const struct server_settings *settings, struct server **ret_server,
                         struct error *err)
{
    struct sockaddr_storage address;
    TRY(parse_address(settings, &address, err));
    struct server *server = memory_new(sizeof *server);
    server->settings = *settings;
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                     MHD_USE_POLL | (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0) |
                     (settings->tls_certificate != NULL ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)settings->tls_certificate },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)settings->tls_key },
        { MHD_OPTION_END, 0, NULL },
    };
    errno = 0;
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_ARRAY, settings->tls_certificate != NULL ? tls : &tls[2],
        MHD_OPTION_URI_LOG_CALLBACK, see_uri, server, MHD_OPTION_NOTIFY_COMPLETED, forget, server,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, server, MHD_OPTION_NOTIFY_CONNECTION,
        note_connection, server, MHD_OPTION_CONNECTION_LIMIT, (unsigned)settings->connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_THREAD_STACK_SIZE,
        (size_t)STACK_BYTES, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES,
        MHD_OPTION_END);
    if (server->daemon == NULL) {
        int number = errno;
        memory_free(server);
        return say_why_not(settings, number, err);
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info != NULL ? info->port : settings->port;
    *ret_server = server;
    return ST_OK;
}

int server_port(const struct server *server)
{
    return server->port;
}

void server_stop(struct server *server)
{
    if (server == NULL)
        return;
    MHD_stop_daemon(server->daemon);
    memory_free(server);
}

enum status server_parse_listen(struct arena *a, struct str text, const char **ret_address,
                                int *ret_port, struct error *err)
{
    struct str host = STR("127.0.0.1"), port = text;
    const char *colon = text.len == 0 ? NULL : memrchr(text.at, ':', text.len);
    if (colon != NULL) {
        host = (struct str){ text.at, (size_t)(colon - text.at) };
        port = str_from(text, host.len + 1);
    }
    if (str_starts(host, "[") && str_ends(host, "]"))
        host = (struct str){ host.at + 1, host.len - 2 };
    int64_t number;
    if (!str_integer(port, &number) || number < 0 || number > 65535 || host.len == 0)
        return fail(err, ST_INVALID, "'%.*s' is not ADDRESS:PORT, such as 127.0.0.1:8080",
                    STR_PRINT(text));
    *ret_address = arena_text(a, host);
    *ret_port = (int)number;
    return ST_OK;
}
