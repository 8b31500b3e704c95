-- What was learnt from past decisions: at most one row, replaced by the next. Operational, not versioned: whatever was decided
-- on a proposal has entries of its own. basis: when the newest decision was recorded that was known. quality: area under the
-- ROC curve on decisions held back, in millionths. content: deflated.
CREATE TABLE proposal_basis (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    learnt TIMESTAMPTZ NOT NULL,
    basis TIMESTAMPTZ NOT NULL,
    approved BIGINT NOT NULL,
    denied BIGINT NOT NULL,
    quality BIGINT,
    content BYTEA NOT NULL
);

-- Whether there are newer decisions than those that were learnt from.
CREATE INDEX past_decision_recorded ON past_decision (recorded_from);
CREATE INDEX past_decision_ended ON past_decision (recorded_to) WHERE recorded_to IS NOT NULL;
