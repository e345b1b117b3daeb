/* Whether a corrected row can stand. The file belongs to whoever runs Stellion; the checks are
 * there so that a slip is told at the start and not by a strange request, and so that no correction
 * leads what costs money past the purchase: an action that costs less than another must not be able
 * to reach the same place at the remote. */
#include "remote/inside.h"
#include "remote/overrides_inside.h"

#include "base/uri.h"

static enum status check_template(struct reading *r, const struct action *row, struct str path)
{
    const char *text = arena_text(r->a, path);
    struct uri_template t = uri_template(text);
    static const char marks[] = "-._~!$&'()*+,;=:@/{}";
    size_t n_names = 0, n_params = 0;
    bool is_bad = text[0] != '/' || str_ends(path, "/") || strstr(text, "//") != NULL ||
                  strstr(text, "/.") != NULL;
    for (size_t i = 0; i < path.len; i++) {
        char c = path.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        is_bad = is_bad || (!is_plain && strchr(marks, c) == NULL);
    }
    if (is_bad)
        return refuse(r,
                      "'%s' is no path: it starts with / and holds no query, escape, '//', '/.' "
                      "or / at its end",
                      text);
    for (const struct param *p = row->params; p->name != NULL; p++)
        n_params += p->place == IN_PATH;
    while (uri_template_next(&t)) {
        const struct param *p = action_param(row, t.name);
        if (p == NULL || p->place != IN_PATH)
            return refuse(r, "'%s' names {%.*s}, and no parameter of that name stands in the path",
                          text, STR_PRINT(t.name));
        n_names++;
    }
    if (t.broken || memchr(t.literal.at, '}', t.literal.len) != NULL)
        return refuse(r, "'%s' has a brace without its other half", text);
    if (n_names != n_params)
        return refuse(r, "'%s' must name each path parameter of %s once: %zu of %zu", text,
                      row->name, n_names, n_params);
    return ST_OK;
}

static enum status check_paths(struct reading *r, const struct action *row)
{
    struct str rest = str_of(row->path_spellings), path;
    struct reading inner = step_into(r, STR("path"));
    TRY(check_template(&inner, row, str_of(row->path)));
    inner = step_into(r, STR("path_spellings"));
    while (row->path_spellings != NULL && str_next(&rest, '|', &path))
        TRY(check_template(&inner, row, path));
    return ST_OK;
}

/* Its default and example against its own type and choices. */
static enum status check_values(struct reading *r, const struct param *p)
{
    const char *const values[] = { p->fallback, p->example };
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct builder b = { .a = r->a, .faults = BUF(LIMIT_ERROR_TEXT_BYTES) };
        if (values[i] != NULL)
            builder_check(&b, i == 0 ? "its default" : "its example", p, str_of(values[i]));
        enum status s = b.faults.len > 0 ? refuse(r, "%s", b.faults.at) : ST_OK;
        buf_release(&b.faults);
        TRY(s);
    }
    return ST_OK;
}

static enum status check_param(struct reading *r, const struct param *p, bool is_member)
{
    bool is_json = p->type == PARAM_OBJECT || p->type == PARAM_LIST;
    if (p->type == PARAM_CHOICE && p->choices == NULL)
        return refuse(r, "a choice needs \"choices\"");
    if (p->members != NULL && !is_json)
        return refuse(r, "only an object or a list has members");
    if (is_json && p->place != IN_BODY && !is_member)
        return refuse(r, "an object or a list stands in the body");
    bool counts = p->meaning == MEANS_SEATS || p->meaning == MEANS_SEATS_ADDED;
    if (counts && p->type != PARAM_WHOLE)
        return refuse(r, "what means seats must be a whole number");
    if (p->meaning == MEANS_ITEMS && p->type != PARAM_LIST)
        return refuse(r, "what means items must be a list");
    return check_values(r, p);
}

/* Whether one key is the other, or an object around it. */
static bool keys_clash(const struct param *a, const struct param *b)
{
    const char *x = param_key(a), *y = param_key(b);
    size_t n = strlen(x) < strlen(y) ? strlen(x) : strlen(y);
    if (a->place != b->place || strncmp(x, y, n) != 0)
        return false;
    char next = x[n] != '\0' ? x[n] : y[n];
    return next == '\0' || (a->place == IN_BODY && next == '.');
}

static bool is_seats(enum meaning meaning)
{
    return meaning == MEANS_SEATS || meaning == MEANS_SEATS_ADDED;
}

static bool same_meaning(enum meaning a, enum meaning b)
{
    return a != MEANS_NOTHING && (a == b || (is_seats(a) && is_seats(b)));
}

static bool has_meaning(const struct param *rows, enum meaning meaning)
{
    for (const struct param *p = rows; p->name != NULL; p++)
        if (same_meaning(p->meaning, meaning))
            return true;
    return false;
}

static const struct param *row_named(const struct param *rows, const char *name)
{
    for (const struct param *p = rows; p != NULL && p->name != NULL; p++)
        if (strcmp(p->name, name) == 0)
            return p;
    return NULL;
}

