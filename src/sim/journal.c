/* Keeping and telling writes. */
#include "sim/journal.h"

#include "base/json.h"
#include "sim/inside.h"

#define REPLACED "(secret)"

struct entry {
    int64_t number, at_ms;
    enum marketplace at;
    const char *action;  /* of the tables; NULL: none fits */
    struct buf text;     /* method, path, query and body, one behind the other */
    struct str parts[4]; /* views of `text` */
    int status;          /* of the answer, sent or not */
    enum sending sending;
    bool is_carried_out, is_cut, is_reused;
};

enum part { METHOD_PART, PATH_PART, QUERY_PART, BODY_PART };

struct journal {
    struct entry *entries; /* a ring: number N lies at (N - 1) % JOURNAL_ENTRIES_MAX */
    int64_t last;
    int64_t first; /* the oldest that is kept */
};

struct journal *journal_new(void)
{
    struct journal *j = memory_new(sizeof *j);
    j->entries = memory_new(JOURNAL_ENTRIES_MAX * sizeof *j->entries);
    j->first = 1;
    return j;
}

void journal_clear(struct journal *j)
{
    for (size_t i = 0; i < JOURNAL_ENTRIES_MAX; i++)
        if (j->entries[i].number > 0)
            buf_release(&j->entries[i].text);
    memset(j->entries, 0, JOURNAL_ENTRIES_MAX * sizeof *j->entries);
    j->first = j->last + 1;
}

void journal_free(struct journal *j)
{
    if (j == NULL)
        return;
    journal_clear(j);
    memory_free(j->entries);
    memory_free(j);
}

/* --- secrets --- */

static bool is_secret(struct arena *a, struct str name)
{
    static const char *const words[] = { "secret", "password", "token", "api_key", "apikey" };
    const char *text = arena_text(a, name);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_contains_nocase(str_of(text), words[i]) &&
            !str_contains_nocase(str_of(text), "pageToken") &&
            !str_contains_nocase(str_of(text), "page_token"))
            return true;
    return false;
}

static void put_clean(struct arena *a, struct json_writer *w, const char *key,
                      const struct json *value, bool hide);

static void put_clean_object(struct arena *a, struct json_writer *w, const struct json *value)
{
    /* {"name": "password", "value": ...} is a pair of an order's attributes (ion 5) */
    bool is_pair = is_secret(a, json_text(json_get(value, "name")));
    struct json_members m = json_members(value);
    while (json_members_next(&m))
        put_clean(a, w, arena_text(a, m.key), m.value,
                  is_secret(a, m.key) || (is_pair && str_is(m.key, "value")));
}

static void put_clean(struct arena *a, struct json_writer *w, const char *key,
                      const struct json *value, bool hide)
{
    bool yes;
    switch (json_kind(value)) {
    case JSON_OBJECT:
        if (key == NULL)
            json_open_object(w);
        else
            json_put_object(w, key);
        put_clean_object(a, w, value);
        json_close(w);
        return;
    case JSON_ARRAY:
        if (key == NULL)
            json_open_array(w);
        else
            json_put_array(w, key);
        for (size_t i = 0; i < json_length(value); i++)
            put_clean(a, w, NULL, json_at(value, i), hide);
        json_close(w);
        return;
    case JSON_TEXT:
        json_put_text(w, key, hide ? STR(REPLACED) : json_text(value));
        return;
    case JSON_BOOLEAN:
        (void)json_boolean(value, &yes);
        json_put_boolean(w, key, yes);
        return;
    case JSON_NULL:
        json_put_null(w, key);
        return;
    case JSON_INTEGER:
    case JSON_DECIMAL:
    default:
        if (hide)
            json_put_text(w, key, STR(REPLACED));
        else
            json_put_number(w, key, json_number_text(value));
    }
}

static struct str clean_form(struct arena *a, struct str text)
{
    SCOPED(buf_release) struct buf clean = BUF(LIMIT_BODY_BYTES * 4);
    struct str rest = text, pair, name;
    while (str_next(&rest, '&', &pair)) {
        struct str value = pair;
        (void)str_next(&value, '=', &name);
        if (clean.len > 0)
            buf_add_char(&clean, '&');
        if (value.at != NULL && is_secret(a, name))
            buf_printf(&clean, "%.*s=%s", STR_PRINT(name), REPLACED);
        else
            buf_add(&clean, pair);
    }
    return arena_copy(a, buf_str(&clean));
}

