/* The comparison as table, JSON or CSV. */
#pragma once

#include "base/json_write.h"
#include "cli/command.h"

struct report {
    struct context *context;
    struct output out; /* table and CSV */
    struct buf json;
    struct json_writer writer; /* JSON */
    struct arena arena;        /* of one position */
    int64_t n_positions;
};

void report_begin(struct report *report, struct context *context);
void report_position(struct report *report, const struct position *position);
/* `filled` is how making the positions ended (output_end); `sum` counts when it is ST_OK. */
enum status report_end(struct report *report, enum status filled, const struct reconciliation *sum,
                       struct error *err);
