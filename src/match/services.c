/* Services of the distributor to services of the bill. */
#include "match/inside.h"

#include "base/text_map.h"
#include "store/services.h"

/* The exact rules, strongest first: what must be equal on both sides. */
static struct str part_number_of(const struct service_row *s)
{
    return s->part_number;
}

/* Product and SKU of a Microsoft part number, for bills that do not tell term and billing. */
static struct str part_key_of(const struct service_row *s)
{
    return s->part_key;
}

static struct str name_of(const struct service_row *s)
{
    return s->name;
}

static const struct {
    const char *rule;
    struct str (*left)(const struct service_row *distributor);
    struct str (*right)(const struct service_row *bill);
} rules[] = {
    { "exact part number", part_number_of, part_number_of },
    { "exact product and SKU of the part number", part_key_of, part_number_of },
    { "exact name", name_of, name_of },
};

#define SEVERAL SIZE_MAX

/* Services of the bill by one of their texts; a text that stands twice is marked as such. */
static void index_bill(struct text_map *map, const struct service_row *bill, size_t n,
                       struct str (*text_of)(const struct service_row *))
{
    for (size_t i = 0; i < n; i++) {
        struct str text = text_of(&bill[i]);
        size_t before;
        if (text.len == 0)
            continue;
        if (!text_map_get(map, text, &before))
            (void)text_map_add(map, text, i);
        else
            text_map_set(map, text, SEVERAL);
    }
}

struct matching {
    struct store *store;
    struct arena *a;
    const struct service_row *bill;
    size_t n_bill;
    struct text_map indexes[ARRAY_LEN(rules)];
    struct match_result *result;
};

static enum status match_one(struct matching *m, const struct service_row *service,
                             struct error *err)
{
    bool is_ambiguous = false;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
        struct str text = rules[i].left(service);
        size_t found;
        if (text.len == 0 || !text_map_get(&m->indexes[i], text, &found))
            continue;
        if (found == SEVERAL) {
            is_ambiguous = true;
            continue;
        }
        struct mapping_row row = {
            .from_id = service->id,
            .to_id = m->bill[found].id,
            .state = STR(MAPPING_CONFIRMED),
            .rule = str_of(rules[i].rule),
            .evidence =
                str_of(arena_printf(m->a, "\"%.*s\" stands on both sides", STR_PRINT(text))),
            .actor = STR("stellion"),
        };
        m->result->n_services_new++;
        m->result->n_services++;
        return mapping_add(m->store, m->store->db, MAPPING_SERVICE, &row, err);
    }
    m->result->n_services_ambiguous += is_ambiguous;
    m->result->n_services_unmatched += !is_ambiguous;
    return ST_OK;
}

static enum status match_rest(struct matching *m, const struct text_map *mapped, struct error *err)
{
    const struct service_row *services;
    size_t n, unused;
    TRY(service_list(m->store, m->store->db, m->a, STR("!bill"), &services, &n, err));
    SCOPED(db_abandon) struct db *db = m->store->db;
    TRY(db_begin(db, SYNCED, err));
    for (size_t i = 0; i < n; i++)
        if (!text_map_get(mapped, id_text(m->a, services[i].id), &unused))
            TRY(match_one(m, &services[i], err));
    return db_commit(db, err);
}

enum status match_services(struct store *store, struct arena *a, struct match_result *result,
                           struct error *err)
{
    struct matching m = { .store = store, .a = a, .result = result };
    struct text_map mapped = TEXT_MAP;
    const struct mapping_row *mappings;
    size_t n;
    TRY(service_list(store, store->db, a, STR("bill"), &m.bill, &m.n_bill, err));
    TRY(mapping_list(store, store->db, a, MAPPING_SERVICE, &mappings, &n, err));
    for (size_t i = 0; i < n; i++)
        (void)text_map_add(&mapped, id_text(a, mappings[i].from_id), i);
    result->n_services = (int64_t)n;
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        index_bill(&m.indexes[i], m.bill, m.n_bill, rules[i].right);
    enum status s = match_rest(&m, &mapped, err);
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        text_map_release(&m.indexes[i]);
    text_map_release(&mapped);
    return s;
}

enum status match_service_by_hand(struct store *store, int64_t service_id, int64_t target_id,
                                  struct str actor, struct error *err)
{
    struct mapping_row row = {
        .from_id = service_id,
        .to_id = target_id,
        .state = target_id != 0 ? STR(MAPPING_CONFIRMED) : STR(MAPPING_EXCLUDED),
        .rule = STR("by hand"),
        .evidence = STR("a person said so"),
        .actor = actor,
    };
    SCOPED(db_abandon) struct db *db = store->db;
    TRY(db_begin(db, SYNCED, err));
    TRY(mapping_save(store, db, MAPPING_SERVICE, &row, err));
    return db_commit(db, err);
}
