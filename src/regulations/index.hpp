// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "regulations/ruleset.hpp"

namespace lockstep::regulations {

/// An index of a ruleset, which is never negative where it is used, for a vector.
constexpr std::size_t at(int i) {
  return static_cast<std::size_t>(i);
}

/// The set of one word or outcome.
constexpr Words bit(int i) {
  return Words{1} << static_cast<unsigned>(i);
}

}  // namespace lockstep::regulations
