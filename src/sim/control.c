/* The door of the control path: who may come in, and which row it is. */
#include "sim/control_inside.h"

#include "base/options.h"
#include "base/uri.h"

const struct control_route control_routes[] = {
    { "GET", "", NULL, NULL, "This table.", control_index },
    { "GET", "clock", NULL, NULL, "What time it is in the simulator.", control_clock },
    { "PUT", "clock", "now", NULL,
      "Sets the clock: {\"now\": \"2026-07-01T09:00:00Z\"}, or a date.", control_set_clock },
    { "POST", "clock/advance", "seconds|minutes|hours|days", NULL,
      "Moves it on; the members add up.", control_advance },
    { "POST", "clock/freeze", "now", NULL, "Stops it, at `now` where that is given.",
      control_freeze },
    { "POST", "clock/run", NULL, NULL, "Lets it go on from where it is.", control_run },
    { "GET", "knobs", NULL, NULL, "All knobs with value, default and what they do.",
      control_knobs },
    { "PUT", "knobs", "*", NULL,
      "Turns knobs: {\"NAME\": value, ...}; all of them or, with a fault in one, none.",
      control_turn },
    { "DELETE", "knobs", NULL, NULL, "Turns all knobs back to their defaults.",
      control_reset_knobs },
    { "GET", "faults", NULL, NULL,
      "The faults that are on, how often each could strike and did, and all there are.",
      control_faults },
    { "PUT", "faults", "faults", NULL,
      "Replaces them: {\"faults\": [\"drop-answer#1@ion.order.create\"]}.", control_put_faults },
    { "POST", "faults", "fault", NULL, "Adds one: {\"fault\": \"500:0.1\"}.", control_add_fault },
    { "DELETE", "faults", NULL, NULL, "Ends all faults.", control_clear_faults },
    { "POST", "portal", "marketplace|do|subscription|customer|seats|part|term|cycle|who", NULL,
      "Somebody does something in the portal.", control_portal },
    { "GET", "snapshots", NULL, NULL, "Names of the snapshots.", control_snapshots },
    { "PUT", "snapshots/{name}", NULL, NULL,
      "Keeps what has happened in the world, and the clock, under a name.", control_keep },
    { "POST", "snapshots/{name}/restore", NULL, NULL,
      "Goes back to a snapshot. Knobs, faults, credentials and journal stay.", control_restore },
    { "GET", "journal", NULL, "since|limit|marketplace|method|action|path",
      "Every write that was received, oldest first.", control_journal },
    { "DELETE", "journal", NULL, NULL, "Empties the journal. Its numbers go on.",
      control_clear_journal },
    { "GET", "credentials", NULL, NULL, "All credentials, and from and until when they work.",
      control_credentials },
    { "POST", "credentials", "kind", NULL,
      "Makes one: {\"kind\": \"client\"}, \"refresh-token\" or \"api-key\". It sleeps for "
      "credential_delay_s.",
      control_make_credential },
    { "DELETE", "credentials/{name}", NULL, NULL,
      "Revokes one, by its number. It works on for revoke_delay_s.", control_revoke },
    { "POST", "credentials/{name}/expire", NULL, NULL, "Its access tokens end now.",
      control_expire },
    { "POST", "credentials/{name}/lose", NULL, NULL, "Somebody else uses the refresh token up.",
      control_lose },
    { "GET", "world", NULL, NULL, "How much of everything there is.", control_world },
    { "GET", "scenario", NULL, NULL, "The scenario it was started with, and all there are.",
      control_scenario },
    { .method = NULL },
};

/* --- what was asked with --- */

enum status want_text(const struct control *c, const char *key, struct str *ret_text,
                      struct error *err)
{
    *ret_text = json_text(json_get(c->body, key));
    if (ret_text->len > 0)
        return ST_OK;
    return fail(err, ST_INVALID, "the body must tell `%s`, as a text", key);
}

