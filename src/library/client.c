/* Opening and closing; seats. */
#include "library/inside.h"

#include "base/lock.h"
#include "base/os.h"
#include "base/uri.h"
#include "client/http_curl.h"
#include "hub/vault.h"

#define OPTIONS_LEAST sizeof(struct stellion_options) /* of version 0.1 */

struct opening {
    struct entry entry;
    const struct stellion_options *options;
    struct stellion_client *opened;
};

static struct str copy(struct arena *a, const char *text)
{
    return text != NULL && *text != '\0' ? arena_copy(a, str_of(text)) : STR_NONE;
}

static enum status open_store(struct stellion_client *c, const struct stellion_options *o,
                              struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const struct connection_row *rows;
    size_t n;
    if (o->marketplace != NULL || o->base_url != NULL || o->client_id != NULL ||
        o->account_id != NULL || o->keeper != NULL)
        return fail(err, ST_INVALID,
                    "a client has a data directory or credentials, not both: the "
                    "store keeps the credentials of its connections");
    c->directory = arena_text(&c->arena, str_of(o->data_directory));
    TRY(hub_open(c->directory, clock_real(), &c->cancelled, &c->hub, err));
    TRY(hub_remotes(c->hub, &a, copy(&a, o->connection), &rows, &n, err));
    if (n > 1) {
        fail(err, ST_INVALID, "the store has %zu connections to marketplaces", n);
        hint(err, "Say which as `connection`, for example %.*s.", STR_PRINT(rows[0].name));
        return ST_INVALID;
    }
    TRY(live_open(c->hub, &rows[0], &c->live, err));
    c->client = live_client(c->live);
    return ST_OK;
}

static enum status regions(const struct connector *connector, const char *environment,
                           struct error *err)
{
    SCOPED(buf_release) struct buf names = BUF(LIMIT_ERROR_HINT_BYTES / 2);
    for (const struct host *h = connector->hosts; h->region != NULL; h++)
        if (strcmp(h->environment, environment) == 0 && h->region[0] != '\0')
            buf_printf(&names, "%s%s", names.len > 0 ? ", " : "", h->region);
    fail(err, ST_INVALID, "no address of the %s of %s is known for this region", environment,
         connector->title);
    if (names.len > 0)
        hint(err, "Give one of these as `region`: %s; or an address as `base_url`.", names.at);
    else
        hint(err, "If you know one, give it as `base_url`.");
    return ST_INVALID;
}

/* Addresses: those given by hand, else those of region and environment. */
static enum status find_addresses(struct arena *a, const struct stellion_options *o,
                                  const struct connector *connector, struct str *ret_base,
                                  struct token_settings *settings, struct error *err)
{
    const char *environment = o->sandbox ? "sandbox" : "production";
    const struct host *host = NULL;
    if (connector->hosts[0].region[0] == '\0' || settings->region.len > 0)
        host = connector_host(connector, settings->region, str_of(environment));
    if (o->base_url != NULL) {
        TRY(uri_base(a, str_of(o->base_url), ret_base, err));
        settings->token_urls[0] =
            str_of(arena_printf(a, "%.*s%s", STR_PRINT(*ret_base), connector->auth.token_path));
    } else if (host == NULL) {
        return regions(connector, environment, err);
    } else {
        *ret_base = str_of(host->base_url);
        settings->token_urls[0] = str_of(host->token_url);
        settings->token_urls[1] = host->token_url_2 != NULL ? str_of(host->token_url_2) : STR_NONE;
    }
    if (o->token_url == NULL)
        return ST_OK;
    settings->token_urls[1] = STR_NONE;
    return uri_base(a, str_of(o->token_url), &settings->token_urls[0], err);
}

/* What proves who we are: Stellr's id and secret, Ion's tokens in the keeping of the caller. */
static enum status find_credentials(struct stellion_client *c, const struct stellion_options *o,
                                    struct token_settings *settings, struct token_vault **ret_vault,
                                    struct error *err)
{
    const struct connector *connector = settings->connector;
    int64_t number;
    if (connector->auth.grant == GRANT_CLIENT_CREDENTIALS) {
        if (o->client_id == NULL || o->client_secret == NULL)
            return fail(err, ST_INVALID, "%s needs `client_id` and `client_secret`",
                        connector->title);
        settings->client_id = copy(&c->arena, o->client_id);
        settings->client_secret = secret_new(&c->arena, str_of(o->client_secret));
        c->nothing = vault_of_nothing();
        *ret_vault = &c->nothing;
        return ST_OK;
    }
    if (o->account_id == NULL || !str_integer(str_of(o->account_id), &number) || number < 1)
        return fail(err, ST_INVALID, "%s needs `account_id`: the number that is the %s",
                    connector->title, connector->account_label);
    if (o->keeper == NULL)
        return fail(err, ST_INVALID,
                    "%s without a store needs `keeper`: its refresh tokens work once, and "
                    "whoever cannot keep the next one is locked out",
                    connector->title);
    struct str first = copy(&c->arena, o->refresh_token);
    TRY(keeper_vault_open(&c->arena, o->keeper, first, clock_real(), &c->keeper, err));
    os_wipe((char *)first.at, first.len);
    *ret_vault = keeper_vault_of(c->keeper);
    return ST_OK;
}

