// SPDX-License-Identifier: Apache-2.0
// Matrix products over sources that are not zero, against those over all of them: the same bits,
// and the faster form where there are few or many zeros.
#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "ai/worker/fused/sparse.hpp"
#include "support/paths.hpp"
#include "worker/fused.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai {
namespace {

using fused::Activation;
using fused::LinearLayer;
using fused::LinearPlan;
using fused::SparsePlan;
using fused::Target;

std::vector<float> random_numbers(std::size_t count, std::uint32_t stream) {
  return test::random_weights(count, 1, stream);
}

/// A matrix product of the slots from 1 on into those behind them.
LinearPlan product_plan(std::int64_t sources, std::int64_t targets, std::uint32_t seed) {
  LinearLayer layer;
  layer.in_channels = sources;
  layer.out_channels = targets;
  layer.weight = random_numbers(static_cast<std::size_t>(sources * targets), seed);
  layer.bias = random_numbers(static_cast<std::size_t>(targets), seed + 1);
  for (std::int64_t i = 1; i <= sources + targets; ++i)
    (i <= sources ? layer.in : layer.out).push_back(static_cast<std::int32_t>(i));
  LinearPlan plan = fused::plan_of(layer, fused::Direction::forward, 1 + sources + targets)->direct;
  for (std::size_t i = 0; i < plan.targets.size(); ++i) {
    plan.targets[i].activation = static_cast<std::int16_t>(i % 2 == 0 ? 0 : fused::no_activation);
    plan.targets[i].adds = i % 3 == 0 ? 1 : 0;
  }
  return plan;
}

/// Rows on a line of the cache each, all of them random, those of the sources with zeros.
class TestRows {
 public:
  TestRows(std::int64_t slots, std::int64_t sources, int lanes, double zeros)
      : lanes_(lanes), lines_(static_cast<std::size_t>(slots * lanes / fused::lane_group)) {
    Random random(RandomKey{11, 0, 0, 0});
    for (std::int64_t i = 0; i < slots * lanes; ++i) {
      const bool is_source = i >= lanes && i < (1 + sources) * lanes;
      data()[i] =
          is_source && random.uniform() < zeros ? 0.0F : static_cast<float>(random.uniform(-1, 1));
    }
  }

  float* data() { return lines_.front().columns.data(); }

  fused::Rows view(const float* values) {
    static const std::vector<Activation> activations{{0, std::numeric_limits<float>::infinity()}};
    return {data(), data(), values, activations.data(), lanes_};
  }

  std::vector<std::uint32_t> bits(std::int64_t first, std::int64_t count) {
    std::vector<std::uint32_t> found;
    for (std::int64_t i = first * lanes_; i < (first + count) * lanes_; ++i)
      found.push_back(std::bit_cast<std::uint32_t>(data()[i]));
    return found;
  }

