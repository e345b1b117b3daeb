/* Files, directories and locks. Every write is complete and on the disk, or did not happen. */
#include "base/buf.h"
#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

static enum status fail_errno(struct error *err, const char *doing, const char *path)
{
    int number = errno;
    enum status code = number == ENOSPC || number == EDQUOT || number == EFBIG ? ST_FULL
                       : number == ENOENT                                      ? ST_NOT_FOUND
                                                                               : ST_STORE;
    char reason[128];
    return fail(err, code, "cannot %s %s: %s", doing, path,
                strerror_r(number, reason, sizeof reason));
}

static void close_quietly(const int *handle)
{
    if (*handle >= 0)
        (void)close(*handle); /* read-only, or already fsynced: nothing to lose */
}

static enum status read_all(struct arena *a, int handle, const char *path, size_t max_bytes,
                            struct str *ret_text, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(max_bytes);
    for (;;) {
        char piece[16384];
        ssize_t got = read(handle, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, "read", path);
        if (got == 0)
            break;
        buf_add(&text, (struct str){ piece, (size_t)got });
        os_wipe(piece, (size_t)got);
    }
    TRY(buf_status(&text, path, err));
    *ret_text = arena_copy(a, buf_str(&text));
    os_wipe(text.at, text.len);
    return ST_OK;
}

enum status os_read_file(struct arena *a, const char *path, size_t max_bytes, struct str *ret_text,
                         struct error *err)
{
    if (strcmp(path, "-") == 0)
        return read_all(a, STDIN_FILENO, "standard input", max_bytes, ret_text, err);
    SCOPED(close_quietly) int handle = open(path, O_RDONLY | O_CLOEXEC);
    if (handle < 0)
        return fail_errno(err, "open", path);
    return read_all(a, handle, path, max_bytes, ret_text, err);
}

enum status os_read_trusted_file(struct arena *a, const char *path, size_t max_bytes,
                                 struct str *ret_text, struct error *err)
{
    struct stat info;
    SCOPED(close_quietly) int handle = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (handle < 0 || fstat(handle, &info) != 0)
        return fail_errno(err, "open", path);
    if (!S_ISREG(info.st_mode))
        return fail(err, ST_INVALID, "%s is no file", path);
    if (info.st_uid != geteuid() && info.st_uid != 0) {
        fail(err, ST_INVALID, "%s belongs to somebody else", path);
        hint(err, "It decides what this program does. Make it yours: chown it, or move it away.");
        return ST_INVALID;
    }
    if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
        fail(err, ST_INVALID, "others may write to %s", path);
        hint(err, "It decides what this program does. Look at it, then: chmod 600 %s", path);
        return ST_INVALID;
    }
    return read_all(a, handle, path, max_bytes, ret_text, err);
}

