/* The portal's user, credentials, and the journal. */
#include "sim/control_inside.h"
#include "sim/journal.h"
#include "sim/portal.h"

#define JOURNAL_LIMIT 1000
#define SEATS_MOST    1000000

/* --- portal --- */

static enum status want_act(const struct control *c, enum portal_act *ret_act, struct error *err)
{
    struct str name;
    TRY(want_text(c, "do", &name, err));
    for (enum portal_act act = 0; act < PORTAL_ACTS; act++)
        if (str_is(name, portal_acts[act])) {
            *ret_act = act;
            return ST_OK;
        }
    fail(err, ST_INVALID, "nobody can `%.*s` in the portal", STR_PRINT(name));
    hint(err, "One of seats, cancel, suspend, resume, auto-renew-on, auto-renew-off, buy.");
    return ST_INVALID;
}

static enum status want_purchase(const struct control *c, struct portal_edit *edit,
                                 struct error *err)
{
    struct str customer, part, term = json_text(json_get(c->body, "term")),
                               cycle = json_text(json_get(c->body, "cycle"));
    TRY(want_text(c, "customer", &customer, err));
    TRY(want_text(c, "part", &part, err));
    if (!sim_find_customer(c->sim, edit->at, customer, &edit->place))
        return fail(err, ST_NOT_FOUND, "there is no customer %.*s", STR_PRINT(customer));
    edit->goods_place = goods_find(part);
    if (edit->goods_place < 0)
        return fail(err, ST_NOT_FOUND,
                    "the catalogue has no `%.*s`; a part is written like CFQ7TTC0LCHC:0002",
                    STR_PRINT(part));
    edit->variant_place =
        variant_find(term.len > 0 ? term : STR("P1Y"), cycle.len > 0 ? cycle : STR("M"));
    if (edit->variant_place < 0)
        return fail(err, ST_INVALID, "`term` and `cycle` are P1M and M, P1Y and M, or P1Y and A");
    return ST_OK;
}

static struct str wire_id(struct control *c, enum marketplace at, const struct subscription *s)
{
    return str_of(
        at == AT_ION ? arena_printf(c->a, "%lld", (long long)sim_ion_id(s->place))
                     : arena_printf(c->a, "%lld_%lld", (long long)s->contract, (long long)s->line));
}

static void put_subscription(struct control *c, enum marketplace at, int64_t place)
{
    static const char *const fates[] = { "active", "suspended", "pending", "cancelled", "expired" };
    struct subscription s = sim_subscription(c->sim, at, place);
    struct customer customer = sim_customer(c->sim, c->a, at, s.customer_place);
    char text[40];
    json_open_object(&c->w);
    json_put_text(&c->w, "subscription", wire_id(c, at, &s));
    if (at == AT_ION)
        json_put_text(&c->w, "subscriptionId", str_of(sim_ion_guid(c->sim, place, text)));
    (void)snprintf(text, sizeof text, "%lld", (long long)customer.number);
    json_put_text(&c->w, "customer", str_of(text));
    json_put_text(&c->w, "name", str_of(s.goods->name));
    json_put_integer(&c->w, "seats", s.quantity);
    json_put_text(&c->w, "status", str_of(fates[s.fate]));
    json_put_boolean(&c->w, "auto_renew", s.auto_renew);
    json_put_text(&c->w, "term_ends", str_of(moment_text(s.term_ends_ms, text)));
    json_close(&c->w);
}

enum status control_portal(struct control *c, struct error *err)
{
    struct portal_edit edit = { .who = json_text(json_get(c->body, "who")) };
    struct str id;
    int64_t place;
    TRY(want_marketplace(c, &edit.at, err));
    TRY(want_act(c, &edit.act, err));
    if (edit.act == PORTAL_SEATS || edit.act == PORTAL_BUY)
        TRY(want_integer(c, "seats", 1, SEATS_MOST, &edit.seats, err));
    if (edit.act == PORTAL_BUY) {
        TRY(want_purchase(c, &edit, err));
    } else {
        TRY(want_text(c, "subscription", &id, err));
        if (!sim_find_subscription(c->sim, edit.at, -1, id, &edit.place))
            return fail(err, ST_NOT_FOUND, "there is no subscription %.*s", STR_PRINT(id));
    }
    TRY(portal_do(c->sim, &edit, &place, err));
    put_subscription(c, edit.at, place);
    return ST_OK;
}

/* --- journal --- */

