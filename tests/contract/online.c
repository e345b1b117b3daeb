/* The fake client goes online. */
#include "online.h"

#include "client/http_curl.h"

void online_open(struct online *online, const struct connector *connector, struct str base_url)
{
    struct fake_client *fake = &online->fake;
    fake_client_init(fake, connector);
    fake->tokens.settings.token_urls[0] = str_of(
        arena_printf(&fake->arena, "%.*s%s", STR_PRINT(base_url), connector->auth.token_path));
    fake->client.base_url = base_url;
    online->network = transport_curl(NULL);
    fake->call.transport = online->network;
}

void online_close(struct online *online)
{
    transport_free(&online->network);
    fake_client_release(&online->fake);
}
