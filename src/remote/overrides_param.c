/* Corrections of parameters, and of field rows. */
#include "remote/overrides_inside.h"

#include <stddef.h>

static const char *const places[] = { "path", "query", "form", "body", NULL };
static const char *const types[] = { "text",  "whole",  "number", "boolean", "date",
                                     "month", "choice", "object", "list",    NULL };
static const char *const meanings[] = { "nothing",        "customer", "subscription", "seats",
                                        "seats-added",    "sku",      "items",        "renewal",
                                        "purchase-order", NULL };

static enum status take_members(struct reading *r, void *target, const struct json *value)
{
    struct param *param = target;
    const struct param none = { .name = NULL };
    return read_params(r, param->members != NULL ? param->members : &none, value, &param->members);
}

#define AT(member) .offset = offsetof(struct param, member)

static const struct slot slots[] = {
    { "key", SLOT_TEXT, AT(key) },
    { "place", SLOT_WORD, AT(place), .words = places },
    { "type", SLOT_WORD, AT(type), .words = types },
    { "required", SLOT_NEED, AT(need) },
    { "default", SLOT_VALUE, AT(fallback) },
    { "choices", SLOT_PATHS, AT(choices) },
    { "meaning", SLOT_WORD, AT(meaning), .words = meanings },
    { "doc", SLOT_TEXT, AT(doc) },
    { "example", SLOT_VALUE, AT(example) },
    { "members", SLOT_OWN, .take = take_members },
    { .name = NULL },
};

/* An example that passes the check, for the help and the faults of a parameter without one. */
static const char *example_of(struct reading *r, const struct param *p)
{
    static const char *const examples[] = { "text",    "1",  "1.5", "true", "2026-07-31",
                                            "2026-07", NULL, "{}",  "[]" };
    struct str rest = str_of(p->choices), first = STR("");
    if (p->type != PARAM_CHOICE)
        return examples[p->type];
    (void)str_next(&rest, '|', &first);
    return arena_text(r->a, first);
}

static enum status check_name(struct reading *r, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '_' || c == '.' || c == '-' || c == '$';
        if (!good)
            return refuse(r, "the name of a parameter may hold letters, digits, '_', '-', '.' and "
                             "'$' only");
    }
    return name.len > 0 && name.len <= 80
               ? ST_OK
               : refuse(r, "the name of a parameter has 1 to 80 characters");
}

static enum status read_one(struct reading *r, const struct param *before, struct str name,
                            const struct json *value, struct param *ret_param)
{
    struct param p = { .name = arena_text(r->a, name),
                       .doc = "Added by the file of overrides.",
                       .place = IN_BODY };
    if (before != NULL)
        p = *before;
    if (p.source == FROM_TOKEN)
        return refuse(r, "the access token is put in by the program, and cannot be corrected");
    if (before == NULL) {
        TRY(check_name(r, name));
        note_fact(r, NULL, "added");
        if (json_get(value, "type") == NULL)
            return refuse(r, "the action has no such parameter; to add it, say its \"type\" (and "
                             "\"place\": path, query, form or body)");
    }
    TRY(read_slots(r, slots, value, &p));
    bool is_plain = json_get(value, "type") == NULL && json_get(value, "choices") == NULL;
    if (p.example == NULL || (!is_plain && json_get(value, "example") == NULL))
        p.example = example_of(r, &p);
    *ret_param = p;
    return ST_OK;
}

/* How many bytes of whole leading parts ("a.b." of "a.b.c") two keys share. */
static size_t shared_parts(const char *a, const char *b)
{
    size_t shared = 0;
    for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++)
        if (a[i] == '.')
            shared = i + 1;
    return shared;
}

