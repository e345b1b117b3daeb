/* The one list of connectors, and finding things in them. */
#include "remote/connector.h"

#include "base/options.h"

static const struct connector *const all[] = { &connector_stellr, &connector_ion, NULL };

const struct connector *const *connectors(void)
{
    return all;
}

const struct connector *connector_find(struct str name)
{
    for (size_t i = 0; all[i] != NULL; i++)
        if (str_is(name, all[i]->name))
            return all[i];
    return NULL;
}

const struct action *action_next(struct action_walk *walk)
{
    for (; all[walk->connector] != NULL; walk->connector++, walk->table = 0) {
        const struct connector *c = all[walk->connector];
        if (walk->only != NULL && walk->only != c)
            continue;
        for (; c->actions[walk->table] != NULL; walk->table++, walk->row = 0) {
            const struct action *row = &c->actions[walk->table][walk->row];
            if (row->name != NULL) {
                walk->row++;
                return row;
            }
        }
    }
    return NULL;
}

const struct action *action_find(struct str name)
{
    struct action_walk walk = { 0 };
    const struct action *action = action_next(&walk);
    while (action != NULL && !str_is(name, action->name))
        action = action_next(&walk);
    return action;
}

bool action_is_polled(const struct action *action)
{
    struct action_walk walk = { .only = connector_of_action(action) };
    for (const struct action *x; (x = action_next(&walk)) != NULL;)
        if (x->judging != NULL && strcmp(x->judging->poll, action->name) == 0)
            return true;
    return false;
}

enum status action_require(struct str name, const struct action **ret_action, struct error *err)
{
    const struct action *action = action_find(name);
    if (action != NULL) {
        *ret_action = action;
        return ST_OK;
    }
    const char *names[512];
    size_t n = 0;
    struct action_walk walk = { 0 };
    while (n < ARRAY_LEN(names) && (action = action_next(&walk)) != NULL)
        names[n++] = action->name;
    const char *near = nearest_name(name, names, n);
    fail(err, ST_NOT_FOUND, "there is no action '%.*s'", STR_PRINT(name));
    if (near != NULL)
        hint(err, "Did you mean %s? `stellion actions` lists all of them.", near);
    else
        hint(err, "`stellion actions` lists all of them.");
    return ST_NOT_FOUND;
}

const struct connector *connector_of_action(const struct action *action)
{
    struct str rest = str_of(action->name), name;
    (void)str_next(&rest, '.', &name);
    return connector_find(name);
}

const struct host *connector_host(const struct connector *connector, struct str region,
                                  struct str environment)
{
    for (const struct host *h = connector->hosts; h->region != NULL; h++)
        if ((region.len == 0 || str_is(region, h->region)) && str_is(environment, h->environment))
            return h;
    return NULL;
}
