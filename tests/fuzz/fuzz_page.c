/* Lists: whatever a remote answers, a walk ends; each page holds the records of its body in order;
 * a list counts as complete only when its own total says so. */
#include "fuzz.h"
#include "script.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "client/page.h"

#include <string.h>

static const struct action *list_action(size_t n)
{
    for (;;) {
        struct action_walk walk = { .only = NULL };
        for (const struct action *x; (x = action_next(&walk)) != NULL;)
            if (x->paging != NULL && n-- == 0)
                return x;
    }
}

/* What stands first at one of the paths and is not null, by way of json-c. */
static const struct json *first_at(struct arena *a, const struct json *document, const char *paths)
{
    struct str rest = str_of(paths), path;
    while (paths != NULL && str_next(&rest, '|', &path)) {
        const struct json *found = json_get_at(document, arena_text(a, path));
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* The first list at one of the paths; "." is the document. */
static const struct json *list_at(struct arena *a, const struct json *document, const char *paths)
{
    struct str rest = str_of(paths), path;
    while (str_next(&rest, '|', &path)) {
        const struct json *found =
            str_is(path, ".") ? document : json_get_at(document, arena_text(a, path));
        if (json_kind(found) == JSON_ARRAY)
            return found;
    }
    return NULL;
}

static bool has_escapes(struct str body)
{
    return body.len > 0 && memchr(body.at, '\\', body.len) != NULL;
}

static void records_are_those_of_the_body(struct arena *a, const struct paging *paging,
                                          struct str body, const struct str *records, size_t n)
{
    const char *behind = body.at;
    struct error err;
    for (size_t i = 0; i < n; i++) {
        HOLDS(records[i].at >= behind && records[i].len > 0);
        behind = records[i].at + records[i].len;
        HOLDS(behind <= body.at + body.len);
        HOLDS(json_check(records[i], NULL, &err) == ST_OK);
    }
    const struct json *document;
    if (has_escapes(body) || json_parse(a, body, &document, &err) != ST_OK)
        return; /* names may be spelled otherwise, or stand twice */
    const struct json *list = list_at(a, document, paging->records);
    if (list == NULL) /* an empty list may be left out by Ion */
        HOLDS(n == 0 && paging->style != PAGING_NUMBER && json_kind(document) == JSON_OBJECT);
    HOLDS(json_length(list) == n);
    for (size_t i = 0; i < n; i++) {
        const struct json *record;
        enum status s = json_parse(a, records[i], &record, &err);
        HOLDS(s == ST_OK && json_kind(record) == json_kind(json_at(list, i)));
    }
}

/* The total that a page says: a whole number or the text of one; -1 where it says none. */
static bool total_told(struct arena *a, const struct paging *paging, struct str body,
                       int64_t *ret_total)
{
    const struct json *document;
    struct error err;
    *ret_total = -1;
    if (has_escapes(body) || json_parse(a, body, &document, &err) != ST_OK)
        return false;
    const struct json *total = first_at(a, document, paging->total);
    int64_t number;
    if ((json_integer(total, &number) || str_integer(json_text(total), &number)) && number >= 0)
        *ret_total = number;
    return true;
}

struct told {
    int64_t n_records, total;
    bool total_moved, is_known; /* each page said its total readably */
};

static void page_is_sound(struct arena *a, const struct page_walk *walk, const struct page *page,
                          struct told *told)
{
    const struct paging *paging = walk->action->paging;
    int64_t total;
    HOLDS(page->number == walk->n_pages);
    records_are_those_of_the_body(a, paging, page->body, page->records, page->n_records);
    told->n_records += (int64_t)page->n_records;
    told->is_known = total_told(a, paging, page->body, &total) && told->is_known;
    told->total = page->number == 1 ? total : told->total;
    told->total_moved = told->total_moved || total != told->total;
    HOLDS(walk->n_records == told->n_records);
    if (told->is_known)
        HOLDS(walk->total == told->total && walk->total_moved == told->total_moved);
    HOLDS(page->is_last == walk->ended);
    if (page->is_last && walk->total >= 0 && !walk->total_moved && page->n_records > 0 &&
        paging->style != PAGING_TOKEN)
        HOLDS(walk->n_records >= walk->total); /* a known total rules */
}

static void walk_ends_as_told(struct page_walk *walk, struct script *script)
{
    struct told told = { .is_known = true };
    struct error err;
    bool more = true;
    while (more) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct page page;
        enum status s = pages_next(walk, &a, &page, &more, &err);
        if (s != ST_OK) {
            holds_error(s, &err);
            holds_printable_error(&err);
            holds_no_secret(&err, STR(SCRIPT_ACCESS));
            HOLDS(!pages_complete(walk, walk->n_records));
            return;
        }
        if (more)
            page_is_sound(&a, walk, &page, &told);
        HOLDS(script->n_requests <= 200);
    }
    HOLDS(walk->ended);
    bool agrees = told.total < 0 || told.total == told.n_records;
    if (told.is_known)
        HOLDS(pages_complete(walk, told.n_records) == (agrees && !told.total_moved));
    HOLDS(!pages_complete(walk, told.n_records + 1) || walk->total > told.n_records);
}

static void a_list_is_walked(struct input *in)
{
    struct fake_client fake;
    struct script script;
    struct page_walk walk;
    struct arguments arguments = { .n = 0 };
    struct error err;
    const struct action *action = list_action(input_byte(in));
    const struct connector *connector = connector_of_action(action);
    static const char *const places[] = { NULL, "1", "5", "9223372036854775807", "x" };
    unsigned choice = input_byte(in);
    size_t size = choice % 8;
    const char *place = places[choice / 8 % ARRAY_LEN(places)];
    fake_client_init(&fake, connector);
    fake.vault.generation = 1;
    fake.vault.born_ms = fake.clock.at_ms;
    memcpy(fake.vault.refresh, SCRIPT_SECRET, sizeof SCRIPT_SECRET);
    script_init(&script, in, &fake.clock);
    script.tokens_are_given = true;
    fake.call.transport = &script.transport;
    for (const struct param *p = action->params; p->name != NULL; p++)
        if (p->need == REQUIRED)
            HOLDS(arguments_set(&arguments, str_of(p->name), str_of(p->example), &err) == ST_OK);
    if (size > 0)
        HOLDS(arguments_set(&arguments, str_of(action->paging->size_name),
                            str_of(arena_printf(&fake.arena, "%zu", size - 1)), &err) == ST_OK);
    if (place != NULL)
        HOLDS(arguments_set(&arguments, str_of(action->paging->place_name), str_of(place), &err) ==
              ST_OK);
    enum status s = pages_open(&walk, &fake.call, action, &arguments, &err);
    HOLDS((s == ST_OK) == (size != 1));
    if (s == ST_OK) {
        walk_ends_as_told(&walk, &script);
        pages_close(&walk);
    }
    fake_client_release(&fake);
}

/* The records of one body, without a remote. */
static void a_body_is_cut(struct input *in)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct paging *paging = list_action(input_byte(in))->paging;
    const struct str *records;
    const struct json *document;
    const char *problem = NULL;
    struct error err;
    size_t n;
    struct str body = in->rest;
    bool good = page_records(&a, paging, body, &records, &n, &problem);
    bool is_json = json_parse(&a, body, &document, &err) == ST_OK;
    if (good)
        records_are_those_of_the_body(&a, paging, body, records, n);
    else if (is_json && !has_escapes(body))
        HOLDS(list_at(&a, document, paging->records) == NULL);
    if (is_json && json_kind(document) >= JSON_ARRAY)
        HOLDS(problem == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    if (input_flag(&in))
        a_body_is_cut(&in);
    else
        a_list_is_walked(&in);
    return 0;
}
