DROP TABLE IF EXISTS entry;
DROP TABLE IF EXISTS signer;
DROP TABLE IF EXISTS position;

-- The next index of each log: 0 the public one, 1 the closed one.
CREATE TABLE position (log INTEGER PRIMARY KEY, next INTEGER NOT NULL) STRICT;
INSERT INTO position VALUES (0, 0), (1, 0);

-- A key, the party in whose name it signs, and the role and scope for which that party needs a
-- mandate, both empty where it needs none; a log has many statements of few of them.
CREATE TABLE signer (
  signer INTEGER PRIMARY KEY,
  key    BLOB NOT NULL,
  author BLOB NOT NULL,
  role   TEXT NOT NULL,
  scope  TEXT NOT NULL,
  UNIQUE (key, author, role, scope)
) STRICT;

-- `place` is twice the index, plus one in the closed log: one number that says where an entry is.
CREATE TABLE entry (
  place      INTEGER PRIMARY KEY,
  statement  BLOB    NOT NULL,
  kind       TEXT    NOT NULL,
  version    INTEGER NOT NULL,
  understood INTEGER NOT NULL,
  refusal    TEXT,
  signer     INTEGER NOT NULL,
  subject    TEXT,
  claimed    INTEGER NOT NULL,
  received   INTEGER NOT NULL,
  batch      INTEGER NOT NULL,
  receipt    INTEGER NOT NULL,
  size       INTEGER NOT NULL,
  -- Index of the public log at which it is judged.
  judged     INTEGER NOT NULL,
  -- Digests that it refers to, one after another.
  refs       BLOB    NOT NULL
) STRICT;

-- Digests, also those inside subjects, are found by a piece of them, which keeps the indexes small;
-- the rest is compared.
CREATE INDEX entry_by_statement ON entry (substr(statement, 1, 8));
CREATE INDEX entry_by_subject ON entry (substr(subject, 5, 12)) WHERE subject IS NOT NULL;

-- Whom the node asks, and what they cosigned: few among many.
CREATE INDEX entry_by_witnessing ON entry (kind, place) WHERE kind IN ('log.cosigned', 'log.quorum');

-- Who has access to the node, and what waits for whom: few among many.
CREATE INDEX entry_by_account ON entry (place) WHERE kind IN (
  'account.changed', 'account.closed', 'account.granted', 'account.opened', 'account.withdrawn',
  'passkey.added', 'passkey.removed', 'request.approved', 'request.asked', 'request.done',
  'request.recused', 'request.refused', 'request.withdrawn', 'token.made', 'token.revoked');

-- What was destroyed of records and parties: fewer still.
CREATE INDEX entry_by_tombstone ON entry (place) WHERE kind IN ('party.erased', 'source.erased');
