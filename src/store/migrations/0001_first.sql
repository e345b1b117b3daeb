-- The first form of the store. Words in braces differ between the databases (db_sqlite.c).
-- workspace_id leads every key, so that a large store can be spread by it.
-- *_at: UTC milliseconds since 1970. *_units: 10^-8 of the currency. *_text: as the remote sent it.

CREATE TABLE store_info (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) {{strict}};

CREATE TABLE workspace (
    id {{integer}} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,
    created_at {{integer}} NOT NULL
) {{strict}};

CREATE TABLE connection (
    workspace_id {{integer}} NOT NULL REFERENCES workspace (id),
    id {{integer}} NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    environment TEXT NOT NULL,
    region TEXT NOT NULL,
    base_url TEXT NOT NULL,
    token_url TEXT NOT NULL,
    token_url_2 TEXT,
    account_ref TEXT,
    client_id TEXT,
    state TEXT NOT NULL,
    state_reason TEXT,
    paused_because TEXT,
    created_at {{integer}} NOT NULL,
    changed_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
) {{strict}};

-- Sealed values: client secrets. The name of the row is part of the seal.
CREATE TABLE secret (
    workspace_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    name TEXT NOT NULL,
    sealed {{blob}} NOT NULL,
    changed_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, name)
) {{strict}};

CREATE TABLE access_token (
    workspace_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    sealed {{blob}} NOT NULL,
    born_at {{integer}} NOT NULL,
    expires_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, connection_id)
) {{strict}};

-- Single-use refresh tokens: rows are added, never changed.
CREATE TABLE refresh_token (
    workspace_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    generation {{integer}} NOT NULL,
    sealed {{blob}} NOT NULL,
    origin TEXT NOT NULL,
    born_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, generation)
) {{strict}};

CREATE TABLE refresh_attempt (
    workspace_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    generation {{integer}} NOT NULL,
    begun_at {{integer}} NOT NULL,
    ended_at {{integer}},
    outcome TEXT NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, id)
) {{strict}};

CREATE TABLE lease (
    workspace_id {{integer}} NOT NULL,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    machine TEXT NOT NULL,
    taken_at {{integer}} NOT NULL,
    until_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, name)
) {{strict}};

CREATE TABLE account (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    remote_id TEXT NOT NULL,
    name TEXT NOT NULL,
    company_name TEXT,
    domain TEXT,
    tenant_id TEXT,
    country TEXT,
    status TEXT,
    is_active {{integer}} NOT NULL,
    is_listed {{integer}} NOT NULL,
    first_seen_at {{integer}} NOT NULL,
    changed_at {{integer}} NOT NULL,
    missed_runs {{integer}} NOT NULL,
    gone_at {{integer}},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, connection_id, remote_id)
) {{strict}};

CREATE TABLE service (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    remote_id TEXT NOT NULL,
    name TEXT NOT NULL,
    part_number TEXT,
    part_key TEXT,
    vendor TEXT,
    measure TEXT NOT NULL,
    first_seen_at {{integer}} NOT NULL,
    changed_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, connection_id, remote_id)
) {{strict}};

CREATE TABLE subscription (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    remote_id TEXT NOT NULL,
    account_id {{integer}} NOT NULL,
    service_id {{integer}} NOT NULL,
    commerce_id TEXT,
    name TEXT,
    quantity {{integer}},
    quantity_text TEXT,
    cost_units {{integer}},
    cost_text TEXT,
    price_units {{integer}},
    price_text TEXT,
    total_units {{integer}},
    total_text TEXT,
    currency TEXT,
    billing_cycle TEXT,
    cycle_months {{integer}} NOT NULL,
    term TEXT,
    status TEXT,
    status_known {{integer}} NOT NULL,
    standing TEXT NOT NULL,
    measure TEXT NOT NULL,
    started_at {{integer}},
    ends_at {{integer}},
    ends_text TEXT,
    renews_at {{integer}},
    renews_text TEXT,
    cancellable_until_at {{integer}},
    auto_renew {{integer}},
    parent_remote_id TEXT,
    offer_id TEXT,
    sku TEXT,
    product_id TEXT,
    plan_id TEXT,
    first_seen_at {{integer}} NOT NULL,
    changed_at {{integer}} NOT NULL,
    missed_runs {{integer}} NOT NULL,
    gone_at {{integer}},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, connection_id, remote_id)
) {{strict}};

