-- Campaigns about one person only, and when they began: follows from the campaigns' terms.
CREATE TABLE campaign_of_person (
    person_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL,
    begun INTEGER NOT NULL,
    PRIMARY KEY (person_id, campaign_id)
) STRICT, WITHOUT ROWID;

-- Where the items about a person are in a campaign: they have numbers without a gap, some of which may be left out.
CREATE TABLE review_holder (
    campaign_id INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    first_item INTEGER NOT NULL,
    last_item INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_holder_of ON review_holder (person_id, campaign_id);
