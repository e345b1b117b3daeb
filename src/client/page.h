/* Lists, page by page. The three paging styles of the remotes are rows (struct paging); this walks
 * them, finds the records in each body as raw pieces, and keeps the account of completeness. */
#pragma once

#include "client/call.h"

struct page {
    struct str body;
    const struct str *records; /* raw JSON, as received */
    size_t n_records;
    int number; /* from 1 */
    bool is_last;
    struct str request_id; /* of the remote; "" when it gave none */
};

struct page_walk {
    struct call *call;
    const struct action *action;
    struct arguments arguments;

    int n_pages;
    int64_t n_records; /* of all pages so far */
    int64_t total;     /* as the first page said; -1: none said */
    bool total_moved;  /* a later page said otherwise */
    bool ended;
    int64_t size;
    struct digest last_body; /* of the records of the page before */
    struct arena arena;      /* of the next token */
};

/* Starts a walk. The arguments are copied; a size or place among them is honoured. */
enum status pages_open(struct page_walk *walk, struct call *call, const struct action *action,
                       const struct arguments *arguments, struct error *err);

/* The next page, into `a`. False in *ret_more (and no page) when there is none.
 * ST_UNREADABLE when no list is where it should be, or when the remote repeats a page. A page that
 * cannot be read is asked for once more first. */
enum status pages_next(struct page_walk *walk, struct arena *a, struct page *ret_page,
                       bool *ret_more, struct error *err);

/* After the last page: as many records as the total, and the total never moved. Lists without a
 * total are complete when they came to their end. `n_distinct` is what the caller counted. */
bool pages_complete(const struct page_walk *walk, int64_t n_distinct);

void pages_close(struct page_walk *walk);

/* Finds the records of a body, by the paths of a paging row. False when none of them holds a list;
 * then `problem` names what is wrong with the JSON, or is NULL. */
bool page_records(struct arena *a, const struct paging *paging, struct str body,
                  const struct str **ret_records, size_t *ret_n_records, const char **problem);
