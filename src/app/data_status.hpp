// SPDX-License-Identifier: Apache-2.0
// The use case of `lockstep data status`: what advisory data is there, how old, and whole or not.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/index.hpp"
#include "base/files.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/finding.hpp"
#include "domain/state.hpp"

namespace lockstep::app {

/// One source with its age.
struct SourceStatus {
  DataSource source;
  std::string edition;  ///< model version of EPSS; "" for others
  /// On the day of judgement; nothing when the data carries no date that is not after it.
  std::optional<std::int64_t> age_days;
  State state = State::not_checked;  ///< pass, stale, or not_checked when the age is not known
  std::string because;               ///< "" when it passes
};

/// One ecosystem of the OSV data.
struct EcosystemStatus {
  std::string ecosystem;
  std::int64_t records = 0;
  std::string as_of;  ///< newest `modified`, also one after the day of judgement
};

/// When the index was made, as the manifest says; "" when there is none or it is of another index.
std::string imported_at(const std::string& data_folder,
                        const std::string& index_sha256,
                        const Files& files);

/// [policy] How old the newest entry of a source may be: advisories and lists a month, those that
/// are published rarely three, EPSS the week after which its scores have moved.
std::chrono::days age_max(std::string_view source);

/// Why the advisories are too old to judge by on that day, as a sentence; "" when they are not.
std::string age_gap(std::span<const DataSource> sources, Day judged);

/// The sources of an index as they are on the day of judgement.
std::vector<DataSource> sources_on(Day judged, const advisories::AdvisoryIndex& index);

struct DataStatus {
  bool is_there = false;
  std::string index;  ///< its path, also when there is none
  std::string index_sha256;
  std::uint64_t index_bytes = 0;
  std::string imported_at;  ///< "" when the manifest is missing or of another index
  std::string asked_at;     ///< when feeds were last asked by `data update`; "" when never
  std::vector<SourceStatus> sources;
  std::vector<EcosystemStatus> ecosystems;
};

/// Reads the index whole and compares it with its digest. No index is an answer, not an error.
/// Errors: data.index, file.unreadable.
/// @param oldest in place of age_max, for all sources
Result<DataStatus> data_status(const std::string& data_folder,
                               Day as_of,
                               const Files& files,
                               std::optional<std::chrono::days> oldest = {});

}  // namespace lockstep::app
