// SPDX-License-Identifier: Apache-2.0
// A net that takes bytes is the same net as one that takes 0 to 1: what an attack finds must not
// depend on the units.
#include <ATen/ATen.h>
#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/evasion/campaign.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using test::classifier_of;

class EachUnit : public ::testing::TestWithParam<std::string> {};

AttackTally attacked(const AttackRow& row, Norm norm, float width) {
  std::vector<float> w{1.0F, -2.0F, -0.5F, 1.5F};
  for (float& each : w)
    each /= width;
  const Classifier net = classifier_of(test::linear_model(w, {0.7F, 0.0F}));
  Samples samples = test::samples_for(net, 30, 2);
  samples.x = samples.x * width;
  samples.y = net.logits(samples.x)->argmax(1);
  Progress quiet;
  auto tally = run_attack({net, samples, 16, 1, quiet}, row, {200, 1, true, true, 1},
                          {norm, 0.1 * static_cast<double>(width), 0, static_cast<double>(width)},
                          test::all_of(samples));
  EXPECT_TRUE(tally.has_value());
  return *std::move(tally);
}

TEST_P(EachUnit, IsAsFar) {
  const AttackRow& row = *find_attack(GetParam());
  for (const Threat& threat : test::threats_for(row, 1, 1, 1)) {
    const AttackTally small = attacked(row, threat.norm, 1);
    const AttackTally large = attacked(row, threat.norm, 1024);
    EXPECT_NEAR(static_cast<double>(small.broken.size()), static_cast<double>(large.broken.size()),
                1);
    ASSERT_EQ(small.nearest.size(), large.nearest.size()) << test::name_of(threat.norm);
    for (std::size_t i = 0; i < small.nearest.size(); ++i)
      EXPECT_NEAR(1024 * small.nearest[i].distance, large.nearest[i].distance,
                  0.02 * large.nearest[i].distance + 0.1)
          << test::name_of(threat.norm) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Family,
                         EachUnit,
                         ::testing::ValuesIn(test::attacks_but()),
                         test::name_of_row);

}  // namespace
}  // namespace lockstep::ai
