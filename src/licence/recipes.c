/* Recipes over Ion's one order call (ion 5): each is one UPDATE order about one subscription, with
 * the ids and the seats that a fresh reading gave, and the one attribute that was asked for.
 * Nothing else goes along: an order that carries a renewal setting switches renewal. */
#include "licence/plan.h"

#include "base/buf.h"

struct recipe {
    const char *name;
    const char *attribute; /* NULL: seats only */
    const char *value;     /* or NULL: from the parameter */
    const char *param;
};

/* Values: ion 5, CLIENT; friendlyName is known from one payload only. */
static const struct recipe recipes[] = {
    { "ion.seats.set", NULL, NULL, "quantity" },
    { "ion.subscription.suspend", "statusUpdate", "suspended", NULL },
    { "ion.subscription.resume", "statusUpdate", "active", NULL },
    { "ion.subscription.cancel", "statusUpdate", "deleted", NULL },
    { "ion.subscription.set-auto-renew", "renewalSetting", NULL, "value" },
    { "ion.subscription.rename", "friendlyName", NULL, "name" },
};

static const struct recipe *find_recipe(const struct action *action)
{
    for (size_t i = 0; i < ARRAY_LEN(recipes); i++)
        if (strcmp(recipes[i].name, action->name) == 0)
            return &recipes[i];
    return NULL;
}

static struct str value_of(const struct recipe *r, const struct arguments *arguments)
{
    struct str value = str_of(r->value);
    if (r->param != NULL)
        (void)arguments_get(arguments, r->param, &value);
    if (r->attribute != NULL && strcmp(r->attribute, "renewalSetting") == 0)
        return str_is(value, "on") ? STR("auto-on") : STR("auto-off");
    return value;
}

static void put_attribute(struct json_writer *w, const char *name, struct str value)
{
    json_open_object(w);
    json_put_text(w, "name", str_of(name));
    json_put_text(w, "value", value);
    json_close(w);
}

static struct str order_items(struct arena *a, const struct recipe *r, const struct action *action,
                              const struct arguments *arguments, const struct holding *h)
{
    SCOPED(buf_release) struct buf text = BUF(LIMIT_BODY_BYTES);
    struct json_writer w = JSON_WRITER(&text);
    struct str value = value_of(r, arguments), order;
    const struct param *po = action_param_meaning(action, MEANS_PURCHASE_ORDER);
    json_open_array(&w);
    json_open_object(&w);
    json_put_text(&w, "productId", h->product_id);
    json_put_text(&w, "skuId", h->sku);
    json_put_text(&w, "planId", h->plan_id);
    json_put_text(&w, "action", STR("UPDATE"));
    if (r->attribute == NULL)
        json_put_number(&w, "quantity", value);
    else
        json_put_integer(&w, "quantity", h->seats);
    json_put_text(&w, "resourceId", h->commerce_id);
    if (po != NULL && arguments_get(arguments, po->name, &order))
        json_put_text(&w, "resellerPO", order);
    json_put_array(&w, "attributes");
    put_attribute(&w, "operations", STR("updatesubscription"));
    if (r->attribute != NULL)
        put_attribute(&w, r->attribute, value);
    json_close(&w);
    json_close(&w);
    json_close(&w);
    return arena_copy(a, buf_str(&text));
}

/* Without these an order cannot be written (ion 5 SPEC: all are required). */
static enum status check_holding(const struct action *recipe, const struct holding *h,
                                 struct error *err)
{
    bool whole =
        h->product_id.len > 0 && h->sku.len > 0 && h->plan_id.len > 0 && h->commerce_id.len > 0;
    if (!whole)
        return fail(err, ST_UNREADABLE,
                    "%s: the service tells too little about subscription %.*s (product, SKU, plan "
                    "and provider id are needed for an order)",
                    recipe->name, STR_PRINT(h->id));
    if (!h->has_seats)
        return fail(err, ST_UNREADABLE,
                    "%s: the service does not tell how many seats subscription %.*s has, and an "
                    "order must carry them",
                    recipe->name, STR_PRINT(h->id));
    return ST_OK;
}

enum status recipe_expand(struct arena *a, const struct client *client, const struct action *recipe,
                          const struct arguments *arguments, const struct holding *holding,
                          struct str mark, const struct action **ret_action,
                          struct arguments *ret_arguments, struct error *err)
{
    const struct recipe *r = find_recipe(recipe);
    const struct action *sends = client_action(client, recipe->made_of);
    const struct param *customer = action_param_meaning(recipe, MEANS_CUSTOMER);
    struct arguments out = { .n = 0 };
    struct str account;
    if (r == NULL || sends == NULL || customer == NULL)
        return fail(err, ST_INTERNAL, "%s has no procedure", recipe->name);
    TRY(check_holding(recipe, holding, err));
    (void)arguments_get(arguments, customer->name, &account);
    struct str name = holding->name.len > 0 ? holding->name : holding->product_name;
    TRY(arguments_set(&out, STR("customerId"), account, err));
    TRY(arguments_set(&out, STR("referenceId"), mark, err));
    TRY(arguments_set(&out, STR("displayName"),
                      str_of(arena_printf(a, "%.*s [%.*s]", STR_PRINT(name), STR_PRINT(mark))),
                      err));
    TRY(arguments_set(&out, STR("orderItems"), order_items(a, r, recipe, arguments, holding), err));
    *ret_action = sends;
    *ret_arguments = out;
    return ST_OK;
}
