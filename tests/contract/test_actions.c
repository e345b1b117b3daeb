/* Every action against the simulator over loopback: answers, pages, refusals, and each fault that
 * the simulator can play. */
#include "../unit/test.h"
#include "base/text_map.h"
#include "client/page.h"
#include "online.h"
#include "sim/inside.h"

/* A simulator in this process and a client of one marketplace. */
struct fixture {
    struct sim *sim;
    struct online online;
    struct call *call;
    struct arena a;
    struct error err;
};

static void start(struct fixture *f, enum marketplace at, const char *fault)
{
    memset(f, 0, sizeof *f);
    struct sim_settings settings = {
        .listen = STR("127.0.0.1:0"),
        .seed = 3,
        .n_customers = 12,
        .n_subscriptions = 260,
        .token_ttl_s = 7200,
        .clock = clock_real(),
    };
    if (fault != NULL)
        settings.faults.at[settings.faults.n++] = str_of(fault);
    assert_ok(sim_start(&settings, &f->sim, &f->err), &f->err);
    online_open(&f->online, at == AT_STELLR ? &connector_stellr : &connector_ion,
                sim_address(f->sim, at));
    struct fake_client *fake = &f->online.fake;
    f->call = &fake->call;
    fake->tokens.settings.client_id = STR(SIM_CLIENT_ID);
    fake->tokens.settings.client_secret = secret_new(&f->a, STR(SIM_CLIENT_SECRET));
    fake->vault.generation = 1;
    snprintf(fake->vault.refresh, sizeof fake->vault.refresh, "%s",
             tokens_first_refresh(f->sim->tokens).at);
}

static void stop(struct fixture *f)
{
    online_close(&f->online);
    arena_free(&f->a);
    sim_stop(f->sim);
}

static enum status ask(struct fixture *f, const char *action, const struct arguments *arguments,
                       const struct json **ret_answer)
{
    struct wire_reply reply;
    const struct action *x = action_find(str_of(action));
    assert_non_null(x);
    enum status s = call_perform(f->call, &f->a, x, arguments, &reply, &f->err);
    if (s == ST_OK && ret_answer != NULL)
        assert_ok(json_parse(&f->a, reply.body, ret_answer, &f->err), &f->err);
    return s;
}

static void set(struct arguments *arguments, const char *name, struct str value)
{
    struct error err;
    assert_ok(arguments_set(arguments, str_of(name), value, &err), &err);
}

/* The text of a member, by its path; a number gives its text. */
static struct str text_at(const struct json *answer, const char *path)
{
    const struct json *value = json_get_at(answer, path);
    struct str text = json_kind(value) == JSON_TEXT ? json_text(value) : json_number_text(value);
    if (text.len == 0) {
        print_error("%s is not there\n", path);
        _fail(__FILE__, __LINE__);
    }
    return text;
}

static void every_action_has_an_answer_in_the_simulator(void **state)
{
    (void)state;
    struct action_walk walk = { .only = NULL };
    for (const struct action *x; (x = action_next(&walk)) != NULL;) {
        bool generic = x->path[0] == '\0'; /* answered by whatever it asks for; recipes, too */
        if (!generic && answer_find(x) == NULL) {
            print_error("%s has no answer in the simulator\n", x->name);
            _fail(__FILE__, __LINE__);
        }
    }
}

static void every_action_of_stellr_is_answered(void **state)
{
    (void)state;
    struct fixture f;
    struct arguments arguments = { .n = 0 };
    const struct json *answer;
    start(&f, AT_STELLR, NULL);
    assert_ok(ask(&f, "stellr.customer.list", &arguments, &answer), &f.err);
    struct str customer = text_at(answer, "data.records.0.customerNo");
    set(&arguments, "customerNo", customer);
    assert_ok(ask(&f, "stellr.customer.get", &arguments, &answer), &f.err);
    assert_text(text_at(answer, "data.customerNo"), arena_text(&f.a, customer)); /* the same one */
    assert_ok(ask(&f, "stellr.subscription.list", &arguments, &answer), &f.err);
    struct str id = text_at(answer, "data.records.0.subscriptionId");
    set(&arguments, "subscriptionId", id);
    assert_ok(ask(&f, "stellr.subscription.get", &arguments, &answer), &f.err);
    assert_text(text_at(answer, "data.subscriptionId"), arena_text(&f.a, id));

    arguments.n = 0;
    assert_ok(ask(&f, "stellr.vendor.list", &arguments, &answer), &f.err);
    set(&arguments, "vendorId", text_at(answer, "data.records.0.vendorName"));
    assert_ok(ask(&f, "stellr.product.list", &arguments, &answer), &f.err);
    (void)text_at(answer, "data.records.0.mfgPartNo");

    arguments.n = 0;
    set(&arguments, "path", STR("/api/v1/cloud/customers"));
    set(&arguments, "query", STR("pageNo=1&pageSize=1"));
    assert_ok(ask(&f, "stellr.request", &arguments, &answer), &f.err);
    assert_int_equal(json_length(json_get_at(answer, "data.records")), 1);
    stop(&f);
}

