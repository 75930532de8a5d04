-- Layout of a store, version 1. docs/tables.md describes the tables and shows queries.

CREATE TABLE articles (
    id         INTEGER PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,  -- hash of the text and the metadata that a prompt holds
    sha256     TEXT    NOT NULL,         -- hash of the text as UTF-8
    title      TEXT,
    author     TEXT,
    published  TEXT,                     -- ISO 8601
    language   TEXT,                     -- BCP 47
    source     TEXT,                     -- file or URL at the first reading
    characters INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    first_seen TEXT    NOT NULL          -- UTC, ISO 8601, like all times here
);
CREATE INDEX articles_by_hash ON articles (sha256);

-- An engine with its prompts and options. A change in any of them makes another engine.
CREATE TABLE engines (
    id      INTEGER PRIMARY KEY,
    key     TEXT NOT NULL UNIQUE,
    kind    TEXT NOT NULL,               -- builtin, model
    model   TEXT,                        -- JSON: name, server, parameters
    prompts TEXT NOT NULL,               -- JSON: name, version and hash of each
    options TEXT NOT NULL,               -- JSON
    library TEXT NOT NULL                -- version of this library
);

CREATE TABLE runs (
    id                INTEGER PRIMARY KEY,
    engine            INTEGER NOT NULL REFERENCES engines (id),
    started           TEXT    NOT NULL,
    ended             TEXT,              -- NULL: running, or killed
    state             TEXT    NOT NULL,  -- running, done, stopped
    done              INTEGER NOT NULL DEFAULT 0,
    failed            INTEGER NOT NULL DEFAULT 0,
    prompt_tokens     INTEGER NOT NULL DEFAULT 0,
    cached_tokens     INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0,
    reasoning_tokens  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE briefs (
    article INTEGER NOT NULL REFERENCES articles (id),
    engine  INTEGER NOT NULL REFERENCES engines (id),
    run     INTEGER REFERENCES runs (id),     -- NULL: made by a call for one article
    brief   TEXT    NOT NULL,            -- JSON, see docs/brief.schema.json
    made    TEXT    NOT NULL,
    PRIMARY KEY (article, engine)
);

CREATE TABLE failures (
    article   INTEGER NOT NULL REFERENCES articles (id),
    engine    INTEGER NOT NULL REFERENCES engines (id),
    run       INTEGER REFERENCES runs (id),
    kind      TEXT    NOT NULL,          -- class of the error
    message   TEXT    NOT NULL,
    hint      TEXT    NOT NULL,
    place     TEXT    NOT NULL,          -- the part of the article
    retryable INTEGER NOT NULL,          -- 1: a retry may succeed
    brief     TEXT,                      -- JSON: the brief of the chunks that succeeded
    failed    TEXT    NOT NULL,
    PRIMARY KEY (article, engine)
);

-- Replies of models by request, so that no reply is paid for twice.
CREATE TABLE replies (
    key               TEXT    PRIMARY KEY,  -- hash of the model, the messages and the schema
    article           INTEGER NOT NULL REFERENCES articles (id),
    model             TEXT,                 -- name given by the server
    prompts           TEXT    NOT NULL,     -- JSON: name, version and hash of each
    reply             TEXT    NOT NULL,     -- unchanged
    finish_reason     TEXT    NOT NULL,
    output            TEXT    NOT NULL,     -- json_schema, json_object, text
    prompt_tokens     INTEGER NOT NULL,
    cached_tokens     INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    reasoning_tokens  INTEGER NOT NULL,
    retries           INTEGER NOT NULL,
    waited            REAL    NOT NULL,     -- seconds
    received          TEXT    NOT NULL
);
CREATE INDEX replies_by_article ON replies (article);

-- Pages with what a conditional request needs. A page whose address holds a password is not kept.
CREATE TABLE pages (
    url           TEXT PRIMARY KEY,      -- the address that was fetched, without its fragment
    final_url     TEXT NOT NULL,         -- the address after redirects
    media_type    TEXT NOT NULL,
    charset       TEXT,                  -- declared by the server
    etag          TEXT,
    last_modified TEXT,
    body          BLOB NOT NULL,         -- compressed with zlib
    fetched       TEXT NOT NULL
);

-- The articles that a process works on. Each lease is renewed every few seconds.
CREATE TABLE leases (
    article INTEGER NOT NULL REFERENCES articles (id),
    engine  INTEGER NOT NULL REFERENCES engines (id),
    holder  TEXT    NOT NULL,            -- one Store object
    host    TEXT    NOT NULL,
    pid     INTEGER NOT NULL,
    renewed REAL    NOT NULL,            -- seconds since 1970
    PRIMARY KEY (article, engine)
);
