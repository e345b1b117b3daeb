/* Walks every table of the remote layer: a table is a source of truth only if a test reads it. */
#include "base/uri.h"
#include "remote/connector.h"
#include "remote/request.h"
#include "test.h"

static bool ends_a_sentence(const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);
    return len > 1 && text[len - 1] == '.';
}

static void every_action_is_told_in_full(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    size_t n = 0;
    for (const struct action *x; (x = action_next(&walk)) != NULL; n++) {
        const struct connector *c = connector_of_action(x);
        assert_non_null(c);
        assert_true(str_starts(str_of(x->name), c->name));
        assert_non_null(x->category);
        assert_non_null(x->title);
        assert_non_null(x->source);
        if (!ends_a_sentence(x->doc))
            print_error("%s\n", x->name);
        assert_true(ends_a_sentence(x->doc));
        assert_ptr_equal(action_find(str_of(x->name)), x);
        struct action_walk others = walk;
        for (const struct action *y; (y = action_next(&others)) != NULL;)
            assert_string_not_equal(x->name, y->name);
    }
    assert_true(n >= 14);
}

static void every_placeholder_is_a_parameter_and_every_path_parameter_a_placeholder(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        size_t placeholders = 0, path_params = 0;
        struct uri_template t = uri_template(x->path);
        while (uri_template_next(&t)) {
            const struct param *p = action_param(x, t.name);
            assert_non_null(p);
            assert_int_equal(p->place, IN_PATH);
            placeholders++;
        }
        assert_false(t.broken);
        for (const struct param *p = x->params; p->name != NULL; p++)
            path_params += p->place == IN_PATH;
        assert_int_equal(placeholders, path_params);
    }
}

static void every_spelling_of_a_path_has_its_placeholders(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        struct str rest = str_of(x->path_spellings), spelling;
        while (rest.at != NULL && str_next(&rest, '|', &spelling)) {
            struct uri_template row = uri_template(x->path);
            struct uri_template other = uri_template(arena_text(&a, spelling));
            assert_true(str_starts(spelling, "/"));
            assert_false(str_is(spelling, x->path));
            while (uri_template_next(&row)) {
                assert_true(uri_template_next(&other));
                assert_true(str_equal(row.name, other.name));
            }
            assert_false(uri_template_next(&other));
        }
    }
}

static void every_parameter_has_an_example_that_passes_its_own_check(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct error err;
        struct arguments arguments = { .n = 0 };
        for (const struct param *p = x->params; p->name != NULL; p++) {
            if (!ends_a_sentence(p->doc))
                print_error("%s %s\n", x->name, p->name);
            assert_true(ends_a_sentence(p->doc));
            assert_non_null(p->example);
            assert_int_equal(p->type == PARAM_CHOICE, p->choices != NULL);
            assert_true(p->place != IN_PATH || p->need == REQUIRED);
            assert_int_equal(p->place == IN_RECIPE, action_is_recipe(x));
            assert_true(p->members == NULL || p->type == PARAM_OBJECT || p->type == PARAM_LIST);
            if (p->source != FROM_TOKEN)
                assert_ok(arguments_set(&arguments, str_of(p->name), str_of(p->example), &err),
                          &err);
        }
        struct request_context context = { .account_id = STR("70001"),
                                           .access_token = STR("token") };
        struct request request;
        assert_ok(request_build(&a, x, &arguments, &context, &request, &err), &err);
        assert_true(action_is_recipe(x) || str_starts(request.target, "/"));
    }
}

static void whatever_costs_money_says_what_it_binds_to(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        if (x->effect == EFFECT_MONEY && !ends_a_sentence(x->consequence)) {
            print_error("%s\n", x->name);
            _fail(__FILE__, __LINE__);
        }
        assert_true(x->becomes == BECOMES_UNTOLD || x->effect == EFFECT_MONEY);
        if (x->judging == NULL)
            continue;
        const struct action *poll = action_find(str_of(x->judging->poll));
        assert_non_null(poll);
        assert_int_equal(poll->effect, EFFECT_READ);
        assert_non_null(action_param(poll, str_of(x->judging->poll_param)));
        assert_non_null(x->judging->id);
        assert_non_null(x->judging->state);
    }
}

static void every_recipe_is_made_of_an_action_of_its_remote(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        if (!action_is_recipe(x))
            continue;
        const struct action *made_of = action_find(str_of(x->made_of));
        assert_non_null(made_of);
        assert_ptr_equal(connector_of_action(made_of), connector_of_action(x));
        assert_int_equal(made_of->effect, x->effect);
    }
}

