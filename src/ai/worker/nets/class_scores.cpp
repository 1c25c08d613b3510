// SPDX-License-Identifier: Apache-2.0
#include "ai/worker/nets/class_scores.hpp"

#include <ATen/ATen.h>
#include <array>
#include <string_view>
#include <utility>

#include "ai/worker/nets/texts.hpp"

namespace lockstep::ai {
namespace {

using at::Tensor;

constexpr std::array<std::pair<std::string_view, PostTransform>, 5> transforms = {{
    {"NONE", PostTransform::none},
    {"SOFTMAX", PostTransform::softmax},
    {"LOGISTIC", PostTransform::logistic},
    {"SOFTMAX_ZERO", PostTransform::softmax_zero},
    {"PROBIT", PostTransform::probit},
}};

/// The labels of the classes, in the order of their scores.
Value labels_of(const Call& call) {
  for (const char* name : {"classlabels_int64s", "classlabels_ints"})
    if (const auto numbers = call.integers(name); numbers && !numbers->empty())
      return {at::tensor(*numbers, at::kLong)};
  if (const auto texts = call.texts("classlabels_strings"); texts && !texts->empty())
    return value_of({ElementType::string, {std::ssize(*texts)}, {}, *texts});
  throw OperatorError("expected labels of the classes, found none");
}

/// Both scores of two classes, of which only the second has a sum.
Tensor of_two(const Tensor& sum, bool is_probability, PostTransform transform) {
  if (is_probability) return at::cat({1 - sum, sum}, 1);
  if (transform == PostTransform::logistic) return at::sigmoid(at::cat({-sum, sum}, 1));
  if (transform == PostTransform::none) return at::cat({-sum, sum}, 1);
  throw Unsupported("one score for two classes with this post_transform");
}

}  // namespace

PostTransform post_transform_of(const Call& call) {
  const std::string name = call.text("post_transform", "NONE");
  for (const auto& [word, transform] : transforms)
    if (word == name) return transform;
  throw OperatorError("expected a post_transform that ONNX-ML knows, found '" + name + "'");
}

Tensor transformed(const Tensor& scores, PostTransform transform) {
  switch (transform) {
    case PostTransform::softmax:
      return at::softmax(scores, 1);
    case PostTransform::logistic:
      return at::sigmoid(scores);
    case PostTransform::softmax_zero: {
      // Scores of 0 stay 0; the others are a softmax among themselves.
      const Tensor is_there = scores.ne(0);
      const Tensor powers = at::exp(scores - scores.amax({1}, true)) * is_there;
      return powers / at::clamp_min(powers.sum({1}, true), 1e-30);
    }
    case PostTransform::probit:
      return std::sqrt(2.0) * at::erfinv(2 * scores - 1);
    case PostTransform::none:
      break;
  }
  return scores;
}

Values labelled(const Call& call, const Tensor& sums, bool is_probability) {
  const Value labels = labels_of(call);
  const PostTransform transform = post_transform_of(call);
  const bool is_single = sums.size(1) == 1 && labels.tensor.size(0) == 2;
  require(is_single || sums.size(1) == labels.tensor.size(0),
          "expected one label for each class that has scores");
  const Tensor best =
      is_single ? sums.select(1, 0).gt(is_probability ? 0.5 : 0.0).to(at::kLong) : sums.argmax(1);
  const Tensor scores =
      is_single ? of_two(sums, is_probability, transform) : transformed(sums, transform);
  return {Value(labels.tensor.index_select(0, best), labels.type), scores};
}

}  // namespace lockstep::ai
