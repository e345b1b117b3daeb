/* Stellion as a C library: TD SYNNEX's marketplaces StreamOne Stellr and StreamOne Ion, action by
 * action.
 *
 *     struct stellion_options options = STELLION_OPTIONS_INIT;
 *     struct stellion_error error;
 *     stellion_client *client;
 *     stellion_answer *answer;
 *
 *     options.marketplace = "stellr";
 *     options.region = "us";
 *     options.client_id = id;
 *     options.client_secret = secret;
 *     if (stellion_open(&options, &client, &error) != STELLION_OK)
 *         return complain(&error);
 *     if (stellion_call(client, "stellr.customer.list", NULL, &answer, &error) == STELLION_OK) {
 *         puts(stellion_answer_body(answer));
 *         stellion_answer_free(answer);
 *     }
 *     stellion_close(client);
 *
 * Rules that hold for all of it:
 *
 * - The library prints nothing, ends nothing, installs no signal handler, and keeps nothing outside
 *   of the objects that it gives out. (libcurl is started once in a process by its nature, by the
 *   first client; libsodium too.) Running out of memory is STELLION_NO_MEMORY.
 * - A client may be used by any number of threads at once. An answer, a walk over pages and a plan
 *   belong to one thread at a time. stellion_close comes after everybody's last use.
 * - What a function gives out through `ret_...` belongs to the caller, and is set only together
 *   with STELLION_OK. What a `const char *` accessor returns belongs to the object and lives as
 *   long. Text that is handed in is copied; it may be freed when the function returns.
 * - Texts are UTF-8 and end with NUL. An error may always be NULL.
 * - Calls block. A read that fails on the way is sent again, up to four times, with pauses; what
 *   changes something is sent once. STELLION_UNKNOWN means that it was sent, and that no answer
 *   tells what became of it: look before you send it again.
 * - Actions that cost money are refused (STELLION_RULE) by stellion_call, generic requests and raw
 *   bodies included. With a store they go through a plan (stellion_plan_make); without one there is
 *   no way.
 * - A process that was forked from one with a client must not use that client.
 */
#ifndef STELLION_H
#define STELLION_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STELLION_VERSION_MAJOR 0
#define STELLION_VERSION_MINOR 1
#define STELLION_VERSION_PATCH 0

#if defined(__GNUC__)
#define STELLION_API __attribute__((visibility("default")))
#else
#define STELLION_API
#endif

/* "0.1.0": of the library that is running, which may be newer than this header. Any thread. */
STELLION_API const char *stellion_version(void);

/* How something ended. The numbers are the exit codes of the command line and stay as they are;
 * later versions may add some. */
enum stellion_status {
    STELLION_OK = 0,
    STELLION_INVALID = 2,        /* the call or its arguments are wrong; nothing was sent */
    STELLION_NOT_FOUND = 3,      /* what was asked for does not exist */
    STELLION_CREDENTIALS = 4,    /* the remote refused the credentials */
    STELLION_FORBIDDEN = 5,      /* the credentials are good but lack the permission */
    STELLION_CONFLICT = 6,       /* something else is being done to the same thing */
    STELLION_RULE = 7,           /* a rule of the remote, or of ours, forbids it */
    STELLION_RATE = 8,           /* the remote asked to slow down */
    STELLION_UNREACHABLE = 9,    /* nothing was sent: name, connection or TLS failed */
    STELLION_REMOTE = 10,        /* the remote failed */
    STELLION_UNREADABLE = 11,    /* the remote sent something that cannot be read */
    STELLION_UNKNOWN = 12,       /* it was sent, and no answer tells what became of it */
    STELLION_LIMIT = 13,         /* something is larger than a limit allows */
    STELLION_BUSY = 14,          /* another process is doing this right now */
    STELLION_STORE = 15,         /* the store failed, or the save callback did */
    STELLION_FULL = 16,          /* the disk of the store is full */
    STELLION_STORE_VERSION = 17, /* the store was written by another version */
    STELLION_KEY = 18,           /* the key that seals the store's secrets is missing or wrong */
    STELLION_PAUSED = 19,        /* the connection waits for an administrator */
    STELLION_PARTIAL = 20,       /* some of it worked and some did not */
    STELLION_EMPTY = 21,         /* the remote answered, with nothing in it */
    STELLION_VANISHED = 22,      /* too much is missing at the remote to believe it */
    STELLION_TOKEN_LOST = 23,    /* a person must create a new token */
    STELLION_CANCELLED = 24,     /* stellion_cancel was called */
    STELLION_NO_MEMORY = 25,     /* this machine has no memory left for it */
    STELLION_MISMATCH = 26,      /* what was read back is not what was wanted */
    STELLION_INTERNAL = 70       /* a fault of the library */
};

