/* stellion mappings, and map. */
#include "cli/commands.h"

#include "hub/lists.h"

static const struct option no_options[] = { OPTION_END };

static const struct column columns[] = {
    { "kind", "KIND", false, 0 },
    { "connection", "CONNECTION", false, 0 },
    { "id", "ID", false, 1 },
    { "name", "NAME", false, 0 },
    { "target", "MAPPED TO", false, 0 },
    { "state", "STATE", false, 0 },
    { "rule", "RULE", false, 2 },
    { "evidence", "EVIDENCE", false, 3 },
    { "actor", "BY", false, 4 },
};

static enum status run_mappings(struct context *c, struct error *err)
{
    const struct mapping_view *views;
    struct match_result matched;
    struct output out;
    size_t n;
    TRY(hub_match(c->hub, c->a, &matched, err));
    TRY(hub_mappings(c->hub, c->a, &views, &n, err));
    output_begin(&out, c->format, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < n; i++) {
        const struct mapping_view *v = &views[i];
        struct cell cells[] = {
            cell_text(str_of(v->kind)), cell_text(v->connection),   cell_text(v->remote_id),
            cell_text(v->name),         cell_text(v->target),       cell_text(v->row.state),
            cell_text(v->row.rule),     cell_text(v->row.evidence), cell_text(v->row.actor),
        };
        output_row(&out, cells);
    }
    if (c->format == FORMAT_TABLE)
        say("%lld accounts and %lld services are mapped; %lld services have no twin on the bill, "
            "%lld several.\n",
            (long long)matched.n_accounts, (long long)matched.n_services,
            (long long)matched.n_services_unmatched, (long long)matched.n_services_ambiguous);
    return output_end(&out, ST_OK, err);
}

const struct command command_mappings = {
    .name = "mappings",
    .arguments = "",
    .summary = "List which customer and product is which.",
    .doc = "Matches what is new, exactly to the character, and lists every mapping with the rule "
           "and the evidence that made it.",
    .options = no_options,
    .settings_bytes = 1,
    .flags = NEEDS_HUB,
    .run = run_mappings,
};

static enum status run_map(struct context *c, struct error *err)
{
    struct str from = str_of(c->words[1]), to = str_of(c->words[2]);
    if (strcmp(c->words[0], "account") == 0)
        TRY(hub_map_account(c->hub, from, to, err));
    else if (strcmp(c->words[0], "service") == 0)
        TRY(hub_map_service(c->hub, from, to, err));
    else
        return fail(err, ST_INVALID, "an account or a service can be mapped, not '%s'",
                    c->words[0]);
    say("Mapped %.*s to %.*s.\n", STR_PRINT(from),
        STR_PRINT(str_is(to, "-") ? STR("nothing") : to));
    return ST_OK;
}

const struct command command_map = {
    .name = "map",
    .arguments = "account|service CONNECTION/ID NAME",
    .summary = "Map a customer or product by hand.",
    .doc = "Says that an account is this customer (`map account stellr-us/700101 \"Northwind "
           "Dental Group\"`), or that a service is this product of the bill (`map service "
           "stellr-us/9100231 \"M365 Business Premium\"`). \"-\" leaves it out of the comparison. "
           "What is mapped by hand stays.",
    .options = no_options,
    .settings_bytes = 1,
    .least_words = 3,
    .most_words = 3,
    .flags = NEEDS_HUB,
    .run = run_map,
};
