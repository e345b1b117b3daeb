/* Descriptions from the rows. */
#include "remote/describe.h"

#include "base/json_scan.h"
#include "base/json_write.h"

#define EXAMPLE_COLUMNS 96

bool param_is_told(const struct param *param)
{
    return param->source != FROM_TOKEN;
}

bool param_is_wanted(const struct param *param)
{
    return param->need == REQUIRED && param->source == FROM_CALLER && param->fallback == NULL;
}

const char *param_place_name(enum place place)
{
    static const char *const names[] = { "path",   "query", "form",  "body",
                                         "recipe", "path",  "query", "method" };
    return names[place];
}

struct str param_words(struct arena *a, const struct param *param)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    struct str rest = str_of(param->choices), choice;
    buf_add_text(&text, param->doc);
    for (const char *before = " One of "; str_next(&rest, '|', &choice); before = ", ")
        buf_printf(&text, "%s%.*s", before, STR_PRINT(choice));
    if (param->choices != NULL)
        buf_add_char(&text, '.');
    if (param->fallback != NULL)
        buf_printf(&text, " Without it, %s is sent.",
                   param->fallback[0] != '\0' ? param->fallback : "an empty text");
    return arena_copy(a, buf_str(&text));
}

const char *action_paging_words(struct arena *a, const struct action *action)
{
    static const char *const styles[] = { "page numbers", "page tokens", "offsets" };
    const struct paging *paging = action->paging;
    if (paging == NULL)
        return NULL;
    return arena_printf(a, "A list in pages, by %s: --%s and --%s, or --all-pages.",
                        styles[paging->style], paging->place_name, paging->size_name);
}

/* "a|b" as "a, else b". */
static void put_paths(struct buf *to, const char *paths)
{
    struct str rest = str_of(paths), path;
    for (const char *before = ""; str_next(&rest, '|', &path); before = ", else ")
        buf_printf(to, "%s%.*s", before, STR_PRINT(path));
}

static void put_judging(struct buf *to, const struct judging *judging)
{
    buf_add_text(to, "Accepted with an id at ");
    put_paths(to, judging->id);
    buf_add_text(to, "; how far it is stands at ");
    put_paths(to, judging->state);
    buf_printf(to, ", and %s --%s ID tells how it goes on.", judging->poll, judging->poll_param);
    if (judging->items != NULL) {
        buf_add_text(to, " Results one by one stand at ");
        put_paths(to, judging->items);
        buf_add_char(to, '.');
    }
    if (judging->fault_code != NULL || judging->fault_text != NULL) {
        buf_add_text(to, " What went wrong stands at ");
        put_paths(to, judging->fault_code);
        if (judging->fault_code != NULL && judging->fault_text != NULL)
            buf_add_text(to, ", with its words at ");
        put_paths(to, judging->fault_text);
        buf_add_char(to, '.');
    }
}

struct str action_judging_words(struct arena *a, const struct action *action)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    const struct connector *connector = connector_of_action(action);
    if (action_is_recipe(action))
        buf_printf(&text,
                   "It reads the subscription afresh, sends one %s and reads again what became of "
                   "it.",
                   action->made_of);
    else if (action->judging != NULL)
        put_judging(&text, action->judging);
    else if (action->effect == EFFECT_READ)
        buf_add_text(&text, "HTTP 2xx with JSON is the answer; anything else is an error.");
    else
        buf_add_text(&text, "HTTP 2xx says that it was done, and the answer is what was changed.");
    if (action_is_polled(action))
        buf_add_text(&text, " What went wrong with the change stands in it.");
    else if (connector->complaint.inside_success && !action_is_recipe(action))
        buf_add_text(&text, " An answer of 200 may hold an error, and then is one.");
    return arena_copy(a, buf_str(&text));
}

/* As a shell takes it for one word. */
static const char *shell_word(struct arena *a, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./:@%+=,";
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    if (value[0] != '\0' && strspn(value, plain) == strlen(value))
        return value;
    buf_add_char(&text, '\'');
    for (const char *c = value; *c != '\0'; c++)
        if (*c == '\'')
            buf_add_text(&text, "'\\''");
        else
            buf_add_char(&text, *c);
    buf_add_char(&text, '\'');
    return arena_text(a, buf_str(&text));
}

struct str action_example(struct arena *a, const struct action *action)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    size_t start = 0;
    buf_printf(&text, "stellion call %s", action->name);
    for (const struct param *p = action->params; p->name != NULL; p++) {
        if (!param_is_wanted(p))
            continue;
        const char *word = arena_printf(a, "--%s %s", p->name, shell_word(a, p->example));
        if (text.len - start + 1 + strlen(word) > EXAMPLE_COLUMNS - 2) {
            buf_add_text(&text, " \\\n   ");
            start = text.len - 3;
        }
        buf_printf(&text, " %s", word);
    }
    return arena_copy(a, buf_str(&text));
}

static void put_choices(struct json_writer *w, const char *choices)
{
    struct str rest = str_of(choices), choice;
    if (choices == NULL) {
        json_put_null(w, "choices");
        return;
    }
    json_put_array(w, "choices");
    while (str_next(&rest, '|', &choice))
        json_put_text(w, NULL, choice);
    json_close(w);
}

