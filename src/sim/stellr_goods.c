/* What Stellr sells: articles, plans, and what can be changed into what. */
#include "sim/stellr_inside.h"

#define DAY_MS      INT64_C(86400000)
#define WINDOW_DAYS 7

const char *stellr_part_number(struct arena *a, const struct goods *g)
{
    return g->sku[0] == '\0' ? g->product : arena_printf(a, "%s:%s", g->product, g->sku);
}

/* Lines of Microsoft's new commerce begin with "NCE " (6.2 REAL). */
const char *stellr_short_name(struct arena *a, const struct goods *g)
{
    bool is_nce = strcmp(g->vendor, "Microsoft") == 0 && g->measure == MEASURE_SEATS;
    return arena_printf(a, "%s%s", is_nce ? "NCE " : "", g->name);
}

const char *stellr_product_name(struct arena *a, const struct goods *g, const struct variant *v)
{
    if (g->measure == MEASURE_USAGE)
        return g->name;
    return arena_printf(a, "%s (%s)", stellr_short_name(a, g), v->commitment);
}

int article_variants(int goods_place)
{
    return catalogue[goods_place].measure == MEASURE_SEATS ? variants_size() : 1;
}

struct article article_at(int goods_place, int variant_place)
{
    const struct goods *g = &catalogue[goods_place];
    return (struct article){
        .goods_place = goods_place,
        .variant_place = variant_place,
        .goods = g,
        .variant = g->measure == MEASURE_SEATS   ? &variants[variant_place]
                   : g->measure == MEASURE_USAGE ? &variant_usage
                                                 : &variant_once,
    };
}

struct article article_of(const struct subscription *s)
{
    return article_at(s->goods_place, s->variant_place);
}

int64_t article_sku(const struct article *x)
{
    return goods_sku_no(x->goods_place, x->variant_place);
}

static bool find_article(int64_t number, int64_t (*number_of)(int goods, int variant),
                         struct article *ret_article)
{
    for (int g = 0; g < catalogue_size(); g++)
        for (int v = 0; v < article_variants(g); v++)
            if (number_of(g, v) == number) {
                *ret_article = article_at(g, v);
                return true;
            }
    return false;
}

bool article_find_sku(int64_t sku_no, struct article *ret_article)
{
    return find_article(sku_no, goods_sku_no, ret_article);
}

bool article_find_product(int64_t product_id, struct article *ret_article)
{
    return find_article(product_id, goods_product_id, ret_article);
}

static const char *const plans[] = { "FLEXIBLE", "ANNUAL_MONTHLY_PAY", "ANNUAL_YEARLY_PAY" };

bool plan_find(struct str name, int *ret_variant_place)
{
    for (size_t i = 0; i < ARRAY_LEN(plans); i++)
        if (str_is(name, plans[i])) {
            *ret_variant_place = (int)i;
            return true;
        }
    *ret_variant_place = 0; /* a trial can be left like a flexible plan */
    return str_is(name, "TRIAL");
}

const char *plan_name(int variant_place)
{
    return plans[variant_place];
}

bool stellr_window_is_open(struct sim *sim, const struct subscription *s)
{
    return sim_now(sim) - s->term_started_ms < WINDOW_DAYS * DAY_MS;
}

/* Lesser products first. */
static const char *const families[][4] = {
    { "CFQ7TTC0LH18", "CFQ7TTC0LDPB", "CFQ7TTC0LCHC" },                 /* Business */
    { "CFQ7TTC0LH05", "CFQ7TTC0LFLX", "CFQ7TTC0LFLZ" },                 /* F3, E3, E5 */
    { "CFQ7TTC0LF8Q", "CFQ7TTC0LF8R", "CFQ7TTC0LFLX", "CFQ7TTC0LFLZ" }, /* Office, then 365 */
    { "CFQ7TTC0LH16", "CFQ7TTC0LH1P" },                                 /* Exchange Online */
};

static int rank_in(const char *const family[4], const struct goods *g)
{
    for (int i = 0; i < 4 && family[i] != NULL; i++)
        if (strcmp(family[i], g->product) == 0)
            return i;
    return -1;
}

/* 1: greater, -1: lesser, 0: not of one family. */
static int compare_goods(const struct goods *from, const struct goods *to)
{
    for (size_t f = 0; f < ARRAY_LEN(families); f++) {
        int a = rank_in(families[f], from), b = rank_in(families[f], to);
        if (a >= 0 && b >= 0 && a != b)
            return b > a ? 1 : -1;
    }
    return 0;
}

/* Another commitment of the same article. At Google that is another plan; at others a longer
 * commitment, or one paid at once, counts as an upgrade, as the sample of A-47 has it. */
static enum transition transition_of_variant(const struct subscription *s, int variant_place)
{
    if (strcmp(s->goods->vendor, "Google") == 0)
        return TRANSITION_PLAN;
    return variant_place > s->variant_place ? TRANSITION_UPGRADE : TRANSITION_DOWNGRADE;
}

size_t stellr_transitions(struct sim *sim, const struct subscription *s,
                          struct transition_to to[static TRANSITIONS_MAX])
{
    bool is_open = s->variant->term_months == 1 || stellr_window_is_open(sim, s);
    size_t n = 0;
    if (s->goods->measure != MEASURE_SEATS)
        return 0;
    for (int g = 0; g < catalogue_size(); g++) {
        int compared = compare_goods(s->goods, &catalogue[g]);
        for (int v = 0; v < article_variants(g) && n < TRANSITIONS_MAX; v++) {
            bool is_variant = g == s->goods_place && v != s->variant_place;
            if (!is_variant && (compared == 0 || v != s->variant_place))
                continue;
            struct transition_to x = { .article = article_at(g, v) };
            x.type = is_variant     ? transition_of_variant(s, v)
                     : compared > 0 ? TRANSITION_UPGRADE
                                    : TRANSITION_DOWNGRADE;
            if (x.type == TRANSITION_DOWNGRADE && !is_open)
                x.reason = "Only in the first 7 days of a term or at renewal.";
            to[n++] = x;
        }
    }
    return n;
}
