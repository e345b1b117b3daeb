/* Decimals by currency: those that differ from two. */
#include "base/currency.h"

static const struct {
    const char *code;
    int decimals;
} rows[] = {
    { "BHD", 3 }, { "BIF", 0 }, { "CLF", 4 }, { "CLP", 0 }, { "DJF", 0 }, { "GNF", 0 },
    { "IQD", 3 }, { "ISK", 0 }, { "JOD", 3 }, { "JPY", 0 }, { "KMF", 0 }, { "KRW", 0 },
    { "KWD", 3 }, { "LYD", 3 }, { "OMR", 3 }, { "PYG", 0 }, { "RWF", 0 }, { "TND", 3 },
    { "UGX", 0 }, { "UYI", 0 }, { "UYW", 4 }, { "VND", 0 }, { "VUV", 0 }, { "XAF", 0 },
    { "XOF", 0 }, { "XPF", 0 },
};

int currency_decimals(struct str code)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_is(code, rows[i].code))
            return rows[i].decimals;
    return 2;
}

bool currency_looks_right(struct str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.at[i] < 'A' || code.at[i] > 'Z')
            return false;
    return code.len == 3;
}

void currency_print(struct buf *to, struct total amount, struct str code)
{
    total_print_grouped(to, amount, currency_decimals(code));
    if (code.len != 0)
        buf_printf(to, " %.*s", STR_PRINT(code));
}
