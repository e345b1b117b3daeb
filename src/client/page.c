/* Walking lists. */
#include "client/page.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "client/judge.h"

static struct str at_path(struct str body, struct str path)
{
    char name[96];
    if (path.len >= sizeof name)
        return STR_NONE;
    memcpy(name, path.at, path.len);
    name[path.len] = '\0';
    return strcmp(name, ".") == 0 ? body : json_member_at(body, name);
}

#define PLACE_MOST INT64_C(1000000000000) /* of a page number or an offset */
static struct str first_at(struct str body, const char *paths)
{
    struct str rest = str_of(paths), path;
    while (paths != NULL && str_next(&rest, '|', &path)) {
        struct str found = at_path(body, path);
        if (found.at != NULL && !str_is(found, "null"))
            return found;
    }
    return STR_NONE;
}

/* Cuts a list into its elements. False when it is not whole. */
static bool cut_list(struct arena *a, struct str list, const struct str **ret_records,
                     size_t *ret_n_records, const char **problem)
{
    size_t n = 0, room = 0;
    struct str *records = NULL;
    struct json_walk walk = json_walk(list);
    while (json_walk_next(&walk)) {
        if (n == LIMIT_PAGE_RECORDS) {
            *problem = "the page holds more records than any page may";
            return false;
        }
        ARENA_GROW(a, records, n, room);
        records[n++] = walk.value;
    }
    *problem = walk.scan.problem;
    *ret_records = records;
    *ret_n_records = n;
    return *problem == NULL;
}

/* The first name on each of the paths. */
static bool is_root_of(const char *paths, struct str name)
{
    struct str rest = str_of(paths), path, root;
    while (paths != NULL && str_next(&rest, '|', &path))
        if (str_next(&path, '.', &root) && str_equal(root, name))
            return true;
    return false;
}

/* Ion may leave an empty list out, or send null for it (ion 3.1 REAL: the vendor's SDK takes both;
 * 6.3). Only beside nothing that is not known to stand there: another shape is no empty list. */
static bool is_left_out(const struct paging *paging, struct str body)
{
    struct json_walk walk = json_walk(body);
    if (paging->style == PAGING_NUMBER || !walk.is_object)
        return false;
    while (json_walk_next(&walk)) {
        bool is_list = is_root_of(paging->records, walk.key);
        if (is_list ? !str_is(walk.value, "null")
                    : !is_root_of(paging->total, walk.key) && !is_root_of(paging->next, walk.key))
            return false;
    }
    return true;
}

bool page_records(struct arena *a, const struct paging *paging, struct str body,
                  const struct str **ret_records, size_t *ret_n_records, const char **problem)
{
    /* The whole first: a body cut behind the list must not pass for a page. */
    struct json_walk whole = json_walk(body);
    while (json_walk_next(&whole))
        continue;
    *problem = whole.scan.problem;
    if (!json_walk_is_whole(&whole)) {
        if (*problem == NULL)
            *problem = "something follows the JSON";
        return false;
    }
    struct str rest = str_of(paging->records), path;
    while (str_next(&rest, '|', &path)) {
        struct str list = at_path(body, path);
        if (list.at != NULL && json_shape(list) == JSON_SHAPE_ARRAY)
            return cut_list(a, list, ret_records, ret_n_records, problem);
    }
    *ret_records = NULL;
    *ret_n_records = 0;
    return is_left_out(paging, body);
}

/* A number or its text; -1 when it is neither. */
static int64_t number_of(struct str raw)
{
    int64_t value;
    if (raw.len >= 2 && raw.at[0] == '"')
        raw = (struct str){ raw.at + 1, raw.len - 2 };
    return str_integer(raw, &value) && value >= 0 ? value : -1;
}

enum status pages_open(struct page_walk *walk, struct call *call, const struct action *action,
                       const struct arguments *arguments, struct error *err)
{
    const struct paging *paging = action->paging;
    struct str size;
    if (paging == NULL)
        return fail(err, ST_INVALID, "%s answers one document, not a list in pages", action->name);
    *walk = (struct page_walk){
        .call = call,
        .action = action,
        .arguments = *arguments,
        .total = -1,
        .size = paging->size,
        .arena = ARENA(0),
    };
    if (arguments_get(arguments, paging->size_name, &size) &&
        (!str_integer(size, &walk->size) || walk->size < 1))
        return fail(err, ST_INVALID, "%s must be a whole number above 0", paging->size_name);
    return ST_OK;
}

void pages_close(struct page_walk *walk)
{
    arena_free(&walk->arena);
}

static enum status unreadable(const struct page_walk *walk, const struct wire_reply *reply,
                              const char *problem, struct error *err)
{
    struct client *client = walk->call->client;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct json *document;
    struct error ignored;
    if (problem == NULL && json_parse(&a, reply->body, &document, &ignored) == ST_OK)
        TRY(judge_document(client->connector, document, walk->call->token, err));
    fail(err, ST_UNREADABLE, "page %d of %s: %s", walk->n_pages + 1, walk->action->name,
         problem != NULL ? problem : "there is no list where one should be");
    err->http_status = reply->http_status;
    hint(err,
         "The answer of the service has another shape than known. "
         "`stellion call %s --raw` shows it as it came.",
         walk->action->name);
    return ST_UNREADABLE;
}

