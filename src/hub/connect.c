/* Making a connection: credentials are tried before anything is believed. */
#include "hub/inside.h"

#include "base/id.h"
#include "base/uri.h"
#include "client/http_curl.h"
#include "client/page.h"
#include "hub/vault.h"
#include "store/tokens.h"

/* stellr-us, stellr-us-sandbox, ion-12345 */
static struct str name_of(struct arena *a, const struct connect_request *r)
{
    if (r->name.at != NULL)
        return r->name;
    struct str part = r->region.at != NULL ? r->region : r->account_id;
    return str_of(arena_printf(a, "%s%s%.*s%s", r->connector->name, part.len > 0 ? "-" : "",
                               STR_PRINT(part), r->sandbox ? "-sandbox" : ""));
}

static enum status check_name(struct str name, struct error *err)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '.';
        if (!good)
            return fail(err, ST_INVALID,
                        "the name '%.*s' may hold letters, digits, '-', '_' and '.' only",
                        STR_PRINT(name));
    }
    if (str_is(name, CONNECTION_KIND_BILL))
        return fail(err, ST_INVALID, "the name '%.*s' is the bill's own; take another",
                    STR_PRINT(name));
    if (name.len == 0 || name.len > LIMIT_NAME_BYTES)
        return fail(err, ST_INVALID, "a connection needs a name of 1 to %d characters",
                    LIMIT_NAME_BYTES);
    return ST_OK;
}

static enum status say_regions(const struct connect_request *r, struct error *err)
{
    const char *environment = r->sandbox ? "sandbox" : "production";
    SCOPED(buf_release) struct buf regions = BUF(200);
    for (const struct host *h = r->connector->hosts; h->region != NULL; h++)
        if (strcmp(h->environment, environment) == 0 && h->region[0] != '\0')
            buf_printf(&regions, "%s%s", regions.len > 0 ? ", " : "", h->region);
    if (regions.len > 0)
        return fail(err, ST_INVALID, "%s needs --region, one of: %s", r->connector->title,
                    regions.at);
    fail(err, ST_INVALID, "%s has no %s that is publicly known", r->connector->title, environment);
    hint(err, "If you know one, give its address with --base-url.");
    return ST_INVALID;
}

/* Addresses: those given by hand, else those of region and environment. */
static enum status fill_addresses(struct arena *a, const struct connect_request *r,
                                  struct connection_row *row, struct error *err)
{
    struct str environment = r->sandbox ? STR("sandbox") : STR("production");
    struct str region = r->region.at != NULL ? r->region : STR("");
    bool needs_region = r->connector->hosts[0].region[0] != '\0';
    const struct host *host = NULL;
    if (!needs_region || region.len > 0)
        host = connector_host(r->connector, region, environment);
    if (r->base_url.at == NULL && host == NULL)
        return say_regions(r, err);
    row->environment = environment;
    row->region = region;
    if (r->base_url.at != NULL)
        TRY(uri_base(a, r->base_url, &row->base_url, err));
    else
        row->base_url = str_of(host->base_url);
    if (r->token_url.at != NULL) {
        TRY(uri_base(a, r->token_url, &row->token_url, err));
    } else if (r->base_url.at != NULL) {
        row->token_url = str_of(
            arena_printf(a, "%.*s%s", STR_PRINT(row->base_url), r->connector->auth.token_path));
    } else {
        row->token_url = str_of(host->token_url);
        row->token_url_2 = str_of(host->token_url_2);
    }
    return ST_OK;
}

static enum status check_account(const struct connect_request *r, const struct connection_row *row,
                                 struct error *err)
{
    int64_t number;
    if (r->connector->account_label == NULL || row->account_ref.at == NULL) {
        if (r->connector->account_label == NULL)
            return ST_OK;
        return fail(err, ST_INVALID, "%s needs --account: the %s", r->connector->title,
                    r->connector->account_label);
    }
    if (!str_integer(row->account_ref, &number) || number < 1)
        return fail(err, ST_INVALID, "the account id '%.*s' is not a number; it is the %s",
                    STR_PRINT(row->account_ref), r->connector->account_label);
    return ST_OK;
}

/* A secret goes to the addresses that it was given for, and to no other. */
static bool same_addresses(const struct connection_row *a, const struct connection_row *b)
{
    return str_equal(a->base_url, b->base_url) && str_equal(a->token_url, b->token_url);
}

