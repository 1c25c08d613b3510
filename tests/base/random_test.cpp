// SPDX-License-Identifier: Apache-2.0
#include "base/random.hpp"

#include <array>
#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>
#include <vector>

namespace lockstep {
namespace {

// Known answers of philox4x32-10, from the file kat_vectors of the Random123 library 1.14.0.
TEST(Philox, GivesTheKnownAnswers) {
  using Words = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox({0, 0}, {0, 0, 0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0xa4093822, 0x299f31d0}, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// FNV-1a of 32 bits: offset basis for "", and the published value for "foobar".
TEST(StreamOf, IsFnv1a) {
  EXPECT_EQ(stream_of(""), 0x811c9dc5U);
  EXPECT_EQ(stream_of("a"), 0xe40c292cU);
  EXPECT_EQ(stream_of("foobar"), 0xbf9cf968U);
}

TEST(Random, TheKeyIsSplitIntoKeyAndCounterAsDocumented) {
  Random random({0x299f31d0a4093822U, 2, 3, 4});
  const auto first = philox({0xa4093822, 0x299f31d0}, {0, 2, 3, 4});
  const auto second = philox({0xa4093822, 0x299f31d0}, {1, 2, 3, 4});
  for (const std::uint32_t word : first)
    EXPECT_EQ(random.next_u32(), word);
  for (const std::uint32_t word : second)
    EXPECT_EQ(random.next_u32(), word);
}

TEST(Random, EveryPartOfTheKeyMatters) {
  const RandomKey keys[] = {{1, 0, 0, 0}, {std::uint64_t{1} << 32U, 0, 0, 0},
                            {0, 1, 0, 0}, {0, 0, 1, 0},
                            {0, 0, 0, 1}, {0, 0, 0, 0}};
  std::set<std::uint64_t> firsts;
  for (const RandomKey& key : keys)
    firsts.insert(Random(key).next_u64());
  EXPECT_EQ(firsts.size(), std::size(keys));
}

TEST(Random, UniformsFillTheirIntervalEvenly) {
  Random random({7, 0, 0, 0});
  constexpr int draws = 100'000;
  std::array<int, 20> bins{};
  for (int i = 0; i < draws; ++i) {
    const double value = random.uniform();
    ASSERT_TRUE(0 <= value && value < 1);
    ++bins[static_cast<std::size_t>(value * 20)];
  }
  double chi_square = 0;
  for (const int count : bins)
    chi_square += (count - draws / 20.0) * (count - draws / 20.0) / (draws / 20.0);
  EXPECT_LT(chi_square, 43.8);  // 99.9 % of chi-square with 19 degrees of freedom
}

TEST(Random, NormalsHaveTheMomentsOfTheNormal) {
  Random random({11, 0, 0, 0});
  constexpr int draws = 200'000;
  double sum = 0;
  double squares = 0;
  double fourth = 0;
  int within_one = 0;
  for (int i = 0; i < draws; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
    fourth += value * value * value * value;
    if (std::abs(value) < 1) ++within_one;
  }
  EXPECT_NEAR(sum / draws, 0, 0.01);
  EXPECT_NEAR(squares / draws, 1, 0.015);
  EXPECT_NEAR(fourth / draws, 3, 0.1);
  EXPECT_NEAR(static_cast<double>(within_one) / draws, 0.682689, 0.005);
}

TEST(Random, BelowReachesEveryValueAboutEquallyOften) {
  Random random({13, 0, 0, 0});
  std::vector<int> counts(7);
  constexpr int draws = 70'000;
  for (int i = 0; i < draws; ++i)
    ++counts.at(random.below(7));
  for (const int count : counts)
    EXPECT_NEAR(count, draws / 7, 450);  // 4.9 standard deviations
  EXPECT_EQ(random.below(1), 0U);
}

RC_GTEST_PROP(RandomProperties, BelowIsBelowAndUniformStaysWithin, (std::uint64_t seed)) {
  const std::uint32_t bound = *rc::gen::inRange<std::uint32_t>(1, 0xffffffffU);
  Random random({seed, 1, 2, 3});
  for (int i = 0; i < 20; ++i) {
    RC_ASSERT(random.below(bound) < bound);
    const double value = random.uniform(-2, 3);
    RC_ASSERT((-2 <= value && value < 3));
  }
}

}  // namespace
}  // namespace lockstep
