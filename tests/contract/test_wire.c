/* The bytes that go out, against golden files written by hand from the reference: one file per
 * action, wire/<action>.http, cases separated by "###". Lines starting with '#' explain; those with
 * "@argument name=value" are the arguments of the case, "@body" a raw body. Requests are caught on
 * a socket, so that what is compared is what a remote would see. Order of headers and of query
 * parameters is free. */
#include "../unit/test.h"
#include "base/buf.h"
#include "base/os.h"
#include "online.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <unistd.h>

#define CAUGHT_MOST 16384
#define LINES_MOST  64

/* A remote that keeps what it hears, and answers anything with tokens. */
struct ear {
    int listening;
    int port;
    pthread_t thread;
    char heard[CAUGHT_MOST];
    size_t n_heard;
};

static size_t body_bytes(const char *headers)
{
    const char *found = strcasestr(headers, "\r\nContent-Length:");
    return found == NULL ? 0 : strtoul(found + 17, NULL, 10);
}

/* One request, whole. */
static void hear(struct ear *ear, int connection)
{
    ear->n_heard = 0;
    for (;;) {
        ssize_t n = read(connection, ear->heard + ear->n_heard, CAUGHT_MOST - 1 - ear->n_heard);
        if (n <= 0)
            return;
        ear->n_heard += (size_t)n;
        ear->heard[ear->n_heard] = '\0';
        const char *end = strstr(ear->heard, "\r\n\r\n");
        if (end != NULL && ear->n_heard >= (size_t)(end + 4 - ear->heard) + body_bytes(ear->heard))
            return;
    }
}

static void *listen_for_ever(void *context)
{
    static const char answer[] =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
        "Content-Length: 66\r\n\r\n"
        "{\"access_token\":\"TOKEN\",\"expires_in\":7200,\"refresh_token\":\"NEXT\"}  ";
    struct ear *ear = context;
    int connection;
    while ((connection = accept(ear->listening, NULL, NULL)) >= 0) {
        hear(ear, connection);
        ssize_t sent = write(connection, answer, sizeof answer - 1);
        assert_int_equal(sent, sizeof answer - 1);
        close(connection);
    }
    return NULL;
}

static void ear_open(struct ear *ear)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    ear->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(ear->listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(ear->listening, 8), 0);
    assert_int_equal(getsockname(ear->listening, (struct sockaddr *)&address, &size), 0);
    ear->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&ear->thread, NULL, listen_for_ever, ear), 0);
}

static void ear_close(struct ear *ear)
{
    shutdown(ear->listening, SHUT_RDWR);
    pthread_join(ear->thread, NULL);
    close(ear->listening);
}

static void talk_to(struct online *online, const struct connector *connector, const struct ear *ear,
                    bool has_token)
{
    static char base_url[64];
    snprintf(base_url, sizeof base_url, "http://127.0.0.1:%d", ear->port);
    online_open(online, connector, str_of(base_url));
    struct fake_client *fake = &online->fake;
    fake->tokens.settings.client_id = STR("CLIENT");
    fake->tokens.settings.client_secret = secret_new(&fake->arena, STR("SECRET+/="));
    fake->vault.generation = 1;
    strcpy(fake->vault.refresh, "SECRET+/=");
    strcpy(fake->vault.access, has_token ? "TOKEN" : "");
    fake->vault.access_times.expires_ms = fake->clock.at_ms + 3600000;
    fake->client.basic_user = STR("KEY");
    fake->client.basic_secret = secret_new(&fake->arena, STR("SECRET"));
}