/* The row as it would be stored. `known` is what there is of that name already; *ret_known tells
 * whether there is. */
static enum status make_row(struct hub *hub, struct arena *a, const struct connect_request *r,
                            struct connection_row *ret_row, struct connection_row *ret_before,
                            bool *ret_known, struct error *err)
{
    int64_t now = store_now(hub->store);
    bool is_ion = r->connector->auth.grant == GRANT_REFRESH_TOKEN;
    struct connection_row known = { .id = 0 };
    struct str name = name_of(a, r);
    TRY(check_name(name, err));
    enum status s = connection_find(hub->store, hub->store->db, a, name, &known, err);
    if (s != ST_OK && s != ST_NOT_FOUND)
        return s;
    *ret_known = s == ST_OK;
    if (*ret_known && !str_is(known.kind, r->connector->name))
        return fail(err, ST_CONFLICT, "connection %.*s is one of %.*s", STR_PRINT(name),
                    STR_PRINT(known.kind));
    struct connection_row row = {
        .id = *ret_known ? known.id : id_new(hub->clock),
        .name = name,
        .kind = str_of(r->connector->name),
        .account_ref = r->account_id.at != NULL ? r->account_id : STR_NONE,
        .client_id = is_ion ? STR_NONE : r->client_id,
        .state = STR(CONNECTION_INCOMPLETE),
        .state_reason = STR("it was never tried to the end"),
        .created_at = *ret_known ? known.created_at : now,
        .changed_at = now,
    };
    if (*ret_known && row.account_ref.at == NULL)
        row.account_ref = known.account_ref;
    if (*ret_known && row.client_id.at == NULL)
        row.client_id = known.client_id;
    bool says_address = r->base_url.at != NULL || r->region.at != NULL || r->token_url.at != NULL;
    if (*ret_known && !says_address && !r->sandbox) {
        row.environment = known.environment;
        row.region = known.region;
        row.base_url = known.base_url;
        row.token_url = known.token_url;
        row.token_url_2 = known.token_url_2;
    } else {
        TRY(fill_addresses(a, r, &row, err));
    }
    if (is_ion && (!same_addresses(&row, &known) || !str_equal(row.account_ref, known.account_ref)))
        row.client_id = STR_NONE; /* the API key belongs to these, and to no others */
    TRY(check_account(r, &row, err));
    *ret_row = row;
    *ret_before = known;
    return ST_OK;
}

static enum status check_keys(const struct connect_request *r, struct error *err)
{
    if (r->api_key.at == NULL)
        return ST_OK;
    if (r->connector->auth.grant != GRANT_REFRESH_TOKEN)
        return fail(err, ST_INVALID, "%s has no API keys; they belong to Ion", r->connector->title);
    if (r->api_key.len == 0 || memchr(r->api_key.at, ':', r->api_key.len) != NULL)
        return fail(err, ST_INVALID, "the API key '%.*s' is none: it is not empty, and has no ':'",
                    STR_PRINT(r->api_key));
    return ST_OK;
}

enum status hub_connect_check(struct hub *hub, struct arena *a,
                              const struct connect_request *request, struct error *err)
{
    struct connection_row row, before;
    bool known;
    TRY(check_keys(request, err));
    return make_row(hub, a, request, &row, &before, &known, err);
}

/* A connection that works, to which nothing is new but the keys. */
static bool only_keys(const struct connect_request *r, const struct connection_row *row,
                      const struct connection_row *before)
{
    return r->api_key.at != NULL && secret_is_empty(r->secret) &&
           str_is(before->state, CONNECTION_READY) && same_addresses(row, before) &&
           str_equal(row->account_ref, before->account_ref);
}

enum status hub_connect_needs_secret(struct hub *hub, struct arena *a,
                                     const struct connect_request *request, bool *ret_needs,
                                     struct error *err)
{
    struct connection_row row, before;
    struct refresh_row token;
    bool known;
    *ret_needs = true;
    TRY(make_row(hub, a, request, &row, &before, &known, err));
    bool takes_up =
        str_is(before.state, CONNECTION_INCOMPLETE) || only_keys(request, &row, &before);
    if (!known || request->connector->auth.grant != GRANT_REFRESH_TOKEN || !takes_up ||
        !same_addresses(&row, &before))
        return ST_OK;
    TRY(refresh_load(hub->store, hub->store->db, a, row.id, &token, err));
    *ret_needs = token.generation == 0;
    return ST_OK;
}

