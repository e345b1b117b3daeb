/* The doctor: what is wrong when a connection fails; and, when it works, which of the things that
 * are only assumed about a marketplace hold. It changes nothing at the remote: it asks for tokens
 * and sends READ actions, each bounded. On Ion asking may use up the refresh token, whose successor
 * is kept as always; the remarks say when it did. */
#pragma once

#include "hub/hub.h"

enum verdict {
    VERDICT_GOOD,   /* "ok"; of an assumption: "held" */
    VERDICT_BAD,    /* "wrong"; "did not hold" */
    VERDICT_UNTOLD, /* "could not tell" */
    VERDICT_NOTE,   /* "note": worth knowing, and no fault */
};

enum remark_part {
    PART_MACHINE,    /* this machine and the store */
    PART_ROWS,       /* what is built in, by its trust, and what the user corrected */
    PART_LOGIN,      /* of one connection: from the name of the host to the first list */
    PART_ASSUMPTION, /* of one connection, that works */
    PARTS,
};

struct remark {
    enum remark_part part;
    struct str connection; /* STR_NONE: of the machine */
    const char *id;        /* "clock", "bad-secret", "A-13" */
    enum verdict verdict;
    const char *sentence; /* what is looked at, or what is wrong */
    const char *how;      /* it was looked at; "" */
    const char *evidence; /* short, without secrets and without customers' data; "" */
    const char *detail;   /* for the person at the machine only: the remote's own words; "" */
    const char *advice;   /* what to do; "" */
    const char *snippet;  /* JSON for the file of overrides that would mend it; "" */
    const char *guess_of; /* the kind of connection whose row or field is a guess; or NULL */
};

const char *remark_verdict(const struct remark *remark); /* "held" */
const char *remark_part_name(enum remark_part part);     /* "assumption" */

/* How a connection stands. */
struct examined {
    struct str name;
    bool works;
    int n_held, n_not_held, n_untold; /* assumptions */
};

struct checkup {
    const struct remark *remarks;
    size_t n;
    const struct examined *connections;
    size_t n_connections;
    int64_t n_requests;
    struct str bundle; /* all of it as JSON, to hand on: no secret, no customer's data */
};

/* Looks at the machine and at one connection, or at all when the name is STR_NONE. ST_OK whatever
 * it finds, but for the store and for being told to stop. *ret_worst is the status of the first
 * connection that does not work, or of the machine. */
enum status hub_doctor(struct hub *hub, struct arena *a, struct str connection,
                       struct checkup *ret_checkup, struct error *ret_worst, struct error *err);