/* As many bytes as the file has when it is opened; one that changes meanwhile is refused. */
static enum status read_sized(struct arena *a, int handle, const char *path, size_t size,
                              struct str *ret_text, struct error *err)
{
    char *at = arena_alloc(a, size + 1);
    size_t len = 0;
    for (;;) {
        ssize_t got = read(handle, at + len, size + 1 - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_errno(err, "read", path);
        len += (size_t)got;
        if (got == 0 || len > size)
            break;
    }
    if (len != size)
        return fail(err, ST_CONFLICT, "%s changed while it was read; try again", path);
    *ret_text = (struct str){ at, len };
    return ST_OK;
}

enum status os_read_large_file(struct arena *a, const char *path, struct str *ret_text,
                               struct error *err)
{
    struct stat info;
    if (strcmp(path, "-") == 0)
        return os_read_file(a, path, LIMIT_COMMAND_BYTES / 2, ret_text, err);
    SCOPED(close_quietly) int handle = open(path, O_RDONLY | O_CLOEXEC);
    if (handle < 0 || fstat(handle, &info) != 0)
        return fail_errno(err, "open", path);
    if (!S_ISREG(info.st_mode)) /* a pipe, say */
        return read_all(a, handle, path, LIMIT_COMMAND_BYTES / 2, ret_text, err);
    if (info.st_size > (off_t)(LIMIT_COMMAND_BYTES / 2))
        return fail(err, ST_LIMIT, "%s is larger than %u MiB", path, LIMIT_COMMAND_BYTES / 2 >> 20);
    return read_sized(a, handle, path, (size_t)info.st_size, ret_text, err);
}

static enum status write_all(int handle, const char *path, struct str text, struct error *err)
{
    while (text.len > 0) {
        ssize_t written = write(handle, text.at, text.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return fail_errno(err, "write", path);
        text = str_from(text, (size_t)written);
    }
    if (fsync(handle) != 0)
        return fail_errno(err, "write", path);
    return ST_OK;
}

static enum status sync_directory_of(struct arena *a, const char *path, struct error *err)
{
    char *directory = arena_text(a, str_of(path));
    char *slash = strrchr(directory, '/');
    if (slash == NULL)
        directory = arena_text(a, STR("."));
    else
        slash[slash == directory ? 1 : 0] = '\0';
    SCOPED(close_quietly) int handle = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0 || fsync(handle) != 0)
        return fail_errno(err, "write to", directory);
    return ST_OK;
}

/* A whole and synced file beside `path`, under a name that nobody else has. */
static enum status write_beside(struct arena *a, const char *path, struct str text,
                                const char **ret_temporary, struct error *err)
{
    const char *temporary =
        arena_printf(a, "%s.%016llx.new", path, (unsigned long long)os_random_u64());
    *ret_temporary = temporary;
    SCOPED(close_quietly)
    int handle = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (handle < 0)
        return fail_errno(err, "create", temporary);
    enum status s = write_all(handle, path, text, err);
    if (s != ST_OK)
        (void)unlink(temporary); /* best effort: the fault itself is already reported */
    return s;
}

enum status os_write_file(const char *path, struct str text, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const char *temporary;
    TRY(write_beside(&a, path, text, &temporary, err));
    if (rename(temporary, path) != 0) {
        enum status s = fail_errno(err, "replace", path);
        (void)unlink(temporary);
        return s;
    }
    return sync_directory_of(&a, path, err);
}

enum status os_create_file(const char *path, struct str text, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const char *temporary;
    TRY(write_beside(&a, path, text, &temporary, err));
    enum status s = ST_OK;
    if (link(temporary, path) != 0) /* whole or not at all, and never over another one */
        s = errno == EEXIST ? fail(err, ST_CONFLICT, "%s exists already", path)
                            : fail_errno(err, "create", path);
    (void)unlink(temporary);
    return s == ST_OK ? sync_directory_of(&a, path, err) : s;
}

enum status os_reserve_file(const char *path, size_t bytes, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(bytes + LIMIT_SMALL_FILE_BYTES);
    struct stat info;
    if (stat(path, &info) == 0 && (size_t)info.st_size >= bytes)
        return ST_OK;
    return os_write_file(path, (struct str){ arena_alloc(&a, bytes), bytes }, err);
}

enum status os_fill_reserved_file(const char *path, const char *new_path, struct str text,
                                  struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct stat info;
    SCOPED(close_quietly) int handle = open(path, O_WRONLY | O_CLOEXEC);
    if (handle < 0 || fstat(handle, &info) != 0)
        return fail_errno(err, "open", path);
    if ((size_t)info.st_size < text.len)
        return fail(err, ST_LIMIT, "%s has no room for %zu bytes", path, text.len);
    TRY(write_all(handle, path, text, err));
    if (ftruncate(handle, (off_t)text.len) != 0 || fsync(handle) != 0)
        return fail_errno(err, "write to", path);
    if (rename(path, new_path) != 0)
        return fail_errno(err, "replace", new_path);
    return sync_directory_of(&a, new_path, err);
}

enum status os_make_private_file(const char *path, struct error *err)
{
    SCOPED(close_quietly) int handle = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (handle < 0)
        return fail_errno(err, "open", path);
    if (fchmod(handle, 0600) != 0)
        return fail_errno(err, "close to others", path);
    return ST_OK;
}

enum status os_remove_file(const char *path, struct error *err)
{
    if (unlink(path) != 0 && errno != ENOENT)
        return fail_errno(err, "remove", path);
    return ST_OK;
}

bool os_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static enum status make_parents(char *path, struct error *err)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        if (made != 0 && errno != EEXIST)
            return fail_errno(err, "make the directory", path);
        *slash = '/';
    }
    return ST_OK;
}