enum status want_integer(const struct control *c, const char *key, int64_t least, int64_t most,
                         int64_t *ret_value, struct error *err)
{
    if (json_integer(json_get(c->body, key), ret_value) && *ret_value >= least &&
        *ret_value <= most)
        return ST_OK;
    return fail(err, ST_INVALID, "the body must tell `%s`, as a whole number from %lld to %lld",
                key, (long long)least, (long long)most);
}

struct str query_text(const struct control *c, const char *name)
{
    struct str value;
    return uri_query_value(c->a, c->x->query, name, &value) ? value : STR_NONE;
}

enum status query_integer(const struct control *c, const char *name, int64_t otherwise,
                          int64_t *ret_value, struct error *err)
{
    struct str text = query_text(c, name);
    *ret_value = otherwise;
    if (text.len == 0 || (str_integer(text, ret_value) && *ret_value >= 0))
        return ST_OK;
    return fail(err, ST_INVALID, "`%s` must be a whole number of 0 or more", name);
}

enum status want_marketplace(const struct control *c, enum marketplace *ret_at, struct error *err)
{
    struct str name = json_text(json_get(c->body, "marketplace"));
    *ret_at = str_is(name, "ion") ? AT_ION : AT_STELLR;
    if (str_is(name, "ion") || str_is(name, "stellr"))
        return ST_OK;
    return fail(err, ST_INVALID, "the body must tell `marketplace`: \"stellr\" or \"ion\"");
}

/* --- who may come in --- */

/* The name without a port; brackets of an IPv6 address are taken off. */
static struct str host_of(struct str header)
{
    if (str_starts(header, "[")) {
        const char *end = memchr(header.at, ']', header.len);
        return end == NULL ? STR_NONE
                           : (struct str){ header.at + 1, (size_t)(end - header.at - 1) };
    }
    struct str rest = header, host;
    (void)str_next(&rest, ':', &host);
    return host;
}

static bool host_is_ours(const struct listener *listener, struct exchange *x)
{
    struct str host = host_of(exchange_header(x, "Host"));
    return str_equal_nocase(host, STR("localhost")) || str_is(host, "127.0.0.1") ||
           str_is(host, "::1") || str_is(host, listener->host);
}

/* In constant time over the token's length. */
static bool token_is_right(const struct sim *sim, struct exchange *x)
{
    struct str header = exchange_header(x, "Authorization"), token = sim->control_token;
    if (!str_starts(header, "Bearer ") || header.len - 7 != token.len)
        return false;
    unsigned char differs = 0;
    for (size_t i = 0; i < token.len; i++)
        differs |= (unsigned char)(header.at[7 + i] ^ token.at[i]);
    return differs == 0;
}

static void refuse(struct exchange *x, int status, const char *text, const char *hint_text)
{
    x->status = status;
    x->content_type = "application/json";
    buf_clear(&x->reply);
    struct json_writer w = JSON_WRITER(&x->reply);
    json_open_object(&w);
    json_put_text(&w, "error", str_of(text));
    if (hint_text[0] != '\0')
        json_put_text(&w, "hint", str_of(hint_text));
    json_close(&w);
}

/* --- which row --- */

static bool row_fits(const struct control_route *row, struct str path, struct str *ret_name)
{
    struct str pattern = str_of(row->path), wanted, part;
    bool more;
    *ret_name = STR_NONE;
    while ((more = str_next(&pattern, '/', &wanted)) && str_next(&path, '/', &part)) {
        if (str_is(wanted, "{name}"))
            *ret_name = part;
        else if (!str_equal(wanted, part))
            return false;
        if (str_is(wanted, "{name}") && part.len == 0)
            return false;
    }
    return !more && path.len == 0;
}