/* So that one pass over the rows can write the body (remote/request_body.c). */
static void parameters_of_one_object_of_the_body_stand_together(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;)
        for (const struct param *p = x->params; p->name != NULL; p++) {
            const char *dot = p->place == IN_BODY ? strrchr(param_key(p), '.') : NULL;
            bool left = false;
            for (const struct param *q = p; dot != NULL && q->name != NULL; q++) {
                size_t len = (size_t)(dot - param_key(p)) + 1;
                bool inside = q->place == IN_BODY && strncmp(param_key(q), param_key(p), len) == 0;
                assert_false(left && inside);
                left |= !inside;
            }
        }
}

static void every_list_says_how_it_pages(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        const struct paging *p = x->paging;
        if (p == NULL)
            continue;
        assert_non_null(p->size_name);
        assert_non_null(p->place_name);
        assert_non_null(p->records);
        assert_true(p->size >= 1 && p->size <= p->size_most);
        assert_int_equal(p->style == PAGING_TOKEN, p->next != NULL);
        assert_int_equal(p->style == PAGING_TOKEN, p->total == NULL);
        assert_null(action_param(x, str_of(p->size_name)));
        assert_null(action_param(x, str_of(p->place_name)));
    }
}

static void check_fields(const struct field *fields)
{
    bool any_required = false;
    for (const struct field *f = fields; f->keys != NULL; f++) {
        assert_true(ends_a_sentence(f->doc));
        assert_non_null(f->source);
        any_required |= f->need == REQUIRED;
        for (const struct field *g = f + 1; g->keys != NULL; g++)
            assert_int_not_equal(f->offset, g->offset);
    }
    assert_true(any_required);
}

static void every_connector_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; connectors()[i] != NULL; i++) {
        const struct connector *c = connectors()[i];
        assert_ptr_equal(connector_find(str_of(c->name)), c);
        assert_non_null(action_find(str_of(c->probe)));
        check_fields(c->accounts.fields);
        check_fields(c->subscriptions.fields);
        const struct action *list = action_find(str_of(c->subscriptions.list));
        assert_non_null(list);
        assert_non_null(list->paging);
        assert_non_null(action_param(list, str_of(c->subscriptions.parent)));
        assert_non_null(action_find(str_of(c->accounts.list))->paging);
        const struct action *orders = c->orders == NULL ? NULL : action_find(str_of(c->orders));
        assert_true(c->orders == NULL || action_param_meaning(orders, MEANS_CUSTOMER) != NULL);
        assert_true(c->subscriptions.one == NULL ||
                    action_find(str_of(c->subscriptions.one)) != NULL);
        assert_true(c->pricing.action == NULL || action_find(str_of(c->pricing.action)) != NULL);
        for (const struct host *h = c->hosts; h->region != NULL; h++) {
            struct uri uri;
            struct error err;
            assert_ok(uri_parse(str_of(h->base_url), &uri, &err), &err);
            assert_ok(uri_parse(str_of(h->token_url), &uri, &err), &err);
            assert_true(str_is(uri.scheme, "https"));
            assert_non_null(h->source);
        }
    }
}

static void a_mistyped_action_gets_the_nearest_name(void **state)
{
    (void)state;
    struct error err;
    const struct action *action;
    assert_fails(action_require(STR("stellr.costumer.list"), &action, &err), ST_NOT_FOUND, &err,
                 "Did you mean stellr.customer.list?");
}

int main(void)
{
    const struct CMUnitTest table_tests[] = {
        cmocka_unit_test(every_action_is_told_in_full),
        cmocka_unit_test(every_placeholder_is_a_parameter_and_every_path_parameter_a_placeholder),
        cmocka_unit_test(every_spelling_of_a_path_has_its_placeholders),
        cmocka_unit_test(every_parameter_has_an_example_that_passes_its_own_check),
        cmocka_unit_test(every_list_says_how_it_pages),
        cmocka_unit_test(whatever_costs_money_says_what_it_binds_to),
        cmocka_unit_test(every_recipe_is_made_of_an_action_of_its_remote),
        cmocka_unit_test(parameters_of_one_object_of_the_body_stand_together),
        cmocka_unit_test(every_connector_is_complete),
        cmocka_unit_test(a_mistyped_action_gets_the_nearest_name),
    };
    return RUN(table_tests);
}
