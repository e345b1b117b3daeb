/* The words of the closed sets, and looking into one row. */
#include "remote/action.h"

const char *method_name(enum method method)
{
    static const char *const names[] = { "GET", "POST", "PUT", "DELETE" };
    return names[method];
}

const char *effect_name(enum effect effect)
{
    static const char *const names[] = { "READ", "WRITE", "MONEY" };
    return names[effect];
}

const char *trust_name(enum trust trust)
{
    static const char *const names[] = { "REAL", "REAL-w", "SPEC", "CLIENT", "DOC", "GUESS" };
    return names[trust];
}

const char *trust_meaning(enum trust trust)
{
    static const char *const words[] = {
        "in a recorded answer, or relied on by a client that ran against the service",
        "a client reads or sends it, but nothing shows that the service returns it",
        "in the vendor's OpenAPI document",
        "a working client of somebody else relies on it",
        "in the documentation of the vendor or of an integrator",
        "nowhere in public: it is assumed, and `overrides.json` can correct it",
    };
    return words[trust];
}

const char *param_type_name(enum param_type type)
{
    static const char *const names[] = { "text",          "whole number", "number",
                                         "true or false", "date",         "month",
                                         "choice",        "JSON object",  "JSON list" };
    return names[type];
}

const char *param_key(const struct param *param)
{
    return param->key != NULL ? param->key : param->name;
}

bool action_is_recipe(const struct action *action)
{
    return action->made_of != NULL;
}

bool action_is_generic(const struct action *action)
{
    return action->path[0] == '\0' && action->made_of == NULL;
}

const char *action_path_text(const struct action *action)
{
    return action_is_generic(action) ? "/<url_path>" : action->path;
}

const char *action_method_text(const struct action *action)
{
    if (action_is_recipe(action))
        return "";
    return action_is_generic(action) ? "GET/PUT/POST/DELETE" : method_name(action->method);
}

const struct param *action_param(const struct action *action, struct str name)
{
    for (const struct param *p = action->params; p != NULL && p->name != NULL; p++)
        if (str_is(name, p->name))
            return p;
    return NULL;
}
