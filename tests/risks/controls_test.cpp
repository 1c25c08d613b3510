// SPDX-License-Identifier: Apache-2.0
#include "risks/controls.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace lockstep::risks {
namespace {

using test::day;

ControlInput input(const std::string& strength,
                   const std::string& evidence,
                   const std::string& date) {
  return {"confirm", "An operator confirms", "protective", 0.8, strength, evidence, date, {}};
}

std::vector<Evidence> evidence(const std::string& expires) {
  Evidence one;
  one.id = "audit";
  one.expires = expires;
  return {one};
}

TEST(Controls, WeightIsStrengthTimesAge) {
  const struct {
    const char *strength, *evidence, *date, *expires;
    double weight;
  } rows[] = {
      {"measured", "audit", "2028-05-01", "", 1},
      {"reviewed", "audit", "2028-05-01", "", 0.7},
      {"declared", "audit", "2028-05-01", "", 0.4},
      {"declared", "", "2028-05-01", "", 0.4},
      {"measured", "audit", "2027-05-02", "", 0.5},
      {"measured", "audit", "2027-05-02", "2029-01-01", 1},
      {"measured", "audit", "2028-05-01", "2028-04-30", 0},
      {"measured", "audit", "2028-05-01", "soon", 0},
      {"measured", "", "2028-05-01", "", 0},
      {"measured", "other", "2028-05-01", "", 0},
      {"declared", "other", "2028-05-01", "", 0},
      {"measured", "audit", "", "", 0},
      {"measured", "audit", "2028-05-02", "", 0},
      {"certain", "audit", "2028-05-01", "", 0},
  };

  for (const auto& row : rows) {
    const WeighedControl weighed =
        weigh_control(input(row.strength, row.evidence, row.date), evidence(row.expires),
                      day("2028-05-01"), ControlPolicy{});
    EXPECT_NEAR(weighed.control.weight, row.weight, 0.002) << row.strength << weighed.because;
  }
}

TEST(Controls, TheReasonOfANilWeightIsSaid) {
  const auto why = [](const ControlInput& one, const std::string& expires) {
    return weigh_control(one, evidence(expires), day("2028-05-01"), ControlPolicy{}).because;
  };
  EXPECT_EQ(why(input("measured", "other", "2028-05-01"), ""),
            "confirm (weight 0.00): its evidence 'other' is not listed");
  EXPECT_EQ(why(input("measured", "audit", "2028-05-01"), "2028-04-30"),
            "confirm (weight 0.00): its evidence expired on 2028-04-30");
  EXPECT_EQ(why(input("certain", "audit", "2028-05-01"), ""),
            "confirm (weight 0.00): expected strength measured, reviewed or declared, found "
            "'certain'");
}

TEST(Controls, InformationAloneLeavesAtLeastHalf) {
  Control warning{"warning", "", "information", 0.9, 1, ""};
  Control design{"design", "", "design", 0.9, 1, ""};
  EXPECT_DOUBLE_EQ(residual(std::vector{warning}, ControlPolicy{}), 0.5);
  EXPECT_DOUBLE_EQ(residual(std::vector{warning, warning}, ControlPolicy{}), 0.5);
  EXPECT_NEAR(residual(std::vector{design, warning}, ControlPolicy{}), 0.05, 1e-12);
  warning.effectiveness = 0.2;
  EXPECT_NEAR(residual(std::vector{warning}, ControlPolicy{}), 0.8, 1e-12);
  EXPECT_EQ(residual({}, ControlPolicy{}), 1);
}

}  // namespace
}  // namespace lockstep::risks
