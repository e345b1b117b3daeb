/* Opening and closing. */
#include "store/store.h"

#include "base/os.h"
#include "store/db_sqlite.h"
#include "store/instance.h"
#include "store/migrate.h"
#include "store/tokens.h"
#include "store/workspaces.h"

#define MIGRATE_WAIT_MS 10000
#define KEY_FACT        "key_id"

enum { INFO_GET, INFO_SET };

const struct statement store_statements[] = {
    [INFO_GET] = { "store.info.get", "SELECT value FROM store_info WHERE name = $1" },
    [INFO_SET] = { "store.info.set", "INSERT INTO store_info (name, value) VALUES ($1, $2)"
                                     " ON CONFLICT (name) DO UPDATE SET value = excluded.value" },
    { NULL, NULL },
};

int64_t store_now(const struct store *store)
{
    return store->clock->now_ms(store->clock);
}

enum status store_info_get(struct db *db, struct arena *a, const char *name, struct str *ret_value,
                           struct error *err)
{
    SCOPED(db_done) struct db_cursor row = { .is_open = false };
    bool more;
    TRY(db_query(db, &store_statements[INFO_GET], DB_VALUES(db_t(str_of(name))), &row, err));
    TRY(db_next(&row, &more, err));
    *ret_value = more ? arena_copy(a, db_text(&row, 0)) : STR_NONE;
    return ST_OK;
}

enum status store_info_set(struct db *db, const char *name, struct str value, struct error *err)
{
    return db_run(db, &store_statements[INFO_SET], DB_VALUES(db_t(str_of(name)), db_t(value)), NULL,
                  err);
}

struct str store_seal(struct store *store, struct arena *a, const char *identity,
                      const struct secret *secret)
{
    return seal(a, store->key, str_of(identity), secret);
}

enum status store_unseal(struct store *store, struct arena *a, const char *identity,
                         struct str sealed, const struct secret **ret_secret, struct error *err)
{
    return seal_open(a, store->key, str_of(identity), sealed, ret_secret, err);
}

static const char *path_in(struct store *store, const char *name)
{
    return arena_printf(&store->arena, "%s/%s", store->directory, name);
}

static enum status check_place(struct store *store, struct error *err)
{
    TRY(os_make_private_directory(store->directory, err));
    TRY(os_make_private_directory(path_in(store, "rescue"), err));
    const char *network = os_network_file_system(store->directory);
    if (network == NULL)
        return ST_OK;
    fail(err, ST_INVALID, "the data directory %s lies on a network file system (%s)",
         store->directory, network);
    hint(err, "Locks and crashes are not safe there. Choose a local directory with --data.");
    return ST_INVALID;
}

enum status store_connect(struct store *store, struct db **ret_db, struct error *err)
{
    return db_open_sqlite(store->database_path, store->gate, ret_db, err);
}

/* Reads the key; makes one only where there is neither a key nor anything sealed with one. */
static enum status load_key(struct store *store, bool is_new, struct error *err)
{
    const char *path = path_in(store, "key");
    struct str text, id = STR_NONE;
    if (!is_new)
        TRY(store_info_get(store->db, &store->arena, KEY_FACT, &id, err));
    enum status s = os_read_file(&store->arena, path, LIMIT_SECRET_BYTES, &text, err);
    if (s == ST_NOT_FOUND && id.at == NULL) {
        store->key = seal_key_make(&store->arena);
        s = os_create_file(path, seal_key_text(&store->arena, store->key), err);
        if (s != ST_CONFLICT)
            return s;
        /* another process made one in between: that one holds */
        s = os_read_file(&store->arena, path, LIMIT_SECRET_BYTES, &text, err);
    }
    if (s == ST_NOT_FOUND) {
        fail(err, ST_KEY, "the key file %s is missing, and secrets are sealed with it", path);
        hint(err, "Put the key file back from your backup. Without it the credentials must be "
                  "entered again into a new data directory.");
        return ST_KEY;
    }
    if (s != ST_OK)
        return s;
    s = seal_key_read(&store->arena, text, &store->key, err);
    os_wipe((char *)text.at, text.len);
    if (s != ST_OK)
        return wrap(err, s, "%s", path);
    if (id.at != NULL && !str_equal(id, seal_key_id(&store->arena, store->key))) {
        fail(err, ST_KEY, "the key in %s is not the one that sealed this store", path);
        hint(err, "Put the right key file back from your backup. Nothing was changed.");
        return ST_KEY;
    }
    return ST_OK;
}