static const struct control_route *find_row(struct exchange *x, struct str path,
                                            struct str *ret_name, bool *ret_other_method)
{
    *ret_other_method = false;
    for (const struct control_route *row = control_routes; row->method != NULL; row++) {
        if (!row_fits(row, path, ret_name))
            continue;
        if (str_is(x->method, row->method))
            return row;
        *ret_other_method = true;
    }
    return NULL;
}

static bool is_among(const char *names, struct str name)
{
    struct str rest = str_of(names), one;
    while (str_next(&rest, '|', &one))
        if (str_equal(one, name))
            return true;
    return false;
}

static enum status unknown_name(const char *what, struct str name, const char *known,
                                struct error *err)
{
    fail(err, ST_INVALID, "there is no %s `%.*s` here", what, STR_PRINT(name));
    if (known != NULL)
        hint(err, "Known: %s.", known);
    return ST_INVALID;
}

static enum status read_body(struct control *c, const struct control_route *row, struct error *err)
{
    if (str_trim(c->x->body).len == 0)
        return ST_OK;
    if (row->body == NULL)
        return fail(err, ST_INVALID, "%s /_sim/%s takes no body", row->method, row->path);
    if (json_parse(c->a, c->x->body, &c->body, err) != ST_OK)
        return wrap(err, ST_INVALID, "the body is not JSON");
    if (json_kind(c->body) != JSON_OBJECT)
        return fail(err, ST_INVALID, "the body must be a JSON object");
    struct json_members m = json_members(c->body);
    while (json_members_next(&m))
        if (strcmp(row->body, "*") != 0 && !is_among(row->body, m.key))
            return unknown_name("member", m.key, row->body, err);
    return ST_OK;
}

static enum status read_query(struct control *c, const struct control_route *row, struct error *err)
{
    struct str rest = c->x->query, pair, name;
    while (str_next(&rest, '&', &pair)) {
        (void)str_next(&pair, '=', &name);
        if (name.len > 0 && !is_among(row->query, name))
            return unknown_name("parameter", name, row->query, err);
    }
    return ST_OK;
}

static enum status answer_row(struct control *c, const struct control_route *row, struct error *err)
{
    TRY(read_query(c, row, err));
    TRY(read_body(c, row, err));
    c->x->status = 200;
    c->x->content_type = "application/json";
    buf_clear(&c->x->reply);
    c->w = (struct json_writer)JSON_WRITER_PRETTY(&c->x->reply);
    state_lock(c->sim);
    SCOPED(state_unlock) struct sim *held = c->sim;
    stellr_settle(held);
    ion_settle(held);
    TRY(row->give(c, err));
    stellr_settle(held); /* what a clock that was moved has made due */
    ion_settle(held);
    return ST_OK;
}

static int http_status(enum status s)
{
    return s == ST_NOT_FOUND ? 404 : s == ST_CONFLICT ? 409 : 400;
}

void control_answer(const struct listener *listener, struct exchange *x)
{
    struct control c = { .sim = listener->sim, .x = x, .a = x->a };
    struct error err;
    bool is_other_method;
    struct str path = x->path.len > 6 ? str_from(x->path, 6) : STR("");
    exchange_add_header(x, "Cache-Control", "no-store");
    if (!host_is_ours(listener, x)) {
        refuse(x, 403, "The Host header names neither this machine nor the address listened on.",
               "");
        return;
    }
    if (!token_is_right(c.sim, x)) {
        refuse(x, 401, "The control path wants the header Authorization: Bearer TOKEN.",
               "The token stands in the file of --credentials, under control.token.");
        return;
    }
    const struct control_route *row = find_row(x, path, &c.name, &is_other_method);
    if (row == NULL) {
        refuse(x, is_other_method ? 405 : 404,
               is_other_method ? "This method is not possible here."
                               : "The control path has nothing at this address.",
               "GET /_sim/ lists what there is.");
        return;
    }
    enum status s = answer_row(&c, row, &err);
    if (s != ST_OK)
        refuse(x, http_status(s), err.text, err.hint);
    else
        buf_add_char(&x->reply, '\n');
}
