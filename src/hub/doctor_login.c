/* From the name of the host to the first list: what is wrong when a connection fails. The rows are
 * tried from the top; the first that fits is the diagnosis, and further ones that fit as well are
 * told as possible. No secret is sent anywhere but where it belongs, so what cannot be told apart
 * by one refusal (a mistyped secret, one that sleeps, one of the other environment) is told apart
 * by what is known beside it: words of the service, age, and whether it has ever worked. */
#include "hub/doctor_inside.h"
#include "hub/lists.h"

#include "base/moment.h"
#include "base/os.h"
#include "store/tokens.h"

#define YOUNG_MS     INT64_C(900000) /* credentials may need up to ten minutes (stellr 1.2, DOC) */
#define CLOCK_OFF_MS INT64_C(120000)

enum stage { AT_TOKEN, AT_CALL };

/* What went wrong, and what is known beside it. */
struct trouble {
    struct doctor *d;
    enum stage stage;
    enum status status;
    struct str words;  /* of the remote itself; "" */
    struct str reason; /* the whole sentence */
    bool is_stellr, has_worked, is_young, is_old;
};

static bool says(const struct trouble *t, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_next(&rest, '|', &word))
        if (str_contains_nocase(t->words, arena_text(t->d->a, word)))
            return true;
    return false;
}

static bool gives(const struct trouble *t, const char *words)
{
    struct str rest = str_of(words), word;
    while (str_next(&rest, '|', &word))
        if (str_contains_nocase(t->reason, arena_text(t->d->a, word)))
            return true;
    return false;
}

static bool is_refused(const struct trouble *t)
{
    return t->status == ST_CREDENTIALS && t->is_stellr && t->stage == AT_TOKEN;
}

static bool is_unreachable(const struct trouble *t)
{
    return t->status == ST_UNREACHABLE;
}

static bool fits_name(const struct trouble *t)
{
    return is_unreachable(t) && gives(t, "resolve|getaddrinfo");
}

static bool fits_proxy(const struct trouble *t)
{
    return (is_unreachable(t) && gives(t, "proxy|CONNECT tunnel")) ||
           (t->status == ST_UNREADABLE && gives(t, "HTML"));
}

/* Plain http goes to this machine alone, and never by a proxy. */
static bool fits_set_proxy(const struct trouble *t)
{
    bool is_set = os_environment("https_proxy") != NULL || os_environment("HTTPS_PROXY") != NULL ||
                  os_environment("all_proxy") != NULL || os_environment("ALL_PROXY") != NULL;
    return is_unreachable(t) && is_set && str_starts(t->d->row->base_url, "https://");
}

static bool fits_tls(const struct trouble *t)
{
    return is_unreachable(t) && gives(t, "certificate|SSL|TLS");
}

static bool fits_inactive(const struct trouble *t)
{
    bool is_refusal = t->status == ST_CREDENTIALS || t->status == ST_FORBIDDEN;
    return is_refusal && says(t, "inactive|disabled|locked|suspended|deactivated");
}

static bool fits_environment(const struct trouble *t)
{
    return t->status == ST_CREDENTIALS && t->is_stellr &&
           (t->stage == AT_CALL || says(t, "sandbox|production|environment|uat"));
}

static bool fits_region(const struct trouble *t)
{
    bool says_so = says(t, "region|country");
    return (t->status == ST_CREDENTIALS && t->is_stellr && (t->stage == AT_CALL || says_so)) ||
           (t->status == ST_FORBIDDEN && says_so);
}

static bool fits_young(const struct trouble *t)
{
    return is_refused(t) &&
           (says(t, "not active|not yet|pending|propagat") || (t->is_young && !t->has_worked));
}

static bool fits_revoked(const struct trouble *t)
{
    return is_refused(t) && t->has_worked;
}

static bool fits_lost(const struct trouble *t)
{
    return t->status == ST_TOKEN_LOST;
}

static bool fits_expired(const struct trouble *t)
{
    return t->status == ST_CREDENTIALS && !t->is_stellr && t->is_old;
}

static bool fits_reused(const struct trouble *t)
{
    return t->status == ST_CREDENTIALS && !t->is_stellr && t->stage == AT_TOKEN && !t->is_old;
}

static bool fits_refused_token(const struct trouble *t)
{
    return t->status == ST_CREDENTIALS && !t->is_stellr && t->stage == AT_CALL;
}

/* The message of Ion names the account that is not the caller's (ion 6.1, SPEC). */
static bool fits_account(const struct trouble *t)
{
    struct str account = t->d->row->account_ref;
    return (t->status == ST_FORBIDDEN || t->status == ST_NOT_FOUND) && !t->is_stellr &&
           account.len > 0 && memmem(t->words.at, t->words.len, account.at, account.len) != NULL;
}

