/* Who and where we are: user, machine, process, terminal, randomness. */
#include "base/buf.h"
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <termios.h>

void os_random(void *at, size_t bytes)
{
    unsigned char *to = at;
    while (bytes > 0) {
        ssize_t got = getrandom(to, bytes, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            fprintf(stderr, "stellion: the kernel gives no random bytes\n");
            abort();
        }
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

struct str os_process_mark(struct arena *a)
{
    int64_t pid = getpid();
    return str_of(
        arena_printf(a, "%lld:%.*s", (long long)pid, STR_PRINT(start_of_process(a, pid))));
}

bool os_process_is_gone(struct str mark)
{
    struct str start = mark, pid_text;
    int64_t pid;
    if (!str_next(&start, ':', &pid_text) || start.len == 0 || !str_integer(pid_text, &pid))
        return false;
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    return !str_equal(start_of_process(&a, pid), start);
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

/* Reads up to a newline, byte by byte, so that nothing typed ahead is lost. */
static bool read_line(int terminal, char *line, size_t size)
{
    size_t len = 0;
    for (;;) {
        char c;
        ssize_t got = read(terminal, &c, 1);
        if (got < 0 && errno == EINTR)
            return false;
        if (got <= 0)
            return len > 0;
        if (c == '\n' || c == '\r')
            break;
        if (len + 1 < size)
            line[len++] = c;
    }
    line[len] = '\0';
    return true;
}

static void write_terminal(int terminal, const char *text)
{
    size_t len = strlen(text);
    if (write(terminal, text, len) != (ssize_t)len)
        return; /* a prompt that cannot be shown: the answer may still come */
}

enum status os_ask(struct arena *a, const char *prompt, bool hidden, struct str *ret_line,
                   struct error *err)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0)
        return fail(err, ST_INVALID, "there is no terminal to ask '%s' on", prompt);
    struct termios before, quiet;
    bool can_hide = tcgetattr(terminal, &before) == 0;
    if (hidden && can_hide) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        (void)tcsetattr(terminal, TCSAFLUSH, &quiet); /* else it is typed visibly: no worse */
    }
    write_terminal(terminal, prompt);
    char *line = arena_alloc(a, LIMIT_SECRET_BYTES);
    bool got = read_line(terminal, line, LIMIT_SECRET_BYTES);
    if (hidden && can_hide) {
        (void)tcsetattr(terminal, TCSAFLUSH, &before);
        write_terminal(terminal, "\n");
        arena_defer(a, wipe_line, line);
    }
    (void)close(terminal);
    if (!got)
        return fail(err, ST_CANCELLED, "nothing was typed at '%s'", prompt);
    *ret_line = str_of(line);
    return ST_OK;
}

void os_wipe(void *at, size_t bytes)
{
    explicit_bzero(at, bytes);
}

int64_t os_peak_memory_bytes(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (int64_t)usage.ru_maxrss * 1024 : 0;
}
