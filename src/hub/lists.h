/* Reading the store: what lists and details show. Rows go to a function, one by one, so that a
 * million of them need no memory; their text is borrowed until the function returns. */
#pragma once

#include "hub/hub.h"
#include "store/accounts.h"
#include "store/changes.h"
#include "store/mappings.h"
#include "store/services.h"
#include "store/subscriptions.h"
#include "store/sync_runs.h"

struct account_sink {
    enum status (*take)(struct account_sink *self, const struct account_row *row,
                        struct error *err);
};

struct list_filter {
    struct str connection; /* name; STR_NONE: all marketplaces, and not the bill */
    struct str customer;   /* part of name, company name or domain without regard to case, or the
                              whole remote id; STR_NONE: all */
    struct str status;     /* as sent, without regard to case, or a standing: live, suspended,
                              pending, ended, gone; STR_NONE: all but gone */
    bool with_gone;
};

enum status hub_accounts(struct hub *hub, const struct list_filter *filter,
                         struct account_sink *sink, struct error *err);

struct subscription_sink {
    enum status (*take)(struct subscription_sink *self, const struct subscription_row *row,
                        struct error *err);
};

enum status hub_subscriptions(struct hub *hub, const struct list_filter *filter,
                              struct subscription_sink *sink, struct error *err);

/* One subscription by "510020_1", "connection/510020_1" or a Microsoft subscription id.
 * ST_NOT_FOUND, or ST_CONFLICT when several connections have one of that id. Texts in the arena. */
enum status hub_subscription(struct hub *hub, struct arena *a, struct str id,
                             struct subscription_row *ret_row, struct error *err);

struct change_sink {
    enum status (*take)(struct change_sink *self, const struct change_row *row, struct error *err);
};

enum status hub_history(struct hub *hub, int64_t subscription_id, struct change_sink *sink,
                        struct error *err);

/* The last run of each connection, for "as of". */
struct connection_state {
    struct connection_row row;
    struct sync_run_row last_run; /* id 0: never synced */
    int64_t token_born_at;        /* of the newest refresh token; 0: has none */
};
enum status hub_connections(struct hub *hub, struct arena *a,
                            const struct connection_state **ret_states, size_t *ret_n,
                            struct error *err);

/* A mapping with the names of both ends. */
struct mapping_view {
    const char *kind; /* "account" or "service" */
    struct str connection, remote_id, name;
    struct str target; /* organisation, or service of the bill; STR_NONE when excluded */
    struct mapping_row row;
};
enum status hub_mappings(struct hub *hub, struct arena *a, const struct mapping_view **ret_views,
                         size_t *ret_n, struct error *err);

/* A person's mapping, by names: account "connection/remote id" to the organisation of this name;
 * service "connection/remote id" to the bill's product by name or part number. "-" excludes. */
enum status hub_map_account(struct hub *hub, struct str account, struct str organisation,
                            struct error *err);
enum status hub_map_service(struct hub *hub, struct str service, struct str target,
                            struct error *err);