static int by_text(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* "/path?b=1&a=2" with its parameters in order. */
static void add_target(struct buf *to, struct str target)
{
    struct str parameters[LINES_MOST], path, part;
    size_t n = 0;
    (void)str_next(&target, '?', &path);
    buf_add(to, path);
    while (target.at != NULL && str_next(&target, '&', &part))
        parameters[n++] = part;
    qsort(parameters, n, sizeof parameters[0], by_text);
    for (size_t i = 0; i < n; i++)
        buf_printf(to, "%c%.*s", i == 0 ? '?' : '&', STR_PRINT(parameters[i]));
}

static struct str header_line(struct arena *a, struct str line)
{
    char *text = arena_text(a, line);
    char *colon = strchr(text, ':');
    assert_non_null(colon);
    for (char *c = text; c < colon; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    if (str_starts(line, "Host:"))
        return STR("host: HOST");
    if (str_starts(line, "User-Agent: stellion/"))
        return STR("user-agent: stellion/VERSION");
    return str_of(text);
}

/* A request with what may differ made equal: line ends, order, host, version. How bodies may be
 * compressed depends on libcurl's build and is left out. */
static struct str normal_form(struct arena *a, struct str text)
{
    struct buf form = BUF(CAUGHT_MOST);
    struct str lines[LINES_MOST], line, method, target;
    size_t n = 0;
    (void)str_next(&text, '\n', &line);
    line = str_trim(line);
    (void)str_next(&line, ' ', &method);
    (void)str_next(&line, ' ', &target);
    buf_printf(&form, "%.*s ", STR_PRINT(method));
    add_target(&form, target);
    buf_printf(&form, " %.*s\n", STR_PRINT(line));
    while (str_next(&text, '\n', &line) && (line = str_trim(line)).len > 0)
        if (!str_starts(line, "Accept-Encoding:"))
            lines[n++] = header_line(a, line);
    qsort(lines, n, sizeof lines[0], by_text);
    for (size_t i = 0; i < n; i++)
        buf_printf(&form, "%.*s\n", STR_PRINT(lines[i]));
    buf_printf(&form, "\n%.*s", STR_PRINT(str_trim(text)));
    struct str result = arena_copy(a, buf_str(&form));
    buf_release(&form);
    return result;
}

/* Takes the comment lines off the front of a case, and the arguments out of them. */
static struct str read_head(struct str text, struct arguments *arguments)
{
    struct str line, rest = str_trim(text), name;
    struct error err;
    while (rest.len > 0 && rest.at[0] == '#') {
        (void)str_next(&rest, '\n', &line);
        if (str_starts(line, "# @body "))
            arguments->body = str_from(line, strlen("# @body "));
        if (!str_starts(line, "# @argument "))
            continue;
        line = str_from(line, strlen("# @argument "));
        assert_true(str_next(&line, '=', &name));
        assert_ok(arguments_set(arguments, name, line, &err), &err);
    }
    return rest;
}

static void send_case(struct fake_client *fake, const struct action *action,
                      const struct arguments *arguments)
{
    struct call *call = &fake->call;
    struct wire_reply reply;
    struct error err;
    if (action == NULL) { /* the token request that every call needs first */
        assert_ok(token_get(&fake->tokens, call->transport, &call->arena, &call->token_number,
                            &call->token, &err),
                  &err);
        return;
    }
    if (action->effect != EFFECT_MONEY) {
        assert_ok(call_perform(call, &fake->arena, action, arguments, &reply, &err), &err);
        return;
    }
    struct request_context context = { .account_id = fake->client.account_id };
    struct request request;
    assert_ok(call_ready(call, &err), &err);
    assert_ok(request_build(&fake->arena, action, arguments, &context, &request, &err), &err);
    struct permit permit = { 1, request_digest(&request) };
    assert_ok(call_spend(call, &fake->arena, &permit, &request, &reply, &err), &err);
}

static void check_case(const char *name, const struct connector *connector,
                       const struct action *action, struct str text)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct ear *ear = calloc(1, sizeof *ear);
    struct online online;
    struct arguments arguments = { .n = 0 };
    struct str golden = read_head(text, &arguments);
    ear_open(ear);
    talk_to(&online, connector, ear, action != NULL);
    send_case(&online.fake, action, &arguments);
    online_close(&online);
    ear_close(ear);
    struct str wanted = normal_form(&a, golden);
    struct str got = normal_form(&a, (struct str){ ear->heard, ear->n_heard });
    if (!str_equal(wanted, got)) {
        print_error("%s\n--- wanted\n%.*s\n--- sent\n%.*s\n", name, STR_PRINT(wanted),
                    STR_PRINT(got));
        _fail(__FILE__, __LINE__);
    }
    free(ear);
}

static void check_file(const char *name, const struct connector *connector,
                       const struct action *action)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct str text;
    const char *path = arena_printf(&a, WIRE_FOLDER "/%s.http", name);
    enum status s = os_read_file(&a, path, LIMIT_SMALL_FILE_BYTES, &text, &err);
    if (s != ST_OK) {
        print_error("%s has no golden file: write %s by hand from the reference\n", name, path);
        _fail(__FILE__, __LINE__);
    }
    int n = 0;
    while (text.len > 0) {
        const char *end = memmem(text.at, text.len, "\n###\n", 5);
        size_t len = end == NULL ? text.len : (size_t)(end - text.at);
        check_case(name, connector, action, (struct str){ text.at, len });
        text = end == NULL ? STR_NONE : str_from(text, len + 5);
        n++;
    }
    assert_true(n > 0);
}

static void every_action_goes_out_as_its_golden_file_says(void **state)
{
    (void)state;
    struct action_walk walk = { .only = NULL };
    int n = 0;
    for (const struct action *x; (x = action_next(&walk)) != NULL; n++)
        if (!action_is_recipe(x)) /* those send what the action that they are made of sends */
            check_file(x->name, connector_of_action(x), x);
    assert_true(n >= 15);
}

static void token_requests_go_out_as_their_golden_files_say(void **state)
{
    (void)state;
    check_file("stellr.token", &connector_stellr, NULL);
    check_file("ion.token", &connector_ion, NULL);
}

static void every_golden_file_belongs_to_an_action(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const char *const *names;
    struct error err;
    size_t n;
    assert_ok(os_list_directory(&a, WIRE_FOLDER, ".http", &names, &n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        struct str name = { names[i], strlen(names[i]) - strlen(".http") };
        bool is_token = str_is(name, "stellr.token") || str_is(name, "ion.token");
        if (!is_token && action_find(name) == NULL) {
            print_error("%s belongs to no action\n", names[i]);
            _fail(__FILE__, __LINE__);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_goes_out_as_its_golden_file_says),
        cmocka_unit_test(token_requests_go_out_as_their_golden_files_say),
        cmocka_unit_test(every_golden_file_belongs_to_an_action),
    };
    return RUN(tests);
}
