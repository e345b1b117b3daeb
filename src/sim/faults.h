/* Bad days: what the simulator can be told to do wrong. */
#pragma once

#include "net/server.h"
#include "remote/action.h"

/*  id            name                what happens */
#define FAULT_ROWS(X)                                                                              \
    X(400, "400", "the request is refused (HTTP 400) although it is good")                         \
    X(401, "401", "the token is refused (HTTP 401) although it is good")                           \
    X(403, "403", "the permission is refused (HTTP 403) although it is there")                     \
    X(429, "429", "too many requests (HTTP 429); Retry-After as the knob retry_after_s says")      \
    X(429_AFTER, "429-retry-after", "too many requests (HTTP 429) with Retry-After: 1")            \
    X(500, "500", "a fault inside the service (HTTP 500)")                                         \
    X(SLOW, "slow", "the answer comes two seconds late")                                           \
    X(HTML, "html", "a page of HTML instead of JSON, with HTTP 200")                               \
    X(CUT, "cut", "the connection ends in the middle of the body")                                 \
    X(CLOSE, "close", "a kept-alive connection ends without a byte of an answer")                  \
    X(DROP, "drop-answer", "the request is carried out and its answer never sent")                 \
    X(GATEWAY, "gateway-timeout", "the request is carried out and answered with HTTP 504 in HTML") \
    X(TOTAL_MOVES, "total-moves", "a list says another total on each page")                        \
    X(PAGE_REPEATS, "page-repeats", "every page of a list is its first")                           \
    X(PAGE_VANISHES, "page-vanishes", "pages behind the first are empty")                          \
    X(EMPTY_BODY, "empty-body", "HTTP 200 without a body")                                         \
    X(OTHER_SHAPE, "other-shape", "HTTP 200 with JSON of another shape")

enum fault_kind {
#define X(id, ...) FAULT_##id,
    FAULT_ROWS(X)
#undef X
        FAULT_KINDS
};

struct fault_row {
    const char *name, *doc;
};
const struct fault_row *fault_row(enum fault_kind kind);

/* "NAME[:SHARE][#COUNT][@WHERE]": SHARE of the requests (0 to 1; all without it), the first COUNT
 * of them only, and only those of one action ("stellr.subscription.cancel") or whose path and query
 * hold a text. */
struct fault {
    enum fault_kind kind;
    int64_t parts; /* of a million */
    int64_t count; /* 0: no end */
    const struct action *action;
    struct str text;    /* STR_NONE: any, or an action is given */
    struct str written; /* as it was given */
    int64_t n_matching, n_struck;
};

#define FAULTS_MAX 32

/* Guarded by the lock of the state. */
struct faults {
    uint64_t seed;
    struct fault at[FAULTS_MAX];
    size_t n;
};

/* Adds one. ST_INVALID names what is wrong and lists the names. */
enum status fault_parse(struct arena *a, struct str text, struct faults *faults, struct error *err);

/* The fault that strikes this request, or FAULT_KINDS for none. */
enum fault_kind fault_choose(struct faults *faults, const struct exchange *x,
                             const struct action *action);