CREATE INDEX subscription_by_account ON subscription (workspace_id, account_id);

-- The history of a subscription: one row per column that changed.
CREATE TABLE change (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    subscription_id {{integer}} NOT NULL,
    noticed_at {{integer}} NOT NULL,
    source TEXT NOT NULL,
    field TEXT NOT NULL,
    before_text TEXT,
    after_text TEXT,
    PRIMARY KEY (workspace_id, id)
) {{strict}};

CREATE INDEX change_by_subscription ON change (workspace_id, subscription_id, id);

-- What was received, as it was received (secret fields aside). The digest tells an unchanged record
-- without parsing it; the index answers without touching the bodies.
CREATE TABLE document (
    workspace_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    kind TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    parent TEXT NOT NULL,
    digest {{blob}} NOT NULL,
    body TEXT NOT NULL,
    received_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, kind, remote_id)
) {{strict}};

CREATE INDEX document_by_parent
    ON document (workspace_id, connection_id, kind, parent, digest, remote_id);

CREATE TABLE sync_run (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    started_at {{integer}} NOT NULL,
    ended_at {{integer}},
    state TEXT NOT NULL,
    note TEXT,
    PRIMARY KEY (workspace_id, id)
) {{strict}};

CREATE INDEX sync_run_by_connection ON sync_run (workspace_id, connection_id, id);

-- How the last listing of one account's subscriptions went: a resumed run skips what it has done.
CREATE TABLE sync_account (
    workspace_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    account_id {{integer}} NOT NULL,
    run_id {{integer}} NOT NULL,
    ended_at {{integer}} NOT NULL,
    n_records {{integer}} NOT NULL,
    is_complete {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, connection_id, account_id)
) {{strict}};

CREATE TABLE organisation (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    name TEXT NOT NULL,
    created_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name)
) {{strict}};

CREATE TABLE account_mapping (
    workspace_id {{integer}} NOT NULL,
    account_id {{integer}} NOT NULL,
    organisation_id {{integer}},
    state TEXT NOT NULL,
    rule TEXT NOT NULL,
    evidence TEXT NOT NULL,
    actor TEXT NOT NULL,
    decided_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
) {{strict}};

CREATE INDEX account_mapping_by_organisation
    ON account_mapping (workspace_id, organisation_id);

-- A distributor's service to the service of the bill that charges for it.
CREATE TABLE service_mapping (
    workspace_id {{integer}} NOT NULL,
    service_id {{integer}} NOT NULL,
    target_id {{integer}},
    state TEXT NOT NULL,
    rule TEXT NOT NULL,
    evidence TEXT NOT NULL,
    actor TEXT NOT NULL,
    decided_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, service_id)
) {{strict}};

CREATE TABLE bill (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    file_name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    imported_at {{integer}} NOT NULL,
    n_lines {{integer}} NOT NULL,
    n_skipped {{integer}} NOT NULL,
    is_current {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {{strict}};

CREATE TABLE bill_line (
    workspace_id {{integer}} NOT NULL,
    bill_id {{integer}} NOT NULL,
    line {{integer}} NOT NULL,
    account_id {{integer}} NOT NULL,
    service_id {{integer}} NOT NULL,
    quantity_units {{integer}} NOT NULL,
    price_units {{integer}},
    price_text TEXT,
    currency TEXT,
    cycle_months {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, bill_id, line)
) {{strict}};
