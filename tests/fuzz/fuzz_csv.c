/* CSV: rows, refusals and line numbers are those of a second reader; what is written is read back
 * and runs nothing in a spreadsheet; encodings are those of iconv. */
#include "fuzz.h"

#include "base/csv.h"
#include "base/decimal.h"
#include "base/utf8.h"
#include "billing/profile.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MANY_BYTES   (72u << 10) /* more than a cell may hold */
#define ROWS_WRITTEN 100         /* the others of a long file are only read */

/* The second reader: one character at a time. */
struct second {
    struct str left;
    char delimiter;
    size_t line, row_line;
    char *cells; /* all of a row, one behind the other */
    size_t ends[LIMIT_CSV_COLUMNS];
    size_t n;
    bool is_unclosed;
};

static char take(struct second *r)
{
    char c = r->left.at[0];
    r->line += c == '\n';
    r->left = str_from(r->left, 1);
    return c;
}

static bool ends_line(const struct second *r)
{
    return r->left.len == 0 || r->left.at[0] == '\n' || str_starts(r->left, "\r\n") ||
           (r->left.len == 1 && r->left.at[0] == '\r');
}

static void take_line_end(struct second *r)
{
    while (r->left.len > 0 && take(r) != '\n')
        continue;
}

static bool is_at_quote(const struct second *r)
{
    return r->left.len > 0 && r->left.at[0] == '"';
}

/* To behind the quote that ends the cell. */
static void leave_quotes(struct second *r)
{
    while (r->left.len > 0) {
        bool is_quote = take(r) == '"';
        if (is_quote && !is_at_quote(r))
            return;
        if (is_quote)
            (void)take(r);
    }
    r->is_unclosed = true;
}

/* To the next row, from behind a cell or from inside of its quotes. */
static void take_rest_of_row(struct second *r, bool in_quotes)
{
    if (in_quotes)
        leave_quotes(r);
    while (!ends_line(r)) {
        if (take(r) != r->delimiter || !is_at_quote(r))
            continue;
        (void)take(r);
        leave_quotes(r);
    }
    take_line_end(r);
}

static bool take_quoted(struct second *r, size_t *len, bool *in_quotes)
{
    size_t start = *len;
    (void)take(r);
    *in_quotes = true;
    for (;;) {
        if (r->left.len == 0) {
            r->is_unclosed = true;
            return false;
        }
        char c = take(r);
        *in_quotes = c != '"' || is_at_quote(r);
        if (!*in_quotes)
            return ends_line(r) || r->left.at[0] == r->delimiter;
        if (c == '"')
            (void)take(r);
        r->cells[(*len)++] = c;
        if (*len - start > LIMIT_CSV_CELL_BYTES)
            return false;
    }
}

static bool take_cell(struct second *r, size_t *len, bool *in_quotes)
{
    size_t start = *len;
    bool good = true;
    *in_quotes = false;
    if (is_at_quote(r))
        good = take_quoted(r, len, in_quotes);
    else
        while (!ends_line(r) && r->left.at[0] != r->delimiter)
            r->cells[(*len)++] = take(r);
    return good && *len - start <= LIMIT_CSV_CELL_BYTES &&
           memchr(r->cells + start, '\0', *len - start) == NULL;
}

static enum csv_step second_next(struct second *r)
{
    while (r->left.len > 0 && ends_line(r))
        take_line_end(r);
    r->row_line = r->line;
    r->n = 0;
    size_t len = 0;
    if (r->left.len == 0)
        return CSV_END;
    for (;;) {
        bool in_quotes, good = take_cell(r, &len, &in_quotes);
        if (good)
            r->ends[r->n++] = len;
        if (good && ends_line(r))
            break;
        if (!good || r->n == LIMIT_CSV_COLUMNS) {
            take_rest_of_row(r, in_quotes);
            return CSV_WRONG;
        }
        (void)take(r);
    }
    take_line_end(r);
    return CSV_ROW;
}

static struct str second_cell(const struct second *r, size_t i)
{
    size_t start = i == 0 ? 0 : r->ends[i - 1];
    return (struct str){ r->cells + start, r->ends[i] - start };
}

