/* Requests from rows, records from documents, part numbers, words. */
#include "remote/connector.h"
#include "remote/part_number.h"
#include "remote/redact.h"
#include "remote/request.h"
#include "test.h"

static enum status build(struct arena *a, const char *action, const char *const *pairs,
                         struct str account, struct request *ret_request, struct error *err)
{
    struct arguments arguments = { .n = 0 };
    for (; pairs[0] != NULL; pairs += 2)
        assert_ok(arguments_set(&arguments, str_of(pairs[0]), str_of(pairs[1]), err), err);
    struct request_context context = { .account_id = account };
    return request_build(a, action_find(str_of(action)), &arguments, &context, ret_request, err);
}

#define WITH(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void ids_are_encoded_into_one_segment(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct request r;
    assert_ok(build(&a, "stellr.subscription.get",
                    WITH("customerNo", "70/..\xc3\xa9", "subscriptionId", "a:b?c#d"), STR_NONE, &r,
                    &err),
              &err);
    assert_text(r.target, "/api/v1/customers/70%2F..%C3%A9/subscriptions/a%3Ab%3Fc%23d");
    assert_fails(build(&a, "stellr.customer.get", WITH("customerNo", ".."), STR_NONE, &r, &err),
                 ST_INVALID, &err, "cannot be '..'");
}

static void lists_always_say_size_and_place(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct request r;
    assert_ok(build(&a, "stellr.customer.list", WITH(NULL), STR_NONE, &r, &err), &err);
    assert_text(r.target, "/api/v1/cloud/customers?pageNo=1&pageSize=100");
    assert_ok(
        build(&a, "stellr.customer.list", WITH("pageNo", "7", "pageSize", "3"), STR_NONE, &r, &err),
        &err);
    assert_text(r.target, "/api/v1/cloud/customers?pageNo=7&pageSize=3");
    assert_ok(build(&a, "ion.customer.list", WITH(NULL), STR("70001"), &r, &err), &err);
    assert_text(r.target, "/api/v3/accounts/70001/customers?pageSize=200");
    assert_ok(
        build(&a, "ion.subscription.list", WITH("customerId", "410001"), STR("70001"), &r, &err),
        &err);
    assert_text(r.target, "/api/v3/accounts/70001/subscriptions?customerId=410001&"
                          "pagination.offset=0&pagination.limit=200");
}

static void all_faults_are_told_at_once(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct request r;
    assert_fails(build(&a, "ion.subscription.get",
                       WITH("costumerId", "1", "refresh", "perhaps", "access", "x"), STR_NONE, &r,
                       &err),
                 ST_INVALID, &err, "did you mean customerId?", "there is no parameter access",
                 "accountId is missing", "id is missing", "refresh must be a true or false",
                 "actions show ion.subscription.get");
}

static void the_generic_request_stays_below_its_host(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct request r;
    assert_ok(build(&a, "stellr.request",
                    WITH("path", "/api/v1/cloud/customers/1%2F2", "query", "a=b%20c&d=e"), STR_NONE,
                    &r, &err),
              &err);
    assert_text(r.target, "/api/v1/cloud/customers/1%2F2?a=b%20c&d=e");
    static const char *const wrong[] = { "//evil.example/x",
                                         "https://evil.example/",
                                         "/a/../b",
                                         "/a/%2e%2e/b",
                                         "/a//b",
                                         "relative",
                                         "/a?b=c",
                                         "/%zz",
                                         "/a/./b" };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_fails(build(&a, "stellr.request", WITH("path", wrong[i]), STR_NONE, &r, &err),
                     ST_INVALID, &err, "path");
    assert_fails(
        build(&a, "ion.request", WITH("path", "/x", "method", "PATCH"), STR_NONE, &r, &err),
        ST_INVALID, &err, "method must be one of GET");
}

