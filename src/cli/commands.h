/* The rows of the commands; each stands in the file of its function. */
#pragma once

#include "cli/command.h"

extern const struct command command_actions, command_bill, command_call, command_complete,
    command_completion, command_connect, command_connections, command_customers, command_docs,
    command_doctor, command_history, command_keep_alive, command_map, command_mappings,
    command_policy, command_purchases, command_reconcile, command_simulate, command_subscriptions,
    command_sync;
