// SPDX-License-Identifier: Apache-2.0
// Versions of R packages: numbers between dots and hyphens, which mean the same.
//
// The numbers are compared from the left; the version that ends first is smaller. So
// 0.9 < 0.75 < 0.75.0 and 1.0-2 = 1.0.2. A piece that is no number comes before all numbers, by its
// bytes.
//
// Source: R's numeric_version and package_version; Writing R Extensions 1.1.1, "Version".
#include <algorithm>
#include <compare>
#include <string_view>

#include "versions/dotted.hpp"
#include "versions/limits.hpp"
#include "versions/scheme.hpp"
#include "versions/text.hpp"

namespace lockstep::versions {

namespace {

bool is_separator(char c) {
  return c == '.' || c == '-';
}

std::weak_ordering compare(std::string_view a, std::string_view b) {
  return compare_sequences(a, b, is_separator);
}

bool is_valid(std::string_view version) {
  if (version.empty() || version.size() > max_version_bytes) return false;
  if (is_separator(version.back())) return false;
  while (!version.empty()) {
    if (!is_number(take_piece(version, is_separator))) return false;
  }
  return true;
}

}  // namespace

constinit const Scheme cran = {"cran", "R's package_version", compare, is_valid};

}  // namespace lockstep::versions