static enum status open_credentials(struct stellion_client *c, const struct stellion_options *o,
                                    struct error *err)
{
    struct arena *a = &c->arena;
    struct token_settings settings = { .sandbox = o->sandbox != 0 };
    struct token_vault *vault = NULL;
    struct str base_url;
    if (o->marketplace == NULL)
        return fail(err, ST_INVALID, "a client needs `data_directory` or `marketplace`");
    settings.connector = connector_find(str_of(o->marketplace));
    if (settings.connector == NULL)
        return fail(err, ST_INVALID, "there is no marketplace '%s'; there are stellr and ion",
                    o->marketplace);
    settings.connection = str_of(settings.connector->name);
    settings.region = o->region != NULL ? copy(a, o->region) : STR("");
    TRY(find_addresses(a, o, settings.connector, &base_url, &settings, err));
    TRY(find_credentials(c, o, &settings, &vault, err));
    c->own = (struct client){
        .connector = settings.connector,
        .connection = settings.connection,
        .base_url = base_url,
        .account_id = copy(a, o->account_id),
        .tokens = &c->tokens,
        .pace = &c->pace,
        .clock = clock_real(),
        .cancelled = &c->cancelled,
        .basic_user = copy(a, o->api_key),
        .basic_secret = o->api_secret != NULL ? secret_new(a, str_of(o->api_secret)) : NULL,
    };
    token_source_init(&c->tokens, &settings, vault, clock_real());
    c->tokens.cancelled = &c->cancelled;
    pace_init(&c->pace, clock_real(), &c->cancelled);
    c->has_own = true;
    c->client = &c->own;
    return ST_OK;
}

static void client_free(struct stellion_client *c)
{
    while (c->free_seats != NULL) {
        struct seat *seat = c->free_seats;
        c->free_seats = seat->next;
        seat_free(seat);
    }
    live_close(c->live);
    hub_close(c->hub);
    if (c->has_own) {
        token_source_release(&c->tokens);
        pace_release(&c->pace);
    }
    (void)pthread_mutex_destroy(&c->lock);
    arena_free(&c->arena);
    memory_free(c);
}

static void abandon(struct stellion_client **client)
{
    if (*client != NULL)
        client_free(*client);
}

static enum status run_open(struct entry *entry, struct error *err)
{
    struct opening *opening = (struct opening *)entry;
    struct stellion_options options;
    if (opening->options == NULL)
        return fail(err, ST_INVALID, "a client needs options");
    TRY(take_struct(&options, sizeof options, OPTIONS_LEAST, opening->options, "stellion_options",
                    err));
    SCOPED(abandon) struct stellion_client *c = memory_new(sizeof *c);
    (void)pthread_mutex_init(&c->lock, NULL);
    TRY(options.data_directory != NULL ? open_store(c, &options, err)
                                       : open_credentials(c, &options, err));
    opening->opened = TAKE(c);
    return ST_OK;
}

enum stellion_status stellion_open(const struct stellion_options *options,
                                   stellion_client **ret_client, struct stellion_error *error)
{
    struct opening opening = { .entry = { .run = run_open }, .options = options };
    enum stellion_status s = enter(&opening.entry, error);
    if (s == STELLION_OK)
        *ret_client = opening.opened;
    return s;
}

static enum status run_close(struct entry *entry, struct error *err)
{
    struct stellion_client *c = entry->client;
    return c->keeper != NULL ? keeper_vault_settle(c->keeper, err) : ST_OK;
}

void stellion_close(stellion_client *client)
{
    struct entry entry = { .run = run_close, .client = client };
    if (client == NULL)
        return;
    (void)enter(&entry, NULL); /* it could not be saved before either, and that was told */
    client_free(client);
}

void stellion_cancel(stellion_client *client)
{
    atomic_store(&client->cancelled, true);
}

/* Seats */

static void abandon_seat(struct seat **seat)
{
    if (*seat != NULL)
        seat_free(*seat);
}

void seat_free(struct seat *seat)
{
    call_release(&seat->call);
    transport_free(&seat->transport);
    memory_free(seat);
}

static struct seat *seat_new(struct stellion_client *client)
{
    SCOPED(abandon_seat) struct seat *seat = memory_new(sizeof *seat);
    seat->owner = client;
    seat->transport = transport_curl(&client->cancelled);
    call_init(&seat->call, client->client, seat->transport);
    return TAKE(seat);
}

void seat_take(struct stellion_client *client, struct entry *entry, struct seat_use *ret_use)
{
    struct seat *seat;
    {
        SCOPED(lock_release) pthread_mutex_t *held = lock_take(&client->lock);
        seat = client->free_seats;
        if (seat != NULL)
            client->free_seats = seat->next;
    }
    if (seat == NULL)
        seat = seat_new(client);
    *ret_use = (struct seat_use){ seat, entry, seat->call.n_writes };
}

void seat_count(struct seat_use *use)
{
    use->entry->n_writes = use->seat->call.n_writes - use->n_writes_before;
}

void seat_leave(struct seat_use *use)
{
    if (use->seat == NULL)
        return;
    struct stellion_client *client = use->seat->owner;
    seat_count(use);
    SCOPED(lock_release) pthread_mutex_t *held = lock_take(&client->lock);
    use->seat->next = client->free_seats;
    client->free_seats = use->seat;
}
