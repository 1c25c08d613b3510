// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "advisories/index.hpp"
#include "domain/finding.hpp"

namespace lockstep::advisories {

/// What one record says about how bad a weakness is: its severities, those of the matching entry
/// before those of the record, and its database's word.
struct RecordSeverity {
  std::string_view id;
  std::span<const ScoredSeverity> severity;
  std::string_view word;
};

/// The rating to show: the highest CVSS base score among the records; of two equal ones that of the
/// newer CVSS version. Without a vector, the records' highest word. "unknown" is an answer.
/// @param into takes it, in the place of what is there
void rate(std::span<const RecordSeverity> records, Rating& into);

}  // namespace lockstep::advisories
