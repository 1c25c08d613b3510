// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace lockstep::ai {

struct TabularSchema;

enum class Norm { linf, l2, l1 };

/// What an attacker may change: at most `epsilon` in the norm, and never out of [low, high].
struct Threat {
  Norm norm = Norm::linf;
  double epsilon = 0;
  double low = 0;
  double high = 1;
  /// What the features mean when they are rows of a table. Then only a row that can be made breaks
  /// a sample, and the distance is between rows (ai/row_space.hpp).
  const TabularSchema* table = nullptr;
};

/// What a person may set about attacks; an attack reads what it has a use for.
struct AttackOptions {
  int steps = 40;
  int restarts = 1;
  bool random_start = true;
  bool keep_best = true;  ///< stop at the first iterate that the net gets wrong; else take the last
  std::uint64_t seed = 1;
  int passes = 1;  ///< over which the answers of a net that draws random numbers are averaged
};

}  // namespace lockstep::ai
