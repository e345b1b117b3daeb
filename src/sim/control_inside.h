/* What the files of the control path share. Not for others. */
#pragma once

#include "base/json.h"
#include "sim/control.h"
#include "sim/inside.h"

/* One request to the control path. The lock of the state is held. */
struct control {
    struct sim *sim;
    struct exchange *x;
    struct arena *a;
    struct str name;         /* the segment of "{name}" */
    const struct json *body; /* NULL: none; else an object with known members only */
    struct json_writer w;    /* the answer */
};

/* Members of the body. ST_INVALID when one is absent, of another type, or out of bounds. */
enum status want_text(const struct control *c, const char *key, struct str *ret_text,
                      struct error *err);
enum status want_integer(const struct control *c, const char *key, int64_t least, int64_t most,
                         int64_t *ret_value, struct error *err);
struct str query_text(const struct control *c, const char *name); /* STR_NONE: not there */
enum status query_integer(const struct control *c, const char *name, int64_t otherwise,
                          int64_t *ret_value, struct error *err);

/* "stellr" or "ion" */
enum status want_marketplace(const struct control *c, enum marketplace *ret_at, struct error *err);

/* What the rows of the table give: control_state.c */
enum status control_index(struct control *c, struct error *err);
enum status control_clock(struct control *c, struct error *err);
enum status control_set_clock(struct control *c, struct error *err);
enum status control_advance(struct control *c, struct error *err);
enum status control_freeze(struct control *c, struct error *err);
enum status control_run(struct control *c, struct error *err);
enum status control_knobs(struct control *c, struct error *err);
enum status control_turn(struct control *c, struct error *err);
enum status control_reset_knobs(struct control *c, struct error *err);
enum status control_faults(struct control *c, struct error *err);
enum status control_put_faults(struct control *c, struct error *err);
enum status control_add_fault(struct control *c, struct error *err);
enum status control_clear_faults(struct control *c, struct error *err);
enum status control_snapshots(struct control *c, struct error *err);
enum status control_keep(struct control *c, struct error *err);
enum status control_restore(struct control *c, struct error *err);
enum status control_world(struct control *c, struct error *err);
enum status control_scenario(struct control *c, struct error *err);

/* control_people.c */
enum status control_portal(struct control *c, struct error *err);
enum status control_journal(struct control *c, struct error *err);
enum status control_clear_journal(struct control *c, struct error *err);
enum status control_credentials(struct control *c, struct error *err);
enum status control_make_credential(struct control *c, struct error *err);
enum status control_revoke(struct control *c, struct error *err);
enum status control_expire(struct control *c, struct error *err);
enum status control_lose(struct control *c, struct error *err);
