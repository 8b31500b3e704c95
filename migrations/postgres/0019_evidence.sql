-- The jobs about an object, such as the evidence packs of a campaign.
CREATE INDEX job_about ON job (subject, kind, id) WHERE subject IS NOT NULL;

-- Samples that were drawn of campaigns: the same seed and size draw the same items. items: their numbers as JSON, in the order
-- in which they were drawn.
CREATE TABLE review_sample (
    campaign_id BIGINT NOT NULL,
    seed BIGINT NOT NULL,
    size BIGINT NOT NULL,
    items TEXT COLLATE "C" NOT NULL,
    drawn TIMESTAMPTZ NOT NULL,
    drawn_by BIGINT,
    PRIMARY KEY (campaign_id, seed, size)
);

-- Links with which an outside auditor reads one campaign, or one sample of it, without an account. token: its SHA-256.
CREATE TABLE auditor_link (
    id BIGINT PRIMARY KEY,
    token BYTEA NOT NULL,
    campaign_id BIGINT NOT NULL,
    seed BIGINT,
    size BIGINT,
    auditor TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    created TIMESTAMPTZ NOT NULL,
    created_by BIGINT,
    expires TIMESTAMPTZ NOT NULL,
    revoked TIMESTAMPTZ,
    views BIGINT NOT NULL,
    last_view TIMESTAMPTZ
);
CREATE UNIQUE INDEX auditor_link_token ON auditor_link (token);
CREATE INDEX auditor_link_of ON auditor_link (campaign_id, id);