static void every_action_of_ion_is_answered(void **state)
{
    (void)state;
    struct fixture f;
    struct arguments arguments = { .n = 0 };
    const struct json *answer;
    start(&f, AT_ION, NULL);
    assert_ok(ask(&f, "ion.oauth.validate-access", &arguments, &answer), &f.err);
    (void)text_at(answer, "refresh_expires_in");
    assert_ok(ask(&f, "ion.customer.list", &arguments, &answer), &f.err);
    struct str name = text_at(answer, "customers.0.name"), part, customer = STR_NONE;
    while (str_next(&name, '/', &part))
        customer = part;
    set(&arguments, "customerId", customer);
    assert_ok(ask(&f, "ion.customer.get", &arguments, &answer), &f.err);
    assert_true(str_ends(text_at(answer, "name"), arena_text(&f.a, customer)));
    assert_ok(ask(&f, "ion.subscription.list", &arguments, &answer), &f.err);
    set(&arguments, "id", text_at(answer, "items.0.id"));
    set(&arguments, "refresh", STR("true"));
    assert_ok(ask(&f, "ion.subscription.get", &arguments, &answer), &f.err);
    (void)text_at(answer, "subscriptionId");

    arguments.n = 0;
    assert_ok(ask(&f, "ion.product.list", &arguments, &answer), &f.err);
    struct str product = text_at(answer, "products.0.name");
    while (str_next(&product, '/', &part))
        customer = part;
    set(&arguments, "productId", customer);
    assert_ok(ask(&f, "ion.product.get", &arguments, &answer), &f.err);

    arguments.n = 0;
    set(&arguments, "path", STR("/api/v3/accounts/70001/customers"));
    set(&arguments, "query", STR("pageSize=2"));
    assert_ok(ask(&f, "ion.request", &arguments, &answer), &f.err);
    assert_int_equal(json_length(json_get(answer, "customers")), 2);
    stop(&f);
}

/* Walks a list in pages of this size and counts its distinct records. */
static int64_t walk_list(struct fixture *f, const char *list, const char *size, const char *id)
{
    SCOPED(text_map_release) struct text_map seen = TEXT_MAP;
    struct arguments arguments = { .n = 0 };
    const struct action *x = action_find(str_of(list));
    struct page_walk walk;
    struct page page = { .n_records = 0 };
    int64_t n = 0;
    bool more = true;
    set(&arguments, x->paging->size_name, str_of(size));
    assert_ok(pages_open(&walk, f->call, x, &arguments, &f->err), &f->err);
    while (more) {
        assert_ok(pages_next(&walk, &f->a, &page, &more, &f->err), &f->err);
        for (size_t i = 0; more && i < page.n_records; i++) {
            const struct json *record;
            assert_ok(json_parse(&f->a, page.records[i], &record, &f->err), &f->err);
            n += text_map_add(&seen, text_at(record, id), 1);
        }
    }
    assert_true(pages_complete(&walk, n));
    pages_close(&walk);
    return n;
}

static void lists_are_walked_to_their_end_whatever_the_size_of_a_page(void **state)
{
    (void)state;
    static const char *const sizes[] = { "1", "5", "12", "200" };
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct fixture f;
        start(&f, AT_STELLR, NULL);
        assert_int_equal(walk_list(&f, "stellr.customer.list", sizes[i], "customerNo"), 12);
        stop(&f);
        start(&f, AT_ION, NULL);
        assert_int_equal(walk_list(&f, "ion.customer.list", sizes[i], "name"), 12);
        assert_int_equal(walk_list(&f, "ion.subscription.list", sizes[i], "id"), 260);
        stop(&f);
    }
}

static void what_is_not_there_or_not_ours_is_refused_in_words(void **state)
{
    (void)state;
    struct fixture f;
    struct arguments arguments = { .n = 0 };
    start(&f, AT_STELLR, NULL);
    set(&arguments, "customerNo", STR("1"));
    assert_fails(ask(&f, "stellr.customer.get", &arguments, NULL), ST_NOT_FOUND, &f.err, "404");
    assert_true(f.err.request_id[0] != '\0');
    arguments.n = 0;
    set(&arguments, "path", STR("/api/v1/nothing/here"));
    assert_fails(ask(&f, "stellr.request", &arguments, NULL), ST_NOT_FOUND, &f.err, "404");
    stop(&f);
    start(&f, AT_ION, NULL);
    arguments.n = 0;
    set(&arguments, "accountId", STR("70002"));
    assert_fails(ask(&f, "ion.customer.list", &arguments, NULL), ST_FORBIDDEN, &f.err, "70002");
    stop(&f);
}

