-- Layout of a store, version 4: what a sentence that tells of a change of position is about.
-- docs/tables.md describes the tables.

ALTER TABLE turns ADD COLUMN dossier_issue TEXT; -- the issue that its words name
ALTER TABLE turns ADD COLUMN stance TEXT;        -- the new side on that issue: agrees, disagrees; NULL: the words do not tell
ALTER TABLE turns ADD COLUMN told INTEGER;       -- the position that was placed by it, which counts before the other

-- The sentences are found anew.
DELETE FROM turns;
UPDATE briefs SET searched = NULL;
UPDATE article_disputes SET placed = 0;
