-- The access of a person is found by the person alone: rows of one stand together in the index in a few bytes each. Who looks
-- for one grant has the index of holders, which has both.
DROP INDEX observed_access_of;
CREATE INDEX observed_access_of ON observed_access (identity_id) WITH (fillfactor = 100);
