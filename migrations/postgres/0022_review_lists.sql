-- Counts of a campaign's items read this index alone, and lists of a reviewer's items are narrowed in it.
DROP INDEX review_item_pile;
CREATE INDEX review_item_pile ON review_item (campaign_id, reviewer_id, open, id, choice, application_id);

-- Lists leave out campaigns about one person only, or have only these.
CREATE INDEX campaign_of_person_by_campaign ON campaign_of_person (campaign_id);