/* A generic request may do no more than the row that it fits; what fits none may cost money. */
static void a_generic_request_has_the_effect_of_what_it_asks_for(void **state)
{
    (void)state;
    static const struct {
        const char *method, *path;
        enum effect effect;
    } cases[] = {
        { "GET", "/api/v1/cloud/customers", EFFECT_READ },
        { "GET", "/anything/at/all", EFFECT_READ },
        { "POST", "/api/v1/cloud/customers", EFFECT_WRITE },
        { "POST", "/api/v1/cloud/customers/", EFFECT_WRITE },
        { "POST", "/anything/at/all", EFFECT_MONEY },
        { "DELETE", "/api/v1/cloud/customers", EFFECT_MONEY },
        { "POST", "/api/v1/customers/1/subscriptions/2_1/cancel", EFFECT_MONEY },
        { "POST", "/api/v1/customers/1/subscriptions/transfer", EFFECT_MONEY },
        { "POST", "/api/v1/customers/1/agreements/MCA", EFFECT_WRITE },
        { "POST", "/api/v1/customers/1/agreements/M%20A", EFFECT_MONEY },
        { "POST", "/api/v1/customers/%c3%a9/subscriptions/2_1/cancel", EFFECT_MONEY },
        { "GET", "/api/v1/customers/1/%73ubscriptions", EFFECT_READ },
        { "PUT", "/api/v1/customers/1/subscriptions/2_1/renew/setting", EFFECT_MONEY },
        { "POST", "/api/v1/cloud/customers/1/agreements/MCA", EFFECT_WRITE }, /* */
        { "POST", "/api/v1/cloud/customers/1/subscriptions/2_1/cancel", EFFECT_MONEY },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct error err;
        struct request r;
        assert_ok(build(&a, "stellr.request",
                        WITH("path", cases[i].path, "method", cases[i].method), STR_NONE, &r, &err),
                  &err);
        assert_int_equal(r.effect, cases[i].effect);
    }
}

/* The service resolves escapes before it looks where a request leads: none may hide the row. */
static void a_change_by_hand_hides_nothing_behind_escapes(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "/api/v1/customers/1/agreements/%4dCA",
        "/api/v1/customers/1/%73ubscriptions",
        "/api/v1/customers/%31/subscriptions/2_1/cancel",
        "/api/v1/customers/1/subscriptions/2%5F1/%63hangeSeats",
        "/api/v1/customers/1/subscriptions/2_1%2Fcancel",
        "/api/v1/customers/1/subscriptions/2_1%2fcancel",
        "/api/v1/customers/1/subscriptions/2_1%5Ccancel",
        "/api/v1/customers/1/subscriptions/2_1\\cancel",
        "/api/v3/accounts/1/orders/2%3Acancel",
    };
    static const char *const methods[] = { "POST", "PUT", "DELETE" };
    for (size_t i = 0; i < ARRAY_LEN(wrong) * ARRAY_LEN(methods); i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct error err;
        struct request r;
        const char *path = wrong[i / ARRAY_LEN(methods)];
        assert_fails(build(&a, "stellr.request",
                           WITH("path", path, "method", methods[i % ARRAY_LEN(methods)]), STR_NONE,
                           &r, &err),
                     ST_INVALID, &err, "write the path without needless escapes");
        assert_ok(build(&a, "stellr.request", WITH("path", path), STR_NONE, &r, &err), &err);
    }
}

/* What readers understand in two ways is no request: one would plan it, the other do it. */
static void a_body_says_nothing_twice(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    struct request r;
    struct request_context context = { .account_id = STR_NONE };
    const struct action *change = action_find(STR("stellr.subscription.change-seats"));
    struct arguments arguments = { .body = STR("{\"quantity\":5,\"quantity\":500}") };
    assert_fails(request_build(&a, change, &arguments, &context, &r, &err), ST_INVALID, &err,
                 "the body is not JSON", "twice", "customerNo is missing");
    arguments.body = STR("{\"quantity\":5,\"quantit\\u0079\":500}");
    assert_fails(request_build(&a, change, &arguments, &context, &r, &err), ST_INVALID, &err,
                 "twice");
    assert_fails(build(&a, "stellr.subscription.create",
                       WITH("customerNo", "1", "subscriptions",
                            "[{\"skuNo\":1,\"quantity\":1,\"quantity\":100}]"),
                       STR_NONE, &r, &err),
                 ST_INVALID, &err, "subscriptions is not JSON", "twice");
}

static void secrets_are_hidden_however_they_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *hidden;
    } rows[] = {
        { "{\"transferToken\":\"abc\",\"n\":1.50}", "{\"transferToken\":\"***\",\"n\":1.50}" },
        { "{\"transferT\\u006fken\":\"abc\"}", "{\"transferT\\u006fken\":\"***\"}" },
        { "[{\"\\u0070assword\":[\"abc\"]}]", "[{\"\\u0070assword\":\"***\"}]" },
        { "{\"name\":\"Password\",\"value\":\"abc\"}",
          "{\"name\":\"Password\",\"value\":\"***\"}" },
        { "{\"n\\u0061me\":\"P\\u0061ssword\",\"v\\u0061lue\":\"abc\"}",
          "{\"n\\u0061me\":\"P\\u0061ssword\",\"v\\u0061lue\":\"***\"}" },
        { "{\"t\\u006fne\":\"abc\"}", "{\"t\\u006fne\":\"abc\"}" },
    };
    SCOPED(arena_free) struct arena a = ARENA(0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_text(redact(&a, str_of(rows[i].text)), rows[i].hidden);
}

