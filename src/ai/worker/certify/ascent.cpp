// SPDX-License-Identifier: Apache-2.0
// The lower bound of a row as a function of the lines below the activations and of the multipliers
// of splits: concave pieces, whose gradient LibTorch gives. Every step is a true bound; the best
// one is kept for each row.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include "ai/worker/certify/adam.hpp"
#include "ai/worker/certify/bounds.hpp"
#include "ai/worker/certify/curve.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

/// One tensor that is improved, within [low, high].
struct Parameter {
  Tensor value;
  double low = 0;
  double high = 1;
  Adam adam{0.999, 1e-8};

  void step(double rate) {
    const Tensor gradient = value.grad();
    if (!gradient.defined()) return;
    value = (value.detach() + adam.step(gradient) * rate).clamp(low, high).set_requires_grad(true);
  }
};

Parameter parameter(const Tensor& start, double low, double high) {
  return {start.detach().clone().set_requires_grad(true), low, high};
}

/// By value; `slopes` get the parameters' tensors, so that gradients reach them.
class Parameters {
 public:
  Parameters(const Graph& graph,
             const Intervals& intervals,
             std::int64_t rows,
             const Splits& splits,
             int last,
             Slopes& slopes) {
    slopes.lower.resize(intervals.size());
    slopes.multiplier.resize(intervals.size());
    slopes.above.resize(intervals.size());
    slopes.below.resize(intervals.size());
    for (const Node& node : graph.nodes()) {
      if (const auto* curve = std::get_if<CurveNode>(&node);
          curve != nullptr && curve->value < last) {
        const auto z = static_cast<std::size_t>(curve->value);
        const Interval& interval = intervals[z];
        const Touches usual = usual_touches(interval.low.unsqueeze(1), interval.high.unsqueeze(1));
        const std::vector<std::int64_t> shape{interval.low.size(0), rows, interval.low.size(1)};
        const auto from = [&](const Tensor& before, const Tensor& otherwise) {
          return parameter((before.defined() ? before : otherwise).expand(shape), 0, 1);
        };
        above_.emplace_back(z, from(slopes.above[z], usual.above));
        below_.emplace_back(z, from(slopes.below[z], usual.below));
        continue;
      }
      const auto* activation = std::get_if<ActivationNode>(&node);
      if (activation == nullptr || activation->value >= last) continue;
      const auto z = static_cast<std::size_t>(activation->value);
      const Interval& interval = intervals[z];
      const std::vector<std::int64_t> shape{interval.low.size(0), rows, interval.low.size(1)};
      if (interval.low.lt(0).logical_and(interval.high.gt(0)).any().item<bool>()) {
        Tensor start = slopes.lower[z];
        if (!start.defined())
          start = at::where(interval.high.gt(-interval.low), at::ones_like(interval.low),
                            at::full_like(interval.low, activation->slope))
                      .unsqueeze(1);
        lower_.emplace_back(z, parameter(start.expand(shape), activation->slope, 1));
      }
      if (z < splits.size() && splits[z].defined()) {
        Tensor start = slopes.multiplier[z];
        if (!start.defined()) start = at::zeros({1, 1, 1}, at::kDouble);
        multiplier_.emplace_back(z, parameter(start.expand(shape), 0, 1e9));
      }
    }
    give(slopes);
  }

  void give(Slopes& slopes) const {
    for (const auto& [z, each] : lower_)
      slopes.lower[z] = each.value;
    for (const auto& [z, each] : multiplier_)
      slopes.multiplier[z] = each.value;
    for (const auto& [z, each] : above_)
      slopes.above[z] = each.value;
    for (const auto& [z, each] : below_)
      slopes.below[z] = each.value;
  }

  void step(double rate) {
    for (auto* list : {&lower_, &multiplier_, &above_, &below_})
      for (auto& [z, each] : *list)
        each.step(rate);
  }

 private:
  std::vector<std::pair<std::size_t, Parameter>> lower_;
  std::vector<std::pair<std::size_t, Parameter>> multiplier_;
  std::vector<std::pair<std::size_t, Parameter>> above_;
  std::vector<std::pair<std::size_t, Parameter>> below_;
};

void detach(Slopes& slopes) {
  for (auto* list : {&slopes.lower, &slopes.multiplier, &slopes.above, &slopes.below})
    for (Tensor& each : *list)
      if (each.defined()) each = each.detach();
}

}  // namespace

Answer ascend(const Graph& graph,
              const Domain& domain,
              const Intervals& intervals,
              const Question& question,
              const Splits& splits,
              Slopes& slopes,
              const Ascent& options) {
  const at::AutoGradMode gradients(true);
  Parameters parameters(graph, intervals, question.rows.size(1), splits, question.value, slopes);
  Answer best;
  double rate = options.rate;
  for (int step = 0;; ++step) {
    Answer answer = lower_bounds(graph, domain, intervals, question, slopes, splits);
    const Tensor low = answer.low;
    const Tensor kept = best.low.defined() ? at::maximum(best.low, low.detach()) : low.detach();
    const bool is_last =
        step == options.steps || !low.requires_grad() || kept.gt(options.enough).all().item<bool>();
    if (is_last) {
      for (Tensor& each : answer.coefficients)
        if (each.defined()) each = each.detach();
      best = {kept, answer.input.detach(), std::move(answer.coefficients)};
      break;
    }
    best.low = kept;
    low.sum().backward();
    parameters.step(rate);
    parameters.give(slopes);
    rate *= options.decay;
  }
  detach(slopes);
  return best;
}

}  // namespace lockstep::ai::certify
