/* Composition: who gets which pieces. */
#include "hub/inside.h"

#include "base/zone.h"
#include "client/http_curl.h"
#include "hub/vault.h"
#include "store/instance.h"
#include "store/workspaces.h"

struct live {
    struct hub *hub;
    struct arena arena;
    struct store_vault vault;
    struct token_source tokens;
    struct pace pace;
    struct client client;
    struct transport *transport;
    struct call call;
    bool is_ready;
};

static void abandon_hub(struct hub **hub)
{
    hub_close(*hub);
}

enum status hub_open(const char *directory, struct clock *clock, const atomic_bool *cancelled,
                     struct hub **ret_hub, struct error *err)
{
    SCOPED(abandon_hub) struct hub *hub = memory_new(sizeof *hub);
    struct str zone;
    *hub = (struct hub){ .clock = clock, .cancelled = cancelled };
    TRY(store_open(directory, clock, &hub->store, err));
    TRY(hub_overrides(&hub->arena, directory, &hub->overrides, err));
    TRY(workspace_time_zone(hub->store, hub->store->db, &hub->arena, &zone, err));
    if (zone_open(&hub->arena, zone, &hub->zone, err) != ST_OK) /* not known on this machine */
        TRY(zone_open(&hub->arena, STR("UTC"), &hub->zone, err));
    *ret_hub = TAKE(hub);
    return ST_OK;
}

const struct zone *hub_zone(const struct hub *hub)
{
    return hub->zone;
}

enum status hub_claim(struct hub *hub, struct error *err)
{
    return instance_claim(hub->store, err);
}

void hub_close(struct hub *hub)
{
    if (hub == NULL)
        return;
    store_close(hub->store);
    arena_free(&hub->arena);
    memory_free(hub);
}

struct call *live_call(struct live *live)
{
    return &live->call;
}

struct client *live_client(struct live *live)
{
    return &live->client;
}

static enum status check_usable(const struct connection_row *row, struct error *err)
{
    TRY(connection_refuse_paused(row, err));
    if (!str_is(row->state, CONNECTION_INCOMPLETE))
        return ST_OK;
    fail(err, ST_INVALID, "connection %.*s does not work yet: %.*s", STR_PRINT(row->name),
         STR_PRINT(row->state_reason));
    hint(err, "Its token is kept. Complete it with: stellion connect %.*s --name %.*s",
         STR_PRINT(row->kind), STR_PRINT(row->name));
    return ST_INVALID;
}

static enum status load_settings(struct live *live, const struct connection_row *row,
                                 struct token_settings *settings, struct error *err)
{
    struct arena *a = &live->arena;
    const struct connector *connector = connector_find(row->kind);
    if (connector == NULL)
        return fail(err, ST_INVALID, "connection %.*s is a %.*s; it cannot be asked",
                    STR_PRINT(row->name), STR_PRINT(row->kind));
    *settings = (struct token_settings){
        .connector = connector,
        .connection = arena_copy(a, row->name),
        .token_urls = { arena_copy(a, row->token_url),
                        row->token_url_2.at != NULL ? arena_copy(a, row->token_url_2) : STR_NONE },
        .client_id = row->client_id.at != NULL ? arena_copy(a, row->client_id) : STR_NONE,
        .region = arena_copy(a, row->region),
        .sandbox = str_is(row->environment, "sandbox"),
    };
    if (connector->auth.grant != GRANT_CLIENT_CREDENTIALS)
        return ST_OK;
    return secret_load(live->hub->store, live->hub->store->db, a, row->id, "client-secret",
                       &settings->client_secret, err);
}

/* Ion's v1 and v2 want API key and secret (ion 1.4); not every connection has them. */
static enum status load_keys(struct live *live, const struct connection_row *row, struct error *err)
{
    struct client *client = &live->client;
    if (client->connector->auth.grant != GRANT_REFRESH_TOKEN || row->client_id.at == NULL)
        return ST_OK;
    TRY(secret_load(live->hub->store, live->hub->store->db, &live->arena, row->id,
                    CONNECTION_API_SECRET, &client->basic_secret, err));
    client->basic_user = arena_copy(&live->arena, row->client_id);
    return ST_OK;
}

static enum status open_parts(struct live *live, const struct connection_row *row,
                              struct error *err)
{
    struct hub *hub = live->hub;
    struct token_settings settings;
    TRY(load_settings(live, row, &settings, err));
    TRY(store_vault_open(&live->vault, hub->store, row->id, err));
    token_source_init(&live->tokens, &settings, &live->vault.vault, hub->clock);
    live->tokens.cancelled = hub->cancelled;
    live->tokens.tell = hub->tell;
    live->tokens.tell_context = hub->tell_context;
    pace_init(&live->pace, hub->clock, hub->cancelled);
    live->client = (struct client){
        .connector = settings.connector,
        .connection = settings.connection,
        .base_url = arena_copy(&live->arena, row->base_url),
        .account_id =
            row->account_ref.at != NULL ? arena_copy(&live->arena, row->account_ref) : STR_NONE,
        .tokens = &live->tokens,
        .pace = &live->pace,
        .clock = hub->clock,
        .cancelled = hub->cancelled,
        .overrides = hub->overrides,
    };
    TRY(load_keys(live, row, err));
    TRY(paths_load(live->hub, &live->arena, row, &live->client, err));
    live->transport = transport_curl(hub->cancelled);
    call_init(&live->call, &live->client, live->transport);
    live->is_ready = true;
    return ST_OK;
}

