/* Knobs: what is not known about the marketplaces, or differs, and can be turned. Set by option, by
 * file and at run time. */
#pragma once

#include "base/arena.h"
#include "base/buf.h"

struct sim;

enum knob_kind {
    KNOB_FLAG,   /* true, false */
    KNOB_NUMBER, /* whole, `least` to `most` */
    KNOB_SHARE,  /* 0 to 1; kept in millionths */
    KNOB_TEXT,   /* anything; for a choice, `choices` lists it: "json|html|empty" */
};

/*  name                    kind    default   least most      choices  doc */
#define KNOB_ROWS(X)                                                                               \
    /* both */                                                                                     \
    X(token_ttl_s, NUMBER, "7200", 1, 864000, NULL, "life of access tokens, in seconds")           \
    X(credential_delay_s, NUMBER, "0", 0, 86400, NULL,                                             \
      "a credential that is made now works after so many seconds (Stellr: up to 600; A-05)")       \
    X(revoke_delay_s, NUMBER, "600", 0, 86400, NULL,                                               \
      "a credential that is revoked goes on working for so many seconds")                          \
    X(rate_limit_per_min, NUMBER, "0", 0, 1000000, NULL,                                           \
      "requests a minute at each marketplace before it answers 429; 0: no limit")                  \
    X(retry_after_s, NUMBER, "0", 0, 3600, NULL,                                                   \
      "Retry-After of a 429; 0: it says nothing about when to come back")                          \
    X(rate_limit_body, TEXT, "json", 0, 0, "json|html|empty", "body of a 429 (ion 6.1: unknown)")  \
    X(html_errors, FLAG, "false", 0, 0, NULL, "errors have a page of HTML for a body")             \
    X(permission_mask, TEXT, "", 0, 0, NULL,                                                       \
      "what the credential may not do, answered with 403: categories or actions, with commas "     \
      "between (A-05)")                                                                            \
    X(fail_customer, TEXT, "", 0, 0, NULL,                                                         \
      "the numbers of customers whose every request is answered with 500, with commas between")    \
    /* Stellr */                                                                                   \
    X(scope_mismatch, FLAG, "false", 0, 0, NULL,                                                   \
      "Stellr: the credential is another reseller's: all lists are empty, with HTTP 200")          \
    X(drop_paging_quirk, FLAG, "false", 0, 0, NULL,                                                \
      "Stellr: lists answer without pageNo and pageSize as well")                                  \
    X(null_status_share, SHARE, "0.35", 0, 0, NULL,                                                \
      "Stellr: share of the active subscriptions whose status is null")                            \
    X(ids_as_text, FLAG, "false", 0, 0, NULL,                                                      \
      "Stellr: customerNo, contractNo, skuNo and productId are texts (A-17)")                      \
    X(money_as_text, FLAG, "false", 0, 0, NULL, "Stellr: prices are texts")                        \
    X(seats_are_delta, FLAG, "false", 0, 0, NULL,                                                  \
      "Stellr: changeSeats takes the difference, not the new total (A-43)")                        \
    X(op_delay_ms, NUMBER, "3000", 0, 86400000, NULL,                                              \
      "Stellr: an operation ends after so long, or with the second look at it (A-59); 0: at once") \
    X(fail_next, NUMBER, "0", 0, 1000000, NULL,                                                    \
      "Stellr: so many operations to come will fail; of an order of several, its last line")       \
    X(change_log_path, TEXT, "", 0, 0, NULL,                                                       \
      "Stellr: the change logs answer at this spelling alone, such as changeLogs (A-21)")          \
    X(cloud_alias, FLAG, "true", 0, 0, NULL,                                                       \
      "Stellr: what lies below a customer answers with cloud/ in the path, too (A-20)")            \
    X(password_grant, FLAG, "false", 0, 0, NULL,                                                   \
      "Stellr: the token service takes grant_type=password (A-06)")                                \
    /* Ion */                                                                                      \
    X(refresh_ttl_s, NUMBER, "2764800", 1, 864000000, NULL, "Ion: life of refresh tokens")         \
    X(refresh_ends_access, FLAG, "false", 0, 0, NULL,                                              \
      "Ion: a refresh ends the access tokens before it (ion 1.1: unknown)")                        \
    X(reuse_revokes, FLAG, "false", 0, 0, NULL,                                                    \
      "Ion: a refresh token that is used again ends those that came from it (ion 10 no. 5)")       \
    X(role, TEXT, "owner", 0, 0, "owner|sales|ops|user",                                           \
      "Ion: role of the user whose credential it is; ops may not write, user may not call")        \
    X(empty_page_token, FLAG, "false", 0, 0, NULL,                                                 \
      "Ion: the last page says nextPageToken \"\" instead of leaving it out")                      \
    X(omit_empty_items, FLAG, "false", 0, 0, NULL,                                                 \
      "Ion: a list without entries leaves its key out")                                            \
    X(null_product_info_share, SHARE, "0", 0, 0, NULL,                                             \
      "Ion: share of the subscriptions whose ccpProductInfo is null")                              \
    X(missing_licences_share, SHARE, "0", 0, 0, NULL,                                              \
      "Ion: share of the subscriptions without subscriptionTotalLicenses")                         \
    X(noisy_totals_share, SHARE, "0", 0, 0, NULL,                                                  \
      "Ion: share of the subscriptions whose total shows binary noise (17 digits)")                \
    X(duplicate_activity_share, SHARE, "0", 0, 0, NULL,                                            \
      "Ion: share of the subscriptions with an activity id twice")                                 \
    X(stale_end_share, SHARE, "0.15", 0, 0, NULL,                                                  \
      "Ion: share of the renewed subscriptions whose end date was not moved")                      \
    X(renewal_setting_needed, FLAG, "false", 0, 0, NULL,                                           \
      "Ion: an NCE order without renewalSetting ends in ERROR with MSFT_CR_033 (ion 5)")           \
    X(order_delay_ms, NUMBER, "2000", 0, 86400000, NULL,                                           \
      "Ion: an order is NEW for half of this and IN_PROGRESS for the other half; 0: at once")      \
    X(order_hold_next, NUMBER, "0", 0, 1000000, NULL, "Ion: so many orders to come go ON_HOLD")    \
    X(order_fail_next, NUMBER, "0", 0, 1000000, NULL, "Ion: so many orders to come end in ERROR")

