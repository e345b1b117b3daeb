/* Showing one action: of `actions show`, and the help of `call ACTION`. */
#pragma once

#include "cli/command.h"

/* Whether `call` has an option of this name itself, so that a parameter goes by --set. */
bool call_has_option(const char *name);

enum status show_action(struct context *c, const struct action *action, struct error *err);