enum status os_make_private_directory(const char *path, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    TRY(make_parents(arena_text(&a, str_of(path)), err));
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return fail_errno(err, "make the directory", path);
    struct stat info;
    if (stat(path, &info) != 0)
        return fail_errno(err, "look at", path);
    if (!S_ISDIR(info.st_mode))
        return fail(err, ST_INVALID, "%s is not a directory", path);
    if (info.st_uid != geteuid())
        return fail(err, ST_FORBIDDEN, "the directory %s belongs to another user", path);
    if ((info.st_mode & 077) != 0 && chmod(path, 0700) != 0)
        return fail_errno(err, "close to others", path);
    return ST_OK;
}

bool os_file_mode(const char *path, unsigned *ret_mode, bool *ret_is_ours)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return false;
    *ret_mode = info.st_mode & 07777;
    *ret_is_ours = info.st_uid == geteuid();
    return true;
}

int64_t os_free_bytes(const char *path)
{
    struct statvfs info;
    if (statvfs(path, &info) != 0)
        return -1;
    return (int64_t)info.f_bavail * (int64_t)info.f_frsize;
}

const char *os_network_file_system(const char *path)
{
    static const struct {
        unsigned long magic;
        const char *name;
    } rows[] = {
        { NFS_SUPER_MAGIC, "NFS" }, { SMB_SUPER_MAGIC, "SMB" }, { 0xff534d42, "CIFS" },
        { 0xfe534d42, "SMB2" },     { AFS_SUPER_MAGIC, "AFS" }, { CODA_SUPER_MAGIC, "Coda" },
        { V9FS_MAGIC, "9p" },       { 0x00c36400, "Ceph" },     { 0x47504653, "GPFS" },
        { 0x0bd00bd0, "Lustre" },   { 0x013111a8, "IBRIX" },    { NCP_SUPER_MAGIC, "NCP" },
    };
    struct statfs info;
    if (statfs(path, &info) != 0)
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (((unsigned long)info.f_type & 0xffffffff) == rows[i].magic)
            return rows[i].name;
    return NULL;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void close_directory(DIR **directory)
{
    if (*directory != NULL)
        (void)closedir(*directory); /* only read */
}

enum status os_list_directory(struct arena *a, const char *path, const char *suffix,
                              const char *const **ret_names, size_t *ret_n_names, struct error *err)
{
    SCOPED(close_directory) DIR *directory = opendir(path);
    if (directory == NULL)
        return fail_errno(err, "open the directory", path);
    const char **names = NULL;
    size_t n = 0, room = 0;
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        if (!str_ends(str_of(entry->d_name), suffix) || entry->d_name[0] == '.')
            continue;
        ARENA_GROW(a, names, n, room);
        names[n++] = arena_text(a, str_of(entry->d_name));
    }
    if (n > 0)
        qsort(names, n, sizeof *names, compare_names);
    *ret_names = names;
    *ret_n_names = n;
    return ST_OK;
}

static enum status set_lock(int handle, enum os_lock_mode mode, const char *path, struct error *err)
{
    int operation = (mode == OS_LOCK_SHARED ? LOCK_SH : LOCK_EX) | LOCK_NB;
    if (flock(handle, operation) == 0)
        return ST_OK;
    if (errno == EWOULDBLOCK)
        return fail(err, ST_BUSY, "%s is locked by another process", path);
    return fail_errno(err, "lock", path);
}

enum status os_lock(const char *path, enum os_lock_mode mode, int *ret_handle, struct error *err)
{
    int handle = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (handle < 0)
        return fail_errno(err, "open", path);
    enum status s = set_lock(handle, mode, path, err);
    if (s != ST_OK) {
        (void)close(handle); /* holds nothing */
        return s;
    }
    *ret_handle = handle;
    return ST_OK;
}

enum status os_lock_change(int handle, enum os_lock_mode mode, struct error *err)
{
    return set_lock(handle, mode, "the lock of the data directory", err);
}

void os_unlock(int handle)
{
    if (handle >= 0)
        (void)close(handle); /* closing is what releases it */
}

uint64_t os_file_identity(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 ? (uint64_t)info.st_ino : 0;
}
