/* The remotes' words for status, cycle and term, as rows; the names of our own closed sets; and the
 * rules by which a record is settled. Compared without regard to case: neither remote is
 * consistent (ion 6.3 REAL, stellr 6.2). */
#include "remote/part_number.h"
#include "remote/record.h"

#include "base/attributes.h"

const char *standing_name(enum standing standing)
{
    static const char *const names[] = { "live", "suspended", "pending", "ended" };
    return names[standing];
}

const char *measure_name(enum measure measure)
{
    static const char *const names[] = { "seats", "usage", "one-time" };
    return names[measure];
}

enum standing standing_of(struct str name)
{
    for (enum standing s = STANDING_LIVE; s <= STANDING_ENDED; s++)
        if (str_is(name, standing_name(s)))
            return s;
    return STANDING_LIVE;
}

enum measure measure_of(struct str name)
{
    for (enum measure m = MEASURE_SEATS; m <= MEASURE_ONE_TIME; m++)
        if (str_is(name, measure_name(m)))
            return m;
    return MEASURE_SEATS;
}

/* Whole words. Stellr: A-57 GUESS for the set, REAL that null means live (6.2); Ion: 4.10, of which
 * "active" and "deleted" are REAL. */
static const struct {
    const char *word;
    enum standing standing;
} statuses[] = {
    { "active", STANDING_LIVE },         { "enabled", STANDING_LIVE },
    { "running", STANDING_LIVE },        { "complete", STANDING_LIVE },
    { "completed", STANDING_LIVE },      { "trial", STANDING_LIVE },
    { "past_due", STANDING_LIVE },       { "suspended", STANDING_SUSPENDED },
    { "paused", STANDING_SUSPENDED },    { "disabled", STANDING_SUSPENDED },
    { "pending", STANDING_PENDING },     { "initiated", STANDING_PENDING },
    { "in_progress", STANDING_PENDING }, { "accepted", STANDING_PENDING },
    { "confirmed", STANDING_PENDING },   { "available", STANDING_PENDING },
    { "deleted", STANDING_ENDED },       { "cancelled", STANDING_ENDED },
    { "canceled", STANDING_ENDED },      { "expired", STANDING_ENDED },
    { "stopped", STANDING_ENDED },       { "failed", STANDING_ENDED },
    { "error", STANDING_ENDED },         { "discontinued", STANDING_ENDED },
};

/* Parts of words, for spellings that nobody has seen yet (stellr 6.2 REAL: a live client's rule).
 */
static const struct {
    const char *part;
    enum standing standing;
} status_parts[] = {
    { "suspend", STANDING_SUSPENDED }, { "expire", STANDING_ENDED },
    { "cancel", STANDING_ENDED },      { "inactiv", STANDING_ENDED },
    { "discontinu", STANDING_ENDED },  { "delet", STANDING_ENDED },
};

/* An unknown status counts as live: seats that may be charged are never left out silently. */
static enum standing standing_by_status(struct str status, bool *ret_known)
{
    status = str_trim(status);
    *ret_known = true;
    if (status.len == 0)
        return STANDING_LIVE;
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
        if (str_equal_nocase(status, str_of(statuses[i].word)))
            return statuses[i].standing;
    for (size_t i = 0; i < ARRAY_LEN(status_parts); i++)
        if (str_contains_nocase(status, status_parts[i].part))
            return status_parts[i].standing;
    *ret_known = false;
    return STANDING_LIVE;
}

bool account_status_is_active(struct str status)
{
    bool known;
    enum standing standing = standing_by_status(status, &known);
    return standing == STANDING_LIVE || standing == STANDING_PENDING;
}

/* Words for billing cycles and terms: months that they cover, 0 for once. Stellr 6.2: month and
 * one_time REAL, the annual spellings REAL-w; Ion 4.3: monthly, annual, one_time. */
static const struct {
    const char *word;
    int months;
} cycles[] = {
    { "month", 1 },      { "monthly", 1 },      { "1 month", 1 },    { "p1m", 1 },
    { "m", 1 },          { "quarter", 3 },      { "quarterly", 3 },  { "p3m", 3 },
    { "annual", 12 },    { "annually", 12 },    { "year", 12 },      { "yearly", 12 },
    { "1 year", 12 },    { "p1y", 12 },         { "12 months", 12 }, { "biannual", 6 },
    { "triennial", 36 }, { "triennially", 36 }, { "3 years", 36 },   { "p3y", 36 },
    { "36 months", 36 }, { "one_time", 0 },     { "onetime", 0 },    { "one-time", 0 },
    { "one time", 0 },   { "once", 0 },
};

int cycle_months(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(cycles); i++)
        if (str_equal_nocase(str_trim(word), str_of(cycles[i].word)))
            return cycles[i].months;
    return -1;
}

/* Stellr has no term field; its product names tell the commitment (6.2 REAL). */
static const struct {
    const char *part, *term;
} name_terms[] = {
    { "triennial", "P3Y" }, { "3 year", "P3Y" },         { "3-year", "P3Y" },
    { "3Y", "P3Y" },        { "annual commit", "P1Y" },  { "1 year", "P1Y" },
    { "1Y", "P1Y" },        { "monthly commit", "P1M" }, { "monthly term", "P1M" },
    { "1 month", "P1M" },   { "annual", "P1Y" },         { "yearly", "P1Y" },
    { "monthly", "P1M" },
};

static struct str term_of(const struct subscription_record *r)
{
    struct part_number part;
    if (r->term.len > 0)
        return r->term;
    static const char *const terms[] = { "P1M", "P1Y", "P3Y" };
    if (part_number_parse(r->part_number, &part))
        for (size_t i = 0; i < ARRAY_LEN(terms); i++)
            if (strcmp(part.term, terms[i]) == 0)
                return str_of(terms[i]);
    for (size_t i = 0; i < ARRAY_LEN(name_terms); i++)
        if (str_contains_nocase(r->product_name, name_terms[i].part))
            return str_of(name_terms[i].term);
    return STR_NONE;
}

/* Azure plans: on Ion without part number, named by their product id (4.3, 6.3 REAL). */
static bool is_usage(const struct subscription_record *r)
{
    struct part_number part;
    struct str ids[] = { r->part_number, r->offer_id, r->sku, r->product_id };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (part_number_parse(ids[i], &part))
            return part.family == PART_AZURE;
    return str_contains_nocase(r->product_name, "azure plan");
}

void record_settle(struct subscription_record *r)
{
    r->standing = standing_by_status(r->status, &r->status_known);
    r->cycle_months = cycle_months(r->billing_cycle);
    r->term = term_of(r);
    r->measure = r->cycle_months == 0 ? MEASURE_ONE_TIME : MEASURE_SEATS;
    if (is_usage(r))
        r->measure = MEASURE_USAGE;
    if (!part_number_key(r->part_number, r->part_key))
        r->part_key[0] = '\0';
}
