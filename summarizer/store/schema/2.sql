-- Layout of a store, version 2: the contents of briefs as tables, for searches and dossiers.
-- docs/tables.md describes the tables and shows queries.

-- The same tables as before with more columns. Long texts stand last: what follows one is slow to read.
CREATE TABLE articles_2 (
    id         INTEGER PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,  -- hash of the text and the metadata that a prompt holds
    sha256     TEXT    NOT NULL,         -- hash of the text as UTF-8
    title      TEXT,
    author     TEXT,
    published  TEXT,                     -- ISO 8601
    language   TEXT,                     -- BCP 47
    source     TEXT,                     -- file or URL at the first reading
    url        TEXT,                     -- canonical address
    site       TEXT,                     -- name of the outlet
    section    TEXT,
    form       TEXT,                     -- report, interview, opinion, …
    characters INTEGER NOT NULL,
    first_seen TEXT    NOT NULL,         -- UTC, ISO 8601, like all times here
    copy_of    INTEGER REFERENCES articles (id),         -- the one of syndicated copies that counts
    compared   INTEGER NOT NULL DEFAULT 0,          -- 1: copies of it were sought
    text       TEXT    NOT NULL
);
INSERT INTO articles_2 (
    id, key, sha256, title, author, published, language, source, characters, first_seen, text
) SELECT id, key, sha256, title, author, published, language, source, characters, first_seen, text FROM articles;
DROP TABLE articles;
ALTER TABLE articles_2 RENAME TO articles;
CREATE INDEX articles_by_hash ON articles (sha256);
CREATE INDEX articles_by_date ON articles (published);
CREATE INDEX articles_by_original ON articles (copy_of);
CREATE INDEX articles_to_compare ON articles (id) WHERE NOT compared;

CREATE TABLE briefs_2 (
    id      INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES articles (id),
    engine  INTEGER NOT NULL REFERENCES engines (id),
    run     INTEGER REFERENCES runs (id),     -- NULL: made by a call for one article
    made    TEXT    NOT NULL,
    searched INTEGER,                    -- 1: its article was searched for the sentences in the table turns
    indexed INTEGER,                     -- 1: its parts are in the tables below; 0: unreadable; NULL: not yet
    brief   TEXT    NOT NULL,            -- JSON, see docs/brief.schema.json
    UNIQUE (article, engine)
);
INSERT INTO briefs_2 (article, engine, run, made, brief)
SELECT article, engine, run, made, brief FROM briefs ORDER BY made, rowid;
DROP TABLE briefs;
ALTER TABLE briefs_2 RENAME TO briefs;
CREATE INDEX briefs_by_indexed ON briefs (indexed);

