-- Who must agree before access is given. Here and in the tables below, content is the JSON that the log's hash is of; what
-- is beside it is taken from it, for finding and sorting.
CREATE TABLE approval_flow (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX approval_flow_current ON approval_flow (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX approval_flow_name ON approval_flow (name_key) WHERE recorded_to IS NULL AND status <> 'ended';

-- What somebody asks for, in one go.
CREATE TABLE request (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    requester_id BIGINT NOT NULL,
    beneficiary_id BIGINT NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX request_current ON request (id) WHERE recorded_to IS NULL;

CREATE TABLE request_item (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    request_id BIGINT NOT NULL,
    requester_id BIGINT NOT NULL,
    beneficiary_id BIGINT NOT NULL,
    entitlement_id BIGINT,
    role_id BIGINT,
    state TEXT COLLATE "C" NOT NULL,
    created TIMESTAMPTZ NOT NULL,
    ended TIMESTAMPTZ,
    CHECK ((role_id IS NULL) <> (entitlement_id IS NULL)),
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX request_item_current ON request_item (id) WHERE recorded_to IS NULL;
CREATE INDEX request_item_of ON request_item (request_id, id) WHERE recorded_to IS NULL;
CREATE INDEX request_item_by ON request_item (requester_id, id) WHERE recorded_to IS NULL;
CREATE INDEX request_item_for ON request_item (beneficiary_id, id) WHERE recorded_to IS NULL;
CREATE INDEX request_item_by_state ON request_item (state, id) WHERE recorded_to IS NULL;
CREATE INDEX request_item_by_entitlement ON request_item (entitlement_id, id) WHERE recorded_to IS NULL AND entitlement_id IS NOT NULL;
CREATE INDEX request_item_by_role ON request_item (role_id, id) WHERE recorded_to IS NULL AND role_id IS NOT NULL;
-- What people decided, for proposals that learn from it.
CREATE INDEX request_item_learnt ON request_item (beneficiary_id, entitlement_id) WHERE recorded_to IS NULL AND entitlement_id IS NOT NULL AND state IN ('granted', 'rejected');
CREATE INDEX request_item_ended ON request_item (ended) WHERE recorded_to IS NULL AND ended IS NOT NULL;

-- What happened to an item: appended, never changed. recorded_to stays empty; the columns are those of every versioned table.
CREATE TABLE request_event (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    item_id BIGINT NOT NULL,
    by_id BIGINT,
    event TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE INDEX request_event_of ON request_event (item_id, id);
CREATE INDEX request_event_decided ON request_event (by_id, id) WHERE event = 'decided';

-- Who decides for whom, from when until when.
CREATE TABLE delegation (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    delegator_id BIGINT NOT NULL,
    delegate_id BIGINT NOT NULL,
    valid_from TIMESTAMPTZ NOT NULL,
    valid_until TIMESTAMPTZ NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX delegation_current ON delegation (id) WHERE recorded_to IS NULL;
CREATE INDEX delegation_from ON delegation (delegator_id, id) WHERE recorded_to IS NULL;
CREATE INDEX delegation_to ON delegation (delegate_id, id) WHERE recorded_to IS NULL;

-- What a person does because no connector does it yet.
CREATE TABLE fulfilment_task (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    identity_id BIGINT NOT NULL,
    entitlement_id BIGINT NOT NULL,
    application_id BIGINT NOT NULL,
    assignment_id BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX fulfilment_task_current ON fulfilment_task (id) WHERE recorded_to IS NULL;
CREATE INDEX fulfilment_task_of ON fulfilment_task (assignment_id, id) WHERE recorded_to IS NULL;
CREATE INDEX fulfilment_task_by_state ON fulfilment_task (state, id) WHERE recorded_to IS NULL;
CREATE INDEX fulfilment_task_in ON fulfilment_task (application_id, id) WHERE recorded_to IS NULL AND state IN ('open', 'done');

-- What waits for whom. Follows from the tables above and is written with them; not in the log. handled: that the time is
-- over has been dealt with.
CREATE TABLE inbox_entry (
    person_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('approval', 'answer', 'task')),
    object_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    opened TIMESTAMPTZ NOT NULL,
    due TIMESTAMPTZ NOT NULL,
    remind_at TIMESTAMPTZ,
    handled BOOLEAN NOT NULL,
    PRIMARY KEY (person_id, kind, object_id, step)
);
CREATE INDEX inbox_entry_page ON inbox_entry (person_id, due, kind, object_id, step);
CREATE INDEX inbox_entry_of ON inbox_entry (kind, object_id);
CREATE INDEX inbox_entry_due ON inbox_entry (due) WHERE NOT handled;
CREATE INDEX inbox_entry_remind ON inbox_entry (remind_at) WHERE remind_at IS NOT NULL;

-- What somebody is about to ask for. what: an id as text. days: none without an end.
CREATE TABLE cart_line (
    owner_id BIGINT NOT NULL,
    beneficiary_id BIGINT NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    days BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    added TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (owner_id, beneficiary_id, what)
);

-- The item of a request that an assignment was given by, and the assignment that it activates.
ALTER TABLE assignment ADD COLUMN request_item_id BIGINT;
ALTER TABLE assignment ADD COLUMN activates_id BIGINT;
-- What people may ask for, by name.
CREATE INDEX entitlement_requestable ON entitlement (display_key, id) WHERE recorded_to IS NULL AND requestable AND status = 'active';

-- Until which moment people were told that access of theirs ends.
CREATE TABLE ending_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    told_until TIMESTAMPTZ NOT NULL
);