/* "not-found": for programs, never renamed. "internal" for numbers that are none. Any thread. */
STELLION_API const char *stellion_status_name(enum stellion_status status);

/* What went wrong, by value: the caller's, and nothing in it needs freeing. Set by every function
 * that takes one: cleared with STELLION_OK. */
struct stellion_error {
    enum stellion_status code;
    int http_status;        /* of the remote's answer; 0: there was none */
    char request_id[80];    /* the remote's own name for the request, for its support; or "" */
    char text[1024];        /* sentences: what failed, on what, why */
    char hint[768];         /* what to do; or "" */
    char remote_words[256]; /* the remote's own words, made printable and cut; or "" */
};

/* Ion's refresh tokens work once: each use brings the next one, and whoever loses that must create
 * a new token in the portal by hand. So a client without a store cannot be opened without a place
 * to keep it. What is kept is a text of the library's own: the token, when it came, whether one was
 * sent and not answered, and the access token. It is a secret. Treat it as opaque, keep it whole.
 *
 * The callbacks are called by one thread at a time, in the thread of a stellion_... call. They must
 * not use the client that calls them. */
struct stellion_token_keeper {
    size_t size; /* sizeof(struct stellion_token_keeper) */
    void *context;

    /* Mandatory. Keeps `text` in place of what was kept before, such that it survives a crash:
     * a new file, fsync, rename (docs/examples/ion-token-file.c). Returns 0 only then. It is called
     * before each use of a token, too: what cannot be saved now will not be sent. When it
     * fails for a new token, the call fails with STELLION_STORE, the client holds on to the token,
     * and every later call and stellion_close try again to save it before anything else. */
    int (*save)(void *context, const char *text);

    /* May be NULL: then stellion_options.refresh_token is where it starts. Puts what was saved last
     * (or a token as the portal shows it) into `text`, NUL included, and returns 0; an empty text
     * when there is nothing yet. What has not room in `room` bytes cannot be ours: return 1. */
    int (*load)(void *context, char *text, size_t room);

    /* May both be NULL when no other process uses the same token. Otherwise `lock` waits until this
     * process alone may load, use and save it, and returns 0; `unlock` ends that. */
    int (*lock)(void *context);
    void (*unlock)(void *context);
};

#define STELLION_TOKEN_KEEPER_INIT                                                                 \
    {                                                                                              \
        sizeof(struct stellion_token_keeper), NULL, NULL, NULL, NULL, NULL                         \
    }
#define STELLION_TOKEN_BYTES 65536 /* room that `load` is given; what is saved is shorter */

/* How to open a client: either with a store, or with credentials. Members that are not needed stay
 * NULL. Later versions may add members at the end; `size` tells which ones the caller knows. */
struct stellion_options {
    size_t size; /* sizeof(struct stellion_options) */

    /* With a store: the data directory of the command line, which keeps credentials and tokens. The
     * connection by name; NULL when there is but one. Nothing below is given then. */
    const char *data_directory;
    const char *connection;

    /* With credentials. */
    const char *marketplace; /* "stellr" or "ion" */
    const char *region;      /* Stellr: "us", "ca", "br", "mx" */
    int sandbox;             /* 1: the sandbox of the marketplace */
    const char *base_url;    /* another address than that of region and sandbox; plain http goes to
                                this machine only */
    const char *token_url;   /* where tokens are got; NULL: below `base_url`, as usual */

    const char *client_id; /* Stellr */
    const char *client_secret;

    const char *account_id;    /* Ion: the number in the portal's address */
    const char *refresh_token; /* Ion: where `keeper` has nothing yet. What it has wins */
    const struct stellion_token_keeper *keeper; /* Ion: mandatory */
    const char *api_key; /* Ion: of the calls of its older versions (v1, v2); they may be NULL */
    const char *api_secret;
};

#define STELLION_OPTIONS_INIT                                                                      \
    {                                                                                              \
        sizeof(struct stellion_options), NULL, NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL,  \
            NULL, NULL, NULL, NULL                                                                 \
    }

typedef struct stellion_client stellion_client;
typedef struct stellion_answer stellion_answer;
typedef struct stellion_pages stellion_pages;

