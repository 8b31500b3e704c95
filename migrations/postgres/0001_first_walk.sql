-- The log's head, and the lock that makes writes serial: the first statement of every write transaction updates it.
CREATE TABLE audit_head (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    recorded TIMESTAMPTZ NOT NULL
);
INSERT INTO audit_head (id, seq, recorded) VALUES (1, 0, '1970-01-01 00:00:00+00');

-- The last id given out, one row a kind.
CREATE TABLE id_sequence (
    kind TEXT COLLATE "C" PRIMARY KEY,
    last BIGINT NOT NULL
);

-- Versioned relations: recorded_to is null in the current row; nothing is overwritten.
-- salt: of the content hash in the log, so that the hash of a name cannot be guessed.
CREATE TABLE organisation (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX organisation_current ON organisation (id) WHERE recorded_to IS NULL;

CREATE TABLE identity (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    username TEXT COLLATE "C" NOT NULL,
    username_key TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    email_key TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    location TEXT COLLATE "C" NOT NULL,
    manager_id BIGINT,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('employee', 'contractor', 'external', 'service', 'agent')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'on_leave', 'suspended', 'ended')),
    start_date DATE,
    end_date DATE,
    attributes JSONB NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX identity_current ON identity (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX identity_username ON identity (username_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX identity_email ON identity (email_key) WHERE recorded_to IS NULL AND email_key <> '';
CREATE INDEX identity_by_name ON identity (name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_status ON identity (status, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_department ON identity (department, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_manager ON identity (manager_id, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_kind ON identity (kind, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_end ON identity ((COALESCE(end_date, DATE '9999-12-31')), id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_change ON identity (recorded_from, id) WHERE recorded_to IS NULL;

CREATE TABLE application (
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
    criticality TEXT COLLATE "C" CHECK (criticality IN ('low', 'medium', 'high', 'critical')),
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    built_in BOOLEAN NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX application_current ON application (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX application_name ON application (name_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX application_by_name ON application (display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX application_by_owner ON application (owner_id, display_key, id) WHERE recorded_to IS NULL;

CREATE TABLE entitlement (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    application_id BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    display_name TEXT COLLATE "C" NOT NULL,
    display_key TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('account', 'group', 'permission', 'licence', 'feature')),
    actions JSONB NOT NULL,
    resource_type TEXT COLLATE "C" NOT NULL,
    resource_id TEXT COLLATE "C" NOT NULL,
    risk TEXT COLLATE "C" CHECK (risk IN ('low', 'medium', 'high', 'critical')),
    owner_id BIGINT,
    requestable BOOLEAN NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX entitlement_current ON entitlement (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX entitlement_name ON entitlement (application_id, name_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX entitlement_by_name ON entitlement (display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX entitlement_by_application ON entitlement (application_id, display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX entitlement_by_owner ON entitlement (owner_id, display_key, id) WHERE recorded_to IS NULL;

CREATE TABLE assignment (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    identity_id BIGINT NOT NULL,
    entitlement_id BIGINT NOT NULL,
    agent TEXT COLLATE "C" NOT NULL CHECK (agent IN ('rule', 'role', 'request', 'import', 'admin', 'subscription', 'emergency')),
    reason TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('eligible', 'active', 'suspended', 'ended')),
    valid_from TIMESTAMPTZ NOT NULL,
    valid_until TIMESTAMPTZ,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX assignment_current ON assignment (id) WHERE recorded_to IS NULL;
CREATE INDEX assignment_by_identity ON assignment (identity_id, state) WHERE recorded_to IS NULL;
CREATE INDEX assignment_by_entitlement ON assignment (entitlement_id, state) WHERE recorded_to IS NULL;

-- Folded words of the current rows, for search by word prefix.
CREATE TABLE identity_word (word TEXT COLLATE "C" NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (word, id));
CREATE INDEX identity_word_of ON identity_word (id);
CREATE TABLE application_word (word TEXT COLLATE "C" NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (word, id));
CREATE INDEX application_word_of ON application_word (id);
CREATE TABLE entitlement_word (word TEXT COLLATE "C" NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (word, id));
CREATE INDEX entitlement_word_of ON entitlement_word (id);

-- Secrets and leases: not versioned, never in the log.
CREATE TABLE credential (
    identity_id BIGINT PRIMARY KEY,
    password_hash TEXT COLLATE "C" NOT NULL,
    changed TIMESTAMPTZ NOT NULL
);
CREATE TABLE password_link (
    token_hash BYTEA PRIMARY KEY,
    identity_id BIGINT NOT NULL,
    created TIMESTAMPTZ NOT NULL,
    expires TIMESTAMPTZ NOT NULL
);
CREATE INDEX password_link_of ON password_link (identity_id);
CREATE TABLE session (
    id_hash BYTEA PRIMARY KEY,
    identity_id BIGINT NOT NULL,
    created TIMESTAMPTZ NOT NULL,
    last_seen TIMESTAMPTZ NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    user_agent TEXT COLLATE "C" NOT NULL
);
CREATE INDEX session_of ON session (identity_id, last_seen);
CREATE INDEX session_age ON session (last_seen);
-- Failed sign-ins by account name or address, hashed.
CREATE TABLE sign_in_failure (
    subject BYTEA PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_failure TIMESTAMPTZ NOT NULL,
    blocked_until TIMESTAMPTZ NOT NULL
);
-- Anonymous denials, summed until their minute is over and they become one entry.
CREATE TABLE denial (
    address TEXT COLLATE "C" NOT NULL,
    minute TIMESTAMPTZ NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    denials BIGINT NOT NULL,
    PRIMARY KEY (address, minute, action)
);
-- Which forms have been carried out, so that sending one twice does it once.
CREATE TABLE once (
    key_hash BYTEA PRIMARY KEY,
    recorded TIMESTAMPTZ NOT NULL,
    object TEXT COLLATE "C" NOT NULL
);
CREATE INDEX once_age ON once (recorded);

-- The log. leaf is the canonical JSON (RFC 8785) that is hashed; the other columns repeat parts of it for searching
-- and are checked against it.
CREATE TABLE audit_entry (
    seq BIGINT PRIMARY KEY,
    recorded TIMESTAMPTZ NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C",
    leaf BYTEA NOT NULL,
    leaf_hash BYTEA NOT NULL
);
CREATE INDEX audit_entry_by_time ON audit_entry (recorded);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor, seq);
CREATE INDEX audit_entry_by_action ON audit_entry (action, seq);
CREATE INDEX audit_entry_by_outcome ON audit_entry (outcome, seq);
CREATE INDEX audit_entry_by_request ON audit_entry (request) WHERE request IS NOT NULL;

CREATE TABLE audit_target (
    seq BIGINT NOT NULL,
    ordinal SMALLINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    object_id BIGINT NOT NULL,
    content BYTEA,
    PRIMARY KEY (seq, ordinal)
);
CREATE INDEX audit_target_of ON audit_target (kind, object_id, seq);

-- salt and body are null once erased.
CREATE TABLE audit_detail (
    seq BIGINT NOT NULL,
    ordinal SMALLINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    salt BYTEA,
    body TEXT COLLATE "C",
    PRIMARY KEY (seq, ordinal)
);

-- Signed tree heads; frontier is where the next one goes on, and is checked against the root.
CREATE TABLE audit_checkpoint (
    size BIGINT PRIMARY KEY,
    root BYTEA NOT NULL,
    frontier BYTEA NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    created TIMESTAMPTZ NOT NULL
);
-- Hashes of complete subtrees of 256, 65 536 … entries (level 1, 2 …), as in C2SP tlog-tiles.
CREATE TABLE audit_node (
    level SMALLINT NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (level, position)
);
