/* What a purchase reads of bytes that others wrote: raw bodies of orders, what is kept of plans and
 * snapshots, answers with passwords. */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_scan.h"
#include "base/uri.h"
#include "licence/wanted.h"
#include "remote/redact.h"

static const char *const actions[] = {
    "stellr.subscription.change-seats", "stellr.subscription.create", "stellr.subscription.upgrade",
    "stellr.subscription.cancel",       "ion.order.create",           "ion.cart.checkout",
};

static void holds_redacted(struct arena *a, struct str text)
{
    struct error err;
    struct str hidden = redact(a, text);
    HOLDS((hidden.at == NULL) == (json_check(text, NULL, &err) != ST_OK));
    if (hidden.at == NULL)
        return;
    HOLDS(json_check(hidden, NULL, &err) == ST_OK);
    HOLDS(str_equal(redact(a, hidden), hidden));
}

/* The path stays, what is hidden stays hidden, and nothing is hidden by half. */
static void holds_redacted_target(struct arena *a, struct str text)
{
    struct str hidden = redact_target(a, text);
    struct str before = text, after = hidden, path, same;
    HOLDS(str_equal(redact_target(a, hidden), hidden));
    if (text.len == 0)
        return;
    (void)str_next(&before, '?', &path);
    (void)str_next(&after, '?', &same);
    HOLDS(str_equal(path, same));
    struct str value;
    if (after.at != NULL && uri_query_value(a, after, "transferToken", &value))
        HOLDS(value.len == 0 || str_is(value, "***"));
}

static struct snapshot a_snapshot(struct arena *a)
{
    struct snapshot snapshot = { .at = ARENA_ARRAY(a, 2, struct holding), .n = 2 };
    snapshot.at[0] = (struct holding){ .id = STR("510020_1"),
                                       .commerce_id = STR("guid-1"),
                                       .sku = STR("9100231"),
                                       .has_seats = true,
                                       .seats = 42 };
    snapshot.at[1] = (struct holding){ .id = STR("2"), .commerce_id = STR("guid-2") };
    return snapshot;
}

/* A raw body is understood or refused; what is wanted comes back from the store as it was kept. */
static void holds_wanted(struct arena *a, const struct action *action, struct str body)
{
    struct arguments arguments = { .body = body };
    struct snapshot before = a_snapshot(a);
    struct wanted *wanted, *again;
    size_t n, n_again;
    struct error err;
    const struct json *document;
    enum status s = arguments_set(&arguments, STR("subscriptionId"), STR("510020_1"), &err);
    HOLDS(s == ST_OK);
    s = wanted_of(a, action, &arguments, &before, &wanted, &n, &err);
    if (s != ST_OK) {
        holds_error(s, &err);
        return;
    }
    HOLDS(n <= WANTED_MOST);
    SCOPED(buf_release) struct buf text = BUF(LIMIT_COMMAND_BYTES), same = BUF(LIMIT_COMMAND_BYTES);
    struct json_writer w = JSON_WRITER(&text), v = JSON_WRITER(&same);
    wanted_put(&w, NULL, wanted, n);
    HOLDS(json_parse(a, buf_str(&text), &document, &err) == ST_OK);
    HOLDS(wanted_parse(a, document, &again, &n_again, &err) == ST_OK);
    wanted_put(&v, NULL, again, n_again);
    HOLDS(str_equal(buf_str(&text), buf_str(&same)));
    struct outcome *outcomes = ARENA_ARRAY(a, n + 1, struct outcome);
    struct clues none = { .named = NULL };
    size_t n_new;
    wanted_compare(a, wanted, n, &before, &before, &none, outcomes, &n_new);
    HOLDS(n_new == 0);
    for (size_t i = 0; i < n; i++) { /* nothing new came: what is new is not there */
        HOLDS(wanted[i].subscription.at != NULL || outcomes[i].fulfilment == UNFULFILLED);
        HOLDS(wanted_tells(&wanted[i]) || outcomes[i].fulfilment != FULFILLED);
    }
}

static void holds_snapshot(struct arena *a, struct str text)
{
    struct snapshot snapshot, again;
    struct error err;
    if (snapshot_parse(a, text, &snapshot, &err) != ST_OK)
        return;
    SCOPED(buf_release) struct buf kept = BUF(LIMIT_COMMAND_BYTES);
    struct json_writer w = JSON_WRITER(&kept);
    snapshot_put(&w, NULL, &snapshot);
    HOLDS(snapshot_parse(a, buf_str(&kept), &again, &err) == ST_OK);
    HOLDS(again.n == snapshot.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = input_of(data, size);
    SCOPED(arena_free) struct arena a = ARENA(0);
    const struct action *action =
        action_find(str_of(actions[input_choice(&in, ARRAY_LEN(actions))]));
    struct str text = exact_copy(&a, in.rest);
    HOLDS(action != NULL);
    holds_redacted(&a, text);
    holds_redacted_target(&a, text);
    holds_wanted(&a, action, text);
    holds_snapshot(&a, text);
    return 0;
}
