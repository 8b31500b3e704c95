-- An evidence pack has a population in the order of its leaves. Items and what is left out have that order by their ids.
CREATE INDEX review_subject_leaf ON review_subject (campaign_id, leaf);
