-- Replies of models that machines share, in PostgreSQL: layout version 1. docs/replies.md describes it.

CREATE TABLE summarizer_layout (version integer NOT NULL);
INSERT INTO summarizer_layout VALUES (1);

CREATE TABLE summarizer_replies (
    key               text PRIMARY KEY,  -- hash of the model, the messages and the schema
    model             text,              -- name given by the server
    prompts           jsonb NOT NULL,    -- name, version and hash of each
    reply             text,              -- unchanged; NULL if it is no text for PostgreSQL
    raw               bytea,             -- the reply as UTF-8 then, with surrogates
    finish_reason     text NOT NULL,
    output            text NOT NULL,     -- json_schema, json_object, text
    prompt_tokens     bigint NOT NULL,
    cached_tokens     bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    reasoning_tokens  bigint NOT NULL,
    retries           integer NOT NULL,
    waited            double precision NOT NULL,  -- seconds
    received          timestamptz NOT NULL DEFAULT now()
);
