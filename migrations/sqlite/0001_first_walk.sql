-- The log's head, and the lock that makes writes serial: the first statement of every write transaction updates it.
CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    recorded INTEGER NOT NULL
) STRICT;
INSERT INTO audit_head (id, seq, recorded) VALUES (1, 0, 0);

-- The last id given out, one row a kind.
CREATE TABLE id_sequence (
    kind TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- Versioned relations: recorded_to is null in the current row; nothing is overwritten.
-- salt: of the content hash in the log, so that the hash of a name cannot be guessed.
CREATE TABLE organisation (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX organisation_current ON organisation (id) WHERE recorded_to IS NULL;

CREATE TABLE identity (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    external_id TEXT NOT NULL,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    department TEXT NOT NULL,
    title TEXT NOT NULL,
    location TEXT NOT NULL,
    manager_id INTEGER,
    kind TEXT NOT NULL CHECK (kind IN ('employee', 'contractor', 'external', 'service', 'agent')),
    status TEXT NOT NULL CHECK (status IN ('active', 'on_leave', 'suspended', 'ended')),
    start_date TEXT,
    end_date TEXT,
    attributes TEXT NOT NULL,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX identity_current ON identity (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX identity_username ON identity (username_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX identity_email ON identity (email_key) WHERE recorded_to IS NULL AND email_key <> '';
CREATE INDEX identity_by_name ON identity (name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_status ON identity (status, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_department ON identity (department, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_manager ON identity (manager_id, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_kind ON identity (kind, name_key, id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_end ON identity ((COALESCE(end_date, '9999-12-31')), id) WHERE recorded_to IS NULL;
CREATE INDEX identity_by_change ON identity (recorded_from, id) WHERE recorded_to IS NULL;

CREATE TABLE application (
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
    criticality TEXT CHECK (criticality IN ('low', 'medium', 'high', 'critical')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    built_in INTEGER NOT NULL,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX application_current ON application (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX application_name ON application (name_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX application_by_name ON application (display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX application_by_owner ON application (owner_id, display_key, id) WHERE recorded_to IS NULL;

CREATE TABLE entitlement (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    application_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_name TEXT NOT NULL,
    display_key TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'group', 'permission', 'licence', 'feature')),
    actions TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    risk TEXT CHECK (risk IN ('low', 'medium', 'high', 'critical')),
    owner_id INTEGER,
    requestable INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'ended')),
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX entitlement_current ON entitlement (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX entitlement_name ON entitlement (application_id, name_key) WHERE recorded_to IS NULL AND status <> 'ended';
CREATE INDEX entitlement_by_name ON entitlement (display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX entitlement_by_application ON entitlement (application_id, display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX entitlement_by_owner ON entitlement (owner_id, display_key, id) WHERE recorded_to IS NULL;

CREATE TABLE assignment (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    identity_id INTEGER NOT NULL,
    entitlement_id INTEGER NOT NULL,
    agent TEXT NOT NULL CHECK (agent IN ('rule', 'role', 'request', 'import', 'admin', 'subscription', 'emergency')),
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('eligible', 'active', 'suspended', 'ended')),
    valid_from INTEGER NOT NULL,
    valid_until INTEGER,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX assignment_current ON assignment (id) WHERE recorded_to IS NULL;
CREATE INDEX assignment_by_identity ON assignment (identity_id, state) WHERE recorded_to IS NULL;
CREATE INDEX assignment_by_entitlement ON assignment (entitlement_id, state) WHERE recorded_to IS NULL;

-- Folded words of the current rows, for search by word prefix.
CREATE TABLE identity_word (word TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (word, id)) STRICT, WITHOUT ROWID;
CREATE INDEX identity_word_of ON identity_word (id);
CREATE TABLE application_word (word TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (word, id)) STRICT, WITHOUT ROWID;
CREATE INDEX application_word_of ON application_word (id);
CREATE TABLE entitlement_word (word TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (word, id)) STRICT, WITHOUT ROWID;
CREATE INDEX entitlement_word_of ON entitlement_word (id);

-- Secrets and leases: not versioned, never in the log.
CREATE TABLE credential (
    identity_id INTEGER PRIMARY KEY,
    password_hash TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE TABLE password_link (
    token_hash BLOB PRIMARY KEY,
    identity_id INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX password_link_of ON password_link (identity_id);
CREATE TABLE session (
    id_hash BLOB PRIMARY KEY,
    identity_id INTEGER NOT NULL,
    created INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL
) STRICT;
CREATE INDEX session_of ON session (identity_id, last_seen);
CREATE INDEX session_age ON session (last_seen);
-- Failed sign-ins by account name or address, hashed.
CREATE TABLE sign_in_failure (
    subject BLOB PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_failure INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT;
-- Anonymous denials, summed until their minute is over and they become one entry.
CREATE TABLE denial (
    address TEXT NOT NULL,
    minute INTEGER NOT NULL,
    action TEXT NOT NULL,
    denials INTEGER NOT NULL,
    PRIMARY KEY (address, minute, action)
) STRICT;
-- Which forms have been carried out, so that sending one twice does it once.
CREATE TABLE once (
    key_hash BLOB PRIMARY KEY,
    recorded INTEGER NOT NULL,
    object TEXT NOT NULL
) STRICT;
CREATE INDEX once_age ON once (recorded);

-- The log. leaf is the canonical JSON (RFC 8785) that is hashed; the other columns repeat parts of it for searching
-- and are checked against it.
CREATE TABLE audit_entry (
    seq INTEGER PRIMARY KEY,
    recorded INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    request TEXT,
    leaf BLOB NOT NULL,
    leaf_hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_entry_by_time ON audit_entry (recorded);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor, seq);
CREATE INDEX audit_entry_by_action ON audit_entry (action, seq);
CREATE INDEX audit_entry_by_outcome ON audit_entry (outcome, seq);
CREATE INDEX audit_entry_by_request ON audit_entry (request) WHERE request IS NOT NULL;

CREATE TABLE audit_target (
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    kind TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    content BLOB,
    PRIMARY KEY (seq, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_target_of ON audit_target (kind, object_id, seq);

-- salt and body are null once erased.
CREATE TABLE audit_detail (
    seq INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    subject TEXT NOT NULL,
    salt BLOB,
    body TEXT,
    PRIMARY KEY (seq, ordinal)
) STRICT, WITHOUT ROWID;

-- Signed tree heads; frontier is where the next one goes on, and is checked against the root.
CREATE TABLE audit_checkpoint (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL,
    frontier BLOB NOT NULL,
    note TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
-- Hashes of complete subtrees of 256, 65 536 … entries (level 1, 2 …), as in C2SP tlog-tiles.
CREATE TABLE audit_node (
    level INTEGER NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;
