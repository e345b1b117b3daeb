/* Matching paths against templates. */
#include "remote/route.h"

#include "base/uri.h"

/* Everything up to the next literal is the value; none may be empty or hold a slash. */
static bool fits(struct arena *a, const char *template, struct str path,
                 struct arguments *arguments, size_t *ret_literal_bytes)
{
    struct uri_template t = uri_template(template);
    size_t literal_bytes = 0;
    arguments->n = 0;
    bool more = uri_template_next(&t);
    for (;;) {
        if (path.len < t.literal.len || memcmp(path.at, t.literal.at, t.literal.len) != 0)
            return false;
        path = str_from(path, t.literal.len);
        literal_bytes += t.literal.len;
        if (!more)
            break;
        struct str name = t.name;
        more = uri_template_next(&t);
        char stop = t.literal.len > 0 ? t.literal.at[0] : '/';
        size_t len = 0;
        while (len < path.len && path.at[len] != stop && path.at[len] != '/')
            len++;
        struct str value;
        struct error ignored;
        if (len == 0 || !uri_decode(a, (struct str){ path.at, len }, false, &value) ||
            arguments_set(arguments, name, value, &ignored) != ST_OK)
            return false;
        path = str_from(path, len);
    }
    *ret_literal_bytes = literal_bytes;
    return path.len == 0 || str_is(path, "/");
}

/* The row's path, else the other spellings under which the service may know it. */
static bool fits_any(struct arena *a, const struct action *x, struct str path,
                     struct arguments *arguments, size_t *ret_literal_bytes)
{
    if (x->path[0] == '\0')
        return false;
    if (fits(a, x->path, path, arguments, ret_literal_bytes))
        return true;
    struct str rest = str_of(x->path_spellings), spelling;
    while (rest.at != NULL && str_next(&rest, '|', &spelling))
        if (fits(a, arena_text(a, spelling), path, arguments, ret_literal_bytes))
            return true;
    return false;
}

const struct action *route_find(struct arena *a, const struct connector *connector,
                                enum method method, struct str path, struct arguments *arguments,
                                bool *ret_other_method)
{
    const struct action *best = NULL;
    size_t best_bytes = 0;
    *ret_other_method = false;
    struct action_walk walk = { .only = connector };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        struct arguments found = { .n = 0 };
        size_t bytes = 0;
        if (!fits_any(a, x, path, &found, &bytes))
            continue;
        if (x->method != method) {
            *ret_other_method = true;
        } else if (best == NULL || bytes > best_bytes) {
            best = x;
            best_bytes = bytes;
            *arguments = found;
        }
    }
    return best;
}

static struct str without_alias(struct arena *a, const struct connector *connector, struct str path)
{
    if (connector->alias_from == NULL || !str_starts(path, connector->alias_from))
        return path;
    struct str rest = str_from(path, strlen(connector->alias_from));
    return str_of(arena_printf(a, "%s%.*s", connector->alias_to, STR_PRINT(rest)));
}

const struct action *route_find_meant(struct arena *a, const struct connector *connector,
                                      enum method method, struct str path,
                                      struct arguments *arguments)
{
    bool other_method;
    const struct action *row = route_find(a, connector, method, path, arguments, &other_method);
    if (row != NULL)
        return row;
    return route_find(a, connector, method, without_alias(a, connector, path), arguments,
                      &other_method);
}