/* Opens a client. Nothing is sent yet: wrong credentials show at the first call. With a store:
 * STELLION_NOT_FOUND, STELLION_PAUSED, STELLION_KEY and the like say what is the matter with it. */
STELLION_API enum stellion_status stellion_open(const struct stellion_options *options,
                                                stellion_client **ret_client,
                                                struct stellion_error *error);

/* Frees a client, after the last use by any thread and the last walk over pages. A token that
 * could not be saved is offered to `save` once more. NULL is fine. */
STELLION_API void stellion_close(stellion_client *client);

/* Ends all calls of a client within about a second, with STELLION_CANCELLED, and all later ones at
 * once; what was sent already and changes something is waited for. From any thread, and from a
 * signal handler. */
STELLION_API void stellion_cancel(stellion_client *client);

/* One argument of an action, by the name that the action's description says. A null pointer as text
 * leaves the argument out. */
enum stellion_type { STELLION_TEXT = 0, STELLION_INTEGER = 1, STELLION_BOOLEAN = 2 };

struct stellion_argument {
    const char *name;
    enum stellion_type type;
    const char *text; /* STELLION_TEXT: also decimals ("1.50"), dates ("2026-01-31"), and lists
                         and objects as JSON */
    int64_t integer;  /* STELLION_INTEGER; STELLION_BOOLEAN: 0 or 1 */
};

static inline struct stellion_argument stellion_text(const char *name, const char *text)
{
    struct stellion_argument argument = { name, STELLION_TEXT, text, 0 };
    return argument;
}

static inline struct stellion_argument stellion_integer(const char *name, int64_t value)
{
    struct stellion_argument argument = { name, STELLION_INTEGER, NULL, value };
    return argument;
}

static inline struct stellion_argument stellion_boolean(const char *name, int value)
{
    struct stellion_argument argument = { name, STELLION_BOOLEAN, NULL, value != 0 };
    return argument;
}

/* All arguments of a call: typed ones, an object of JSON, or both; the typed ones win. */
struct stellion_arguments {
    size_t size; /* sizeof(struct stellion_arguments) */
    const struct stellion_argument *at;
    size_t n;
    const char *json; /* {"customerNo": 700101, "note": "..."}; or NULL */
    const char *body; /* sent as it is, in place of the arguments that stand in the body; or NULL */
};

#define STELLION_ARGUMENTS_INIT                                                                    \
    {                                                                                              \
        sizeof(struct stellion_arguments), NULL, 0, NULL, NULL                                     \
    }

/* Calls an action ("stellr.customer.get"), and gives the remote's answer as it came. `arguments`
 * may be NULL. All faults of the arguments are told at once, before anything is sent. An answer of
 * 2xx in which the remote complains is an error as well. STELLION_RULE for what costs money, and,
 * with a store, for whatever changes something through a connection that is read-only. */
STELLION_API enum stellion_status stellion_call(stellion_client *client, const char *action,
                                                const struct stellion_arguments *arguments,
                                                stellion_answer **ret_answer,
                                                struct stellion_error *error);

/* The body as the remote sent it, NUL-terminated: JSON; "" when there was none. */
STELLION_API const char *stellion_answer_body(const stellion_answer *answer);
STELLION_API size_t stellion_answer_bytes(const stellion_answer *answer); /* without the NUL */
STELLION_API int stellion_answer_http_status(const stellion_answer *answer);
/* The remote's own name for the request; "" when it gave none. */
STELLION_API const char *stellion_answer_request_id(const stellion_answer *answer);
STELLION_API void stellion_answer_free(stellion_answer *answer); /* NULL is fine */

/* Walks a list, record by record, over all its pages, asking for the next page when it is wanted. A
 * page size or a place to start may be among the arguments. STELLION_INVALID when the action
 * answers one document. The client must outlive the walk. */
STELLION_API enum stellion_status stellion_pages_open(stellion_client *client, const char *action,
                                                      const struct stellion_arguments *arguments,
                                                      stellion_pages **ret_pages,
                                                      struct stellion_error *error);

/* The next record as JSON, good until the next call for the same walk; NULL behind the last one.
 * After an error of the way, the same page may be asked for again by calling it again; after
 * STELLION_NO_MEMORY the walk is over, and says so each time. */
STELLION_API enum stellion_status stellion_pages_next(stellion_pages *pages,
                                                      const char **ret_record,
                                                      struct stellion_error *error);

