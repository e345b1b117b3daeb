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
            if (p->source != FROM_TOKEN)
                assert_ok(arguments_set(&arguments, str_of(p->name), str_of(p->example), &err),
                          &err);
        }
        struct request_context context = { STR("70001"), STR("token") };
        struct request request;
        assert_ok(request_build(&a, x, &arguments, &context, &request, &err), &err);
        assert_true(str_starts(request.target, "/"));
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
        cmocka_unit_test(every_parameter_has_an_example_that_passes_its_own_check),
        cmocka_unit_test(every_list_says_how_it_pages),
        cmocka_unit_test(every_connector_is_complete),
        cmocka_unit_test(a_mistyped_action_gets_the_nearest_name),
    };
    return RUN(table_tests);
}
