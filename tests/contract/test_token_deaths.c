/* The Ion refresh with a death at each of its steps: a child process dies there, with the real
 * store and the simulator, and another process goes on. A refresh token is worth a walk to the
 * portal, so each row says what must be left of it. */
#include "../unit/test.h"
#include "base/id.h"
#include "client/call.h"
#include "client/http_curl.h"
#include "hub/vault.h"
#include "remote.h"
#include "store/connections.h"
#include "store/tokens.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW_MS        INT64_C(1790000000000)
#define TOKEN_REQUEST "POST /ion/oauth/token"
#define DIED          9
#define LIVED         10
#define SAW_IT_LOST   11

/* Where the process dies, and what the next one must find.
 *   step            tokens that the service gives in the end; lost: a person must make a new one;
 *                   waits: the next process lets the lease of an unclear attempt pass first */
#define STEP_ROWS(X)                                                                               \
    X(BEFORE_LEASE, 1, false, false)                                                               \
    X(UNDER_LEASE, 1, false, false)                                                                \
    X(ATTEMPT_WRITTEN, 1, false, true)                                                             \
    X(ANSWER_UNREAD, 1, true, true)                                                                \
    X(ANSWER_READ, 1, true, true)                                                                  \
    X(KEPT, 1, false, false)                                                                       \
    X(RESCUED, 2, false, false)                                                                    \
    X(RELEASED, 1, false, false)

enum step {
#define X(id, ...) DIE_##id,
    STEP_ROWS(X)
#undef X
        STEPS
};

static const struct {
    const char *name;
    int tokens_given;
    bool lost, waits;
} rows[] = {
#define X(id, ...) { #id, __VA_ARGS__ },
    STEP_ROWS(X)
#undef X
};

struct mortal {
    struct token_vault vault;
    struct store_vault real;
    struct transport transport;
    struct transport *network;
    enum step die_at;
};

static struct mortal *mortal; /* of the child */

static void die_if(enum step step)
{
    if (mortal->die_at == step)
        _exit(DIED);
}

static enum status load_access(struct token_vault *self, struct arena *a,
                               struct access_token *ret_access, struct error *err)
{
    (void)self;
    return mortal->real.vault.load_access(&mortal->real.vault, a, ret_access, err);
}

static enum status save_access(struct token_vault *self, const struct access_token *access,
                               struct error *err)
{
    (void)self;
    return mortal->real.vault.save_access(&mortal->real.vault, access, err);
}

static enum status lease(struct token_vault *self, int64_t ttl_ms, int64_t *ret_until_ms,
                         struct error *err)
{
    (void)self;
    die_if(DIE_BEFORE_LEASE);
    enum status s = mortal->real.vault.lease(&mortal->real.vault, ttl_ms, ret_until_ms, err);
    die_if(DIE_UNDER_LEASE);
    return s;
}

static void release(struct token_vault *self)
{
    (void)self;
    die_if(DIE_KEPT);
    mortal->real.vault.release(&mortal->real.vault);
    die_if(DIE_RELEASED);
}

static enum status load_refresh(struct token_vault *self, struct arena *a,
                                struct refresh_state *ret_state, struct error *err)
{
    (void)self;
    return mortal->real.vault.load_refresh(&mortal->real.vault, a, ret_state, err);
}

static enum status begin_attempt(struct token_vault *self, int64_t generation, int64_t *ret_attempt,
                                 struct error *err)
{
    (void)self;
    enum status s =
        mortal->real.vault.begin_attempt(&mortal->real.vault, generation, ret_attempt, err);
    die_if(DIE_ATTEMPT_WRITTEN);
    return s;
}

static enum status end_attempt(struct token_vault *self, int64_t attempt,
                               enum attempt_outcome outcome, struct error *err)
{
    (void)self;
    return mortal->real.vault.end_attempt(&mortal->real.vault, attempt, outcome, err);
}

static enum status keep(struct token_vault *self, const struct kept_tokens *tokens,
                        struct error *err)
{
    (void)self;
    die_if(DIE_ANSWER_READ);
    if (mortal->die_at == DIE_RESCUED)
        return fail(err, ST_FULL, "the disk is full");
    return mortal->real.vault.keep(&mortal->real.vault, tokens, err);
}

static enum status rescue(struct token_vault *self, const struct kept_tokens *tokens,
                          struct error *err)
{
    (void)self;
    enum status s = mortal->real.vault.rescue(&mortal->real.vault, tokens, err);
    die_if(DIE_RESCUED);
    return s;
}

static enum status send_request(struct transport *self, struct arena *a,
                                const struct wire_request *request, struct wire_reply *ret_reply,
                                struct error *err)
{
    (void)self;
    enum status s = mortal->network->send(mortal->network, a, request, ret_reply, err);
    die_if(DIE_ANSWER_UNREAD);
    return s;
}

