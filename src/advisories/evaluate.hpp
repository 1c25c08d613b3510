// SPDX-License-Identifier: Apache-2.0
// Whether a version is affected: the evaluation algorithm of the OSV schema, for one entry of
// `affected` whose package is ours.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "advisories/index.hpp"
#include "domain/advisory.hpp"

namespace lockstep::advisories {

/// What the algorithm looks at of one entry of `affected`.
struct AffectedVersions {
  std::string_view ecosystem;
  std::span<const AffectedRangeView> ranges;
  Listed listed = Listed::no_list;
  bool partly_read = false;
};

enum class Verdict {
  affected,
  not_affected,
  not_evaluated,  ///< nothing says affected, and something could not be looked at
};

struct Evaluation {
  Verdict verdict = Verdict::not_affected;
  std::string because;  ///< "2.14.1 is in [2.13.0, 2.15.0)"; why not evaluated
  /// Fixed versions above ours, in the ecosystem's order; they lie where the ranges have them.
  std::vector<std::string_view> fixed;
};

/// A version is affected when `versions` lists it literally or a range holds it. Ranges of commits
/// are passed over; an ecosystem without an order leaves its ranges unevaluated.
/// @param version not empty
Evaluation evaluate(const AffectedVersions& affected, std::string_view version);

}  // namespace lockstep::advisories