static void secrets_are_hidden_in_queries(void **state)
{
    (void)state;
    static const struct {
        const char *target, *hidden;
    } rows[] = {
        { "/a/b", "/a/b" },
        { "/a/password?", "/a/password?" },
        { "/a?b=c&d", "/a?b=c&d" },
        { "/a?transferToken=abc&b=c", "/a?transferToken=***&b=c" },
        { "/a?b=c&transfer%54oken=a=b?c", "/a?b=c&transfer%54oken=***" },
        { "/a?PASSWORD=abc&&password=", "/a?PASSWORD=***&&password=***" },
        { "/a?%zz=abc&b%=c", "/a?%zz=***&b%=***" },
    };
    SCOPED(arena_free) struct arena a = ARENA(0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_text(redact_target(&a, str_of(rows[i].target)), rows[i].hidden);
}

static struct subscription_record read_subscription(struct arena *a, const struct connector *c,
                                                    const char *text)
{
    struct error err;
    const struct json *document;
    struct subscription_record record = { .cycle_months = 0 };
    assert_ok(json_parse(a, str_of(text), &document, &err), &err);
    assert_ok(fields_read(a, c->subscriptions.fields, document, &record, &err), &err);
    record_settle(&record);
    return record;
}

static void a_stellr_line_becomes_a_record(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct subscription_record r = read_subscription(
        &a, &connector_stellr,
        "{\"subscriptionId\":\"510020_1\",\"customerNo\":700101,\"vendorName\":\"Microsoft\","
        "\"productName\":\"NCE Microsoft 365 Business Premium (Annual commit, monthly billing)\","
        "\"skuNo\":9100231,\"mfgPartNo\":\"CFQ7TTC0LCHC:0002\",\"quantity\":\"42\","
        "\"unitPrice\":18.0400,\"customerPrice\":\"22.0\",\"currency\":\"USD\","
        "\"billingFrequency\":\"month\",\"startDate\":\"2026-01-15T00:00:00.000-0500\","
        "\"endDate\":\"someday\",\"status\":null,\"autoRenew\":true}");
    assert_text(r.remote_id, "510020_1");
    assert_text(r.account_id, "700101");
    assert_text(r.sku, "9100231");
    assert_true(r.quantity.known && r.quantity.value == 42);
    assert_text(r.cost.text, "18.0400");
    assert_int_equal(r.cost.value.units, 1804000000);
    assert_int_equal(r.price.value.units, 2200000000);
    assert_int_equal(r.standing, STANDING_LIVE);
    assert_int_equal(r.cycle_months, 1);
    assert_text(r.term, "P1Y");
    assert_true(r.started_at.known);
    assert_false(r.ends_at.known);
    assert_text(r.ends_at.text, "someday");
    assert_int_equal(r.auto_renew, FLAG_YES);
    assert_string_equal(r.part_key, "CFQ7TTC0LCHC:0002");
}

static void what_cannot_be_understood_is_kept_as_text(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct subscription_record r = read_subscription(
        &a, &connector_ion,
        "{\"id\":7,\"customerId\":\"XXXXXX\",\"subscriptionTotalLicenses\":\"XXXXXX\","
        "\"price\":\"n/a\",\"currency\":\"ZZZ\",\"subscriptionStatus\":\"quarantined\","
        "\"subscriptionBillingTerm\":\"P7W\",\"subscriptionBillingCycle\":\"fortnightly\","
        "\"ccpProductInfo\":null,\"subscriptionName\":\"Odd\",\"total\":811.94534500000009}");
    assert_text(r.remote_id, "7");
    assert_text(r.account_id, "XXXXXX");
    assert_false(r.quantity.known);
    assert_text(r.quantity.text, "XXXXXX");
    assert_false(r.price.known);
    assert_text(r.price.text, "n/a");
    assert_text(r.currency, "ZZZ");
    assert_text(r.term, "P7W");
    assert_text(r.product_name, "Odd");
    assert_int_equal(r.standing, STANDING_LIVE);
    assert_false(r.status_known);
    assert_int_equal(r.cycle_months, -1);
    assert_true(r.total.known && r.total.rounded);
    assert_text(r.total.text, "811.94534500000009");
}

static void a_record_without_its_id_is_refused_by_name(void **state)
{
    (void)state;
    static const char *const texts[] = { "{}", "{\"id\":null}", "{\"id\":\"\"}", "{\"id\":[1]}",
                                         "[]", "\"x\"" };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        SCOPED(arena_free) struct arena a = ARENA(0);
        struct error err;
        const struct json *document;
        struct subscription_record record = { .cycle_months = 0 };
        assert_ok(json_parse(&a, str_of(texts[i]), &document, &err), &err);
        assert_fails(fields_read(&a, connector_ion.subscriptions.fields, document, &record, &err),
                     ST_UNREADABLE, &err, "expected");
    }
}

