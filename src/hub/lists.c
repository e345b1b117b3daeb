/* Lists with their filters. */
#include "hub/lists.h"

#include "base/text_map.h"
#include "store/texts.h"
#include "store/tokens.h"

static bool is_connection(const struct list_filter *f, struct str name)
{
    return f->connection.at == NULL || str_equal(f->connection, name);
}

/* A name that is spelt wrong is no empty list. The bill may not be there yet. */
static enum status check_connection(struct hub *hub, const struct list_filter *f, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct connection_row row;
    if (f->connection.at == NULL || str_is(f->connection, CONNECTION_KIND_BILL))
        return ST_OK;
    return connection_find(hub->store, hub->store->db, &a, f->connection, &row, err);
}

static bool holds(struct arena *a, struct str text, struct str part)
{
    return str_contains_nocase(text, arena_text(a, part));
}

enum status hub_accounts(struct hub *hub, const struct list_filter *filter,
                         struct account_sink *sink, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    TRY(check_connection(hub, filter, err));
    TRY(account_list(hub->store, hub->store->db, 0, &cursor, err));
    for (;;) {
        struct account_row row;
        bool more;
        TRY(account_next(&cursor, &row, &more, err));
        if (!more)
            return ST_OK;
        const struct account_record *r = &row.record;
        struct str c = filter->customer;
        bool fits = c.at == NULL || str_equal(r->remote_id, c) || holds(&a, r->name, c) ||
                    holds(&a, r->company_name, c) || holds(&a, r->domain, c);
        bool of_bill = str_is(row.connection, CONNECTION_KIND_BILL);
        bool is_shown =
            (filter->with_gone || !row.is_gone) && (filter->connection.at != NULL || !of_bill);
        arena_reset(&a);
        if (fits && is_shown && is_connection(filter, row.connection))
            TRY(sink->take(sink, &row, err));
    }
}

static bool status_fits(const struct list_filter *f, const struct subscription_row *row)
{
    const char *standing = row->is_gone ? "gone" : standing_name(row->record.standing);
    if (f->status.at == NULL)
        return f->with_gone || !row->is_gone;
    return str_equal_nocase(f->status, str_of(standing)) ||
           (row->record.status.len > 0 && str_equal_nocase(f->status, row->record.status));
}

enum status hub_subscriptions(struct hub *hub, const struct list_filter *filter,
                              struct subscription_sink *sink, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    TRY(check_connection(hub, filter, err));
    TRY(subscription_list(hub->store, hub->store->db, &cursor, err));
    for (;;) {
        struct subscription_row row;
        bool more;
        TRY(subscription_next(&cursor, &row, &more, err));
        if (!more)
            return ST_OK;
        struct str c = filter->customer;
        bool fits =
            c.at == NULL || str_equal(row.account_remote_id, c) || holds(&a, row.account_name, c);
        arena_reset(&a);
        if (fits && status_fits(filter, &row) && is_connection(filter, row.connection))
            TRY(sink->take(sink, &row, err));
    }
}

struct finding_one {
    struct subscription_sink sink;
    struct str connection, id;
    struct arena *a;
    struct subscription_row row;
    int n;
};

static enum status take_one(struct subscription_sink *self, const struct subscription_row *row,
                            struct error *err)
{
    (void)err;
    struct finding_one *f = (struct finding_one *)self;
    bool fits =
        str_equal(row->record.remote_id, f->id) ||
        (row->record.commerce_id.len > 0 && str_equal_nocase(row->record.commerce_id, f->id));
    if (!fits || (f->connection.at != NULL && !str_equal(row->connection, f->connection)))
        return ST_OK;
    f->n++;
    f->row = *row;
    subscription_keep(f->a, &f->row);
    return ST_OK;
}

enum status hub_subscription(struct hub *hub, struct arena *a, struct str id,
                             struct subscription_row *ret_row, struct error *err)
{
    struct finding_one f = { .sink = { take_one }, .id = id, .a = a };
    struct list_filter all = { .with_gone = true };
    if (memchr(id.at, '/', id.len) != NULL)
        (void)str_next(&f.id, '/', &f.connection);
    TRY(hub_subscriptions(hub, &all, &f.sink, err));
    if (f.n == 1) {
        *ret_row = f.row;
        return ST_OK;
    }
    if (f.n > 1) {
        fail(err, ST_CONFLICT, "%d connections have a subscription %.*s", f.n, STR_PRINT(id));
        hint(err, "Say which: %.*s/%.*s", STR_PRINT(f.row.connection), STR_PRINT(f.id));
        return ST_CONFLICT;
    }
    fail(err, ST_NOT_FOUND, "there is no subscription '%.*s' in the store", STR_PRINT(id));
    hint(err, "`stellion subscriptions` lists them; `stellion sync` brings new ones.");
    return ST_NOT_FOUND;
}

enum status hub_history(struct hub *hub, int64_t subscription_id, struct change_sink *sink,
                        struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    TRY(change_list(hub->store, hub->store->db, subscription_id, &cursor, err));
    for (;;) {
        struct change_row row;
        bool more;
        TRY(change_next(&cursor, &row, &more, err));
        if (!more)
            return ST_OK;
        TRY(sink->take(sink, &row, err));
    }
}

enum status hub_connections(struct hub *hub, struct arena *a,
                            const struct connection_state **ret_states, size_t *ret_n,
                            struct error *err)
{
    struct store *store = hub->store;
    const struct connection_row *rows;
    size_t n;
    TRY(connection_list(store, store->db, a, STR_NONE, &rows, &n, err));
    struct connection_state *states = ARENA_ARRAY(a, n + 1, struct connection_state);
    for (size_t i = 0; i < n; i++) {
        states[i].row = rows[i];
        enum status s = sync_run_last(store, store->db, a, rows[i].id, &states[i].last_run, err);
        if (s != ST_OK && s != ST_NOT_FOUND)
            return s;
        TRY(refresh_born(store, store->db, rows[i].id, &states[i].token_born_at, err));
    }
    *ret_states = states;
    *ret_n = n;
    return ST_OK;
}
