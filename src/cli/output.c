/* The three forms. */
#include "cli/output.h"

#include "base/csv.h"
#include "base/json_write.h"
#include "base/os.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>

#define ROWS_MEASURED  1000 /* the widths of a table are those of its first rows */
#define READABLE       24   /* columns of a text that is cut should show so much of it */
#define NARROWEST      6
#define GAP            2
#define WRAPPED_AT     100 /* columns of a table that wraps, where there is no terminal */
#define LINE_BYTES_MAX (16u << 20)
#define SAY_BYTES_MAX  8192

struct cell cell_text(struct str text)
{
    return (struct cell){ text.at == NULL ? CELL_NULL : CELL_TEXT, text, STR_NONE };
}

struct cell cell_number(struct str number)
{
    return (struct cell){ number.at == NULL ? CELL_NULL : CELL_NUMBER, number, STR_NONE };
}

struct cell cell_integer(struct arena *a, int64_t number)
{
    return cell_number(str_of(arena_printf(a, "%lld", (long long)number)));
}

struct cell cell_boolean(bool value)
{
    return (struct cell){ CELL_BOOLEAN, value ? STR("true") : STR("false"),
                          value ? STR("yes") : STR("no") };
}

struct cell cell_shown(struct cell cell, struct str shown)
{
    cell.shown = shown;
    return cell;
}

static size_t columns_of(struct str text)
{
    size_t columns = 0;
    while (text.len > 0) {
        uint32_t character = 0;
        size_t bytes = utf8_decode(text, &character);
        columns += bytes == 0 ? 1 : (size_t)utf8_columns(character);
        text = str_from(text, bytes == 0 ? 1 : bytes);
    }
    return columns;
}

struct str printable(struct arena *a, struct str text)
{
    SCOPED(buf_release) struct buf clean = BUF(LINE_BYTES_MAX);
    bool is_clean = true;
    for (size_t i = 0; i < text.len && is_clean; i++)
        is_clean = text.at[i] >= 0x20 && text.at[i] < 0x7f;
    if (is_clean)
        return arena_copy(a, text);
    while (text.len > 0) {
        uint32_t character = 0;
        size_t bytes = utf8_decode(text, &character);
        if (bytes == 0 || utf8_is_unprintable(character))
            buf_add_text(&clean, "\xef\xbf\xbd");
        else
            buf_add(&clean, (struct str){ text.at, bytes });
        text = str_from(text, bytes == 0 ? 1 : bytes);
    }
    return arena_copy(a, buf_str(&clean));
}

/* Flushing and looking at the stream once, at the end, tells whether all of it went out. */
static void put(struct str text)
{
    (void)fwrite(text.at, 1, text.len, stdout);
}

static void flush_line(struct output *out)
{
    put(buf_str(&out->line));
    buf_clear(&out->line);
}

void output_begin(struct output *out, enum format format, const struct column *columns, size_t n)
{
    *out = (struct output){
        .format = format, .columns = columns, .n_columns = n, .line = BUF(LINE_BYTES_MAX)
    };
    out->widths = ARENA_ARRAY(&out->arena, n, size_t);
    out->is_hidden = ARENA_ARRAY(&out->arena, n, bool);
    for (size_t i = 0; i < n; i++) {
        out->is_hidden[i] = columns[i].title == NULL;
        out->widths[i] = out->is_hidden[i] ? 0 : columns_of(str_of(columns[i].title));
    }
}

/* What stands before the first row; not printed before there is one, or none was to be had. */
static void put_head(struct output *out)
{
    if (out->format == FORMAT_JSON)
        put(STR("["));
    if (out->format != FORMAT_CSV)
        return;
    for (size_t i = 0; i < out->n_columns; i++) {
        if (i > 0)
            buf_add_char(&out->line, ',');
        csv_put(&out->line, str_of(out->columns[i].key), ',');
    }
    buf_add_char(&out->line, '\n');
    flush_line(out);
}

static void put_json(struct output *out, const struct cell *cells)
{
    struct json_writer w = JSON_WRITER(&out->line);
    buf_add_text(&out->line, out->n_rows == 0 ? "\n" : ",\n");
    json_open_object(&w);
    for (size_t i = 0; i < out->n_columns; i++) {
        const char *key = out->columns[i].key;
        if (cells[i].kind == CELL_TEXT)
            json_put_text(&w, key, cells[i].text);
        else if (cells[i].kind == CELL_NUMBER)
            json_put_number(&w, key, cells[i].text);
        else if (cells[i].kind == CELL_BOOLEAN)
            json_put_boolean(&w, key, str_is(cells[i].text, "true"));
        else
            json_put_null(&w, key);
    }
    json_close(&w);
    flush_line(out);
}

