// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep vuln watch add --table`: many released versions at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/watch/releases.hpp"
#include "base/diagnostics.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace lockstep::app {

/// What became of one line.
struct WatchTableRow {
  std::int64_t line = 0;  ///< of the table, from 1
  WatchAdded added;       ///< product and version alone when it failed
  std::optional<Error> problem;
};

/// The releases of a table: CSV (RFC 4180) whose first line names the columns, in any order:
/// product, version, sbom, vex, released, support_until. A cell of sbom or vex may name several
/// files, with ';' between them; paths are taken from the folder of the table.
/// Errors: watch.table when there is no such first line; input.problems when a line cannot be read,
/// after all of them are reported (watch.table, each with its line).
Result<std::vector<WatchAddRequest>> read_watch_table(std::string_view bytes,
                                                      const std::string& path,
                                                      Diagnostics& problems);

/// Keeps the releases of a table, each by itself: one whose files cannot be read does not stop the
/// others. Nothing is kept of a table that cannot be read. Errors: file.*, watch.table,
/// input.problems, store.*.
Result<std::vector<WatchTableRow>> add_releases(const std::string& store_url,
                                                const std::string& table,
                                                Instant at,
                                                const Files& files,
                                                Diagnostics& problems);

}  // namespace lockstep::app
