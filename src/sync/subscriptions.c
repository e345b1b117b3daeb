/* The subscriptions of one account. */
#include "sync/run.h"

#include "base/log.h"
#include "remote/field.h"
#include "store/changes.h"
#include "store/presence.h"
#include "store/services.h"
#include "store/subscriptions.h"
#include "store/sync_runs.h"
#include "sync/differ.h"

struct listing {
    struct sync_worker *worker;
    const struct account_name *account;
    struct known_documents known;
    struct text_map seen;
    struct page_walk pages;
    bool has_unreadable;
};

struct fresh {
    struct subscription_record record;
    struct document_row document;
};

/* The service of a record. Most are stored already: their content is remembered per worker. */
static enum status service_for(struct sync_worker *w, const struct subscription_record *r,
                               int64_t *ret_id, struct error *err)
{
    struct service_row row = {
        .connection_id = w->run->connection_id,
        .remote_id = r->service_id.len > 0 ? r->service_id : STR("(unnamed)"),
        .name = r->product_name.len > 0 ? r->product_name : r->service_id,
        .part_number = r->part_number,
        .part_key = r->part_key[0] != '\0' ? str_of(r->part_key) : STR_NONE,
        .vendor = r->vendor,
        .measure = str_of(measure_name(r->measure)),
    };
    if (row.name.len == 0)
        row.name = STR("(unnamed)");
    struct str content = str_of(arena_printf(
        &w->page, "%.*s|%.*s|%.*s|%.*s|%.*s", STR_PRINT(row.remote_id), STR_PRINT(row.name),
        STR_PRINT(row.part_number), STR_PRINT(row.vendor), STR_PRINT(row.measure)));
    size_t place;
    if (text_map_get(&w->services, content, &place)) {
        *ret_id = w->service_ids[place];
        return ST_OK;
    }
    TRY(service_ensure(w->run->store, w->db, &row, err));
    ARENA_GROW(&w->lasting, w->service_ids, w->n_services, w->service_room);
    w->service_ids[w->n_services] = row.id;
    (void)text_map_add(&w->services, content, w->n_services++);
    *ret_id = row.id;
    return ST_OK;
}

/* Whose it is: the record's own customer, which may be another than the one asked about. */
static enum status owner_of(struct listing *l, const struct subscription_record *r, int64_t *ret_id,
                            struct error *err)
{
    if (r->account_id.len == 0 || str_equal(r->account_id, l->account->remote_id)) {
        *ret_id = l->account->id;
        return ST_OK;
    }
    return account_for(l->worker, r->account_id, r->account_name, ret_id, err);
}

static enum status came_back(struct listing *l, const struct present_row *row, struct error *err)
{
    struct sync_worker *w = l->worker;
    struct change_row change = { .subscription_id = row->id,
                                 .source = STR("sync"),
                                 .field = STR("presence"),
                                 .before = STR("gone"),
                                 .after = STR("present") };
    TRY(subscription_set_missed(w->run->store, w->db, row->id, 0, err));
    return row->is_gone ? change_add(w->run->store, w->db, &change, err) : ST_OK;
}

static enum status store_one(struct listing *l, struct fresh *fresh, struct sync_counts *counts,
                             struct error *err)
{
    struct sync_worker *w = l->worker;
    struct store *store = w->run->store;
    struct subscription_row before = { .id = 0 };
    struct subscription_row after = { .connection_id = w->run->connection_id };
    if (fresh->record.account_id.len == 0)
        fresh->record.account_id = l->account->remote_id;
    after.record = fresh->record;
    TRY(owner_of(l, &fresh->record, &after.account_id, err));
    TRY(service_for(w, &fresh->record, &after.service_id, err));
    TRY(document_save(store, w->db, &fresh->document, err));
    enum status s = subscription_find(store, w->db, &w->page, w->run->connection_id,
                                      fresh->record.remote_id, &before, err);
    if (s != ST_OK && s != ST_NOT_FOUND)
        return s;
    bool is_new = s == ST_NOT_FOUND;
    /* Listed here although it is another customer's: that one's own list may leave it out. */
    struct present_row present = { .id = before.id, .is_gone = before.is_gone };
    if (!is_new && after.account_id != l->account->id)
        TRY(came_back(l, &present, err));
    if (!is_new && !subscription_differs(&before, &after)) {
        counts->n_unchanged++;
        return ST_OK;
    }
    counts->n_new += is_new;
    counts->n_changed += !is_new;
    after.id = is_new ? 0 : before.id;
    TRY(subscription_save(store, w->db, &after, err));
    return subscription_log(store, w->db, w->run->is_one_account ? "purchase" : "sync",
                            is_new ? NULL : &before, &after, err);
}

