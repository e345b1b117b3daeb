/* The generic Stellr request: action 7 of the reference. */
#include "remote/stellr/rows.h"

const struct action stellr_request_actions[] = {
    {
        .name = "stellr.request",
        .category = "Generic",
        .title = "Synnex API Request",
        .method = METHOD_GET,
        .path = "",
        .params = PARAMS(
            {
                .name = "path",
                .place = IN_WHOLE_PATH,
                .type = PARAM_TEXT,
                .need = REQUIRED,
                .doc = "Path behind the address of the service, encoded, without query.",
                .example = "/api/v1/cloud/customers",
            },
            {
                .name = "query",
                .place = IN_WHOLE_QUERY,
                .type = PARAM_TEXT,
                .need = OPTIONAL,
                .doc = "Query without the question mark, encoded.",
                .example = "pageNo=1&pageSize=10",
            },
            {
                .name = "method",
                .place = IN_METHOD,
                .type = PARAM_CHOICE,
                .need = OPTIONAL,
                .doc = "Method; what is not GET counts as spending money unless its path is that "
                       "of an action with a lower effect.",
                .example = "GET",
                .fallback = "GET",
                .choices = "GET|PUT|POST|DELETE",
            }),
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 7, 5.7",
        .doc = "Any request with the token of the connection, with a body of one's own where the "
               "method takes one; gives the answer as it came.",
    },
    { .name = NULL },
};
