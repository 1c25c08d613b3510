// SPDX-License-Identifier: Apache-2.0
// The square attack on rows of features, where the closed form says what must fall.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <vector>

#include "ai/worker/evasion/campaign.hpp"
#include "worker/evasion.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

/// How many of 20 samples stand whose answer hangs on one of two features alone, which is 0.05 from
/// where it changes.
std::size_t standing(const std::vector<float>& w, Norm norm) {
  const Classifier net = test::classifier_of(test::linear_model(w, {0.0F, 1.0F}));
  Samples samples = test::samples_for(net, 20, 2);
  samples.x = at::full({20, 2}, 0.55);
  samples.y = net.logits(samples.x)->argmax(1);
  Progress quiet;
  const auto tally = run_attack({net, samples, 64, 1, quiet}, *find_attack("square"),
                                {300, 1, true, true, 1}, {norm, 0.052}, test::all_of(samples));
  EXPECT_TRUE(tally.has_value());
  return 20 - tally->broken.size();
}

// The windows lie anywhere in the row, so that each feature changes: "uniformly from 0 to w - h"
// (Andriushchenko et al. 2020, algorithm 2). Under L2 and L1 all of epsilon goes into one of them.
TEST(Square, EveryFeatureOfARowIsReached) {
  for (const Norm norm : {Norm::linf, Norm::l2, Norm::l1}) {
    EXPECT_EQ(standing({1, 0, -1, 0}, norm), 0U) << test::name_of(norm) << ", first";
    EXPECT_EQ(standing({0, 1, 0, -1}, norm), 0U) << test::name_of(norm) << ", last";
  }
}

}  // namespace
}  // namespace lockstep::ai