/* One pass writes a body: parameters that share an object must stand next to each other. */
static void insert(struct param *rows, size_t *n, const struct param *p)
{
    size_t most = 0, at = *n;
    for (size_t i = 0; p->place == IN_BODY && i < *n; i++) {
        size_t shared =
            rows[i].place == IN_BODY ? shared_parts(param_key(&rows[i]), param_key(p)) : 0;
        if (shared > 0 && shared >= most) {
            most = shared;
            at = i + 1;
        }
    }
    memmove(&rows[at + 1], &rows[at], (*n - at) * sizeof *rows);
    rows[at] = *p;
    (*n)++;
}

enum status read_params(struct reading *r, const struct param *rows, const struct json *object,
                        const struct param **ret_rows)
{
    struct json_members members = json_members(object);
    size_t n = 0, n_before = 0, n_added = 0;
    if (json_kind(object) != JSON_OBJECT)
        return refuse(r, "an object is needed, with parameters by their name");
    while (rows[n_before].name != NULL)
        n_before++;
    while (json_members_next(&members))
        n_added++;
    struct param *out = ARENA_ARRAY(r->a, n_before + n_added + 1, struct param);
    for (size_t i = 0; i < n_before; i++) {
        struct param p = rows[i];
        const struct json *value = json_get(object, p.name);
        struct reading inner = step_into(r, str_of(p.name));
        if (value != NULL)
            TRY(read_one(&inner, &rows[i], str_of(p.name), value, &p));
        insert(out, &n, &p);
    }
    for (members = json_members(object); json_members_next(&members);) {
        const struct param *known = rows;
        while (known->name != NULL && !str_is(members.key, known->name))
            known++;
        struct reading inner = step_into(r, members.key);
        struct param p;
        if (known->name != NULL)
            continue;
        TRY(read_one(&inner, NULL, members.key, members.value, &p));
        insert(out, &n, &p);
    }
    *ret_rows = out;
    return ST_OK;
}

/* Members of the two records, as the file names them. */
struct member {
    const char *name;
    size_t offset;
};

#define OF_ACCOUNT(member)                                                                         \
    {                                                                                              \
#member, offsetof(struct account_record, member)                                           \
    }
#define OF_SUBSCRIPTION(member)                                                                    \
    {                                                                                              \
#member, offsetof(struct subscription_record, member)                                      \
    }

static const struct member account_members[] = {
    OF_ACCOUNT(remote_id), OF_ACCOUNT(name),    OF_ACCOUNT(company_name), OF_ACCOUNT(domain),
    OF_ACCOUNT(tenant_id), OF_ACCOUNT(country), OF_ACCOUNT(status),       { .name = NULL },
};

static const struct member subscription_members[] = {
    OF_SUBSCRIPTION(remote_id),
    OF_SUBSCRIPTION(commerce_id),
    OF_SUBSCRIPTION(account_id),
    OF_SUBSCRIPTION(account_name),
    OF_SUBSCRIPTION(name),
    OF_SUBSCRIPTION(product_name),
    OF_SUBSCRIPTION(part_number),
    OF_SUBSCRIPTION(service_id),
    OF_SUBSCRIPTION(offer_id),
    OF_SUBSCRIPTION(sku),
    OF_SUBSCRIPTION(product_id),
    OF_SUBSCRIPTION(plan_id),
    OF_SUBSCRIPTION(vendor),
    OF_SUBSCRIPTION(parent_id),
    OF_SUBSCRIPTION(status),
    OF_SUBSCRIPTION(billing_cycle),
    OF_SUBSCRIPTION(term),
    OF_SUBSCRIPTION(currency),
    OF_SUBSCRIPTION(quantity),
    OF_SUBSCRIPTION(cost),
    OF_SUBSCRIPTION(price),
    OF_SUBSCRIPTION(total),
    OF_SUBSCRIPTION(started_at),
    OF_SUBSCRIPTION(ends_at),
    OF_SUBSCRIPTION(renews_at),
    OF_SUBSCRIPTION(cancellable_until),
    OF_SUBSCRIPTION(updated_at),
    OF_SUBSCRIPTION(auto_renew),
    { .name = NULL },
};

