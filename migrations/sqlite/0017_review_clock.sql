-- What time does to reviews and is done once. Not in the log: what is done has entries of its own. object: the review or
-- campaign; part: the stage, or the day of a turn; reached: up to which reviewer; done: 1 when all were told.
CREATE TABLE review_clock (
    object TEXT NOT NULL,
    what TEXT NOT NULL,
    part TEXT NOT NULL,
    reached INTEGER NOT NULL,
    done INTEGER NOT NULL,
    PRIMARY KEY (object, what, part)
) STRICT, WITHOUT ROWID;
