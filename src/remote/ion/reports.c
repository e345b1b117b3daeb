/* Ion reports: R1 to R7 of the reference. */
#include "remote/ion/rows.h"

#define REPORT_ID ION_IN_PATH("reportId", "The report, as the report list gives it.", "52001")

#define REPORT_MODULES                                                                             \
    "REPORTS_MODULE_UNSPECIFIED|REPORTS_REPORTS_MODULE|DASHBOARDS_REPORTS_MODULE|"                 \
    "BUDGET_MANAGEMENT_REPORTS_MODULE|INVOICE_REPORTS_MODULE|V1_BILLING_REPORTS_MODULE|"           \
    "CACHING_REPORTS_MODULE"

#define RELATIVE_RANGES                                                                            \
    "UNKNOWN_RELATIVE_DATE_RANGE|CUSTOM|TODAY|MONTH_TO_DATE|QUARTER_TO_DATE|YEAR_TO_DATE|"         \
    "LAST_MONTH|LAST_QUARTER|LAST_YEAR|LATEST_MONTH|WEEK_TO_DATE|LAST_WEEK|TWO_MONTHS_AGO"

#define CATEGORY(param_need)                                                                       \
    ION_BODY_CHOICE("category", param_need, "Kind of report, as the report itself says.",          \
                    "BILLING_REPORTS", "BILLING_REPORTS|CUSTOMER_REPORTS|PARTNER_REPORTS")

/* The report's own id stands in the path and, as the SDK sends it, in the body (3.8 REAL). */
#define BODY_REPORT_ID                                                                             \
    {                                                                                              \
        .name = "bodyReportId", .key = "reportId", .place = IN_BODY, .type = PARAM_TEXT,           \
        .need = REQUIRED, .doc = "The report once more, for the body.", .example = "52001",        \
    }

#define SELECTED_RANGE "specs.date_range_option.selected_range."

#define RANGE_MOMENT(param_name, last_key, param_doc, param_example)                               \
    {                                                                                              \
        .name = param_name, .key = SELECTED_RANGE "fixed_date_range." last_key, .place = IN_BODY,  \
        .type = PARAM_TEXT, .doc = param_doc, .example = param_example,                            \
    }

/* Names in two spellings, as the SDK sends them (3.8 REAL). */
static const struct param csv_params[] = {
    ION_ACCOUNT_ID,
    REPORT_ID,
    BODY_REPORT_ID,
    {
        .name = "reportModule",
        .key = "report_module",
        .place = IN_BODY,
        .type = PARAM_CHOICE,
        .need = OPTIONAL,
        .doc = "Module that the report belongs to.",
        .example = "REPORTS_REPORTS_MODULE",
        .fallback = "REPORTS_REPORTS_MODULE",
        .choices = REPORT_MODULES,
    },
    CATEGORY(OPTIONAL),
    {
        .name = "relativeDateRange",
        .key = SELECTED_RANGE "relative_date_range",
        .place = IN_BODY,
        .type = PARAM_CHOICE,
        .need = OPTIONAL,
        .doc = "Which days, from today; either this or startDate and endDate.",
        .example = "LAST_MONTH",
        .choices = RELATIVE_RANGES,
    },
    RANGE_MOMENT("startDate", "start_date", "First moment, UTC.", "2025-05-01T00:00:00Z"),
    RANGE_MOMENT("endDate", "end_date", "Last moment, UTC.", "2025-05-31T23:59:59Z"),
    {
        .name = "selectedColumns",
        .key = "specs.selectedColumns",
        .place = IN_BODY,
        .type = PARAM_LIST,
        .need = OPTIONAL,
        .doc = "Columns: `specs.allColumns` of the report, or some of them. Without them it has "
               "its own.",
        .example = "[{\"id\":\"810014\",\"displayName\":\"Customer Name\",\"groupable\":true,"
                   "\"columnTemplateId\":\"azure_plan_billing.unique_name\"}]",
    },
    { .name = NULL },
};

/* POSTs that take a whole report as their body, or nothing (3.8 SPEC; S2 posts nothing). */
#define WITH_REPORT_BODY "To change what is in it, give a whole report as the body (--body)."

