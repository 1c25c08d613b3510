R"sql(
-- SPDX-License-Identifier: Apache-2.0
-- Measurements by what determines them, each chained by a row of evidence with its digest.
CREATE TABLE measurement (
  row  INTEGER PRIMARY KEY,  -- number of its row in evidence
  key  TEXT NOT NULL,        -- SHA-256 over everything that determines the measurement
  body TEXT NOT NULL         -- canonical JSON
) STRICT;

CREATE INDEX measurement_by_key ON measurement (key, row);
)sql"
