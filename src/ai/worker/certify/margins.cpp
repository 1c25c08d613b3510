// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/certify/margins.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace lockstep::ai::certify {

using at::Tensor;

Domain ball_around(const Tensor& x, double epsilon, bool is_l2) {
  const Tensor center = x.to(at::kDouble).flatten(1);
  return {(center - epsilon).clamp_min(0), (center + epsilon).clamp_max(1), center,
          is_l2 ? epsilon : 0};
}

Tensor margin_rows(const Tensor& y, std::int64_t classes) {
  const Tensor all = at::eye(classes, at::kDouble);
  const Tensor differences =
      all.index_select(0, y).unsqueeze(1) - all.unsqueeze(0);  // [samples, classes, classes]
  const Tensor others = at::arange(classes, at::kLong).unsqueeze(0).ne(y.unsqueeze(1));
  return differences.index({others}).reshape({y.size(0), classes - 1, classes});
}

Tensor row_bounds(const Graph& graph,
                  const Domain& domain,
                  const Tensor& rows,
                  Method method,
                  const Ascent& ascent) {
  const at::NoGradGuard no_gradients;
  const Question question{graph.last(), rows, method == Method::ibp};
  const Intervals intervals = method == Method::ibp || method == Method::crown_ibp
                                  ? interval_bounds(graph, domain, {})
                                  : linear_bounds(graph, domain, {});
  const Tensor low = lower_bounds(graph, domain, intervals, question).low;
  if (method != Method::alpha_crown) return low;
  Slopes slopes;
  return at::maximum(low, ascend(graph, domain, intervals, question, {}, slopes, ascent).low);
}

}  // namespace lockstep::ai::certify
