// SPDX-License-Identifier: Apache-2.0
// Bounds against what they bound: random points and gradient descent inside the set, and margins
// that another program's bounds reach on the same nets (auto_LiRPA 0.7.1).
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "ai/worker/certify/curve.hpp"
#include "ai/worker/certify/margins.hpp"
#include "ai/worker/data/npz.hpp"
#include "ai/worker/data/samples.hpp"
#include "base/text.hpp"
#include "support/paths.hpp"
#include "worker/toy.hpp"

namespace lockstep::ai::certify {
namespace {

using at::Tensor;
using test::random_weights;
using test::set_integers;
using test::ToyModel;

Net net_of(const std::string& bytes) {
  auto model = read_onnx(bytes, "toy.onnx", "");
  if (!model) throw std::runtime_error(model.error().message);
  auto net = Net::build(*std::move(model), "toy.onnx");
  if (!net) throw std::runtime_error(net.error().message);
  return *std::move(net);
}

Graph graph_of(const Net& net) {
  std::vector<std::int64_t> shape = net.inputs().front().shape;
  shape.erase(shape.begin());
  auto graph = Graph::build(net, shape, net.inputs().front().shape.front() == 1);
  if (!graph) throw std::runtime_error(graph.error());
  return *std::move(graph);
}

Tensor noise(std::int64_t rows, std::int64_t width, std::uint32_t stream) {
  Tensor x = at::empty({rows, width}, at::kDouble);
  Random random(RandomKey{5, stream, 0, 0});
  for (std::int64_t i = 0; i < x.numel(); ++i)
    x.data_ptr<double>()[i] = random.uniform();
  return x;
}

std::vector<float> weights(std::int64_t count, std::uint32_t stream, double scale = 0.5) {
  return random_weights(static_cast<std::size_t>(count), scale, stream);
}

/// Convolutions with strides, pads and dilations, a residual sum, both pools, a LeakyRelu and a
/// Clip.
std::string image_model(std::uint32_t seed) {
  ToyModel model;
  model.input("x", {2, 7, 6}).output("z", {4});
  model.weight("w1", {4, 2, 3, 2}, weights(48, seed * 10 + 1));
  model.weight("b1", {4}, weights(4, seed * 10 + 2));
  auto& first = model.node("Conv", {"x", "w1", "b1"}, {"c1"});
  set_integers(first, "pads", {1, 0, 2, 1});
  set_integers(first, "dilations", {1, 2});
  model.node("Relu", {"c1"}, {"r1"});
  model.weight("w2", {4, 4, 1, 1}, weights(16, seed * 10 + 3));
  model.node("Conv", {"r1", "w2"}, {"c2"});
  model.node("Add", {"c2", "r1"}, {"s"});
  model.node("LeakyRelu", {"s"}, {"r2"});
  auto& pool = model.node("MaxPool", {"r2"}, {"p"});
  set_integers(pool, "kernel_shape", {2, 2});
  set_integers(pool, "strides", {2, 2});
  set_integers(pool, "pads", {0, 1, 0, 0});
  model.weight("w3", {3, 4, 2, 2}, weights(48, seed * 10 + 4));
  auto& second = model.node("Conv", {"p", "w3"}, {"c3"});
  set_integers(second, "strides", {2, 1});
  set_integers(second, "pads", {1, 0, 0, 1});
  model.weight("zero", {}, {0}).weight("six", {}, {1.5});
  model.node("Clip", {"c3", "zero", "six"}, {"r3"});
  set_integers(model.node("AveragePool", {"r3"}, {"a"}), "kernel_shape", {1, 2});
  model.node("Flatten", {"a"}, {"f"});
  const std::int64_t width = 12;  // 3 channels of 2 x 2
  model.weight("w4", {width, 4}, weights(width * 4, seed * 10 + 5));
  model.node("MatMul", {"f", "w4"}, {"z"});
  return model.bytes();
}

/// A convolution, Tanh, Relu beside Sigmoid on one value, a sum of both less a mean.
std::string curved_model(std::uint32_t seed) {
  ToyModel model;
  model.input("x", {1, 5, 5}).output("z", {3});
  model.weight("w1", {3, 1, 2, 2}, weights(12, seed * 10 + 1, 1.5));
  model.node("Conv", {"x", "w1"}, {"c"});
  model.node("Tanh", {"c"}, {"t"});
  model.node("Flatten", {"t"}, {"f"});
  model.weight("w2", {48, 10}, weights(480, seed * 10 + 2));
  model.node("MatMul", {"f", "w2"}, {"h"});
  model.node("Sigmoid", {"h"}, {"s"});
  model.node("Relu", {"h"}, {"r"});
  model.node("Add", {"s", "r"}, {"b"});
  set_integers(model.node("ReduceMean", {"s"}, {"m"}), "axes", {-1});
  model.node("Neg", {"m"}, {"n"});
  model.node("Add", {"b", "n"}, {"d"});
  model.weight("w3", {10, 3}, weights(30, seed * 10 + 3));
  model.node("MatMul", {"d", "w3"}, {"z"});
  return model.bytes();
}

/// The least margins that random points and signed gradient steps find inside the domain.
Tensor attacked(const Graph& graph, const Domain& domain, const Tensor& rows) {
  Tensor least;
  for (std::uint32_t draw = 0; draw < 8; ++draw) {
    Tensor x =
        domain.low + noise(domain.count(), graph.inputs(), draw) * (domain.high - domain.low);
    if (draw % 2 == 1)
      x = at::where(noise(domain.count(), graph.inputs(), draw).gt(0.5), domain.low, domain.high);
    for (std::int64_t s = 0; s < rows.size(1); ++s) {
      Tensor point = x;
      for (int step = 0; step < 6; ++step) {
        if (domain.radius > 0) {
          const Tensor away = point - domain.center;
          point = domain.center +
                  away * (domain.radius / away.norm(2, {1}, true).clamp_min(domain.radius));
        }
        const Tensor leaf = point.detach().set_requires_grad(true);
        const Tensor margins = rows.matmul(graph.scores(leaf).unsqueeze(2)).squeeze(2);
        least = least.defined() ? at::minimum(least, margins.detach()) : margins.detach();
        margins.select(1, s).sum().backward();
        point = (point - leaf.grad().sign() * (domain.high - domain.low) * 0.25);
        point = at::maximum(at::minimum(point, domain.high), domain.low);
      }
    }
  }
  return least;
}

TEST(CertifyGraph, ComputesWhatTheNetComputes) {
  for (std::uint32_t seed = 1; seed < 5; ++seed) {
    Net net = net_of(image_model(seed));
    const Graph graph = graph_of(net);
    const Tensor x = noise(3, graph.inputs(), seed);
    net.widen();
    const auto expected = net.run({Value(x.reshape({3, 2, 7, 6}))});
    ASSERT_TRUE(expected.has_value()) << expected.error().message;
    const Tensor found = graph.scores(x);
    EXPECT_LT((found - expected->front().tensor).abs().max().item<double>(), 1e-5);
  }
}

TEST(CertifyGraph, ComputesCurves) {
  Net net = net_of(curved_model(1));
  const Graph graph = graph_of(net);
  const Tensor x = noise(3, graph.inputs(), 1);
  net.widen();
  const auto expected = net.run({Value(x.reshape({3, 1, 5, 5}))});
  // The mean of ten is a product with a tenth in float32.
  EXPECT_LT((graph.scores(x) - expected->front().tensor).abs().max().item<double>(), 1e-7);
}

/// On a grid of each interval: never across the curve, and touching it somewhere.
TEST(CertifyBounds, LinesLieAroundACurve) {
  for (const bool is_tanh : {false, true}) {
    const CurveNode node{0, is_tanh};
    for (const double low : {-30.0, -6.0, -2.0, -0.5, -1e-9, 0.0, 0.3, 4.0, 20.0})
      for (const double width : {0.0, 1e-10, 1e-3, 0.4, 1.0, 3.0, 12.0, 60.0}) {
        const auto one = [](double value) { return at::full({1, 1}, value, at::kDouble); };
        const Touches usual = usual_touches(one(low), one(low + width));
        const Tensor z = at::linspace(low, low + width, 2001, at::kDouble).unsqueeze(0);
        const Tensor y = is_tanh ? z.tanh() : z.sigmoid();
        for (const Touches& touches : {usual, Touches{one(0), one(1)}, Touches{one(1), one(0.3)}}) {
          const CurveLines lines = lines_around(node, one(low), one(low + width), touches);
          const Tensor over = lines.upper * z + lines.upper_shift - y;
          const Tensor under = y - lines.lower * z - lines.lower_shift;
          for (const Tensor& gap : {over, under}) {
            EXPECT_GT(gap.min().item<double>(), -1e-12) << is_tanh << ' ' << low << ' ' << width;
            EXPECT_LT(gap.min().item<double>(), 1e-4) << is_tanh << ' ' << low << ' ' << width;
          }
        }
      }
  }
}

TEST(CertifyBounds, LieBelowEveryPointThatAnybodyFinds) {
  for (std::uint32_t seed = 1; seed < 5; ++seed) {
    const Graph graph = graph_of(net_of(seed == 1   ? test::mlp_model()
                                        : seed == 3 ? curved_model(seed)
                                                    : image_model(seed)));
    const Tensor x = noise(3, graph.inputs(), 50 + seed);
    const Tensor rows = margin_rows(graph.scores(x).argmax(1), graph.outputs());
    for (const bool is_l2 : {false, true}) {
      const Domain domain = ball_around(x, is_l2 ? 0.3 : 0.08, is_l2);
      const Tensor reached = attacked(graph, domain, rows);
      Tensor before;
      for (const Method method :
           {Method::ibp, Method::crown_ibp, Method::crown, Method::alpha_crown}) {
        const Tensor low = row_bounds(graph, domain, rows, method);
        EXPECT_TRUE(low.le(reached + 1e-9).all().item<bool>())
            << "seed " << seed << ", method " << static_cast<int>(method) << ": "
            << (low - reached).max().item<double>();
        if (method == Method::alpha_crown) {
          EXPECT_TRUE(low.ge(before).all().item<bool>());
        }
        before = low;
      }
    }
  }
}

/// The magnitude of the gradient of each row at x: [B, S, inputs].
Tensor slopes_at(const Graph& graph, const Tensor& x, const Tensor& rows) {
  std::vector<Tensor> all;
  for (std::int64_t s = 0; s < rows.size(1); ++s) {
    const Tensor leaf = x.detach().set_requires_grad(true);
    (rows.select(1, s) * graph.scores(leaf)).sum().backward();
    all.push_back(leaf.grad().abs());
  }
  return at::stack(all, 1);
}

TEST(CertifyBounds, NoSlopeIsSteeperThanTheSteepest) {
  for (std::uint32_t seed = 1; seed < 5; ++seed) {
    const Graph graph = graph_of(net_of(seed == 3 ? curved_model(seed) : image_model(seed)));
    const Tensor x = noise(3, graph.inputs(), 70 + seed);
    const Tensor rows = margin_rows(graph.scores(x).argmax(1), graph.outputs());
    const Domain domain = ball_around(x, 0.1, false);
    const Tensor steep = steepest(graph, domain, linear_bounds(graph, domain, {}), rows);
    for (std::uint32_t draw = 0; draw < 20; ++draw) {
      const Tensor point = domain.low + noise(3, graph.inputs(), draw) * (domain.high - domain.low);
      EXPECT_LT((slopes_at(graph, point, rows) - steep).max().item<double>(), 1e-9) << seed;
    }
    if (seed == 3) continue;  // of a curve the steepest slope anywhere is taken
    const Domain one = ball_around(x, 0, false);
    const Tensor exact = steepest(graph, one, linear_bounds(graph, one, {}), rows);
    EXPECT_LT((slopes_at(graph, x, rows) - exact).abs().max().item<double>(), 1e-9) << seed;
  }
}

TEST(CertifyBounds, AreExactWhereNothingIsUnstable) {
  const Graph graph = graph_of(net_of(test::mlp_model()));
  const Tensor x = noise(4, 16, 3);
  const Tensor rows = margin_rows(graph.scores(x).argmax(1), 4);
  const Tensor exact = rows.matmul(graph.scores(x).unsqueeze(2)).squeeze(2);
  for (const Method method : {Method::ibp, Method::crown_ibp, Method::crown, Method::alpha_crown})
    EXPECT_LT((row_bounds(graph, ball_around(x, 0, false), rows, method) - exact)
                  .abs()
                  .max()
                  .item<double>(),
              1e-9);
}

TEST(CertifyBounds, AreTheSameInAnyBatch) {
  const Graph graph = graph_of(net_of(image_model(2)));
  const Tensor x = noise(5, graph.inputs(), 8);
  const Tensor rows = margin_rows(graph.scores(x).argmax(1), 4);
  const Domain all = ball_around(x, 0.05, false);
  const Tensor together = row_bounds(graph, all, rows, Method::crown);
  for (std::int64_t i = 0; i < 5; ++i) {
    const Tensor alone =
        row_bounds(graph, all.at(at::full({1}, i, at::kLong)), rows.narrow(0, i, 1), Method::crown);
    EXPECT_LT((alone - together.narrow(0, i, 1)).abs().max().item<double>(), 1e-9);
  }
}

TEST(CertifyBounds, AreAsTightAsTheKnownOnes) {
  LS_NEEDS_SHARED("ai/models/lirpa_margins.npz");
  const auto margins = read_npz(
      lockstep::test::read_file(lockstep::test::shared_path("ai/models/lirpa_margins.npz")),
      "lirpa_margins.npz");
  const auto data = read_npz(
      lockstep::test::read_file(lockstep::test::shared_path("ai/models/mnist_test1000.npz")),
      "mnist_test1000.npz");
  ASSERT_TRUE(margins && data);
  for (const NamedArray& each : *margins) {
    const auto parts = split(each.name, '|');
    ASSERT_EQ(parts.size(), 3U);
    const std::string path =
        lockstep::test::shared_path("ai/models/" + std::string(parts[0]) + ".onnx");
    auto model = read_onnx(lockstep::test::read_file(path), path, "");
    ASSERT_TRUE(model.has_value());
    auto net = Net::build(*std::move(model), path);
    ASSERT_TRUE(net.has_value());
    std::vector<std::int64_t> shape = net->inputs().front().shape;
    shape.erase(shape.begin());
    const auto graph = Graph::build(*net, shape, false);
    ASSERT_TRUE(graph.has_value()) << graph.error();
    const auto samples = samples_of(*data, shape, 100, false, "mnist_test1000.npz");
    ASSERT_TRUE(samples.has_value()) << samples.error().message;
    const Method method = parts[2] == "IBP"         ? Method::ibp
                          : parts[2] == "CROWN-IBP" ? Method::crown_ibp
                                                    : Method::crown;
    const Tensor expected = value_of(each.array).tensor.to(at::kDouble);
    const double epsilon = std::stod(std::string(parts[1]));
    double worst = 1e9;
    // All 100 samples hold; a tenth of them is enough for every day where it costs seconds.
    const bool is_slow = method == Method::crown && parts[0] == "mnist_cnn_std";
    const std::int64_t count = is_slow ? 1 : 10;
    for (std::int64_t i = 0; i < 100; i += 10) {
      const Domain domain = ball_around(samples->x.narrow(0, i, count), epsilon, false);
      const Tensor rows = margin_rows(samples->y.narrow(0, i, count), 10);
      const Tensor low = row_bounds(*graph, domain, rows, method);
      worst = std::min(worst, (low - expected.narrow(0, i, count)).min().item<double>());
    }
    EXPECT_GE(worst, -1e-4) << each.name;
  }
}

}  // namespace
}  // namespace lockstep::ai::certify
