/* Without --output an answer is JSON as it came, and a query that gives single values prints them
 * bare, one on a line, as scripts want them. --output json is JSON always; table and csv make rows
 * of the records, with the columns that occur. */
#include "cli/answer.h"

#include "base/json_query.h"
#include "base/json_scan.h"
#include "base/os.h"
#include "base/text_map.h"

enum status answer_check(const struct context *c, const struct answer_options *options,
                         struct error *err)
{
    if (options->raw && (options->query.at != NULL || c->common.output.at != NULL))
        return fail(err, ST_INVALID,
                    "--raw prints the body as it came; it goes with neither --query nor --output");
    return options->query.at == NULL ? ST_OK : json_query_check(c->a, options->query, err);
}

static bool is_nested(struct str raw)
{
    enum json_shape shape = json_shape(raw);
    return shape == JSON_SHAPE_OBJECT || shape == JSON_SHAPE_ARRAY;
}

static bool is_text(struct str raw)
{
    return raw.len > 0 && raw.at[0] == '"';
}

static struct str bare(struct arena *a, struct str raw)
{
    struct str text = is_text(raw) ? json_raw_text(a, raw) : raw;
    if (text.at == NULL)
        return raw;
    return os_is_terminal(1) ? printable(a, text) : text;
}

static enum status print_line(struct str text, struct error *err)
{
    SCOPED(buf_release) struct buf line = BUF(LIMIT_COMMAND_BYTES);
    buf_add(&line, text);
    if (!str_ends(text, "\n"))
        buf_add_char(&line, '\n');
    TRY(buf_status(&line, "the answer", err));
    return output_text(buf_str(&line), err);
}

static void put_list(struct buf *to, const struct json_found *found)
{
    buf_add_char(to, '[');
    for (size_t i = 0; i < found->n; i++) {
        buf_add_text(to, i == 0 ? "\n" : ",\n");
        buf_add(to, found->values[i]);
    }
    buf_add_text(to, found->n == 0 ? "]" : "\n]");
}

static enum status print_found(struct context *c, const struct json_found *found, struct error *err)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES);
    bool is_bare = c->common.output.at == NULL;
    for (size_t i = 0; i < found->n && is_bare; i++)
        is_bare = !is_nested(found->values[i]);
    for (size_t i = 0; i < found->n && is_bare; i++) {
        buf_add(&text, bare(c->a, found->values[i]));
        buf_add_char(&text, '\n');
    }
    if (!is_bare && found->is_list)
        put_list(&text, found);
    else if (!is_bare)
        buf_add(&text, found->values[0]);
    TRY(buf_status(&text, "the answer", err));
    return is_bare ? output_text(buf_str(&text), err) : print_line(buf_str(&text), err);
}

/* The columns that occur, in the order in which they do first. What is no object stands under
 * "value". */
struct shape {
    struct column columns[LIMIT_CSV_COLUMNS];
    size_t n;
    struct text_map places; /* raw name to place */
};

static enum status add_column(struct arena *a, struct shape *shape, struct str key, size_t *ret_at,
                              struct error *err)
{
    if (text_map_get(&shape->places, key, ret_at))
        return ST_OK;
    if (shape->n == LIMIT_CSV_COLUMNS) {
        fail(err, ST_LIMIT, "the records have more than %d columns", LIMIT_CSV_COLUMNS);
        hint(err, "--query PATH takes a part of them, --output json all.");
        return ST_LIMIT;
    }
    struct str name = json_raw_text(a, str_of(arena_printf(a, "\"%.*s\"", STR_PRINT(key))));
    const char *text = arena_text(a, name.at != NULL ? name : key);
    shape->columns[shape->n] = (struct column){
        .key = text,
        .title = printable(a, str_of(text)).at,
        .leaves = (int)shape->n,
        .is_right = true,
    };
    *ret_at = shape->n;
    text_map_set(&shape->places, key, shape->n++);
    return ST_OK;
}

static bool is_number(struct str raw)
{
    return raw.len > 0 && (raw.at[0] == '-' || (raw.at[0] >= '0' && raw.at[0] <= '9'));
}

