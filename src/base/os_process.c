/* Who and where we are: user, machine, process, terminal, randomness. */
#include "base/buf.h"
#include "base/give_up.h"
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>

void os_random(void *at, size_t bytes)
{
    unsigned char *to = at;
    while (bytes > 0) {
        ssize_t got = getrandom(to, bytes, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            give_up(ST_INTERNAL, "the kernel gives no random bytes");
        to += got;
        bytes -= (size_t)got;
    }
}

uint64_t os_random_u64(void)
{
    uint64_t value;
    os_random(&value, sizeof value);
    return value;
}

const char *os_environment(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || *value == '\0' ? NULL : value;
}

static bool own_entry(struct passwd *entry, char *memory, size_t bytes)
{
    struct passwd *found = NULL;
    return getpwuid_r(geteuid(), entry, memory, bytes, &found) == 0 && found != NULL;
}

const char *os_home(void)
{
    return os_environment("HOME");
}

struct str os_user_name(struct arena *a)
{
    struct passwd entry;
    char memory[4096];
    if (own_entry(&entry, memory, sizeof memory))
        return arena_copy(a, str_of(entry.pw_name));
    return str_of(arena_printf(a, "uid %u", (unsigned)geteuid()));
}

struct str os_machine_id(struct arena *a)
{
    struct error ignored;
    struct str text;
    if (os_read_file(a, "/etc/machine-id", 256, &text, &ignored) == ST_OK && str_trim(text).len > 0)
        return str_trim(text);
    char name[256] = "";
    (void)gethostname(name, sizeof name - 1); /* "" is as good as we can do then */
    return arena_copy(a, str_of(name));
}

struct str os_time_zone(struct arena *a)
{
    char target[256];
    ssize_t len = readlink("/etc/localtime", target, sizeof target);
    struct str link = { target, len > 0 ? (size_t)len : 0 };
    const char *found = memmem(link.at, link.len, "/zoneinfo/", 10);
    if (found == NULL)
        return STR("UTC");
    struct str name = str_from(link, (size_t)(found - link.at) + 10);
    return str_is(name, "Etc/UTC") || str_is(name, "Etc/UCT") ? STR("UTC") : arena_copy(a, name);
}

/* The start time of a process in clock ticks since boot: field 22 of its stat line, counted from
 * the last ')', since the name before it may hold anything. "" when there is no such process. */
static struct str start_of_process(struct arena *a, int64_t pid)
{
    struct error ignored;
    struct str text;
    const char *path = arena_printf(a, "/proc/%lld/stat", (long long)pid);
    if (os_read_file(a, path, 4096, &text, &ignored) != ST_OK)
        return STR("");
    const char *close = memrchr(text.at, ')', text.len);
    if (close == NULL)
        return STR("");
    struct str rest = str_from(text, (size_t)(close - text.at) + 2), field;
    for (int i = 3; str_next(&rest, ' ', &field); i++)
        if (i == 22)
            return field;
    return STR("");
}

static unsigned long long pid_namespace(void)
{
    struct stat info;
    return stat("/proc/self/ns/pid", &info) == 0 ? (unsigned long long)info.st_ino : 0;
}

struct str os_process_mark(struct arena *a)
{
    int64_t pid = getpid();
    return str_of(arena_printf(a, "%lld:%.*s:%llu", (long long)pid,
                               STR_PRINT(start_of_process(a, pid)), pid_namespace()));
}

enum os_life os_process_life(struct str mark)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct str rest = mark, pid_text, start;
    int64_t pid, namespace;
    if (!str_next(&rest, ':', &pid_text) || !str_next(&rest, ':', &start) || start.len == 0 ||
        !str_integer(pid_text, &pid) || !str_integer(rest, &namespace) ||
        (unsigned long long)namespace != pid_namespace())
        return OS_UNTOLD;
    return str_equal(start_of_process(&a, pid), start) ? OS_ALIVE : OS_GONE;
}

bool os_is_terminal(int descriptor)
{
    return isatty(descriptor) == 1;
}

