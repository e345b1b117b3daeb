/* Matching, first form: exact to the character, each match with the rule and the evidence that made
 * it. Accounts of all remotes and of the bill meet in organisations; the distributor's services
 * meet the services of the bill. Nothing near is ever taken; what a person mapped stays. */
#pragma once

#include "store/store.h"

struct match_result {
    int64_t n_accounts, n_accounts_new; /* mapped in all, and by this call */
    int64_t n_services, n_services_new; /* distributor services mapped to one of the bill */
    int64_t n_services_unmatched;       /* distributor services that the bill has no twin of */
    int64_t n_services_ambiguous;       /* ...or several */
};

/* Maps every account and service that has no mapping yet. */
enum status match_all(struct store *store, struct arena *a, struct match_result *ret_result,
                      struct error *err);

/* A person's word: this account belongs to the organisation of this name (made when it is new), or
 * to none when the name is STR_NONE. */
enum status match_account_by_hand(struct store *store, int64_t account_id, struct str organisation,
                                  struct str actor, struct error *err);

/* Likewise for a service of the distributor and one of the bill (0: excluded). */
enum status match_service_by_hand(struct store *store, int64_t service_id, int64_t target_id,
                                  struct str actor, struct error *err);
