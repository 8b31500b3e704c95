-- What an assignment was given by: the rule that says so, or the person who decided it.
ALTER TABLE assignment ADD COLUMN rule_id INTEGER;
ALTER TABLE assignment ADD COLUMN granted_by INTEGER;
-- Holders are read in the order of people; what was true at a past moment is found among the versions that ended.
DROP INDEX assignment_by_entitlement;
CREATE INDEX assignment_by_entitlement ON assignment (entitlement_id, identity_id) WHERE recorded_to IS NULL AND entitlement_id IS NOT NULL;
DROP INDEX assignment_by_role;
CREATE INDEX assignment_by_role ON assignment (role_id, identity_id) WHERE recorded_to IS NULL AND role_id IS NOT NULL;
CREATE INDEX assignment_by_rule ON assignment (rule_id, identity_id) WHERE recorded_to IS NULL AND rule_id IS NOT NULL;
CREATE INDEX assignment_by_end ON assignment (valid_until, id) WHERE recorded_to IS NULL AND valid_until IS NOT NULL AND state <> 'ended';
CREATE INDEX assignment_past_of ON assignment (identity_id, recorded_to) WHERE recorded_to IS NOT NULL;
CREATE INDEX assignment_past_entitlement ON assignment (entitlement_id, recorded_to) WHERE recorded_to IS NOT NULL AND entitlement_id IS NOT NULL;
CREATE INDEX assignment_past_role ON assignment (role_id, recorded_to) WHERE recorded_to IS NOT NULL AND role_id IS NOT NULL;

-- What a person shall not get, whoever gives it.
CREATE TABLE exclusion (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    identity_id INTEGER NOT NULL,
    entitlement_id INTEGER,
    role_id INTEGER,
    reason TEXT NOT NULL,
    owner_id INTEGER,
    state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
    valid_from INTEGER NOT NULL,
    valid_until INTEGER,
    CHECK ((role_id IS NULL) <> (entitlement_id IS NULL)),
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX exclusion_current ON exclusion (id) WHERE recorded_to IS NULL;
CREATE INDEX exclusion_of ON exclusion (identity_id, recorded_from);
CREATE INDEX exclusion_by_entitlement ON exclusion (entitlement_id, identity_id) WHERE recorded_to IS NULL AND entitlement_id IS NOT NULL AND state = 'active';
CREATE INDEX exclusion_by_role ON exclusion (role_id, identity_id) WHERE recorded_to IS NULL AND role_id IS NOT NULL AND state = 'active';

-- Who gets what by their attributes. condition: one Cedar expression. hand_over_days: how long somebody to whom it no longer
-- applies keeps what it gave.
CREATE TABLE rule (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    display_key TEXT NOT NULL,
    description TEXT NOT NULL,
    condition TEXT NOT NULL,
    entitlement_id INTEGER,
    role_id INTEGER,
    owner_id INTEGER,
    state TEXT NOT NULL CHECK (state IN ('draft', 'observing', 'active', 'ended')),
    hand_over_days INTEGER NOT NULL,
    CHECK ((role_id IS NULL) <> (entitlement_id IS NULL)),
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX rule_current ON rule (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX rule_name ON rule (name_key) WHERE recorded_to IS NULL AND state <> 'ended';
CREATE INDEX rule_by_name ON rule (display_key, id) WHERE recorded_to IS NULL;
CREATE INDEX rule_by_entitlement ON rule (entitlement_id, id) WHERE recorded_to IS NULL AND entitlement_id IS NOT NULL;
CREATE INDEX rule_by_role ON rule (role_id, id) WHERE recorded_to IS NULL AND role_id IS NOT NULL;
CREATE TABLE rule_word (word TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (word, id)) STRICT, WITHOUT ROWID;
CREATE INDEX rule_word_of ON rule_word (id);

-- When what roles give, or a rule, was changed last: whoever keeps them in memory looks here whether they are still right.
CREATE TABLE model_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    roles INTEGER NOT NULL,
    rules INTEGER NOT NULL
) STRICT;
INSERT INTO model_head (id, roles, rules) SELECT 1, recorded, recorded FROM audit_head;
-- Peers: people with the same department and title.
CREATE INDEX identity_peers ON identity (department, title, id) WHERE recorded_to IS NULL AND status IN ('active', 'on_leave');
-- What else sources say of people: the names that conditions may use.
CREATE TABLE identity_attribute (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO identity_attribute (name) SELECT DISTINCT a.key FROM identity p, json_each(p.attributes) a;
