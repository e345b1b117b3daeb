/* Where overrides come from, and what was learnt of a connection beside them. */
#include "hub/inside.h"

#include "base/os.h"

enum status hub_overrides(struct arena *a, const char *directory,
                          const struct overrides **ret_overrides, struct error *err)
{
    const char *path = arena_printf(a, "%s/" OVERRIDES_FILE, directory);
    struct str text;
    *ret_overrides = NULL;
    enum status s = os_read_trusted_file(a, path, LIMIT_SMALL_FILE_BYTES, &text, err);
    if (s == ST_NOT_FOUND)
        return ST_OK;
    return s == ST_OK ? overrides_read(a, text, path, ret_overrides, err) : s;
}

/* Facts of the store: "path <workspace> <connection> <action>", with the address that was asked and
 * the spelling that it answered. At another address it has to be found again. */
static const char *fact_name(struct arena *a, const struct hub *hub,
                             const struct connection_row *row, const struct action *action)
{
    return arena_printf(a, "path %lld %lld %s", (long long)hub->store->workspace_id,
                        (long long)row->id, action->name);
}

static bool is_spelling_of(const struct action *action, struct str path)
{
    struct str rest = str_of(action->path_spellings), one;
    if (str_is(path, action->path))
        return true;
    while (rest.at != NULL && str_next(&rest, '|', &one))
        if (str_equal(one, path))
            return true;
    return false;
}

enum status paths_load(struct hub *hub, struct arena *a, const struct connection_row *row,
                       struct client *client, struct error *err)
{
    struct action_walk walk = { .only = client->connector };
    struct path_choice *choices = NULL;
    size_t n = 0, room = 0;
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        struct str fact, address;
        x = overrides_row(hub->overrides, x);
        if (x->path_spellings == NULL)
            continue;
        TRY(store_info_get(hub->store->db, a, fact_name(a, hub, row, x), &fact, err));
        if (fact.at == NULL || !str_next(&fact, ' ', &address) ||
            !str_equal(address, row->base_url) || !is_spelling_of(x, fact))
            continue;
        ARENA_GROW(a, choices, n, room);
        choices[n++] = (struct path_choice){ x, arena_text(a, fact) };
    }
    client->paths = choices;
    client->n_paths = n;
    return ST_OK;
}

enum status paths_keep(struct hub *hub, const struct connection_row *row,
                       const struct action *action, const char *path, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    SCOPED(db_abandon) struct db *db = hub->store->db;
    const char *fact = arena_printf(&a, "%.*s %s", STR_PRINT(row->base_url), path);
    TRY(db_begin(db, RELAXED, err));
    TRY(store_info_set(db, fact_name(&a, hub, row, action), str_of(fact), err));
    return db_commit(db, err);
}
