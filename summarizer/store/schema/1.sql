-- The layout of a store, version 1. docs/many.md says what is in each table, with queries to begin with.

CREATE TABLE articles (
    id         INTEGER PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,  -- hash of the text and of what is told of it to a model
    sha256     TEXT    NOT NULL,         -- hash of the text's UTF-8
    title      TEXT,
    author     TEXT,
    published  TEXT,                     -- ISO 8601
    language   TEXT,                     -- BCP 47
    source     TEXT,                     -- where it was from when it first came
    characters INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    first_seen TEXT    NOT NULL          -- UTC, ISO 8601, like all times here
);
CREATE INDEX articles_by_hash ON articles (sha256);

-- What makes briefs: an engine with its prompts and options. A change in any of them makes another one.
CREATE TABLE engines (
    id      INTEGER PRIMARY KEY,
    key     TEXT NOT NULL UNIQUE,
    kind    TEXT NOT NULL,               -- builtin, model
    model   TEXT,                        -- JSON: name, server, parameters
    prompts TEXT NOT NULL,               -- JSON: name, version and hash of each
    options TEXT NOT NULL,               -- JSON
    library TEXT NOT NULL                -- the version of this library
);

CREATE TABLE runs (
    id                INTEGER PRIMARY KEY,
    engine            INTEGER NOT NULL REFERENCES engines,
    started           TEXT    NOT NULL,
    ended             TEXT,              -- NULL: under way, or killed
    state             TEXT    NOT NULL,  -- running, done, stopped
    done              INTEGER NOT NULL DEFAULT 0,
    failed            INTEGER NOT NULL DEFAULT 0,
    prompt_tokens     INTEGER NOT NULL DEFAULT 0,
    cached_tokens     INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0,
    reasoning_tokens  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE briefs (
    article INTEGER NOT NULL REFERENCES articles,
    engine  INTEGER NOT NULL REFERENCES engines,
    run     INTEGER REFERENCES runs,     -- NULL: made by a call of its own
    brief   TEXT    NOT NULL,            -- JSON, as docs/brief.schema.json has it
    made    TEXT    NOT NULL,
    PRIMARY KEY (article, engine)
);

CREATE TABLE failures (
    article   INTEGER NOT NULL REFERENCES articles,
    engine    INTEGER NOT NULL REFERENCES engines,
    run       INTEGER REFERENCES runs,
    kind      TEXT    NOT NULL,          -- the name of the error
    message   TEXT    NOT NULL,
    hint      TEXT    NOT NULL,
    place     TEXT    NOT NULL,          -- in which part of the article
    retryable INTEGER NOT NULL,          -- 1: it may go away by itself
    brief     TEXT,                      -- JSON, where some chunks gave something
    failed    TEXT    NOT NULL,
    PRIMARY KEY (article, engine)
);

-- What a model replied, by the request: what was paid for is not paid for again.
CREATE TABLE replies (
    key               TEXT    PRIMARY KEY,  -- hash of the model, the messages and the schema
    article           INTEGER NOT NULL REFERENCES articles,
    model             TEXT,                 -- as its server names it
    prompts           TEXT    NOT NULL,     -- JSON: name, version and hash of each
    reply             TEXT    NOT NULL,     -- to the letter
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

-- The processes at work, and which articles they are at.
CREATE TABLE workers (
    id   INTEGER PRIMARY KEY,
    host TEXT    NOT NULL,
    pid  INTEGER NOT NULL,
    beat REAL    NOT NULL                -- when it was last heard of, seconds since 1970
);
CREATE TABLE claims (
    article INTEGER NOT NULL REFERENCES articles,
    engine  INTEGER NOT NULL REFERENCES engines,
    worker  INTEGER NOT NULL REFERENCES workers ON DELETE CASCADE,
    PRIMARY KEY (article, engine)
);
