// SPDX-License-Identifier: Apache-2.0
// Nets that draw random numbers when they are run. Every number belongs to a sample and a question
// about it, never to a batch: what else is asked, and in what order, changes nothing.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"

namespace lockstep::ai {

/// The random numbers of one run of a net, in which every row of the input has its own.
class Chance {
 public:
  /// @param rows one key for each row of the input
  explicit Chance(std::vector<RandomKey> rows) : rows_(std::move(rows)) {}

  /// Numbers uniform in [0, 1), for the next node that draws. The first axis is cut into as many
  /// equal parts as there are rows; float64. Throws OperatorError where that is not possible.
  at::Tensor uniform(std::span<const std::int64_t> shape);

  /// Standard normal numbers, likewise.
  at::Tensor normal(std::span<const std::int64_t> shape);

 private:
  at::Tensor draw(std::span<const std::int64_t> shape, double (Random::*number)());

  std::vector<RandomKey> rows_;
  std::uint32_t nodes_ = 0;  ///< that drew so far
};

/// Whose random numbers a question to a net takes. Without samples every row takes the same ones,
/// so that the net is a fixed function.
struct Draws {
  std::uint64_t seed = 0;
  std::uint32_t stream = 0;            ///< who asks: `stream_of("attack")`
  std::vector<std::uint32_t> samples;  ///< of each row, in the data set; or none
  std::vector<std::uint32_t> steps;    ///< of each row: which question about the sample it is
  int passes = 1;                      ///< over which answers are averaged

  /// The numbers of a pass over a row. @pre `pass` < `passes`
  RandomKey key(std::size_t row, int pass) const;
};

}  // namespace lockstep::ai
