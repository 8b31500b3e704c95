-- What people are told. Not versioned and not in the log: what happened is there, and who was told of it decides nothing.
-- path: the page to open. digest: waits for the next summary by mail. mail_id: the mail that it went out with.
CREATE TABLE notification (
    id bigint PRIMARY KEY,
    identity_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    object text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    path text COLLATE "C" NOT NULL,
    created timestamptz NOT NULL,
    read_at timestamptz,
    digest boolean NOT NULL,
    mail_id bigint
);
CREATE INDEX notification_of ON notification (identity_id, id);
CREATE INDEX notification_unread ON notification (identity_id, id) WHERE read_at IS NULL;
CREATE INDEX notification_digest ON notification (identity_id, id) WHERE digest;
CREATE INDEX notification_by_mail ON notification (mail_id, id) WHERE mail_id IS NOT NULL;
CREATE INDEX notification_age ON notification (created);
CREATE INDEX notification_read_age ON notification (read_at) WHERE read_at IS NOT NULL;

-- How notices of a kind reach somebody, where they chose something else than what is usual.
CREATE TABLE notification_setting (
    identity_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    delivery text COLLATE "C" NOT NULL CHECK (delivery IN ('now', 'digest', 'app')),
    PRIMARY KEY (identity_id, kind)
);

-- Mails on their way. What is in one are the notifications that name it. address: where it was last sent to; the person's
-- present one is taken each time. next_at: not tried before. ended: when it was sent or given up.
CREATE TABLE mail (
    id bigint PRIMARY KEY,
    identity_id bigint NOT NULL,
    digest boolean NOT NULL,
    address text COLLATE "C",
    state text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts bigint NOT NULL,
    next_at timestamptz NOT NULL,
    failure text COLLATE "C",
    created timestamptz NOT NULL,
    ended timestamptz
);
CREATE INDEX mail_due ON mail (next_at, id) WHERE state = 'waiting';
CREATE INDEX mail_by_state ON mail (state, id);
CREATE INDEX mail_of ON mail (identity_id, id);
CREATE INDEX mail_age ON mail (created);

-- Whether there is a mail server, as the last server that was started knew; and the round of summaries that was made last.
CREATE TABLE mail_head (
    id smallint PRIMARY KEY CHECK (id = 1),
    is_on boolean NOT NULL,
    digested timestamptz
);
INSERT INTO mail_head (id, is_on, digested) VALUES (1, false, NULL);
