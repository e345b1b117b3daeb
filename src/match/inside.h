/* Shared by the files of matching. Not for others. */
#pragma once

#include "match/match.h"
#include "store/mappings.h"

struct str id_text(struct arena *a, int64_t id);

enum status match_accounts(struct store *store, struct arena *a, struct match_result *result,
                           struct error *err);
enum status match_services(struct store *store, struct arena *a, struct match_result *result,
                           struct error *err);