/* The row of a member; NULL when the connector has none for it. */
static struct field *row_of(struct field *rows, const struct member *members, struct str name)
{
    for (const struct member *m = members; m->name != NULL; m++)
        for (struct field *f = rows; str_is(name, m->name) && f->keys != NULL; f++)
            if (f->offset == m->offset)
                return f;
    return NULL;
}

static enum status refuse_member(struct reading *r, struct field *rows,
                                 const struct member *members, struct str name)
{
    const char *names[64];
    size_t n = 0;
    for (const struct member *m = members; m->name != NULL; m++)
        if (row_of(rows, members, str_of(m->name)) != NULL)
            names[n++] = m->name;
    return refuse_name(r, "a field that is read here", name, names, n);
}

static enum status read_entity(struct reading *r, const struct field *before,
                               const struct member *members, const struct json *object)
{
    size_t n = 0;
    if (json_kind(object) != JSON_OBJECT)
        return refuse(r, "an object is needed, with fields by their name");
    while (before[n].keys != NULL)
        n++;
    struct field *after = ARENA_ARRAY(r->a, n + 1, struct field);
    memcpy(after, before, n * sizeof *after);
    struct json_members walk = json_members(object);
    while (json_members_next(&walk)) {
        struct reading inner = step_into(r, walk.key);
        struct field *row = row_of(after, members, walk.key);
        if (row == NULL)
            return refuse_member(r, after, members, walk.key);
        const char *was = row->keys;
        TRY(read_paths(&inner, walk.value, &row->keys));
        struct str rest = str_of(row->keys), key;
        while (str_next(&rest, '|', &key))
            if (key.len > 90)
                return refuse(&inner, "a key has at most 90 bytes");
        note_fact(&inner, was, row->keys);
    }
    SCOPED(buf_release) struct buf keys = BUF(LIMIT_SMALL_FILE_BYTES);
    for (size_t i = 0; i < n; i++)
        buf_printf(&keys, "%s\n", after[i].keys);
    struct corrected_fields corrected = { before, after, digest_of(buf_str(&keys)) };
    r->o->fields[r->o->n_fields++] = corrected;
    return ST_OK;
}

static enum status read_connector(struct reading *r, const struct connector *connector,
                                  const struct json *object)
{
    static const char *const names[] = { "accounts", "subscriptions" };
    struct json_members walk = json_members(object);
    if (json_kind(object) != JSON_OBJECT)
        return refuse(r, "an object is needed: accounts and subscriptions");
    while (json_members_next(&walk)) {
        struct reading inner = step_into(r, walk.key);
        bool is_account = str_is(walk.key, "accounts");
        if (!is_account && !str_is(walk.key, "subscriptions"))
            return refuse_name(r, "something that is read", walk.key, names, 2);
        inner.subject = arena_printf(r->a, "%s %.*s", connector->name, STR_PRINT(walk.key));
        inner.member = "";
        TRY(read_entity(&inner,
                        is_account ? connector->accounts.fields : connector->subscriptions.fields,
                        is_account ? account_members : subscription_members, walk.value));
    }
    return ST_OK;
}

enum status read_fields(struct reading *r, const struct json *object)
{
    struct json_members walk = json_members(object);
    if (json_kind(object) != JSON_OBJECT)
        return refuse(r, "an object is needed: stellr and ion");
    while (json_members_next(&walk)) {
        const char *names[8];
        size_t n = 0;
        struct reading inner = step_into(r, walk.key);
        const struct connector *connector = connector_find(walk.key);
        for (; connectors()[n] != NULL && n < ARRAY_LEN(names); n++)
            names[n] = connectors()[n]->name;
        if (connector == NULL)
            return refuse_name(r, "a marketplace", walk.key, names, n);
        TRY(read_connector(&inner, connector, walk.value));
    }
    return ST_OK;
}
