// SPDX-License-Identifier: Apache-2.0
#include "risks/exposure_window.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support.hpp"

namespace lockstep::risks {
namespace {

using test::day;

Product with_records(std::vector<double> days) {
  Product product;
  product.handling = {std::move(days), "tickets", {"lockstep.yaml", 12, 17}};
  Evidence tickets;
  tickets.id = "tickets";
  product.evidence = {tickets};
  return product;
}

ExposureWindow window(const Product& product) {
  return exposure_window(product, VulnerabilityPolicy{}, day("2028-09-04"));
}

TEST(ExposureWindow, IsTheNearestRankOfTheRecords) {
  std::vector<double> days;
  for (int i = 20; i >= 1; --i)
    days.push_back(i);
  EXPECT_EQ(window(with_records(days)).days, 19);
  EXPECT_EQ(window(with_records(days)).days_low, 1);
  EXPECT_TRUE(window(with_records(days)).is_shown);
  EXPECT_EQ(window(with_records({2, 3, 90, 4, 5})).days, 90);
}

TEST(ExposureWindow, RecordsThatShowNothingCountAsAYear) {
  const std::string place = "handling.days_to_fix, line 12: ";
  const auto because = [](const Product& product) {
    const ExposureWindow found = window(product);
    EXPECT_EQ(found.days, 365);
    EXPECT_EQ(found.days_low, 0);
    EXPECT_FALSE(found.is_shown);
    return found.because;
  };
  EXPECT_EQ(because({}),
            "no record of how fast fixes reach users (handling.days_to_fix): 365 days count");
  EXPECT_EQ(because(with_records({1, 1, 1, 1})),
            place + "4 fixes are fewer than the 5 that the policy wants: 365 days count");
  Product product = with_records({7, 7, 7, 7, 7});
  product.evidence[0].expires = "2028-09-03";
  EXPECT_EQ(because(product), place + "evidence 'tickets' expired on 2028-09-03: 365 days count");
  product.evidence[0].id = "other";
  EXPECT_EQ(because(product), place + "evidence 'tickets' is not listed: 365 days count");
  product.handling.evidence.clear();
  EXPECT_EQ(because(product), place + "the records name no evidence: 365 days count");
}

TEST(ExposureWindow, EvidenceCountsOnItsLastDay) {
  Product product = with_records({7, 7, 7, 7, 7});
  product.evidence[0].expires = "2028-09-04";
  EXPECT_EQ(window(product).days, 7);
}

// At least the share p of the values is at most the quantile, and the next smaller value is not.
RC_GTEST_PROP(ExposureWindowProperties, NearestRankIsTheSmallestThatCoversTheShare, ()) {
  const auto values =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 50)));
  const std::vector<double> days(values.begin(), values.end());
  const double quantile = nearest_rank(days, 0.95);
  const auto n = static_cast<double>(days.size());
  const auto at_most = std::ranges::count_if(days, [&](double x) { return x <= quantile; });
  const auto below = std::ranges::count_if(days, [&](double x) { return x < quantile; });
  RC_ASSERT((static_cast<double>(at_most) >= 0.95 * n - 1e-9));
  RC_ASSERT((static_cast<double>(below) < 0.95 * n - 1e-9));
}

}  // namespace
}  // namespace lockstep::risks
