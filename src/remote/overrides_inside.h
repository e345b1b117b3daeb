/* Shared by the files that read overrides. Not for others. */
#pragma once

#include "base/json.h"
#include "remote/overrides.h"

struct overrides {
    const struct action **rows; /* as corrected */
    size_t n_rows, rows_room;
    struct corrected_fields {
        const struct field *before, *after;
        struct digest mark; /* of all keys */
    } fields[8];
    size_t n_fields;
    struct override_fact *facts;
    size_t n_facts, facts_room;
};

struct reading {
    struct arena *a;
    struct overrides *o;
    const char *file;
    const char *subject; /* of the facts */
    const char *place;   /* "actions.stellr.customer.list.path" without the file; "" at the top */
    const char *member;  /* the part of the place behind the subject */
    const struct connector *connector;
    struct error *err;
};

/* "overrides.json, actions.x.path: ..." as ST_INVALID. */
enum status refuse(struct reading *r, const char *format, ...) PRINTF_LIKE(2, 3);

/* Refuses a name, saying the nearest or all of the known ones. `what` is "an action". */
enum status refuse_name(struct reading *r, const char *what, struct str name,
                        const char *const *names, size_t n);

/* The reading of what stands one level further in. */
struct reading step_into(const struct reading *r, struct str name);

enum slot_kind {
    SLOT_TEXT,  /* const char *: a text */
    SLOT_VALUE, /* const char *: a text, number or boolean; null takes it away */
    SLOT_PATHS, /* const char *: "a|b", or a list of texts; null takes it away */
    SLOT_WORD,  /* an enum: one of `words` */
    SLOT_WHOLE, /* int */
    SLOT_NEED,  /* enum need: true or false */
    SLOT_OWN,   /* `take` reads it */
};

/* What may stand in an object: one row per member. The last has no name. */
struct slot {
    const char *name;
    enum slot_kind kind;
    size_t offset;
    const char *const *words; /* NULL ends */
    enum status (*take)(struct reading *r, void *target, const struct json *value);
};

/* Reads the members of an object into the target, and notes a fact for each that is new. */
enum status read_slots(struct reading *r, const struct slot *slots, const struct json *object,
                       void *target);

enum status read_text(struct reading *r, const struct json *value, const char **ret_text);
enum status read_paths(struct reading *r, const struct json *value, const char **ret_paths);
void note_fact(struct reading *r, const char *was, const char *is);

/* Rows of parameters as corrected: known ones changed, new ones added. */
enum status read_params(struct reading *r, const struct param *rows, const struct json *object,
                        const struct param **ret_rows);

/* Corrections of field rows: {"stellr": {"accounts": {"name": "companyName"}}}. */
enum status read_fields(struct reading *r, const struct json *object);

/* Whether a corrected row can stand: for itself, and among all others. */
enum status check_row(struct reading *r, const struct action *before, const struct action *after);
enum status check_against_others(struct reading *r, const struct action *before,
                                 const struct action *after);