/* Alternatives of one row: SKU or product, say. */
static bool meant_the_same(const struct param *before, const struct param *p, const struct param *q)
{
    const struct param *a = row_named(before, p->name), *b = row_named(before, q->name);
    return a != NULL && b != NULL && same_meaning(a->meaning, b->meaning);
}

/* Parameters of an action, or members of one of them. */
static enum status check_rows(struct reading *r, const struct param *before,
                              const struct param *after, bool are_members)
{
    for (const struct param *p = after; p->name != NULL; p++) {
        struct reading inner = step_into(r, str_of(p->name));
        const struct param *was = row_named(before, p->name);
        TRY(check_param(&inner, p, are_members));
        for (const struct param *q = after; q != p; q++) {
            if (keys_clash(p, q))
                return refuse(&inner, "it would stand in the same place as %s", q->name);
            if (same_meaning(p->meaning, q->meaning) && !meant_the_same(before, p, q))
                return refuse(&inner, "it would mean the same as %s", q->name);
        }
        if (p->members != NULL && (was == NULL || p->members != was->members))
            TRY(check_rows(&inner, was != NULL ? was->members : NULL, p->members, true));
    }
    for (const struct param *p = before; p != NULL && p->name != NULL; p++)
        if (p->meaning != MEANS_NOTHING && !has_meaning(after, p->meaning))
            return refuse(r,
                          "the purchase is planned by what %s means, and nothing here would "
                          "mean it any more",
                          p->name);
    return ST_OK;
}

static enum status check_params(struct reading *outer, const struct action *before,
                                const struct action *after)
{
    struct reading r = step_into(outer, STR("parameters"));
    size_t n = 0;
    bool has_form = false, has_body = false;
    if (after->params != before->params)
        TRY(check_rows(&r, before->params, after->params, false));
    for (const struct param *p = after->params; p->name != NULL; p++, n++) {
        has_form = has_form || p->place == IN_FORM;
        has_body = has_body || p->place == IN_BODY;
    }
    if (n > ARGUMENTS_MAX)
        return refuse(&r, "more than %d parameters", ARGUMENTS_MAX);
    if (has_form && has_body)
        return refuse(&r, "a request has a form or a JSON body, not both");
    if ((has_form || has_body) && after->method == METHOD_GET)
        return refuse(&r, "a GET carries neither form nor body");
    return ST_OK;
}

static enum status check_paging(struct reading *outer, const struct paging *paging)
{
    struct reading r = step_into(outer, STR("paging"));
    if (paging == NULL)
        return ST_OK;
    if (paging->size_name == NULL || paging->place_name == NULL || paging->records == NULL)
        return refuse(&r, "a list needs \"size_name\", \"place_name\" and \"records\"");
    if (paging->size < 1 || paging->size > paging->size_most)
        return refuse(&r, "\"size\" is %d; it must be from 1 to \"size_most\", which is %d",
                      paging->size, paging->size_most);
    if (paging->style == PAGING_TOKEN && paging->next == NULL)
        return refuse(&r, "a list by tokens needs \"next\"");
    return ST_OK;
}

/* Without any of these nobody could see what became of a purchase. */
static enum status check_judging_is_whole(struct reading *r, const struct judging *judging)
{
    const struct {
        const char *name, *value;
    } needed[] = { { "id", judging->id },
                   { "state", judging->state },
                   { "poll", judging->poll },
                   { "poll_param", judging->poll_param } };
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (needed[i].value == NULL || needed[i].value[0] == '\0')
            return refuse(r,
                          "\"%s\" is missing: how a change goes on is told by id, state, poll "
                          "and poll_param together",
                          needed[i].name);
    return ST_OK;
}

static enum status check_judging(struct reading *outer, const struct action *before,
                                 const struct action *after)
{
    const struct judging *judging = after->judging;
    struct reading r = step_into(outer, STR("judging"));
    struct action_walk walk = { .only = r.connector };
    const char *names[512];
    size_t n = 0;
    if (judging == before->judging)
        return ST_OK;
    TRY(check_judging_is_whole(&r, judging));
    const struct action *poll = action_find(str_of(judging->poll));
    for (const struct action *x; n < ARRAY_LEN(names) && (x = action_next(&walk)) != NULL;)
        if (x->effect == EFFECT_READ)
            names[n++] = x->name;
    if (poll == NULL || poll->effect != EFFECT_READ || connector_of_action(poll) != r.connector)
        return refuse_name(&r, "an action that can be polled", str_of(judging->poll), names, n);
    if (action_param(poll, str_of(judging->poll_param)) == NULL)
        return refuse(&r, "\"poll_param\" must be a parameter of %s", poll->name);
    return ST_OK;
}

