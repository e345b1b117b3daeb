/* The log: logfmt lines on standard error. Events are rows with a name, a level and a sentence;
 * what an event carries are named values, never free text with values in it. A `struct secret` has
 * no way in. Library code logs nothing above debug; the program decides the level. */
#pragma once

#include "base/str.h"

/*  id             name               level    sentence */
#define LOG_EVENT_ROWS(X)                                                                          \
    X(REQUEST, "client.request", LOG_DEBUG, "A request was answered, or was not.")                 \
    X(RETRY, "client.retry", LOG_INFO, "A read is tried again.")                                   \
    X(TOKEN, "client.token", LOG_INFO, "A token was asked for.")                                   \
    X(RESCUE, "client.rescue", LOG_WARNING, "A rotated token was kept in a rescue file.")          \
    X(SYNC_PAGE, "sync.page", LOG_DEBUG, "A page was stored.")                                     \
    X(SYNC_ACCOUNT, "sync.account", LOG_DEBUG, "An account was synced, or failed.")                \
    X(PURCHASE, "licence.purchase", LOG_DEBUG, "A purchase took a step.")                          \
    X(STORE_MIGRATE, "store.migrate", LOG_INFO, "The store was brought to a newer form.")          \
    X(SIM_REQUEST, "sim.request", LOG_DEBUG, "The simulator answered.")                            \
    X(SIM_FAULT, "sim.fault", LOG_DEBUG, "The simulator misbehaved as told.")

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR, LOG_NOTHING };

enum log_event {
#define X(id, ...) LOG_##id,
    LOG_EVENT_ROWS(X)
#undef X
        LOG_EVENT_COUNT
};

struct log_field {
    const char *name;
    enum { LOG_TEXT, LOG_INTEGER } kind;
    struct str text;
    int64_t integer;
};

#define LOG_T(name, value) ((struct log_field){ (name), LOG_TEXT, (value), 0 })
#define LOG_I(name, value) ((struct log_field){ (name), LOG_INTEGER, STR_NONE, (value) })

/* log_write(LOG_SYNC_PAGE, LOG_T("connector", name), LOG_I("rows", n)); one line, whole, at once */
#define log_write(event, ...)                                                                      \
    log_fields((event), (const struct log_field[]){ __VA_ARGS__ },                                 \
               sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field))

void log_fields(enum log_event event, const struct log_field *fields, size_t n_fields);

void log_set_level(enum log_level level); /* at start; nothing is written until then */
bool log_level_of(struct str name, enum log_level *ret_level); /* "debug", "info", ... */

struct log_event_row {
    const char *name;
    enum log_level level;
    const char *sentence;
};
const struct log_event_row *log_event_row(enum log_event event);
