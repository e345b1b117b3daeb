/* Shared by the files that build requests. Not for others. */
#pragma once

#include "base/buf.h"
#include "remote/request.h"

struct builder {
    struct arena *a;
    const struct action *action;
    const struct arguments *arguments;
    const struct request_context *context;
    struct buf faults, path, query, form;
    enum method method;
};

/* Faults are collected, so that a person mends all of them in one go. */
void builder_fault(struct builder *b, const char *format, ...) PRINTF_LIKE(2, 3);

/* The value of a parameter: the caller's, checked; the connection's; or the row's own. False: not
 * sent, and a fault when it is needed. */
bool builder_value(struct builder *b, const struct param *p, struct str *ret_value);

/* One value against its row; `name` as people know it. */
void builder_check(struct builder *b, const char *name, const struct param *p, struct str value);

/* The members of a JSON object or of a list of them, against the rows where they are known. */
void builder_check_members(struct builder *b, const char *name, const struct param *p,
                           struct str value);

/* The JSON body: the raw one, or one from the parameters that stand in it. STR_NONE: there is
 * none. */
struct str builder_body(struct builder *b);
