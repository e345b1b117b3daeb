/* Forks the simulator and hears from it through a pipe. */
#include "remote.h"

#include "../unit/test.h"
#include "base/json.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(const char *journal, const char *const *faults, int tell)
{
    struct sim_settings settings = {
        .listen = STR("127.0.0.1:0"),
        .seed = 1,
        .n_customers = 8,
        .n_subscriptions = 40,
        .token_ttl_s = 7200,
        .journal = journal,
        .clock = clock_real(),
    };
    struct buf credentials = BUF(LIMIT_SMALL_FILE_BYTES);
    struct error err;
    struct sim *sim;
    for (; faults != NULL && *faults != NULL; faults++)
        settings.faults.at[settings.faults.n++] = str_of(*faults);
    if (sim_start(&settings, &sim, &err) != ST_OK) {
        fprintf(stderr, "the simulator does not start: %s\n", err.text);
        _exit(1);
    }
    sim_credentials(sim, &credentials);
    if (write(tell, credentials.at, credentials.len) != (ssize_t)credentials.len)
        _exit(1);
    close(tell);
    for (;;)
        pause();
}

static void copy_text(char *to, size_t size, const struct json *value)
{
    assert_true(json_text(value).len < size);
    snprintf(to, size, "%.*s", STR_PRINT(json_text(value)));
}

static void read_credentials(struct remote *remote, int from)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct json *credentials;
    struct error err;
    char text[4096];
    size_t n = 0;
    ssize_t got;
    while ((got = read(from, text + n, sizeof text - n)) > 0)
        n += (size_t)got;
    assert_ok(json_parse(&a, (struct str){ text, n }, &credentials, &err), &err);
    copy_text(remote->stellr_url, sizeof remote->stellr_url,
              json_get_at(credentials, "stellr.base_url"));
    copy_text(remote->ion_url, sizeof remote->ion_url, json_get_at(credentials, "ion.base_url"));
    copy_text(remote->refresh_token, sizeof remote->refresh_token,
              json_get_at(credentials, "ion.refresh_token"));
}

static void journal_path(const struct remote *remote, char at[static 96])
{
    snprintf(at, 96, "%s/journal", remote->folder);
}

void remote_start(struct remote *remote, const char *const *faults)
{
    char journal[96];
    int pipes[2];
    strcpy(remote->folder, "/tmp/stellion-remote-XXXXXX");
    assert_non_null(mkdtemp(remote->folder));
    journal_path(remote, journal);
    assert_int_equal(pipe(pipes), 0);
    remote->process = fork();
    assert_true(remote->process >= 0);
    if (remote->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* not left behind by a test that fails */
        close(pipes[0]);
        serve(journal, faults, pipes[1]);
    }
    close(pipes[1]);
    read_credentials(remote, pipes[0]);
    close(pipes[0]);
}

void remote_stop(struct remote *remote)
{
    char path[96];
    kill(remote->process, SIGKILL);
    waitpid(remote->process, NULL, 0);
    journal_path(remote, path);
    unlink(path);
    rmdir(remote->folder);
}

int remote_count(const struct remote *remote, const char *start, int status)
{
    char path[96], line[4096], ending[16];
    int n = 0;
    journal_path(remote, path);
    snprintf(ending, sizeof ending, " %d\n", status);
    FILE *journal = fopen(path, "re");
    assert_non_null(journal);
    while (fgets(line, sizeof line, journal) != NULL)
        if (strncmp(line, start, strlen(start)) == 0 &&
            (status == 0 || str_ends(str_of(line), ending)))
            n++;
    fclose(journal);
    return n;
}