 private:
  int lanes_;
  std::vector<fused::Line> lines_;
};

TEST(FusedSparse, HasTheBitsOfTheProductOverAllSources) {
  int count = 0;
  const fused::Lanes* const* sets = fused::usable_lanes(&count);
  for (const auto& [sources, targets] : {std::pair{64, 64},
                                         {65, 100},
                                         {400, 33},
                                         {129, 128},
                                         {127, 129},
                                         {200, 300},
                                         {33, 530},
                                         {1000, 250}}) {
    const LinearPlan plan = product_plan(sources, targets, 20);
    const auto sparse = fused::sparse_plan_of(plan, 1 + sources + targets);
    ASSERT_TRUE(sparse) << sources << ' ' << targets;
    for (const int lanes : {16, 32})
      for (const double zeros : {0.5, 0.9, 1.0})
        for (const bool is_backward : {false, true})
          for (int k = 0; k < count; ++k) {
            TestRows all(sparse->slots(), sources, lanes, zeros);
            TestRows some(sparse->slots(), sources, lanes, zeros);
            TestRows values(sparse->slots(), 0, lanes, 0);
            const float* forward = is_backward ? values.data() : nullptr;
            sets[k]->linear(plan.view(), all.view(forward));
            ASSERT_TRUE(sets[k]->sparse(sparse->view(), some.view(forward)));
            EXPECT_EQ(all.bits(0, 1 + sources + targets), some.bits(0, 1 + sources + targets))
                << sets[k]->name << ' ' << sources << ' ' << targets << ' ' << zeros;
          }
  }
}

TEST(FusedSparse, LeavesWhatHasFewZeros) {
  const LinearPlan plan = product_plan(200, 100, 21);
  const auto sparse = fused::sparse_plan_of(plan, 301);
  ASSERT_TRUE(sparse);
  for (const double zeros : {0.0, 0.25}) {
    TestRows rows(sparse->slots(), 200, 32, zeros);
    TestRows before(sparse->slots(), 200, 32, zeros);
    EXPECT_FALSE(fused::best_lanes().sparse(sparse->view(), rows.view(nullptr)));
    EXPECT_EQ(rows.bits(0, 301), before.bits(0, 301));
  }
}

TEST(FusedSparse, IsForProductsThatAreLargeAndFinite) {
  EXPECT_FALSE(fused::sparse_plan_of(product_plan(500, 31, 22), 1000)) << "few targets";
  EXPECT_FALSE(fused::sparse_plan_of(product_plan(60, 64, 22), 1000)) << "few weights";
  LinearPlan plan = product_plan(100, 64, 22);
  EXPECT_TRUE(fused::sparse_plan_of(plan, 1000));
  // Zero times infinity would be missing.
  plan.weights[5000] = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(fused::sparse_plan_of(plan, 1000));
  LinearLayer image;
  image.axes[2] = {9, 7, 3, 1, 1, 0};
  image.in_channels = image.out_channels = 64;
  image.weight.resize(64 * 64 * 3);
  for (std::int32_t i = 1; i <= 64 * 16; ++i)
    (i <= 64 * 9 ? image.in : image.out).push_back(i);
  const auto layer = fused::plan_of(image, fused::Direction::forward, 2000);
  ASSERT_TRUE(layer && !layer->direct.blocks.empty());
  EXPECT_FALSE(fused::sparse_plan_of(layer->direct, 2000)) << "each position has its rows";
}

/// Two hidden layers, the first with biases that leave more or fewer zeros behind its ReLU.
std::string layered_net(std::int64_t first, std::int64_t second, double shift, std::uint32_t seed) {
  test::ToyModel model;
  model.input("x", {40}).output("z", {6});
  const auto weight = [&](const char* name, std::int64_t rows, std::int64_t columns) {
    model.weight(name, {rows, columns},
                 test::random_weights(static_cast<std::size_t>(rows * columns), 0.3, ++seed));
  };
  weight("w1", 40, first);
  weight("w2", first, second);
  weight("w3", second, 6);
  model.weight("b1", {first},
               std::vector<float>(static_cast<std::size_t>(first), static_cast<float>(shift)));
  model.node("Gemm", {"x", "w1", "b1"}, {"a1"});
  model.node("Relu", {"a1"}, {"r1"});
  model.node("MatMul", {"r1", "w2"}, {"a2"});
  model.node("Relu", {"a2"}, {"r2"});
  model.node("MatMul", {"r2", "w3"}, {"z"});
  return model.bytes();
}

TEST(FusedSparse, NetsAgreeWithLibTorchAndAmongThemselves) {
  std::uint32_t seed = 100;
  for (const auto& [first, second] : {std::pair{64, 64}, {200, 48}, {130, 140}, {96, 300}})
    for (const double shift : {-1.0, 0.0, 1.0, 4.0}) {
      const Classifier net = test::classifier_of(layered_net(first, second, shift, seed));
      test::expect_agreement(net, 37, "net " + std::to_string(seed));
      test::expect_same_bits(net, seed);
      seed += 10;
    }
}

/// A sample with zeros between samples without: the tile takes one form for it alone, another for
/// it among them.
TEST(FusedSparse, ASampleHasTheSameBitsHoweverManyZerosItsNeighboursHave) {
  test::ToyModel model;
  model.input("x", {100}).output("z", {50});
  model.weight("w", {100, 50}, test::random_weights(5000, 0.3, 7));
  model.node("MatMul", {"x", "w"}, {"z"});
  const Classifier net = test::classifier_of(model.bytes());
  ASSERT_TRUE(net.is_fused());
  at::Tensor x = test::noise({32, 100}, 4);
  for (std::int64_t i = 0; i < 100; i += 2)
    x[7][i] = 0;
  const auto together = net.gradient(x, test::weighted);
  const auto alone = net.gradient(x.narrow(0, 7, 1), test::weighted);
  ASSERT_TRUE(together && alone);
  EXPECT_TRUE(test::is_same(alone->logits, together->logits.narrow(0, 7, 1)));
}

}  // namespace
}  // namespace lockstep::ai
