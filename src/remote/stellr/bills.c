/* Stellr invoices and Azure consumption: actions 3, 8 and 9 of the reference. */
#include "remote/stellr/rows.h"

#define FROM_DATE(param_doc)                                                                       \
    {                                                                                              \
        .name = "fromDate", .place = IN_QUERY, .type = PARAM_DATE, .doc = param_doc,               \
        .example = "2026-07-01",                                                                   \
    }
#define TO_DATE(param_doc)                                                                         \
    {                                                                                              \
        .name = "toDate", .place = IN_QUERY, .type = PARAM_DATE, .doc = param_doc,                 \
        .example = "2026-07-31",                                                                   \
    }
#define OF_CUSTOMER(param_doc)                                                                     \
    {                                                                                              \
        .name = "customerNo", .place = IN_QUERY, .type = PARAM_TEXT, .doc = param_doc,             \
        .example = "700102", .meaning = MEANS_CUSTOMER,                                            \
    }

const struct action stellr_consumption_actions[] = {
    {
        .name = "stellr.consumption.azure",
        .category = "Consumption",
        .title = "Get Reseller's Azure Consumption",
        .method = METHOD_GET,
        .path = "/api/v1/cloud/consumption/azure/summary",
        .params = PARAMS(
            {
                .name = "billingMonth",
                .place = IN_QUERY,
                .type = PARAM_MONTH,
                .need = OPTIONAL,
                .doc = "Month of the bill; the present one without it (A-27, GUESS: the service "
                       "may ignore it).",
                .example = "2026-07",
            },
            OF_CUSTOMER("Only of this end customer (A-27, GUESS: the service may ignore it).")),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 3, 5.3, 6.8, A-27",
        .recording = "azure-consumption-summary",
        .doc = "What each Azure subscription of the reseller's customers used up in a month, in "
               "money (A-27, GUESS: the shape of the answer).",
    },
    { .name = NULL },
};

const struct action stellr_invoice_actions[] = {
    {
        .name = "stellr.invoice.list",
        .category = "Invoice",
        .title = "List Invoices",
        .method = METHOD_GET,
        .path = "/api/v1/cloud/invoices",
        .params = PARAMS(
            FROM_DATE("Only invoices of this day or later (A-30, REAL-w: the service may ignore "
                      "it)."),
            TO_DATE("Only invoices of this day or earlier (A-30, REAL-w: the service may ignore "
                    "it)."),
            {
                .name = "status",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Only of this status, such as Open or Paid (A-30, REAL-w: the service may "
                       "ignore it).",
                .example = "Open",
            }),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 8, 5.8, 6.6, A-30",
        .recording = "invoices-list",
        .doc = "The distributor's invoices to the reseller (A-30, GUESS: the shape of the answer).",
    },
    {
        .name = "stellr.invoice.report",
        .category = "Invoice",
        .title = "Invoice Report",
        .method = METHOD_GET,
        .path = "/api/v1/cloud/invoice/report", /* the one path with a singular invoice */
        .params = PARAMS(
            {
                .name = "invoiceNo",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "The lines of this invoice; this, or fromDate and toDate (A-31, GUESS).",
                .example = "66001234",
            },
            FROM_DATE("The lines of invoices of this day or later; with toDate (A-31, GUESS)."),
            TO_DATE("The lines of invoices of this day or earlier; with fromDate (A-31, GUESS)."),
            OF_CUSTOMER("Only of this end customer (A-31, GUESS).")),
        .paging = &stellr_paging,
        .effect = EFFECT_READ,
        .trust = TRUST_GUESS,
        .source = "stellr 4 no. 9, 5.9, 6.7, A-31",
        .recording = "invoice-report",
        .doc = "The lines of invoices, over all customers of the reseller. JSON is assumed; should "
               "the service send CSV, --raw gives it as it came (A-31, GUESS: what has to be asked "
               "for, and the shape of the answer).",
    },
    { .name = NULL },
};
