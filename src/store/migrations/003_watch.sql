R"sql(
-- SPDX-License-Identifier: Apache-2.0
-- Watched releases in an inverted form: from a package to the components that it may be, from a
-- component to the releases that hold it. Numbers that stand for texts are computed in C++.
CREATE TABLE watch_release (
  number        INTEGER PRIMARY KEY,
  product       TEXT NOT NULL,
  version       TEXT NOT NULL,
  released      TEXT NOT NULL,     -- YYYY-MM-DD
  support_until TEXT NOT NULL,     -- YYYY-MM-DD, '' when not stated
  added_at      TEXT NOT NULL,
  removed_at    TEXT NOT NULL,     -- '' while it is watched
  bills         TEXT NOT NULL,     -- JSON
  names         TEXT NOT NULL,     -- JSON
  bill_statements TEXT NOT NULL,   -- OpenVEX, '' for none
  statements    TEXT NOT NULL,     -- likewise
  unidentified  INTEGER NOT NULL,
  pending       INTEGER NOT NULL,
  UNIQUE (product, version)
) STRICT;

CREATE TABLE watch_component (
  id      INTEGER PRIMARY KEY,     -- from the SHA-256 of what follows
  purl    TEXT NOT NULL,
  name    TEXT NOT NULL,
  version TEXT NOT NULL
) STRICT;

CREATE TABLE watch_package (
  package   INTEGER NOT NULL,
  component INTEGER NOT NULL,
  PRIMARY KEY (package, component)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_part (
  component INTEGER NOT NULL,
  release   INTEGER NOT NULL,
  bill      INTEGER NOT NULL,
  reference TEXT NOT NULL,
  scope     TEXT NOT NULL,
  PRIMARY KEY (component, release, bill, reference)
) STRICT, WITHOUT ROWID;

CREATE INDEX watch_part_by_release ON watch_part (release);

-- Records and listed ids that the present answer about a component came from.
CREATE TABLE watch_mark (
  mark      INTEGER NOT NULL,
  component INTEGER NOT NULL,
  PRIMARY KEY (mark, component)
) STRICT, WITHOUT ROWID;

CREATE INDEX watch_mark_by_component ON watch_mark (component);

CREATE TABLE watch_row (
  number        INTEGER PRIMARY KEY,
  component     INTEGER NOT NULL,
  release       INTEGER NOT NULL,
  bill          INTEGER NOT NULL,
  reference     TEXT NOT NULL,
  scope         TEXT NOT NULL,
  face          TEXT NOT NULL,     -- JSON
  recheck_after TEXT NOT NULL      -- YYYY-MM-DD, '' for never
) STRICT;

CREATE INDEX watch_row_by_component ON watch_row (component, release);
CREATE INDEX watch_row_by_release ON watch_row (release);

-- What the rows were computed from: the snapshot of the advisory data, the policy, the day.
CREATE TABLE watch_state (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE watch_notice (
  number INTEGER PRIMARY KEY,
  key    TEXT NOT NULL UNIQUE,
  body   TEXT NOT NULL             -- JSON
) STRICT;

CREATE TABLE watch_target (
  target TEXT PRIMARY KEY,
  after  INTEGER NOT NULL          -- notices up to this one had been told before it was named
) STRICT;

CREATE TABLE watch_delivery (
  notice   INTEGER NOT NULL,
  target   TEXT NOT NULL,
  done     INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  at       TEXT NOT NULL,
  problem  TEXT NOT NULL,
  PRIMARY KEY (notice, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE watch_task (
  number     INTEGER PRIMARY KEY,
  product    TEXT NOT NULL,
  flaw       TEXT NOT NULL,
  body       TEXT NOT NULL,        -- JSON
  closed_at  TEXT NOT NULL,
  decision   TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  reason     TEXT NOT NULL
) STRICT;
)sql"