/* Key fact and workspace; written once, by whoever comes first. */
static enum status make_first_rows(struct store *store, struct error *err)
{
    SCOPED(db_abandon) struct db *db = store->db;
    struct str id;
    TRY(store_info_get(db, &store->arena, KEY_FACT, &id, err));
    enum status s = workspace_load(store, db, err);
    if (s != ST_NOT_FOUND && (s != ST_OK || id.at != NULL))
        return s;
    TRY(db_begin(db, SYNCED, err));
    TRY(store_info_get(db, &store->arena, KEY_FACT, &id, err));
    if (id.at == NULL)
        TRY(store_info_set(db, KEY_FACT, seal_key_id(&store->arena, store->key), err));
    s = workspace_load(store, db, err);
    if (s == ST_NOT_FOUND)
        s = workspace_make(store, db, err);
    return s == ST_OK ? db_commit(db, err) : s;
}

/* Migrating needs the directory for ourselves; two first starts at once wait for each other. A
 * failed change of a lock loses it, so the shared one is taken again before going on. */
static enum status migrate_alone(struct store *store, struct error *err)
{
    int64_t until = store->clock->monotonic_ms(store->clock) + MIGRATE_WAIT_MS;
    enum status s = os_lock_change(store->lock, OS_LOCK_EXCLUSIVE, err);
    while (s == ST_BUSY && store->clock->monotonic_ms(store->clock) < until) {
        int version = 0;
        store->clock->sleep_ms(store->clock, 50);
        TRY(migrate_version(store->db, &version, err));
        if (version == migrations_newest() &&
            os_lock_change(store->lock, OS_LOCK_SHARED, err) == ST_OK)
            return ST_OK;
        s = os_lock_change(store->lock, OS_LOCK_EXCLUSIVE, err);
    }
    if (s == ST_BUSY) {
        fail(err, ST_BUSY,
             "the store in %s must be brought to a newer form, and another process is using it",
             store->directory);
        hint(err, "Stop the other stellion processes, then run the command again.");
    }
    if (s != ST_OK)
        return s;
    TRY(migrate(store->db, store_now(store), err));
    return os_lock_change(store->lock, OS_LOCK_SHARED, err);
}

/* Whoever migrates is alone for a moment; that is waited for. */
static enum status lock_shared(struct store *store, struct error *err)
{
    const char *path = path_in(store, "lock");
    int64_t until = store->clock->monotonic_ms(store->clock) + MIGRATE_WAIT_MS;
    for (;;) {
        enum status s = os_lock(path, OS_LOCK_SHARED, &store->lock, err);
        if (s != ST_BUSY || store->clock->monotonic_ms(store->clock) >= until)
            return s;
        store->clock->sleep_ms(store->clock, 50);
    }
}

static enum status open_steps(struct store *store, struct error *err)
{
    int version;
    TRY(check_place(store, err));
    enum status s = lock_shared(store, err);
    if (s == ST_BUSY)
        hint(err, "Another stellion process is migrating, restoring or rotating keys. Try again "
                  "when it is done.");
    if (s != ST_OK)
        return s;
    TRY(os_make_private_file(store->database_path, err)); /* SQLite's other files take its mode */
    TRY(store_connect(store, &store->db, err));
    TRY(migrate_version(store->db, &version, err));
    TRY(load_key(store, version == 0, err));
    if (version < migrations_newest())
        TRY(migrate_alone(store, err));
    TRY(make_first_rows(store, err));
    TRY(instance_check(store, err));
    tokens_take_in_rescued(store, store->db);
    return ST_OK;
}

static void abandon_store(struct store **store)
{
    store_close(*store);
}

enum status store_open(const char *directory, struct clock *clock, struct store **ret_store,
                       struct error *err)
{
    SCOPED(abandon_store) struct store *store = memory_new(sizeof *store);
    store->lock = -1;
    store->clock = clock;
    store->directory = arena_text(&store->arena, str_of(directory));
    store->database_path = path_in(store, "stellion.db");
    store->gate = sqlite_gate_new();
    const char *instance = os_environment("STELLION_INSTANCE");
    store->machine = instance != NULL ? arena_copy(&store->arena, str_of(instance))
                                      : os_machine_id(&store->arena);
    store->process = os_process_mark(&store->arena);
    TRY(open_steps(store, err));
    *ret_store = TAKE(store);
    return ST_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    db_close(store->db);
    sqlite_gate_free(store->gate);
    os_unlock(store->lock);
    arena_free(&store->arena);
    memory_free(store);
}
