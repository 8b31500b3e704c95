-- Long work and timers. Not versioned and not in the log: what a job does is there, and who asked for it.
-- wish: what somebody asked of a running job, until its worker gets to it. live_key: at most one job of a key that is
-- not over. attempt_from: done when the present attempt began, for the rate. payload, counts and result are JSON that
-- only this program reads; they are text because PostgreSQL's jsonb refuses some of the characters people search for.
CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    live_key TEXT,
    subject TEXT,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
    wish TEXT CHECK (wish IN ('pause', 'cancel')),
    cancellable INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    attempts INTEGER NOT NULL,
    done INTEGER NOT NULL,
    total INTEGER,
    problems INTEGER NOT NULL,
    note TEXT NOT NULL,
    counts TEXT NOT NULL,
    result TEXT,
    failure TEXT,
    created INTEGER NOT NULL,
    created_by INTEGER,
    started INTEGER,
    attempt_started INTEGER,
    attempt_from INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    finished INTEGER
) STRICT;
CREATE UNIQUE INDEX job_live ON job (live_key) WHERE live_key IS NOT NULL AND state IN ('queued', 'running', 'paused');
CREATE INDEX job_due ON job (run_at, id) WHERE state = 'queued';
CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_by_state ON job (state, id);
CREATE INDEX job_of ON job (created_by, id);
CREATE INDEX job_age ON job (finished);

-- What went wrong with single items; the first ten thousand of a job.
CREATE TABLE job_problem (
    job_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (job_id, ordinal)
) STRICT, WITHOUT ROWID;

-- A file that a job made, in deflated pieces, until it expires.
CREATE TABLE job_file (
    job_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    expires INTEGER NOT NULL
) STRICT;
CREATE TABLE job_file_chunk (
    job_id INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (job_id, ordinal)
) STRICT;
