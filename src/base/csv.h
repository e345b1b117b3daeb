/* CSV (RFC 4180, and what programs really write): read in pieces of any size, so that a million
 * lines need no memory; written so that a spreadsheet runs nothing. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

struct csv_reader {
    char delimiter;
    size_t line; /* of the input, from 1: where the row that was just read starts */
    size_t next_line;
    struct str text; /* what is not read yet */
    struct buf cells;
    size_t starts[LIMIT_CSV_COLUMNS + 1]; /* of each cell in `cells` */
    size_t n_cells;
    size_t problem_line, problem_column; /* set when a row is refused */
    bool is_unclosed;                    /* ...because a quote takes all the rest of the file */
};

void csv_open(struct csv_reader *r, struct str text, char delimiter);

enum csv_step {
    CSV_ROW,  /* a row was read: n_cells, csv_cell */
    CSV_END,  /* there is no more */
    CSV_WRONG /* the row is refused: `err` says why, the reader's `problem_` members where; the
                 reader stands behind it */
};

/* Blank lines are passed over. A quote inside an unquoted cell is text. */
enum csv_step csv_next(struct csv_reader *r, struct error *err);

struct str csv_cell(const struct csv_reader *r, size_t column); /* "" beyond the last */
void csv_close(struct csv_reader *r);

/* Appends one cell, quoted where it must be. A cell that a spreadsheet would take for a formula
 * (= + - @, tab or return in front, and no number) gets a ' in front. */
void csv_put(struct buf *to, struct str cell, char delimiter);

/* True when a spreadsheet would take the text for a formula. */
bool csv_is_formula(struct str cell);
