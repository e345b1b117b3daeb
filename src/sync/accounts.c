/* The list of accounts. */
#include "sync/run.h"

#include "base/log.h"
#include "remote/field.h"
#include "store/sync_runs.h"

struct listing {
    struct sync_worker *worker;
    struct known_documents known;
    struct text_map seen;
    bool has_unreadable;
};

/* A record that was read and is to be stored. */
struct fresh_account {
    struct account_record record;
    struct document_row document;
};

static bool is_same(const struct account_record *a, const struct account_record *b)
{
    return str_equal(a->name, b->name) && str_equal(a->company_name, b->company_name) &&
           str_equal(a->domain, b->domain) && str_equal(a->tenant_id, b->tenant_id) &&
           str_equal(a->country, b->country) && str_equal(a->status, b->status) &&
           a->is_active == b->is_active;
}

static enum status store_one(struct sync_worker *w, struct fresh_account *fresh,
                             struct sync_counts *counts, struct error *err)
{
    struct store *store = w->run->store;
    struct account_row row = { .id = 0 };
    enum status s = account_find(store, w->db, &w->page, w->run->connection_id,
                                 fresh->record.remote_id, &row, err);
    if (s != ST_OK && s != ST_NOT_FOUND)
        return s;
    if (fresh->record.name.at == NULL)
        fresh->record.name = fresh->record.remote_id;
    bool is_new = s == ST_NOT_FOUND;
    counts->n_accounts_new += is_new;
    TRY(document_save(store, w->db, &fresh->document, err));
    if (!is_new && row.is_listed && is_same(&row.record, &fresh->record))
        return ST_OK;
    row.connection_id = w->run->connection_id;
    row.record = fresh->record;
    row.is_listed = true;
    return account_save(store, w->db, &row, err);
}

static enum status read_one(struct sync_worker *w, struct str raw, struct digest digest,
                            struct fresh_account *ret_fresh, struct error *err)
{
    const struct json *document;
    struct account_record record = { .is_active = true };
    TRY(json_parse(&w->page, raw, &document, err));
    const struct field *fields =
        overrides_fields(w->run->client->overrides, w->run->connector->accounts.fields);
    TRY(fields_read(&w->page, fields, document, &record, err));
    record.is_active = account_status_is_active(record.status);
    *ret_fresh = (struct fresh_account){
        .record = record,
        .document = { w->run->connection_id, KIND_ACCOUNT, record.remote_id, STR(""), raw, digest },
    };
    return ST_OK;
}

static enum status store_page(struct listing *l, const struct page *page, struct error *err)
{
    struct sync_worker *w = l->worker;
    struct sync_counts counts = { .n_pages = 1, .n_bytes = (int64_t)page->body.len };
    struct fresh_account *fresh = ARENA_ARRAY(&w->page, page->n_records + 1, struct fresh_account);
    size_t n_fresh = 0;
    for (size_t i = 0; i < page->n_records; i++) {
        struct digest digest = overrides_record_digest(
            w->run->client->overrides, w->run->connector->accounts.fields, page->records[i]);
        const struct str *id = known_find(&l->known, digest);
        if (id == NULL) {
            enum status s = read_one(w, page->records[i], digest, &fresh[n_fresh], err);
            if (s != ST_OK) {
                wrap(err, s, "record %zu of page %d of the customers", i + 1, page->number);
                run_failed(w->run, STR(""), STR(""), err);
                l->has_unreadable = true;
                continue;
            }
            id = &fresh[n_fresh++].record.remote_id;
        }
        counts.n_accounts += text_map_add(&l->seen, *id, 0);
    }
    if (n_fresh > 0) {
        SCOPED(db_abandon) struct db *open = w->db;
        TRY(db_begin(w->db, RELAXED, err));
        for (size_t i = 0; i < n_fresh; i++)
            TRY(store_one(w, &fresh[i], &counts, err));
        TRY(db_commit(w->db, err));
    }
    run_count(w->run, &counts);
    return ST_OK;
}

