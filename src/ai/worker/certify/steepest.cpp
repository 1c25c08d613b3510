// SPDX-License-Identifier: Apache-2.0
// Derivatives go backward as intervals, a middle and a reach for each.
//
// Source: Wang et al. 2018, "Formal security analysis of neural networks using symbolic intervals",
// arXiv 1804.10829, section 4.3 (the influence of an input).
#include <ATen/ATen.h>

#include "ai/worker/certify/bounds.hpp"

namespace lockstep::ai::certify {

using at::Tensor;

namespace {

struct Derivative {
  Tensor middle;  ///< [B, S, n]
  Tensor reach;
};

class Derivatives {
 public:
  explicit Derivatives(const Graph& graph) : graph_(graph), by_value_(graph.sizes().size()) {}

  Derivative& operator[](int value) { return by_value_[static_cast<std::size_t>(value)]; }

  void add(const Reading& reading, const Tensor& middle, const Tensor& reach) {
    for (const Part& part : reading.parts) {
      if (part.is_whole) {
        add(part.value, middle, reach);
        continue;
      }
      const auto spread = [&](const Tensor& from) {
        return at::zeros({from.size(0), from.size(1),
                          graph_.sizes()[static_cast<std::size_t>(part.value)]},
                         from.options())
            .index_add(2, part.elements, from.index_select(2, part.places));
      };
      add(part.value, spread(middle), spread(reach));
    }
  }

  void add(int value, const Tensor& middle, const Tensor& reach) {
    Derivative& sum = (*this)[value];
    if (sum.middle.defined())
      sum = {sum.middle + middle, sum.reach + reach};
    else
      sum = {middle, reach};
  }

 private:
  const Graph& graph_;
  std::vector<Derivative> by_value_;
};

Tensor rows_of(const LinearNode& node, const Tensor& a, const Tensor& by) {
  return node.backward(a.flatten(0, 1), by).reshape({a.size(0), a.size(1), -1});
}

/// The slopes of an activation over an interval; where it is but the point 0, the one below.
Interval slopes_of(const ActivationNode& node, const Interval& z) {
  const Tensor above = at::ones_like(z.low);
  const Tensor below = at::full_like(z.low, node.slope);
  const Tensor reaches_above = z.high.gt(0);
  return {at::where(z.low.ge(0).logical_and(reaches_above), above, below),
          at::where(reaches_above, above, below)};
}

/// The product with slopes in an interval. @param slopes [B, n]
Derivative times(const Derivative& by, const Interval& slopes) {
  const Tensor middle = ((slopes.low + slopes.high) * 0.5).unsqueeze(1);
  const Tensor reach = ((slopes.high - slopes.low) * 0.5).unsqueeze(1);
  return {by.middle * middle, by.middle.abs() * reach + by.reach * (middle.abs() + reach)};
}

}  // namespace

Tensor steepest(const Graph& graph,
                const Domain& domain,
                const Intervals& intervals,
                const Tensor& rows) {
  Derivatives derivatives(graph);
  derivatives.add(graph.last(), rows.expand({domain.count(), -1, -1}),
                  at::zeros({domain.count(), rows.size(1), rows.size(2)}, at::kDouble));
  for (int value = graph.last(); value > 0; --value) {
    const Derivative at = derivatives[value];
    if (!at.middle.defined()) continue;
    const Node& node = graph.nodes()[static_cast<std::size_t>(value - 1)];
    if (const auto* linear = std::get_if<LinearNode>(&node)) {
      derivatives.add(linear->in, rows_of(*linear, at.middle, linear->weight),
                      rows_of(*linear, at.reach, linear->magnitude));
    } else if (const auto* scale = std::get_if<ScaleNode>(&node)) {
      for (std::size_t i = 0; i < scale->terms.size(); ++i)
        derivatives.add(scale->terms[i], at.middle * scale->factors[i],
                        at.reach * scale->factors[i].abs());
    } else if (const auto* activation = std::get_if<ActivationNode>(&node)) {
      const Interval& z = intervals[static_cast<std::size_t>(activation->value)];
      const Derivative next = times(at, slopes_of(*activation, z));
      derivatives.add(activation->value, next.middle, next.reach);
    } else {
      const auto& curve = std::get<CurveNode>(node);
      const Derivative next = times(at, {at::zeros({1, 1}, at::kDouble),
                                         at::full({1, 1}, curve.is_tanh ? 1 : 0.25, at::kDouble)});
      derivatives.add(curve.value, next.middle, next.reach);
    }
  }
  const Derivative& at = derivatives[0];
  if (!at.middle.defined())
    return at::zeros({domain.count(), rows.size(1), graph.inputs()}, at::kDouble);
  return at.middle.abs() + at.reach;
}

}  // namespace lockstep::ai::certify
