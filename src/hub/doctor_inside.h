/* Shared by the files of the doctor. Not for others. */
#pragma once

#include "hub/doctor.h"
#include "hub/inside.h"
#include "hub/shape.h"

#define DOCTOR_REQUESTS_MOST 90 /* of one connection */

/* Changes to a row, so that a question can be put in another way than calls do. */
enum twist {
    AS_IT_IS,
    WITHOUT_PAGES, /* neither size nor place */
    WITH_CLOUD,    /* "/api/v1/cloud/..." (stellr A-20) */
    WITHOUT_TOKEN, /* no authorisation at all */
    IN_SMALL,      /* values of choices as texts: lower case is let through */
};

/* A question. Arguments in braces are filled in with what was learnt before. */
struct probe {
    const char *name; /* NULL ends */
    const char *action;
    const char *arguments; /* "pageNo=1&customerNo={customer}" */
    enum twist twist;
};

struct answer {
    const struct probe *probe;
    const struct action *action; /* as asked */
    enum status status;          /* ST_NOT_FOUND with http 0: could not be asked; `problem` says */
    struct error error;
    const char *problem;
    int http;
    int64_t n_bytes;
    const struct json *document; /* NULL: none */
    const struct shape *shape;   /* NULL: none */
    int64_t ms, n_records;       /* -1: no list */
    int64_t total;               /* -1: none */
    struct answer *next;
};

/* A fact that later questions need: the first that is there, at the paths of an answer. */
struct lesson {
    const char *name; /* "customer"; NULL ends */
    const char *probe, *paths;
};

struct doctor;

struct assumption {
    const char *id; /* "A-13"; NULL ends */
    const char *sentence;
    const char *how;
    const char *probe; /* NULL: reading cannot tell */
    enum verdict (*look)(struct doctor *d, const struct assumption *row, const struct answer *x,
                         struct buf *evidence);
    const char *path;    /* into the shape or the document; for lists of members: their parent */
    unsigned kinds;      /* that are expected there */
    const char *words;   /* that are expected there, or members, or another probe */
    const char *snippet; /* of an override that mends it; or NULL */
};

struct examination {
    const struct probe *probes;
    const struct lesson *lessons;
    const struct assumption *assumptions;
    void (*prepare)(struct doctor *d); /* or NULL */
    const char *key_probe;             /* that needs the API key; NULL: nothing does */
};
extern const struct examination examination_stellr, examination_ion;

struct doctor {
    struct hub *hub;
    struct arena *a;
    struct remark *remarks;
    size_t n, room;
    struct error *worst; /* of the machine, or of the connection under examination */
    struct examined *connections;
    size_t n_connections, room_connections;
    int64_t n_requests;
    struct json_writer *bundle; /* in the list of the connections */

    /* of the connection under examination */
    const struct connection_row *row;
    const struct connector *connector;
    const struct examination *examination;
    struct live *live;
    struct answer *answers;
    struct {
        const char *name;
        struct str value;
    } given[16]; /* lessons learnt in other ways */
    size_t n_given;
    int64_t requests_before;
    int64_t clock_off_ms;
    bool has_clock;
};

struct remark *add_remark(struct doctor *d, enum remark_part part, const char *id,
                          enum verdict verdict, const char *sentence);

/* The machine, the store and the rows. */
void examine_machine(struct doctor *d);
void examine_rows(struct doctor *d);

/* Whether the connection works; says why not. */
bool examine_login(struct doctor *d);

/* Says why a call failed on a connection that gives tokens. */
void diagnose_call(struct doctor *d, const struct answer *x);

/* Asks, once for each name. Never NULL. */
const struct answer *ask_probe(struct doctor *d, const char *name);
/* The same with a row of one's own, which is kept under the probe's name. */
const struct answer *ask_twisted(struct doctor *d, const struct probe *probe,
                                 const struct action *action);
bool doctor_learnt(struct doctor *d, struct str name, struct str *ret_value);
void doctor_give(struct doctor *d, const char *name, struct str value);
void examine_assumptions(struct doctor *d);

/* Ways of looking. */
#define LOOK(name)                                                                                 \
    enum verdict name(struct doctor *d, const struct assumption *row, const struct answer *x,      \
                      struct buf *evidence)
LOOK(look_kinds);    /* the shape at the path is of these kinds */
LOOK(look_members);  /* the members of the shape at the path are there: `words` "a|b" */
LOOK(look_words);    /* the texts at the path are among `words` */
LOOK(look_answered); /* it answers 2xx with JSON */
LOOK(look_refused);  /* it answers the HTTP status in `words` */
LOOK(look_fault);    /* the answer is a fault, and has a text at the path */
LOOK(look_empty);    /* a list without records; a total in `words` ("0", "true") as said there */
LOOK(look_filtered); /* fewer records than the probe in `words` */
LOOK(look_same);     /* the same number of records as the probe in `words` */

/* Evidence of an answer that cannot be looked at: VERDICT_UNTOLD. */
enum verdict untold(const struct answer *x, struct buf *evidence);

void bundle_answers(struct doctor *d, struct json_writer *w);
