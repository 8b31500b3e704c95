-- Access that few peers have, as the job that looks for it found it. Only the rows of the run that outlier_head names count;
-- those of other runs are being written, or deleted in pieces. holders: of so many peers, so many have it, too, both
-- without the person. rarity: how many of a million of the group have it. department and title: those of the group.
CREATE TABLE outlier (
    run bigint NOT NULL,
    identity_id bigint NOT NULL,
    entitlement_id bigint NOT NULL,
    application_id bigint NOT NULL,
    department text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    holders bigint NOT NULL,
    peers bigint NOT NULL,
    rarity bigint NOT NULL,
    PRIMARY KEY (run, identity_id, entitlement_id)
);
CREATE INDEX outlier_by_rarity ON outlier (run, rarity, identity_id, entitlement_id);
CREATE INDEX outlier_by_application ON outlier (run, application_id, rarity, identity_id, entitlement_id);
CREATE INDEX outlier_by_department ON outlier (run, department, rarity, identity_id, entitlement_id);

-- Which run counts, and the moment at which it began to look.
CREATE TABLE outlier_head (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    run bigint NOT NULL,
    found timestamptz
);
INSERT INTO outlier_head (id, run, found) VALUES (1, 0, NULL);