static void put_csv(struct output *out, const struct cell *cells)
{
    for (size_t i = 0; i < out->n_columns; i++) {
        if (i > 0)
            buf_add_char(&out->line, ',');
        if (cells[i].kind != CELL_NULL)
            csv_put(&out->line, cells[i].text, ',');
    }
    buf_add_char(&out->line, '\n');
    flush_line(out);
}

static size_t total_width(const struct output *out)
{
    size_t total = 0;
    for (size_t i = 0; i < out->n_columns; i++)
        total += out->is_hidden[i] ? 0 : out->widths[i] + GAP;
    return total;
}

/* Takes from the widest text columns, down to `narrowest`, until the table fits `room`. */
static bool shrink(struct output *out, size_t room, size_t narrowest)
{
    while (total_width(out) > room) {
        size_t widest = out->n_columns;
        for (size_t i = 0; i < out->n_columns; i++)
            if (!out->is_hidden[i] && !out->columns[i].is_right && out->widths[i] > narrowest &&
                (widest == out->n_columns || out->widths[i] > out->widths[widest]))
                widest = i;
        if (widest == out->n_columns)
            return false;
        out->widths[widest]--;
    }
    return true;
}

/* The column that can be missed most; with `any` also one that should stay, from the right, but not
 * the first. */
static bool hide_one(struct output *out, bool any)
{
    size_t goes = 0;
    for (size_t i = 1; i < out->n_columns; i++)
        if (!out->is_hidden[i] && (any || out->columns[i].leaves > out->columns[goes].leaves))
            goes = i;
    if (goes == 0 && !(out->columns[0].leaves > 0 && !out->is_hidden[0] && !any))
        return false;
    out->is_hidden[goes] = true;
    out->n_hidden++;
    return true;
}

/* Brings the table into the terminal: first narrower columns, as long as they can be read, then
 * fewer, then whatever it takes. */
static void fit(struct output *out)
{
    int terminal = os_terminal_columns();
    if (terminal <= 0 && out->wraps)
        terminal = WRAPPED_AT;
    if (terminal <= 0)
        return;
    size_t room = (size_t)terminal + GAP;
    size_t *whole = ARENA_ARRAY(&out->arena, out->n_columns, size_t);
    memcpy(whole, out->widths, out->n_columns * sizeof *whole);
    bool any = false;
    while (!shrink(out, room, any ? NARROWEST : READABLE)) {
        memcpy(out->widths, whole, out->n_columns * sizeof *whole);
        if (hide_one(out, any))
            continue;
        if (any)
            return;
        any = true;
        if (shrink(out, room, NARROWEST))
            return;
    }
}

static void put_padded(struct output *out, struct str text, size_t width, bool is_right,
                       bool is_last)
{
    size_t columns = columns_of(text);
    if (columns > width) { /* cut at a character, with a mark */
        struct str whole = text;
        text.len = 0;
        columns = 1;
        while (text.len < whole.len) {
            uint32_t character = 0;
            size_t bytes = utf8_decode(str_from(whole, text.len), &character);
            size_t wide = (size_t)utf8_columns(character);
            if (columns + wide > width)
                break;
            columns += wide;
            text.len += bytes == 0 ? 1 : bytes;
        }
        buf_add(&out->line, text);
        buf_add_text(&out->line, "\xe2\x80\xa6");
        text = STR("");
    }
    int missing = (int)(width > columns ? width - columns : 0);
    if (is_right)
        buf_printf(&out->line, "%*s", missing, "");
    buf_add(&out->line, text);
    if (!is_right && !is_last)
        buf_printf(&out->line, "%*s", missing, "");
    if (!is_last)
        buf_printf(&out->line, "%*s", GAP, "");
}

static void put_line(struct output *out, const struct str *cells)
{
    size_t last = out->n_columns;
    while (last > 0 && out->is_hidden[last - 1])
        last--;
    for (size_t i = 0; i < last; i++)
        if (!out->is_hidden[i])
            put_padded(out, cells[i], out->widths[i], out->columns[i].is_right, i + 1 == last);
    while (out->wraps && out->line.len > 0 && out->line.at[out->line.len - 1] == ' ')
        out->line.len--;
    buf_add_char(&out->line, '\n');
    flush_line(out);
}

/* Takes what fits off the front: whole words, or what there is room for of one that is too long. */
static struct str take_piece(struct str *rest, size_t width)
{
    size_t columns = 0, end = 0, space = 0;
    while (end < rest->len) {
        uint32_t character = 0;
        size_t bytes = utf8_decode(str_from(*rest, end), &character);
        columns += bytes == 0 ? 1 : (size_t)utf8_columns(character);
        if (rest->at[end] == ' ')
            space = end;
        if (columns > width)
            break;
        end += bytes == 0 ? 1 : bytes;
    }
    if (end < rest->len && space > 0)
        end = space;
    struct str piece = { rest->at, end };
    *rest = str_from(*rest, end);
    while (str_starts(*rest, " "))
        *rest = str_from(*rest, 1);
    return piece;
}

