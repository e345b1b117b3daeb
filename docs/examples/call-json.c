/* Calls one action with arguments as JSON and prints the answer, or all that is known of the error:
 *
 *     call-json stellr.customer.get '{"customerNo": 700101}'
 *
 * Credentials of Stellr come from the environment: STELLR_CLIENT_ID, STELLR_CLIENT_SECRET, and
 * STELLR_REGION (us, ca, br, mx) or STELLR_URL.
 *
 *     cc call-json.c $(pkg-config --cflags --libs stellion) */
#include <stdio.h>
#include <stdlib.h>
#include <stellion.h>

static int print_error(const struct stellion_error *error)
{
    fprintf(stderr, "what:       %s\n", error->text);
    fprintf(stderr, "to do:      %s\n", error->hint);
    fprintf(stderr, "code:       %d, %s\n", (int)error->code, stellion_status_name(error->code));
    fprintf(stderr, "HTTP:       %d\n", error->http_status);
    fprintf(stderr, "request id: %s\n", error->request_id);
    fprintf(stderr, "its words:  %s\n", error->remote_words);
    if (error->code == STELLION_UNKNOWN)
        fprintf(stderr, "Look what became of it before you send it again.\n");
    return (int)error->code;
}

int main(int argc, char **argv)
{
    struct stellion_options options = STELLION_OPTIONS_INIT;
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    struct stellion_error error;
    stellion_client *client;
    stellion_answer *answer;

    if (argc < 2) {
        fprintf(stderr, "usage: call-json ACTION [ARGUMENTS]\n");
        return 2;
    }
    options.marketplace = "stellr";
    options.region = getenv("STELLR_REGION");
    options.base_url = getenv("STELLR_URL");
    options.client_id = getenv("STELLR_CLIENT_ID");
    options.client_secret = getenv("STELLR_CLIENT_SECRET");
    if (stellion_open(&options, &client, &error) != STELLION_OK)
        return print_error(&error);
    arguments.json = argc > 2 ? argv[2] : NULL;
    if (stellion_call(client, argv[1], &arguments, &answer, &error) == STELLION_OK) {
        printf("%s\n", stellion_answer_body(answer));
        stellion_answer_free(answer);
    }
    stellion_close(client);
    return error.code == STELLION_OK ? 0 : print_error(&error);
}
