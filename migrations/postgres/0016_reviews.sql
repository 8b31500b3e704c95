-- What is reviewed, by whom and how often.
CREATE TABLE review (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX review_current ON review (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX review_name ON review (name_key) WHERE recorded_to IS NULL AND status <> 'ended';

-- One carrying out of a review.
CREATE TABLE campaign (
    id BIGINT NOT NULL,
    recorded_from TIMESTAMPTZ NOT NULL,
    recorded_to TIMESTAMPTZ,
    salt BYTEA NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    review_id BIGINT,
    state TEXT COLLATE "C" NOT NULL,
    due TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (id, recorded_from)
);
CREATE UNIQUE INDEX campaign_current ON campaign (id) WHERE recorded_to IS NULL;
CREATE INDEX campaign_by_state ON campaign (state, id) WHERE recorded_to IS NULL;
CREATE INDEX campaign_of ON campaign (review_id, id) WHERE recorded_to IS NULL AND review_id IS NOT NULL;

-- The trees whose roots the log binds: that of a campaign's population has the number 0, each act on many items one of its
-- own. frontier: the right edge so far; seq: the entry that binds it, once it is complete.
CREATE TABLE review_tree (
    campaign_id BIGINT NOT NULL,
    tree BIGINT NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    frontier BYTEA NOT NULL,
    records BIGINT NOT NULL,
    seq BIGINT,
    PRIMARY KEY (campaign_id, tree)
);
-- Their leaves, 32 bytes each, in pieces: so a changed row is found by its place.
CREATE TABLE review_leaves (
    campaign_id BIGINT NOT NULL,
    tree BIGINT NOT NULL,
    first_leaf BIGINT NOT NULL,
    leaves BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (campaign_id, tree, first_leaf)
);

-- People and things of a population as they were then. Here and below, content is a leaf's canonical JSON, and what is
-- beside it is taken from it or from the records of later acts.
CREATE TABLE review_subject (
    campaign_id BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    object_id BIGINT NOT NULL,
    leaf BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (campaign_id, kind, object_id)
);
-- Evidence has a population in the order of its leaves; items and what is left out have that order by their ids.
CREATE INDEX review_subject_leaf ON review_subject (campaign_id, leaf);

-- Items. id: the campaign's number times 2^32 and the item's number. open: 1 while somebody has to decide. choice: what was
-- decided. likeness: what looks the same to its reviewer has the same number.
CREATE TABLE review_item (
    id BIGINT PRIMARY KEY,
    leaf BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    holder_id BIGINT NOT NULL,
    what_id BIGINT NOT NULL,
    application_id BIGINT NOT NULL,
    flags BIGINT NOT NULL,
    likeness BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    reviewer_id BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    open BOOLEAN NOT NULL,
    choice TEXT COLLATE "C"
);
CREATE INDEX review_item_pile ON review_item (campaign_id, reviewer_id, open, id);

-- What is in scope and not reviewed; id as above.
CREATE TABLE review_excluded (
    id BIGINT PRIMARY KEY,
    leaf BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL
);

-- What acts did to items, a leaf each: decisions, passing on, what became of revocations. place: the leaf.
CREATE TABLE review_record (
    campaign_id BIGINT NOT NULL,
    tree BIGINT NOT NULL,
    place BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (campaign_id, tree, place)
);
CREATE INDEX review_record_of ON review_record (item_id, tree, place);

-- Decisions that are not submitted: drafts, not in the log.
CREATE TABLE review_staged (
    reviewer_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    choice TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (reviewer_id, item_id)
);
CREATE INDEX review_staged_of ON review_staged (item_id);

-- How far each reviewer is in each stage: follows from items and records, and is written with them. looked: milliseconds
-- between two decisions, half of them shorter; together: decided with others at one press.
CREATE TABLE review_pile (
    campaign_id BIGINT NOT NULL,
    reviewer_id BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    items BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    revoked BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    passed BIGINT NOT NULL,
    together BIGINT NOT NULL,
    looked BIGINT,
    PRIMARY KEY (campaign_id, reviewer_id, stage)
);
CREATE INDEX review_pile_of ON review_pile (reviewer_id, campaign_id);

-- What becomes of revocations and changes. due: when it takes effect.
CREATE TABLE review_remedy (
    item_id BIGINT PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    due TIMESTAMPTZ NOT NULL,
    sent TIMESTAMPTZ,
    task_id BIGINT,
    verified_by BIGINT,
    remains BOOLEAN NOT NULL,
    problem TEXT COLLATE "C" NOT NULL
);
CREATE INDEX review_remedy_due ON review_remedy (due, item_id) WHERE state = 'decided';
CREATE INDEX review_remedy_of ON review_remedy (campaign_id, state, item_id);
CREATE INDEX review_remedy_waiting ON review_remedy (item_id) WHERE state IN ('sent', 'acknowledged');
CREATE INDEX review_remedy_by_task ON review_remedy (task_id) WHERE task_id IS NOT NULL;

-- The last decision on a thing, in campaigns that are closed. item: its kind.
CREATE TABLE review_last (
    holder_id BIGINT NOT NULL,
    item TEXT COLLATE "C" NOT NULL,
    what_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    choice TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (holder_id, item, what_id)
);
