-- Layout of a store, version 3: leases by key, and the requests and jobs of a Batch API.
-- docs/tables.md and docs/batch-api.md describe the tables.

-- What a process works on. Each lease is renewed every few seconds.
DROP TABLE leases;
CREATE TABLE leases (
    key     TEXT PRIMARY KEY,             -- "article ID engine ID", or "batches"
    holder  TEXT NOT NULL,                -- one Store object
    host    TEXT NOT NULL,
    pid     INTEGER NOT NULL,
    renewed REAL NOT NULL                 -- seconds since 1970
);

-- Stores of layout 2 may have these tables already.
DROP TABLE IF EXISTS batch_lease;
DROP TABLE IF EXISTS batch_models;

CREATE TABLE IF NOT EXISTS batch_requests (
    number   INTEGER PRIMARY KEY,
    key      TEXT    NOT NULL UNIQUE,     -- custom_id: hash of the model and the request
    model    TEXT    NOT NULL,            -- hash of the model's identity
    state    TEXT    NOT NULL,            -- new, sent, answered
    wanted   TEXT    NOT NULL,            -- the latest run that needs the reply
    wanted_at REAL   NOT NULL,            -- seconds since 1970: when that run recorded it
    job      TEXT,
    body     BLOB,                        -- JSON, compressed, NULL once answered
    sent     TEXT    NOT NULL,            -- JSON: what the request makes use of
    size     INTEGER NOT NULL,            -- bytes of the body
    attempts INTEGER NOT NULL DEFAULT 0,  -- batches that asked in this form
    forms    INTEGER NOT NULL DEFAULT 0,  -- forms that were given up
    answer   BLOB,                        -- JSON, compressed
    earlier  BLOB,                        -- an answer that was cut off by a limit that was raised
    is_error INTEGER NOT NULL DEFAULT 0   -- 1: the answer is an error; 2: one of the key or the quota
);
CREATE INDEX IF NOT EXISTS batch_requests_by_state ON batch_requests (model, state);
CREATE INDEX IF NOT EXISTS batch_requests_by_job ON batch_requests (job);
CREATE TABLE IF NOT EXISTS batch_jobs (
    number    INTEGER PRIMARY KEY,
    id        TEXT NOT NULL UNIQUE,       -- in the file's name and in the batch's metadata
    model     TEXT NOT NULL,
    name      TEXT NOT NULL,              -- of the model
    server    TEXT NOT NULL,
    state     TEXT NOT NULL,
    requests  INTEGER NOT NULL,
    file      TEXT,                       -- the server's ids
    batch     TEXT,
    output    TEXT,
    errors    TEXT,
    status    TEXT,                       -- as the server last told
    completed INTEGER NOT NULL DEFAULT 0,
    failed    INTEGER NOT NULL DEFAULT 0,
    unanswered INTEGER NOT NULL DEFAULT 0, -- requests that are asked again
    started   REAL,                       -- seconds since 1970: its latest step towards the server
    submitted REAL,
    ended     REAL
);
CREATE TABLE batch_models (
    model        TEXT PRIMARY KEY,
    capabilities TEXT,                    -- JSON: what the server was found to accept
    requests     INTEGER                  -- the most in one batch, by the server's queue limit
);

ALTER TABLE batch_requests RENAME COLUMN wanted TO run;
ALTER TABLE batch_requests RENAME COLUMN wanted_at TO recorded;
ALTER TABLE batch_requests RENAME COLUMN earlier TO cut_off;
ALTER TABLE batch_jobs ADD COLUMN copied INTEGER NOT NULL DEFAULT 0;  -- 1: it came by a merge
