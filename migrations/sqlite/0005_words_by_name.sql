-- Who has a word, in the order of the list: a search by name reads its page from here.
CREATE TABLE identity_word_by_name (word TEXT NOT NULL, name_key TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (word, name_key, id)) STRICT, WITHOUT ROWID;
INSERT INTO identity_word_by_name (word, name_key, id)
SELECT w.word, p.name_key, w.id FROM identity_word w JOIN identity p ON p.id = w.id AND p.recorded_to IS NULL;
DROP TABLE identity_word;
ALTER TABLE identity_word_by_name RENAME TO identity_word;
CREATE INDEX identity_word_of ON identity_word (id);
