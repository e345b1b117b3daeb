/* What we take out of a remote's documents: the same two records for every remote. A value that
 * could not be understood keeps its text and is shown as it came; nothing is dropped.
 *
 * All text is borrowed from the document that it was read from, or from the arena. */
#pragma once

#include "base/decimal.h"
#include "base/str.h"

struct whole {
    int64_t value;
    struct str text; /* as sent; STR_NONE: absent */
    bool known;      /* the text was a whole number */
};

struct amount {
    struct decimal value;
    struct str text; /* as sent; STR_NONE: absent */
    bool known;      /* the text was an amount */
    bool rounded;    /* it was finer than 10^-8 */
};

struct moment {
    int64_t ms;
    struct str text; /* as sent; STR_NONE: absent */
    bool known;      /* the text was a date or a moment */
};

enum flag { FLAG_UNKNOWN, FLAG_NO, FLAG_YES };

/* A customer as one remote knows it. */
struct account_record {
    struct str remote_id;
    struct str name;         /* what the remote shows; often a domain at Stellr */
    struct str company_name; /* the legal name where it is a field of its own */
    struct str domain, tenant_id;
    struct str country;
    struct str status;
    bool is_active; /* by the words of `status`; absent counts as active */
};

/* How the seats of a subscription count. The names are in `standing_name`. */
enum standing {
    STANDING_LIVE,      /* charged */
    STANDING_SUSPENDED, /* charged although unusable (market 3.5) */
    STANDING_PENDING,   /* not charged yet */
    STANDING_ENDED,     /* deleted, cancelled or expired: not charged */
};

/* How a service is billed. */
enum measure {
    MEASURE_SEATS,
    MEASURE_USAGE,    /* Azure plans and their like: by consumption */
    MEASURE_ONE_TIME, /* perpetual licences: charged once */
};

struct subscription_record {
    struct str remote_id;    /* to ask the remote for it again */
    struct str commerce_id;  /* Ion: the Microsoft commerce subscription id; else STR_NONE */
    struct str account_id;   /* remote id of the customer */
    struct str account_name; /* of that customer, where the document tells */
    struct str name;         /* friendly name */
    struct str product_name; /* what is sold */
    struct str part_number;  /* of the manufacturer, as sent */
    struct str service_id;   /* what tells one service of this remote from another */
    struct str offer_id, sku, product_id, plan_id;
    struct str vendor;
    struct str parent_id;
    struct str status;        /* as sent */
    struct str billing_cycle; /* as sent */
    struct str term;          /* as sent, or as the product name tells it */
    struct str currency;      /* as sent */
    struct whole quantity;
    struct amount cost;  /* that the distributor charges, per unit and billing cycle */
    struct amount price; /* suggested to the end customer, per unit and billing cycle */
    struct amount total; /* as the remote adds up, never used to compute */
    struct moment started_at, ends_at, renews_at, cancellable_until, updated_at;
    enum flag auto_renew;

    /* Read out of the above by record_settle */
    enum standing standing;
    enum measure measure;
    bool status_known; /* the words of the status are in our table */
    int cycle_months;  /* months that one price covers; 0: once; -1: unknown */
    char part_key[40]; /* "CFQ7TTC0LCHC:0002": product and SKU of the part number, or "" */
};

const char *standing_name(enum standing standing); /* "live", "suspended", ... */
const char *measure_name(enum measure measure);    /* "seats", "usage", "one-time" */

/* And back; the first of the set for an unknown name. */
enum standing standing_of(struct str name);
enum measure measure_of(struct str name);

/* Reads standing, measure, months and part key out of what was sent. */
void record_settle(struct subscription_record *record);

/* Months that a billing period covers, by its word: "monthly" 1, "annual" 12, "one_time" 0; -1 for
 * a word that is not known. */
int cycle_months(struct str word);

/* By the words of an account's status. */
bool account_status_is_active(struct str status);
