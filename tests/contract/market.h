/* A marketplace in shared memory, for purchases on bad days: it carries out changes, answers as its
 * day tells, and lives on when the process of a buyer dies. */
#pragma once

#include "../unit/fake.h"
#include "licence/purchase.h"

#define DIED       9 /* exit code of a buyer that died on the way */
#define SEATS      42
#define WANTED     45
#define MINUTES(n) (INT64_C(60000) * (n))

/* What happens to the sending. */
enum day {
    GOOD,
    DIES_BEFORE_SENDING, /* after the intent is committed */
    DIES_AFTER_SENDING,  /* carried out, and the process dies before the answer is read */
    DIES_BEFORE_ARRIVAL, /* the process dies, and the request with it */
    ANSWER_LOST,         /* carried out, no answer */
    REQUEST_LOST,        /* not carried out, no answer */
    FAULT_AFTER,         /* carried out, HTTP 500 */
    HTML_AFTER,          /* carried out, HTML with 200 */
    REFUSED_422,
    REFUSED_409,
    TOKEN_REFUSED,      /* 401 once, then good */
    TOO_MANY,           /* 429 once, then good */
    UNREACHABLE,        /* nothing is sent */
    ADDS,               /* the service takes the number as a difference */
    OPERATION_FAILS,    /* taken, then Failed */
    ERROR_INSIDE,       /* 200 with an error in it, nothing done */
    EMPTY_ANSWER,       /* 204, done at once */
    PORTAL_EDITS,       /* somebody changes other seats meanwhile */
    PORTAL_EDITS_FIRST, /* somebody changes these seats after the plan was shown */
    EDITED_WHILE_429,   /* 429, and while we wait somebody changes these seats */
    HTML_REFUSAL_AFTER, /* carried out, and a proxy answers 404 in HTML */
    HTML_401_AFTER,     /* carried out, and a proxy answers 401 in HTML, once */
    OTHER_OPERATION,    /* the poll answers with somebody else's operation, which succeeded */
    FAILS_AND_EDITED,   /* the operation fails, and somebody else made the same change */
    BATCH,              /* two lines are bought; one fails; results in another order */
    DOUBLED,            /* the list holds one subscription twice, and another not */
    OTHER_NEW,          /* lost, and somebody else buys something else, of as many seats */
    TWO_NEW,            /* lost, and two new ones are there, and many other changes */
    FORGOTTEN,          /* taken; asked for the operation, the service knows none */
};

/* The marketplace, shared by all processes of a test. */
struct market {
    enum day day;
    int64_t seats, others;
    int n_posts, n_done; /* requests that arrived, and changes carried out */
    int n_polls, n_many, n_new;
    bool has_failed;
};

extern struct market *market; /* made by the test */

/* One process's view: a client over the market, and the store of the folder. */
struct buyer {
    struct fake_client fake;
    struct transport transport;
    struct call call;
    struct store *store;
    struct licence licence;
    struct arena a;
    struct error err;
};

struct connection_row connection_row_of(void);
void buyer_open(struct buyer *b, const char *folder, int64_t later_ms);
void buyer_close(struct buyer *b);
enum status make_plan(struct buyer *b, const char *action, const struct arguments *arguments,
                      const struct plan_options *options, struct plan *plan);
enum status plan_seats(struct buyer *b, int64_t seats, struct plan *plan);
enum status approve_and_run(struct buyer *b, struct plan *plan, struct purchase_row *row);
