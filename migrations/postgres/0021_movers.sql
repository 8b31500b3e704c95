-- About which account a task is; 0 for none. Such tasks come from reviews only, whose items name the account.
ALTER TABLE fulfilment_task ADD COLUMN account_id BIGINT NOT NULL DEFAULT 0;
UPDATE fulfilment_task SET account_id = COALESCE((SELECT min(i.holder_id) FROM review_remedy r JOIN review_item i ON i.id = r.item_id
    WHERE r.task_id = fulfilment_task.id AND r.task_id IS NOT NULL), 0) WHERE kind = 'disable';
CREATE INDEX fulfilment_task_of_account ON fulfilment_task (account_id, id) WHERE recorded_to IS NULL AND account_id <> 0 AND state IN ('open', 'done');

-- Because of which review of those who move a campaign about one person began; 0 when somebody asked for it.
ALTER TABLE campaign_of_person ADD COLUMN review_id BIGINT NOT NULL DEFAULT 0;

-- Who moved, was looked at for a review of those who move, and is not in its scope: and when. Not in the log: it only keeps
-- them from being looked at again.
CREATE TABLE review_not_mover (
    review_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    seen TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (review_id, person_id)
);
