-- Where rows come from: versioned like an application. mapping: file kind -> our column -> the file's column.
CREATE TABLE source (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    folder TEXT NOT NULL,
    every_minutes INTEGER,
    mode TEXT NOT NULL CHECK (mode IN ('snapshot', 'delta')),
    mapping TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX source_current ON source (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX source_name ON source (name_key) WHERE recorded_to IS NULL AND status <> 'ended';

-- One reading of a source. frontier and records: the right edge and size of its manifest's tree so far; root: when it ended.
-- held_by: the worker that applies it, whom nobody relieves before held_until.
-- may_touch_privileged: whether it changes people who hold rights in the console, whoever takes it to its end.
CREATE TABLE source_run (
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('snapshot', 'delta')),
    state TEXT NOT NULL CHECK (state IN ('staged', 'checking', 'checked', 'applying', 'applied', 'refused', 'failed', 'cancelled')),
    created INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    checked INTEGER,
    finished INTEGER,
    job_id INTEGER,
    held_by TEXT,
    held_until INTEGER,
    may_touch_privileged INTEGER NOT NULL,
    allow_shrink TEXT,
    message TEXT NOT NULL,
    totals TEXT NOT NULL,
    sample TEXT,
    started_seq INTEGER,
    finished_seq INTEGER,
    frontier BLOB NOT NULL,
    records INTEGER NOT NULL,
    root BLOB
) STRICT;
CREATE INDEX source_run_of ON source_run (source_id, id);
CREATE UNIQUE INDEX source_run_applying ON source_run (source_id) WHERE state = 'applying';
CREATE INDEX source_run_by_state ON source_run (state, id);

CREATE TABLE run_file (
    run_id INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('identities', 'applications', 'entitlements', 'accounts', 'roles', 'role_members', 'access', 'decisions')),
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    header TEXT NOT NULL,
    PRIMARY KEY (run_id, kind)
) STRICT, WITHOUT ROWID;
-- The raw files in deflated pieces, until the run has ended.
CREATE TABLE run_chunk (
    run_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (run_id, kind, ordinal)
) STRICT;
CREATE TABLE run_problem (
    run_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    line INTEGER NOT NULL,
    field TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (run_id, ordinal)
) STRICT, WITHOUT ROWID;

-- What a run did: canonical JSON records, one a line, deflated. Each is a leaf of the run's tree.
CREATE TABLE manifest_chunk (
    run_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    first_leaf INTEGER NOT NULL,
    leaves INTEGER NOT NULL,
    recorded INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (run_id, ordinal)
) STRICT;

