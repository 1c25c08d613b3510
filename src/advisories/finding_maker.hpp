// SPDX-License-Identifier: Apache-2.0
// Findings from the records that touch a component.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "advisories/hit.hpp"
#include "advisories/index.hpp"
#include "advisories/severity.hpp"
#include "base/result.hpp"
#include "domain/finding.hpp"

namespace lockstep::advisories {

/// Findings, one after the other in memory that is used again.
class FindingList {
 public:
  /// A finding at the end, with the contents of an earlier one, to be overwritten.
  Finding& add() {
    if (used_ == findings_.size()) findings_.emplace_back();
    return findings_[used_++];
  }

  std::span<Finding> all() { return std::span(findings_).first(used_); }

  void clear() { used_ = 0; }

 private:
  std::vector<Finding> findings_;
  std::size_t used_ = 0;
};

class FindingMaker {
 public:
  explicit FindingMaker(const AdvisoryIndex& index) : index_(index) {}

  /// Appends one finding for each flaw, sorted by the id of the record that stands for it.
  /// @param component a finding with all that is the same in every finding of the component
  /// Errors: data.index.
  Result<> add(std::span<const Hit> hits, const Finding& component, FindingList& into);

 private:
  /// A hit with what its record says.
  struct Told {
    const Hit* hit = nullptr;
    RecordHead head;
    Flaw flaw;
  };

  using Group = std::span<const Told* const>;

  Result<> tell(std::span<const Hit> hits);
  Result<> rate_by(Group group, Rating& rating);
  Result<> add_lists(Group group, Finding& finding);
  Result<> finish(Group group, Finding& finding);

  const AdvisoryIndex& index_;
  // SPEED: what is needed for each component lies in memory that is used again.
  std::vector<Told> told_;
  std::vector<const Told*> order_;  ///< those of one flaw together, the best id first
  std::vector<Group> groups_;       ///< of `order_`, one for each flaw
  std::vector<RecordSeverity> said_;
  std::vector<RecordHead> others_;  ///< records of the flaw that do not match
  std::vector<std::string_view> ids_;
};

}  // namespace lockstep::advisories
