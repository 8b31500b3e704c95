-- What people are told. Not versioned and not in the log: what happened is there, and who was told of it decides nothing.
-- path: the page to open. digest: waits for the next summary by mail. mail_id: the mail that it went out with.
CREATE TABLE notification (
    id INTEGER PRIMARY KEY,
    identity_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    path TEXT NOT NULL,
    created INTEGER NOT NULL,
    read_at INTEGER,
    digest INTEGER NOT NULL,
    mail_id INTEGER
) STRICT;
CREATE INDEX notification_of ON notification (identity_id, id);
CREATE INDEX notification_unread ON notification (identity_id, id) WHERE read_at IS NULL;
CREATE INDEX notification_digest ON notification (identity_id, id) WHERE digest;
CREATE INDEX notification_by_mail ON notification (mail_id, id) WHERE mail_id IS NOT NULL;
CREATE INDEX notification_age ON notification (created);
CREATE INDEX notification_read_age ON notification (read_at) WHERE read_at IS NOT NULL;

-- How notices of a kind reach somebody, where they chose something else than what is usual.
CREATE TABLE notification_setting (
    identity_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    delivery TEXT NOT NULL CHECK (delivery IN ('now', 'digest', 'app')),
    PRIMARY KEY (identity_id, kind)
) STRICT, WITHOUT ROWID;

-- Mails on their way. What is in one are the notifications that name it. address: where it was last sent to; the person's
-- present one is taken each time. next_at: not tried before. ended: when it was sent or given up.
CREATE TABLE mail (
    id INTEGER PRIMARY KEY,
    identity_id INTEGER NOT NULL,
    digest INTEGER NOT NULL,
    address TEXT,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    failure TEXT,
    created INTEGER NOT NULL,
    ended INTEGER
) STRICT;
CREATE INDEX mail_due ON mail (next_at, id) WHERE state = 'waiting';
CREATE INDEX mail_by_state ON mail (state, id);
CREATE INDEX mail_of ON mail (identity_id, id);
CREATE INDEX mail_age ON mail (created);

-- Whether there is a mail server, as the last server that was started knew; and the round of summaries that was made last.
CREATE TABLE mail_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    is_on INTEGER NOT NULL,
    digested INTEGER
) STRICT;
INSERT INTO mail_head (id, is_on, digested) VALUES (1, 0, NULL);
