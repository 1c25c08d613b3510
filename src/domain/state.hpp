// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace lockstep {

/// The outcome of one check. The words are a promise to scripts (docs/states.md).
enum class State {
  pass,            ///< shown
  warn,            ///< shown, with a remark
  fail,            ///< shown not to hold
  underpowered,    ///< tested, but with too few samples to decide
  stale,           ///< shown once, but the data or evidence is too old
  not_checked,     ///< nothing was looked at; the reason is said
  human,           ///< needs a person's decision
  not_applicable,  ///< does not apply; the reason is said
};

std::string_view to_text(State state);
std::optional<State> parse_state(std::string_view text);

/// The state that stands for a group: fail before human, underpowered, stale, not_checked, warn,
/// pass, not_applicable.
State worse(State a, State b);

}  // namespace lockstep
