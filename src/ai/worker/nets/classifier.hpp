// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <string>
#include <vector>

#include "ai/worker/nets/net.hpp"
#include "base/result.hpp"

namespace lockstep::ai {

/// A net with one input [samples, ...] and class scores [samples, classes] as its first output.
class Classifier {
 public:
  /// A loss that is summed over the batch, so that a sample's gradient does not depend on the
  /// others.
  struct Gradient {
    at::Tensor logits;  ///< [samples, classes]
    at::Tensor input;   ///< gradient of the cross entropy to the labels; the shape of the input
  };

  /// @param file the model's path, for messages
  /// Errors: ai.shape when the net is no classifier of one input.
  static Result<Classifier> build(Net net, const std::string& file);

  /// Class scores, without gradients. @param x [samples, ...] of the input's type
  Result<at::Tensor> logits(const at::Tensor& x) const;

  /// Class scores, and the gradient of the summed cross entropy. @param y [samples] int64
  Result<Gradient> gradient(const at::Tensor& x, const at::Tensor& y) const;

  /// Sizes behind the batch axis; -1 where they are free.
  const std::vector<std::int64_t>& sample_shape() const { return sample_shape_; }

  /// The batch size that the model insists on; 0 when any will do.
  std::int64_t fixed_batch() const { return fixed_batch_; }

  /// Whether the scores are the input of a final Softmax, which was left out.
  bool is_softmax_dropped() const { return is_softmax_dropped_; }

  bool wants_float64() const { return is_float64_; }

  /// The model's path, for messages.
  const std::string& file() const { return file_; }

 private:
  explicit Classifier(Net net) : net_(std::move(net)) {}

  Result<at::Tensor> scores(const at::Tensor& x) const;

  Net net_;
  std::vector<std::int64_t> sample_shape_;
  std::int64_t fixed_batch_ = 0;
  bool is_softmax_dropped_ = false;
  bool is_float64_ = false;
  std::string file_;
};

}  // namespace lockstep::ai
