/* The one file that includes libcurl. One easy handle per transport, kept so that reads reuse their
 * connection. A request that must go out once gets a connection of its own: libcurl repeats a POST
 * by itself when a kept-alive connection dies before the first byte of the answer. */
#include "client/http_curl.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/give_up.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>

struct curl_transport {
    struct transport transport;
    CURL *handle;
    const atomic_bool *cancelled;
    bool plain; /* the request under way is http, not https */
    bool once;  /* ...and is seen to its end: whoever stops it loses the answer */
    char reason[CURL_ERROR_SIZE];
};

/* Room that is taken before a request that goes out once: its answer, often a token, must not be
 * lost because memory ran out in between. */
#define ROOM_BYTES (64u << 10)

struct receiving {
    struct buf body;
    bool no_memory;
};

static void wipe_body(struct receiving *receiving)
{
    explicit_bzero(receiving->body.at, receiving->body.len); /* it may have been a token */
    buf_release(&receiving->body);
}

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
    struct receiving *r = context;
    r->no_memory = !buf_reserve(&r->body, size * n); /* libcurl above us: nobody gives up here */
    if (r->no_memory)
        return 0;
    buf_add(&r->body, (struct str){ bytes, size * n });
    return r->body.exceeded ? 0 : size * n;
}

static int look_at_flag(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const struct curl_transport *t = context;
    return !t->once && t->cancelled != NULL && atomic_load(t->cancelled);
}

/* Whatever a name resolved to: plain http must end on this machine. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)purpose;
    const struct curl_transport *t = context;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)&address->addr;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)&address->addr;
    bool loopback = (address->family == AF_INET && (ntohl(v4->sin_addr.s_addr) >> 24) == 127) ||
                    (address->family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr));
    if (t->plain && !loopback)
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static void wipe_headers(struct curl_slist **list)
{
    for (struct curl_slist *item = *list; item != NULL; item = item->next)
        explicit_bzero(item->data, strlen(item->data));
    curl_slist_free_all(*list);
}

static void add_header(struct curl_slist **list, const char *name, struct str value)
{
    SCOPED(buf_release) struct buf line = BUF(LIMIT_HEADER_BYTES);
    buf_printf(&line, "%s: ", name);
    buf_add(&line, value);
    struct curl_slist *longer = curl_slist_append(*list, line.at);
    explicit_bzero(line.at, line.len);
    if (longer == NULL)
        give_up(ST_NO_MEMORY, "out of memory for a header");
    *list = longer;
}

/* RFC 7617. */
static void add_basic(struct curl_slist **list, const struct wire_request *request)
{
    SCOPED(buf_release) struct buf pair = BUF(LIMIT_HEADER_BYTES), value = BUF(LIMIT_HEADER_BYTES);
    buf_printf(&pair, "%.*s:", STR_PRINT(request->basic_user));
    buf_add(&pair, secret_reveal(request->basic_secret));
    buf_add_text(&value, "Basic ");
    base64_print(&value, buf_str(&pair));
    add_header(list, "Authorization", buf_str(&value));
    explicit_bzero(pair.at, pair.len);
    explicit_bzero(value.at, value.len);
}

/* The list is the caller's also when we give up on the way. */
static void add_headers(struct curl_slist **list, const struct wire_request *request)
{
    add_header(list, "Accept", STR("application/json"));
    add_header(list, "Expect", STR(""));
    if (request->content_type != NULL)
        add_header(list, "Content-Type", str_of(request->content_type));
    else if (request->method != METHOD_GET)
        add_header(list, "Content-Type", STR_NONE); /* libcurl's own would name a form */
    if (request->bearer != NULL) {
        SCOPED(buf_release) struct buf value = BUF(LIMIT_HEADER_BYTES);
        buf_add_text(&value, "Bearer ");
        buf_add(&value, secret_reveal(request->bearer));
        add_header(list, "Authorization", buf_str(&value));
        explicit_bzero(value.at, value.len);
    }
    if (request->basic_user.at != NULL)
        add_basic(list, request);
}

/* A setting that did not fit into memory must not be missing: a request without its method or its
 * limits is another request. */
