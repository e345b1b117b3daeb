/* Choosing faults. */
#include "sim/faults.h"

#include "base/decimal.h"
#include "remote/connector.h"
#include "sim/chance.h"

static const struct fault_row rows[] = {
#define X(id, name, doc) { name, doc },
    FAULT_ROWS(X)
#undef X
};

const struct fault_row *fault_row(enum fault_kind kind)
{
    return &rows[kind];
}

static enum status unknown(struct str name, struct error *err)
{
    SCOPED(buf_release) struct buf names = BUF(LIMIT_ERROR_HINT_BYTES - 100);
    for (size_t i = 0; i < FAULT_KINDS; i++)
        buf_printf(&names, "%s%s", i == 0 ? "" : ", ", rows[i].name);
    fail(err, ST_INVALID, "there is no fault '%.*s'", STR_PRINT(name));
    hint(err, "Faults: %s. Written NAME[:SHARE][#COUNT][@WHERE].", names.at);
    return ST_INVALID;
}

static enum status parse_numbers(struct str share, struct str count, struct fault *fault,
                                 struct error *err)
{
    struct decimal parts = { DECIMAL_ONE };
    if (share.at != NULL)
        TRY(decimal_parse(share, &parts, NULL, err));
    if (parts.units < 0 || parts.units > DECIMAL_ONE)
        return fail(err, ST_INVALID, "the share of a fault must be from 0 to 1");
    fault->parts = parts.units / (DECIMAL_ONE / 1000000);
    if (count.at != NULL && (!str_integer(count, &fault->count) || fault->count < 1))
        return fail(err, ST_INVALID, "the count of a fault must be a whole number above 0");
    return ST_OK;
}

/* An action by its name, else a text of the path. What starts like an action must be one. */
static enum status parse_where(struct str where, struct fault *fault, struct error *err)
{
    fault->text = STR_NONE;
    fault->action = NULL;
    if (where.at == NULL)
        return ST_OK;
    fault->action = action_find(where);
    if (fault->action != NULL)
        return ST_OK;
    if (str_starts(where, "stellr.") || str_starts(where, "ion.")) {
        fail(err, ST_INVALID, "there is no action '%.*s' for a fault to strike", STR_PRINT(where));
        hint(err,
             "`stellion actions` lists them. Behind @ stands an action, or a text of the path.");
        return ST_INVALID;
    }
    fault->text = where;
    return ST_OK;
}

enum status fault_parse(struct arena *a, struct str text, struct faults *faults, struct error *err)
{
    struct str rest = text, count, share, name;
    if (faults->n == FAULTS_MAX)
        return fail(err, ST_LIMIT, "more than %d faults were given", FAULTS_MAX);
    struct fault *fault = &faults->at[faults->n];
    *fault = (struct fault){ .n_struck = 0 };
    (void)str_next(&rest, '@', &count);
    TRY(parse_where(rest, fault, err));
    (void)str_next(&count, '#', &share);
    (void)str_next(&share, ':', &name);
    TRY(parse_numbers(share, count, fault, err));
    for (size_t i = 0; i < FAULT_KINDS; i++)
        if (str_is(name, rows[i].name)) {
            fault->kind = (enum fault_kind)i;
            fault->written = arena_copy(a, text);
            fault->text = fault->text.at == NULL ? STR_NONE : arena_copy(a, fault->text);
            faults->n++;
            return ST_OK;
        }
    return unknown(name, err);
}

static bool holds(struct str text, struct str part)
{
    return part.at == NULL ||
           (text.len > 0 && part.len > 0 && memmem(text.at, text.len, part.at, part.len) != NULL);
}

enum fault_kind fault_choose(struct faults *faults, const struct exchange *x,
                             const struct action *action)
{
    for (size_t i = 0; i < faults->n; i++) {
        struct fault *f = &faults->at[i];
        if (f->action != NULL ? f->action != action
                              : !holds(x->path, f->text) && !holds(x->query, f->text))
            continue;
        if (f->kind == FAULT_CLOSE && !x->is_reused)
            continue;
        int64_t number = f->n_matching++;
        uint64_t bits = chance(faults->seed, 77, i, (uint64_t)number);
        if (chance_below(bits, 1000000) >= f->parts)
            continue;
        if (f->count != 0 && f->n_struck >= f->count)
            continue;
        f->n_struck++;
        return f->kind;
    }
    return FAULT_KINDS;
}
