/* Walks over pages: a seat of their own, one page in memory. */
#include "library/inside.h"

struct stellion_pages {
    struct stellion_client *client;
    struct seat_use use;
    struct entry entry; /* the one at work, for the seat */
    struct page_walk walk;
    struct arena kept;  /* of the arguments */
    struct arena arena; /* of the page */
    struct page page;
    char *request_id; /* in the arena */
    size_t n_given;   /* of the page */
    int64_t n_all;
    bool in_step; /* left behind by a step that ran out of memory */
};

struct opening {
    struct entry entry;
    const char *action;
    const struct stellion_arguments *arguments;
    struct stellion_pages *opened;
};

static void pages_free(struct stellion_pages *pages)
{
    pages_close(&pages->walk);
    seat_leave(&pages->use);
    arena_free(&pages->arena);
    arena_free(&pages->kept);
    memory_free(pages);
}

static void abandon(struct stellion_pages **pages)
{
    if (*pages != NULL)
        pages_free(*pages);
}

static enum status run_open(struct entry *entry, struct error *err)
{
    struct opening *opening = (struct opening *)entry;
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    SCOPED(abandon) struct stellion_pages *pages = memory_new(sizeof *pages);
    const struct action *action;
    struct arguments arguments;
    pages->client = entry->client;
    pages->arena.limit_bytes = LIMIT_PAGE_BYTES;
    TRY(read_call(entry->client, &a, opening->action, opening->arguments, &action, &arguments,
                  err));
    for (size_t i = 0; i < arguments.n; i++) { /* the walk borrows them */
        arguments.at[i].name = arena_copy(&pages->kept, arguments.at[i].name);
        arguments.at[i].value = arena_copy(&pages->kept, arguments.at[i].value);
    }
    if (arguments.body.at != NULL)
        arguments.body = arena_copy(&pages->kept, arguments.body);
    seat_take(entry->client, &pages->entry, &pages->use);
    TRY(pages_open(&pages->walk, &pages->use.seat->call, action, &arguments, err));
    opening->opened = TAKE(pages);
    return ST_OK;
}

enum stellion_status stellion_pages_open(stellion_client *client, const char *action,
                                         const struct stellion_arguments *arguments,
                                         stellion_pages **ret_pages, struct stellion_error *error)
{
    struct opening opening = {
        .entry = { .run = run_open, .client = client },
        .action = action,
        .arguments = arguments,
    };
    enum stellion_status s = enter(&opening.entry, error);
    if (s == STELLION_OK)
        *ret_pages = opening.opened;
    return s;
}

static enum status fetch(struct stellion_pages *pages, bool *ret_more, struct error *err)
{
    arena_reset(&pages->arena);
    pages->page = (struct page){ .number = pages->page.number };
    pages->n_given = 0;
    pages->request_id = NULL;
    struct page page;
    TRY(pages_next(&pages->walk, &pages->arena, &page, ret_more, err));
    if (!*ret_more)
        return ST_OK;
    TRY(arena_status(&pages->arena, "a page", err));
    pages->request_id = arena_text(&pages->arena, page.request_id);
    pages->page = page;
    return ST_OK;
}

struct step {
    struct entry entry;
    struct stellion_pages *pages;
    const char *record;
};

static enum status run_next(struct entry *entry, struct error *err)
{
    struct step *step = (struct step *)entry;
    struct stellion_pages *pages = step->pages;
    if (pages->in_step)
        return fail(err, ST_NO_MEMORY, "this walk ended when memory ran out; open another");
    pages->in_step = true;
    bool more = true;
    enum status s = ST_OK;
    while (s == ST_OK && more && pages->n_given == pages->page.n_records)
        s = fetch(pages, &more, err);
    pages->in_step = s == ST_NO_MEMORY;
    if (s != ST_OK || !more)
        return s;
    /* The byte behind a record is a comma, a bracket or white space that nobody needs any more. */
    struct str record = pages->page.records[pages->n_given++];
    ((char *)record.at)[record.len] = '\0';
    pages->n_all++;
    step->record = record.at;
    return ST_OK;
}

enum stellion_status stellion_pages_next(stellion_pages *pages, const char **ret_record,
                                         struct stellion_error *error)
{
    struct step step = { .entry = { .run = run_next, .client = pages->client }, .pages = pages };
    enum stellion_status s = enter(&step.entry, error);
    if (s == STELLION_OK)
        *ret_record = step.record;
    return s;
}

int stellion_pages_number(const stellion_pages *pages)
{
    return pages->walk.n_pages;
}

int64_t stellion_pages_count(const stellion_pages *pages)
{
    return pages->n_all;
}

int64_t stellion_pages_total(const stellion_pages *pages)
{
    return pages->walk.total;
}

const char *stellion_pages_request_id(const stellion_pages *pages)
{
    return pages->request_id != NULL ? pages->request_id : "";
}

int stellion_pages_complete(const stellion_pages *pages)
{
    return pages_complete(&pages->walk, pages->n_all) && pages->n_given == pages->page.n_records;
}

void stellion_pages_close(stellion_pages *pages)
{
    if (pages != NULL)
        pages_free(pages);
}
