// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace lockstep {

/// What a product does to an input before its net: (scale * x - mean) / deviation, channel by
/// channel (feature by feature where an input has no channels). Attacks change x, so that an
/// epsilon is in units of x whatever the net takes.
struct Preprocessing {
  double scale = 1;               ///< not 0
  std::vector<double> mean;       ///< one for all channels, or one for each; empty: 0
  std::vector<double> deviation;  ///< likewise, above 0; empty: 1
  std::string layout;             ///< of the net's images: nchw or nhwc; "" when its shape tells

  bool operator==(const Preprocessing&) const = default;

  /// Whether it changes no number.
  bool is_identity() const { return scale == 1 && mean.empty() && deviation.empty(); }
};

/// "(255 x - [123.7, 116.3, 103.5]) / [58.4, 57.1, 57.4]"; "" where no number changes.
std::string to_text(const Preprocessing& preprocessing);

}  // namespace lockstep
