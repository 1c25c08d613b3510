// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/statistics.hpp"
#include "domain/measurement.hpp"

namespace lockstep {

/// A count of right answers with its exact interval. @param correct 0 <= correct <= total
inline Accuracy accuracy_of(std::int64_t correct, std::int64_t total) {
  return {correct, total, clopper_pearson(correct, total)};
}

/// The right answers as a share of all, in [0, 1]; 0 of none.
inline double share_of(const Accuracy& accuracy) {
  return accuracy.total == 0
             ? 0
             : static_cast<double>(accuracy.correct) / static_cast<double>(accuracy.total);
}

}  // namespace lockstep