static enum status read_one(struct listing *l, struct str raw, struct digest digest,
                            struct fresh *ret_fresh, struct error *err)
{
    struct sync_worker *w = l->worker;
    const struct json *document;
    struct subscription_record record = { .cycle_months = -1 };
    if (raw.len > LIMIT_RECORD_BYTES)
        return fail(err, ST_LIMIT, "the record is larger than %u MiB", LIMIT_RECORD_BYTES >> 20);
    TRY(json_parse(&w->page, raw, &document, err));
    const struct field *fields =
        overrides_fields(w->run->client->overrides, w->run->connector->subscriptions.fields);
    TRY(fields_read(&w->page, fields, document, &record, err));
    record_settle(&record);
    struct str parent = record.account_id.len > 0 ? record.account_id : l->account->remote_id;
    *ret_fresh = (struct fresh){
        .record = record,
        .document = { w->run->connection_id, KIND_SUBSCRIPTION, record.remote_id, parent, raw,
                      digest },
    };
    return ST_OK;
}

/* Reads what is new in a page, before a transaction is open. */
static size_t read_page(struct listing *l, const struct page *page, struct fresh *fresh,
                        struct sync_counts *counts)
{
    size_t n_fresh = 0;
    for (size_t i = 0; i < page->n_records; i++) {
        struct digest digest = overrides_record_digest(
            l->worker->run->client->overrides, l->worker->run->connector->subscriptions.fields,
            page->records[i]);
        const struct str *id = known_find(&l->known, digest);
        struct error err;
        if (id != NULL) {
            counts->n_unchanged++;
        } else if (read_one(l, page->records[i], digest, &fresh[n_fresh], &err) == ST_OK) {
            id = &fresh[n_fresh++].record.remote_id;
        } else {
            wrap(&err, err.code, "record %zu of page %d", i + 1, page->number);
            run_failed(l->worker->run, l->account->remote_id, l->account->name, &err);
            l->has_unreadable = true;
            continue;
        }
        counts->n_seen += text_map_add(&l->seen, *id, 0);
    }
    return n_fresh;
}

/* At the end of the list, in the transaction of its last page. */
static enum status finish(struct listing *l, bool is_complete, struct error *err)
{
    struct sync_worker *w = l->worker;
    struct store *store = w->run->store;
    const struct present_row *rows;
    bool is_done;
    size_t n;
    if (w->run->is_one_account)
        return ST_OK;
    /* Whoever took up a run that was thought dead must not count what is missing again. */
    TRY(sync_account_done(store, w->db, w->run->connection_id, l->account->id, w->run->id, &is_done,
                          err));
    if (is_done)
        return ST_OK;
    TRY(subscriptions_present(store, w->db, &w->page, l->account->id, &rows, &n, err));
    for (size_t i = 0; i < n; i++) {
        size_t unused;
        bool is_seen = text_map_get(&l->seen, rows[i].remote_id, &unused);
        if (is_seen && (rows[i].missed_runs > 0 || rows[i].is_gone))
            TRY(came_back(l, &rows[i], err));
        else if (!is_seen && !rows[i].is_gone && is_complete)
            TRY(subscription_set_missed(store, w->db, rows[i].id, rows[i].missed_runs + 1, err));
    }
    struct sync_account_row row = { w->run->connection_id, l->account->id, w->run->id,
                                    (int64_t)l->seen.n_keys, is_complete };
    return sync_account_save(store, w->db, &row, err);
}

