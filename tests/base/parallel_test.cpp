// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>
#include <vector>

namespace lockstep {
namespace {

TEST(Parallel, EachThreadWorksOnceAndNewOnesBeginFirst) {
  for (const std::size_t threads : {0U, 1U, 2U, 7U}) {
    const auto here = std::this_thread::get_id();
    std::atomic<std::size_t> begun = 0;
    std::atomic<std::size_t> worked = 0;
    std::atomic<std::size_t> worked_here = 0;
    in_threads(
        threads,
        [&] {
          ++worked;
          if (std::this_thread::get_id() == here) ++worked_here;
        },
        [&] { ++begun; });
    EXPECT_EQ(worked, std::max<std::size_t>(threads, 1));
    EXPECT_EQ(begun, worked - 1);
    EXPECT_EQ(worked_here, 1U);
  }
}

TEST(Parallel, PartsHoldEachItemOnceInOrder) {
  for (const std::size_t items : {0U, 1U, 5U, 100U, 101U})
    for (const std::size_t parts : {1U, 2U, 3U, 64U}) {
      std::vector<std::vector<std::size_t>> taken(parts);
      in_parts(items, parts, [&](std::size_t part, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
          taken[part].push_back(i);
      });
      std::vector<std::size_t> all;
      for (const auto& part : taken)
        all.insert(all.end(), part.begin(), part.end());
      std::vector<std::size_t> expected(items);
      std::iota(expected.begin(), expected.end(), 0U);
      EXPECT_EQ(all, expected) << items << ' ' << parts;
    }
}

TEST(Parallel, TwoThingsAreDoneSideBySideOrInTurn) {
  for (const bool pays : {true, false}) {
    int first = 0;
    int second = 0;
    side_by_side(pays, [&] { ++first; }, [&] { ++second; });
    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 1);
  }
}

}  // namespace
}  // namespace lockstep
