// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/advisory.hpp"
#include "domain/finding.hpp"

namespace lockstep::advisories {

/// What one record says about how bad a weakness is: its severities, those of the matching entry
/// before those of the record, and its database's word.
struct RecordSeverity {
  std::string_view id;
  std::span<const PublishedSeverityView> severity;
  std::string_view word;
};

/// Base scores of vectors. A few hundred vectors stand in most of all advisories, so each is scored
/// once.
class VectorScores {
 public:
  /// Nothing for a vector that cannot be scored.
  /// @param vector outlives the scores
  std::optional<double> base_score(std::string_view vector);

 private:
  std::unordered_map<std::string_view, std::optional<double>> known_;
};

/// The rating to show: the highest CVSS base score among the records; of two equal ones that of the
/// newer CVSS version. Without a vector, the records' highest word. "unknown" is an answer.
Rating rate(std::span<const RecordSeverity> records, VectorScores& scores);

}  // namespace lockstep::advisories
