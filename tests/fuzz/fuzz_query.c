/* Queries: whatever path and document, it is refused as no path, stops with a sentence, or gives
 * values that are JSON and views of the document. A path spelt from the document leads to the very
 * place that it was spelt from. */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_query.h"
#include "base/json_scan.h"

#include <string.h>

static bool lies_in(struct str part, struct str whole)
{
    return part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
}

static void values_are_views(struct str document, const struct json_found *found)
{
    struct error err;
    HOLDS(found->is_list || found->n == 1);
    for (size_t i = 0; i < found->n; i++) {
        struct str value = found->values[i];
        HOLDS(lies_in(value, document) || (found->is_list && str_is(value, "null")));
        HOLDS(json_check(value, NULL, &err) == ST_OK);
    }
}

static void any_path(struct arena *a, struct str document, struct str path)
{
    struct json_found found;
    struct error err;
    enum status s = json_query(a, document, path, &found, &err);
    HOLDS(s == ST_OK || s == ST_INVALID || s == ST_NOT_FOUND || s == ST_LIMIT);
    if (s != ST_OK)
        holds_error(s, &err);
    else
        values_are_views(document, &found);
    HOLDS((s == ST_INVALID) == (json_query_check(a, path, &err) == ST_INVALID));
}

/* Goes down from the document as the input says, and spells the way. */
static struct str spell(struct input *in, struct str document, struct buf *path)
{
    struct str value = str_trim(document);
    for (;;) {
        struct json_walk walk = json_walk(value);
        size_t n = 0, chosen;
        while (json_walk_next(&walk))
            n++;
        if (n == 0 || in->rest.len == 0)
            return value;
        chosen = input_choice(in, n);
        bool from_end = input_flag(in);
        walk = json_walk(value);
        for (size_t i = 0; i <= chosen; i++)
            HOLDS(json_walk_next(&walk));
        if (walk.is_object)
            buf_printf(path, chosen % 2 == 0 ? "%s\"%.*s\"" : "%s[\"%.*s\"]",
                       chosen % 2 == 0 && path->len > 0 ? "." : "", STR_PRINT(walk.key));
        else
            buf_printf(path, "[%s%zu]", from_end ? "-" : "", from_end ? n - chosen : chosen);
        value = walk.value;
    }
}

static void the_way_leads_there(struct input *in, struct arena *a, struct str document)
{
    SCOPED(buf_release) struct buf path = BUF(1u << 20);
    const struct json *parsed;
    struct json_found found;
    struct error err;
    if (json_parse(a, document, &parsed, &err) != ST_OK) /* a name twice in one object */
        return;
    struct str there = spell(in, document, &path);
    enum status s = json_query(a, document, path.len > 0 ? buf_str(&path) : STR("."), &found, &err);
    HOLDS(s == ST_OK && !found.is_list && found.n == 1);
    HOLDS(found.values[0].at == there.at && found.values[0].len == there.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct str document, way;
    struct error err;
    if (!input_part(&in, &a, '\n', &way))
        return 0;
    document = exact_copy(&a, in.rest);
    if (json_check(document, NULL, &err) != ST_OK)
        document = STR("{\"a\":[{\"b.c\":1,\"d\":[true,\"x\"]},{\"d\":[]},null],\"\\u0061b\":{}}");
    any_path(&a, document, way);
    struct input steps = input_of((const uint8_t *)way.at, way.len);
    the_way_leads_there(&steps, &a, document);
    return 0;
}
