-- Where rows come from: versioned like an application. mapping: file kind -> our column -> the file's column.
CREATE TABLE source (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    folder TEXT COLLATE "C" NOT NULL,
    every_minutes BIGINT,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('snapshot', 'delta')),
    mapping JSONB NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX source_current ON source (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX source_name ON source (name_key) WHERE recorded_to IS NULL AND status <> 'ended';

-- One reading of a source. frontier and records: the right edge and size of its manifest's tree so far; root: when it ended.
-- held_by: the worker that applies it, whom nobody relieves before held_until.
-- may_touch_privileged: whether it changes people who hold rights in the console, whoever takes it to its end.
CREATE TABLE source_run (
    id BIGINT PRIMARY KEY,
    source_id BIGINT NOT NULL,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('snapshot', 'delta')),
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('staged', 'checking', 'checked', 'applying', 'applied', 'refused', 'failed', 'cancelled')),
    created TIMESTAMPTZ NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    checked TIMESTAMPTZ,
    finished TIMESTAMPTZ,
    job_id BIGINT,
    held_by TEXT COLLATE "C",
    held_until TIMESTAMPTZ,
    may_touch_privileged BOOLEAN NOT NULL,
    allow_shrink TEXT COLLATE "C",
    message TEXT COLLATE "C" NOT NULL,
    totals JSONB NOT NULL,
    sample JSONB,
    started_seq BIGINT,
    finished_seq BIGINT,
    frontier BYTEA NOT NULL,
    records BIGINT NOT NULL,
    root BYTEA
);
CREATE INDEX source_run_of ON source_run (source_id, id);
CREATE UNIQUE INDEX source_run_applying ON source_run (source_id) WHERE state = 'applying';
CREATE INDEX source_run_by_state ON source_run (state, id);

CREATE TABLE run_file (
    run_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('identities', 'applications', 'entitlements', 'accounts', 'roles', 'role_members', 'access', 'decisions')),
    name TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    header JSONB NOT NULL,
    PRIMARY KEY (run_id, kind)
);
-- The raw files in deflated pieces, until the run has ended.
CREATE TABLE run_chunk (
    run_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (run_id, kind, ordinal)
);
CREATE TABLE run_problem (
    run_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    line BIGINT NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);

-- What a run did: canonical JSON records, one a line, deflated. Each is a leaf of the run's tree.
CREATE TABLE manifest_chunk (
    run_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    first_leaf BIGINT NOT NULL,
    leaves BIGINT NOT NULL,
    recorded TIMESTAMPTZ NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (run_id, ordinal)
);

-- Which identity a source means by its key; without identity it waits for a decision, or 'new' was decided. authority: this
-- source may change and end the person. username_key: how this source calls them. stated: the status it said last.
CREATE TABLE identity_link (
    source_id BIGINT NOT NULL,
    external_key TEXT COLLATE "C" NOT NULL,
    identity_id BIGINT,
    authority BOOLEAN NOT NULL,
    username_key TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('linked', 'waiting', 'new')),
    stated TEXT COLLATE "C",
    seen JSONB,
    recorded TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (source_id, external_key)
);
CREATE INDEX identity_link_of ON identity_link (identity_id, source_id) WHERE identity_id IS NOT NULL;
CREATE INDEX identity_link_by_username ON identity_link (source_id, username_key);
CREATE INDEX identity_link_waiting ON identity_link (source_id, external_key) WHERE state = 'waiting';

ALTER TABLE application ADD COLUMN source_id BIGINT;
CREATE INDEX application_by_source ON application (source_id, id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;
ALTER TABLE entitlement ADD COLUMN source_id BIGINT;
CREATE INDEX entitlement_by_source ON entitlement (source_id, id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;
CREATE INDEX entitlement_no_description ON entitlement (display_key, id) WHERE recorded_to IS NULL AND description = '' AND status <> 'ended';
CREATE INDEX identity_no_manager ON identity (name_key, id) WHERE recorded_to IS NULL AND manager_id IS NULL AND status <> 'ended';

-- Ended identities that may still have live access or reports; rows without either are taken out again.
CREATE TABLE leaver (identity_id BIGINT PRIMARY KEY);
INSERT INTO leaver (identity_id) SELECT id FROM identity WHERE recorded_to IS NULL AND status = 'ended';

CREATE TABLE role (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    display_key TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    owner_id BIGINT,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    source_id BIGINT,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX role_current ON role (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX role_name ON role (name_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX role_by_name ON role (display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX role_by_owner ON role (owner_id, display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX role_by_source ON role (source_id, id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;
-- What a role holds. Part of the role's content: it changes only together with a new version of the role.
CREATE TABLE role_content (
    role_id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    includes_role_id BIGINT,
    entitlement_id BIGINT,
    source_id BIGINT,
    CHECK ((includes_role_id IS NULL) <> (entitlement_id IS NULL))
);
CREATE INDEX role_content_of ON role_content (role_id, recorded_from);
CREATE INDEX role_content_by_entitlement ON role_content (entitlement_id, role_id) WHERE recorded_to IS NULL AND entitlement_id IS NOT NULL;
CREATE INDEX role_content_by_role ON role_content (includes_role_id, role_id) WHERE recorded_to IS NULL AND includes_role_id IS NOT NULL;
CREATE TABLE role_word (word TEXT COLLATE "C" NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (word, id));
CREATE INDEX role_word_of ON role_word (id);

-- An assignment gives an entitlement or a role.
ALTER TABLE assignment ALTER COLUMN entitlement_id DROP NOT NULL;
ALTER TABLE assignment ADD COLUMN role_id BIGINT;
ALTER TABLE assignment ADD COLUMN source_id BIGINT;
ALTER TABLE assignment ADD CHECK ((role_id IS NULL) <> (entitlement_id IS NULL));
CREATE INDEX assignment_by_role ON assignment (role_id, state) WHERE recorded_to IS NULL AND role_id IS NOT NULL;
CREATE INDEX assignment_by_source ON assignment (source_id, identity_id, role_id) WHERE recorded_to IS NULL AND source_id IS NOT NULL;

-- Logins in applications; without identity an orphan. An account ends when its row is closed and none follows; last_used is
-- brought up to date in place. implied: known from access rows only.
CREATE TABLE account (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    application_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    identity_id BIGINT,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('enabled', 'disabled')),
    last_used DATE,
    implied BOOLEAN NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
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
    first_seen TIMESTAMPTZ NOT NULL,
    identity_id INTEGER NOT NULL,
    entitlement_id INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    granted INTEGER,
    last_used INTEGER,
    gone TIMESTAMPTZ
);
-- Rows come in the order of these indexes, so pages are filled from left to right and need no room for what comes between.
CREATE INDEX observed_access_of ON observed_access (identity_id, entitlement_id) WITH (fillfactor = 100);
CREATE INDEX observed_access_holders ON observed_access (entitlement_id, identity_id) WITH (fillfactor = 100);
CREATE INDEX observed_access_by_use ON observed_access (last_used) WHERE gone IS NULL AND last_used IS NOT NULL;

-- Decisions of the past that a source tells of: what proposals learn from.
CREATE TABLE past_decision (
    identity_id BIGINT NOT NULL,
    entitlement_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    decision TEXT COLLATE "C" NOT NULL CHECK (decision IN ('approved', 'denied')),
    decided_at TIMESTAMPTZ,
    decided_by_id BIGINT,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ
);
CREATE INDEX past_decision_of ON past_decision (identity_id, entitlement_id);
CREATE INDEX past_decision_on ON past_decision (entitlement_id, identity_id);