/* Gets a page that can be read; an unreadable one is asked for once more. */
static enum status fetch(struct page_walk *walk, struct arena *a, struct page *ret_page,
                         struct error *err)
{
    enum status s = ST_OK;
    for (int attempt = 0; attempt < 2; attempt++) {
        struct wire_reply reply = { .http_status = 0 };
        const char *problem = NULL;
        TRY(call_perform(walk->call, a, walk->action, &walk->arguments, &reply, err));
        *ret_page = (struct page){ .body = reply.body, .number = walk->n_pages + 1 };
        if (page_records(a, walk->action->paging, reply.body, &ret_page->records,
                         &ret_page->n_records, &problem))
            return ST_OK;
        s = unreadable(walk, &reply, problem, err);
        if (s != ST_UNREADABLE)
            return s;
    }
    return s;
}

static struct digest digest_of_records(const struct page *page)
{
    if (page->n_records == 0)
        return digest_of(STR(""));
    struct str last = page->records[page->n_records - 1];
    const char *start = page->records[0].at;
    return digest_of((struct str){ start, (size_t)(last.at + last.len - start) });
}

static enum status repeats(const struct page_walk *walk, struct error *err)
{
    fail(err, ST_UNREADABLE, "page %d of %s is the page before it over again", walk->n_pages + 1,
         walk->action->name);
    hint(err, "The service does not page as known; nothing of this list was marked as gone.");
    return ST_UNREADABLE;
}

static enum status move_on(struct page_walk *walk, const struct page *page, struct str next,
                           struct error *err)
{
    const struct paging *paging = walk->action->paging;
    const char *place = NULL;
    struct str used = STR("");
    (void)arguments_get(&walk->arguments, paging->place_name, &used);
    if (paging->style == PAGING_TOKEN) {
        if (str_equal(next, used))
            return repeats(walk, err);
        place = arena_text(&walk->arena, next);
    } else {
        int64_t before = paging->style == PAGING_NUMBER ? 1 : 0;
        int64_t step = paging->style == PAGING_NUMBER ? 1 : (int64_t)page->n_records;
        if (used.len > 0 && (!str_integer(used, &before) || before < 0 || before > PLACE_MOST))
            return fail(err, ST_INVALID, "%s must be a whole number from 0 to %lld",
                        paging->place_name, (long long)PLACE_MOST);
        place = arena_printf(&walk->arena, "%lld", (long long)(before + step));
    }
    return arguments_set(&walk->arguments, str_of(paging->place_name), str_of(place), err);
}

/* Whether this page is the last. A known total rules: some services give shorter pages than asked
 * for. For the same reason only an empty page ends a list without one. */
static bool is_last(const struct page_walk *walk, const struct page *page, struct str next)
{
    if (walk->action->paging->style == PAGING_TOKEN)
        return next.len == 0;
    if (page->n_records == 0)
        return true;
    return walk->total >= 0 && walk->n_records >= walk->total;
}

enum status pages_next(struct page_walk *walk, struct arena *a, struct page *ret_page,
                       bool *ret_more, struct error *err)
{
    const struct paging *paging = walk->action->paging;
    *ret_more = !walk->ended;
    if (walk->ended)
        return ST_OK;
    struct page page;
    TRY(fetch(walk, a, &page, err));
    struct digest digest = digest_of_records(&page);
    if (walk->n_pages > 0 && page.n_records > 0 && digest_equal(digest, walk->last_body)) {
        /* One short page without a total, again and again, is a list that has no pages. */
        if (walk->n_pages > 1 || walk->total >= 0 || walk->n_records >= walk->size ||
            paging->style == PAGING_TOKEN)
            return repeats(walk, err);
        page.n_records = 0;
    }
    if (walk->n_pages == LIMIT_PAGES_PER_LIST)
        return fail(err, ST_LIMIT, "%s did not end after %d pages", walk->action->name,
                    LIMIT_PAGES_PER_LIST);
    int64_t total = number_of(first_at(page.body, paging->total));
    struct str next = first_at(page.body, paging->next);
    const struct json *next_value = NULL;
    if (next.at != NULL) /* a text: escapes are resolved */
        TRY(json_parse(a, next, &next_value, err));
    next = json_text(next_value);
    if (walk->n_pages == 0)
        walk->total = total;
    else if (total != walk->total)
        walk->total_moved = true;
    walk->n_records += (int64_t)page.n_records;
    walk->last_body = digest;
    page.is_last = is_last(walk, &page, next);
    if (!page.is_last)
        TRY(move_on(walk, &page, next, err));
    struct str id = first_at(page.body, walk->call->client->connector->complaint.request_id);
    page.request_id =
        id.len >= 2 && id.at[0] == '"' ? (struct str){ id.at + 1, id.len - 2 } : STR("");
    walk->n_pages++;
    walk->ended = page.is_last;
    *ret_page = page;
    return ST_OK;
}

bool pages_complete(const struct page_walk *walk, int64_t n_distinct)
{
    if (!walk->ended || walk->total_moved)
        return false;
    return n_distinct == (walk->total >= 0 ? walk->total : walk->n_records);
}