/* What the complete list did not hold was missed once more; what it held is there. */
static enum status note_missing(struct listing *l, bool is_complete, struct error *err)
{
    struct sync_worker *w = l->worker;
    struct store *store = w->run->store;
    struct account_name *names;
    size_t n;
    TRY(account_names(store, w->db, &w->page, w->run->connection_id, &names, &n, err));
    SCOPED(db_abandon) struct db *open = w->db;
    TRY(db_begin(w->db, RELAXED, err));
    for (size_t i = 0; i < n; i++) {
        size_t unused;
        bool is_seen = text_map_get(&l->seen, names[i].remote_id, &unused);
        if (is_seen && (names[i].missed_runs > 0 || names[i].is_gone))
            TRY(account_set_missed(store, w->db, names[i].id, 0, err));
        else if (!is_seen && !names[i].is_gone && is_complete)
            TRY(account_set_missed(store, w->db, names[i].id, names[i].missed_runs + 1, err));
    }
    struct sync_account_row row = { w->run->connection_id, 0, w->run->id, (int64_t)l->seen.n_keys,
                                    is_complete };
    TRY(sync_account_save(store, w->db, &row, err));
    return db_commit(w->db, err);
}

static enum status walk(struct listing *l, struct page_walk *pages, struct error *err)
{
    struct sync_worker *w = l->worker;
    bool more = true;
    while (more) {
        struct page page;
        arena_reset(&w->page);
        if (run_is_stopped(w->run))
            return fail(err, ST_CANCELLED, "stopped while listing customers");
        TRY(run_renew(w, err));
        TRY(pages_next(pages, &w->page, &page, &more, err));
        if (more)
            TRY(store_page(l, &page, err));
    }
    return ST_OK;
}

static enum status say_empty(const struct sync_run *run, struct error *err)
{
    fail(err, ST_EMPTY, "0 customers found at %s", run->connector->title);
    hint(err, "The login works, but this account has no customers: check the reseller that the "
              "credentials belong to, the environment (--sandbox) and the region. A wrong one "
              "gives an empty list, not an error.");
    return ST_EMPTY;
}

enum status pull_accounts(struct sync_worker *w, struct error *err)
{
    struct sync_run *run = w->run;
    struct arguments none = { .n = 0 };
    struct listing l = { .worker = w, .seen = TEXT_MAP };
    struct page_walk pages;
    bool done_before;
    TRY(sync_account_done(run->store, w->db, run->connection_id, 0, run->id, &done_before, err));
    TRY(documents_known(run->store, w->db, &w->account, run->connection_id, KIND_ACCOUNT, STR(""),
                        &l.known, err));
    TRY(pages_open(&pages, &w->call, client_action(run->client, run->connector->accounts.list),
                   &none, err));
    enum status s = walk(&l, &pages, err);
    bool is_complete =
        s == ST_OK && !l.has_unreadable && pages_complete(&pages, (int64_t)l.seen.n_keys);
    if (s == ST_OK && l.seen.n_keys == 0 && !l.has_unreadable)
        s = say_empty(run, err);
    if (s == ST_OK && !done_before)
        s = note_missing(&l, is_complete, err);
    if (s == ST_OK && !is_complete && !l.has_unreadable) {
        fail(err, ST_UNREADABLE,
             "the list of customers is incomplete: %zu came, %lld were announced", l.seen.n_keys,
             (long long)pages.total);
        run_failed(run, STR(""), STR(""), err);
    }
    pages_close(&pages);
    text_map_release(&l.seen);
    return s;
}

enum status account_for(struct sync_worker *w, struct str remote_id, struct str name,
                        int64_t *ret_id, struct error *err)
{
    struct store *store = w->run->store;
    struct account_row row;
    enum status s =
        account_find(store, w->db, &w->page, w->run->connection_id, remote_id, &row, err);
    if (s == ST_NOT_FOUND) {
        row = (struct account_row){
            .connection_id = w->run->connection_id,
            .record = { .remote_id = remote_id, .name = name, .is_active = true },
        };
        s = account_save(store, w->db, &row, err);
    }
    if (s == ST_OK)
        *ret_id = row.id;
    return s;
}
