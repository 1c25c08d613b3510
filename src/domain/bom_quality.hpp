// SPDX-License-Identifier: Apache-2.0
// What a bill of materials says, held against what somebody asks of it. The rules are data; what
// they may ask about is a list of fields, each a question to the bill or to each component.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/bom.hpp"

namespace lockstep {

struct BomRule {
  std::string id;     ///< "bsi.component_version"
  std::string cites;  ///< "BSI TR-03183-2, required data fields of each component"
  std::string asks;   ///< one sentence
  std::string field;  ///< one of bom_fields()
  std::string path;   ///< where CycloneDX and SPDX have it, for people
  bool is_must = true;
  int weight = 1;
};

/// How far a bill holds to one rule.
struct BomRuleAnswer {
  struct Missing {
    std::string component;
    std::string version;
    LineColumn where;
  };

  const BomRule* rule = nullptr;
  std::size_t met = 0;           ///< of `of`
  std::size_t of = 0;            ///< components that are asked, or 1 for a question to the bill
  std::vector<Missing> missing;  ///< components that lack it, in file order

  bool is_met() const { return met == of; }
};

struct BomQuality {
  std::vector<BomRuleAnswer> answers;  ///< in the order of the rules
  /// 0 to 100: the mean of the met shares, each with its rule's weight, cut to a whole number.
  int score = 0;
};

/// The fields that a rule may name, sorted.
std::vector<std::string_view> bom_fields();

/// Asks every rule. A bill without components answers the questions to components with 0 of 1. Each
/// rule's field must be one of bom_fields() (LS_CHECK); the rules must outlive the answer.
BomQuality judge(const Bom& bom, std::span<const BomRule> rules);

}  // namespace lockstep
