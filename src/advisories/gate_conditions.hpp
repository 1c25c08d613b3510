// SPDX-License-Identifier: Apache-2.0
// The conditions of the gate's rules. Used in this folder only.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "advisories/gate.hpp"
#include "domain/fact.hpp"

namespace lockstep::advisories {

/// What a condition, or all conditions of a rule, come to.
struct Held {
  Truth truth = Truth::yes;
  std::string facts;    ///< what made them hold: "rated high (8.1), EPSS 0.9000 (...)"
  std::string unknown;  ///< what is not known: "no EPSS score, no day of publication"
};

/// All conditions of a rule. No condition at all holds.
Held holds(const GateWhen& when, const Finding& finding, const GateFacts& facts);

/// The words that stand for what statements say of the finding on the day: its status, or "none";
/// besides "settled" or "open", and "accepted" or "expired" where somebody accepted what stays; ""
/// else. They live as long as the finding.
std::array<std::string_view, 3> statement_words(const Finding& finding, Day as_of);

/// "rated high (8.1)"; "nobody rated it"
std::string rating_phrase(const Finding& finding);

/// Whether an id is one of the flaw's.
bool is_called(const Finding& finding, const std::string& id);

}  // namespace lockstep::advisories
