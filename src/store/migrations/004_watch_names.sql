R"sql(
-- SPDX-License-Identifier: Apache-2.0
-- Components that are known by CPE names, and the products that their bill names, beside which a
-- record may call them affected. Components that were kept before have none until their release is
-- added again.
CREATE TABLE watch_products (
  id    INTEGER PRIMARY KEY,      -- computed in C++ from what follows
  names TEXT NOT NULL             -- CPE names, sorted, one a line
) STRICT;

ALTER TABLE watch_component ADD COLUMN names TEXT NOT NULL DEFAULT '';     -- CPE names, one a line
ALTER TABLE watch_component ADD COLUMN products INTEGER NOT NULL DEFAULT 0; -- of its bill; 0: none

-- What a row counts as (bits of WatchTally), so that a list of releases reads no face.
ALTER TABLE watch_row ADD COLUMN tally INTEGER NOT NULL DEFAULT 0;
UPDATE watch_row SET tally = CASE
  WHEN face ->> '$.kind' <> 'finding' THEN 1
  WHEN face ->> '$.open' = 0 THEN 0
  ELSE 2 + 4 * coalesce(face ->> '$.state' = 'fail', 0)
         + 8 * coalesce(json_array_length(face, '$.exploited') > 0, 0)
END;
DROP INDEX watch_row_by_release;
CREATE INDEX watch_row_by_release ON watch_row (release, tally);
)sql"
