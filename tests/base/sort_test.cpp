// SPDX-License-Identifier: Apache-2.0
#include "base/sort.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <utility>
#include <vector>

#include "base/random.hpp"

namespace lockstep {
namespace {

using Items = std::vector<std::pair<std::uint64_t, int>>;

/// Runs in order of random lengths, with some numbers more than once.
Items random_items(std::size_t count, std::uint32_t stream) {
  Random random(RandomKey{17, stream, 0, 0});
  Items items;
  for (std::size_t i = 0; i < count; ++i) {
    const bool starts_again = items.empty() || random.uniform() < 0.01;
    const auto step = static_cast<std::uint64_t>(random.uniform(0, 3));
    items.emplace_back(starts_again ? static_cast<std::uint64_t>(random.uniform(0, 1000))
                                    : items.back().first + step,
                       static_cast<int>(i));
  }
  return items;
}

TEST(Sort, IsInOrderAndHoldsWhatItHeld) {
  for (const std::size_t count : {0U, 1U, 2U, 30U, 1000U, 20'000U}) {
    const Items items = random_items(count, static_cast<std::uint32_t>(count));
    Items expected = items;
    std::ranges::sort(expected);
    Items by_number = items;
    sort_by_number(by_number, &std::pair<std::uint64_t, int>::first);
    EXPECT_TRUE(std::ranges::is_sorted(by_number, {}, &std::pair<std::uint64_t, int>::first));
    std::ranges::sort(by_number);
    EXPECT_EQ(by_number, expected);
    Items runs = items;
    sort_runs(runs, std::less<>());
    EXPECT_EQ(runs, expected);
  }
}

}  // namespace
}  // namespace lockstep
