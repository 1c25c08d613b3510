// SPDX-License-Identifier: Apache-2.0
// Intervals of versions as Maven and NuGet write them: "[1.0, 2.0)", "(,3.0]", "[1.0]".
#pragma once

#include <optional>
#include <string_view>

#include "versions/native/native.hpp"
#include "versions/scheme.hpp"

namespace lockstep::versions {

struct Interval {
  std::string_view from;  ///< "" for none
  std::string_view to;    ///< "" for none
  bool is_from_included = false;
  bool is_to_included = false;
};

/// Takes an interval off the front; nothing when none stands there.
std::optional<Interval> take_interval(std::string_view& rest);

/// Whether no version can be in it.
bool is_impossible(const Interval& interval, const Scheme& scheme);

/// The terms that say the same.
NativeTerms terms_of(const Interval& interval);

}  // namespace lockstep::versions