const struct action ion_report_actions[] = {
    {
        .name = "ion.report.csv",
        .category = "Reports",
        .title = "Get Report Data as CSV",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsv",
        .params = csv_params,
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 R5, 3.8",
        .recording = "report-csv-response",
        .doc = "The rows of a report as CSV, in the member `results` of a JSON object. Account "
               "numbers lose leading zeros in it.",
    },
    {
        .name = "ion.report.csv-stream",
        .category = "Reports",
        .title = "Stream Report Data as CSV",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}/reportDataCsvStream",
        .params = PARAMS(ION_ACCOUNT_ID, REPORT_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 R6, 3.8",
        .recording = "report-csv-stream",
        .doc = "The rows of a report as CSV, as content type and data. " WITH_REPORT_BODY,
    },
    {
        .name = "ion.report.data",
        .category = "Reports",
        .title = "Get Report Data",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}/data",
        .params = PARAMS(ION_ACCOUNT_ID, REPORT_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 R4, 3.8",
        .recording = "report-data-response",
        .doc = "The rows of a report as JSON. " WITH_REPORT_BODY,
    },
    {
        .name = "ion.report.delete",
        .category = "Reports",
        .title = "Delete Report",
        .method = METHOD_DELETE,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}",
        .params = PARAMS(ION_ACCOUNT_ID, REPORT_ID),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 R3, 3.8",
        .recording = "report-delete",
        .doc = "Removes a saved report.",
    },
    {
        .name = "ion.report.details",
        .category = "Reports",
        .title = "Get Report Details",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}/details",
        .params = PARAMS(ION_ACCOUNT_ID, REPORT_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 R6, 3.8",
        .recording = "report-details",
        .doc = "What prices and costs of a report are made of. " WITH_REPORT_BODY,
    },
    {
        .name = "ion.report.get",
        .category = "Reports",
        .title = "Get Report",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}",
        .params = PARAMS(ION_ACCOUNT_ID, REPORT_ID,
                         ION_QUERY_BOOLEAN("includeMetadata", "With all columns and currencies.")),
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 R2, 3.8, 4.8",
        .recording = "report-get",
        .doc = "The definition of a report: columns, filters, range of days, currencies.",
    },
    {
        .name = "ion.report.list",
        .category = "Reports",
        .title = "List Reports",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/reports",
        .params =
            PARAMS(ION_ACCOUNT_ID, ION_QUERY_CHOICE("module", OPTIONAL, "Only of this module.",
                                                    "REPORTS_REPORTS_MODULE", REPORT_MODULES)),
        .effect = EFFECT_READ,
        .trust = TRUST_REAL,
        .source = "ion 3.0 R1, 3.8",
        .recording = "reports-list",
        .doc = "The reports of the account, without their columns.",
    },
    {
        .name = "ion.report.refresh-cache",
        .category = "Reports",
        .title = "Refresh Report Cache",
        .method = METHOD_GET,
        .path = "/api/v3/accounts/{accountId}/providers/{providerId}/refreshCacheEnhanced",
        .params = PARAMS(
            ION_ACCOUNT_ID,
            ION_IN_PATH("providerId", "The cloud provider; 30 is Microsoft CSP.", "30"),
            ION_QUERY_TEXT("billingPeriodStart", "First day of the period.", "2025-05-01"),
            ION_QUERY_TEXT("billingPeriodEnd", "Last day of the period.", "2025-05-31"),
            {
                .name = "reportId",
                .place = IN_QUERY,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "The report.",
                .example = "52001",
            },
            ION_QUERY_TEXT("orbiteraEventType", "Kind of event; none is known.", "BILLING_UPDATED"),
            ION_QUERY_TEXT("publishTime", "When it was told, UTC.", "2025-05-29T12:34:29Z")),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 R7, 3.8",
        .recording = "report-refresh-cache",
        .doc = "Has the data behind a report read anew. Changes no data of yours.",
    },
    {
        .name = "ion.report.report",
        .category = "Reports",
        .title = "Get Report with Cache Time",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}/report",
        .params = PARAMS(ION_ACCOUNT_ID, REPORT_ID),
        .effect = EFFECT_READ,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 R6, 3.8",
        .recording = "report-report",
        .doc = "A report and the time of the data behind it. " WITH_REPORT_BODY,
    },
    {
        .name = "ion.report.save",
        .category = "Reports",
        .title = "Save Report",
        .method = METHOD_POST,
        .path = "/api/v3/accounts/{accountId}/reports/{reportId}",
        .params = PARAMS(
            ION_ACCOUNT_ID, REPORT_ID, BODY_REPORT_ID,
            ION_BODY_TEXT("displayName", OPTIONAL, "Name of the report.", "Monthly CSP billing"),
            CATEGORY(OPTIONAL),
            ION_BODY_TEXT("reportTemplateId", OPTIONAL, "What it is made from.",
                          "azure_plan_billing"),
            ION_BODY_CHOICE("reportModule", OPTIONAL, "Module that it belongs to.",
                            "REPORTS_REPORTS_MODULE", REPORT_MODULES),
            {
                .name = "providerIds",
                .place = IN_BODY,
                .type = PARAM_LIST,
                .need = OPTIONAL,
                .doc = "Cloud providers that it covers, as texts.",
                .example = "[\"30\"]",
            },
            {
                .name = "specs",
                .place = IN_BODY,
                .type = PARAM_OBJECT,
                .need = OPTIONAL,
                .doc = "Columns, filters, range of days and currency, as a report shows them.",
                .example = "{\"selectedColumns\":[]}",
            }),
        .effect = EFFECT_WRITE,
        .trust = TRUST_SPEC,
        .source = "ion 3.0 R3, 3.8",
        .recording = "report-save",
        .doc = "Stores a report definition. The answer is its id.",
    },
    { .name = NULL },
};