static void abandon_live(struct live **live)
{
    live_close(*live);
}

enum status live_open_any(struct hub *hub, const struct connection_row *row, struct live **ret_live,
                          struct error *err)
{
    SCOPED(abandon_live) struct live *live = memory_new(sizeof *live);
    live->hub = hub;
    TRY(open_parts(live, row, err));
    *ret_live = TAKE(live);
    return ST_OK;
}

enum status live_open(struct hub *hub, const struct connection_row *row, struct live **ret_live,
                      struct error *err)
{
    TRY(check_usable(row, err));
    return live_open_any(hub, row, ret_live, err);
}

void live_close(struct live *live)
{
    if (live == NULL)
        return;
    if (live->is_ready) {
        call_release(&live->call);
        token_source_release(&live->tokens);
        pace_release(&live->pace);
    }
    transport_free(&live->transport);
    store_vault_close(&live->vault);
    arena_free(&live->arena);
    memory_free(live);
}

enum status live_refresh(struct live *live, struct error *err)
{
    return token_keep_alive(&live->tokens, live->transport, 0, err);
}

enum status live_token(struct live *live, struct error *err)
{
    if (live->client.connector->auth.grant != GRANT_CLIENT_CREDENTIALS)
        return call_ready(&live->call, err);
    (void)pthread_mutex_lock(&live->tokens.lock);
    enum status s = token_by_credentials(&live->tokens, live->transport, err);
    (void)pthread_mutex_unlock(&live->tokens.lock);
    return s;
}

enum status hub_remotes(struct hub *hub, struct arena *a, struct str name,
                        const struct connection_row **ret_rows, size_t *ret_n, struct error *err)
{
    const struct connection_row *rows;
    size_t n, n_remotes = 0;
    if (name.at != NULL) {
        struct connection_row *one = ARENA_NEW(a, struct connection_row);
        TRY(connection_find(hub->store, hub->store->db, a, name, one, err));
        if (connector_find(one->kind) == NULL)
            return fail(err, ST_INVALID, "connection %.*s is not one to a marketplace",
                        STR_PRINT(name));
        *ret_rows = one;
        *ret_n = 1;
        return ST_OK;
    }
    TRY(connection_list(hub->store, hub->store->db, a, STR_NONE, &rows, &n, err));
    struct connection_row *remotes = ARENA_ARRAY(a, n + 1, struct connection_row);
    for (size_t i = 0; i < n; i++)
        if (connector_find(rows[i].kind) != NULL)
            remotes[n_remotes++] = rows[i];
    *ret_rows = remotes;
    *ret_n = n_remotes;
    if (n_remotes > 0)
        return ST_OK;
    fail(err, ST_NOT_FOUND, "there is no connection to a marketplace yet");
    hint(err, "Make one: stellion connect stellr --region us, or stellion connect ion --account "
              "NUMBER");
    return ST_NOT_FOUND;
}

struct curl_maker {
    struct transport_maker maker;
    const atomic_bool *cancelled;
};

static struct transport *make_curl(struct transport_maker *self)
{
    return transport_curl(((struct curl_maker *)self)->cancelled);
}

enum status hub_sync(struct hub *hub, struct arena *a, const struct connection_row *row,
                     const struct sync_options *options, struct sync_result *ret_result,
                     struct error *err)
{
    struct curl_maker maker = { { make_curl }, hub->cancelled };
    struct live *live;
    *ret_result = (struct sync_result){ .run = 0 };
    TRY(live_open(hub, row, &live, err));
    enum status s = sync_connection(hub->store, live_client(live), row->id, &maker.maker, options,
                                    a, ret_result, err);
    live_close(live);
    return s;
}

void live_sync_account(struct live *live, struct arena *a, const struct connection_row *row,
                       struct str account)
{
    struct curl_maker maker = { { make_curl }, live->hub->cancelled };
    struct error ignored; /* the next sync brings it */
    if (account.len > 0)
        (void)sync_one_account(live->hub->store, &live->client, row->id, &maker.maker, account, a,
                               &ignored);
}

static void tell_fault(struct hub *hub, const struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_ERROR_TEXT_BYTES + LIMIT_ERROR_HINT_BYTES);
    buf_printf(&text, "%s. %s", err->text, err->hint);
    if (hub->tell != NULL)
        hub->tell(hub->tell_context, text.at);
}

enum status hub_keep_alive(struct hub *hub, int64_t age_ms, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    const struct connection_row *rows;
    size_t n;
    enum status worst = ST_OK;
    TRY(connection_list(hub->store, hub->store->db, &a, STR_NONE, &rows, &n, err));
    for (size_t i = 0; i < n; i++) {
        const struct connector *connector = connector_find(rows[i].kind);
        struct live *live = NULL;
        bool has_tokens = connector != NULL && connector->auth.grant == GRANT_REFRESH_TOKEN;
        if (!has_tokens || rows[i].paused_because.at != NULL ||
            !str_is(rows[i].state, CONNECTION_READY))
            continue;
        enum status s = live_open(hub, &rows[i], &live, err);
        if (s == ST_OK)
            s = token_keep_alive(&live->tokens, live->transport, age_ms, err);
        live_close(live);
        if (s == ST_OK)
            continue;
        worst = s;
        tell_fault(hub, err);
    }
    return worst;
}