/* One small page of the list that shows that everything works. */
static enum status probe(struct call *call, struct arena *a, struct connect_result *result,
                         struct error *err)
{
    const struct connector *connector = call->client->connector;
    const struct action *action = client_action(call->client, connector->probe);
    struct arguments arguments = { .n = 0 };
    struct page_walk walk;
    struct page page = { .n_records = 0 };
    bool more;
    TRY(arguments_set(&arguments, str_of(action->paging->size_name), STR("10"), err));
    TRY(pages_open(&walk, call, action, &arguments, err));
    enum status s = pages_next(&walk, a, &page, &more, err);
    result->n_customers = (int64_t)page.n_records;
    result->has_total = walk.total >= 0;
    result->total = walk.total;
    pages_close(&walk);
    if (s != ST_OK || page.n_records > 0)
        return s;
    fail(err, ST_EMPTY, "connected, but 0 customers found at %s", connector->title);
    hint(err, "The login works. Check the reseller that the credentials belong to, the environment "
              "(--sandbox) and the region: a wrong one gives an empty list, not an error.");
    return ST_EMPTY;
}

/* Stellr: tried with nothing stored, then stored whole. */

static enum status try_credentials(struct hub *hub, struct arena *a,
                                   const struct connect_request *r,
                                   const struct connection_row *row, struct connect_result *result,
                                   struct error *err)
{
    struct token_vault vault = vault_of_nothing();
    struct token_settings settings = {
        .connector = r->connector,
        .connection = row->name,
        .token_urls = { row->token_url, row->token_url_2 },
        .client_id = row->client_id,
        .client_secret = r->secret,
        .region = row->region,
        .sandbox = str_is(row->environment, "sandbox"),
    };
    struct token_source tokens;
    struct pace pace;
    struct call call;
    SCOPED(transport_free) struct transport *transport = transport_curl(hub->cancelled);
    token_source_init(&tokens, &settings, &vault, hub->clock);
    tokens.cancelled = hub->cancelled;
    pace_init(&pace, hub->clock, hub->cancelled);
    struct client client = {
        .connector = r->connector,
        .connection = row->name,
        .base_url = row->base_url,
        .account_id = row->account_ref,
        .tokens = &tokens,
        .pace = &pace,
        .clock = hub->clock,
        .cancelled = hub->cancelled,
        .overrides = hub->overrides,
    };
    call_init(&call, &client, transport);
    enum status s = probe(&call, a, result, err);
    call_release(&call);
    token_source_release(&tokens);
    pace_release(&pace);
    return s;
}

static enum status store_row(struct hub *hub, struct connection_row *row, const char *state,
                             struct str reason, const struct secret *secret, struct error *err)
{
    SCOPED(db_abandon) struct db *db = hub->store->db;
    row->state = str_of(state);
    row->state_reason = reason;
    TRY(db_begin(db, SYNCED, err));
    TRY(connection_save(hub->store, db, row, err));
    if (secret != NULL) /* a token of the credentials before must not go where these belong */
        TRY(access_forget(hub->store, db, row->id, err));
    if (secret != NULL)
        TRY(secret_save(hub->store, db, row->id, "client-secret", secret, err));
    return db_commit(db, err);
}

static enum status connect_by_credentials(struct hub *hub, struct arena *a,
                                          const struct connect_request *r,
                                          struct connection_row *row, struct connect_result *result,
                                          struct error *err)
{
    if (row->client_id.len == 0 || secret_is_empty(r->secret))
        return fail(err, ST_INVALID, "%s needs a client id and a client secret",
                    r->connector->title);
    struct error emptiness;
    enum status tried = try_credentials(hub, a, r, row, result, &emptiness);
    if (tried != ST_OK && tried != ST_EMPTY) {
        *err = emptiness;
        return tried;
    }
    TRY(store_row(hub, row, CONNECTION_READY, STR_NONE, r->secret, err));
    if (tried == ST_EMPTY)
        *err = emptiness;
    return tried;
}

