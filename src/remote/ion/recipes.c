/* What people do with subscriptions, each made of a fresh read and one order with one UPDATE line
 * (5): Ion has no calls of their own for it. The line repeats the catalogue ids and the seats that
 * the subscription has, and carries no attribute that was not asked for: a renewal setting copied
 * from an example would switch renewal off (5). */
#include "remote/ion/rows.h"

#define CUSTOMER                                                                                   \
    {                                                                                              \
        .name = "customerId", .place = IN_RECIPE, .type = PARAM_TEXT, .need = REQUIRED,            \
        .doc = "The customer that holds the subscription.", .example = "410001",                   \
        .meaning = MEANS_CUSTOMER,                                                                 \
    }

#define SUBSCRIPTION                                                                               \
    {                                                                                              \
        .name = "id", .place = IN_RECIPE, .type = PARAM_TEXT, .need = REQUIRED,                    \
        .doc = "The subscription: its internal id, field `id` of the list.", .example = "3100001", \
        .meaning = MEANS_SUBSCRIPTION,                                                             \
    }

#define PURCHASE_ORDER                                                                             \
    {                                                                                              \
        .name = "resellerPO", .place = IN_RECIPE, .type = PARAM_TEXT, .need = OPTIONAL,            \
        .doc = "Purchase order of the reseller.", .example = "RPO-1001",                           \
        .meaning = MEANS_PURCHASE_ORDER,                                                           \
    }

const struct action ion_recipes[] = {
    {
        .name = "ion.seats.set",
        .category = "Subscriptions",
        .title = "Set Seats",
        .path = "",
        .params = PARAMS(CUSTOMER, SUBSCRIPTION,
                         {
                             .name = "quantity",
                             .place = IN_RECIPE,
                             .type = PARAM_WHOLE,
                             .need = REQUIRED,
                             .doc = "Seats that there shall be, all together.",
                             .example = "10",
                             .meaning = MEANS_SEATS,
                         },
                         PURCHASE_ORDER),
        .effect = EFFECT_MONEY,
        .trust = TRUST_CLIENT,
        .source = "ion 5 (S2, S4, S12)",
        .doc = "Sets the number of seats of a subscription. Its renewal stays as it is.",
        .consequence = "More seats are bought until the end of the term. Fewer are possible until "
                       "the cancellationAllowedUntilDate that the subscription shows; after that "
                       "only from the next term on.",
        .made_of = "ion.order.create",
    },
    {
        .name = "ion.subscription.cancel",
        .category = "Subscriptions",
        .title = "Cancel Subscription",
        .path = "",
        .params = PARAMS(CUSTOMER, SUBSCRIPTION, PURCHASE_ORDER),
        .effect = EFFECT_MONEY,
        .trust = TRUST_CLIENT,
        .source = "ion 5 (S4)",
        .doc = "Ends a subscription (statusUpdate deleted).",
        .consequence = "The customer loses the licences; there is no call that brings the "
                       "subscription back. Microsoft allows it until the "
                       "cancellationAllowedUntilDate that the subscription shows; what comes of it "
                       "later is not known. To stop at the end of the term, switch automatic "
                       "renewal off.",
        .made_of = "ion.order.create",
    },
    {
        .name = "ion.subscription.rename",
        .category = "Subscriptions",
        .title = "Rename Subscription",
        .path = "",
        .params = PARAMS(CUSTOMER, SUBSCRIPTION,
                         {
                             .name = "name",
                             .place = IN_RECIPE,
                             .type = PARAM_TEXT,
                             .need = REQUIRED,
                             .doc = "The friendly name that it shall have.",
                             .example = "Front desk seats",
                         },
                         PURCHASE_ORDER),
        .effect = EFFECT_MONEY,
        .trust = TRUST_CLIENT,
        .source = "ion 5 (S10, payload only)",
        .doc = "Gives a subscription another friendly name. No client is known to have seen it "
               "work.",
        .consequence = "Costs nothing, but goes out as an order that repeats the seats of the "
                       "subscription. It can be renamed again.",
        .made_of = "ion.order.create",
    },
    {
        .name = "ion.subscription.resume",
        .category = "Subscriptions",
        .title = "Resume Subscription",
        .path = "",
        .params = PARAMS(CUSTOMER, SUBSCRIPTION, PURCHASE_ORDER),
        .effect = EFFECT_MONEY,
        .trust = TRUST_CLIENT,
        .source = "ion 5 (S4, S10)",
        .doc = "Makes a suspended subscription active again (statusUpdate active).",
        .consequence = "The licences work again, until the end of the term that they were bought "
                       "for. It can be suspended again.",
        .made_of = "ion.order.create",
    },
    {
        .name = "ion.subscription.set-auto-renew",
        .category = "Subscriptions",
        .title = "Set Automatic Renewal",
        .path = "",
        .params = PARAMS(CUSTOMER, SUBSCRIPTION,
                         {
                             .name = "value",
                             .place = IN_RECIPE,
                             .type = PARAM_CHOICE,
                             .need = REQUIRED,
                             .doc = "on renews at the end of the term, off lets it end.",
                             .example = "off",
                             .choices = "on|off",
                         },
                         PURCHASE_ORDER),
        .effect = EFFECT_MONEY,
        .trust = TRUST_CLIENT,
        .source = "ion 5 (S2, S4, S12)",
        .doc = "Says whether a subscription renews at the end of its term (renewalSetting). The "
               "seats stay as they are.",
        .consequence = "On binds to another whole term when this one ends; off ends the licences "
                       "then. Until the end of the term it can be set again.",
        .made_of = "ion.order.create",
    },
    {
        .name = "ion.subscription.suspend",
        .category = "Subscriptions",
        .title = "Suspend Subscription",
        .path = "",
        .params = PARAMS(CUSTOMER, SUBSCRIPTION, PURCHASE_ORDER),
        .effect = EFFECT_MONEY,
        .trust = TRUST_CLIENT,
        .source = "ion 5 (S4, S10)",
        .doc = "Takes the licences of a subscription out of use (statusUpdate suspended).",
        .consequence = "The customer cannot use the licences until they are resumed. Whether they "
                       "are charged meanwhile is not known; expect that they are.",
        .made_of = "ion.order.create",
    },
    { .name = NULL },
};