struct str journal_clean(struct arena *a, struct str content_type, struct str text)
{
    const struct json *value;
    struct error ignored;
    if (text.len == 0)
        return text;
    if (str_contains_nocase(content_type, "multipart/"))
        return STR("(a multipart form)"); /* of tokens, here */
    struct str start = str_trim(text);
    if (start.len == 0 || (start.at[0] != '{' && start.at[0] != '['))
        return clean_form(a, text);
    if (json_parse(a, text, &value, &ignored) != ST_OK)
        return STR("(a body that is no JSON, and may hold secrets)");
    SCOPED(buf_release) struct buf clean = BUF(LIMIT_BODY_BYTES * 8);
    struct json_writer w = JSON_WRITER(&clean);
    put_clean(a, &w, NULL, value, false);
    return arena_copy(a, buf_str(&clean));
}

/* --- keeping --- */

static void keep_texts(struct entry *e, const struct str *parts)
{
    size_t at = 0;
    e->text = (struct buf)BUF(LIMIT_REPLY_BYTES);
    for (size_t i = 0; i < ARRAY_LEN(e->parts); i++)
        buf_add(&e->text, parts[i]);
    for (size_t i = 0; i < ARRAY_LEN(e->parts); i++) {
        e->parts[i] =
            parts[i].at == NULL ? STR_NONE : (struct str){ e->text.at + at, parts[i].len };
        at += parts[i].len;
    }
}

void journal_note(struct journal *j, const struct ask *ask)
{
    const struct exchange *x = ask->x;
    if (str_is(x->method, "GET") || str_is(x->method, "HEAD") || str_is(x->method, "OPTIONS"))
        return;
    struct str body = journal_clean(x->a, exchange_header(x, "Content-Type"), x->body);
    bool is_cut = body.len > JOURNAL_BODY_BYTES;
    struct str parts[] = { x->method, ask->path, journal_clean(x->a, STR_NONE, x->query), body };
    parts[BODY_PART].len = is_cut ? JOURNAL_BODY_BYTES : body.len;
    struct entry *e = &j->entries[j->last++ % JOURNAL_ENTRIES_MAX];
    if (e->number > 0) {
        buf_release(&e->text);
        j->first = e->number + 1;
    }
    *e = (struct entry){
        .number = j->last,
        .at_ms = sim_now(ask->sim),
        .at = ask->at,
        .action = ask->action == NULL ? NULL : ask->action->name,
        .status = x->status,
        .sending = x->sending,
        .is_carried_out = ask->is_carried_out,
        .is_cut = is_cut,
        .is_reused = x->is_reused,
    };
    keep_texts(e, parts);
}

/* --- telling --- */

static bool fits(const struct journal_filter *f, const struct entry *e)
{
    static const char *const names[] = { "stellr", "ion" };
    struct str path = e->parts[PATH_PART];
    if (e->number <= f->since)
        return false;
    if (f->marketplace.len > 0 && !str_is(f->marketplace, names[e->at]))
        return false;
    if (f->method.len > 0 && !str_equal_nocase(f->method, e->parts[METHOD_PART]))
        return false;
    if (f->action.len > 0 && !str_equal(f->action, str_of(e->action)))
        return false;
    return f->path.len == 0 ||
           (path.len > 0 && memmem(path.at, path.len, f->path.at, f->path.len) != NULL);
}

static void put_entry(struct json_writer *w, const struct entry *e)
{
    static const char *const answers[] = { "sent", "cut", "dropped" };
    char at[32];
    json_open_object(w);
    json_put_integer(w, "number", e->number);
    json_put_text(w, "at", str_of(moment_text(e->at_ms, at)));
    json_put_text(w, "marketplace", e->at == AT_STELLR ? STR("stellr") : STR("ion"));
    json_put_text_or_null(w, "action", str_of(e->action));
    json_put_text(w, "method", e->parts[METHOD_PART]);
    json_put_text(w, "path", e->parts[PATH_PART]);
    json_put_text_or_null(w, "query", e->parts[QUERY_PART]);
    json_put_text(w, "body", e->parts[BODY_PART]);
    if (e->is_cut)
        json_put_boolean(w, "body_is_cut", true);
    json_put_boolean(w, "connection_was_used", e->is_reused);
    json_put_boolean(w, "carried_out", e->is_carried_out);
    json_put_integer(w, "status", e->status);
    json_put_text(w, "answer", str_of(answers[e->sending]));
    json_close(w);
}

void journal_put(const struct journal *j, const struct journal_filter *filter,
                 struct json_writer *w)
{
    int64_t n = 0;
    json_open_object(w);
    json_put_integer(w, "last", j->last);
    json_put_array(w, "entries");
    int64_t from = filter->since + 1 > j->first ? filter->since + 1 : j->first;
    for (int64_t i = from; i <= j->last && n < filter->limit; i++) {
        const struct entry *e = &j->entries[(i - 1) % JOURNAL_ENTRIES_MAX];
        if (!fits(filter, e))
            continue;
        put_entry(w, e);
        n++;
    }
    json_close(w);
    json_close(w);
}
