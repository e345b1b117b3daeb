/* Changes the seats of a subscription at Stellr, with a store: shows the plan, asks, sends once,
 * and tells how it ended:
 *
 *     buy-seats DATA-DIRECTORY CONNECTION \
 *         '{"customerNo": 700101, "subscriptionId": "510000_1", "quantity": 45}'
 *
 *     cc buy-seats.c $(pkg-config --cflags --libs stellion) */
#include <stdio.h>
#include <stellion.h>

static int is_agreed(void)
{
    char line[16];
    printf("Send this? [y/N] ");
    fflush(stdout);
    return fgets(line, sizeof line, stdin) != NULL && line[0] == 'y';
}

/* How the purchase stands, whatever became of it. */
static void tell(stellion_client *client, int64_t purchase)
{
    struct stellion_error error;
    stellion_answer *answer;
    if (purchase == 0)
        return;
    if (stellion_purchase_look(client, purchase, -1, &answer, &error) != STELLION_OK)
        return;
    printf("%s", stellion_answer_body(answer));
    stellion_answer_free(answer);
}

static enum stellion_status buy(stellion_client *client, const char *json,
                                struct stellion_error *error)
{
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    struct stellion_approval approval = STELLION_APPROVAL_INIT;
    stellion_plan *plan;

    arguments.json = json;
    approval.reason = "asked for by mail";
    if (stellion_plan_make(client, "stellr.subscription.change-seats", &arguments, &approval, &plan,
                           error) != STELLION_OK)
        return error->code;
    printf("%s\n%s\n", stellion_plan_summary(plan), stellion_plan_json(plan));
    if (stellion_plan_is_done_already(plan)) {
        printf("Nothing to do.\n");
    } else if (is_agreed()) {
        (void)stellion_plan_approve(plan, 0, 60, error);
        tell(client, stellion_plan_purchase(plan));
    }
    stellion_plan_free(plan);
    return error->code;
}

int main(int argc, char **argv)
{
    struct stellion_options options = STELLION_OPTIONS_INIT;
    struct stellion_error error;
    stellion_client *client;

    if (argc < 4) {
        fprintf(stderr, "usage: buy-seats DATA-DIRECTORY CONNECTION ARGUMENTS\n");
        return 2;
    }
    options.data_directory = argv[1];
    options.connection = argv[2];
    if (stellion_open(&options, &client, &error) == STELLION_OK) {
        (void)buy(client, argv[3], &error);
        stellion_close(client);
    }
    if (error.code == STELLION_OK)
        return 0;
    fprintf(stderr, "%s\n%s\n", error.text, error.hint);
    return (int)error.code;
}