struct fixture {
    struct remote remote;
    char directory[64];
    int64_t connection_id;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    *state = f;
    strcpy(f->directory, "/tmp/stellion-deaths-XXXXXX");
    assert_non_null(mkdtemp(f->directory));
    remote_start(&f->remote, NULL);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    remote_stop(&f->remote);
    snprintf(command, sizeof command, "rm -r %s", f->directory);
    int result = system(command);
    free(f);
    return result;
}

/* A process's share: the store, a token source, a client. */
struct session {
    struct arena a;
    struct clock_manual clock;
    struct store *store;
    struct store_vault vault;
    struct token_source tokens;
    struct pace pace;
    struct client client;
    struct transport *network;
    struct call call;
    struct error err;
};

static void session_open(struct session *s, const struct fixture *f, int64_t now_ms)
{
    memset(s, 0, sizeof *s);
    clock_manual_init(&s->clock, now_ms);
    assert_ok(store_open(f->directory, &s->clock.clock, &s->store, &s->err), &s->err);
}

static void session_connect(struct session *s, const struct fixture *f)
{
    struct clock *clock = &s->clock.clock;
    assert_ok(store_vault_open(&s->vault, s->store, f->connection_id, &s->err), &s->err);
    struct token_settings settings = {
        .connector = &connector_ion,
        .connection = STR("ion-test"),
        .token_urls = { str_of(arena_printf(&s->a, "%s/oauth/token", f->remote.ion_url)) },
        .region = STR(""),
    };
    token_source_init(&s->tokens, &settings, &s->vault.vault, clock);
    pace_init(&s->pace, clock, NULL);
    s->client = (struct client){
        .connector = &connector_ion,
        .connection = STR("ion-test"),
        .base_url = str_of(f->remote.ion_url),
        .account_id = STR("70001"),
        .tokens = &s->tokens,
        .pace = &s->pace,
        .clock = clock,
    };
    s->network = transport_curl(NULL);
    call_init(&s->call, &s->client, s->network);
}

static void session_close(struct session *s)
{
    call_release(&s->call);
    transport_free(&s->network);
    token_source_release(&s->tokens);
    pace_release(&s->pace);
    store_vault_close(&s->vault);
    store_close(s->store);
    arena_free(&s->a);
}

/* The connection as `connect` leaves it, with the first token. */
static void make_connection(struct fixture *f)
{
    struct session s;
    session_open(&s, f, NOW_MS);
    struct connection_row row = {
        .id = id_new(&s.clock.clock),
        .name = STR("ion-test"),
        .kind = STR("ion"),
        .environment = STR("production"),
        .region = STR(""),
        .base_url = str_of(f->remote.ion_url),
        .token_url = str_of(arena_printf(&s.a, "%s/oauth/token", f->remote.ion_url)),
        .account_ref = STR("70001"),
        .state = STR(CONNECTION_READY),
        .state_reason = STR(""),
        .created_at = NOW_MS,
        .changed_at = NOW_MS,
    };
    struct db *db = s.store->db;
    const struct secret *token = secret_new(&s.a, str_of(f->remote.refresh_token));
    assert_ok(db_begin(db, SYNCED, &s.err), &s.err);
    assert_ok(connection_save(s.store, db, &row, &s.err), &s.err);
    assert_ok(refresh_add(s.store, db, row.id, token, "person", &s.err), &s.err);
    assert_ok(db_commit(db, &s.err), &s.err);
    f->connection_id = row.id;
    store_close(s.store);
    arena_free(&s.a);
}

static enum status ask(struct session *s)
{
    struct arguments arguments = { .n = 0 };
    struct wire_reply reply;
    return call_perform(&s->call, &s->a, action_find(STR("ion.customer.list")), &arguments, &reply,
                        &s->err);
}

/* What a child does: refreshes, and dies on the way unless `step` is STEPS. */
static int live_until(const struct fixture *f, enum step step, int64_t now_ms)
{
    static struct session s;
    static struct mortal m;
    m.die_at = step;
    m.vault = (struct token_vault){ load_access,   save_access, lease, release, load_refresh,
                                    begin_attempt, end_attempt, keep,  rescue };
    m.transport = (struct transport){ send_request, NULL };
    mortal = &m;
    session_open(&s, f, now_ms);
    session_connect(&s, f);
    m.real = s.vault;
    m.network = s.network;
    s.tokens.vault = &m.vault;
    s.call.transport = &m.transport;
    enum status status = ask(&s);
    return status == ST_OK ? LIVED : status == ST_TOKEN_LOST ? SAW_IT_LOST : 1;
}

/* The child is this program anew, so that nothing of ours is in its memory:
 * --child STEP NOW_MS DIRECTORY CONNECTION ION_URL */
