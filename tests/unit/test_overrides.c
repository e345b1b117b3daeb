/* Overrides: what a file corrects, what it must not, and what it says when it is wrong. */
#include "remote/overrides.h"
#include "remote/request.h"
#include "test.h"

static enum status read_file(struct arena *a, const char *text, const struct overrides **ret,
                             struct error *err)
{
    return overrides_read(a, str_of(text), "overrides.json", ret, err);
}

static const struct action *row(const struct overrides *o, const char *name)
{
    return overrides_row(o, action_find(str_of(name)));
}

/* {"actions": {NAME: CHANGES}} */
static enum status correct(struct arena *a, const char *name, const char *changes,
                           const struct overrides **ret, struct error *err)
{
    return read_file(a, arena_printf(a, "{\"actions\":{\"%s\":%s}}", name, changes), ret, err);
}

static enum status build(struct arena *a, const struct overrides *o, const char *action,
                         const char *const *pairs, struct request *ret_request, struct error *err)
{
    struct arguments arguments = { .n = 0 };
    for (; pairs[0] != NULL; pairs += 2)
        assert_ok(arguments_set(&arguments, str_of(pairs[0]), str_of(pairs[1]), err), err);
    struct request_context context = { .overrides = o };
    return request_build(a, row(o, action), &arguments, &context, ret_request, err);
}

#define WITH(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void without_a_file_rows_are_as_built(void **state)
{
    (void)state;
    const struct action *x = action_find(STR("stellr.customer.list"));
    size_t n = 7;
    assert_ptr_equal(overrides_row(NULL, x), x);
    (void)overrides_facts(NULL, &n);
    assert_int_equal(n, 0);
    assert_ptr_equal(overrides_fields(NULL, connector_stellr.accounts.fields),
                     connector_stellr.accounts.fields);
    assert_true(digest_equal(overrides_digest(NULL), overrides_digest(NULL)));
}

static void a_difference_instead_of_a_total(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    SCOPED(buf_release) struct buf text = BUF(4000);
    const struct overrides *o;
    struct error err;
    struct request r;
    assert_ok(correct(&a, "stellr.subscription.change-seats",
                      "{\"parameters\":{\"quantity\":{\"meaning\":\"seats-added\","
                      "\"key\":\"change.by\"}}}",
                      &o, &err),
              &err);
    const struct action *x = row(o, "stellr.subscription.change-seats");
    assert_int_equal(action_param(x, STR("quantity"))->meaning, MEANS_SEATS_ADDED);
    assert_int_equal(x->effect, EFFECT_MONEY);
    assert_ok(build(&a, o, x->name,
                    WITH("customerNo", "700101", "subscriptionId", "1_1", "quantity", "3"), &r,
                    &err),
              &err);
    assert_non_null(strstr(arena_text(&a, r.body), "\"change\":{\"by\":3}"));
    assert_true(overrides_describe(o, x, &text));
    assert_non_null(
        strstr(text.at, "parameters.quantity.meaning: seats-added (built in: seats)\n"));
    assert_false(overrides_describe(o, row(o, "stellr.customer.list"), &text));
    assert_false(digest_equal(overrides_digest(o), overrides_digest(NULL)));
}

static void paths_parameters_and_pages_are_corrected(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct overrides *o;
    struct error err;
    struct request r;
    assert_ok(correct(&a, "stellr.customer.list",
                      "{\"path\":\"/api/v9/customers\",\"paging\":{\"size_name\":\"limit\","
                      "\"size\":50,\"records\":[\"rows\",\"data.rows\"],\"total\":null},"
                      "\"parameters\":{\"name\":{\"key\":\"q\"},\"tag\":{\"type\":\"choice\","
                      "\"place\":\"query\",\"choices\":[\"a\",\"b\"],\"default\":\"a\"}}}",
                      &o, &err),
              &err);
    assert_ok(build(&a, o, "stellr.customer.list", WITH("name", "x"), &r, &err), &err);
    assert_text(r.target, "/api/v9/customers?q=x&tag=a&pageNo=1&limit=50");
    assert_fails(build(&a, o, "stellr.customer.list", WITH("tag", "c"), &r, &err), ST_INVALID, &err,
                 "tag must be one of a|b");
    const struct paging *paging = row(o, "stellr.customer.list")->paging;
    assert_string_equal(paging->records, "rows|data.rows");
    assert_null(paging->total);
}