enum status control_journal(struct control *c, struct error *err)
{
    struct journal_filter filter = {
        .marketplace = query_text(c, "marketplace"),
        .method = query_text(c, "method"),
        .action = query_text(c, "action"),
        .path = query_text(c, "path"),
    };
    TRY(query_integer(c, "since", 0, &filter.since, err));
    TRY(query_integer(c, "limit", JOURNAL_LIMIT, &filter.limit, err));
    if (filter.action.len > 0 && action_find(filter.action) == NULL)
        return fail(err, ST_INVALID, "there is no action `%.*s`", STR_PRINT(filter.action));
    journal_put(c->sim->journal, &filter, &c->w);
    return ST_OK;
}

enum status control_clear_journal(struct control *c, struct error *err)
{
    (void)err;
    journal_clear(c->sim->journal);
    json_open_object(&c->w);
    json_close(&c->w);
    return ST_OK;
}

/* --- credentials --- */

static void put_moment(struct control *c, const char *key, int64_t ms, bool is_there)
{
    char at[32];
    json_put_text_or_null(&c->w, key, is_there ? str_of(moment_text(ms, at)) : STR_NONE);
}

/* With their secrets: this is a simulator, and whoever reads this holds its token. */
static void put_credential(struct control *c, size_t i)
{
    static const char *const ids[] = { "client_id", "refresh_token", "api_key" };
    static const char *const secrets[] = { "client_secret", NULL, "api_secret" };
    const struct credential *credential = credential_at(c->sim->tokens, i);
    enum credential_kind kind = credential->kind;
    json_open_object(&c->w);
    json_put_integer(&c->w, "number", (int64_t)i + 1);
    json_put_text(&c->w, "kind", str_of(credential_kinds[kind]));
    json_put_text(&c->w, ids[kind], str_of(credential->id));
    if (secrets[kind] != NULL)
        json_put_text(&c->w, secrets[kind], str_of(credential->secret));
    put_moment(c, "works_from", credential->works_from_ms, credential->works_from_ms != INT64_MIN);
    put_moment(c, "works_until", credential->works_until_ms, credential->works_until_ms != 0);
    json_put_boolean(&c->w, "works_now", credential_works(c->sim, i));
    json_close(&c->w);
}

enum status control_credentials(struct control *c, struct error *err)
{
    (void)err;
    json_open_object(&c->w);
    json_put_array(&c->w, "credentials");
    for (size_t i = 0; i < credentials_count(c->sim->tokens); i++)
        put_credential(c, i);
    json_close(&c->w);
    json_close(&c->w);
    return ST_OK;
}

enum status control_make_credential(struct control *c, struct error *err)
{
    struct str kind;
    TRY(want_text(c, "kind", &kind, err));
    for (enum credential_kind k = 0; k < CREDENTIAL_KINDS; k++) {
        if (!str_is(kind, credential_kinds[k]))
            continue;
        if (credential_make(c->sim, k) == NULL)
            return fail(err, ST_INVALID, "there are %d credentials already", CREDENTIALS_MAX);
        put_credential(c, credentials_count(c->sim->tokens) - 1);
        return ST_OK;
    }
    return fail(err, ST_INVALID, "`kind` is one of client, refresh-token, api-key");
}

static enum status find_credential(const struct control *c, size_t *ret_i, struct error *err)
{
    int64_t number;
    if (!str_integer(c->name, &number) || number < 1 ||
        number > (int64_t)credentials_count(c->sim->tokens))
        return fail(err, ST_NOT_FOUND, "there is no credential with the number `%.*s`",
                    STR_PRINT(c->name));
    *ret_i = (size_t)number - 1;
    return ST_OK;
}

enum status control_revoke(struct control *c, struct error *err)
{
    size_t i = 0;
    TRY(find_credential(c, &i, err));
    credential_revoke(c->sim, i);
    put_credential(c, i);
    return ST_OK;
}

enum status control_expire(struct control *c, struct error *err)
{
    size_t i = 0;
    TRY(find_credential(c, &i, err));
    credential_expire(c->sim, i);
    put_credential(c, i);
    return ST_OK;
}

/* The successor stays with whoever used it, and is not told. */
enum status control_lose(struct control *c, struct error *err)
{
    size_t i = 0;
    TRY(find_credential(c, &i, err));
    if (credential_at(c->sim->tokens, i)->kind != CREDENTIAL_REFRESH)
        return fail(err, ST_INVALID, "only a refresh token can be used up");
    credential_lose(c->sim, i);
    json_open_object(&c->w);
    json_put_integer(&c->w, "number", (int64_t)i + 1);
    json_put_text(&c->w, "kind", str_of(credential_kinds[CREDENTIAL_REFRESH]));
    json_close(&c->w);
    return ST_OK;
}