static bool fits_role(const struct trouble *t)
{
    return t->status == ST_FORBIDDEN && !t->is_stellr;
}

static bool fits_permission(const struct trouble *t)
{
    return t->status == ST_FORBIDDEN && t->is_stellr;
}

static bool fits_empty(const struct trouble *t)
{
    return t->status == ST_EMPTY;
}

static bool fits_address(const struct trouble *t)
{
    return t->status == ST_NOT_FOUND;
}

static bool fits_rate(const struct trouble *t)
{
    return t->status == ST_RATE;
}

static bool fits_busy(const struct trouble *t)
{
    return t->status == ST_BUSY;
}

static bool fits_any(const struct trouble *t)
{
    (void)t;
    return true;
}

struct diagnosis {
    const char *id;
    bool (*fits)(const struct trouble *t);
    bool ends; /* nothing below is possible as well */
    const char *sentence, *advice;
};

static const struct diagnosis diagnoses[] = {
    { "proxy", fits_proxy, true, "Something between this machine and the service answers.",
      "Check https_proxy and no_proxy, and whether a firewall or a sign-in page stands between." },
    { "name-resolution", fits_name, true, "The name of the service is not found from here.",
      "Check the address (region, --base-url) and the name server of this machine." },
    { "tls", fits_tls, true, "The certificate of the service cannot be verified.",
      "Check the clock of this machine, the package ca-certificates, and a proxy that opens TLS." },
    { "proxy", fits_set_proxy, true, "The service cannot be reached by way of the proxy.",
      "Check https_proxy and no_proxy, and whether a firewall or a sign-in page stands between." },
    { "unreachable", is_unreachable, true, "The service cannot be reached.",
      "Check the network, firewall and proxy of this machine." },
    { "inactive-user", fits_inactive, true, "The user behind the credentials is not active.",
      "Have an administrator activate the integration user at TD SYNNEX, or take credentials of "
      "another one." },
    { "not-active-yet", fits_young, false, "The credential may not be active yet.",
      "A new credential needs up to ten minutes. Wait, then run stellion doctor again; nothing "
      "has to be entered anew." },
    { "other-environment", fits_environment, false,
      "The credential belongs to the other environment.",
      "Production credentials fail in the sandbox and the reverse. Connect again, with or without "
      "--sandbox." },
    { "wrong-region", fits_region, false, "The credential belongs to another region.",
      "Connect again with the right --region: us, ca, br or mx." },
    { "revoked", fits_revoked, false, "The credential has worked before and is refused now.",
      "It was removed or replaced at TD SYNNEX (a removal takes up to ten minutes). Make a new one "
      "in the API Center and run stellion connect stellr again with the same --name." },
    { "bad-secret", is_refused, false, "The client id or the client secret is wrong.",
      "Enter them again with stellion connect stellr and the same --name. The secret is shown only "
      "once, at its creation: a lost one means a new one." },
    { "token-lost", fits_lost, true, "The refresh token is lost: it was sent and no answer came.",
      "Create a new one in the Ion portal (Settings > Users > Edit > OAuth credentials), then run "
      "stellion connect ion with the same --name." },
    { "token-expired", fits_expired, true,
      "The refresh token was not used for longer than it "
      "lives.",
      "Create a new one in the Ion portal, connect again with the same --name, and let a timer run "
      "stellion keep-alive." },
    { "token-reused", fits_reused, true, "The refresh token is refused: somebody else used it.",
      "It works once. Another program or another copy of this store may use the same one, or it "
      "was revoked. Create one for this store alone and connect again with the same --name." },
    { "token-refused", fits_refused_token, true,
      "The service gives access tokens and then refuses them.",
      "Check that the connection's address and token address belong together." },
    { "wrong-account", fits_account, true, "The account id is not one of this login.",
      "Take the account id from Settings > Account Information in the Ion portal and connect again "
      "with --account." },
    { "role", fits_role, true, "The role of the user may not call this.",
      "Ask an administrator for a role that may (any but User, as far as known)." },
    { "no-permission", fits_permission, true, "The credential lacks a permission.",
      "In the API Center, Applications, tick End Customers and Subscriptions for it; the "
      "comprehensive API may have to be enabled for the account first." },
    { "no-scope", fits_empty, true, "The login works, and the list of customers is empty.",
      "Credentials of another reseller account give empty lists without an error. Check whose they "
      "are, the environment and the region." },
    { "wrong-address", fits_address, true, "There is no such service at this address.",
      "Check --base-url and the region." },
    { "rate-limited", fits_rate, true, "The service asks for fewer requests.",
      "Try again in a few minutes, with fewer programs at once." },
    { "busy", fits_busy, true, "Another process refreshes the token just now.",
      "Run the command again when it is done." },
    { "service-failed", fits_any, true, "The service failed.",
      "Try again later; their support asks for the request id." },
};

