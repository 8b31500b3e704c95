-- What was counted on a day, for reports that look back. Follows from the other tables, so it is not in the log.
CREATE TABLE report_day (
    day TEXT NOT NULL,
    measure TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (day, measure)
) STRICT, WITHOUT ROWID;
