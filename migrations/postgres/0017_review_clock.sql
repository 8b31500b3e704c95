-- What time does to reviews and is done once. Not in the log: what is done has entries of its own. object: the review or
-- campaign; part: the stage, or the day of a turn; reached: up to which reviewer; done: 1 when all were told.
CREATE TABLE review_clock (
    object TEXT COLLATE "C" NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    part TEXT COLLATE "C" NOT NULL,
    reached BIGINT NOT NULL,
    done BOOLEAN NOT NULL,
    PRIMARY KEY (object, what, part)
);
