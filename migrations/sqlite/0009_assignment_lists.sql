-- Assignments as a list, what began last first. Each has its place in one of two: those that have ended stand apart, so that
-- however many there are, nobody walks past them.
CREATE INDEX assignment_by_since ON assignment (valid_from, id) WHERE recorded_to IS NULL AND state <> 'ended';
CREATE INDEX assignment_ended ON assignment (valid_from, id) WHERE recorded_to IS NULL AND state = 'ended';
-- What is rare among them. Most come from rules, and those are found by the rule.
CREATE INDEX assignment_suspended ON assignment (state, valid_from, id) WHERE recorded_to IS NULL AND state = 'suspended';
CREATE INDEX assignment_by_agent ON assignment (agent, valid_from, id) WHERE recorded_to IS NULL AND state <> 'ended' AND agent <> 'rule';
CREATE INDEX assignment_no_reason ON assignment (reason, valid_from, id) WHERE recorded_to IS NULL AND state <> 'ended' AND reason = '';
