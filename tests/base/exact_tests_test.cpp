// SPDX-License-Identifier: Apache-2.0
#include "base/exact_tests.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/json.hpp"
#include "support/paths.hpp"

namespace lockstep {
namespace {

// scipy 1.17.1: binomtest, fisher_exact.
TEST(ExactTests, GiveThePValuesOfScipy) {
  EXPECT_NEAR(binomial_at_least(991, 1000, 0.985), 0.06839318689960439, 1e-12);
  EXPECT_NEAR(binomial_at_most(970, 1000, 0.985), 0.0003736794241471265, 1e-14);
  EXPECT_NEAR(mcnemar(6, 16), 0.052478790283203125, 1e-14);
  EXPECT_NEAR(mcnemar(0, 5), 0.0625, 1e-15);
  EXPECT_NEAR(mcnemar(121, 59), 4.4344492637551645e-06, 1e-15);
  EXPECT_EQ(mcnemar(3, 3), 1);
  EXPECT_EQ(mcnemar(0, 0), 1);
  EXPECT_NEAR(fisher_exact(8, 2, 1, 5), 0.034965034965034975, 1e-12);
  EXPECT_NEAR(fisher_exact(3, 17, 20, 10), 0.0004410895749199411, 1e-14);
  EXPECT_NEAR(fisher_exact(40, 60, 45, 55), 0.567339612734918, 1e-10);
  EXPECT_NEAR(fisher_exact(0, 30, 5, 970), 1.0, 1e-10);
  EXPECT_NEAR(fisher_exact(812, 3, 90, 95) / 3.115179452236368e-76, 1, 1e-9);
}

RC_GTEST_PROP(ExactTests, TailsMeetAtTheCount, ()) {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 60);
  const auto k = *rc::gen::inRange<std::int64_t>(0, n + 1);
  const double p = *rc::gen::inRange(1, 100) / 100.0;
  const double one = std::exp(std::lgamma(double(n) + 1) - std::lgamma(double(k) + 1) -
                              std::lgamma(double(n - k) + 1) + double(k) * std::log(p) +
                              double(n - k) * std::log1p(-p));
  const double both = binomial_at_least(k, n, p) + binomial_at_most(k, n, p);
  RC_ASSERT((std::abs(both - 1 - one) < 1e-10));
}

RC_GTEST_PROP(ExactTests, FishersTestDoesNotCareWhichRowIsFirst, ()) {
  const auto count = rc::gen::inRange<std::int64_t>(0, 25);
  const auto a = *count;
  const auto b = *count;
  const auto c = *count;
  const auto d = *count;
  const double p = fisher_exact(a, b, c, d);
  RC_ASSERT((p > 0 && p <= 1));
  RC_ASSERT((std::abs(p - fisher_exact(c, d, a, b)) < 1e-9));
  RC_ASSERT((std::abs(p - fisher_exact(a, c, b, d)) < 1e-9));
}

TEST(ExactTests, SamplesForARateAreThoseOfTheReference) {
  EXPECT_EQ(samples_for_rate(0.9, 0.95, 0), 29);
  EXPECT_EQ(samples_for_rate(0.99, 0.95, 1), 473);
  EXPECT_EQ(samples_for_rate(1 - 1e-12, 0.95, 0), 0);
  LS_NEEDS_SHARED("ai/references.json");
  Diagnostics problems;
  const std::string path = test::shared_path("ai/references.json");
  const auto tree = parse_json(test::read_file(path), path, problems);
  ASSERT_TRUE(tree.has_value());
  const Json rows = (*tree)["statistics_oracles"]["required_n"];
  ASSERT_GE(rows.items().size(), 5U);
  for (const Json& row : rows.items())
    EXPECT_EQ(samples_for_rate(*row["accuracy_at_least"].as_number(),
                               *row["confidence"].as_number(), *row["errors_allowed"].as_int()),
              *row["n"].as_int());
}

TEST(ExactTests, ABoundedMeanIsBoundedMoreLooselyThanACount) {
  const Interval mean = bounded_mean(0.02, 1000, 0.05);
  EXPECT_LT(mean.low, lower_bound(20, 1000));
  EXPECT_GT(mean.high, upper_bound(20, 1000));
  EXPECT_LT(mean.high, 0.035);
  EXPECT_EQ(bounded_mean(0, 10, 0.05).low, 0);
  EXPECT_EQ(bounded_mean(1, 10, 0.05).high, 1);
}

}  // namespace
}  // namespace lockstep