struct any_account {
    struct account_sink sink;
    bool found;
};

static enum status take_any(struct account_sink *self, const struct account_row *row,
                            struct error *err)
{
    (void)row;
    ((struct any_account *)self)->found = true;
    return fail(err, ST_CANCELLED, "one is enough");
}

/* What a sync has brought once, the credentials have opened once. */
static bool has_worked(struct doctor *d)
{
    struct any_account any = { { take_any }, false };
    const struct list_filter filter = { .connection = d->row->name, .with_gone = true };
    struct error ignored;
    (void)hub_accounts(d->hub, &filter, &any.sink, &ignored);
    return any.found;
}

static bool refresh_is_old(struct doctor *d)
{
    int64_t born_ms = 0, life_ms = (int64_t)d->connector->auth.refresh_lifetime_s * 1000;
    struct error ignored;
    (void)refresh_born(d->hub->store, d->hub->store->db, d->row->id, &born_ms, &ignored);
    return born_ms != 0 && d->hub->clock->now_ms(d->hub->clock) - born_ms > life_ms;
}

static void diagnose(struct doctor *d, enum stage stage, const struct error *err)
{
    const char *reached = strstr(err->text, " cannot be reached: ");
    struct trouble t = {
        .d = d,
        .stage = stage,
        .status = err->code,
        .words = str_of(err->remote_words),
        .reason = str_of(reached != NULL ? reached : err->text),
        .is_stellr = d->connector->auth.grant == GRANT_CLIENT_CREDENTIALS,
        .is_old = refresh_is_old(d),
        .has_worked = has_worked(d),
        .is_young = d->hub->clock->now_ms(d->hub->clock) - d->row->changed_at < YOUNG_MS,
    };
    bool found = false;
    if (d->worst->code == ST_OK)
        *d->worst = *err;
    for (size_t i = 0; i < ARRAY_LEN(diagnoses); i++) {
        const struct diagnosis *row = &diagnoses[i];
        if (!row->fits(&t) || (found && row->ends))
            continue;
        struct remark *f =
            add_remark(d, PART_LOGIN, row->id, found ? VERDICT_NOTE : VERDICT_BAD, row->sentence);
        f->advice = row->advice;
        if (!found) {
            f->evidence = err->http_status != 0
                              ? arena_printf(d->a, "HTTP %d (%s)", err->http_status,
                                             status_row(err->code)->name)
                              : status_row(err->code)->name;
            f->detail = arena_text(d->a, str_of(err->text));
        } else {
            f->evidence = "possible as well";
        }
        found = true;
        if (row->ends)
            return;
    }
}

void diagnose_call(struct doctor *d, const struct answer *x)
{
    diagnose(d, AT_CALL, &x->error);
}

static bool look_at_state(struct doctor *d)
{
    const struct connection_row *row = d->row;
    if (row->paused_because.at != NULL) {
        struct error err;
        struct remark *f = add_remark(d, PART_LOGIN, "paused", VERDICT_BAD,
                                      "The connection is paused: this store was copied, restored "
                                      "or moved.");
        f->detail = arena_text(d->a, row->paused_because);
        f->advice = "Two copies of a store must not use the same single-use token. If this copy is "
                    "the one that goes on: stellion connections --claim";
        (void)connection_refuse_paused(row, &err);
        if (d->worst->code == ST_OK)
            *d->worst = err;
        return false;
    }
    if (str_is(row->state, CONNECTION_INCOMPLETE)) {
        struct remark *f = add_remark(d, PART_LOGIN, "incomplete", VERDICT_BAD,
                                      "The connection was never completed; its token is kept.");
        f->detail = row->state_reason.at != NULL ? arena_text(d->a, row->state_reason) : "";
        f->advice = arena_printf(d->a, "When the rest is mended: stellion connect %.*s --name %.*s",
                                 STR_PRINT(row->kind), STR_PRINT(row->name));
    }
    return true;
}