-- Which identity a source means by its key; without identity it waits for a decision, or 'new' was decided. authority: this
-- source may change and end the person. username_key: how this source calls them. stated: the status it said last.
CREATE TABLE identity_link (
    source_id INTEGER NOT NULL,
    external_key TEXT NOT NULL,
    identity_id INTEGER,
    authority INTEGER NOT NULL,
    username_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('linked', 'waiting', 'new')),
    stated TEXT,
    seen TEXT,
    recorded INTEGER NOT NULL,
    PRIMARY KEY (source_id, external_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_link_of ON identity_link (identity_id, source_id) WHERE identity_id IS NOT NULL;
CREATE INDEX identity_link_by_username ON identity_link (source_id, username_key);
CREATE INDEX identity_link_waiting ON identity_link (source_id, external_key) WHERE state = 'waiting';

ALTER TABLE application ADD COLUMN source_id INTEGER;
CREATE INDEX application_by_source ON application (source_id, id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;
ALTER TABLE entitlement ADD COLUMN source_id INTEGER;
CREATE INDEX entitlement_by_source ON entitlement (source_id, id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;
CREATE INDEX entitlement_no_description ON entitlement (display_key, id) WHERE recorded_to IS NULL AND description = '' AND status <> 'ended';
CREATE INDEX identity_no_manager ON identity (name_key, id) WHERE recorded_to IS NULL AND manager_id IS NULL AND status <> 'ended';

-- Ended identities that may still have live access or reports; rows without either are taken out again.
CREATE TABLE leaver (identity_id INTEGER PRIMARY KEY) STRICT;
INSERT INTO leaver (identity_id) SELECT id FROM identity WHERE recorded_to IS NULL AND status = 'ended';

CREATE TABLE role (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    display_key TEXT NOT NULL,
    description TEXT NOT NULL,
    owner_id INTEGER,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    source_id INTEGER,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX role_current ON role (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX role_name ON role (name_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX role_by_name ON role (display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX role_by_owner ON role (owner_id, display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX role_by_source ON role (source_id, id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;
-- What a role holds. Part of the role's content: it changes only together with a new version of the role.
CREATE TABLE role_content (
    role_id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    includes_role_id INTEGER,
    entitlement_id INTEGER,
    source_id INTEGER,
    CHECK ((includes_role_id IS NULL) <> (entitlement_id IS NULL))
) STRICT;
CREATE INDEX role_content_of ON role_content (role_id, recorded_from);
CREATE INDEX role_content_by_entitlement ON role_content (entitlement_id, role_id) WHERE recorded_to IS NULL AND entitlement_id IS NOT NULL;
CREATE INDEX role_content_by_role ON role_content (includes_role_id, role_id) WHERE recorded_to IS NULL AND includes_role_id IS NOT NULL;
CREATE TABLE role_word (word TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (word, id)) STRICT, WITHOUT ROWID;
CREATE INDEX role_word_of ON role_word (id);

-- An assignment gives an entitlement or a role. SQLite drops NOT NULL only by building the table anew.
CREATE TABLE assignment_next (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    identity_id INTEGER NOT NULL,
    entitlement_id INTEGER,
    agent TEXT NOT NULL CHECK (agent IN ('rule', 'role', 'request', 'import', 'admin', 'subscription', 'emergency')),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('eligible', 'active', 'suspended', 'ended')),
    valid_from INTEGER NOT NULL,
    valid_until INTEGER,
    role_id INTEGER,
    source_id INTEGER,
    CHECK ((role_id IS NULL) <> (entitlement_id IS NULL)),
    PRIMARY KEY (id, recorded_from)
) STRICT;
INSERT INTO assignment_next (id, recorded_from, recorded_to, salt, identity_id, entitlement_id, agent, reason, state, valid_from, valid_until)
    SELECT id, recorded_from, recorded_to, salt, identity_id, entitlement_id, agent, reason, state, valid_from, valid_until FROM assignment;
DROP TABLE assignment;
ALTER TABLE assignment_next RENAME TO assignment;
CREATE UNIQUE INDEX assignment_current ON assignment (id) WHERE recorded_to IS NULL;
CREATE INDEX assignment_by_identity ON assignment (identity_id, state) WHERE recorded_to IS NULL;
CREATE INDEX assignment_by_entitlement ON assignment (entitlement_id, state) WHERE recorded_to IS NULL;
CREATE INDEX assignment_by_role ON assignment (role_id, state) WHERE recorded_to IS NULL AND role_id IS NOT NULL;
CREATE INDEX assignment_by_source ON assignment (source_id, identity_id, role_id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;

-- Logins in applications; without identity an orphan. An account ends when its row is closed and none follows; last_used is
-- brought up to date in place. implied: known from access rows only.
CREATE TABLE account (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    application_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    identity_id INTEGER,
    status TEXT NOT NULL CHECK (status IN ('enabled', 'disabled')),
    last_used TEXT,
    implied INTEGER NOT NULL,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX account_current ON account (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX account_name ON account (application_id, name_key) WHERE recorded_to IS NULL;
CREATE INDEX account_by_identity ON account (identity_id, name_key, id) WHERE recorded_to IS NULL AND identity_id IS NOT NULL;
CREATE INDEX account_orphan ON account (name_key, id) WHERE recorded_to IS NULL AND identity_id IS NULL;
CREATE INDEX account_by_name ON account (name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX account_by_application ON account (application_id, (CASE WHEN identity_id IS NULL THEN 0 ELSE 1 END), name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX account_by_source ON account (source_id, id) WHERE recorded_to IS NULL;

-- What targets really hold. The largest table: no id, days since 1970 where a file tells
-- of one, live rows unique by identity, entitlement,
-- account and source. The run that saw a row first, or no longer, is the one of its source at that moment.
CREATE TABLE observed_access (
    first_seen INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    entitlement_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    granted INTEGER,
    last_used INTEGER,
    gone INTEGER
) STRICT;
CREATE INDEX observed_access_of ON observed_access (identity_id, entitlement_id);
CREATE INDEX observed_access_holders ON observed_access (entitlement_id, identity_id);
CREATE INDEX observed_access_by_use ON observed_access (last_used) WHERE gone IS NULL AND last_used IS NOT NULL;

-- Decisions of the past that a source tells of: what proposals learn from.
CREATE TABLE past_decision (
    identity_id INTEGER NOT NULL,
    entitlement_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('approved', 'denied')),
    decided_at INTEGER,
    decided_by_id INTEGER,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER
) STRICT;
CREATE INDEX past_decision_of ON past_decision (identity_id, entitlement_id);
CREATE INDEX past_decision_on ON past_decision (entitlement_id, identity_id);
