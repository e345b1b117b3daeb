/* Lists of words, combined. */
#include "sim/names.h"

#include "sim/chance.h"

static const char *const firsts[] = {
    "Northwind", "Brightloom", "Blue Heron", "Kestrel",   "Old Mill",  "Harbor",   "Cedar",
    "Granite",   "Silverline", "Maple",      "Redwood",   "Summit",    "Lakeside", "Copper",
    "Juniper",   "Westgate",   "Ironbridge", "Larkspur",  "Foxglove",  "Meridian", "Windmill",
    "Tamarack",  "Bluestone",  "Clearwater", "Eastfield", "Pinecrest", "Rosewood", "Stonehaven",
    "Thornton",  "Ashford",    "Birchwood",  "Clover",
};

static const char *const trades[] = {
    "Dental",    "Freight",  "Bakery",   "Textiles",    "Legal",   "Veterinary", "Architects",
    "Insurance", "Brewing",  "Plumbing", "Accounting",  "Optics",  "Logistics",  "Printing",
    "Furniture", "Orchards", "Roofing",  "Engineering", "Realty",  "Machining",  "Catering",
    "Surveying", "Pharmacy", "Fitness",  "Landscaping", "Pottery", "Robotics",   "Sailing",
};

static const char *const kinds[] = { "Group", "LLC", "Partners", "Inc", "Associates", "Company" };

static const char *const given[] = { "Ada",  "Jonas", "Rosa",  "Priya", "Omar",   "Lena", "Marcus",
                                     "Inez", "Tomas", "Grace", "Hugo",  "Noriko", "Paul", "Selma" };
static const char *const family[] = { "Moreno", "Weber", "Lind",  "Nadar", "Reyes", "Okafor",
                                      "Sato",   "Hayes", "Novak", "Byrne", "Costa", "Dahl" };

static const struct place_name places[] = {
    { "12 Harbour Lane", "Norfolk", "VA", "23510" }, { "410 Harbor Way", "Tacoma", "WA", "98402" },
    { "77 Mill Road", "Austin", "TX", "78702" },     { "9 Quarry Lane", "Boise", "ID", "83702" },
    { "233 Elm Street", "Dayton", "OH", "45402" },   { "58 Canal Row", "Albany", "NY", "12207" },
    { "1400 Grove Ave", "Tampa", "FL", "33602" },    { "6 Orchard Close", "Salem", "OR", "97301" },
};

#define N(list) ((int64_t)(sizeof(list) / sizeof((list)[0])))

struct organisation_name name_organisation(struct arena *a, uint64_t seed, int64_t place)
{
    /* A walk over all combinations that meets each once: the step shares no factor with them. */
    int64_t combinations = N(firsts) * N(trades);
    int64_t round = place / combinations;
    int64_t at = (place % combinations * 397 + chance_below(seed, combinations)) % combinations;
    const char *first = firsts[at % N(firsts)];
    const char *trade = trades[at / N(firsts)];
    const char *kind = kinds[chance_below(chance(seed, 11, (uint64_t)place, 0), N(kinds))];
    const char *number = round == 0 ? "" : arena_printf(a, " %lld", (long long)round + 1);
    struct organisation_name name = {
        .legal = str_of(arena_printf(a, "%s %s%s %s", first, trade, number, kind)),
    };
    char *domain = arena_printf(a, "%s%s%s.example", first, trade, number);
    size_t len = 0;
    for (const char *c = domain; *c != '\0'; c++)
        if (*c != ' ')
            domain[len++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    domain[len] = '\0';
    name.domain = (struct str){ domain, len };
    return name;
}

struct str name_person(struct arena *a, uint64_t bits)
{
    return str_of(arena_printf(a, "%s %s", given[chance_below(bits, N(given))],
                               family[chance_below(bits >> 20, N(family))]));
}

struct place_name name_place(uint64_t bits)
{
    return places[chance_below(bits, N(places))];
}
