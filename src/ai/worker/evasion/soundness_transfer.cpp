// SPDX-License-Identifier: Apache-2.0
// Scores are centred and scaled before they are learned: of a net whose gradient is lost to
// rounding, because its scores are large, the surrogate has a gradient all the same.
//
//     k_i(x) = exp(-g |x - x_i|^2),  g = 1 / mean |x_i - x_j|^2
//     z(x)   = k(x) a,               (K + r I) a = scores of the x_i
#include "ai/worker/evasion/soundness_transfer.hpp"

#include <ATen/TensorOperators.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/matmul.h>
#include <algorithm>
#include <fmt/format.h>

#include "ai/worker/nets/model.hpp"
#include "ai/worker/nets/net.hpp"
#include "ai/worker/nets/value.hpp"

namespace lockstep::ai {
namespace {

constexpr std::int64_t learned_max = 256;
constexpr std::int64_t elements_max = std::int64_t{1} << 24U;  ///< of all samples to learn from
constexpr std::int64_t asked_max = 256;
constexpr double ridge = 1e-3;
constexpr std::size_t looked_max = 128;
constexpr int steps = 20;

struct Kernel {
  at::Tensor centres;  ///< [learned, features]
  double width = 0;    ///< g
  at::Tensor weights;  ///< [learned, classes]
};

at::Tensor squared_distances(const at::Tensor& a, const at::Tensor& b) {
  return ((a * a).sum(1).unsqueeze(1) + (b * b).sum(1) - 2 * at::matmul(a, b.t())).clamp_min(0);
}

Kernel kernel_of(const at::Tensor& x, const at::Tensor& logits) {
  Kernel kernel{x.flatten(1).to(at::kDouble), 0, {}};
  const at::Tensor apart = squared_distances(kernel.centres, kernel.centres);
  kernel.width = 1 / std::max(apart.mean().item<double>(), 1e-12);
  at::Tensor scores = logits.to(at::kDouble);
  scores = scores - scores.mean(1, /*keepdim=*/true);
  scores = scores / std::max(scores.abs().max().item<double>(), 1e-12);
  const at::Tensor matrix =
      at::exp(apart * -kernel.width) + ridge * at::eye(x.size(0), apart.options());
  kernel.weights = at::linalg_solve(matrix, scores);
  return kernel;
}

Attribute integers(std::string name, std::vector<std::int64_t> values) {
  Attribute attribute;
  attribute.name = std::move(name);
  attribute.kind = Attribute::Kind::integers;
  attribute.integers = std::move(values);
  return attribute;
}

/// The kernel as a graph, so that it is attacked as any other net. Squares of distances are sums:
/// |x|^2 + |x_i|^2 - 2 x x_i.
Model model_of(const Kernel& kernel, const std::vector<std::int64_t>& sample) {
  Model model;
  model.opsets[""] = 13;
  Graph& graph = model.graph;
  const auto constant = [&](const char* name, const at::Tensor& value) {
    graph.initializers.emplace_back(name, array_of(Value(value.to(at::kFloat))));
  };
  constant("centres", kernel.centres.t() * (2 * kernel.width));
  constant("squares", (kernel.centres * kernel.centres).sum(1) * -kernel.width);
  constant("width", at::full({1}, -kernel.width));
  constant("weights", kernel.weights);
  const auto node = [&](const char* type, std::vector<std::string> inputs, const char* output) {
    graph.nodes.push_back({output, type, "", std::move(inputs), {output}, {}});
  };
  node("Flatten", {"x"}, "flat");
  node("MatMul", {"flat", "centres"}, "products");
  node("ReduceSumSquare", {"flat"}, "square");
  graph.nodes.back().attributes.push_back(integers("axes", {1}));
  node("Mul", {"square", "width"}, "own");
  node("Add", {"products", "own"}, "both");
  node("Add", {"both", "squares"}, "exponent");
  node("Exp", {"exponent"}, "kernel");
  node("MatMul", {"kernel", "weights"}, "z");
  std::vector<std::int64_t> shape{-1};
  shape.insert(shape.end(), sample.begin(), sample.end());
  graph.inputs = {{"x", ElementType::float32, true, std::move(shape)}};
  graph.outputs = {{"z", ElementType::float32, true, {-1, kernel.weights.size(1)}}};
  return model;
}

}  // namespace

Result<Surrogate> surrogate_of(const Samples& samples, const at::Tensor& logits) {
  const std::int64_t features = samples.x.numel() / std::max<std::int64_t>(samples.count(), 1);
  const std::int64_t affordable =
      std::max<std::int64_t>(elements_max / std::max(features, learned_max), 2);
  const std::int64_t learned = std::min({samples.count(), learned_max, affordable});
  const Kernel kernel = kernel_of(samples.x.narrow(0, 0, learned), logits.narrow(0, 0, learned));
  const std::vector<std::int64_t> sample(samples.x.sizes().begin() + 1, samples.x.sizes().end());
  TRY(Net net, Net::build(model_of(kernel, sample), "surrogate"));
  TRY(Classifier classifier, Classifier::build(std::move(net), "surrogate"));
  Surrogate surrogate{std::move(classifier), learned, 0, 0};
  surrogate.asked = std::min(samples.count() - learned, asked_max);
  if (surrogate.asked == 0) return surrogate;
  TRY(const at::Tensor own,
      surrogate.classifier.logits(samples.x.narrow(0, learned, surrogate.asked)));
  const at::Tensor theirs = logits.narrow(0, learned, surrogate.asked);
  surrogate.agreed = own.argmax(1).eq(theirs.argmax(1)).sum().item<std::int64_t>();
  return surrogate;
}

Result<SoundnessCheck> check_transfer(const Campaign& campaign, const Measured& measured) {
  TRY(const Surrogate surrogate, surrogate_of(campaign.samples, measured.logits));
  const std::vector<std::int64_t> looked = first_of(measured.standing, looked_max);
  std::size_t broken = 0;
  if (!looked.empty()) {
    const AttackOptions options{steps, 1, false, false, measured.seed};
    Threat features = measured.threat;
    features.table = nullptr;
    const Points points = points_at(campaign, looked);
    Oracle oracle(surrogate.classifier, options);
    TRY(const at::Tensor candidates,
        find_attack("pgd")->make(options)->propose(oracle, points, features));
    TRY(const AttackTally tally, judge_candidates(campaign, candidates, points, measured.threat));
    broken = tally.broken.size();
  }
  const double standing =
      static_cast<double>(measured.standing.size()) / static_cast<double>(measured.right.size());
  const double value =
      looked.empty() ? 0
                     : standing * static_cast<double>(broken) / static_cast<double>(looked.size());
  const State state = value > beaten_share ? State::fail : State::pass;
  return SoundnessCheck{
      "transfer", state, value,
      fmt::format(
          "what breaks a surrogate, learned from the answers to {} samples (right about {} of {} "
          "others), breaks {} of {} samples that the attacks left standing{}",
          surrogate.learned, surrogate.agreed, surrogate.asked, broken, looked.size(),
          state == State::pass ? ""
                               : ": the net's own gradients hide the way, and the robust "
                                 "accuracy is over-stated")};
}

}  // namespace lockstep::ai
