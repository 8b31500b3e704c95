-- What is reviewed, by whom and how often.
CREATE TABLE review (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    content TEXT NOT NULL,
    name_key TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX review_current ON review (id) WHERE recorded_to IS NULL;
CREATE UNIQUE INDEX review_name ON review (name_key) WHERE recorded_to IS NULL AND status <> 'ended';

-- One carrying out of a review.
CREATE TABLE campaign (
    id INTEGER NOT NULL,
    recorded_from INTEGER NOT NULL,
    recorded_to INTEGER,
    salt BLOB NOT NULL,
    content TEXT NOT NULL,
    review_id INTEGER,
    state TEXT NOT NULL,
    due INTEGER NOT NULL,
    PRIMARY KEY (id, recorded_from)
) STRICT;
CREATE UNIQUE INDEX campaign_current ON campaign (id) WHERE recorded_to IS NULL;
CREATE INDEX campaign_by_state ON campaign (state, id) WHERE recorded_to IS NULL;
CREATE INDEX campaign_of ON campaign (review_id, id) WHERE recorded_to IS NULL AND review_id IS NOT NULL;

-- The trees whose roots the log binds: that of a campaign's population has the number 0, each act on many items one of its
-- own. frontier: the right edge so far; seq: the entry that binds it, once it is complete.
CREATE TABLE review_tree (
    campaign_id INTEGER NOT NULL,
    tree INTEGER NOT NULL,
    action TEXT NOT NULL,
    frontier BLOB NOT NULL,
    records INTEGER NOT NULL,
    seq INTEGER,
    PRIMARY KEY (campaign_id, tree)
) STRICT, WITHOUT ROWID;
-- Their leaves, 32 bytes each, in pieces: so a changed row is found by its place.
CREATE TABLE review_leaves (
    campaign_id INTEGER NOT NULL,
    tree INTEGER NOT NULL,
    first_leaf INTEGER NOT NULL,
    leaves INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (campaign_id, tree, first_leaf)
) STRICT;

-- People and things of a population as they were then. Here and below, content is a leaf's canonical JSON, and what is
-- beside it is taken from it or from the records of later acts.
CREATE TABLE review_subject (
    campaign_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    object_id INTEGER NOT NULL,
    leaf INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (campaign_id, kind, object_id)
) STRICT;
-- Evidence has a population in the order of its leaves; items and what is left out have that order by their ids.
CREATE INDEX review_subject_leaf ON review_subject (campaign_id, leaf);

-- Items. id: the campaign's number times 2^32 and the item's number. open: 1 while somebody has to decide. choice: what was
-- decided. likeness: what looks the same to its reviewer has the same number.
CREATE TABLE review_item (
    id INTEGER PRIMARY KEY,
    leaf INTEGER NOT NULL,
    content TEXT NOT NULL,
    holder_id INTEGER NOT NULL,
    what_id INTEGER NOT NULL,
    application_id INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    likeness INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    reviewer_id INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    open INTEGER NOT NULL,
    choice TEXT
) STRICT;
CREATE INDEX review_item_pile ON review_item (campaign_id, reviewer_id, open, id);

-- What is in scope and not reviewed; id as above.
CREATE TABLE review_excluded (
    id INTEGER PRIMARY KEY,
    leaf INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT;

-- What acts did to items, a leaf each: decisions, passing on, what became of revocations. place: the leaf.
CREATE TABLE review_record (
    campaign_id INTEGER NOT NULL,
    tree INTEGER NOT NULL,
    place INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (campaign_id, tree, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_record_of ON review_record (item_id, tree, place);

-- Decisions that are not submitted: drafts, not in the log.
CREATE TABLE review_staged (
    reviewer_id INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    choice TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (reviewer_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_staged_of ON review_staged (item_id);

-- How far each reviewer is in each stage: follows from items and records, and is written with them. looked: milliseconds
-- between two decisions, half of them shorter; together: decided with others at one press.
CREATE TABLE review_pile (
    campaign_id INTEGER NOT NULL,
    reviewer_id INTEGER NOT NULL,
    stage INTEGER NOT NULL,
    items INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    revoked INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    together INTEGER NOT NULL,
    looked INTEGER,
    PRIMARY KEY (campaign_id, reviewer_id, stage)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_pile_of ON review_pile (reviewer_id, campaign_id);

-- What becomes of revocations and changes. due: when it takes effect.
CREATE TABLE review_remedy (
    item_id INTEGER PRIMARY KEY,
    campaign_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    due INTEGER NOT NULL,
    sent INTEGER,
    task_id INTEGER,
    verified_by INTEGER,
    remains INTEGER NOT NULL,
    problem TEXT NOT NULL
) STRICT;
CREATE INDEX review_remedy_due ON review_remedy (due, item_id) WHERE state = 'decided';
CREATE INDEX review_remedy_of ON review_remedy (campaign_id, state, item_id);
CREATE INDEX review_remedy_waiting ON review_remedy (item_id) WHERE state IN ('sent', 'acknowledged');
CREATE INDEX review_remedy_by_task ON review_remedy (task_id) WHERE task_id IS NOT NULL;

-- The last decision on a thing, in campaigns that are closed. item: its kind.
CREATE TABLE review_last (
    holder_id INTEGER NOT NULL,
    item TEXT NOT NULL,
    what_id INTEGER NOT NULL,
    item_id INTEGER NOT NULL,
    choice TEXT NOT NULL,
    PRIMARY KEY (holder_id, item, what_id)
) STRICT, WITHOUT ROWID;
