DROP TABLE IF EXISTS statement;
DROP TABLE IF EXISTS position;

CREATE TABLE position (log INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO position VALUES (0, 0);

-- Statements of the public log that change who may say what, and those that open the log.
CREATE TABLE statement (
  place    INTEGER PRIMARY KEY,
  received INTEGER NOT NULL,
  entry    BLOB    NOT NULL
) STRICT;