static void look_at_clock(struct doctor *d)
{
    SCOPED(buf_release) struct buf off = BUF(100);
    int64_t ms = d->clock_off_ms < 0 ? -d->clock_off_ms : d->clock_off_ms;
    bool is_off = d->has_clock && ms > CLOCK_OFF_MS;
    struct remark *f =
        add_remark(d, PART_LOGIN, "clock", is_off ? VERDICT_BAD : VERDICT_GOOD,
                   is_off ? "The clock of this machine and that of the service differ."
                          : "The clocks of this machine and of the service agree.");
    duration_print(&off, ms);
    f->how = "the Date header of an answer";
    f->evidence = arena_printf(d->a, "%s %s", off.at, d->clock_off_ms < 0 ? "behind" : "ahead");
    if (!d->has_clock) {
        f->verdict = VERDICT_UNTOLD;
        f->evidence = "no answer told its time";
    }
    if (is_off)
        f->advice = "Set the clock of this machine, by NTP: lives of tokens and certificates are "
                    "judged by it.";
}

static int64_t generation(struct doctor *d)
{
    struct refresh_row token = { .generation = 0 };
    struct error ignored;
    if (d->connector->auth.grant == GRANT_REFRESH_TOKEN)
        (void)refresh_load(d->hub->store, d->hub->store->db, d->a, d->row->id, &token, &ignored);
    return token.generation;
}

static bool look_at_token(struct doctor *d)
{
    struct error err;
    int64_t before = generation(d);
    bool is_refresh = d->connector->auth.grant == GRANT_REFRESH_TOKEN;
    if (is_refresh && before == 0) {
        fail(&err, ST_CREDENTIALS, "there is no refresh token");
        add_remark(d, PART_LOGIN, "no-token", VERDICT_BAD, "There is no refresh token.")->advice =
            "Create one in the Ion portal and run stellion connect ion with the same --name.";
        if (d->worst->code == ST_OK)
            *d->worst = err;
        return false;
    }
    if (live_token(d->live, &err) != ST_OK) {
        diagnose(d, AT_TOKEN, &err);
        return false;
    }
    bool has_rotated = generation(d) != before;
    struct remark *f = add_remark(d, PART_LOGIN, "token", VERDICT_GOOD,
                                  has_rotated  ? "The refresh token works. It was used up by this "
                                                 "look, and its successor is kept."
                                  : is_refresh ? "The access token that is kept is still good; "
                                                 "the refresh token was not used."
                                               : "The service gives a token.");
    f->how = is_refresh ? "the kept token, or a refresh where there is none" : "a new token";
    return true;
}

/* Ion's v1 and v2 have a login of their own (ion 1.4). */
static void look_at_key(struct doctor *d)
{
    bool has_key = live_client(d->live)->basic_user.at != NULL;
    if (d->examination->key_probe == NULL)
        return;
    const struct answer *x = has_key ? ask_probe(d, d->examination->key_probe) : NULL;
    bool is_refused = x != NULL && (x->http == 401 || x->http == 403);
    struct remark *f = add_remark(d, PART_LOGIN, "api-key",
                                  is_refused                        ? VERDICT_BAD
                                  : x != NULL && x->status == ST_OK ? VERDICT_GOOD
                                                                    : VERDICT_UNTOLD,
                                  is_refused ? "The API key or its secret is refused."
                                  : has_key  ? "The API key opens invoices and billing reports."
                                             : "There is no API key: invoices and billing reports "
                                               "cannot be asked for.");
    if (x != NULL)
        f->evidence = arena_printf(d->a, "HTTP %d", x->http);
    if (is_refused || !has_key)
        f->advice = arena_printf(d->a,
                                 "Key and secret stand in Settings > Account Information: "
                                 "stellion connect ion --name %.*s --api-key KEY "
                                 "--api-secret-file FILE",
                                 STR_PRINT(d->row->name));
    if (is_refused && d->worst->code == ST_OK)
        *d->worst = x->error;
}

bool examine_login(struct doctor *d)
{
    if (!look_at_state(d) || !look_at_token(d))
        return false;
    const struct answer *x = ask_probe(d, "customers");
    look_at_clock(d);
    if (x->status != ST_OK) {
        diagnose(d, AT_CALL, &x->error);
        return false;
    }
    if (x->n_records == 0) {
        struct error err;
        fail(&err, ST_EMPTY, "connection %.*s: 0 customers found at %s", STR_PRINT(d->row->name),
             d->connector->title);
        err.http_status = x->http;
        diagnose(d, AT_CALL, &err);
        return false; /* empty lists would say little about anything else */
    }
    struct remark *f =
        add_remark(d, PART_LOGIN, "customers", VERDICT_GOOD, "The list of customers is answered.");
    f->evidence = arena_printf(d->a, "%lld records on the first page, %lld ms",
                               (long long)x->n_records, (long long)x->ms);
    look_at_key(d);
    return true;
}
