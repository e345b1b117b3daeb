-- Buying. A proposal is what somebody could send, to the byte (likeness: a hash of what it is to
-- bring about, the same for the same thing twice); a decision is a person's word on it; a
-- purchase is what became of it, with every step. Rows are added and closed, never removed.

-- Whether anything may be changed through a connection, as long as it leads to this address. Without
-- a row nothing may, unless it leads to a simulator.
CREATE TABLE buying_policy (
    workspace_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    base_url TEXT NOT NULL,
    is_on {{integer}} NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, connection_id)
) {{strict}};

CREATE TABLE proposal (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_ref TEXT,
    subscription_ref TEXT,
    method TEXT NOT NULL,
    target TEXT NOT NULL,
    content_type TEXT,
    sealed_body {{blob}},
    plan TEXT NOT NULL,
    plan_hash TEXT NOT NULL,
    likeness TEXT NOT NULL,
    summary TEXT NOT NULL,
    reason TEXT,
    purchase_order TEXT,
    requester TEXT,
    proposed_by TEXT NOT NULL,
    proposed_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {{strict}};

CREATE TABLE decision (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    proposal_id {{integer}} NOT NULL,
    verdict TEXT NOT NULL,
    plan_hash TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, proposal_id)
) {{strict}};

-- place: the service that it goes to, whichever connection leads there. scope: what its subject is.
-- owner: the process that sends it, on which machine. snapshot: the customer's subscriptions just before sending. answer: as received, passwords hidden.
CREATE TABLE purchase (
    workspace_id {{integer}} NOT NULL,
    id {{integer}} NOT NULL,
    proposal_id {{integer}} NOT NULL,
    decision_id {{integer}} NOT NULL,
    connection_id {{integer}} NOT NULL,
    place TEXT NOT NULL,
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    owner TEXT NOT NULL,
    machine TEXT NOT NULL,
    state TEXT NOT NULL,
    is_open {{integer}} NOT NULL,
    mark TEXT,
    snapshot TEXT NOT NULL,
    remote_ref TEXT,
    http_status {{integer}} NOT NULL,
    request_id TEXT,
    answer TEXT,
    note TEXT,
    created_at {{integer}} NOT NULL,
    changed_at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, decision_id)
) {{strict}};

-- One at a time: a subscription (or a customer, for what is new) has one open purchase at most.
CREATE UNIQUE INDEX purchase_one_open
    ON purchase (workspace_id, place, subject) WHERE is_open = 1;

CREATE INDEX proposal_by_likeness ON proposal (workspace_id, likeness);

CREATE TABLE purchase_step (
    workspace_id {{integer}} NOT NULL,
    purchase_id {{integer}} NOT NULL,
    number {{integer}} NOT NULL,
    state TEXT NOT NULL,
    note TEXT,
    at {{integer}} NOT NULL,
    PRIMARY KEY (workspace_id, purchase_id, number)
) {{strict}};

CREATE TABLE purchase_item (
    workspace_id {{integer}} NOT NULL,
    purchase_id {{integer}} NOT NULL,
    number {{integer}} NOT NULL,
    what TEXT NOT NULL,
    wanted TEXT NOT NULL,
    found TEXT,
    state TEXT NOT NULL,
    subscription_ref TEXT,
    PRIMARY KEY (workspace_id, purchase_id, number)
) {{strict}};
