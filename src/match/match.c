/* Both kinds of matching, in order. */
#include "match/inside.h"

struct str id_text(struct arena *a, int64_t id)
{
    return str_of(arena_printf(a, "%lld", (long long)id));
}

enum status match_all(struct store *store, struct arena *a, struct match_result *ret_result,
                      struct error *err)
{
    struct match_result result = { 0 };
    TRY(match_accounts(store, a, &result, err));
    TRY(match_services(store, a, &result, err));
    *ret_result = result;
    return ST_OK;
}
