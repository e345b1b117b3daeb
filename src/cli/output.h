/* Lists on standard output, in the three forms that every list has: a table that fits the terminal,
 * JSON that is complete, CSV that a spreadsheet can open without running anything.
 *
 *     struct output out;
 *     output_begin(&out, format, columns, n);
 *     output_row(&out, cells);        (once per row, n cells)
 *     output_end(&out, err); */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV };

struct column {
    const char *key;   /* in JSON and CSV: snake_case */
    const char *title; /* in the table; NULL: not shown there */
    bool is_right;     /* numbers stand right */
    int leaves;        /* on a narrow terminal the highest leaves the table first; 0: stays */
};

enum cell_kind { CELL_TEXT, CELL_NUMBER, CELL_BOOLEAN, CELL_NULL };

struct cell {
    enum cell_kind kind;
    struct str text;  /* for programs; of a number as sent */
    struct str shown; /* for people; STR_NONE: the same */
};

/* What a terminal may see: on one line, nothing that steers it, nothing that hides. */
struct str printable(struct arena *a, struct str text);

struct cell cell_text(struct str text); /* STR_NONE gives null */
struct cell cell_number(struct str number);
struct cell cell_integer(struct arena *a, int64_t number);
struct cell cell_boolean(bool value);
struct cell cell_shown(struct cell cell, struct str shown);

struct output {
    enum format format;
    const struct column *columns;
    size_t n_columns;
    struct buf line;
    int64_t n_rows;

    /* Table: rows wait until the widths are known */
    struct arena arena;
    struct str *cells;
    size_t n_cells, room;
    size_t *widths;
    bool *is_hidden;
    size_t n_hidden; /* for lack of room */
    bool has_header;
    bool wraps; /* set after output_begin: long texts go on below instead of being cut */
};

void output_begin(struct output *out, enum format format, const struct column *columns, size_t n);
void output_row(struct output *out, const struct cell *cells);

/* `filled` is how making the rows ended, and is what comes back when it is not ST_OK; then nothing
 * more is printed, so that half a list does not look whole: JSON stays open, a table is not begun
 * anew. ST_STORE when standard output took not all of it (a full disk, a closed pipe). */
enum status output_end(struct output *out, enum status filled, struct error *err);

/* One JSON document or text, whole. */
enum status output_text(struct str text, struct error *err);

/* Sentences for people go to standard error, so that standard output stays clean. What would steer
 * a terminal is replaced, but for line ends. */
void say(const char *format, ...) PRINTF_LIKE(1, 2);
