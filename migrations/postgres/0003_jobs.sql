-- Long work and timers. Not versioned and not in the log: what a job does is there, and who asked for it.
-- wish: what somebody asked of a running job, until its worker gets to it. live_key: at most one job of a key that is
-- not over. attempt_from: done when the present attempt began, for the rate. payload, counts and result are JSON that
-- only this program reads; they are text because PostgreSQL's jsonb refuses some of the characters people search for.
CREATE TABLE job (
    id BIGINT PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    payload TEXT COLLATE "C" NOT NULL,
    live_key TEXT COLLATE "C",
    subject TEXT COLLATE "C",
    title TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
    wish TEXT COLLATE "C" CHECK (wish IN ('pause', 'cancel')),
    cancellable BOOLEAN NOT NULL,
    run_at TIMESTAMPTZ NOT NULL,
    lease_owner TEXT COLLATE "C",
    lease_until TIMESTAMPTZ,
    attempts BIGINT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT,
    problems BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    counts TEXT COLLATE "C" NOT NULL,
    result TEXT COLLATE "C",
    failure TEXT COLLATE "C",
    created TIMESTAMPTZ NOT NULL,
    created_by BIGINT,
    started TIMESTAMPTZ,
    attempt_started TIMESTAMPTZ,
    attempt_from BIGINT NOT NULL,
    updated TIMESTAMPTZ NOT NULL,
    finished TIMESTAMPTZ
);
CREATE UNIQUE INDEX job_live ON job (live_key) WHERE live_key IS NOT NULL AND state IN ('queued', 'running', 'paused');
CREATE INDEX job_due ON job (run_at, id) WHERE state = 'queued';
CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_by_state ON job (state, id);
CREATE INDEX job_of ON job (created_by, id);
CREATE INDEX job_age ON job (finished);

-- What went wrong with single items; the first ten thousand of a job.
CREATE TABLE job_problem (
    job_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    message TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (job_id, ordinal)
);

-- A file that a job made, in deflated pieces, until it expires.
CREATE TABLE job_file (
    job_id BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    expires TIMESTAMPTZ NOT NULL
);
CREATE TABLE job_file_chunk (
    job_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (job_id, ordinal)
);
