// SPDX-License-Identifier: Apache-2.0
// Findings from the records that touch a component.
#pragma once

#include <span>
#include <vector>

#include "advisories/hit.hpp"
#include "advisories/index.hpp"
#include "advisories/severity.hpp"
#include "base/result.hpp"
#include "domain/finding.hpp"

namespace lockstep::advisories {

/// A hit with what its record says.
struct Told;

class FindingMaker {
 public:
  explicit FindingMaker(const AdvisoryIndex& index) : index_(index) {}

  /// Appends one finding for each flaw, sorted by the id of the record that stands for it.
  /// @param component a finding with all that is the same in every finding of the component
  /// Errors: data.index.
  Result<> add(std::span<const Hit> hits, const Finding& component, std::vector<Finding>& into);

 private:
  Result<Rating> rating_of(std::span<const Told* const> group);
  Result<> add_lists(std::span<const Told* const> group, Finding& finding) const;
  Result<> finish(std::span<const Told* const> group, Finding& finding);

  const AdvisoryIndex& index_;
  VectorScores scores_;
};

}  // namespace lockstep::advisories
