/* The simulator over a real socket: every request gets one whole answer; JSON is JSON, lists are
 * lists that our client reads and no longer than asked for, and two lengths of a body are refused.
 * The control path of another simulator answers in JSON whatever it is told, and refuses in words.
 */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "base/uri.h"
#include "client/page.h"
#include "remote/route.h"
#include "sim/control.h"
#include "sim/sim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS_PER_TOKEN 2000 /* the simulator forgets old access tokens */
#define MONTH_S            (30 * 86400)

static struct {
    struct sim *sim;
    struct clock_manual clock;
    int port;
    size_t n_requests;
    char access[2][128], refresh[128];
} world;

/* A simulator that may be turned inside out. */
static struct {
    struct sim *sim;
    struct clock_manual clock;
    int port;
} toy;

struct answer {
    int status;
    struct str head, body;
};

/* The clock of the fuzzer may interrupt it; then it goes on by itself. */
static bool reach(int s, const struct sockaddr_in *address)
{
    struct pollfd wait = { .fd = s, .events = POLLOUT };
    int problem = 0;
    socklen_t size = sizeof problem;
    if (connect(s, (const struct sockaddr *)address, sizeof *address) == 0)
        return true;
    if (errno != EINTR)
        return false;
    while (poll(&wait, 1, 4000) < 0 && errno == EINTR)
        continue;
    return getsockopt(s, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 && problem == 0;
}

/* Sends, and takes all that comes until the simulator ends the connection. */
static struct str exchange(struct arena *a, int port, struct str request)
{
    static uint32_t n_connections;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    /* From ever other addresses of this machine: of one alone the ports would run out. */
    struct sockaddr_in from = { .sin_family = AF_INET,
                                .sin_addr.s_addr =
                                    htonl(INADDR_LOOPBACK + 1 + n_connections++ % 16000000) };
    struct timeval most = { .tv_sec = 4 };
    SCOPED(buf_release) struct buf reply = BUF(LIMIT_REPLY_BYTES);
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    HOLDS(s >= 0 && setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most) == 0);
    HOLDS(bind(s, (struct sockaddr *)&from, sizeof from) == 0);
    HOLDS(reach(s, &address));
    while (request.len > 0) { /* it may have been refused halfway */
        ssize_t sent = send(s, request.at, request.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        request = sent > 0 ? str_from(request, (size_t)sent) : STR_NONE;
    }
    (void)shutdown(s, SHUT_WR);
    for (;;) {
        char *room = buf_room(&reply, 16384);
        ssize_t got = recv(s, room, 16384, 0);
        if (got < 0 && errno == EINTR) /* the clock of the fuzzer */
            continue;
        HOLDS(got >= 0 || errno == ECONNRESET);
        if (got <= 0)
            break;
        buf_took(&reply, (size_t)got);
    }
    (void)close(s);
    return arena_copy(a, buf_str(&reply));
}

static bool cut_answer(struct str reply, struct answer *answer)
{
    const char *end = reply.len == 0 ? NULL : memmem(reply.at, reply.len, "\r\n\r\n", 4);
    if (end == NULL)
        return false;
    answer->head = (struct str){ reply.at, (size_t)(end - reply.at) };
    answer->body = str_from(reply, answer->head.len + 4);
    HOLDS(str_starts(reply, "HTTP/1.1 ") && reply.len > 12);
    answer->status = (int)strtol(reply.at + 9, NULL, 10);
    HOLDS(answer->status >= 100 && answer->status <= 599);
    return true;
}

static struct answer ask(struct arena *a, const char *method, struct str target, const char *access,
                         struct str body)
{
    SCOPED(buf_release) struct buf request = BUF(1u << 20);
    struct answer answer;
    buf_printf(&request, "%s %.*s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n", method,
               STR_PRINT(target));
    if (access[0] != '\0')
        buf_printf(&request, "Authorization: Bearer %s\r\n", access);
    if (body.len > 0)
        buf_printf(&request,
                   "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                   body.len);
    buf_add_text(&request, "\r\n");
    buf_add(&request, body);
    HOLDS(cut_answer(exchange(a, world.port, buf_str(&request)), &answer));
    return answer;
}

static const char *text_at(struct arena *a, struct str json, const char *path)
{
    const struct json *document;
    struct error err;
    HOLDS(json_parse(a, json, &document, &err) == ST_OK);
    return arena_text(a, json_text(json_get_at(document, path)));
}

static void keep_text(char *to, size_t room, const char *text)
{
    HOLDS(text[0] != '\0' && strlen(text) < room);
    memcpy(to, text, strlen(text) + 1);
}

static void get_tokens(struct arena *a, struct str credentials)
{
    struct str form =
        str_of(arena_printf(a, "grant_type=client_credentials&client_id=%s&client_secret=%s",
                            text_at(a, credentials, "stellr.client_id"),
                            text_at(a, credentials, "stellr.client_secret")));
    struct answer x = ask(a, "POST", STR("/stellr/oauth2/v1/token"), "", form);
    keep_text(world.access[0], sizeof world.access[0], text_at(a, x.body, "access_token"));
    if (world.refresh[0] == '\0')
        keep_text(world.refresh, sizeof world.refresh,
                  text_at(a, credentials, "ion.refresh_token"));
    form = str_of(arena_printf(a, "grant_type=refresh_token&refresh_token=%s", world.refresh));
    x = ask(a, "POST", STR("/ion/oauth/token"), "", form);
    keep_text(world.access[1], sizeof world.access[1], text_at(a, x.body, "access_token"));
    keep_text(world.refresh, sizeof world.refresh, text_at(a, x.body, "refresh_token"));
}

static void be_ready(struct arena *a)
{
    struct error err;
    if (world.sim == NULL) {
        clock_manual_init(&world.clock, INT64_C(1790000000000));
        struct sim_settings settings = {
            .listen = STR("127.0.0.1:0"),
            .seed = 7,
            .n_customers = 7,
            .n_subscriptions = 20,
            .token_ttl_s = MONTH_S,
            .clock = &world.clock.clock,
        };
        HOLDS(sim_start(&settings, &world.sim, &err) == ST_OK);
        struct uri uri;
        HOLDS(uri_parse(sim_address(world.sim, AT_ION), &uri, &err) == ST_OK);
        world.port = uri.port;
    }
    if (world.n_requests++ % REQUESTS_PER_TOKEN != 0)
        return;
    SCOPED(buf_release) struct buf credentials = BUF(10000);
    sim_credentials(world.sim, &credentials);
    get_tokens(a, buf_str(&credentials));
}

static void list_is_as_asked(struct arena *a, const struct connector *connector, struct str target,
                             const struct answer *answer)
{
    struct arguments arguments;
    bool other_method;
    struct str query = target, path, size;
    const struct str *records;
    const char *problem;
    size_t n;
    int64_t most;
    (void)str_next(&query, '?', &path);
    const struct action *action =
        route_find(a, connector, METHOD_GET, path, &arguments, &other_method);
    if (answer->status != 200 || action == NULL || action->paging == NULL)
        return;
    HOLDS(page_records(a, action->paging, answer->body, &records, &n, &problem));
    if (uri_query_value(a, query, action->paging->size_name, &size) && str_integer(size, &most))
        HOLDS((int64_t)n <= most || most == 0); /* 0 counts as not said */
}

static void a_request_is_answered(struct arena *a, struct input *in)
{
    static const char *const prefixes[] = { "/stellr", "/ion" };
    size_t at = input_choice(in, 2);
    const char *method = input_flag(in) ? "POST" : "GET";
    struct str line;
    SCOPED(buf_release) struct buf target = BUF(1u << 16), below = BUF(1u << 16);
    (void)str_next(&in->rest, '\n', &line);
    uri_encode(&below, line, "/?&=%+:;,@!$'()*[]{}|\\^`\"<>#");
    buf_printf(&target, "%s/%s", prefixes[at], below.at);
    bool has_body = strcmp(method, "POST") == 0 && in->rest.at != NULL;
    struct answer x =
        ask(a, method, buf_str(&target), world.access[at], has_body ? in->rest : STR_NONE);
    struct error err;
    HOLDS(x.status != 500);
    bool is_json = strcasestr(arena_text(a, x.head), "\r\nContent-Type: application/json") != NULL;
    if (is_json)
        HOLDS(json_check(x.body, NULL, &err) == ST_OK);
    if (is_json && !has_body && strcmp(method, "GET") == 0)
        list_is_as_asked(a, connectors()[at], str_from(buf_str(&target), strlen(prefixes[at])), &x);
}

#define TOY_TOKEN "the-token-of-the-toy"

static void be_ready_to_play(void)
{
    struct error err;
    struct uri uri;
    if (toy.sim != NULL)
        return;
    clock_manual_init(&toy.clock, INT64_C(1790000000000));
    struct sim_settings settings = {
        .listen = STR("127.0.0.1:0"),
        .seed = 7,
        .n_customers = 3,
        .n_subscriptions = 9,
        .control_token = STR(TOY_TOKEN),
        .clock = &toy.clock.clock,
    };
    HOLDS(sim_start(&settings, &toy.sim, &err) == ST_OK);
    HOLDS(uri_parse(sim_control_url(toy.sim), &uri, &err) == ST_OK);
    toy.port = uri.port;
}

static void the_control_path_answers(struct arena *a, struct input *in)
{
    size_t n = 0;
    while (control_routes[n].method != NULL)
        n++;
    const struct control_route *row = &control_routes[input_choice(in, n)];
    SCOPED(buf_release) struct buf request = BUF(1u << 20), target = BUF(1u << 16);
    struct str line, path = str_of(row->path), literal;
    struct answer x;
    struct error err;
    be_ready_to_play();
    (void)str_next(&in->rest, '\n', &line);
    if (str_next(&path, '{', &literal)) /* the input stands for the name, or behind the path */
        buf_add(&target, literal);
    uri_encode(&target, line, "/?&=%+:;,@!$'()*[]{}|\\^`\"<>#");
    if (path.len > 0)
        buf_add(&target, str_from(path, 5)); /* behind "name}" */
    buf_printf(&request,
               "%s /_sim/%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
               "Authorization: Bearer " TOY_TOKEN "\r\nContent-Length: %zu\r\n\r\n",
               row->method, target.at, in->rest.len);
    buf_add(&request, in->rest);
    HOLDS(cut_answer(exchange(a, toy.port, buf_str(&request)), &x));
    HOLDS(x.status == 200 || x.status == 400 || x.status == 404 || x.status == 405 ||
          x.status == 409);
    HOLDS(json_check(x.body, NULL, &err) == ST_OK);
    HOLDS(x.status == 200 || text_at(a, x.body, "error")[0] != '\0');
}

/* Header lines of this name in a head that is plainly a request; -1 when it is not one. */
static int count_headers(struct str head, const char *name)
{
    struct str rest = head, line, value;
    int n = 0;
    bool is_first = true;
    while (str_next(&rest, '\n', &line)) {
        if (!str_ends(line, "\r") || memchr(line.at, '\0', line.len) != NULL)
            return -1;
        line.len--;
        if (memchr(line.at, '\r', line.len) != NULL)
            return -1;
        if (line.len == 0)
            return n;
        if (is_first && (!str_starts(line, "GET /") || !str_ends(line, " HTTP/1.1") ||
                         memchr(line.at + 4, ' ', line.len - 4) != line.at + line.len - 9))
            return -1;
        value = line;
        bool has_colon = str_next(&value, ':', &line) && value.at != NULL;
        for (size_t i = 0; !is_first && i < line.len; i++)
            if (line.at[i] <= ' ' || line.at[i] == 0x7f)
                return -1;
        if (!is_first && (!has_colon || line.len == 0))
            return -1;
        n += !is_first && str_equal_nocase(line, str_of(name));
        is_first = false;
    }
    return -1;
}

static void raw_bytes_are_refused_or_answered(struct arena *a, struct input *in)
{
    struct answer x;
    if (!cut_answer(exchange(a, world.port, in->rest), &x))
        return; /* it ended the connection without a word */
    int lengths = count_headers(in->rest, "Content-Length");
    int encodings = count_headers(in->rest, "Transfer-Encoding");
    if (lengths > 1 || (lengths == 1 && encodings > 0))
        HOLDS(x.status >= 400);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    be_ready(&a);
    size_t what = input_choice(&in, 4);
    if (what == 0)
        raw_bytes_are_refused_or_answered(&a, &in);
    else if (what == 3)
        the_control_path_answers(&a, &in);
    else
        a_request_is_answered(&a, &in);
    return 0;
}
