-- Saved searches of lists. Not versioned and not in the log: a view is a bookmark and gives nobody anything to see.
-- query: what stands behind the question mark of the list's address.
CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY,
    owner_id INTEGER NOT NULL,
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    query TEXT NOT NULL,
    shared INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_view_name ON saved_view (owner_id, list, name_key);
CREATE INDEX saved_view_shared ON saved_view (list, shared, name_key);

-- The columns that somebody wants to see in a list, in their order, when its address names none.
CREATE TABLE list_columns (
    identity_id INTEGER NOT NULL,
    list TEXT NOT NULL,
    columns TEXT NOT NULL,
    PRIMARY KEY (identity_id, list)
) STRICT, WITHOUT ROWID;
