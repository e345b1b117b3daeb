/* Lists the customers of connections in a store, as the command line made them with
 * `stellion connect`: list-customers DATA-DIRECTORY CONNECTION...
 *
 *     cc list-customers.c $(pkg-config --cflags --libs stellion) */
#include <stdio.h>
#include <stellion.h>
#include <string.h>

static int complain(const struct stellion_error *error)
{
    fprintf(stderr, "%s (%s)\n", error->text, stellion_status_name(error->code));
    if (error->hint[0] != '\0')
        fprintf(stderr, "%s\n", error->hint);
    return 1;
}

/* A connection is one of Stellr or of Ion; a wrong guess is told before anything is sent. */
static enum stellion_status open_list(stellion_client *client, stellion_pages **ret_pages,
                                      struct stellion_error *error)
{
    enum stellion_status status =
        stellion_pages_open(client, "stellr.customer.list", NULL, ret_pages, error);
    if (status == STELLION_INVALID)
        status = stellion_pages_open(client, "ion.customer.list", NULL, ret_pages, error);
    return status;
}

static int list(const char *directory, const char *connection)
{
    struct stellion_options options = STELLION_OPTIONS_INIT;
    struct stellion_error error;
    stellion_client *client;
    stellion_pages *pages;
    const char *record;

    options.data_directory = directory;
    options.connection = connection;
    if (stellion_open(&options, &client, &error) != STELLION_OK)
        return complain(&error);
    if (open_list(client, &pages, &error) == STELLION_OK) {
        while (stellion_pages_next(pages, &record, &error) == STELLION_OK && record != NULL)
            printf("%s\t%s\n", connection, record);
        stellion_pages_close(pages);
    }
    stellion_close(client);
    return error.code == STELLION_OK ? 0 : complain(&error);
}

int main(int argc, char **argv)
{
    int failed = argc < 3;
    if (failed)
        fprintf(stderr, "usage: list-customers DATA-DIRECTORY CONNECTION...\n");
    for (int i = 2; i < argc; i++)
        failed |= list(argv[1], argv[i]);
    return failed;
}