enum status check_row(struct reading *r, const struct action *before, const struct action *after)
{
    if (after->effect < before->effect)
        return refuse(r, "the effect of %s is %s; it can be raised, not lowered", before->name,
                      effect_name(before->effect));
    if (after->effect == EFFECT_MONEY && after->consequence == NULL)
        return refuse(r, "what costs money needs a \"consequence\": a sentence for whoever "
                         "approves it");
    if (after->method == METHOD_GET && before->method != METHOD_GET &&
        before->effect != EFFECT_READ)
        return refuse(r, "%s changes something, and a GET only reads", before->name);
    TRY(check_paths(r, after));
    TRY(check_params(r, before, after));
    TRY(check_paging(r, after->paging));
    return check_judging(r, before, after);
}

static struct str before_brace(struct str segment)
{
    const char *brace = segment.len == 0 ? NULL : memchr(segment.at, '{', segment.len);
    return brace == NULL ? segment : (struct str){ segment.at, (size_t)(brace - segment.at) };
}

static struct str behind_brace(struct str segment)
{
    const char *brace = segment.len == 0 ? NULL : memrchr(segment.at, '}', segment.len);
    return brace == NULL ? segment : str_from(segment, (size_t)(brace - segment.at) + 1);
}

static struct str first_bytes(struct str text, size_t n)
{
    return (struct str){ text.at, n < text.len ? n : text.len };
}

static struct str last_bytes(struct str text, size_t n)
{
    return str_from(text, n < text.len ? text.len - n : 0);
}

/* Whether some id makes two segments of templates the same, in any case of letters. */
static bool segments_meet(struct str a, struct str b)
{
    bool a_is_fixed = before_brace(a).len == a.len, b_is_fixed = before_brace(b).len == b.len;
    if (a_is_fixed && b_is_fixed)
        return str_equal_nocase(a, b);
    struct str x = before_brace(a), y = before_brace(b);
    size_t n = x.len < y.len ? x.len : y.len;
    if (!str_equal_nocase(first_bytes(x, n), first_bytes(y, n)))
        return false;
    x = behind_brace(a);
    y = behind_brace(b);
    n = x.len < y.len ? x.len : y.len;
    return str_equal_nocase(last_bytes(x, n), last_bytes(y, n));
}

static bool paths_meet(struct str a, struct str b)
{
    struct str x, y;
    for (;;) {
        bool more_x = str_next(&a, '/', &x), more_y = str_next(&b, '/', &y);
        if (more_x != more_y)
            return false;
        if (!more_x)
            return true;
        if (!segments_meet(x, y))
            return false;
    }
}

/* Under the connector's alias; the path itself where there is none. */
static struct str with_alias(struct arena *a, const struct connector *connector, struct str path)
{
    if (connector->alias_to == NULL || !str_starts(path, connector->alias_to))
        return path;
    struct str rest = str_from(path, strlen(connector->alias_to));
    return str_of(arena_printf(a, "%s%.*s", connector->alias_from, STR_PRINT(rest)));
}

/* All spellings of one row against all of another. */
static bool rows_meet(struct arena *arena, const struct connector *connector,
                      const struct action *a, const struct action *b)
{
    struct str rest_a = str_of(a->path_spellings), path_a = str_of(a->path);
    if (a->method != b->method)
        return false;
    do {
        struct str rest_b = str_of(b->path_spellings), path_b = str_of(b->path);
        struct str alias_a = with_alias(arena, connector, path_a);
        do
            if (paths_meet(path_a, path_b) || paths_meet(alias_a, path_b) ||
                paths_meet(path_a, with_alias(arena, connector, path_b)))
                return true;
        while (rest_b.at != NULL && str_next(&rest_b, '|', &path_b));
    } while (rest_a.at != NULL && str_next(&rest_a, '|', &path_a));
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

enum status check_against_others(struct reading *r, const struct action *before,
                                 const struct action *after)
{
    struct action_walk walk = { .only = r->connector };
    if (before->method == after->method && same_text(before->path, after->path) &&
        same_text(before->path_spellings, after->path_spellings))
        return ST_OK;
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        const struct action *corrected = overrides_row(r->o, x);
        if (strcmp(x->name, after->name) == 0 || action_is_generic(x) || action_is_recipe(x))
            continue;
        if ((x->effect != after->effect && rows_meet(r->a, r->connector, x, after)) ||
            (corrected->effect != after->effect && rows_meet(r->a, r->connector, corrected, after)))
            return refuse(r, "%s (%s) would reach the same place as %s (%s)", after->name,
                          effect_name(after->effect), x->name, effect_name(corrected->effect));
    }
    return ST_OK;
}

enum effect overrides_effect(const struct overrides *overrides, const struct connector *connector,
                             enum method method, struct str path, enum effect least)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    if (str_ends(path, "/")) /* services forgive one (ion 2 CLIENT) */
        path.len--;
    const struct action asked = { .method = method, .path = arena_text(&a, path) };
    for (size_t i = 0; overrides != NULL && i < overrides->n_rows; i++) {
        const struct action *row = overrides->rows[i];
        if (connector_of_action(row) == connector && row->effect > least &&
            rows_meet(&a, connector, &asked, row))
            least = row->effect;
    }
    return least;
}
