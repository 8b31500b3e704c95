-- The jobs about an object, such as the evidence packs of a campaign.
CREATE INDEX job_about ON job (subject, kind, id) WHERE subject IS NOT NULL;

-- Samples that were drawn of campaigns: the same seed and size draw the same items. items: their numbers as JSON, in the order
-- in which they were drawn.
CREATE TABLE review_sample (
    campaign_id INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    size INTEGER NOT NULL,
    items TEXT NOT NULL,
    drawn INTEGER NOT NULL,
    drawn_by INTEGER,
    PRIMARY KEY (campaign_id, seed, size)
) STRICT, WITHOUT ROWID;

-- Links with which an outside auditor reads one campaign, or one sample of it, without an account. token: its SHA-256.
CREATE TABLE auditor_link (
    id INTEGER PRIMARY KEY,
    token BLOB NOT NULL,
    campaign_id INTEGER NOT NULL,
    seed INTEGER,
    size INTEGER,
    auditor TEXT NOT NULL,
    purpose TEXT NOT NULL,
    created INTEGER NOT NULL,
    created_by INTEGER,
    expires INTEGER NOT NULL,
    revoked INTEGER,
    views INTEGER NOT NULL,
    last_view INTEGER
) STRICT;
CREATE UNIQUE INDEX auditor_link_token ON auditor_link (token);
CREATE INDEX auditor_link_of ON auditor_link (campaign_id, id);
