// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ATen.h>
#include <cmath>

namespace lockstep::ai::certify {

/// What Adam makes of the gradients of one tensor, one after another.
/// Source: Kingma and Ba 2015, "Adam", Algorithm 1.
class Adam {
 public:
  /// @param square_share what is kept of the mean of squares in a step
  /// @param least        added to its root
  Adam(double square_share, double least) : square_share_(square_share), least_(least) {}

  /// The next step upward, for a rate of 1: each number in [-1, 1], or little more.
  at::Tensor step(const at::Tensor& gradient) {
    if (!mean_.defined()) mean_ = square_ = at::zeros_like(gradient);
    ++steps_;
    mean_ = mean_ * mean_share + gradient * (1 - mean_share);
    square_ = square_ * square_share_ + gradient * gradient * (1 - square_share_);
    const at::Tensor size = (square_ / (1 - std::pow(square_share_, steps_))).sqrt() + least_;
    return (mean_ / (1 - std::pow(mean_share, steps_))) / size;
  }

 private:
  static constexpr double mean_share = 0.9;
  double square_share_;
  double least_;
  int steps_ = 0;
  at::Tensor mean_;
  at::Tensor square_;
};

}  // namespace lockstep::ai::certify
