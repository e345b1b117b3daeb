/* Agreements: stellr 5.1, 5.2, 6.9; all GUESS. Customers of the seeded world that are
 * active have accepted Microsoft's; new ones have not. */
#include "sim/stellr_inside.h"

#define AGREEMENT "MicrosoftCustomerAgreement"

static struct agreement_row *agreement_row(struct sim *sim, int64_t customer)
{
    size_t n;
    struct agreement_row *rows = state_rows(sim, STATE_AGREEMENT, &n);
    for (size_t i = 0; i < n; i++)
        if (rows[i].customer == customer)
            return &rows[i];
    return NULL;
}

static bool is_seeded(struct sim *sim, int64_t customer)
{
    return customer < sim->world.n_customers;
}

static bool is_active(struct sim *sim, int64_t customer)
{
    SCOPED(arena_free) struct arena a = ARENA(0);
    return sim_customer(sim, &a, AT_STELLR, customer).is_active;
}

bool stellr_has_agreement(struct sim *sim, int64_t customer)
{
    return agreement_row(sim, customer) != NULL ||
           (is_seeded(sim, customer) && is_active(sim, customer));
}

static bool knows_agreement(struct ask *ask)
{
    struct str type = ask_path(ask, "agreementType");
    if (str_is(type, AGREEMENT) || str_is(type, "MCA")) /* */
        return true;
    stellr_error(ask, 404, "NOT_FOUND", "There is no such agreement.");
    return false;
}

/* As it was accepted; a seeded one when the customer was made. */
static struct agreement_row agreement_of(struct ask *ask, int64_t customer)
{
    struct agreement_row *row = agreement_row(ask->sim, customer);
    if (row != NULL)
        return *row;
    struct customer c = sim_customer(ask->sim, ask->x->a, AT_STELLR, customer);
    struct str rest = c.contact, given;
    (void)str_next(&rest, ' ', &given);
    return (struct agreement_row){
        .customer = customer,
        .date = stellr_date(ask->sim, c.created_ms),
        .first_name = given,
        .last_name = rest,
        .email = c.email,
        .phone = c.phone,
    };
}

void give_agreement(struct ask *ask)
{
    int64_t customer;
    if (!stellr_find_customer(ask, &customer) || !knows_agreement(ask))
        return;
    bool accepted = stellr_has_agreement(ask->sim, customer);
    struct agreement_row agreement = agreement_of(ask, customer);
    struct json_writer w = stellr_open(ask, 200);
    stellr_put_id(ask, &w, "customerNo", stellr_customer_number(ask->sim, customer));
    json_put_text(&w, "agreementType", STR(AGREEMENT));
    json_put_boolean(&w, "accepted", accepted);
    if (accepted) {
        stellr_put_date(&w, "dateAgreed", agreement.date);
        json_put_object(&w, "primaryContact");
        json_put_text(&w, "firstName", agreement.first_name);
        json_put_text(&w, "lastName", agreement.last_name);
        json_put_text(&w, "email", agreement.email);
        json_put_text(&w, "phone", agreement.phone);
        json_close(&w);
    } else { /* */
        json_put_null(&w, "dateAgreed");
        json_put_null(&w, "primaryContact");
    }
    json_put_text(&w, "agreementLink", STR("https://agreements.example/mca"));
    stellr_close(&w);
}

void accept_agreement(struct ask *ask)
{
    struct agreement_row given = { .customer = 0 };
    if (!stellr_find_customer(ask, &given.customer) || !knows_agreement(ask))
        return;
    struct body b = body_read(ask);
    struct str date = body_text(&b, "dateAgreed", REQUIRED);
    if (!b.is_refused && !date_parse(date, &given.date))
        body_refuse(&b, 400, "INVALID_PARAMETER", "dateAgreed must be a date such as 2026-07-31.");
    given.first_name = state_text(ask->sim, body_text(&b, "primaryContact.firstName", REQUIRED));
    given.last_name = state_text(ask->sim, body_text(&b, "primaryContact.lastName", REQUIRED));
    given.email = state_text(ask->sim, body_text(&b, "primaryContact.email", REQUIRED));
    given.phone = state_text(ask->sim, body_text(&b, "primaryContact.phone", REQUIRED));
    if (b.is_refused)
        return;
    struct agreement_row *row = agreement_row(ask->sim, given.customer);
    if (row == NULL)
        row = state_add(ask->sim, STATE_AGREEMENT);
    *row = given; /* a second acceptance refreshes it */
    struct json_writer w = stellr_open(ask, 200);
    stellr_put_id(ask, &w, "customerNo", stellr_customer_number(ask->sim, given.customer));
    json_put_text(&w, "agreementType", STR(AGREEMENT));
    json_put_boolean(&w, "accepted", true);
    stellr_put_date(&w, "dateAgreed", given.date);
    stellr_close(&w);
}
