/* The comparison: per organisation and service, what the distributor charges against what is
 * billed, in seats and in money per month, and every disagreement with its evidence.
 *
 * Rules of money:
 * - Charged are live and suspended seats: a suspended licence is charged to the end of its term.
 *   Pending, ended, gone, one-time and usage-based lines are no seats; they are counted apart.
 * - A price that covers several months is divided by them, per line, at 10^-8, half away from zero;
 *   shown amounts are rounded once more, to the currency's decimals.
 * - Amounts of different currencies are never added. Nothing is converted.
 * - A side without data is "no data", never 0. */
#pragma once

#include "base/decimal.h"
#include "store/store.h"

/* Amounts by currency; few, in the order of first sight. */
#define CURRENCIES_MAX 32

struct money {
    struct str currency; /* "" where the remote named none */
    struct total total;
};

struct purse {
    struct money at[CURRENCIES_MAX];
    size_t n;
    bool is_full; /* a further currency came and was left out: the purse must not be trusted */
};

void purse_add(struct purse *purse, struct str currency, struct total amount);
const struct money *purse_find(const struct purse *purse, struct str currency);

enum rule {
    RULE_TOO_FEW,
    RULE_TOO_MANY,
    RULE_NOT_BILLED,
    RULE_NO_SUBSCRIPTION,
    RULE_NEGATIVE_MARGIN,
    RULE_SUSPENDED_BILLED,
    RULES,
};

struct position;

/* What a rule found. Money is per month, positive, and says what it was computed with. */
struct finding {
    enum rule rule;
    struct total seats; /* that it is about, at 10^-8 */
    struct money money;
    bool has_money;
    const char *money_basis; /* "at the billed price", ... */
    const char *evidence;    /* a sentence */
};

/* Where a line of either side stands; shown as evidence. */
struct charged_line {
    struct str connection, remote_id, account_id, status;
    struct whole_seats {
        int64_t value;
        bool known;
        struct str text;
    } seats;
    const char *standing; /* "live", "suspended", "ended", "gone", ... */
    const char *measure;
    bool status_known;
};

struct billed_line {
    int64_t line; /* of the bill */
    struct decimal quantity;
    struct str account;
};

struct position {
    struct str organisation, service, part_number;
    bool has_charged, has_billed; /* there is data of this side for this position */

    int64_t live, suspended;                                         /* seats charged */
    int64_t apart_ended, apart_pending, apart_usage, apart_one_time; /* lines */
    int64_t unreadable;              /* lines whose number of seats cannot be read */
    int64_t without_month;           /* lines whose price cannot be brought to a month */
    struct purse charged, suggested; /* per month; suggested: the remote's price to the customer */
    int64_t charged_for, suggested_for; /* the seats that these amounts are for */

    struct total billed_quantity; /* seats, at 10^-8 */
    int64_t billed_apart;         /* lines of usage-based and one-time services */
    int64_t billed_without_price; /* lines */
    struct purse billed;          /* per month */
    struct total billed_for;      /* the seats that it is for, at 10^-8 */

    const struct charged_line *charged_lines;
    size_t n_charged_lines;
    const struct billed_line *billed_lines;
    size_t n_billed_lines;

    struct finding findings[RULES];
    size_t n_findings;
};

/* Both sides have data, and no rule found anything. */
bool position_agrees(const struct position *position);

struct rule_row {
    const char *name; /* "billed-too-few" */
    const char *title;
    const char *advice;
    bool (*find)(struct arena *a, const struct position *p, struct finding *ret_finding);
};
const struct rule_row *rule_row(enum rule rule);

struct rule_sum {
    int64_t n, n_without_money;
    struct purse money;
};

struct reconciliation {
    bool has_charged, has_billed; /* whether the side has data at all */
    int64_t n_organisations, n_positions, n_agreeing;
    int64_t charged_seats;
    struct total billed_seats;
    struct purse charged, billed;
    struct rule_sum rules[RULES];
    int64_t apart_ended, apart_pending, apart_usage, apart_one_time, unreadable, without_month;
    int64_t unknown_status; /* lines counted as live although their status is not known */
    int64_t only_charged, only_billed; /* organisations with data of one side only */
    int64_t bill_id, bill_imported_at;
    struct str bill_file;
};

/* Takes positions as they are computed, one organisation after the other; the position lives until
 * the call returns. */
struct position_sink {
    enum status (*take)(struct position_sink *self, const struct position *position,
                        struct error *err);
};

/* Compares the current bill with the store. `sink` may be NULL. Memory grows with the largest
 * organisation, not with the number of subscriptions. */
enum status reconcile(struct store *store, struct arena *a, struct position_sink *sink,
                      struct reconciliation *ret_sum, struct error *err);
