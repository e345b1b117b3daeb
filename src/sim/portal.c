/* The portal's user at work. */
#include "sim/portal.h"

#include "sim/inside.h"

const char *const portal_acts[] = { "seats",         "cancel",         "suspend", "resume",
                                    "auto-renew-on", "auto-renew-off", "buy" };

int goods_find(struct str part)
{
    struct str sku = part, product;
    (void)str_next(&sku, ':', &product);
    for (int i = 0; i < catalogue_size(); i++)
        if (str_is(product, catalogue[i].product) &&
            (sku.len == 0 || str_is(sku, catalogue[i].sku)))
            return i;
    return -1;
}

int variant_find(struct str term, struct str cycle)
{
    for (int i = 0; i < variants_size(); i++)
        if (str_is(term, variants[i].term) && str_is(cycle, variants[i].cycle))
            return i;
    return -1;
}

static enum status check_state(const struct subscription *s, enum portal_act act, struct error *err)
{
    bool lives = s->fate == FATE_ACTIVE || s->fate == FATE_SUSPENDED;
    bool fits = act == PORTAL_RESUME    ? s->fate != FATE_ACTIVE && s->fate != FATE_EXPIRED
                : act == PORTAL_CANCEL  ? lives || s->fate == FATE_PENDING
                : act == PORTAL_SUSPEND ? s->fate == FATE_ACTIVE
                                        : lives;
    if (fits)
        return ST_OK;
    return fail(err, ST_CONFLICT, "a subscription in this state does not take '%s'",
                portal_acts[act]);
}

static int64_t buy(struct sim *sim, const struct portal_edit *edit, struct str who)
{
    struct subscription s = {
        .customer_place = edit->place,
        .goods_place = edit->goods_place,
        .variant_place = edit->variant_place,
        .quantity = edit->seats,
        .auto_renew = true,
        .fate = FATE_ACTIVE,
    };
    return sim_add_subscription(sim, edit->at, &s, FROM_PORTAL, who);
}

enum status portal_do(struct sim *sim, const struct portal_edit *edit, int64_t *ret_place,
                      struct error *err)
{
    static const struct {
        enum portal_act act;
        unsigned fields;
        enum fate fate;
        bool auto_renew;
    } rows[] = {
        { PORTAL_SEATS, CHANGE_SEATS, FATE_ACTIVE, false },
        { PORTAL_CANCEL, CHANGE_FATE, FATE_ENDED, false },
        { PORTAL_SUSPEND, CHANGE_FATE, FATE_SUSPENDED, false },
        { PORTAL_RESUME, CHANGE_FATE, FATE_ACTIVE, false },
        { PORTAL_AUTO_RENEW_ON, CHANGE_AUTO_RENEW, FATE_ACTIVE, true },
        { PORTAL_AUTO_RENEW_OFF, CHANGE_AUTO_RENEW, FATE_ACTIVE, false },
    };
    struct str who = edit->who.at != NULL ? edit->who : STR(PORTAL_USER);
    if (edit->act == PORTAL_BUY) {
        *ret_place = buy(sim, edit, who);
        return ST_OK;
    }
    struct subscription s = sim_subscription(sim, edit->at, edit->place);
    TRY(check_state(&s, edit->act, err));
    sim_change_subscription(sim, edit->at, edit->place,
                            &(struct subscription_change){ .fields = rows[edit->act].fields,
                                                           .seats = edit->seats,
                                                           .fate = rows[edit->act].fate,
                                                           .auto_renew = rows[edit->act].auto_renew,
                                                           .source = FROM_PORTAL,
                                                           .who = who });
    *ret_place = edit->place;
    return ST_OK;
}
