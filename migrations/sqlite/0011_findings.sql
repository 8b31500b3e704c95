-- Access that few peers have, as the job that looks for it found it. Only the rows of the run that outlier_head names count;
-- those of other runs are being written, or deleted in pieces. holders: of so many peers, so many have it, too, both
-- without the person. rarity: how many of a million of the group have it. department and title: those of the group.
CREATE TABLE outlier (
    run INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    entitlement_id INTEGER NOT NULL,
    application_id INTEGER NOT NULL,
    department TEXT NOT NULL,
    title TEXT NOT NULL,
    holders INTEGER NOT NULL,
    peers INTEGER NOT NULL,
    rarity INTEGER NOT NULL,
    PRIMARY KEY (run, identity_id, entitlement_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX outlier_by_rarity ON outlier (run, rarity, identity_id, entitlement_id);
CREATE INDEX outlier_by_application ON outlier (run, application_id, rarity, identity_id, entitlement_id);
CREATE INDEX outlier_by_department ON outlier (run, department, rarity, identity_id, entitlement_id);

-- Which run counts, and the moment at which it began to look.
CREATE TABLE outlier_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    run INTEGER NOT NULL,
    found INTEGER
) STRICT;
INSERT INTO outlier_head (id, run, found) VALUES (1, 0, NULL);
