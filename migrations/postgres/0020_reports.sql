-- What was counted on a day, for reports that look back. Follows from the other tables, so it is not in the log.
CREATE TABLE report_day (
    day DATE NOT NULL,
    measure TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (day, measure)
);
