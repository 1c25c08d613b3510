// SPDX-License-Identifier: Apache-2.0
// The words of the security profile of SPDX 3 for what OpenVEX says. Used in this folder only.
// Source: SPDX specification 3.0.1, profile Security (VexJustificationType and the classes of
// VexVulnAssessmentRelationship).
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace lockstep::formats::spdx {

struct VexWord {
  std::string_view type;
  std::string_view relationship;
};

/// In the order of VexStatement::status: not_affected, affected, fixed, under_investigation.
inline constexpr std::array<VexWord, 4> vex_words = {
    {{"security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect"},
     {"security_VexAffectedVulnAssessmentRelationship", "affects"},
     {"security_VexFixedVulnAssessmentRelationship", "fixedIn"},
     {"security_VexUnderInvestigationVulnAssessmentRelationship", "underInvestigationFor"}}};

using JustificationRow = std::pair<std::string_view, std::string_view>;

/// OpenVEX, SPDX.
inline constexpr std::array<JustificationRow, 5> justification_rows = {
    {{"component_not_present", "componentNotPresent"},
     {"vulnerable_code_not_present", "vulnerableCodeNotPresent"},
     {"vulnerable_code_not_in_execute_path", "vulnerableCodeNotInExecutePath"},
     {"vulnerable_code_cannot_be_controlled_by_adversary",
      "vulnerableCodeCannotBeControlledByAdversary"},
     {"inline_mitigations_already_exist", "inlineMitigationsAlreadyExist"}}};

constexpr std::string_view justification_to_spdx(std::string_view word) {
  const auto row = std::ranges::find(justification_rows, word, &JustificationRow::first);
  return row == justification_rows.end() ? "" : row->second;
}

/// The word, also as an IRI that ends in it; "" for one that SPDX does not have.
constexpr std::string_view justification_from_spdx(std::string_view word) {
  const std::size_t slash = word.rfind('/');
  if (slash != std::string_view::npos) word.remove_prefix(slash + 1);
  const auto row = std::ranges::find(justification_rows, word, &JustificationRow::second);
  return row == justification_rows.end() ? "" : row->first;
}

}  // namespace lockstep::formats::spdx
