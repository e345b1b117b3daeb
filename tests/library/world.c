/* Clients for the simulator. */
#include "world.h"

#include <string.h>

static int save(void *context, const char *text)
{
    struct shelf *shelf = context;
    shelf->n_saves++;
    if (shelf->fail_from != 0 && shelf->n_saves >= shelf->fail_from &&
        shelf->n_saves <= shelf->fail_to)
        return 28;
    if (strlen(text) >= sizeof shelf->text)
        return 1;
    strcpy(shelf->text, text);
    return 0;
}

static int load(void *context, char *text, size_t room)
{
    struct shelf *shelf = context;
    shelf->n_loads++;
    if (shelf->fails_to_load || strlen(shelf->text) >= room)
        return 5;
    strcpy(text, shelf->text);
    return 0;
}

static int lock(void *context)
{
    struct shelf *shelf = context;
    shelf->n_locks++;
    if (shelf->is_locked)
        return 11;
    shelf->is_locked = true;
    return 0;
}

static void unlock(void *context)
{
    ((struct shelf *)context)->is_locked = false;
}

struct stellion_token_keeper shelf_keeper(struct shelf *shelf)
{
    struct stellion_token_keeper keeper = STELLION_TOKEN_KEEPER_INIT;
    keeper.context = shelf;
    keeper.save = save;
    keeper.load = load;
    keeper.lock = lock;
    keeper.unlock = unlock;
    return keeper;
}

struct stellion_options stellr_options(const struct remote *remote)
{
    struct stellion_options options = STELLION_OPTIONS_INIT;
    options.marketplace = "stellr";
    options.base_url = remote->stellr_url;
    options.client_id = "sim-client";
    options.client_secret = "sim-secret-7f3a9c";
    return options;
}

struct stellion_options ion_options(const struct remote *remote,
                                    const struct stellion_token_keeper *keeper)
{
    struct stellion_options options = STELLION_OPTIONS_INIT;
    options.marketplace = "ion";
    options.base_url = remote->ion_url;
    options.account_id = "70001";
    options.refresh_token = remote->refresh_token;
    options.keeper = keeper;
    return options;
}
