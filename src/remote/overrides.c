/* Corrections of rows, in use. */
#include "remote/overrides_inside.h"

const struct action *overrides_row(const struct overrides *overrides, const struct action *row)
{
    for (size_t i = 0; overrides != NULL && i < overrides->n_rows; i++)
        if (strcmp(overrides->rows[i]->name, row->name) == 0)
            return overrides->rows[i];
    return row;
}

const struct field *overrides_fields(const struct overrides *overrides, const struct field *rows)
{
    for (size_t i = 0; overrides != NULL && i < overrides->n_fields; i++)
        if (overrides->fields[i].before == rows)
            return overrides->fields[i].after;
    return rows;
}

struct digest overrides_record_digest(const struct overrides *overrides, const struct field *rows,
                                      struct str raw)
{
    struct digest digest = digest_of(raw);
    for (size_t i = 0; overrides != NULL && i < overrides->n_fields; i++) {
        if (overrides->fields[i].before != rows)
            continue;
        for (size_t j = 0; j < DIGEST_BYTES; j++)
            digest.at[j] ^= overrides->fields[i].mark.at[j];
    }
    return digest;
}

const struct override_fact *overrides_facts(const struct overrides *overrides, size_t *ret_n)
{
    *ret_n = overrides == NULL ? 0 : overrides->n_facts;
    return overrides == NULL ? NULL : overrides->facts;
}

bool overrides_describe(const struct overrides *overrides, const struct action *row, struct buf *to)
{
    bool any = false;
    for (size_t i = 0; overrides != NULL && i < overrides->n_facts; i++) {
        const struct override_fact *f = &overrides->facts[i];
        if (strcmp(f->subject, row->name) != 0)
            continue;
        buf_printf(to, "%s: %s (built in: %s)\n", f->member, f->is, f->was);
        any = true;
    }
    return any;
}

struct digest overrides_digest(const struct overrides *overrides)
{
    SCOPED(buf_release) struct buf all = BUF(8 * LIMIT_SMALL_FILE_BYTES);
    for (size_t i = 0; overrides != NULL && i < overrides->n_facts; i++) {
        const struct override_fact *f = &overrides->facts[i];
        buf_printf(&all, "%s\n%s\n%s\n\n", f->subject, f->member, f->is);
    }
    return digest_of(buf_str(&all));
}