static enum status store_page(struct listing *l, const struct page *page, struct error *err)
{
    struct sync_worker *w = l->worker;
    struct sync_counts counts = { .n_pages = 1, .n_bytes = (int64_t)page->body.len };
    struct fresh *fresh = ARENA_ARRAY(&w->page, page->n_records + 1, struct fresh);
    size_t n_fresh = read_page(l, page, fresh, &counts);
    if (n_fresh > 0 || page->is_last) {
        SCOPED(db_abandon) struct db *open = w->db;
        TRY(db_begin(w->db, RELAXED, err));
        for (size_t i = 0; i < n_fresh; i++)
            TRY(store_one(l, &fresh[i], &counts, err));
        if (page->is_last)
            TRY(finish(l, !l->has_unreadable && pages_complete(&l->pages, (int64_t)l->seen.n_keys),
                       err));
        TRY(db_commit(w->db, err));
    }
    TRY(arena_status(&w->page, "a page of subscriptions", err));
    log_write(LOG_SYNC_PAGE, LOG_T("connection", w->run->client->connection),
              LOG_T("account", l->account->remote_id), LOG_I("page", page->number),
              LOG_I("rows", (int64_t)page->n_records), LOG_I("fresh", (int64_t)n_fresh));
    run_count(w->run, &counts);
    return ST_OK;
}

static enum status walk(struct listing *l, struct error *err)
{
    struct sync_worker *w = l->worker;
    bool more = true;
    while (more) {
        struct page page;
        arena_reset(&w->page);
        if (run_is_stopped(w->run))
            return fail(err, ST_CANCELLED, "stopped");
        TRY(run_renew(w, err));
        TRY(pages_next(&l->pages, &w->page, &page, &more, err));
        if (more)
            TRY(store_page(l, &page, err));
    }
    if (l->has_unreadable || pages_complete(&l->pages, (int64_t)l->seen.n_keys))
        return ST_OK;
    fail(err, ST_UNREADABLE, "the list is incomplete: %zu subscriptions came, %lld were announced",
         l->seen.n_keys, (long long)l->pages.total);
    hint(err, "Nothing of this customer was marked as gone. The next sync asks again.");
    return ST_UNREADABLE;
}

/* A customer that the remote's own list no longer holds, and that answers 404, has no subscriptions
 * any more: as good as a complete, empty list. */
static enum status nothing_there(struct listing *l, struct error *err)
{
    SCOPED(db_abandon) struct db *open = l->worker->db;
    TRY(db_begin(l->worker->db, RELAXED, err));
    TRY(finish(l, true, err));
    return db_commit(l->worker->db, err);
}

enum status pull_subscriptions(struct sync_worker *w, const struct account_name *account,
                               struct error *err)
{
    struct sync_run *run = w->run;
    const struct entity *entity = &run->connector->subscriptions;
    struct listing l = { .worker = w, .account = account, .seen = TEXT_MAP };
    struct arguments arguments = { .n = 0 };
    arena_reset(&w->account);
    TRY(documents_known(run->store, w->db, &w->account, run->connection_id, KIND_SUBSCRIPTION,
                        account->remote_id, &l.known, err));
    TRY(arguments_set(&arguments, str_of(entity->parent), account->remote_id, err));
    TRY(pages_open(&l.pages, &w->call, client_action(run->client, entity->list), &arguments, err));
    enum status s = walk(&l, err);
    if (s == ST_NOT_FOUND && account->missed_runs > 0)
        s = nothing_there(&l, err);
    pages_close(&l.pages);
    text_map_release(&l.seen);
    return s;
}
