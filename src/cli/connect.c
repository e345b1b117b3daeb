/* stellion connect: makes a connection, or completes or renews one. */
#include "cli/commands.h"

#include "base/os.h"

struct settings {
    struct str region, account, name, client_id, secret_file, token_file, base_url, token_url;
    struct str api_key, api_secret_file;
    bool sandbox;
};

#define TEXT(option_name, member, option_argument, option_doc)                                     \
    {                                                                                              \
        .name = option_name, .kind = OPTION_TEXT, .offset = offsetof(struct settings, member),     \
        .argument = option_argument, .doc = option_doc                                             \
    }

static const struct option options[] = {
    { .name = "region",
      .kind = OPTION_CHOICE,
      .offset = offsetof(struct settings, region),
      .choices = "us|ca|br|mx",
      .doc = "Stellr: the region of the marketplace." },
    { .name = "sandbox",
      .kind = OPTION_FLAG,
      .offset = offsetof(struct settings, sandbox),
      .doc = "The vendor's sandbox. It has credentials of its own." },
    TEXT("account", account, "NUMBER", "Ion: the account id (Settings > Account Information)."),
    TEXT("name", name, "NAME", "Name of the connection. Default: kind, region or account."),
    TEXT("client-id", client_id, "ID", "Stellr: the client id; asked for when not given."),
    TEXT("secret-file", secret_file, "PATH|-",
         "Stellr: file (or standard input) that holds the client secret."),
    TEXT("token-file", token_file, "PATH|-",
         "Ion: file (or standard input) that holds the initial refresh token."),
    TEXT("api-key", api_key, "KEY",
         "Ion: the API key (Settings > Account Information), for invoices, billing reports and "
         "users (its v1 and v2); also later, for a connection that works."),
    TEXT("api-secret-file", api_secret_file, "PATH|-",
         "Ion: file (or standard input) that holds the secret of the API key; asked for when not "
         "given."),
    TEXT("base-url", base_url, "URL", "Another address of the service than the region's."),
    TEXT("token-url", token_url, "URL", "Another address for tokens."),
    OPTION_END,
};

static enum status ask_for_rest(struct context *c, const struct settings *s,
                                struct connect_request *r, struct error *err)
{
    bool is_stellr = r->connector->auth.grant == GRANT_CLIENT_CREDENTIALS;
    struct str file = is_stellr ? s->secret_file : s->token_file, line;
    bool needs_secret;
    if (is_stellr && r->client_id.at == NULL)
        TRY(os_ask(c->a, "Client id: ", false, &r->client_id, err));
    if (file.at != NULL)
        return secret_from_file(c->a, file, &r->secret, err);
    TRY(hub_connect_needs_secret(c->hub, c->a, r, &needs_secret, err));
    if (!needs_secret) {
        if (s->api_key.at == NULL)
            say("Taking up %s with the token that is kept.\n", r->connector->title);
        return ST_OK;
    }
    enum status status = os_ask(
        c->a,
        is_stellr ? "Client secret (not shown): " : "Initial refresh token (not shown): ", true,
        &line, err);
    if (status == ST_INVALID)
        hint(err, "Without a terminal, give it in a file: --%s PATH, or - for standard input.",
             is_stellr ? "secret-file" : "token-file");
    if (status == ST_OK)
        r->secret = secret_new(c->a, str_trim(line));
    return status;
}

static enum status ask_for_api_secret(struct context *c, const struct settings *s,
                                      struct connect_request *r, struct error *err)
{
    struct str line;
    if (s->api_key.at == NULL)
        return ST_OK;
    if (s->api_secret_file.at != NULL)
        return secret_from_file(c->a, s->api_secret_file, &r->api_secret, err);
    enum status status = os_ask(c->a, "API secret (not shown): ", true, &line, err);
    if (status == ST_INVALID)
        hint(err, "Without a terminal, give it in a file: --api-secret-file PATH, or - for "
                  "standard input.");
    if (status == ST_OK)
        r->api_secret = secret_new(c->a, str_trim(line));
    return status;
}

static void say_done(const struct connect_request *r, const struct connect_result *result)
{
    if (result->only_keys) {
        say("Connection %.*s has its API key now.\n", STR_PRINT(result->name));
        return;
    }
    say("Connected to %s as %.*s.", r->connector->title, STR_PRINT(result->name));
    if (result->is_loopback)
        say(" It is at an address of this machine: the simulator, or another program here.");
    if (result->has_total)
        say(" %lld customers.", (long long)result->total);
    say("\nNext: stellion sync\n");
}

/* Not refused: somebody may be about to replace one by the other. */
static void warn_of_double(const struct connect_result *result)
{
    if (result->same_as.at != NULL && !result->only_keys)
        say("Connection %.*s leads to the same address and account already: every subscription "
            "would count twice. Sync only one of the two.\n",
            STR_PRINT(result->same_as));
}

static enum status run_connect(struct context *c, struct error *err)
{
    const struct settings *s = c->settings;
    struct connect_request r = {
        .connector = connector_find(str_of(c->words[0])),
        .name = s->name,
        .region = s->region,
        .sandbox = s->sandbox,
        .account_id = s->account,
        .client_id = s->client_id,
        .api_key = s->api_key,
        .base_url = s->base_url,
        .token_url = s->token_url,
    };
    if (r.connector == NULL)
        return fail(err, ST_INVALID, "'%s' is no marketplace; there is stellr and ion",
                    c->words[0]);
    TRY(hub_connect_check(c->hub, c->a, &r, err));
    if (s->api_key.at == NULL && s->api_secret_file.at != NULL)
        return fail(err, ST_INVALID, "--api-secret-file needs --api-key");
    if (str_is(s->token_file, "-") && str_is(s->api_secret_file, "-"))
        return fail(err, ST_INVALID, "standard input can give one secret only");
    TRY(ask_for_rest(c, s, &r, err));
    TRY(ask_for_api_secret(c, s, &r, err));
    struct connect_result result;
    enum status status = hub_connect(c->hub, c->a, &r, &result, err);
    if (status == ST_OK)
        say_done(&r, &result);
    if (status == ST_OK || status == ST_EMPTY)
        warn_of_double(&result);
    return status;
}

const struct command command_connect = {
    .name = "connect",
    .arguments = "stellr|ion",
    .summary = "Connect a marketplace.",
    .doc = "Tries the credentials and stores the connection. Refused credentials store nothing; a "
           "rotated Ion token is kept at once. Run again with the same --name to replace a secret, "
           "to complete a connection that does not work yet, or to add Ion's API key. Secrets are "
           "asked for without "
           "echo, or read from a file; they are never arguments.",
    .options = options,
    .settings_bytes = sizeof(struct settings),
    .least_words = 1,
    .most_words = 1,
    .flags = NEEDS_HUB | NO_KEEP_ALIVE,
    .run = run_connect,
};
