/* Somebody uses the marketplace's portal: changes that no client of the API asked for. */
#pragma once

#include "sim/state.h"

enum portal_act {
    PORTAL_SEATS,
    PORTAL_CANCEL,
    PORTAL_SUSPEND,
    PORTAL_RESUME,
    PORTAL_AUTO_RENEW_ON,
    PORTAL_AUTO_RENEW_OFF,
    PORTAL_BUY,
    PORTAL_ACTS
};
extern const char *const portal_acts[]; /* "seats", "cancel", ... */

struct portal_edit {
    enum marketplace at;
    enum portal_act act;
    int64_t place; /* of the subscription; of the customer when something is bought */
    int64_t seats; /* seats, buy */
    int goods_place, variant_place; /* buy */
    struct str who;                 /* STR_NONE: PORTAL_USER */
};

#define PORTAL_USER "owner@reseller.example"

/* Does it, whatever the rules of the API are: a person at the distributor can do more. ST_CONFLICT
 * when the subscription is not in a state for it. *ret_place is the subscription. */
enum status portal_do(struct sim *sim, const struct portal_edit *edit, int64_t *ret_place,
                      struct error *err);

/* The place of "CFQ7TTC0LCHC:0002" in the catalogue; -1 when it is none. */
int goods_find(struct str part);
/* Of a term and billing cycle as a part number tells them, "P1Y", "A"; -1 when there is none. */
int variant_find(struct str term, struct str cycle);
