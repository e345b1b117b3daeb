/* Runs a command and writes what it took into a file: wall seconds, CPU seconds (user and system),
 * peak memory in KiB.
 *
 * A program of its own, because the peak memory of a process counts from its fork: started by
 * something large, a small command would seem as large. */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int write_figures(const char *path, double wall, const struct rusage *usage)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    fprintf(file, "%.6f %.6f %ld\n", wall,
            seconds_of(usage->ru_utime) + seconds_of(usage->ru_stime), usage->ru_maxrss);
    if (fclose(file) == 0)
        return 0;
    perror(path);
    return 1;
}

/* Told to stop, the command stops and this goes on until it has: nothing is left running. */
static void leave_signals_to_the_command(void)
{
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
}

int main(int argc, char **argv)
{
    struct rusage usage;
    int state;
    if (argc < 3) {
        fprintf(stderr, "usage: measure FILE COMMAND [ARGUMENT ...]\n");
        return 2;
    }
    double started = now();
    pid_t child = fork();
    if (child == 0) {
        (void)execvp(argv[2], &argv[2]);
        perror(argv[2]);
        _exit(127);
    }
    leave_signals_to_the_command();
    if (child < 0 || wait4(child, &state, 0, &usage) != child) {
        perror("measure");
        return 1;
    }
    double wall = now() - started;
    if (write_figures(argv[1], wall, &usage) != 0)
        return 1;
    return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}