-- Hashes of word sequences, to find copies: a small sample for each article.
CREATE TABLE fingerprints (
    hash    INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;

-- Other outlets with the very same text, of which no other brief is stored.
CREATE TABLE outlets (
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    name    TEXT    NOT NULL,
    url     TEXT,
    PRIMARY KEY (article, name)
) WITHOUT ROWID;

-- Which other outlets have the text of an article that counts.
CREATE VIEW copies_view AS
SELECT copies.copy_of AS article, copies.id AS copy, copies.published AS date,
    coalesce(copies.site, copies.source) AS outlet, copies.url
FROM articles AS copies WHERE copies.copy_of > 0 AND coalesce(copies.site, copies.source) IS NOT NULL
UNION ALL
SELECT articles.id, articles.id, articles.published, outlets.name, outlets.url
FROM outlets JOIN articles ON articles.id = outlets.article WHERE articles.copy_of IS NULL
UNION ALL
SELECT articles.copy_of, articles.id, articles.published, outlets.name, outlets.url
FROM articles JOIN outlets ON outlets.article = articles.id WHERE articles.copy_of > 0;

-- One actor for the holders of many briefs that are the same person or body.
CREATE TABLE actors (
    id   TEXT PRIMARY KEY,               -- made of the name: jane-hill, jane-hill-2
    name TEXT NOT NULL,
    kind TEXT NOT NULL                   -- person, organisation, government, group, document, author, unnamed
);

-- One proposition for the issues of many briefs that are the same matter.
CREATE TABLE dossier_issues (
    id          TEXT PRIMARY KEY,        -- made of the proposition, or the id of the codebook
    proposition TEXT NOT NULL,
    given       INTEGER NOT NULL DEFAULT 0,    -- 1: from a codebook
    found       INTEGER NOT NULL DEFAULT 0,    -- 1: no brief has it; statements of several articles speak of it
    wordings    TEXT    NOT NULL DEFAULT '[]'  -- JSON: other wordings, from a codebook
);

CREATE TABLE holders (
    id          INTEGER PRIMARY KEY,
    brief       INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    key         TEXT    NOT NULL,        -- id in the brief: H1
    name        TEXT,                    -- NULL: an unsigned author, an unidentified source
    kind        TEXT    NOT NULL,
    role        TEXT,
    affiliation TEXT,
    aliases     TEXT    NOT NULL,        -- JSON: other forms of the name in the article
    given       INTEGER NOT NULL,        -- 1: from a codebook
    actor       TEXT    REFERENCES actors (id),  -- NULL: not linked yet
    UNIQUE (brief, key)
);
CREATE INDEX holders_by_actor ON holders (actor);
CREATE INDEX holders_by_given_id ON holders (key) WHERE given;

CREATE TABLE issues (
    id            INTEGER PRIMARY KEY,
    brief         INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    key           TEXT    NOT NULL,      -- id in the brief: I1
    proposition   TEXT    NOT NULL,
    kind          TEXT    NOT NULL,
    given         INTEGER NOT NULL,
    dossier_issue TEXT    REFERENCES dossier_issues (id),  -- NULL: not linked yet
    contrary      INTEGER NOT NULL DEFAULT 0,         -- 1: states the contrary of it, so stances turn
    UNIQUE (brief, key)
);
CREATE INDEX issues_by_dossier_issue ON issues (dossier_issue);

CREATE TABLE positions (
    id          INTEGER PRIMARY KEY,
    brief       INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    key         TEXT    NOT NULL,        -- id in the brief: P1
    statement   TEXT    NOT NULL,
    issue       INTEGER REFERENCES issues (id),
    stance      TEXT    NOT NULL,        -- on the proposition of the issue in the brief
    certainty   TEXT    NOT NULL,
    no_side     INTEGER NOT NULL DEFAULT 0,  -- 1: in jest, under a condition, or of the change of somebody else
    speech      TEXT    NOT NULL,
    reported_by INTEGER REFERENCES holders (id),
    holder_names TEXT   NOT NULL,        -- for searches; position_holders refers to the holders
    quotation   TEXT    NOT NULL,        -- the cited sentences
    sentences   TEXT    NOT NULL,        -- JSON: their numbers
    link        TEXT,                    -- opens at the first cited sentence
    speaker     TEXT    NOT NULL,        -- check of the speaker: confirmed, unconfirmed, contradicted
    support     TEXT    NOT NULL,        -- check of the support
    UNIQUE (brief, key)
);
CREATE INDEX positions_by_issue ON positions (issue);
CREATE INDEX positions_by_reporter ON positions (reported_by);

-- Positions whose words speak of an issue of the dossier, though their brief gives them none, or one of other words.
CREATE TABLE placements (
    position      INTEGER PRIMARY KEY REFERENCES positions (id) ON DELETE CASCADE,
    dossier_issue TEXT    NOT NULL REFERENCES dossier_issues (id) ON DELETE CASCADE,
    stance        TEXT    NOT NULL,      -- on the proposition of the dossier's issue; unclear unless the words decide it
    confidence    REAL    NOT NULL       -- 0 to 1
);
CREATE INDEX placements_by_issue ON placements (dossier_issue);

-- Articles by dispute, and the names in each dispute: statements are compared within one.
CREATE TABLE article_disputes (
    article INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    dispute INTEGER NOT NULL,
    brief   INTEGER NOT NULL,            -- whose statements were placed
    placed  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX article_disputes_by_dispute ON article_disputes (dispute);
CREATE TABLE dispute_names (
    name     TEXT    NOT NULL,           -- in basic form
    dispute  INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (name, dispute)
) WITHOUT ROWID;

CREATE TABLE position_holders (
    position INTEGER NOT NULL REFERENCES positions (id) ON DELETE CASCADE,
    holder   INTEGER NOT NULL REFERENCES holders (id) ON DELETE CASCADE,
    PRIMARY KEY (position, holder)
) WITHOUT ROWID;
CREATE INDEX position_holders_by_holder ON position_holders (holder);

CREATE TABLE questions (
    id        INTEGER PRIMARY KEY,
    brief     INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    key       TEXT    NOT NULL,          -- id in the brief: Q1
    question  TEXT    NOT NULL,
    origin    TEXT    NOT NULL,          -- asked, implied
    quotation TEXT    NOT NULL,
    link      TEXT,
    UNIQUE (brief, key)
);

-- Vectors of short texts, by embedding model.
CREATE TABLE embeddings (
    model  TEXT NOT NULL,                -- server and name
    sha256 TEXT NOT NULL,                -- of the text
    vector BLOB NOT NULL,                -- 32-bit floats, of length 1
    PRIMARY KEY (model, sha256)
) WITHOUT ROWID;

-- Later positions that may answer a question.
CREATE TABLE answers (
    question   INTEGER NOT NULL REFERENCES questions (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL REFERENCES positions (id) ON DELETE CASCADE,
    confidence REAL    NOT NULL,         -- 0 to 1
    PRIMARY KEY (question, position)
) WITHOUT ROWID;
CREATE INDEX answers_by_position ON answers (position);

-- Who is who, which issues are one, and corrections: each decision of a rule, a model or a person.
CREATE TABLE decisions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again, since people refer to it
    kind    TEXT NOT NULL,               -- actor, issue; of people, on a statement: speaker, placement, change, answer
    one     TEXT NOT NULL,               -- key of the holder or issue that was decided on: see summarizer.dossier
    other   TEXT NOT NULL,               -- key of the one it was compared with
    verdict TEXT NOT NULL,               -- same, different, unsure; contrary (issues)
    made_by TEXT NOT NULL,               -- rule, model, person
    reason  TEXT NOT NULL,
    made    TEXT NOT NULL,
    undone  TEXT                         -- NULL: in force
);
CREATE INDEX decisions_by_key ON decisions (kind, one, other);

-- Sentences that say that a holder changed position, or that take back what was reported of a holder.
CREATE TABLE turns (
    id        INTEGER PRIMARY KEY,
    brief     INTEGER NOT NULL REFERENCES briefs (id) ON DELETE CASCADE,
    holder    INTEGER NOT NULL REFERENCES holders (id) ON DELETE CASCADE,
    kind      TEXT    NOT NULL,          -- turn; now: counts only beside earlier statements; correction
    to_stance TEXT,                      -- NULL: the words do not tell
    quotation TEXT    NOT NULL,          -- the sentence
    context   TEXT    NOT NULL,          -- with the sentences around it
    position  INTEGER REFERENCES positions (id) ON DELETE CASCADE  -- a position of the holder that cites the sentence
);
CREATE INDEX turns_by_brief ON turns (brief);
CREATE INDEX turns_by_holder ON turns (holder);
CREATE INDEX turns_by_position ON turns (position);
CREATE INDEX briefs_to_search ON briefs (id) WHERE searched IS NULL;

-- A row while new briefs are linked. One that is left tells that this was interrupted: changes are then found anew.
CREATE TABLE linking (
    id      INTEGER PRIMARY KEY,
    started TEXT NOT NULL
);

-- Changes of position, one row for an actor, an issue and a turn.
CREATE TABLE changes (
    id            INTEGER PRIMARY KEY,
    actor         TEXT    NOT NULL REFERENCES actors (id) ON DELETE CASCADE,
    dossier_issue TEXT    NOT NULL REFERENCES dossier_issues (id) ON DELETE CASCADE,
    from_stance   TEXT    NOT NULL,
    to_stance     TEXT    NOT NULL,
    before        INTEGER NOT NULL REFERENCES positions (id) ON DELETE CASCADE,  -- last position on the old side
    after         INTEGER NOT NULL REFERENCES positions (id) ON DELETE CASCADE,  -- first position on the new side, or
                                         -- the one beside the sentence that tells of the change
    is_explicit   INTEGER NOT NULL,      -- 1: the article says that the actor changed position
    said          TEXT,                  -- the sentence that says so
    confidence    REAL    NOT NULL       -- 0 to 1
);
CREATE INDEX changes_by_actor ON changes (actor, dossier_issue);
CREATE INDEX changes_by_issue ON changes (dossier_issue);
CREATE INDEX changes_by_old_position ON changes (before);
CREATE INDEX changes_by_new_position ON changes (after);

-- The brief that counts for each article: the newest. Copies of another article do not count.
CREATE VIEW current_briefs AS
SELECT briefs.id AS brief, articles.id AS article
FROM briefs JOIN articles ON articles.id = briefs.article
WHERE +briefs.indexed = 1 AND +articles.copy_of IS NULL AND NOT EXISTS (  -- + keeps from using the poor indexes
    SELECT 1 FROM briefs AS newer WHERE newer.article = briefs.article AND +newer.indexed = 1 AND newer.id > briefs.id
);

-- One row for each position and each of its holders.
CREATE VIEW positions_view AS
SELECT
    positions.id                             AS position,
    articles.published                       AS date,
    coalesce(articles.site, articles.source) AS source,
    articles.title                           AS title,
    actors.id                                AS actor,
    coalesce(actors.name, holders.name, holders.kind) AS holder,
    holders.role                             AS role,
    holders.affiliation                      AS affiliation,
    dossier_issues.id                        AS dossier_issue,
    coalesce(dossier_issues.proposition, issues.proposition) AS issue,
    CASE WHEN positions.no_side THEN 'unclear'
         WHEN placements.stance IS NOT NULL THEN placements.stance
         WHEN issues.contrary AND positions.stance = 'agrees' THEN 'disagrees'
         WHEN issues.contrary AND positions.stance = 'disagrees' THEN 'agrees'
         ELSE positions.stance END           AS stance,
    positions.statement                      AS statement,
    positions.quotation                      AS quotation,
    positions.certainty                      AS certainty,
    positions.speech                         AS speech,
    reporters.name                           AS reported_by,
    reporters.actor                          AS reporter,
    coalesce(positions.link, articles.url)   AS link,
    articles.id                              AS article,
    coalesce(placements.confidence, 1.0)     AS confidence  -- that it is about the issue; 1: its brief says so
FROM current_briefs
JOIN positions ON positions.brief = current_briefs.brief
JOIN articles ON articles.id = current_briefs.article
JOIN position_holders ON position_holders.position = positions.id
JOIN holders ON holders.id = position_holders.holder
LEFT JOIN actors ON actors.id = holders.actor
LEFT JOIN issues ON issues.id = positions.issue
LEFT JOIN placements ON placements.position = positions.id
LEFT JOIN dossier_issues ON dossier_issues.id = coalesce(placements.dossier_issue, issues.dossier_issue)
LEFT JOIN holders AS reporters ON reporters.id = positions.reported_by;

CREATE VIEW changes_view AS
SELECT
    actors.name                AS holder,
    dossier_issues.proposition AS issue,
    changes.from_stance,
    changes.to_stance,
    old_articles.published     AS date_before,
    old.quotation              AS quotation_before,
    new_articles.published     AS date_after,
    new.quotation              AS quotation_after,
    changes.is_explicit,
    changes.said,
    changes.confidence
FROM changes
JOIN actors ON actors.id = changes.actor
JOIN dossier_issues ON dossier_issues.id = changes.dossier_issue
JOIN positions AS old ON old.id = changes.before
JOIN briefs AS old_briefs ON old_briefs.id = old.brief
JOIN articles AS old_articles ON old_articles.id = old_briefs.article
JOIN positions AS new ON new.id = changes.after
JOIN briefs AS new_briefs ON new_briefs.id = new.brief
JOIN articles AS new_articles ON new_articles.id = new_briefs.article;

-- Full text. Triggers keep each index in step with its table. Datasette looks for content="…" as it is written here.
CREATE VIRTUAL TABLE positions_fts USING fts5 (
    statement, quotation, holder_names,
    content="positions", content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER positions_added AFTER INSERT ON positions BEGIN
    INSERT INTO positions_fts (rowid, statement, quotation, holder_names)
    VALUES (new.id, new.statement, new.quotation, new.holder_names);
END;
CREATE TRIGGER positions_removed AFTER DELETE ON positions BEGIN
    INSERT INTO positions_fts (positions_fts, rowid, statement, quotation, holder_names)
    VALUES ('delete', old.id, old.statement, old.quotation, old.holder_names);
END;

CREATE VIRTUAL TABLE holders_fts USING fts5 (
    name, aliases, role, content="holders", content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER holders_added AFTER INSERT ON holders BEGIN
    INSERT INTO holders_fts (rowid, name, aliases, role) VALUES (new.id, new.name, new.aliases, new.role);
END;
CREATE TRIGGER holders_removed AFTER DELETE ON holders BEGIN
    INSERT INTO holders_fts (holders_fts, rowid, name, aliases, role)
    VALUES ('delete', old.id, old.name, old.aliases, old.role);
END;

CREATE VIRTUAL TABLE issues_fts USING fts5 (
    proposition, content="issues", content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER issues_added AFTER INSERT ON issues BEGIN
    INSERT INTO issues_fts (rowid, proposition) VALUES (new.id, new.proposition);
END;
CREATE TRIGGER issues_removed AFTER DELETE ON issues BEGIN
    INSERT INTO issues_fts (issues_fts, rowid, proposition) VALUES ('delete', old.id, old.proposition);
END;

CREATE VIRTUAL TABLE articles_fts USING fts5 (
    title, text, content="articles", content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
    INSERT INTO articles_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER articles_removed AFTER DELETE ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
END;
CREATE TRIGGER articles_changed AFTER UPDATE OF title, text ON articles BEGIN
    INSERT INTO articles_fts (articles_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
    INSERT INTO articles_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
