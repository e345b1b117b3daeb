/* The list of statement tables. */
#include "store/statements.h"

#include "store/accounts.h"
#include "store/bills.h"
#include "store/changes.h"
#include "store/connections.h"
#include "store/documents.h"
#include "store/instance.h"
#include "store/leases.h"
#include "store/mappings.h"
#include "store/migrate.h"
#include "store/policies.h"
#include "store/presence.h"
#include "store/proposals.h"
#include "store/purchases.h"
#include "store/services.h"
#include "store/sides.h"
#include "store/subscriptions.h"
#include "store/sync_runs.h"
#include "store/tokens.h"
#include "store/workspaces.h"

const struct statement *const all_statements[] = {
    account_statements,  change_statements,       presence_statements,
    bill_statements,     connection_statements,   document_statements,
    instance_statements, lease_statements,        mapping_statements,
    policy_statements,   proposal_statements,     purchase_statements,
    migrate_statements,  service_statements,      side_statements,
    store_statements,    subscription_statements, sync_run_statements,
    token_statements,    workspace_statements,    NULL,
};