STELLION_API int stellion_pages_number(const stellion_pages *pages);    /* of the page, from 1 */
STELLION_API int64_t stellion_pages_count(const stellion_pages *pages); /* records given so far */
STELLION_API int64_t stellion_pages_total(const stellion_pages *pages); /* by the remote; -1 */
STELLION_API const char *stellion_pages_request_id(const stellion_pages *pages);
/* 1: the walk came to its end, and the number of records is what the remote said it would be, from
 * the first page to the last. Do not take what an incomplete list lacks for deleted. */
STELLION_API int stellion_pages_complete(const stellion_pages *pages);
STELLION_API void stellion_pages_close(stellion_pages *pages); /* NULL is fine */

/* Buying, with a store only. What costs money goes out in three steps: a plan is made by reading, a
 * person (or a program that answers for one) says yes to it, and what was shown is sent, once, and
 * watched. All of it is kept in the store; whatever kills the process, `stellion purchases` and
 * stellion_purchase_look tell how it stands. */
typedef struct stellion_plan stellion_plan;

/* What travels with a purchase. */
struct stellion_approval {
    size_t size; /* sizeof(struct stellion_approval) */
    const char *reason;
    const char *purchase_order;
    const char *requester;
};

#define STELLION_APPROVAL_INIT                                                                     \
    {                                                                                              \
        sizeof(struct stellion_approval), NULL, NULL, NULL                                         \
    }

/* Reads, and works out what an action or recipe would send and do. Changes nothing. `approval` may
 * be NULL. STELLION_INVALID for what costs nothing: call that. The plan belongs to one thread at a
 * time; the client must outlive it. */
STELLION_API enum stellion_status stellion_plan_make(stellion_client *client, const char *action,
                                                     const struct stellion_arguments *arguments,
                                                     const struct stellion_approval *approval,
                                                     stellion_plan **ret_plan,
                                                     struct stellion_error *error);

/* A sentence for whoever says yes, and all of it as JSON: the request to the byte, seats before and
 * after, price, until when it binds, whether it can be undone. */
STELLION_API const char *stellion_plan_summary(const stellion_plan *plan);
STELLION_API const char *stellion_plan_json(const stellion_plan *plan);
STELLION_API int stellion_plan_is_done_already(const stellion_plan *plan); /* 1: nothing to do */

#define STELLION_AGAIN 1 /* though the same was bought a moment ago, or is so already */

/* Says yes, in the name of the operating system's user of this process, and sends: once per plan.
 * Watches for at most `wait_s` seconds. STELLION_OK: done and read back. STELLION_PARTIAL: some
 * items. STELLION_RULE: the store's policy forbids it (a connection to a live service is read-only
 * until `stellion policy buying on`). STELLION_CONFLICT: the world moved on since the plan was
 * made, another purchase is open, or what was read back differs. STELLION_UNKNOWN: it was sent, and
 * is not known to be done: look again, never send again. */
STELLION_API enum stellion_status stellion_plan_approve(stellion_plan *plan, int flags, int wait_s,
                                                        struct stellion_error *error);

/* After the approval, also a failed one: the purchase's number; 0: none was begun. */
STELLION_API int64_t stellion_plan_purchase(const stellion_plan *plan);
/* The service's answer where it holds a password, which is kept nowhere; else NULL. */
STELLION_API const char *stellion_plan_answer(const stellion_plan *plan);
STELLION_API void stellion_plan_free(stellion_plan *plan); /* NULL is fine */

/* A purchase with its steps and items, as JSON in an answer of HTTP status 0. An open one is looked
 * after first, for at most `wait_s` seconds, and closed when reading can tell what became of it; a
 * negative `wait_s` only looks into the store. */
STELLION_API enum stellion_status stellion_purchase_look(stellion_client *client, int64_t purchase,
                                                         int wait_s, stellion_answer **ret_purchase,
                                                         struct stellion_error *error);

/* The names of all actions, one by one, of both marketplaces; NULL behind the last. Any thread. */
STELLION_API const char *stellion_action_name(size_t index);

/* Everything about an action as JSON, in an answer of HTTP status 0: parameters with type, place
 * and example; effect (READ, WRITE, MONEY); trust mark. With a client as its connection has it,
 * corrections of the store included; the client may be NULL. */
STELLION_API enum stellion_status stellion_action_describe(stellion_client *client,
                                                           const char *action,
                                                           stellion_answer **ret_description,
                                                           struct stellion_error *error);

#ifdef __cplusplus
}
#endif
#endif
