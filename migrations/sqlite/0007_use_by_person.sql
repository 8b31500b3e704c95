-- Everybody's access, the longest unused first, goes on by person within a day: without the person in the index a page
-- sorts all rows of its day.
DROP INDEX observed_access_by_use;
CREATE INDEX observed_access_by_use ON observed_access (last_used, identity_id) WHERE gone IS NULL AND last_used IS NOT NULL;
