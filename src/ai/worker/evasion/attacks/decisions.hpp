// SPDX-License-Identifier: Apache-2.0
// What attacks share that are told the net's class and nothing else.
#pragma once

#include <vector>

#include "ai/worker/evasion/geometry.hpp"
#include "ai/worker/evasion/seat.hpp"
#include "base/random.hpp"

namespace lockstep::ai {

/// Noise in bulk: the words of Random for the same key, one for each element, made many at a time.
class Noise {
 public:
  explicit Noise(RandomKey key) : key_(key) {}

  /// Nearly normal numbers of mean 0 and variance 1: sums of the four bytes of a word.
  void fill(std::span<float> noise);

 private:
  RandomKey key_;
  std::uint32_t block_ = 0;
  std::vector<std::uint32_t> words_;
};

/// Offers a point of a wrong class, wherever it is: the seat's start, noise of several kinds, and
/// flat inputs. Asks at most `questions` rows. True when there is one.
Search<bool> find_start(Seat& seat, Random& random, std::int64_t questions);

/// The border between the sample and a point of a wrong class: `outer` drawn in by bisection of the
/// ball that it is projected into, until what is left is `share` of the distance. Offers each wrong
/// point. Returns the last wrong one.
Search<std::vector<float>> to_border(Seat& seat, std::vector<float> outer, double share);

}  // namespace lockstep::ai