static int child_main(char **arguments)
{
    struct fixture f = { .connection_id = strtoll(arguments[3], NULL, 10) };
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    snprintf(f.directory, sizeof f.directory, "%s", arguments[2]);
    snprintf(f.remote.ion_url, sizeof f.remote.ion_url, "%s", arguments[4]);
    return live_until(&f, (enum step)strtol(arguments[0], NULL, 10),
                      strtoll(arguments[1], NULL, 10));
}

static pid_t start_child(const struct fixture *f, enum step step, int64_t now_ms)
{
    char step_text[8], now_text[24], connection[24];
    snprintf(step_text, sizeof step_text, "%d", step);
    snprintf(now_text, sizeof now_text, "%lld", (long long)now_ms);
    snprintf(connection, sizeof connection, "%lld", (long long)f->connection_id);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        execl("/proc/self/exe", "child", "--child", step_text, now_text, f->directory, connection,
              f->remote.ion_url, (char *)NULL);
        _exit(127);
    }
    return child;
}

static int run_child(const struct fixture *f, enum step step)
{
    int status;
    pid_t child = start_child(f, step, NOW_MS + 1000);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void go_on_after(void **state, enum step step)
{
    struct fixture *f = *state;
    struct session s;
    print_message("# %s\n", rows[step].name);
    make_connection(f);
    assert_int_equal(run_child(f, step), DIED);

    int64_t now = NOW_MS + 5000;
    session_open(&s, f, now);
    session_connect(&s, f);
    enum status status = ask(&s);
    bool waited = s.clock.at_ms - now >= LIMIT_TOKEN_LEASE_MS - 10000;
    if (rows[step].lost)
        assert_fails(status, ST_TOKEN_LOST, &s.err, "ion-test", "Request New Credentials",
                     "stellion connect ion --name ion-test");
    else
        assert_ok(status, &s.err);
    assert_int_equal(waited, rows[step].waits);
    session_close(&s);
    assert_int_equal(remote_count(&f->remote, TOKEN_REQUEST, 200), rows[step].tokens_given);
    assert_int_equal(remote_count(&f->remote, TOKEN_REQUEST, 400), rows[step].lost ? 1 : 0);
}

#define X(id, ...)                                                                                 \
    static void a_death_##id(void **state)                                                         \
    {                                                                                              \
        go_on_after(state, DIE_##id);                                                              \
    }
STEP_ROWS(X)
#undef X

/* Deaths at moments that nobody chose: SIGKILL from outside, again and again, until it is through
 * or the service holds the only copy. */
static void deaths_at_any_moment(void **state)
{
    struct fixture *f = *state;
    int rounds = 0, n_deaths = 0, status = 0;
    make_connection(f);
    for (int64_t wait_us = 0; wait_us < 60000; wait_us += 1500, rounds++) {
        int64_t now_ms = NOW_MS + INT64_C(100000000) * (rounds + 1); /* the access token is old */
        pid_t child = start_child(f, STEPS, now_ms);
        usleep((useconds_t)wait_us);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        n_deaths += WIFSIGNALED(status);
        if (WIFSIGNALED(status))
            continue;
        assert_true(WEXITSTATUS(status) == LIVED || WEXITSTATUS(status) == SAW_IT_LOST);
        if (WEXITSTATUS(status) == SAW_IT_LOST)
            break;
    }
    struct session s;
    struct refresh_row row;
    session_open(&s, f, NOW_MS + INT64_C(100000000) * (rounds + 2));
    session_connect(&s, f);
    enum status end = ask(&s);
    int given = remote_count(&f->remote, TOKEN_REQUEST, 200);
    assert_ok(refresh_load(s.store, s.store->db, &s.a, f->connection_id, &row, &s.err), &s.err);
    print_message("# %d deaths, %d tokens given, %d kept: %s\n", n_deaths, given,
                  (int)row.generation - 1, status_row(end)->name);
    assert_true(n_deaths > 0);
    /* Generation 1 came from a person. When the token is lost, the service may have given one more
     * than was kept, to a process that died before it could keep it; or two died in a row with the
     * newest one on its way, and whether it arrived cannot be told. */
    int64_t kept = row.generation - 1;
    assert_true(end == ST_OK || end == ST_TOKEN_LOST);
    assert_true(kept == given || (end == ST_TOKEN_LOST && kept == given - 1));
    session_close(&s);
}

int main(int n_arguments, char **arguments)
{
    if (n_arguments == 7 && strcmp(arguments[1], "--child") == 0)
        return child_main(arguments + 2);
    const struct CMUnitTest tests[] = {
#define X(id, ...) cmocka_unit_test_setup_teardown(a_death_##id, set_up, tear_down),
        STEP_ROWS(X)
#undef X
            cmocka_unit_test_setup_teardown(deaths_at_any_moment, set_up, tear_down),
    };
    return RUN(tests);
}
