// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/progress.hpp"

namespace lockstep::ai::certify {

/// When to stop, by the clock or by a person.
class Deadline {
 public:
  Deadline(double seconds, const Progress& progress)
      : end_(std::chrono::steady_clock::now() +
             std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                 std::chrono::duration<double>(seconds))),
        progress_(progress) {}

  bool is_over() const {
    return std::chrono::steady_clock::now() >= end_ || progress_.is_cancelled();
  }

 private:
  std::chrono::steady_clock::time_point end_;
  const Progress& progress_;
};

}  // namespace lockstep::ai::certify
