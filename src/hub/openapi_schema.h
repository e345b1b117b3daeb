/* Shared by the files that write the OpenAPI document. Not for others. */
#pragma once

#include "base/json_write.h"
#include "remote/action.h"

/* What the body of a call may hold: connection, typed arguments, or a raw body in their place. */
void openapi_put_call_schema(struct json_writer *w, const char *key, const struct action *action);

/* Answers, problems, and what lists and shows give. */
void openapi_put_schemas(struct json_writer *w);
