/* Stellr operations: action 10 of the reference, and how all changes of subscriptions are judged.
 */
#include "remote/stellr/rows.h"

/* That a change is answered with an operation is an inference (stellr 7, A-18): only the action
 * that asks for one is documented. Items: one per line of a batch. */
const struct judging stellr_operation = {
    .id = "data.operationId|operationId",
    .state = "data.status|status",
    .poll = "stellr.operation.get",
    .poll_param = "operationId",
    .items = "data.items|items",
    .fault_code = "data.errorCode|errorCode",
    .fault_text = "data.errorMessage|errorMessage",
};

const struct action stellr_operation_actions[] = {
    {
        .name = "stellr.operation.get",
        .category = "Operation",
        .title = "Get Subscription Operation Details",
        .method = METHOD_GET,
        .path = "/api/v1/subscriptions/operations/{operationId}",
        .params = PARAMS({
            .name = "operationId",
            .place = IN_PATH,
            .type = PARAM_TEXT,
            .need = REQUIRED,
            .doc = "The operation, as the answer to a change names it (its form is A-18, GUESS).",
            .example = "OP-9000003",
        }),
        .effect = EFFECT_READ,
        .trust = TRUST_DOC,
        .source = "stellr 4 no. 10, 5.10, 6.10, 7",
        .recording = "operation-get",
        .doc = "How a change of a subscription goes on: Pending, Processing, Success, Failed, or "
               "Partial for a batch (A-18, A-59, GUESS: the words and the shape of the answer).",
    },
    { .name = NULL },
};