#define SET(handle, option, value)                                                                 \
    do {                                                                                           \
        if (curl_easy_setopt((handle), (option), (value)) == CURLE_OUT_OF_MEMORY)                  \
            give_up(ST_NO_MEMORY, "out of memory for a request");                                  \
    } while (0)

/* Path and query, which libcurl is told besides the address: where memory is short it may lose the
 * query of an address without a word, and ask for something else (7.88.1). */
static const char *target_of(const char *url)
{
    const char *host = strstr(url, "://");
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    return path != NULL ? path : "/";
}

static void set_up(struct curl_transport *t, const struct wire_request *request, const char *url,
                   struct receiving *receiving)
{
    CURL *h = t->handle;
    t->plain = str_starts(request->url, "http://");
    t->once = request->once;
    curl_easy_reset(h);
    SET(h, CURLOPT_URL, url);
    SET(h, CURLOPT_REQUEST_TARGET, target_of(url));
    SET(h, CURLOPT_PROTOCOLS_STR, t->plain ? "http" : "https");
    if (t->plain)
        SET(h, CURLOPT_PROXY, "");
    SET(h, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(h, CURLOPT_OPENSOCKETDATA, t);
    SET(h, CURLOPT_NOSIGNAL, 1L);
    SET(h, CURLOPT_FOLLOWLOCATION, 0L);
    SET(h, CURLOPT_CONNECTTIMEOUT_MS, (long)LIMIT_CONNECT_MS);
    SET(h, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms);
    SET(h, CURLOPT_ERRORBUFFER, t->reason);
    SET(h, CURLOPT_ACCEPT_ENCODING, "");
    SET(h, CURLOPT_USERAGENT, "stellion/" STELLION_VERSION);
    SET(h, CURLOPT_WRITEFUNCTION, take_body);
    SET(h, CURLOPT_WRITEDATA, receiving);
    SET(h, CURLOPT_NOPROGRESS, 0L);
    SET(h, CURLOPT_XFERINFOFUNCTION, look_at_flag);
    SET(h, CURLOPT_XFERINFODATA, t);
    SET(h, CURLOPT_FRESH_CONNECT, request->once ? 1L : 0L);
    SET(h, CURLOPT_FORBID_REUSE, request->once ? 1L : 0L);
    if (request->method == METHOD_GET)
        return;
    if (request->method != METHOD_DELETE || request->body.len > 0) {
        const char *body = request->body.at != NULL ? request->body.at : "";
        SET(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        SET(h, CURLOPT_POSTFIELDS, body);
    }
    SET(h, CURLOPT_CUSTOMREQUEST, method_name(request->method));
}

static struct str host_of(struct str url)
{
    struct str rest = url, part;
    for (int i = 0; i < 3; i++)
        if (!str_next(&rest, '/', &part))
            return url;
    return part;
}

static enum status explain(const struct curl_transport *t, CURLcode code, struct str url,
                           const struct receiving *receiving, struct error *err)
{
    struct str host = host_of(url);
    const char *why = receiving->no_memory   ? "no memory for the answer"
                      : t->reason[0] != '\0' ? t->reason
                                             : curl_easy_strerror(code);
    /* Name, connection, proxy and TLS are done before this moment; of the request, nothing is. */
    curl_off_t ready_us = 0;
    (void)curl_easy_getinfo(t->handle, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return fail(err, ST_CANCELLED, "the request to %.*s was stopped", STR_PRINT(host));
    if (receiving->body.exceeded)
        return fail(err, ST_LIMIT, "the answer of %.*s is larger than %u MiB", STR_PRINT(host),
                    LIMIT_REPLY_BYTES >> 20);
    bool no_memory = receiving->no_memory || code == CURLE_OUT_OF_MEMORY;
    if (no_memory && (!t->once || ready_us == 0))
        return fail(err, ST_NO_MEMORY, "asking %.*s: %s", STR_PRINT(host), why);
    if (ready_us > 0)
        return fail(err, ST_UNKNOWN, "%.*s took the request and gave no whole answer: %s",
                    STR_PRINT(host), why);
    fail(err, ST_UNREACHABLE, "%.*s cannot be reached: %s", STR_PRINT(host), why);
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR)
        hint(err, "The certificate of the service cannot be verified. Check the clock of this "
                  "machine, the package ca-certificates, and any proxy that opens TLS.");
    else if (code == CURLE_COULDNT_RESOLVE_HOST)
        hint(err, "Check the address (region, --base-url) and the name server of this machine.");
    else
        hint(err, "Check the network, firewall and proxy of this machine, then try again.");
    return ST_UNREACHABLE;
}

/* Room that was taken before, zeroed. */
struct room {
    char *at;
    size_t left;
};

static struct str copy_into(struct room *room, struct arena *a, struct str text)
{
    char *at = room->at;
    if (text.len >= room->left)
        return arena_copy(a, text);
    memcpy(at, text.at, text.len);
    room->at += text.len + 1;
    room->left -= text.len + 1;
    return (struct str){ at, text.len };
}

static void read_reply(struct curl_transport *t, struct arena *a, const struct receiving *receiving,
                       struct room *room, struct wire_reply *ret_reply)
{
    long status = 0;
    curl_off_t retry_after = 0;
    char *content_type = NULL;
    struct curl_header *header;
    (void)curl_easy_getinfo(t->handle, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(t->handle, CURLINFO_CONTENT_TYPE, &content_type);
    bool said =
        curl_easy_header(t->handle, "Retry-After", 0, CURLH_HEADER, -1, &header) == CURLHE_OK;
    (void)curl_easy_getinfo(t->handle, CURLINFO_RETRY_AFTER, &retry_after);
    int64_t date_ms = -1;
    if (curl_easy_header(t->handle, "Date", 0, CURLH_HEADER, -1, &header) == CURLHE_OK) {
        time_t date = curl_getdate(header->value, NULL);
        date_ms = date < 0 ? -1 : (int64_t)date * 1000;
    }
    *ret_reply = (struct wire_reply){
        .http_status = (int)status,
        .body = copy_into(room, a, buf_str(&receiving->body)),
        .content_type = copy_into(room, a, content_type != NULL ? str_of(content_type) : STR("")),
        .retry_after_ms = !said                                       ? -1
                          : retry_after > LIMIT_RETRY_AFTER_MS / 1000 ? LIMIT_RETRY_AFTER_MS
                                                                      : (int64_t)retry_after * 1000,
        .date_ms = date_ms,
    };
}

static enum status curl_send(struct transport *self, struct arena *a,
                             const struct wire_request *request, struct wire_reply *ret_reply,
                             struct error *err)
{
    struct curl_transport *t = (struct curl_transport *)self;
    SCOPED(wipe_body) struct receiving receiving = { .body = BUF(LIMIT_REPLY_BYTES) };
    SCOPED(wipe_headers) struct curl_slist *headers = NULL;
    struct room room = { NULL, 0 };
    if (request->once) {
        room = (struct room){ arena_alloc(a, ROOM_BYTES), ROOM_BYTES };
        (void)buf_room(&receiving.body, ROOM_BYTES);
    }
    add_headers(&headers, request);
    t->reason[0] = '\0';
    set_up(t, request, arena_text(a, request->url), &receiving);
    SET(t->handle, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(t->handle);
    ret_reply->unknown_host = code == CURLE_COULDNT_RESOLVE_HOST;
    enum status s = ST_OK;
    if (code == CURLE_OK)
        read_reply(t, a, &receiving, &room, ret_reply);
    else
        s = explain(t, code, request->url, &receiving, err);
    (void)curl_easy_setopt(t->handle, CURLOPT_HTTPHEADER, NULL);
    return s;
}

static void curl_free_transport(struct transport *self)
{
    struct curl_transport *t = (struct curl_transport *)self;
    curl_easy_cleanup(t->handle);
    memory_free(t);
}

static void start_curl(void)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT); /* what fails here fails again with a reason */
}

struct transport *transport_curl(const atomic_bool *cancelled)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, start_curl);
    struct curl_transport *t = memory_new(sizeof *t);
    t->transport = (struct transport){ curl_send, curl_free_transport };
    t->cancelled = cancelled;
    t->handle = curl_easy_init();
    if (t->handle == NULL) {
        memory_free(t);
        give_up(ST_NO_MEMORY, "libcurl gives no handle");
    }
    return &t->transport;
}

void transport_free(struct transport **transport)
{
    if (*transport != NULL)
        (*transport)->free(*transport);
    *transport = NULL;
}
