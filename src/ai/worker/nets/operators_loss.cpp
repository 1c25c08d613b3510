// SPDX-License-Identifier: Apache-2.0
// Losses that a graph may contain: classes on axis 1, labels without it.
//
// Source: ONNX operator specifications, named by each row.
#include <ATen/ATen.h>
#include <array>

#include "ai/worker/nets/operators.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;

/// Negative log likelihood of the labels, weighted by class; ignored labels weigh nothing.
Tensor likelihood_loss(const Call& call, const Tensor& log_probability) {
  const Tensor labels = call.in(1).to(at::kLong);
  Tensor is_counted = at::ones_like(labels, at::kBool);
  if (call.find("ignore_index") != nullptr) is_counted = labels.ne(call.integer("ignore_index", 0));
  const Tensor places = at::where(is_counted, labels, at::zeros_like(labels));
  require(places.numel() == 0 || (places.min().item<std::int64_t>() >= 0 &&
                                  places.max().item<std::int64_t>() < log_probability.size(1)),
          "expected labels that are classes");
  Tensor weight = is_counted.to(log_probability.scalar_type());
  require(!call.has(2) || (call.in(2).dim() == 1 && call.in(2).size(0) == log_probability.size(1)),
          "expected a weight for each class");
  if (call.has(2))
    weight = weight * call.in(2).index_select(0, places.reshape(-1)).reshape(places.sizes());
  const Tensor picked = log_probability.gather(1, places.unsqueeze(1)).squeeze(1);
  // Where a weight is 0, an infinite loss must not turn the sum into NaN.
  const Tensor loss = at::where(weight == 0, at::zeros_like(picked), -picked * weight);
  const std::string reduction = call.text("reduction", "mean");
  if (reduction == "none") return loss;
  if (reduction == "sum") return loss.sum();
  require(reduction == "mean", "expected the reduction none, sum or mean");
  return loss.sum() / weight.sum();
}

Values negative_log_likelihood(const Call& call) {
  return {likelihood_loss(call, call.in(0))};
}

Values softmax_cross_entropy(const Call& call) {
  const Tensor log_probability = at::log_softmax(call.in(0), 1);
  return {likelihood_loss(call, log_probability), log_probability};
}

constexpr std::array rows{
    OperatorRow{"NegativeLogLikelihoodLoss", 12, 22, negative_log_likelihood},
    OperatorRow{"SoftmaxCrossEntropyLoss", 12, 13, softmax_cross_entropy},
};

}  // namespace

std::span<const OperatorRow> loss_operators() {
  return rows;
}

}  // namespace lockstep::ai
