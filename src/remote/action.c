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

const char *param_type_name(enum param_type type)
{
    static const char *const names[] = { "text", "whole number", "true or false", "date",
                                         "choice" };
    return names[type];
}

const struct param *action_param(const struct action *action, struct str name)
{
    for (const struct param *p = action->params; p != NULL && p->name != NULL; p++)
        if (str_is(name, p->name))
            return p;
    return NULL;
}
