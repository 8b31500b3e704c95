-- Campaigns about one person only, and when they began: follows from the campaigns' terms.
CREATE TABLE campaign_of_person (
    person_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    begun TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person_id, campaign_id)
);

-- Where the items about a person are in a campaign: they have numbers without a gap, some of which may be left out.
CREATE TABLE review_holder (
    campaign_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    first_item BIGINT NOT NULL,
    last_item BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, person_id)
);
CREATE INDEX review_holder_of ON review_holder (person_id, campaign_id);
