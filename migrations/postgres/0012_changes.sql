-- What changed between two moments is found by when it was recorded, and not by reading everything.
CREATE INDEX assignment_by_time ON assignment (recorded_from, identity_id);
-- Those that begin later than they were recorded, and versions that ended by themselves before somebody recorded it.
CREATE INDEX assignment_later ON assignment (valid_from, identity_id) WHERE valid_from > recorded_from;
CREATE INDEX assignment_past_until ON assignment (valid_until, identity_id) WHERE recorded_to IS NOT NULL AND valid_until IS NOT NULL;
CREATE INDEX identity_past ON identity (recorded_to, id) WHERE recorded_to IS NOT NULL;
CREATE INDEX identity_past_end ON identity (end_date, id) WHERE recorded_to IS NOT NULL AND end_date IS NOT NULL;
-- By the last use in steps of four weeks: an import that adds access touches one place for each step and not one for each day.
-- Without the person, which would make each entry its own: alike entries are kept together.
DROP INDEX observed_access_by_use;
CREATE INDEX observed_access_by_age ON observed_access ((last_used / 28)) WHERE gone IS NULL AND last_used IS NOT NULL;
