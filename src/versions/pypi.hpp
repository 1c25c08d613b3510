// SPDX-License-Identifier: Apache-2.0
// The parts of a version of a Python package; pypi.cpp says how they are ordered.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace lockstep::versions {

/// Where a missing or present part stands among its like; the number decides between two `given`.
enum class Pep440Place : std::uint8_t { smallest, alpha, beta, candidate, given, largest };

struct Pep440Part {
  Pep440Place place;
  std::string_view number;  ///< digits; "" is zero
};

struct Pep440 {
  std::string_view epoch;
  std::string_view release;  ///< "1.2.0"
  Pep440Part pre = {Pep440Place::largest, {}};
  Pep440Part post = {Pep440Place::smallest, {}};
  Pep440Part dev = {Pep440Place::largest, {}};
  std::string_view local;  ///< "" when there is none
};

/// The parts of a version in any spelling; nothing for a text that is none.
std::optional<Pep440> parse_pep440(std::string_view text);

std::strong_ordering compare_pep440(const Pep440& a, const Pep440& b);

}  // namespace lockstep::versions