/* A column of numbers stands right: until something else turns up in it. */
static enum status add_columns(struct arena *a, struct shape *shape, struct str record,
                               struct error *err)
{
    struct json_walk walk = json_walk(record);
    size_t at;
    if (!walk.is_object) {
        TRY(add_column(a, shape, STR("value"), &at, err));
        shape->columns[at].is_right &= is_number(record);
        return ST_OK;
    }
    while (json_walk_next(&walk)) {
        TRY(add_column(a, shape, walk.key, &at, err));
        shape->columns[at].is_right &= is_number(walk.value) || str_is(walk.value, "null");
    }
    return ST_OK;
}

static struct cell cell_of(struct arena *a, struct str raw)
{
    if (str_is(raw, "null"))
        return cell_text(STR_NONE);
    if (str_is(raw, "true") || str_is(raw, "false"))
        return cell_boolean(str_is(raw, "true"));
    if (is_number(raw))
        return cell_number(raw);
    struct str text = is_text(raw) ? json_raw_text(a, raw) : raw;
    return cell_text(text.at != NULL ? text : raw);
}

static void put_row(struct output *out, const struct shape *shape, struct str record)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct cell *cells = ARENA_ARRAY(&a, shape->n + 1, struct cell);
    struct json_walk walk = json_walk(record);
    size_t at;
    for (size_t i = 0; i < shape->n; i++)
        cells[i] = cell_text(STR_NONE);
    if (!walk.is_object && text_map_get(&shape->places, STR("value"), &at))
        cells[at] = cell_of(&a, record);
    while (walk.is_object && json_walk_next(&walk))
        if (text_map_get(&shape->places, walk.key, &at))
            cells[at] = cell_of(&a, walk.value);
    output_row(out, cells);
}

static enum status print_rows(struct context *c, const struct str *records, size_t n,
                              struct error *err)
{
    struct shape shape = { .n = 0 };
    enum status s = ST_OK;
    for (size_t i = 0; i < n && s == ST_OK; i++)
        s = add_columns(c->a, &shape, records[i], err);
    if (s == ST_OK) {
        struct output out;
        output_begin(&out, c->format, shape.columns, shape.n);
        for (size_t i = 0; i < n; i++)
            put_row(&out, &shape, records[i]);
        s = output_end(&out, ST_OK, err);
    }
    text_map_release(&shape.places);
    return s;
}

/* The elements of a list; else the value itself, as one row. */
static enum status rows_of(struct arena *a, struct str value, const struct str **ret_rows,
                           size_t *ret_n, struct error *err)
{
    struct json_found found;
    bool is_list = json_shape(value) == JSON_SHAPE_ARRAY;
    TRY(json_query(a, value, is_list ? STR("[*]") : STR("."), &found, err));
    *ret_rows = found.values;
    *ret_n = found.n;
    return ST_OK;
}

static enum status print_table(struct context *c, const struct action *action, struct str answer,
                               const struct json_found *found, struct error *err)
{
    const struct str *rows;
    size_t n;
    if (found != NULL && found->is_list)
        return print_rows(c, found->values, found->n, err);
    if (found != NULL || !hub_records(c->a, action, answer, &rows, &n))
        TRY(rows_of(c->a, found != NULL ? found->values[0] : str_trim(answer), &rows, &n, err));
    return print_rows(c, rows, n, err);
}

enum status answer_print(struct context *c, const struct action *action, struct str answer,
                         const struct answer_options *options, struct error *err)
{
    struct json_found found;
    bool has_query = options->query.at != NULL;
    if (options->raw)
        return print_line(answer, err);
    if (has_query || c->common.output.at != NULL)
        TRY(json_check(answer, NULL, err));
    if (has_query)
        TRY(json_query(c->a, answer, options->query, &found, err));
    if (c->common.output.at != NULL && c->format != FORMAT_JSON)
        return print_table(c, action, answer, has_query ? &found : NULL, err);
    return has_query ? print_found(c, &found, err) : print_line(answer, err);
}