int os_terminal_columns(void)
{
    struct winsize size;
    if (!os_is_terminal(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

static void wipe_line(void *line)
{
    os_wipe(line, strlen(line));
}

static void write_terminal(int terminal, const char *text)
{
    size_t len = strlen(text);
    if (write(terminal, text, len) != (ssize_t)len)
        return; /* a prompt that cannot be shown: the answer may still come */
}

static volatile sig_atomic_t asked_to_end;

static void note_signal(int number)
{
    asked_to_end = number;
}

/* While a person types, a signal must neither be lost between looking and reading nor leave the
 * terminal without echo: signals are blocked but for the waiting. */
struct asking {
    int terminal;
    bool is_quiet;
    struct termios before;
    sigset_t mask;
    struct sigaction actions[4];
};

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static void begin_asking(struct asking *ask, bool hidden)
{
    struct sigaction action = { .sa_handler = note_signal };
    sigset_t blocked;
    asked_to_end = 0;
    (void)sigemptyset(&blocked);
    for (size_t i = 0; i < ARRAY_LEN(ending_signals); i++)
        (void)sigaddset(&blocked, ending_signals[i]);
    (void)pthread_sigmask(SIG_BLOCK, &blocked, &ask->mask);
    for (size_t i = 0; i < ARRAY_LEN(ending_signals); i++)
        (void)sigaction(ending_signals[i], &action, &ask->actions[i]);
    ask->is_quiet = hidden && tcgetattr(ask->terminal, &ask->before) == 0;
    if (!ask->is_quiet)
        return; /* else it is typed visibly: no worse than not asking */
    struct termios quiet = ask->before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(ask->terminal, TCSAFLUSH, &quiet);
}

/* The signal goes to whom it was meant for, when everything is as it was. */
static void end_asking(struct asking *ask)
{
    if (ask->is_quiet) {
        (void)tcsetattr(ask->terminal, TCSAFLUSH, &ask->before);
        write_terminal(ask->terminal, "\n");
    }
    for (size_t i = 0; i < ARRAY_LEN(ending_signals); i++)
        (void)sigaction(ending_signals[i], &ask->actions[i], NULL);
    (void)pthread_sigmask(SIG_SETMASK, &ask->mask, NULL);
    (void)close(ask->terminal);
    if (asked_to_end != 0)
        (void)raise(asked_to_end);
}

/* Reads up to a newline, byte by byte, so that nothing typed ahead is lost. */
static bool read_line(const struct asking *ask, char *line, size_t size)
{
    size_t len = 0;
    for (;;) {
        struct pollfd wait = { .fd = ask->terminal, .events = POLLIN };
        char c;
        if (ppoll(&wait, 1, NULL, &ask->mask) < 0 || asked_to_end != 0)
            return false;
        if (read(ask->terminal, &c, 1) <= 0)
            return len > 0;
        if (c == '\n' || c == '\r')
            break;
        if (len + 1 < size)
            line[len++] = c;
    }
    line[len] = '\0';
    return true;
}

enum status os_ask(struct arena *a, const char *prompt, bool hidden, struct str *ret_line,
                   struct error *err)
{
    struct asking ask = { .terminal = open("/dev/tty", O_RDWR | O_CLOEXEC) };
    if (ask.terminal < 0)
        return fail(err, ST_INVALID, "there is no terminal to ask '%s' on", prompt);
    char *line = arena_alloc(a, LIMIT_SECRET_BYTES);
    if (hidden)
        arena_defer(a, wipe_line, line);
    begin_asking(&ask, hidden);
    write_terminal(ask.terminal, prompt);
    bool got = read_line(&ask, line, LIMIT_SECRET_BYTES);
    end_asking(&ask);
    if (!got)
        return fail(err, ST_CANCELLED, "nothing was typed at '%s'", prompt);
    *ret_line = str_of(line);
    return ST_OK;
}

void os_keep_standard_descriptors(void)
{
    for (int handle = STDIN_FILENO; handle <= STDERR_FILENO; handle++)
        if (fcntl(handle, F_GETFD) < 0 && errno == EBADF)
            (void)open("/dev/null", handle == STDIN_FILENO ? O_RDONLY : O_WRONLY);
}

void os_wipe(void *at, size_t bytes)
{
    if (bytes > 0)
        explicit_bzero(at, bytes);
}

int64_t os_peak_memory_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
}

static atomic_int n_critical;

void os_critical_begin(void)
{
    (void)atomic_fetch_add(&n_critical, 1);
}

void os_critical_end(void)
{
    (void)atomic_fetch_sub(&n_critical, 1);
}

bool os_is_critical(void)
{
    return atomic_load(&n_critical) > 0;
}
