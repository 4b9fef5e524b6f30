DROP TABLE IF EXISTS attack;
DROP TABLE IF EXISTS change;
DROP TABLE IF EXISTS incident;
DROP TABLE IF EXISTS position;
DROP TABLE IF EXISTS record;
DROP TABLE IF EXISTS run;
DROP TABLE IF EXISTS statement;
DROP TABLE IF EXISTS tally;

CREATE TABLE position (log INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO position VALUES (0, 0);

-- A number for each record, so that other tables grow at their ends. Digests are found by their
-- first eight bytes, which keeps the index small; the rest is compared.
CREATE TABLE record (
  n      INTEGER PRIMARY KEY,
  record BLOB    NOT NULL
) STRICT;
CREATE INDEX record_by_digest ON record (substr(record, 1, 8));

-- What counted when it was received. All tables below are derived from this one, and are derived
-- again when a revocation reaches back to one of them.
CREATE TABLE statement (
  place    INTEGER PRIMARY KEY,
  n        INTEGER,
  key      BLOB    NOT NULL,
  received INTEGER NOT NULL,
  counts   INTEGER NOT NULL DEFAULT 1,
  entry    BLOB    NOT NULL
) STRICT;
CREATE INDEX statement_by_record ON statement (n, place) WHERE n IS NOT NULL;

CREATE TABLE run (
  place      INTEGER PRIMARY KEY,
  statement  BLOB NOT NULL,
  source     TEXT NOT NULL,
  first_date TEXT NOT NULL,
  last_date  TEXT NOT NULL
) STRICT;
CREATE INDEX run_by_source ON run (source, place);
CREATE INDEX run_by_statement ON run (statement);

CREATE TABLE incident (
  n              INTEGER PRIMARY KEY,
  record         BLOB    NOT NULL,
  source         TEXT    NOT NULL,
  source_id      TEXT    NOT NULL,
  date           TEXT    NOT NULL,
  country        TEXT,
  certainty      TEXT,
  attack_types   TEXT    NOT NULL,
  killed         INTEGER,
  injured        INTEGER,
  listed         INTEGER NOT NULL,
  added_late     INTEGER NOT NULL,
  changes        INTEGER NOT NULL,
  first_received INTEGER NOT NULL,
  last_received  INTEGER NOT NULL
) STRICT;
-- Each in the order of the list, followed by what else may be asked of it.
CREATE INDEX incident_by_date
  ON incident (date, source_id, source, listed, changes);
CREATE INDEX incident_by_country
  ON incident (country, date, source_id, source, certainty, listed, changes);
CREATE INDEX incident_by_certainty
  ON incident (certainty, date, source_id, source, listed, changes);
CREATE INDEX incident_by_source_id ON incident (source_id);
CREATE INDEX incident_changed ON incident (date, source_id, source) WHERE changes > 0;
CREATE INDEX incident_not_listed ON incident (date, source_id, source) WHERE listed = 0;

-- The same by attack type; an incident may have several.
CREATE TABLE attack (
  attack_type TEXT    NOT NULL,
  date        TEXT    NOT NULL,
  source_id   TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  country     TEXT,
  certainty   TEXT,
  listed      INTEGER NOT NULL,
  changes     INTEGER NOT NULL,
  n           INTEGER NOT NULL,
  PRIMARY KEY (attack_type, date, source_id, source)
) STRICT, WITHOUT ROWID;

-- One line of what a source did later; the values are read from the statements.
CREATE TABLE change (
  source  TEXT    NOT NULL,
  place   INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  kind    TEXT    NOT NULL,
  n       INTEGER NOT NULL,
  PRIMARY KEY (source, place, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_by_kind ON change (source, kind, place, ordinal);

-- Totals, kept by the triggers below. A missing code is the empty text.
CREATE TABLE tally (
  dimension  TEXT    NOT NULL,
  code       TEXT    NOT NULL,
  incidents  INTEGER NOT NULL,
  not_listed INTEGER NOT NULL DEFAULT 0,
  changed    INTEGER NOT NULL DEFAULT 0,
  killed     INTEGER NOT NULL DEFAULT 0,
  injured    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (dimension, code)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER incident_comes AFTER INSERT ON incident BEGIN
  INSERT INTO tally (dimension, code, incidents, not_listed, changed, killed, injured)
  SELECT column1, column2, 1, 1 - NEW.listed, NEW.changes > 0,
         ifnull(NEW.killed, 0), ifnull(NEW.injured, 0)
  FROM (VALUES
    ('all', ''), ('month', substr(NEW.date, 1, 7)), ('country', ifnull(NEW.country, '')),
    ('certainty', ifnull(NEW.certainty, '')), ('source', NEW.source))
  WHERE true
  ON CONFLICT (dimension, code) DO UPDATE SET
    incidents = incidents + 1,
    not_listed = not_listed + excluded.not_listed,
    changed = changed + excluded.changed,
    killed = killed + excluded.killed,
    injured = injured + excluded.injured;
END;

CREATE TRIGGER incident_goes AFTER DELETE ON incident BEGIN
  UPDATE tally SET
    incidents = incidents - 1,
    not_listed = not_listed - (1 - OLD.listed),
    changed = changed - (OLD.changes > 0),
    killed = killed - ifnull(OLD.killed, 0),
    injured = injured - ifnull(OLD.injured, 0)
  WHERE (dimension, code) IN (VALUES
    ('all', ''), ('month', substr(OLD.date, 1, 7)), ('country', ifnull(OLD.country, '')),
    ('certainty', ifnull(OLD.certainty, '')), ('source', OLD.source));
  DELETE FROM tally WHERE dimension IN ('month', 'country', 'certainty') AND incidents = 0;
END;

CREATE TRIGGER attack_comes AFTER INSERT ON attack BEGIN
  INSERT INTO tally (dimension, code, incidents) VALUES ('attack_type', NEW.attack_type, 1)
  ON CONFLICT (dimension, code) DO UPDATE SET incidents = incidents + 1;
END;

CREATE TRIGGER attack_goes AFTER DELETE ON attack BEGIN
  UPDATE tally SET incidents = incidents - 1
  WHERE dimension = 'attack_type' AND code = OLD.attack_type;
END;

CREATE TRIGGER change_comes AFTER INSERT ON change BEGIN
  INSERT INTO tally (dimension, code, incidents) VALUES (NEW.kind, NEW.source, 1)
  ON CONFLICT (dimension, code) DO UPDATE SET incidents = incidents + 1;
END;