static void an_added_part_of_a_body_object_stands_beside_the_others(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct overrides *o;
    struct error err;
    struct request r;
    assert_ok(correct(&a, "stellr.agreement.accept",
                      "{\"parameters\":{\"title\":{\"type\":\"text\",\"key\":"
                      "\"primaryContact.title\"}}}",
                      &o, &err),
              &err);
    assert_ok(build(&a, o, "stellr.agreement.accept",
                    WITH("customerNo", "1", "agreementType", "MCA", "title", "Dr",
                         "primaryContact.firstName", "A", "primaryContact.lastName", "B",
                         "primaryContact.email", "a@b.example", "primaryContact.phone", "1",
                         "dateAgreed", "2026-01-02"),
                    &r, &err),
              &err);
    const char *body = arena_text(&a, r.body);
    assert_non_null(strstr(body, "\"title\":\"Dr\""));
    assert_ptr_equal(strstr(strstr(body, "primaryContact") + 1, "primaryContact"), NULL);
}

static void fields_are_read_from_other_keys(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct overrides *o;
    const struct json *document;
    struct error err;
    struct subscription_record record = { .status_known = false };
    const struct field *rows = connector_stellr.subscriptions.fields;
    assert_ok(read_file(&a,
                        "{\"note\":\"as seen in the portal\",\"fields\":{\"stellr\":{"
                        "\"subscriptions\":{\"quantity\":\"licences|quantity\"}}}}",
                        &o, &err),
              &err);
    assert_ok(json_parse(&a, STR("{\"subscriptionId\":\"1_1\",\"licences\":7,\"quantity\":3}"),
                         &document, &err),
              &err);
    assert_ok(fields_read(&a, overrides_fields(o, rows), document, &record, &err), &err);
    assert_int_equal(record.quantity.value, 7);
    assert_ptr_equal(overrides_fields(o, connector_ion.subscriptions.fields),
                     connector_ion.subscriptions.fields);
    struct str raw = STR("{}");
    assert_false(digest_equal(overrides_record_digest(o, rows, raw), digest_of(raw)));
    assert_true(digest_equal(overrides_record_digest(NULL, rows, raw), digest_of(raw)));
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
    static const struct {
        const char *file, *words[3];
    } rows[] = {
        { "{", { "overrides.json", "Nothing of the file" } },
        { "[]", { "an object is needed, not a list" } },
        { "{\"action\":{}}", { "'action'", "did you mean 'actions'" } },
        { "{\"actions\":{\"stellr.customer.lst\":{}}}", { "did you mean 'stellr.customer.list'" } },
        { "{\"actions\":{\"stellr.customer.list\":{\"pth\":\"/a\"}}}",
          { "actions.stellr.customer.list", "did you mean 'path'" } },
        { "{\"actions\":{\"stellr.customer.list\":{\"scheme\":\"none\"}}}",
          { "'scheme' is not something that can be corrected" } },
        { "{\"actions\":{\"stellr.customer.list\":{\"method\":\"GTE\"}}}",
          { "actions.stellr.customer.list.method", "there is GET, POST, PUT, DELETE" } },
        { "{\"actions\":{\"stellr.customer.list\":{\"parameters\":{\"nam\":{}}}}}",
          { "parameters.nam", "no such parameter", "\"type\"" } },
        { "{\"actions\":{\"stellr.customer.list\":{\"parameters\":{\"name\":{\"place\":1}}}}}",
          { "parameters.name.place: a text is needed, not a number" } },
        { "{\"actions\":{\"stellr.customer.list\":{\"paging\":{\"size\":500}}}}",
          { "paging", "\"size\" is 500", "200" } },
        { "{\"actions\":{\"stellr.customer.get\":{\"path\":\"/api/{customer}\"}}}",
          { "path", "{customer}" } },
        { "{\"actions\":{\"stellr.customer.get\":{\"path\":\"/api/x\"}}}", { "0 of 1" } },
        { "{\"actions\":{\"stellr.customer.get\":{\"path\":\"//evil/{customerNo}\"}}}",
          { "is no path" } },
        { "{\"actions\":{\"stellr.customer.get\":{\"path\":\"/a/%2e/{customerNo}\"}}}",
          { "is no path" } },
        { "{\"actions\":{\"stellr.customer.get\":{\"path\":\"/a/{customerNo}?x\"}}}",
          { "is no path" } },
        { "{\"actions\":{\"stellr.request\":{\"doc\":\"x\"}}}", { "generic request" } },
        { "{\"fields\":{\"stelr\":{}}}", { "did you mean 'stellr'" } },
        { "{\"fields\":{\"ion\":{\"subscriptions\":{\"quantitiy\":\"x\"}}}}",
          { "fields.ion.subscriptions", "did you mean 'quantity'" } },
    };
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct overrides *o;
    struct error err;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t j = 0; j < 3 && rows[i].words[j] != NULL; j++)
            assert_fails(read_file(&a, rows[i].file, &o, &err), ST_INVALID, &err, rows[i].words[j]);
}

