// SPDX-License-Identifier: Apache-2.0
#include "domain/state.hpp"

#include <gtest/gtest.h>

namespace lockstep {
namespace {

constexpr State all[] = {State::pass,  State::warn,        State::fail,  State::underpowered,
                         State::stale, State::not_checked, State::human, State::not_applicable};

// The words are a promise to scripts.
TEST(State, HasItsWords) {
  const char* words[] = {"pass",  "warn",        "fail",  "underpowered",
                         "stale", "not_checked", "human", "not_applicable"};
  for (std::size_t i = 0; i < std::size(all); ++i) {
    EXPECT_EQ(to_text(all[i]), words[i]);
    EXPECT_EQ(parse_state(words[i]), all[i]);
  }
  for (const char* other : {"", "PASS", "passed", "unknown"})
    EXPECT_EQ(parse_state(other), std::nullopt);
}

TEST(State, TheWorstStandsForTheGroup) {
  constexpr State from_worst[] = {State::fail,  State::human,         State::underpowered,
                                  State::stale, State::not_checked,   State::warn,
                                  State::pass,  State::not_applicable};
  for (std::size_t i = 0; i < std::size(from_worst); ++i)
    for (std::size_t j = i; j < std::size(from_worst); ++j) {
      EXPECT_EQ(worse(from_worst[i], from_worst[j]), from_worst[i]);
      EXPECT_EQ(worse(from_worst[j], from_worst[i]), from_worst[i]);
    }
}

}  // namespace
}  // namespace lockstep
