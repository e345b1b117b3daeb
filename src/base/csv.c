/* Reading and writing CSV. */
#include "base/csv.h"

#include "base/decimal.h"

void csv_open(struct csv_reader *r, struct str text, char delimiter)
{
    *r = (struct csv_reader){
        .delimiter = delimiter,
        .next_line = 1,
        .text = text,
        .cells = BUF((size_t)LIMIT_CSV_CELL_BYTES * 16),
    };
}

void csv_close(struct csv_reader *r)
{
    buf_release(&r->cells);
}

static int peek(const struct csv_reader *r)
{
    return r->text.len > 0 ? (unsigned char)r->text.at[0] : -1;
}

static void pass(struct csv_reader *r)
{
    if (r->text.at[0] == '\n')
        r->next_line++;
    r->text = str_from(r->text, 1);
}

static bool at_line_end(const struct csv_reader *r)
{
    return peek(r) == -1 || peek(r) == '\n' ||
           (peek(r) == '\r' && (r->text.len < 2 || r->text.at[1] == '\n'));
}

static void pass_line_end(struct csv_reader *r)
{
    if (peek(r) == '\r')
        pass(r);
    if (peek(r) == '\n')
        pass(r);
}

/* Passes a quoted cell from somewhere behind its first quote, with its last one. */
static void pass_quoted(struct csv_reader *r)
{
    while (peek(r) != -1) {
        bool is_quote = peek(r) == '"';
        pass(r);
        if (is_quote && peek(r) != '"')
            return;
        if (is_quote)
            pass(r);
    }
    r->is_unclosed = true;
}

/* Passes what is left of a row, so that nothing inside its quoted cells is taken for a line. */
static void pass_row(struct csv_reader *r, bool is_quoted)
{
    if (is_quoted)
        pass_quoted(r);
    while (!at_line_end(r)) {
        bool ends_cell = peek(r) == r->delimiter;
        pass(r);
        if (ends_cell && peek(r) == '"') {
            pass(r);
            pass_quoted(r);
        }
    }
    pass_line_end(r);
}

static enum csv_step refuse(struct csv_reader *r, bool is_quoted, struct error *err,
                            const char *why)
{
    r->problem_line = r->line;
    r->problem_column = r->n_cells + 1;
    fail(err, ST_INVALID, "%s", why);
    pass_row(r, is_quoted);
    return CSV_WRONG;
}

/* The inside of a quoted cell, behind its first quote, and the quote that ends it. */
static const char *take_quoted(struct csv_reader *r, bool *ret_is_quoted)
{
    *ret_is_quoted = true;
    for (;;) {
        int c = peek(r);
        if (c == -1) {
            r->is_unclosed = true;
            return "a quoted cell has no closing quote, and so takes the rest of the file";
        }
        if (c == '"') {
            pass(r);
            if (peek(r) != '"')
                break;
        }
        buf_add_char(&r->cells, (char)c);
        pass(r);
        if (r->cells.len - r->starts[r->n_cells] > LIMIT_CSV_CELL_BYTES)
            return "a cell is longer than 64 KiB";
    }
    *ret_is_quoted = false;
    if (peek(r) != r->delimiter && !at_line_end(r))
        return "something follows the closing quote of a cell";
    return NULL;
}

static const char *take_plain(struct csv_reader *r)
{
    size_t len = 0;
    while (len < r->text.len && r->text.at[len] != r->delimiter && r->text.at[len] != '\n')
        len++;
    size_t kept = len;
    bool ends_line = len == r->text.len || r->text.at[len] == '\n';
    if (ends_line && kept > 0 && r->text.at[kept - 1] == '\r')
        kept--;
    if (kept > LIMIT_CSV_CELL_BYTES)
        return "a cell is longer than 64 KiB";
    buf_add(&r->cells, (struct str){ r->text.at, kept });
    r->text = str_from(r->text, kept);
    return NULL;
}

/* NULL when the cell is good. *ret_is_quoted: the reader still stands inside of its quotes. */
static const char *take_cell(struct csv_reader *r, bool *ret_is_quoted)
{
    size_t start = r->starts[r->n_cells] = r->cells.len;
    const char *problem;
    if (peek(r) == '"') {
        pass(r);
        problem = take_quoted(r, ret_is_quoted);
    } else {
        problem = take_plain(r);
    }
    if (problem == NULL && memchr(r->cells.at + start, '\0', r->cells.len - start) != NULL)
        problem = "a cell holds the character NUL";
    return problem == NULL && r->cells.exceeded ? "the line is too long" : problem;
}

static bool pass_blank_lines(struct csv_reader *r)
{
    while (peek(r) != -1 && at_line_end(r))
        pass_line_end(r);
    return peek(r) != -1;
}

enum csv_step csv_next(struct csv_reader *r, struct error *err)
{
    if (!pass_blank_lines(r))
        return CSV_END;
    r->line = r->next_line;
    r->n_cells = 0;
    buf_clear(&r->cells);
    for (;;) {
        bool is_quoted = false;
        const char *problem = take_cell(r, &is_quoted);
        if (problem != NULL)
            return refuse(r, is_quoted, err, problem);
        r->starts[++r->n_cells] = r->cells.len;
        if (at_line_end(r))
            break;
        if (r->n_cells == LIMIT_CSV_COLUMNS)
            return refuse(r, false, err, "the line has more than 256 columns");
        pass(r); /* the delimiter */
    }
    pass_line_end(r);
    return CSV_ROW;
}

struct str csv_cell(const struct csv_reader *r, size_t column)
{
    if (column >= r->n_cells)
        return STR("");
    return (struct str){ r->cells.at + r->starts[column],
                         r->starts[column + 1] - r->starts[column] };
}

bool csv_is_formula(struct str cell)
{
    if (cell.len == 0 || strchr("=+-@\t\r", cell.at[0]) == NULL)
        return false;
    struct decimal number;
    struct error ignored;
    return cell.at[0] != '-' || decimal_parse(cell, &number, NULL, &ignored) != ST_OK;
}

void csv_put(struct buf *to, struct str cell, char delimiter)
{
    bool quoted = csv_is_formula(cell);
    for (size_t i = 0; i < cell.len && !quoted; i++)
        quoted = cell.at[i] == delimiter || cell.at[i] == '"' || cell.at[i] == '\n' ||
                 cell.at[i] == '\r';
    if (!quoted) {
        buf_add(to, cell);
        return;
    }
    buf_add_char(to, '"');
    if (csv_is_formula(cell))
        buf_add_char(to, '\'');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.at[i] == '"')
            buf_add_char(to, '"');
        buf_add_char(to, cell.at[i]);
    }
    buf_add_char(to, '"');
}
