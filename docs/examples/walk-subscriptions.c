/* Walks all subscriptions of all customers at Stellr, with credentials from the environment:
 * STELLR_CLIENT_ID, STELLR_CLIENT_SECRET, and STELLR_REGION (us, ca, br, mx) or STELLR_URL.
 *
 *     cc walk-subscriptions.c $(pkg-config --cflags --libs stellion) */
#include <stdio.h>
#include <stdlib.h>
#include <stellion.h>
#include <string.h>

static long n_subscriptions;

/* The customer's number in a record. A real program reads JSON with a library. */
static int64_t customer_of(const char *record)
{
    const char *at = strstr(record, "\"customerNo\":");
    if (at == NULL)
        return 0;
    at += strlen("\"customerNo\":");
    return strtoll(at + strspn(at, " \""), NULL, 10);
}

static enum stellion_status walk_customer(stellion_client *client, int64_t customer,
                                          struct stellion_error *error)
{
    struct stellion_argument one[] = { stellion_integer("customerNo", customer) };
    struct stellion_arguments arguments = STELLION_ARGUMENTS_INIT;
    stellion_pages *pages;
    const char *record;

    arguments.at = one;
    arguments.n = 1;
    if (stellion_pages_open(client, "stellr.subscription.list", &arguments, &pages, error) !=
        STELLION_OK)
        return error->code;
    while (stellion_pages_next(pages, &record, error) == STELLION_OK && record != NULL) {
        printf("%s\n", record);
        n_subscriptions++;
    }
    if (error->code == STELLION_OK && !stellion_pages_complete(pages))
        fprintf(stderr, "the list of customer %lld changed while it was read\n",
                (long long)customer);
    stellion_pages_close(pages);
    return error->code;
}

static enum stellion_status walk_all(stellion_client *client, struct stellion_error *error)
{
    stellion_pages *customers;
    const char *record;

    if (stellion_pages_open(client, "stellr.customer.list", NULL, &customers, error) != STELLION_OK)
        return error->code;
    while (stellion_pages_next(customers, &record, error) == STELLION_OK && record != NULL)
        if (walk_customer(client, customer_of(record), error) != STELLION_OK)
            break;
    stellion_pages_close(customers);
    return error->code;
}

int main(void)
{
    struct stellion_options options = STELLION_OPTIONS_INIT;
    struct stellion_error error;
    stellion_client *client;

    options.marketplace = "stellr";
    options.region = getenv("STELLR_REGION");
    options.base_url = getenv("STELLR_URL");
    options.client_id = getenv("STELLR_CLIENT_ID");
    options.client_secret = getenv("STELLR_CLIENT_SECRET");
    if (stellion_open(&options, &client, &error) == STELLION_OK) {
        (void)walk_all(client, &error);
        stellion_close(client);
    }
    fprintf(stderr, "%ld subscriptions\n", n_subscriptions);
    if (error.code == STELLION_OK)
        return 0;
    fprintf(stderr, "%s\n%s\n", error.text, error.hint);
    return 1;
}
