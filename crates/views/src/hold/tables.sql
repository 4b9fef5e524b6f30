DROP TABLE IF EXISTS position;
DROP TABLE IF EXISTS statement;

CREATE TABLE position (log INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO position VALUES (0, 0);

-- What counted when it was received, and the index from which on it counts no more. What binds and
-- what happened is in memory, made of those that count.
CREATE TABLE statement (
  place    INTEGER PRIMARY KEY,
  key      BLOB    NOT NULL,
  received INTEGER NOT NULL,
  fell     INTEGER,
  entry    BLOB    NOT NULL
) STRICT;
CREATE INDEX fallen ON statement (fell) WHERE fell IS NOT NULL;
