/* Accounts to organisations. */
#include "match/inside.h"

#include "base/text_map.h"
#include "store/accounts.h"
#include "store/connections.h"

#include <stddef.h>

/* The names of an account by which it may meet an organisation, strongest first. */
static const struct {
    const char *rule;
    size_t offset;
} name_rules[] = {
    { "exact company name", offsetof(struct account_record, company_name) },
    { "exact name", offsetof(struct account_record, name) },
    { "exact domain", offsetof(struct account_record, domain) },
};

struct candidate {
    int64_t account_id;
    struct str organisation;
    const char *rule;
    bool is_of_bill;
};

static struct str name_by(const struct account_record *record, size_t rule)
{
    return *(const struct str *)(const void *)((const char *)record + name_rules[rule].offset);
}

/* Which organisation an account belongs to: one that exists under one of its names, else a new one
 * under its strongest. */
static struct candidate choose(struct arena *a, const struct account_row *row,
                               const struct text_map *organisations)
{
    const struct account_record *r = &row->record;
    size_t unused, rule = 0;
    while (rule < ARRAY_LEN(name_rules) && !text_map_get(organisations, name_by(r, rule), &unused))
        rule++;
    bool meets = rule < ARRAY_LEN(name_rules);
    for (size_t i = 0; !meets && i < ARRAY_LEN(name_rules); i++)
        if (name_by(r, i).len > 0) {
            rule = i;
            break;
        }
    if (rule == ARRAY_LEN(name_rules))
        rule = 1; /* the name, which every account has */
    return (struct candidate){
        .account_id = row->id,
        .organisation = arena_copy(a, name_by(r, rule)),
        .rule = meets ? name_rules[rule].rule : "first of its name",
    };
}

static enum status load_mapped(struct store *store, struct arena *a, struct text_map *mapped,
                               struct text_map *organisations, struct error *err)
{
    const struct mapping_row *mappings;
    const struct organisation_row *rows;
    size_t n;
    TRY(mapping_list(store, store->db, a, MAPPING_ACCOUNT, &mappings, &n, err));
    for (size_t i = 0; i < n; i++)
        (void)text_map_add(mapped, id_text(a, mappings[i].from_id), i);
    TRY(organisation_list(store, store->db, a, &rows, &n, err));
    for (size_t i = 0; i < n; i++)
        (void)text_map_add(organisations, rows[i].name, i);
    return ST_OK;
}

/* Every account without a mapping: those of the bill first, since its customers are the MSP's own
 * names, then the others in the order of the list. */
static enum status choose_all(struct store *store, struct arena *a, const struct text_map *mapped,
                              struct text_map *organisations, bool of_bill,
                              struct candidate **candidates, size_t *n, size_t *room,
                              struct error *err)
{
    SCOPED(db_done) struct db_cursor cursor = { .is_open = false };
    struct connection_row bill = { .id = -1 };
    enum status s = connection_find(store, store->db, a, STR("bill"), &bill, err);
    if (s != ST_OK && s != ST_NOT_FOUND)
        return s;
    TRY(account_list(store, store->db, 0, &cursor, err));
    for (;;) {
        struct account_row row;
        bool more;
        size_t unused;
        TRY(account_next(&cursor, &row, &more, err));
        if (!more)
            return ST_OK;
        if ((row.connection_id == bill.id) != of_bill ||
            text_map_get(mapped, id_text(a, row.id), &unused))
            continue;
        ARENA_GROW(a, *candidates, *n, *room);
        struct candidate chosen = choose(a, &row, organisations);
        chosen.is_of_bill = of_bill;
        (*candidates)[(*n)++] = chosen;
        (void)text_map_add(organisations, chosen.organisation, 0);
    }
}

static enum status save_one(struct store *store, const struct candidate *c, struct error *err)
{
    SCOPED(arena_free) struct arena a = ARENA(LIMIT_SMALL_FILE_BYTES);
    struct mapping_row row = {
        .from_id = c->account_id,
        .state = STR(MAPPING_CONFIRMED),
        .rule = str_of(c->is_of_bill ? "customer of the bill" : c->rule),
        .evidence = str_of(
            arena_printf(&a, "\"%.*s\" is the same to the character", STR_PRINT(c->organisation))),
        .actor = STR("stellion"),
    };
    TRY(organisation_ensure(store, store->db, c->organisation, &row.to_id, err));
    return mapping_add(store, store->db, MAPPING_ACCOUNT, &row, err);
}

enum status match_accounts(struct store *store, struct arena *a, struct match_result *result,
                           struct error *err)
{
    struct text_map mapped = TEXT_MAP, organisations = TEXT_MAP;
    struct candidate *candidates = NULL;
    size_t n = 0, room = 0;
    enum status s = load_mapped(store, a, &mapped, &organisations, err);
    result->n_accounts = (int64_t)mapped.n_keys;
    for (int pass = 0; s == ST_OK && pass < 2; pass++)
        s = choose_all(store, a, &mapped, &organisations, pass == 0, &candidates, &n, &room, err);
    text_map_release(&mapped);
    text_map_release(&organisations);
    if (s != ST_OK || n == 0)
        return s;
    SCOPED(db_abandon) struct db *db = store->db;
    TRY(db_begin(db, SYNCED, err));
    for (size_t i = 0; i < n; i++)
        TRY(save_one(store, &candidates[i], err));
    TRY(db_commit(db, err));
    result->n_accounts_new = (int64_t)n;
    result->n_accounts += (int64_t)n;
    return ST_OK;
}

enum status match_account_by_hand(struct store *store, int64_t account_id, struct str organisation,
                                  struct str actor, struct error *err)
{
    struct mapping_row row = {
        .from_id = account_id,
        .state = organisation.at != NULL ? STR(MAPPING_CONFIRMED) : STR(MAPPING_EXCLUDED),
        .rule = STR("by hand"),
        .evidence = STR("a person said so"),
        .actor = actor,
    };
    SCOPED(db_abandon) struct db *db = store->db;
    TRY(db_begin(db, SYNCED, err));
    if (organisation.at != NULL)
        TRY(organisation_ensure(store, db, organisation, &row.to_id, err));
    TRY(mapping_save(store, db, MAPPING_ACCOUNT, &row, err));
    return db_commit(db, err);
}
