/* Stellr agreements: actions 1 and 2 of the reference. */
#include "remote/stellr/rows.h"

#define AGREEMENT_TYPE                                                                             \
    {                                                                                              \
        .name = "agreementType", .place = IN_PATH, .type = PARAM_TEXT, .need = REQUIRED,           \
        .doc = "Which agreement; MicrosoftCustomerAgreement, in short MCA, is the only one that "  \
               "is guessed at (A-25, GUESS).",                                                     \
        .example = "MicrosoftCustomerAgreement",                                                   \
    }

const struct action stellr_agreement_actions[] = {
    {
        .name = "stellr.agreement.accept",
        .category = "Agreement",
        .title = "Accept Agreement",
        .method = METHOD_POST,
        .path = "/api/v1/customers/{customerNo}/agreements/{agreementType}",
        .params =
            PARAMS(STELLR_CUSTOMER_NO, AGREEMENT_TYPE,
                   {
                       .name = "dateAgreed",
                       .place = IN_BODY,
                       .type = PARAM_DATE,
                       .need = REQUIRED,
                       .doc = "Day on which the customer agreed (A-25, GUESS).",
                       .example = "2026-09-01",
                   },
                   {
                       .name = "primaryContact.firstName",
                       .place = IN_BODY,
                       .type = PARAM_TEXT,
                       .need = REQUIRED,
                       .doc = "First name of the person at the customer who agreed (A-25, GUESS).",
                       .example = "Lena",
                   },
                   {
                       .name = "primaryContact.lastName",
                       .place = IN_BODY,
                       .type = PARAM_TEXT,
                       .need = REQUIRED,
                       .doc = "Last name of that person (A-25, GUESS).",
                       .example = "Orsk",
                   },
                   {
                       .name = "primaryContact.email",
                       .place = IN_BODY,
                       .type = PARAM_TEXT,
                       .need = REQUIRED,
                       .doc = "E-mail address of that person (A-25, GUESS).",
                       .example = "lena@fernhill.example",
                   },
                   {
                       .name = "primaryContact.phone",
                       .place = IN_BODY,
                       .type = PARAM_TEXT,
                       .need = REQUIRED,
                       .doc = "Telephone number of that person (A-25, GUESS).",
                       .example = "303-555-0175",
                   }),
        .effect = EFFECT_WRITE,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 1, 5.1, A-25",
        .recording = "agreement-accept",
        .doc = "Records that the customer accepted an agreement. Microsoft sells nothing to a "
               "customer who has not accepted its own. Accepting again renews the date.",
    },
    {
        .name = "stellr.agreement.get",
        .category = "Agreement",
        .title = "Get Agreement",
        .method = METHOD_GET,
        .path = "/api/v1/customers/{customerNo}/agreements/{agreementType}",
        .params = PARAMS(STELLR_CUSTOMER_NO, AGREEMENT_TYPE),
        .effect = EFFECT_READ,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 2, 5.2, A-25, A-26",
        .recording = "agreement-get",
        .doc = "Whether, when and by whom an agreement was accepted (A-26, GUESS: the shape of the "
               "answer).",
    },
    { .name = NULL },
};
