/* Mappings with the names of their ends, and mapping by hand. */
#include "hub/lists.h"

#include "base/os.h"
#include "base/text_map.h"
#include "store/texts.h"

/* Names by id, for one kind of row. */
struct names {
    struct text_map map;
    struct name_of {
        struct str connection, remote_id, name;
    } * at;
    size_t n, room;
};

static const char *key_of(struct arena *a, int64_t id)
{
    return arena_printf(a, "%lld", (long long)id);
}

static void put(struct arena *a, struct names *names, int64_t id, struct name_of name)
{
    ARENA_GROW(a, names->at, names->n, names->room);
    names->at[names->n] = name;
    (void)text_map_add(&names->map, str_of(key_of(a, id)), names->n++);
}

static const struct name_of *get(struct arena *a, const struct names *names, int64_t id)
{
    size_t place;
    return text_map_get(&names->map, str_of(key_of(a, id)), &place) ? &names->at[place] : NULL;
}

static enum status load_accounts(struct hub *hub, struct arena *a, struct names *names,
                                 struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    TRY(account_list(hub->store, hub->store->db, 0, &cursor, err));
    for (;;) {
        struct account_row row;
        bool more;
        TRY(account_next(&cursor, &row, &more, err));
        if (!more)
            return ST_OK;
        put(a, names, row.id,
            (struct name_of){ text_keep(a, row.connection), text_keep(a, row.record.remote_id),
                              text_keep(a, row.record.name) });
    }
}

static enum status load_services(struct hub *hub, struct arena *a, struct names *names,
                                 struct error *err)
{
    static const char *const kinds[] = { "bill", "!bill" };
    struct store *store = hub->store;
    const struct connection_row *connections;
    size_t n_connections;
    TRY(connection_list(store, store->db, a, STR_NONE, &connections, &n_connections, err));
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        const struct service_row *rows;
        size_t n;
        TRY(service_list(store, store->db, a, str_of(kinds[k]), &rows, &n, err));
        for (size_t i = 0; i < n; i++) {
            struct str connection = STR("");
            for (size_t c = 0; c < n_connections; c++)
                if (connections[c].id == rows[i].connection_id)
                    connection = connections[c].name;
            put(a, names, rows[i].id,
                (struct name_of){ connection, rows[i].remote_id, rows[i].name });
        }
    }
    return ST_OK;
}

static enum status load_organisations(struct hub *hub, struct arena *a, struct names *names,
                                      struct error *err)
{
    const struct organisation_row *rows;
    size_t n;
    TRY(organisation_list(hub->store, hub->store->db, a, &rows, &n, err));
    for (size_t i = 0; i < n; i++)
        put(a, names, rows[i].id, (struct name_of){ STR_NONE, STR_NONE, rows[i].name });
    return ST_OK;
}

struct gathering {
    struct mapping_view *views;
    size_t n, room;
};

static enum status gather(struct hub *hub, struct arena *a, enum mapping_kind kind,
                          const struct names *from, const struct names *to, struct gathering *g,
                          struct error *err)
{
    const struct mapping_row *rows;
    size_t n;
    TRY(mapping_list(hub->store, hub->store->db, a, kind, &rows, &n, err));
    for (size_t i = 0; i < n; i++) {
        const struct name_of *left = get(a, from, rows[i].from_id);
        const struct name_of *right = get(a, to, rows[i].to_id);
        if (left == NULL)
            continue;
        ARENA_GROW(a, g->views, g->n, g->room);
        g->views[g->n++] = (struct mapping_view){
            .kind = kind == MAPPING_ACCOUNT ? "account" : "service",
            .connection = left->connection,
            .remote_id = left->remote_id,
            .name = left->name,
            .target = right != NULL ? right->name : STR_NONE,
            .row = rows[i],
        };
    }
    return ST_OK;
}

enum status hub_mappings(struct hub *hub, struct arena *a, const struct mapping_view **ret_views,
                         size_t *ret_n, struct error *err)
{
    struct names accounts = { .map = TEXT_MAP }, services = accounts, organisations = accounts;
    struct gathering g = { NULL, 0, 0 };
    enum status s = load_accounts(hub, a, &accounts, err);
    if (s == ST_OK)
        s = load_services(hub, a, &services, err);
    if (s == ST_OK)
        s = load_organisations(hub, a, &organisations, err);
    if (s == ST_OK)
        s = gather(hub, a, MAPPING_ACCOUNT, &accounts, &organisations, &g, err);
    if (s == ST_OK)
        s = gather(hub, a, MAPPING_SERVICE, &services, &services, &g, err);
    text_map_release(&accounts.map);
    text_map_release(&services.map);
    text_map_release(&organisations.map);
    *ret_views = g.views;
    *ret_n = g.n;
    return s;
}

/* "connection/remote id" */
static enum status split_reference(struct str text, struct str *connection, struct str *id,
                                   struct error *err)
{
    *id = text;
    if (!str_next(id, '/', connection) || id->len == 0)
        return fail(err, ST_INVALID, "'%.*s' is not CONNECTION/ID, such as stellr-us/700101",
                    STR_PRINT(text));
    return ST_OK;
}

static struct str actor_of(struct arena *a)
{
    return str_of(arena_printf(a, "person:%.*s", STR_PRINT(os_user_name(a))));
}

enum status hub_map_account(struct hub *hub, struct str account, struct str organisation,
                            struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct store *store = hub->store;
    struct connection_row connection;
    struct account_row row;
    struct str name, id;
    TRY(split_reference(account, &name, &id, err));
    TRY(connection_find(store, store->db, &a, name, &connection, err));
    TRY(account_find(store, store->db, &a, connection.id, id, &row, err));
    bool excludes = str_is(organisation, "-");
    return match_account_by_hand(store, row.id, excludes ? STR_NONE : organisation, actor_of(&a),
                                 err);
}

/* The one service whose id, part number or name is this. */
static enum status find_service(const struct service_row *rows, size_t n, int64_t connection_id,
                                struct str text, const struct service_row **ret_row,
                                struct error *err)
{
    const struct service_row *found = NULL;
    for (size_t i = 0; i < n; i++) {
        bool fits = str_equal(rows[i].remote_id, text) || str_equal(rows[i].name, text) ||
                    str_equal(rows[i].part_number, text);
        if (!fits || (connection_id != 0 && rows[i].connection_id != connection_id))
            continue;
        if (found != NULL)
            return fail(err, ST_CONFLICT, "several services are called '%.*s'", STR_PRINT(text));
        found = &rows[i];
    }
    if (found == NULL)
        return fail(err, ST_NOT_FOUND, "there is no service '%.*s'", STR_PRINT(text));
    *ret_row = found;
    return ST_OK;
}

enum status hub_map_service(struct hub *hub, struct str service, struct str target,
                            struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_COMMAND_BYTES);
    struct store *store = hub->store;
    struct connection_row connection;
    const struct service_row *rows, *left, *right = NULL;
    struct str name, id;
    size_t n;
    TRY(split_reference(service, &name, &id, err));
    TRY(connection_find(store, store->db, &a, name, &connection, err));
    TRY(service_list(store, store->db, &a, STR("!bill"), &rows, &n, err));
    TRY(find_service(rows, n, connection.id, id, &left, err));
    if (!str_is(target, "-")) {
        TRY(service_list(store, store->db, &a, STR("bill"), &rows, &n, err));
        TRY(find_service(rows, n, 0, target, &right, err));
    }
    return match_service_by_hand(store, left->id, right != NULL ? right->id : 0, actor_of(&a), err);
}