/* Reads what is written: the same cells, but for the mark in front of formulas. */
static void a_row_is_read_back(const struct csv_reader *row, char delimiter)
{
    SCOPED(buf_release) struct buf text = BUF(1u << 23);
    SCOPED(csv_close) struct csv_reader again = { .cells = BUF(0) };
    struct error err;
    buf_add_text(&text, "row");
    for (size_t i = 0; i < row->n_cells; i++) {
        struct str cell = csv_cell(row, i);
        if (cell.len == LIMIT_CSV_CELL_BYTES)
            return; /* a mark in front would be too much */
        buf_add_char(&text, delimiter);
        size_t start = text.len;
        csv_put(&text, cell, delimiter);
        struct str written = str_from(buf_str(&text), start);
        char first = written.len == 0 ? 'x' : written.at[written.at[0] == '"' && written.len > 1];
        struct decimal number;
        bool is_number = decimal_parse(cell, &number, NULL, &err) == ST_OK;
        HOLDS(strchr("=+-@\t\r", first) == NULL || (first == '-' && is_number));
    }
    buf_add_text(&text, "\r\n");
    csv_open(&again, buf_str(&text), delimiter);
    enum csv_step step = csv_next(&again, &err);
    if (row->n_cells == LIMIT_CSV_COLUMNS) {
        HOLDS(step == CSV_WRONG);
        return;
    }
    HOLDS(step == CSV_ROW && again.n_cells == row->n_cells + 1);
    for (size_t i = 0; i < row->n_cells; i++) {
        struct str cell = csv_cell(row, i), back = csv_cell(&again, i + 1);
        HOLDS(str_equal(csv_is_formula(cell) ? str_from(back, 1) : back, cell));
        HOLDS(!csv_is_formula(cell) || back.at[0] == '\'');
    }
    HOLDS(csv_next(&again, &err) == CSV_END);
}

static void cells_are_in_their_encoding(const struct bill_profile *profile, struct str cell)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct str text;
    enum status s = profile_cell(profile, &a, cell, &text, &err);
    struct str trimmed = str_trim(cell);
    if (s != ST_OK)
        holds_error(s, &err);
    if (!profile->is_cp1252) {
        HOLDS((s == ST_OK) == utf8_valid(trimmed));
        HOLDS(s != ST_OK || str_equal(text, trimmed));
        return;
    }
    static iconv_t converter;
    if (converter == NULL)
        converter = iconv_open("UTF-8", "CP1252");
    HOLDS(converter != (iconv_t)-1);
    char *at = (char *)(uintptr_t)trimmed.at, *to = arena_alloc(&a, trimmed.len * 3 + 1);
    struct str right = { to, 0 };
    size_t left = trimmed.len, room = trimmed.len * 3;
    bool good = iconv(converter, &at, &left, &to, &room) != (size_t)-1;
    right.len = (size_t)(to - right.at);
    HOLDS((s == ST_OK) == good);
    HOLDS(!good || (str_equal(text, right) && utf8_valid(text)));
}

static void rows_are_those_of_the_second_reader(struct str text, char delimiter,
                                                const struct bill_profile *profile)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    SCOPED(csv_close) struct csv_reader r;
    struct second s = { text, delimiter, 1, 1, arena_alloc(&a, text.len + 1), { 0 }, 0, false };
    struct error err;
    csv_open(&r, text, delimiter);
    for (size_t n_rows = 0;; n_rows++) {
        enum csv_step step = csv_next(&r, &err), right = second_next(&s);
        HOLDS(step == right);
        HOLDS(r.next_line == s.line && r.text.len == s.left.len);
        HOLDS(r.is_unclosed == s.is_unclosed);
        if (step == CSV_END)
            return;
        HOLDS(r.line == s.row_line);
        if (step == CSV_WRONG) {
            holds_error(ST_INVALID, &err);
            HOLDS(r.problem_line == s.row_line && r.problem_column == s.n + 1);
            continue;
        }
        HOLDS(r.n_cells == s.n && s.n > 0);
        for (size_t i = 0; i < s.n; i++) {
            HOLDS(str_equal(csv_cell(&r, i), second_cell(&s, i)));
            if (n_rows < ROWS_WRITTEN)
                cells_are_in_their_encoding(profile, csv_cell(&r, i));
        }
        HOLDS(csv_cell(&r, s.n).len == 0);
        if (n_rows < ROWS_WRITTEN)
            a_row_is_read_back(&r, delimiter);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = { 0, ',', ';', '\t', '|' };
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    SCOPED(buf_release) struct buf many = BUF(1u << 24);
    struct error err;
    struct bill_profile profile = { .delimiter = delimiters[input_choice(&in, sizeof delimiters)] };
    profile.is_cp1252 = input_flag(&in);
    profile.skip_rows = (int64_t)input_choice(&in, 8);
    bool is_repeated = input_choice(&in, 32) == 31; /* so that a small input passes the limits */
    do
        buf_add(&many, in.rest);
    while (is_repeated && in.rest.len > 0 && many.len < MANY_BYTES);
    struct str file = exact_copy(&a, buf_str(&many)), text;
    int64_t first_line;
    enum status s = profile_text(&profile, file, &text, &first_line, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        return 0;
    }
    HOLDS(text.at + text.len == file.at + file.len && text.len > 0);
    HOLDS(first_line == 1 + profile.skip_rows);
    size_t passed = 0;
    for (const char *at = file.at; at < text.at; at++)
        passed += *at == '\n';
    HOLDS((int64_t)passed == profile.skip_rows);
    char delimiter = profile_delimiter(&profile, text);
    HOLDS(strchr(",;\t|", delimiter) != NULL && delimiter != '\0');
    HOLDS(profile.delimiter == 0 || delimiter == profile.delimiter);
    rows_are_those_of_the_second_reader(text, delimiter, &profile);
    return 0;
}
