// SPDX-License-Identifier: Apache-2.0
// Randomised smoothing: exact bounds against SciPy 1.10.1, a net whose smoothed probability has a
// closed form, and the summary of the tables that the method's authors published.
#include <ATen/ATen.h>
#include <cmath>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/certify/measure.hpp"
#include "ai/worker/certify/smoothing.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai::certify {
namespace {

TEST(Smoothing, RadiiAreThoseOfTheExactBound) {
  struct Row {
    std::int64_t k;
    std::int64_t n;
    double lower;   ///< at alpha 0.001
    double radius;  ///< in units of sigma; 0: abstains
  };

  for (const Row& row : {Row{899, 1000, 0.8663422248590598, 1.1092657626526026},
                         Row{986, 1000, 0.9703846095472967, 1.886476435777114},
                         Row{1000, 1000, 0.9931160484209338, 2.4632626147808114},
                         Row{9999, 10000, 0.9990770386693395, 3.11396359218263},
                         Row{100000, 100000, 0.9999309248330094, 3.8114565633899145},
                         Row{99900, 100000, 0.998650992446753, 3.0002009876683666},
                         Row{50100, 100000, 0.4961089855830109, 0}, Row{0, 30, 0, 0}}) {
    EXPECT_NEAR(lower_bound(row.k, row.n, 1 - 0.001), row.lower, 1e-10) << row.k;
    const auto radius = smoothing_radius(row.k, row.n, 0.001, 0.5);
    EXPECT_EQ(radius.has_value(), row.radius > 0) << row.k;
    EXPECT_NEAR(radius.value_or(0), 0.5 * row.radius, 1e-9) << row.k;
  }
}

TEST(Smoothing, AFairCoinIsTestedExactly) {
  EXPECT_NEAR(fair_coin_p_value(8, 2), 0.109375, 1e-12);  // 2 * 56 / 1024
  EXPECT_NEAR(fair_coin_p_value(10, 0), 2.0 / 1024, 1e-12);
  EXPECT_EQ(fair_coin_p_value(5, 5), 1);
  EXPECT_NEAR(fair_coin_p_value(3, 2), 1, 1e-12);
}

/// Scores (x_0, -x_0): under noise the class is 0 with probability Phi(x_0 / sigma).
Samples line_samples() {
  const at::Tensor x = at::tensor({0.5F, 0.0F, -0.25F, 0.5F, 0.01F, 0.0F}).reshape({3, 2});
  return {x, at::tensor({0L, 1L, 0L}, at::kLong), "line"};
}

TEST(Smoothing, CountsFollowTheClosedForm) {
  const Classifier net = test::classifier_of(test::linear_model({1, 0, -1, 0}, {0, 0}));
  const Samples samples = line_samples();
  SmoothingPlan plan;
  plan.sigma = 0.5;
  plan.draws = 20000;
  plan.alpha = 0.001;
  Progress progress;
  const auto rows = smooth(net, samples, plan, 1, progress);
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ((*rows)[0].predicted, 0);
  EXPECT_EQ((*rows)[1].predicted, 1);
  EXPECT_EQ((*rows)[2].predicted, -1);  // Phi(0.02) is within chance of 1/2
  // The radius of a linear net is its distance to the boundary; the bound stays just below.
  EXPECT_LT((*rows)[0].bound, 0.5);
  EXPECT_GT((*rows)[0].bound, 0.47);
  EXPECT_LT((*rows)[1].bound, 0.25);
  EXPECT_GT((*rows)[1].bound, 0.23);
  plan.is_prediction = true;
  const auto predicted = smooth(net, samples, plan, 1, progress);
  EXPECT_EQ((*predicted)[1].predicted, 1);
  EXPECT_EQ((*predicted)[1].bound, 0);
}

// The logarithm of less than 0 is no number: under noise the net has an answer half of the time.
TEST(Smoothing, ADrawWithoutScoresIsOfNoClass) {
  test::ToyModel model;
  model.input("x", {1}).output("z", {2}).weight("w", {1, 2}, {-1, 1});
  model.node("Log", {"x"}, {"log"});
  model.node("MatMul", {"log", "w"}, {"z"});
  const Classifier net = test::classifier_of(model.bytes());
  const Samples samples{at::full({1, 1}, 0.001), at::zeros({1}, at::kLong), "log"};
  SmoothingPlan plan;
  plan.sigma = 0.1;
  plan.draws = 1000;
  const auto counts = noisy_counts(net, samples, 0, plan, false);
  ASSERT_TRUE(counts.has_value()) << counts.error().message;
  ASSERT_EQ(counts->size(), 3U);
  EXPECT_NEAR(static_cast<double>((*counts)[2]), 496, 80);
  for (const bool is_prediction : {false, true}) {
    plan.is_prediction = is_prediction;
    Progress quiet;
    const auto rows = smooth(net, samples, plan, 1, quiet);
    ASSERT_TRUE(rows.has_value());
    EXPECT_EQ(rows->front().predicted, -1);
    EXPECT_EQ(rows->front().bound, 0);
  }
}

TEST(Smoothing, BatchAndThreadsChangeNothing) {
  const Classifier net = test::classifier_of(test::mlp_model());
  at::Tensor x = at::empty({5, 16});
  for (std::int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<float>()[i] = static_cast<float>(i % 7) / 7;
  const Samples samples{x, at::zeros({5}, at::kLong), "toy"};
  SmoothingPlan plan;
  plan.sigma = 0.3;
  plan.draws = 300;
  Progress progress;
  const auto one = smooth(net, samples, plan, 1, progress);
  plan.batch_size = 7;
  const auto other = smooth(net, samples, plan, 2, progress);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(*one, *other);
  plan.seed = 2;
  EXPECT_NE(*smooth(net, samples, plan, 1, progress), *one);
}

TEST(Smoothing, SummariesAreThoseOfThePublishedTables) {
  LS_NEEDS_SHARED("ai/data/smoothing-certificates");
  const auto rows_of = [](const std::string& name) {
    std::vector<CertifiedSample> rows;
    const std::string text = lockstep::test::read_file(
        lockstep::test::shared_path("ai/data/smoothing-certificates/" + name));
    for (const std::string_view line : split(text, '\n')) {
      const auto cells = split(trim(line), '\t');
      if (cells.size() < 5 || cells[0] == "idx") continue;
      rows.push_back({std::stoll(std::string(cells[0])), std::stoll(std::string(cells[1])),
                      std::stoll(std::string(cells[2])), std::stod(std::string(cells[3]))});
    }
    return rows;
  };
  const Smoothing cifar =
      summary_of(rows_of("cifar10/resnet110/noise_0.25/test/sigma_0.25"), {0.25, 0.5});
  EXPECT_EQ(cifar.curve[0].certified.correct, 300);  // 0.600 of 500
  EXPECT_EQ(cifar.curve[1].certified.correct, 214);  // 0.428
  EXPECT_EQ(cifar.abstained, 43);                    // 8.6 %
  EXPECT_NEAR(cifar.average_radius, 0.429, 5e-4);
}

}  // namespace
}  // namespace lockstep::ai::certify
