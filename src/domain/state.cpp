// SPDX-License-Identifier: Apache-2.0
#include "domain/state.hpp"

#include <array>
#include <cstddef>

namespace lockstep {
namespace {

constexpr std::array<std::string_view, 8> words = {
    "pass", "warn", "fail", "underpowered", "stale", "not_checked", "human", "not_applicable"};
/// How bad each state is for its group, in the order of the enumeration.
constexpr std::array<int, 8> badness = {1, 2, 7, 5, 4, 3, 6, 0};

}  // namespace

std::string_view to_text(State state) {
  return words[static_cast<std::size_t>(state)];
}

std::optional<State> parse_state(std::string_view text) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == text) return static_cast<State>(i);
  return std::nullopt;
}

State worse(State a, State b) {
  return badness[static_cast<std::size_t>(a)] >= badness[static_cast<std::size_t>(b)] ? a : b;
}

}  // namespace lockstep
