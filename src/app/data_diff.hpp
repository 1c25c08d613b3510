// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep data diff`: what two indexes say differently.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "advisories/index_diff.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

namespace lockstep::app {

/// How many records differ, in which way.
struct ChangeCounts {
  std::int64_t added = 0;
  std::int64_t changed = 0;
  std::int64_t withdrawn = 0;
  std::int64_t removed = 0;

  void add(advisories::RecordChange change);
};

/// A source of one index or both.
struct SourceChange {
  std::string source;
  std::int64_t entries_before = 0;
  std::int64_t entries_after = 0;
  bool is_same = false;  ///< by its digest
};

struct DataDiff {
  std::string sha256_before;  ///< of the indexes
  std::string sha256_after;
  std::vector<SourceChange> sources;  ///< sorted by name
  ChangeCounts all;
  /// Sorted by name. A record of several ecosystems counts in each.
  std::vector<std::pair<std::string, ChangeCounts>> ecosystems;
  std::vector<advisories::RecordDifference> records;  ///< sorted by id
};

/// @param before, after  an index, or a data folder that holds one
/// Errors: file.missing, file.unreadable, data.index, data.missing (a folder without an index).
Result<DataDiff> data_diff(const std::string& before, const std::string& after, const Files& files);

/// lockstep/data-diff/1
Json data_diff_json(const DataDiff& diff, int exit);

}  // namespace lockstep::app
