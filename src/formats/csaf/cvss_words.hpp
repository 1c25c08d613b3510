// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace lockstep::formats::csaf {

/// A property of a CVSS object, and the metric of the vector that says the same.
struct CvssWord {
  std::string_view property;  ///< "attackVector"
  std::string_view metric;    ///< "AV"
  std::string_view values;    ///< "NETWORK=N ADJACENT_NETWORK=A ..."
};

/// The properties of `cvss_v2`, `cvss_v3` or `cvss_v4`.
/// Source: FIRST's JSON schemas of CVSS 2.0, 3.0, 3.1 and 4.0.
std::span<const CvssWord> cvss_words(std::string_view key);

}  // namespace lockstep::formats::csaf
