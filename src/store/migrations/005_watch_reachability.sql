R"sql(
-- SPDX-License-Identifier: Apache-2.0
-- What tools found about the code of a release (docs/gate-policy.md), as JSON.
ALTER TABLE watch_release ADD COLUMN reachability TEXT NOT NULL DEFAULT '[]';
)sql"