enum knob {
#define X(name, ...) KNOB_##name,
    KNOB_ROWS(X)
#undef X
        KNOBS
};

struct knob_row {
    const char *name;
    enum knob_kind kind;
    const char *standard;
    int64_t least, most;
    const char *choices, *doc;
};
const struct knob_row *knob_row(enum knob knob);

struct knobs {
    int64_t values[KNOBS]; /* shares in millionths */
    struct str texts[KNOBS];
};

void knobs_reset(struct knobs *knobs);

/* From text as a person writes it. ST_INVALID says what would be right; nothing is changed then.
 * The text is copied into the arena. */
enum status knobs_set(struct knobs *knobs, struct arena *a, struct str name, struct str value,
                      struct error *err);
/* "NAME=VALUE" */
enum status knobs_set_pair(struct knobs *knobs, struct arena *a, struct str pair,
                           struct error *err);
/* As it would be written; lives in `to`. */
void knobs_print(const struct knobs *knobs, enum knob knob, struct buf *to);

/* With the lock held. */
int64_t sim_knob_integer(struct sim *sim, enum knob knob);
bool sim_knob_flag(struct sim *sim, enum knob knob);
struct str sim_knob_text(struct sim *sim, enum knob knob);
/* Whether a share strikes the thing at this place: the same answer each time. */
bool sim_knob_strikes(struct sim *sim, enum knob knob, int64_t place);
/* For the knobs that count down: takes one off; true when there was one. */
bool sim_knob_take(struct sim *sim, enum knob knob);