/* What a read makes of each fault, when it strikes once and when it strikes always. */
static const struct {
    enum fault_kind kind;
    enum status once, always;
} expectations[] = {
    { FAULT_400, ST_INVALID, ST_INVALID },
    { FAULT_401, ST_OK, ST_CREDENTIALS },
    { FAULT_403, ST_FORBIDDEN, ST_FORBIDDEN },
    { FAULT_429, ST_OK, ST_RATE },
    { FAULT_429_AFTER, ST_OK, ST_RATE },
    { FAULT_500, ST_OK, ST_REMOTE },
    { FAULT_SLOW, ST_OK, ST_OK },
    { FAULT_HTML, ST_OK, ST_UNREADABLE },
    { FAULT_CUT, ST_OK, ST_REMOTE },
    { FAULT_CLOSE, ST_OK, ST_OK },
    { FAULT_DROP, ST_OK, ST_REMOTE },
    { FAULT_GATEWAY, ST_OK, ST_REMOTE },
    { FAULT_TOTAL_MOVES, ST_OK, ST_OK },   /* of lists that are walked; one answer is fine */
    { FAULT_PAGE_REPEATS, ST_OK, ST_OK },  /* the same */
    { FAULT_PAGE_VANISHES, ST_OK, ST_OK }, /* the same */
    { FAULT_EMPTY_BODY, ST_OK, ST_UNREADABLE },
    { FAULT_OTHER_SHAPE, ST_OK, ST_OK }, /* JSON is JSON; a list would miss its records */
};

static void check_fault(enum marketplace at, enum fault_kind kind, const char *count,
                        enum status wanted)
{
    struct fixture f;
    struct arguments arguments = { .n = 0 };
    const char *list = at == AT_STELLR ? "stellr.customer.list" : "ion.customer.list";
    char fault[96];
    snprintf(fault, sizeof fault, "%s%s@/customers", fault_row(kind)->name, count);
    start(&f, at, fault);
    assert_ok(
        ask(&f, at == AT_STELLR ? "stellr.vendor.list" : "ion.product.list", &arguments, NULL),
        &f.err); /* a kept-alive connection and a token */
    enum status got = ask(&f, list, &arguments, NULL);
    if (got != wanted)
        print_error("%s: %s, wanted %s: %s\n", fault, status_row(got)->name,
                    status_row(wanted)->name, f.err.text);
    assert_int_equal(got, wanted);
    assert_true(got == ST_OK || f.err.text[0] != '\0');
    stop(&f);
}

static void each_fault_is_survived_once_and_told_when_it_stays(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_LEN(expectations), FAULT_KINDS);
    for (size_t i = 0; i < ARRAY_LEN(expectations); i++) {
        enum fault_kind kind = expectations[i].kind;
        assert_int_equal(kind, i); /* every row, in order */
        for (enum marketplace at = AT_STELLR; at <= AT_ION; at++) {
            check_fault(at, kind, "#1", expectations[i].once);
            if (kind != FAULT_SLOW)
                check_fault(at, kind, "", expectations[i].always);
        }
    }
}

/* The service forgot the token earlier than it said. */
static void an_expired_token_is_renewed_in_the_middle(void **state)
{
    (void)state;
    struct fixture f;
    struct arguments arguments = { .n = 0 };
    start(&f, AT_ION, NULL);
    assert_ok(ask(&f, "ion.customer.list", &arguments, NULL), &f.err);
    struct fake_client *fake = &f.online.fake;
    fake->tokens.current.token = secret_new(&f.a, STR("A-token-of-yesterday"));
    fake->tokens.number++;
    assert_ok(ask(&f, "ion.customer.list", &arguments, NULL), &f.err);
    assert_int_equal(fake->vault.generation, 3); /* rotated twice: at the start and now */
    stop(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_action_has_an_answer_in_the_simulator),
        cmocka_unit_test(every_action_of_stellr_is_answered),
        cmocka_unit_test(every_action_of_ion_is_answered),
        cmocka_unit_test(lists_are_walked_to_their_end_whatever_the_size_of_a_page),
        cmocka_unit_test(what_is_not_there_or_not_ours_is_refused_in_words),
        cmocka_unit_test(each_fault_is_survived_once_and_told_when_it_stays),
        cmocka_unit_test(an_expired_token_is_renewed_in_the_middle),
    };
    return RUN(tests);
}
