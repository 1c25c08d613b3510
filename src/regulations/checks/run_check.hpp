// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "domain/received.hpp"
#include "domain/supply_check.hpp"
#include "regulations/checks/checks.hpp"

namespace lockstep::regulations {

/// What is known beside the documents.
struct CheckInput {
  std::vector<Fact> facts;   ///< of the catalogue; the role is put in place by the check
  bool has_facts = false;    ///< whether anybody stated facts
  std::string product_name;  ///< of the product file, "" without one
  std::string product_version;
  Day as_of;
  CheckAnswers answers;
};

/// Answers a check item by item. A pure function: the same arguments give the same view.
/// An answer of a person stands over what was or was not seen, and is shown as theirs.
SupplyCheckView run_check(const Checks& checks,
                          const Check& check,
                          const Ruleset& law,
                          const CheckInput& input,
                          const ReceivedBundle& bundle);

/// Reports answers to items that the check does not have, and answers of a later day.
/// Codes: answers.item, answers.day.
void check_answers(const Check& check, const CheckInput& input, Diagnostics& problems);

}  // namespace lockstep::regulations
