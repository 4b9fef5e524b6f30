DROP TABLE IF EXISTS position;
DROP TABLE IF EXISTS statement;

CREATE TABLE position (log INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO position VALUES (0, 0);

-- What counted when it was received. The register in memory is made of those that count.
CREATE TABLE statement (
  place    INTEGER PRIMARY KEY,
  key      BLOB    NOT NULL,
  received INTEGER NOT NULL,
  counts   INTEGER NOT NULL DEFAULT 1,
  entry    BLOB    NOT NULL
) STRICT;
