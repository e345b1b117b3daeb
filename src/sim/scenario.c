/* The situations, and what has to happen first. */
#include "sim/scenario.h"

#include "base/options.h"
#include "sim/chance.h"
#include "sim/inside.h"
#include "sim/portal.h"
#include "sim/state_inside.h"

#define DAY_MS INT64_C(86400000)

#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void pass_days(struct sim *sim, int64_t days)
{
    state_set_clock(sim, sim_now(sim) + days * DAY_MS);
}

static void sleep_credentials(struct sim *sim)
{
    for (size_t i = 0; i < credentials_count(sim->tokens); i++)
        credential_sleep(sim, i, sim_knob_integer(sim, KNOB_credential_delay_s));
}

static struct portal_edit draw_edit(struct sim *sim, enum marketplace at, int64_t place,
                                    uint64_t bits)
{
    static const enum portal_act acts[] = { PORTAL_SEATS,   PORTAL_SEATS,          PORTAL_SEATS,
                                            PORTAL_SEATS,   PORTAL_AUTO_RENEW_OFF, PORTAL_CANCEL,
                                            PORTAL_SUSPEND, PORTAL_RESUME };
    struct subscription s = sim_subscription(sim, at, place);
    int64_t seats = s.quantity + chance_below(bits >> 16, 7) - 2;
    return (struct portal_edit){
        .at = at,
        .act = acts[chance_below(bits >> 32, (int64_t)ARRAY_LEN(acts))],
        .place = place,
        .seats = seats < 1 ? 1 : seats,
    };
}

/* Twelve months in each of which somebody edits one subscription in twenty in the portal. */
static void drift_for_a_year(struct sim *sim)
{
    int64_t places = sim->world.n_subscriptions, ignored;
    struct error err;
    for (uint64_t month = 0; month < 12; month++) {
        pass_days(sim, 30);
        for (int64_t i = 0; i < places * 2 / 20; i++) {
            uint64_t bits = chance(sim->world.seed, 810, month, (uint64_t)i);
            enum marketplace at = i % 2 == 0 ? AT_STELLR : AT_ION;
            int64_t place = chance_below(bits, places);
            struct portal_edit edit = draw_edit(sim, at, place, chance(bits, 0, 0, 0));
            bool has_seats =
                world_subscription(&sim->world, at, place).goods->measure == MEASURE_SEATS;
            if (has_seats && sim_lists_subscription(sim, at, place))
                (void)portal_do(sim, &edit, &ignored, &err); /* some are past changing */
        }
    }
    pass_days(sim, 5);
    for (size_t i = 0; i < credentials_count(sim->tokens); i++) /* somebody refreshed them */
        credential_keep_fresh(sim, i);
}

/* The terms of a third of all lines end within the coming week, a few each day. */
static void gather_renewals(struct sim *sim)
{
    for (enum marketplace at = AT_STELLR; at <= AT_ION; at++)
        for (int64_t i = 0; i < sim->world.n_subscriptions; i += 3) {
            int64_t end = sim_now(sim) + (i / 3 % 7) * DAY_MS + 6 * INT64_C(3600000);
            sim_move_term_end(sim, at, i, end);
        }
}

static void lose_tokens(struct sim *sim)
{
    for (size_t i = 0; i < credentials_count(sim->tokens); i++) {
        const struct credential *c = credential_at(sim->tokens, i);
        if (c->kind == CREDENTIAL_REFRESH)
            credential_lose(sim, i);
        else if (c->kind == CREDENTIAL_CLIENT)
            credential_revoke(sim, i);
    }
}

static void mistake_account(struct sim *sim)
{
    sim->told_account = ION_ACCOUNT_NUMBER + 1;
}

const struct scenario scenarios[] = {
    { "first-day",
      "Three customers with a few subscriptions, and credentials that were made a moment ago: they "
      "are refused for ten minutes. Advance the clock, or wait.",
      3, 6, NAMES("credential_delay_s=600"), NULL, sleep_credentials },
    { "drifted-year",
      "A year has passed in which people used the portal: seats went up and down, renewals were "
      "switched off, lines were cancelled, and others expired. The bill is that of a year ago.",
      40, 600, NULL, NULL, drift_for_a_year },
    { "renewal-week",
      "The terms of a third of all subscriptions end within seven days. Some will renew, some will "
      "expire. Advance the clock and see.",
      12, 120, NULL, NULL, gather_renewals },
    { "lost-token",
      "Somebody else has used up Ion's refresh token, and Stellr's client credential is revoked: "
      "both must be made anew (POST /_sim/credentials).",
      8, 40, NAMES("revoke_delay_s=0"), NULL, lose_tokens },
    { "wrong-reseller",
      "The credentials are another reseller's: at Stellr all lists are empty, with HTTP 200; Ion "
      "refuses the account that the credentials file names.",
      8, 40, NAMES("scope_mismatch=true"), NULL, mistake_account },
    { "rate-limited",
      "Forty requests a minute and marketplace, then HTTP 429 until the minute is over.", 8, 120,
      NAMES("rate_limit_per_min=40", "retry_after_s=5"), NULL, NULL },
    { "half-broken",
      "Some of everything that goes wrong: slow, refused, cut, dropped and senseless answers, and "
      "a "
      "customer of each marketplace for whom nothing works.",
      12, 120, NAMES("fail_customer=700103,410003"),
      NAMES("500:0.04", "429-retry-after:0.03", "slow:0.02", "cut:0.02", "close:0.05",
            "drop-answer:0.02", "html:0.02", "gateway-timeout:0.01"),
      NULL },
    { .name = NULL },
};

enum status scenario_find(struct str name, const struct scenario **ret_scenario, struct error *err)
{
    const char *names[ARRAY_LEN(scenarios)];
    size_t n = 0;
    for (const struct scenario *s = scenarios; s->name != NULL; s++) {
        names[n++] = s->name;
        if (!str_is(name, s->name))
            continue;
        *ret_scenario = s;
        return ST_OK;
    }
    const char *near = nearest_name(name, names, n);
    fail(err, ST_INVALID, "there is no scenario '%.*s'", STR_PRINT(name));
    hint(err, "%s%s%s`stellion simulate --list-scenarios` tells them.",
         near != NULL ? "Did you mean " : "", near != NULL ? near : "", near != NULL ? "? " : "");
    return ST_INVALID;
}