static void put_member_list(struct json_writer *w, const char *key, const struct param *rows,
                            bool are_members);

static void put_param(struct json_writer *w, const struct param *p, bool is_member)
{
    static const char *const sources[] = { "caller", "connection", "token" };
    json_open_object(w);
    json_put_text(w, "name", str_of(p->name));
    json_put_text(w, "key", str_of(param_key(p)));
    if (!is_member)
        json_put_text(w, "place", str_of(param_place_name(p->place)));
    json_put_text(w, "type", str_of(param_type_name(p->type)));
    json_put_boolean(w, "required", is_member ? p->need == REQUIRED : param_is_wanted(p));
    json_put_text_or_null(w, "default", str_of(p->fallback));
    put_choices(w, p->choices);
    json_put_text(w, "example", str_of(p->example));
    if (!is_member)
        json_put_text(w, "from", str_of(sources[p->source]));
    json_put_text(w, "doc", str_of(p->doc));
    if (p->members != NULL)
        put_member_list(w, "members", p->members, true);
    json_close(w);
}

static void put_member_list(struct json_writer *w, const char *key, const struct param *rows,
                            bool are_members)
{
    json_put_array(w, key);
    for (const struct param *p = rows; p->name != NULL; p++)
        if (param_is_told(p))
            put_param(w, p, are_members);
    json_close(w);
}

static void put_paging(struct json_writer *w, const struct paging *paging)
{
    static const char *const styles[] = { "number", "token", "offset" };
    if (paging == NULL) {
        json_put_null(w, "paging");
        return;
    }
    json_put_object(w, "paging");
    json_put_text(w, "style", str_of(styles[paging->style]));
    json_put_text(w, "place_parameter", str_of(paging->place_name));
    json_put_text(w, "size_parameter", str_of(paging->size_name));
    json_put_integer(w, "size", paging->size);
    json_put_integer(w, "size_most", paging->size_most);
    json_close(w);
}

static void put_judging_members(struct json_writer *w, struct str words,
                                const struct judging *judging)
{
    json_put_object(w, "judging");
    json_put_text(w, "words", words);
    if (judging != NULL) {
        json_put_text_or_null(w, "id", str_of(judging->id));
        json_put_text_or_null(w, "state", str_of(judging->state));
        json_put_text_or_null(w, "poll", str_of(judging->poll));
        json_put_text_or_null(w, "poll_parameter", str_of(judging->poll_param));
        json_put_text_or_null(w, "items", str_of(judging->items));
        json_put_text_or_null(w, "fault_code", str_of(judging->fault_code));
        json_put_text_or_null(w, "fault_text", str_of(judging->fault_text));
    }
    json_close(w);
}

/* A recipe has neither method nor path of its own. */
static struct str or_none(const char *text)
{
    return text[0] == '\0' ? STR_NONE : str_of(text);
}

static void put_corrections(struct json_writer *w, const struct action *x,
                            const struct overrides *overrides)
{
    size_t n;
    const struct override_fact *facts = overrides_facts(overrides, &n);
    json_put_array(w, "overrides");
    for (size_t i = 0; i < n; i++) {
        if (strcmp(facts[i].subject, x->name) != 0)
            continue;
        json_open_object(w);
        json_put_text(w, "member", str_of(facts[i].member));
        json_put_text(w, "built_in", str_of(facts[i].was));
        json_put_text(w, "value", str_of(facts[i].is));
        json_close(w);
    }
    json_close(w);
}

struct str action_json(struct arena *a, const struct action *x, const struct overrides *overrides)
{
    static const char *const schemes[] = { "bearer", "basic", "none" };
    SCOPED(buf_release) struct buf text = BUF(LIMIT_SMALL_FILE_BYTES);
    struct json_writer w = JSON_WRITER_PRETTY(&text);
    json_open_object(&w);
    json_put_text(&w, "id", str_of(x->name));
    json_put_text(&w, "api", str_of(connector_of_action(x)->name));
    json_put_text(&w, "category", str_of(x->category));
    json_put_text(&w, "title", str_of(x->title));
    json_put_text_or_null(&w, "method", or_none(action_method_text(x)));
    json_put_text_or_null(&w, "path", or_none(action_path_text(x)));
    json_put_text_or_null(&w, "path_spellings", str_of(x->path_spellings));
    json_put_text_or_null(&w, "made_of", str_of(x->made_of));
    json_put_text(&w, "authorisation", str_of(schemes[x->scheme]));
    json_put_text(&w, "effect", str_of(effect_name(x->effect)));
    json_put_text_or_null(&w, "consequence", str_of(x->consequence));
    json_put_text(&w, "trust", str_of(trust_name(x->trust)));
    json_put_text(&w, "source", str_of(x->source));
    json_put_text(&w, "doc", str_of(x->doc));
    json_put_boolean(&w, "is_list", x->paging != NULL);
    put_paging(&w, x->paging);
    put_judging_members(&w, action_judging_words(a, x), x->judging);
    put_member_list(&w, "parameters", x->params, false);
    json_put_text(&w, "command", action_example(a, x));
    put_corrections(&w, x, overrides);
    json_close(&w);
    buf_add_char(&text, '\n');
    return arena_copy(a, buf_str(&text));
}