/* Ion: the token is stored before it is sent, and its successor before anything else happens. */

static enum status store_first_token(struct hub *hub, struct connection_row *row,
                                     const struct secret *token, struct error *err)
{
    SCOPED(db_abandon) struct db *db = hub->store->db;
    TRY(db_begin(db, SYNCED, err));
    TRY(connection_save(hub->store, db, row, err));
    if (token != NULL) {
        TRY(access_forget(hub->store, db, row->id, err));
        TRY(refresh_add(hub->store, db, row->id, token, "person", err));
    }
    return db_commit(db, err);
}

/* A typed-in token that was refused leaves nothing behind; neither does one that was never sent. A
 * connection that was there before is as it was. */
static void take_back(struct hub *hub, const struct connection_row *row,
                      const struct connection_row *before)
{
    struct error ignored;
    SCOPED(db_abandon) struct db *db = hub->store->db;
    enum status s = db_begin(db, SYNCED, &ignored);
    if (s == ST_OK && before != NULL) {
        s = refresh_take_back(hub->store, db, row->id, &ignored);
        if (s == ST_OK)
            s = connection_save(hub->store, db, before, &ignored);
    } else if (s == ST_OK) {
        s = connection_remove(hub->store, db, row->id, &ignored);
    }
    if (s == ST_OK)
        (void)db_commit(db, &ignored); /* should it fail, the next `connect` replaces the token */
}

static enum status stay_incomplete(struct hub *hub, struct connection_row *row, struct error *err)
{
    struct error ignored;
    char reason[LIMIT_ERROR_TEXT_BYTES];
    memcpy(reason, err->text, sizeof reason);
    /* Should this fail, the row is incomplete already, with another reason. */
    (void)store_row(hub, row, CONNECTION_INCOMPLETE, str_of(reason), NULL, &ignored);
    return err->code;
}

/* The token is good and kept; does the account answer? */
static enum status complete(struct hub *hub, struct arena *a, struct connection_row *row,
                            struct live *live, struct connect_result *result, struct error *err)
{
    struct error emptiness;
    enum status s = probe(live_call(live), a, result, err);
    if (s == ST_EMPTY)
        emptiness = *err;
    if (s == ST_OK || s == ST_EMPTY)
        TRY(store_row(hub, row, CONNECTION_READY, STR_NONE, NULL, err));
    if (s == ST_EMPTY)
        *err = emptiness;
    if (s == ST_OK || s == ST_EMPTY)
        return s;
    wrap(err, s, "the token works and is kept, but connection %.*s does not work yet",
         STR_PRINT(row->name));
    if (s == ST_FORBIDDEN || s == ST_NOT_FOUND)
        hint(err,
             "Check the account id and the role of the user. Then complete the connection, "
             "without a new token: stellion connect %.*s --name %.*s --account NUMBER",
             STR_PRINT(row->kind), STR_PRINT(row->name));
    return stay_incomplete(hub, row, err);
}

static enum status connect_by_token(struct hub *hub, struct arena *a,
                                    const struct connect_request *r, struct connection_row *row,
                                    const struct connection_row *before,
                                    struct connect_result *result, struct error *err)
{
    struct live *live;
    bool is_new_token = !secret_is_empty(r->secret);
    if (!is_new_token && before == NULL)
        return fail(err, ST_INVALID, "%s needs its initial refresh token", r->connector->title);
    if (!is_new_token)
        TRY(connection_refuse_paused(before, err));
    if (!is_new_token && !same_addresses(row, before))
        return fail(err, ST_INVALID, "another address of %s needs its refresh token again",
                    r->connector->title);
    TRY(store_first_token(hub, row, is_new_token ? r->secret : NULL, err));
    TRY(live_open_any(hub, row, &live, err));
    enum status s = is_new_token ? live_refresh(live, err) : ST_OK;
    if (s == ST_OK)
        s = complete(hub, a, row, live, result, err);
    else if (s == ST_CREDENTIALS || s == ST_UNREACHABLE || s == ST_NOT_FOUND)
        take_back(hub, row, before);
    else
        s = stay_incomplete(hub, row, err);
    live_close(live);
    return s;
}

/* --- API keys: Ion's v1 and v2 --- */

