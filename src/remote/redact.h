/* Secrets in answers: passwords of new tenants and users (stellr 6.5, ion 3.2, 4.7). They are shown
 * to the person who asked, and never kept. */
#pragma once

#include "base/arena.h"

/* The JSON with the values of password-like members replaced by "***"; so is the `value` beside a
 * `name` that says password. What is no JSON gives STR_NONE. */
struct str redact(struct arena *a, struct str json);

/* "/path?query" with the values of password-like parameters replaced by "***", whatever escapes
 * their names are written with. */
struct str redact_target(struct arena *a, struct str target);

/* Whether a member of this name holds a secret. */
bool is_secret_name(struct str name);