static void nothing_leads_past_the_purchase(void **state)
{
    static const struct {
        const char *action, *changes, *words;
    } rows[] = {
        { "stellr.subscription.cancel", "{\"effect\":\"READ\"}", "raised, not lowered" },
        { "stellr.subscription.cancel", "{\"effect\":\"WRITE\"}", "raised, not lowered" },
        { "stellr.subscription.cancel", "{\"method\":\"GET\"}", "a GET only reads" },
        { "stellr.vendor.check",
          "{\"path\":\"/api/v1/customers/{vendorId}/subscriptions/{checkType}/cancel\"}",
          "would reach the same place as stellr.subscription.cancel" },
        { "stellr.vendor.check",
          "{\"path\":\"/api/v1/customers/1/Subscriptions/{vendorId}/{checkType}\"}",
          "would reach the same place" },
        { "stellr.vendor.check",
          "{\"path\":\"/api/v1/cloud/customers/{vendorId}/subscriptions/{checkType}/cancel\"}",
          "would reach the same place as stellr.subscription.cancel" },
        { "stellr.subscription.cancel",
          "{\"path\":\"/api/v1/cloud/vendors/{customerNo}/check/{subscriptionId}\"}",
          "would reach the same place as stellr.vendor.check" },
        { "stellr.subscription.change-seats",
          "{\"parameters\":{\"quantity\":{\"meaning\":\"nothing\"}}}",
          "planned by what quantity means" },
        { "stellr.subscription.change-seats", "{\"parameters\":{\"quantity\":{\"type\":\"text\"}}}",
          "whole number" },
        { "stellr.subscription.change-seats",
          "{\"parameters\":{\"more\":{\"type\":\"whole\",\"meaning\":\"seats-added\"}}}",
          "would mean the same as quantity" },
        { "stellr.subscription.change-seats",
          "{\"parameters\":{\"more\":{\"type\":\"whole\",\"key\":\"quantity\"}}}",
          "in the same place as quantity" },
        { "stellr.vendor.check", "{\"effect\":\"MONEY\"}", "consequence" },
        { "stellr.subscription.change-seats", "{\"judging\":{\"poll\":null}}",
          "judging: \"poll\" is missing" },
        { "stellr.subscription.change-seats", "{\"judging\":{\"poll_param\":null}}",
          "judging: \"poll_param\" is missing" },
        { "stellr.subscription.change-seats", "{\"judging\":{\"id\":null}}",
          "judging: \"id\" is missing" },
        { "stellr.subscription.change-seats", "{\"judging\":{\"state\":null}}",
          "judging: \"state\" is missing" },
        { "stellr.subscription.change-seats", "{\"judging\":{\"poll\":\"ion.order.get\"}}",
          "judging" },
        { "stellr.subscription.change-seats",
          "{\"judging\":{\"poll\":\"stellr.subscription.cancel\"}}", "judging" },
        { "stellr.subscription.change-seats", "{\"judging\":{\"poll_param\":\"operation\"}}",
          "judging: \"poll_param\" must be a parameter of stellr.operation.get" },
        { "stellr.customer.create", "{\"judging\":{\"fault_code\":\"code\"}}",
          "judging: \"id\" is missing" },
    };
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct overrides *o;
    struct error err;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_fails(correct(&a, rows[i].action, rows[i].changes, &o, &err), ST_INVALID, &err,
                     rows[i].words);
}

