/* The JSON writer: whatever texts and numbers it is given, in whatever nesting, the result is JSON
 * with the same texts, wrong bytes replaced one by one. */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_write.h"
#include "base/utf8.h"

#include <string.h>

#define PIECES_MOST 200

/* What the text must come back as. */
static struct str repaired(struct arena *a, struct str text)
{
    SCOPED(buf_release) struct buf good = BUF(1u << 22);
    while (text.len > 0) {
        size_t n = utf8_valid_bytes(text);
        buf_add(&good, (struct str){ text.at, n });
        text = str_from(text, n);
        if (text.len > 0)
            buf_add_text(&good, "\xef\xbf\xbd");
        text = str_from(text, 1);
    }
    return arena_copy(a, buf_str(&good));
}

static bool has_nul(struct str text)
{
    return text.len > 0 && memchr(text.at, '\0', text.len) != NULL;
}

static void one_text_comes_back(struct arena *a, struct str text)
{
    SCOPED(buf_release) struct buf json = BUF(1u << 22);
    struct error err;
    const struct json *value;
    json_quote(&json, text);
    HOLDS(utf8_valid(buf_str(&json)));
    for (size_t i = 0; i < json.len; i++)
        HOLDS((unsigned char)json.at[i] >= 0x20 && json.at[i] != 0x7f);
    enum status s = json_parse(a, buf_str(&json), &value, &err);
    HOLDS((s == ST_OK) == !has_nul(text)); /* our reader takes no NUL; others do */
    HOLDS(s != ST_OK || str_equal(json_text(value), repaired(a, text)));
}

static void one_number_comes_back(struct arena *a, struct str text)
{
    SCOPED(buf_release) struct buf json = BUF(1u << 22);
    struct json_writer w = JSON_WRITER(&json);
    struct error err;
    const struct json *value;
    json_put_number(&w, NULL, text);
    if (has_nul(text))
        return;
    HOLDS(json_parse(a, buf_str(&json), &value, &err) == ST_OK);
    struct str number = json_number_text(value);
    if (number.at != NULL)
        HOLDS(str_equal(buf_str(&json), text));
    else
        HOLDS(str_equal(json_text(value), repaired(a, text)));
}

/* Pieces of the input as members and elements, opening and closing as its bytes say. */
static void a_tree_is_well_formed(struct arena *a, struct input *in, bool is_pretty)
{
    SCOPED(buf_release) struct buf json = BUF(1u << 22);
    struct json_writer w = JSON_WRITER(&json);
    w.indent = is_pretty ? 2 : 0;
    struct error err;
    bool in_object[LIMIT_JSON_DEPTH] = { true };
    size_t depth = 1;
    struct str piece;
    json_open_object(&w);
    for (int i = 0; i < PIECES_MOST && depth > 0; i++) {
        size_t what = input_choice(in, 8);
        if (!input_part(in, a, '\n', &piece))
            break;
        if (has_nul(piece))
            continue;
        /* No name stands twice in one object. */
        const char *key =
            in_object[depth - 1] ? arena_printf(a, "%d.%.*s", i, STR_PRINT(piece)) : NULL;
        if (what == 0) {
            json_close(&w);
            depth--;
        } else if (what <= 2 && depth < LIMIT_JSON_DEPTH) {
            in_object[depth++] = what == 1;
            (what == 1 ? json_put_object : json_put_array)(&w, key);
        } else if (what == 3) {
            json_put_integer(&w, key, input_number(in));
        } else if (what == 4) {
            json_put_number(&w, key, piece);
        } else if (what == 5) {
            json_put_boolean(&w, key, input_flag(in));
        } else {
            json_put_text_or_null(&w, key, what == 6 ? piece : STR_NONE);
        }
    }
    while (depth-- > 0)
        json_close(&w);
    const struct json *value;
    HOLDS(json_parse(a, buf_str(&json), &value, &err) == ST_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    switch (input_choice(&in, 4)) {
    case 0:
        one_text_comes_back(&a, in.rest);
        break;
    case 1:
        one_number_comes_back(&a, in.rest);
        break;
    case 2:
        a_tree_is_well_formed(&a, &in, false);
        break;
    default:
        a_tree_is_well_formed(&a, &in, true);
    }
    return 0;
}