/* One small page of a list that wants them. A version that is not served, or not for this account,
 * says nothing about the keys. */
static enum status try_keys(struct call *call, struct arena *a, struct error *err)
{
    const struct action *action = client_action(call->client, "ion.v1-customer.list");
    struct arguments arguments = { .n = 0 };
    struct wire_reply reply;
    TRY(arguments_set(&arguments, str_of(action->paging->size_name), STR("1"), err));
    enum status s = call_perform(call, a, action, &arguments, &reply, err);
    if (s == ST_FORBIDDEN || s == ST_NOT_FOUND)
        return ST_OK;
    if (s != ST_CREDENTIALS)
        return s;
    s = wrap(err, s, "the API key and its secret were refused, and are not kept");
    hint(err, "They stand in the Ion portal under Settings > Account Information.");
    return s;
}

/* The key is stored where Stellr's client id is, the secret sealed. */
static enum status connect_keys(struct hub *hub, struct arena *a, const struct connect_request *r,
                                struct str name, struct error *err)
{
    struct connection_row row;
    struct live *live;
    if (secret_is_empty(r->api_secret))
        return fail(err, ST_INVALID, "an API key needs its secret");
    TRY(connection_find(hub->store, hub->store->db, a, name, &row, err));
    TRY(live_open_any(hub, &row, &live, err));
    live_client(live)->basic_user = r->api_key;
    live_client(live)->basic_secret = r->api_secret;
    enum status s = try_keys(live_call(live), a, err);
    live_close(live);
    if (s != ST_OK)
        return s;
    SCOPED(db_abandon) struct db *db = hub->store->db;
    row.client_id = r->api_key;
    row.changed_at = store_now(hub->store);
    TRY(db_begin(db, SYNCED, err));
    TRY(connection_save(hub->store, db, &row, err));
    TRY(secret_save(hub->store, db, row.id, CONNECTION_API_SECRET, r->api_secret, err));
    return db_commit(db, err);
}

static enum status connect_first(struct hub *hub, struct arena *a, const struct connect_request *r,
                                 struct connection_row *row, const struct connection_row *before,
                                 struct connect_result *result, struct error *err)
{
    if (r->connector->auth.grant == GRANT_CLIENT_CREDENTIALS)
        return connect_by_credentials(hub, a, r, row, result, err);
    if (before != NULL && only_keys(r, row, before)) {
        result->only_keys = true;
        return connection_refuse_paused(before, err);
    }
    return connect_by_token(hub, a, r, row, before, result, err);
}

/* Each subscription counts once for each connection that brings it. */
static enum status find_double(struct hub *hub, struct arena *a, const struct connection_row *row,
                               struct str *ret_name, struct error *err)
{
    const struct connection_row *others;
    bool by_account = row->account_ref.at != NULL; /* else by the client id */
    size_t n;
    *ret_name = STR_NONE;
    TRY(connection_list(hub->store, hub->store->db, a, row->kind, &others, &n, err));
    for (size_t i = 0; i < n; i++)
        if (others[i].id != row->id && str_equal(others[i].base_url, row->base_url) &&
            (by_account ? str_equal(others[i].account_ref, row->account_ref)
                        : str_equal(others[i].client_id, row->client_id)))
            *ret_name = others[i].name;
    return ST_OK;
}

enum status hub_connect(struct hub *hub, struct arena *a, const struct connect_request *request,
                        struct connect_result *ret_result, struct error *err)
{
    struct connection_row row, before;
    struct uri uri;
    bool was_known;
    *ret_result = (struct connect_result){ .total = -1 };
    TRY(check_keys(request, err));
    TRY(make_row(hub, a, request, &row, &before, &was_known, err));
    ret_result->name = row.name;
    ret_result->was_known = was_known;
    TRY(uri_parse(row.base_url, &uri, err));
    ret_result->is_loopback = uri_is_loopback(&uri);
    TRY(find_double(hub, a, &row, &ret_result->same_as, err));
    enum status s =
        connect_first(hub, a, request, &row, was_known ? &before : NULL, ret_result, err);
    struct error emptiness = *err;
    if ((s != ST_OK && s != ST_EMPTY) || request->api_key.at == NULL)
        return s;
    TRY(connect_keys(hub, a, request, row.name, err));
    *err = emptiness;
    return s;
}