/* A generic request to a corrected place costs what the corrected action costs. */
static void a_raised_effect_holds_for_requests_by_hand(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct overrides *o;
    struct error err;
    struct request r;
    const char *const *by_hand =
        WITH("method", "POST", "path", "/api/v1/cloud/vendors/Microsoft/check/domain");
    assert_ok(build(&a, NULL, "stellr.request", by_hand, &r, &err), &err);
    assert_int_equal(r.effect, EFFECT_READ);
    assert_ok(correct(&a, "stellr.vendor.check",
                      "{\"effect\":\"MONEY\",\"consequence\":\"It is billed.\"}", &o, &err),
              &err);
    assert_ok(build(&a, o, "stellr.request", by_hand, &r, &err), &err);
    assert_int_equal(r.effect, EFFECT_MONEY);
    const char *const *other_spellings[] = {
        WITH("method", "POST", "path", "/api/v1/cloud/vendors/Microsoft/check/domain/"),
        WITH("method", "POST", "path", "/API/v1/cloud/vendors/Microsoft/Check/domain"),
    };
    for (size_t i = 0; i < ARRAY_LEN(other_spellings); i++) {
        assert_ok(build(&a, o, "stellr.request", other_spellings[i], &r, &err), &err);
        assert_int_equal(r.effect, EFFECT_MONEY);
    }
}

/* Stellr may know what lies below a customer with cloud/ in the path, too. */
static void a_raised_effect_holds_under_the_alias(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct overrides *o;
    struct error err;
    struct request r;
    const char *const *by_hand =
        WITH("method", "POST", "path", "/api/v1/cloud/customers/1/agreements/MCA");
    assert_ok(build(&a, NULL, "stellr.request", by_hand, &r, &err), &err);
    assert_int_equal(r.effect, EFFECT_WRITE);
    assert_ok(correct(&a, "stellr.agreement.accept",
                      "{\"effect\":\"MONEY\",\"consequence\":\"It is billed.\"}", &o, &err),
              &err);
    assert_ok(build(&a, o, "stellr.request", by_hand, &r, &err), &err);
    assert_int_equal(r.effect, EFFECT_MONEY);
}

static void every_row_can_be_corrected_in_its_words(void **state)
{
    (void)state;
    struct action_walk walk = { 0 };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        const struct overrides *o;
        struct error err;
        if (action_is_generic(x) || action_is_recipe(x))
            continue;
        assert_ok(correct(&a, x->name, "{\"doc\":\"Other words.\"}", &o, &err), &err);
        assert_string_equal(row(o, x->name)->doc, "Other words.");
        assert_string_equal(row(o, x->name)->path, x->path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_rows_are_as_built),
        cmocka_unit_test(a_difference_instead_of_a_total),
        cmocka_unit_test(paths_parameters_and_pages_are_corrected),
        cmocka_unit_test(an_added_part_of_a_body_object_stands_beside_the_others),
        cmocka_unit_test(fields_are_read_from_other_keys),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(nothing_leads_past_the_purchase),
        cmocka_unit_test(a_raised_effect_holds_for_requests_by_hand),
        cmocka_unit_test(a_raised_effect_holds_under_the_alias),
        cmocka_unit_test(every_row_can_be_corrected_in_its_words),
    };
    return RUN(tests);
}
