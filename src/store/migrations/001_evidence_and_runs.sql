R"sql(
-- SPDX-License-Identifier: Apache-2.0
-- The chain of evidence, its end, and the runs. Texts are canonical JSON (RFC 8785).
CREATE TABLE evidence (
  number   INTEGER PRIMARY KEY,  -- from 1, without holes
  body     TEXT NOT NULL,
  previous TEXT NOT NULL,        -- digest of the row before; 64 zeros for the first
  digest   TEXT NOT NULL         -- SHA-256 of previous, a line feed and body
) STRICT;

CREATE TABLE head (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  count  INTEGER NOT NULL,
  digest TEXT NOT NULL
) STRICT;

INSERT INTO head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

CREATE TABLE run (
  number  INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  as_of   TEXT NOT NULL,
  made_at TEXT NOT NULL,
  dossier TEXT NOT NULL
) STRICT;
)sql"