static void ion_customers_are_named_by_their_last_segment(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct error err;
    const struct json *document;
    struct account_record r = { .is_active = true };
    assert_ok(json_parse(&a,
                         STR("{\"name\":\"accounts/70001/customers/410001\","
                             "\"customerOrganization\":\"Blue Heron\",\"customerAddress\":"
                             "{\"country\":\"US\"},\"customerStatus\":\"INACTIVE\"}"),
                         &document, &err),
              &err);
    assert_ok(fields_read(&a, connector_ion.accounts.fields, document, &r, &err), &err);
    assert_text(r.remote_id, "410001");
    assert_text(r.name, "Blue Heron");
    assert_text(r.country, "US");
    assert_false(account_status_is_active(r.status));
    assert_true(account_status_is_active(STR_NONE));
    assert_false(account_status_is_active(STR("Discontinued")));
}

static void azure_plans_and_one_time_lines_are_no_seats(void **state)
{
    (void)state;
    SCOPED(arena_free) struct arena a = ARENA(0);
    struct subscription_record azure = read_subscription(
        &a, &connector_ion,
        "{\"id\":\"1\",\"subscriptionOfferId\":\"DZH318Z0BPS6:0001:CFQ7TTC0RN98\","
        "\"subscriptionBillingCycle\":\"monthly\",\"subscriptionName\":\"Cloud\"}");
    assert_int_equal(azure.measure, MEASURE_USAGE);
    struct subscription_record once = read_subscription(
        &a, &connector_stellr, "{\"id\":\"1\",\"billingFrequency\":\"one_time\"}");
    assert_int_equal(once.measure, MEASURE_ONE_TIME);
}

static void part_numbers_are_found_in_every_form(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key; /* NULL: none */
        bool weak;
    } rows[] = {
        { "CFQ7TTC0LCHC:0002:P1Y:M", "CFQ7TTC0LCHC:0002", false },
        { "cfq7ttc0lh18:000d:p1m:m", "CFQ7TTC0LH18:000D", false },
        { "NL,CFQ7TTC0LH18,0001", "CFQ7TTC0LH18:0001", false },
        { "USCFQ7TTC0LCHC0002", "CFQ7TTC0LCHC:0002", false },
        { "CFQ7TTC0MHBR-001", NULL, true },
        { "CFQ7TTC0LCHC", NULL, false },
        { "DG7GMGF0D5RK:0005", "DG7GMGF0D5RK:0005", false },
        { "UMB-ESS-K9", NULL, false },
        { "", NULL, false },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char key[18] = "";
        assert_int_equal(part_number_key(str_of(rows[i].text), key), rows[i].key != NULL);
        if (rows[i].key != NULL)
            assert_string_equal(key, rows[i].key);
        struct part_number part = { .is_weak = false };
        (void)part_number_parse(str_of(rows[i].text), &part);
        assert_int_equal(part.is_weak, rows[i].weak);
    }
    struct part_number part;
    assert_true(part_number_parse(STR("CFQ7TTC0LFLX:0013:P1M:M"), &part));
    assert_string_equal(part.term, "P1M");
    assert_string_equal(part.cycle, "M");
}

int main(void)
{
    const struct CMUnitTest remote_tests[] = {
        cmocka_unit_test(ids_are_encoded_into_one_segment),
        cmocka_unit_test(lists_always_say_size_and_place),
        cmocka_unit_test(all_faults_are_told_at_once),
        cmocka_unit_test(the_generic_request_stays_below_its_host),
        cmocka_unit_test(a_generic_request_has_the_effect_of_what_it_asks_for),
        cmocka_unit_test(a_change_by_hand_hides_nothing_behind_escapes),
        cmocka_unit_test(a_body_says_nothing_twice),
        cmocka_unit_test(secrets_are_hidden_however_they_are_written),
        cmocka_unit_test(secrets_are_hidden_in_queries),
        cmocka_unit_test(a_stellr_line_becomes_a_record),
        cmocka_unit_test(what_cannot_be_understood_is_kept_as_text),
        cmocka_unit_test(a_record_without_its_id_is_refused_by_name),
        cmocka_unit_test(ion_customers_are_named_by_their_last_segment),
        cmocka_unit_test(azure_plans_and_one_time_lines_are_no_seats),
        cmocka_unit_test(part_numbers_are_found_in_every_form),
    };
    return RUN(remote_tests);
}
