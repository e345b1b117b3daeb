/* Ion without a store, with its single-use token in a file: ion-token-file FILE ACCOUNT [URL]
 *
 * For the first time, put the refresh token from the portal into the file:
 *
 *     umask 077; read -r TOKEN; printf '%s' "$TOKEN" >token
 *     cc ion-token-file.c $(pkg-config --cflags --libs stellion)
 *     ./a.out token 70001
 *
 * From then on the file is the library's. Never copy it for a second program: a token works once.
 * Several processes may use the same file: they take turns by a lock beside it. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <stellion.h>

struct token_file {
    char path[PATH_MAX - 8], fresh[PATH_MAX], lock[PATH_MAX], folder[PATH_MAX];
    int lock_handle;
};

static int write_all(int handle, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t n = write(handle, text, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        text += n;
        left -= (size_t)n;
    }
    return fsync(handle);
}

/* The new name of a file survives a crash only once its directory is on the disk. */
static int sync_folder(const char *folder)
{
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return -1;
    int failed = fsync(handle);
    close(handle);
    return failed;
}

/* Whole or not at all: a new file, on the disk before it takes the place of the old one. */
static int save(void *context, const char *text)
{
    struct token_file *file = context;
    int handle = open(file->fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (handle < 0)
        return errno;
    int failed = write_all(handle, text);
    failed |= close(handle);
    if (failed || rename(file->fresh, file->path) != 0 || sync_folder(file->folder) != 0)
        return 1;
    return 0;
}

static int load(void *context, char *text, size_t room)
{
    struct token_file *file = context;
    FILE *stream = fopen(file->path, "re");
    if (stream == NULL)
        return errno;
    size_t n = fread(text, 1, room, stream);
    int failed = ferror(stream) || n == room;
    text[failed ? 0 : n] = '\0';
    fclose(stream);
    return failed;
}

static int lock(void *context)
{
    struct token_file *file = context;
    file->lock_handle = open(file->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file->lock_handle < 0)
        return errno;
    while (flock(file->lock_handle, LOCK_EX) != 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

static void unlock(void *context)
{
    struct token_file *file = context;
    close(file->lock_handle);
}

static int list_customers(stellion_client *client, struct stellion_error *error)
{
    stellion_pages *pages;
    const char *record;
    if (stellion_pages_open(client, "ion.customer.list", NULL, &pages, error) != STELLION_OK)
        return 1;
    while (stellion_pages_next(pages, &record, error) == STELLION_OK && record != NULL)
        printf("%s\n", record);
    stellion_pages_close(pages);
    return error->code != STELLION_OK;
}

int main(int argc, char **argv)
{
    struct stellion_options options = STELLION_OPTIONS_INIT;
    struct stellion_token_keeper keeper = STELLION_TOKEN_KEEPER_INIT;
    struct stellion_error error;
    stellion_client *client;
    static struct token_file file;
    static char scratch[PATH_MAX];

    if (argc < 3 || strlen(argv[1]) >= sizeof file.path)
        return 2;
    strcpy(file.path, argv[1]);
    snprintf(file.fresh, sizeof file.fresh, "%s.new", file.path);
    snprintf(file.lock, sizeof file.lock, "%s.lock", file.path);
    strcpy(scratch, argv[1]);
    snprintf(file.folder, sizeof file.folder, "%s", dirname(scratch));
    keeper.context = &file;
    keeper.save = save;
    keeper.load = load;
    keeper.lock = lock;
    keeper.unlock = unlock;
    options.marketplace = "ion";
    options.account_id = argv[2];
    options.base_url = argc > 3 ? argv[3] : NULL;
    options.keeper = &keeper;
    int failed = stellion_open(&options, &client, &error) != STELLION_OK;
    if (!failed) {
        failed = list_customers(client, &error);
        stellion_close(client);
    }
    if (failed)
        fprintf(stderr, "%s\n%s\n", error.text, error.hint);
    return failed;
}
