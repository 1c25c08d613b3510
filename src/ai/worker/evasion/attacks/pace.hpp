// SPDX-License-Identifier: Apache-2.0
// The pace of Auto-PGD, which chooses its own step.
//
// Source: Croce and Hein 2020, arXiv 2003.01690; for L1: Croce and Hein 2021, arXiv 2103.01208.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "ai/worker/evasion/threat.hpp"

namespace lockstep::ai {

/// The checkpoints' rhythm: the next comes after `length` steps.
struct Rhythm {
  explicit Rhythm(int steps, Norm norm)
      : length(std::max(static_cast<int>((norm == Norm::l1 ? 0.04 : 0.22) * steps), 1)),
        shrinks(norm == Norm::l1 ? 0 : std::max(static_cast<int>(0.03 * steps), 1)),
        least(norm == Norm::l1 ? length : std::max(static_cast<int>(0.06 * steps), 1)) {}

  void next() { length = std::max(length - shrinks, least); }

  int length;
  int shrinks;
  int least;
};

/// The size of the step, and of its support, and when they change.
class Pace {
 public:
  Pace(int steps, double epsilon, Norm norm, std::size_t features, std::size_t changed)
      : norm_(norm),
        epsilon_(epsilon),
        features_(static_cast<double>(features)),
        rhythm_(steps, norm),
        length_((norm == Norm::l1 ? 1 : 2) * epsilon),
        share_(changed == 0 ? sparse_first
                            : static_cast<double>(changed) / features_ / sparse_factor),
        support_(changed == 0 ? features_ : share_ * features_) {}

  /// Takes the loss of the first point.
  void begin(float loss) { best_at_check_ = loss; }

  double step_length() const { return length_; }

  double share() const { return share_; }

  /// Takes the loss of a step; says whether to go back to the best point.
  bool goes_back(float loss, float best_loss, std::size_t changed_of_best) {
    losses_.push_back(loss);
    if (++since_ < rhythm_.length) return false;
    const bool back = norm_ == Norm::l1 ? adapt_support(changed_of_best) : adapt_length(best_loss);
    since_ = 0;
    rhythm_.next();
    return back;
  }

 private:
  bool adapt_length(float best_loss) {
    int rises = 0;
    for (std::size_t i = losses_.size() - static_cast<std::size_t>(rhythm_.length);
         i < losses_.size(); ++i)
      rises += losses_[i] > (i == 0 ? 0 : losses_[i - 1]) ? 1 : 0;
    const bool is_slow = rises <= rises_least * rhythm_.length;
    const bool is_stuck = !was_halved_ && best_at_check_ >= best_loss;
    was_halved_ = is_slow || is_stuck;
    best_at_check_ = best_loss;
    if (was_halved_) length_ /= 2;
    return was_halved_;
  }

  bool adapt_support(std::size_t changed_of_best) {
    const auto changed = static_cast<double>(changed_of_best);
    const bool is_sparser = changed / support_ < 0.95;
    share_ = changed / features_ / sparse_factor;
    length_ = is_sparser ? epsilon_ : length_ / sparse_factor;
    length_ = std::clamp(length_, slowest * epsilon_, epsilon_);
    support_ = std::max(changed, 1.0);
    return is_sparser;
  }

  static constexpr double rises_least = 0.75;   ///< share of steps that rise between checkpoints
  static constexpr double sparse_first = 0.2;   ///< L1: share of elements in the first steps
  static constexpr double sparse_factor = 1.5;  ///< L1: how much sparser than the best, and slower
  static constexpr double slowest = 0.1;        ///< L1: of epsilon, the least step

  Norm norm_;
  double epsilon_;
  double features_;
  Rhythm rhythm_;
  double length_;
  double share_;
  double support_;
  std::vector<float> losses_;
  int since_ = 0;
  bool was_halved_ = true;
  float best_at_check_ = 0;
};

}  // namespace lockstep::ai
