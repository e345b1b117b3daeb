/* Ion's provisioning templates: 3.6 (SPEC). Descriptions like a JSON Schema; in the live service
 * the keys may begin with a dollar sign. */
#include "sim/ion.h"

static const struct template
{
    const char *id, *vendor, *provider, *action, *title, *description;
    const char *attributes; /* names, "a|b" */
}
templates[] = {
    { "provisiontemplate33", "MICROSOFT", "nce", "CREATE", "Microsoft NCE create order",
      "Fields for creating an NCE subscription",
      "domainName|renewalSetting|billingTerm|billingCycle|coterm|agreementDateAgreed|"
      "agreementUserId|agreementEmail|agreementFirstName|agreementLastName|"
      "agreementPhoneNumber|companyRegistrationId|customTermEndDate" },
    { "provisiontemplate34", "MICROSOFT", "nce", "UPDATE", "Microsoft NCE update order",
      "Fields for changing an NCE subscription",
      "operations|renewalSetting|statusUpdate|friendlyName" },
    { "provisiontemplate40", "GOOGLE", "gws", "CREATE", "Google Workspace create order",
      "Fields for creating a Google Workspace subscription", "domainName|renewalSetting" },
};

static void put_kind(struct json_writer *w, const char *key, const char *type,
                     const char *description)
{
    json_put_object(w, key);
    json_put_text(w, "type", str_of(type));
    json_put_text(w, "description", str_of(description));
    json_close(w);
}

static void put_names(struct json_writer *w, const char *key, const char *names)
{
    struct str rest = str_of(names), one;
    json_put_array(w, key);
    while (str_next(&rest, '|', &one))
        json_put_text(w, NULL, one);
    json_close(w);
}

static void put_properties(struct json_writer *w)
{
    json_put_object(w, "properties");
    put_kind(w, "referenceId", "string", "caller's own order id");
    put_kind(w, "displayName", "string", "caller's own order name");
    json_put_object(w, "orderItems");
    json_put_text(w, "type", STR("array"));
    json_put_text(w, "items", STR("#/$defs/orderItems"));
    json_close(w);
    json_close(w);
}

static void put_order_items(struct json_writer *w, const struct template *t)
{
    json_put_object(w, "orderItems");
    json_put_text(w, "type", STR("object"));
    json_put_text(w, "description", STR("one line of the order"));
    put_names(w, "required",
              "productId|skuId|planId|action|quantity|vendor|providerName|attributes");
    json_put_object(w, "properties");
    put_kind(w, "referenceId", "string", "");
    put_kind(w, "productId", "string", "");
    put_kind(w, "skuId", "string", "");
    put_kind(w, "planId", "string", "");
    put_kind(w, "action", "string", t->action);
    put_kind(w, "quantity", "integer", "");
    put_kind(w, "vendor", "string", t->vendor);
    put_kind(w, "providerName", "string",
             strcmp(t->vendor, "MICROSOFT") == 0 ? "AZURE" : t->vendor);
    put_kind(w, "endCustomerPO", "string", "");
    put_kind(w, "resellerPO", "string", "");
    json_put_object(w, "attributes");
    json_put_text(w, "type", STR("array"));
    json_put_text(w, "description", STR("name/value pairs"));
    json_put_object(w, "items");
    json_put_text(w, "ref", STR("#/$defs/attributes"));
    json_close(w);
    json_close(w);
    json_close(w);
    json_close(w);
}

static void put_attributes(struct json_writer *w, const struct template *t)
{
    json_put_object(w, "attributes");
    json_put_text(w, "type", STR("object"));
    json_put_text(w, "description", STR("one attribute"));
    put_names(w, "required", "name|value");
    json_put_object(w, "properties");
    json_put_object(w, "name");
    json_put_text(w, "type", STR("string"));
    put_names(w, "enum", t->attributes);
    json_close(w);
    put_kind(w, "value", "string", "value for the named attribute");
    json_close(w);
    json_close(w);
}

static void put_template(struct json_writer *w, const struct template *t)
{
    json_open_object(w);
    json_put_text(w, "id", str_of(t->id));
    json_put_text(w, "schema", STR("https://json-schema.org/draft/2020-12/schema"));
    json_put_text(w, "title", str_of(t->title));
    json_put_text(w, "description", str_of(t->description));
    json_put_text(w, "type", STR("object"));
    put_properties(w);
    json_put_object(w, "defs");
    put_order_items(w, t);
    put_attributes(w, t);
    json_close(w);
    json_close(w);
}

/* "Not specified" is any (3.6); so is none (CLIENT). */
static bool fits(struct ask *ask, const char *name, const char *any, const char *value)
{
    return str_equal_nocase(ask_query(ask, name), str_of(any)) ||
           ion_fits(ask, name, str_of(value));
}

/* Of the two forms that the document allows, the list (3.6: when which is unclear). */
void ion_give_templates(struct ask *ask)
{
    struct json_writer w = ask_json(ask, 200);
    json_open_object(&w);
    json_put_object(&w, "provisioningReferences");
    json_put_array(&w, "refs");
    for (size_t i = 0; i < ARRAY_LEN(templates); i++) {
        const struct template *t = &templates[i];
        if (fits(ask, "vendor", "NOT_SPECIFIED", t->vendor) &&
            fits(ask, "action", "ACTION_NOT_SPECIFIED", t->action) &&
            ion_fits(ask, "provider", str_of(t->provider)))
            put_template(&w, t);
    }
    json_close(&w);
    json_close(&w);
    json_close(&w);
}

void ion_give_template(struct ask *ask)
{
    struct str id = ask_path(ask, "templateId");
    for (size_t i = 0; i < ARRAY_LEN(templates); i++) {
        if (!str_is(id, templates[i].id))
            continue;
        struct json_writer w = ask_json(ask, 200);
        put_template(&w, &templates[i]);
        return;
    }
    ion_not_found(ask, "provisionTemplates", id);
}
