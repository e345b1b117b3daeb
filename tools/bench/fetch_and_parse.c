/* What a sync is measured against: fetches pages over a few connections, each kept and used again,
 * parses each page with json-c and throws it away. It stores, compares and repeats nothing.
 *
 * Usage: fetch-and-parse WORKERS FILE; each line of FILE is "TOKEN URL". */
#include <curl/curl.h>
#include <json-c/json.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS_MOST 64
#define PAGES_MOST   65536

struct page {
    char *token, *url; /* one piece of memory, which starts at the token */
};

struct job {
    struct page *pages;
    size_t n_pages;
    atomic_size_t next, n_bytes;
    atomic_bool failed;
};

struct body {
    char *at;
    size_t len, room;
};

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
    struct body *body = context;
    size_t len = size * n;
    if (body->len + len > body->room) {
        size_t room = 2 * (body->len + len);
        char *larger = realloc(body->at, room);
        if (larger == NULL)
            return 0;
        body->at = larger;
        body->room = room;
    }
    memcpy(body->at + body->len, bytes, len);
    body->len += len;
    return len;
}

static bool fetch(CURL *curl, const struct page *page, struct body *body)
{
    long status = 0;
    body->len = 0;
    (void)curl_easy_setopt(curl, CURLOPT_URL, page->url);
    (void)curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, page->token);
    CURLcode code = curl_easy_perform(curl);
    (void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK && status == 200)
        return true;
    fprintf(stderr, "%s: HTTP %ld, %s\n", page->url, status, curl_easy_strerror(code));
    return false;
}

static bool parse(struct json_tokener *tokener, const struct page *page, const struct body *body)
{
    json_tokener_reset(tokener);
    struct json_object *document = json_tokener_parse_ex(tokener, body->at, (int)body->len);
    if (document == NULL)
        fprintf(stderr, "%s: %s\n", page->url,
                json_tokener_error_desc(json_tokener_get_error(tokener)));
    bool good = document != NULL;
    (void)json_object_put(document);
    return good;
}

static void *work(void *context)
{
    struct job *job = context;
    struct body body = { .at = NULL };
    struct json_tokener *tokener = json_tokener_new();
    CURL *curl = curl_easy_init();
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    size_t i;
    while (!job->failed && (i = atomic_fetch_add(&job->next, 1)) < job->n_pages) {
        if (!fetch(curl, &job->pages[i], &body) || !parse(tokener, &job->pages[i], &body))
            job->failed = true;
        job->n_bytes += body.len;
    }
    curl_easy_cleanup(curl);
    json_tokener_free(tokener);
    free(body.at);
    return NULL;
}

/* Splits "TOKEN URL" in place: the line belongs to the page from now on. */
static bool read_page(char *line, struct page *page)
{
    char *space = strchr(line, ' ');
    if (space == NULL)
        return false;
    *space = '\0';
    *page = (struct page){ .token = line, .url = space + 1 };
    page->url[strcspn(page->url, "\n")] = '\0';
    return true;
}

static bool read_pages(FILE *file, struct job *job)
{
    char *line = NULL;
    size_t room = 0;
    while (job->n_pages < PAGES_MOST && getline(&line, &room, file) > 0) {
        if (!read_page(line, &job->pages[job->n_pages]))
            break;
        job->n_pages++;
        line = NULL;
        room = 0;
    }
    free(line);
    return feof(file) != 0 && job->n_pages > 0;
}

static void work_together(struct job *job, int n_workers)
{
    pthread_t threads[WORKERS_MOST];
    int started = 0;
    while (started < n_workers && pthread_create(&threads[started], NULL, work, job) == 0)
        started++;
    if (started < n_workers)
        job->failed = true;
    for (int i = 0; i < started; i++)
        (void)pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    static struct page pages[PAGES_MOST];
    int n_workers = argc == 3 ? (int)strtol(argv[1], NULL, 10) : 0;
    if (n_workers < 1 || n_workers > WORKERS_MOST) {
        fprintf(stderr, "usage: fetch-and-parse WORKERS FILE\n");
        return 2;
    }
    struct job job = { .pages = pages };
    FILE *file = fopen(argv[2], "r");
    if (file == NULL || !read_pages(file, &job)) {
        fprintf(stderr, "%s cannot be read\n", argv[2]);
        return 1;
    }
    (void)fclose(file);
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    work_together(&job, n_workers);
    curl_global_cleanup();
    printf("%zu pages, %zu bytes\n", job.n_pages, (size_t)job.n_bytes);
    for (size_t i = 0; i < job.n_pages; i++)
        free(job.pages[i].token);
    return job.failed ? 1 : 0;
}