/* One row, on as many lines as its longest text needs. */
static void put_wrapped(struct output *out, const struct str *cells)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct str *rest = ARENA_ARRAY(&a, out->n_columns, struct str);
    struct str *pieces = ARENA_ARRAY(&a, out->n_columns, struct str);
    memcpy(rest, cells, out->n_columns * sizeof *rest);
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (size_t i = 0; i < out->n_columns; i++) {
            if (out->is_hidden[i])
                continue;
            pieces[i] = take_piece(&rest[i], out->widths[i]);
            goes_on = goes_on || rest[i].len > 0;
        }
        put_line(out, pieces);
    }
}

static void put_row(struct output *out, const struct str *cells)
{
    if (out->wraps)
        put_wrapped(out, cells);
    else
        put_line(out, cells);
}

/* Widths are settled: the header and everything that waits. */
static void put_waiting(struct output *out)
{
    if (!out->has_header) {
        struct str *titles = ARENA_ARRAY(&out->arena, out->n_columns, struct str);
        fit(out);
        for (size_t i = 0; i < out->n_columns; i++)
            titles[i] = str_of(out->columns[i].title);
        put_line(out, titles);
        out->has_header = true;
    }
    for (size_t row = 0; row < out->n_cells; row += out->n_columns)
        put_row(out, &out->cells[row]);
    out->n_cells = 0;
}

static void put_table(struct output *out, const struct cell *cells)
{
    SCOPED(arena_free) struct arena passing = ARENA(0);
    struct arena *a = out->has_header ? &passing : &out->arena;
    struct str *row = ARENA_ARRAY(a, out->n_columns, struct str);
    for (size_t i = 0; i < out->n_columns; i++) {
        struct str shown = cells[i].shown.at != NULL ? cells[i].shown : cells[i].text;
        row[i] = printable(a, cells[i].kind == CELL_NULL && shown.at == NULL ? STR("-") : shown);
        size_t columns = columns_of(row[i]);
        if (!out->has_header && !out->is_hidden[i] && columns > out->widths[i])
            out->widths[i] = columns;
    }
    if (out->has_header) {
        put_row(out, row);
        return;
    }
    for (size_t i = 0; i < out->n_columns; i++) {
        ARENA_GROW(&out->arena, out->cells, out->n_cells, out->room);
        out->cells[out->n_cells++] = row[i];
    }
    if (out->n_rows + 1 >= ROWS_MEASURED)
        put_waiting(out);
}

void output_row(struct output *out, const struct cell *cells)
{
    if (out->n_rows == 0)
        put_head(out);
    if (out->format == FORMAT_JSON)
        put_json(out, cells);
    else if (out->format == FORMAT_CSV)
        put_csv(out, cells);
    else
        put_table(out, cells);
    out->n_rows++;
}

static enum status check_stream(struct error *err)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return ST_OK;
    if (errno == EPIPE) /* the reader has seen enough (`| head`): nothing to complain about */
        return fail(err, ST_CANCELLED, "%s", "");
    return fail(err, ST_STORE, "standard output took not everything; is the disk full?");
}

enum status output_end(struct output *out, enum status filled, struct error *err)
{
    if (filled != ST_OK) {
        buf_release(&out->line);
        arena_free(&out->arena);
        (void)fflush(stdout); /* the fault that is told is the other one */
        return filled;
    }
    if (out->n_rows == 0)
        put_head(out);
    if (out->format == FORMAT_JSON)
        put(out->n_rows == 0 ? STR("]\n") : STR("\n]\n"));
    if (out->format == FORMAT_TABLE && out->n_rows > 0)
        put_waiting(out);
    size_t n_hidden = out->n_hidden;
    buf_release(&out->line);
    arena_free(&out->arena);
    TRY(check_stream(err));
    if (n_hidden > 0)
        say("Not shown for lack of room: %zu of the columns. --output csv has all.\n", n_hidden);
    return ST_OK;
}

void say(const char *format, ...)
{
    char text[SAY_BYTES_MAX];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (len < 0)
        return;
    if ((size_t)len >= sizeof text)
        utf8_cut_tail(text);
    utf8_make_printable(text, "\r\n");
    (void)fputs(text, stderr); /* where nobody reads, nothing is lost */
}

enum status output_text(struct str text, struct error *err)
{
    put(text);
    return check_stream(err);
}
